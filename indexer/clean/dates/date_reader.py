"""Parsing of dates in the forms of news: a `DateReader` parses a text that is only a date.

A date without a time is a day. A time with an unknown zone is ignored, and an ambiguous date
(03/04/2025, 22.10.23) is rejected unless its language decides: a wrong date is worse than none.
With dots (29.03.2025) the day comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from corpus.article import Moment
from indexer.clean.dates.calendars import (
    convert_buddhist_year,
    convert_hijri_date,
    convert_persian_date,
    replace_eras,
)
from indexer.clean.dates.clock_times import TIME, combine_time
from indexer.clean.dates.date_labels import has_label, is_date_label, is_update_label
from indexer.clean.dates.date_patterns import DATE, SHORT_DATE, has_date_digits
from indexer.clean.dates.date_words import GREGORIAN, HIJRI, PERSIAN, replace_words
from indexer.clean.dates.folding import fold_text
from indexer.clean.languages import YEAR_FIRST_LANGUAGES, writes_day_first

_EARLIEST_MOMENT = datetime(1600, 1, 1, tzinfo=UTC)
_MAX_DATE_CHARS = 200  # characters of a date with its label
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Zero in the clocks of Unix, Windows, Excel, OLE and the Macintosh: no date, but a missing one.
_ZERO_DAYS = frozenset(
    (date(1601, 1, 1), date(1899, 12, 30), date(1900, 1, 1), date(1904, 1, 1), _EPOCH.date())
)
_SOLAR_YEARS = range(1250, 1500)
_LUNAR_YEARS = range(1365, 1500)
_PERSIAN_LETTER = re.compile("[\u06f0-\u06f9پچژگ]")
_THAI_LETTER = re.compile("[\u0e01-\u0e5b]")
_THAI_CENTURY = 2500
_PARENTHESIS = re.compile(r"\([^()]*\)|（[^（）]*）")
_TIME_SEPARATOR = re.compile(r"(?<=\d)T(?=\d)")
_TIME_MARK = "\ue040"


@dataclass(frozen=True, slots=True)
class DateReader:
    """A parser of the dates of one source or page.

    Times without a zone are in `zone`. Dates before 1600 and later than a day after `now` are
    rejected. `language` decides between names of months and calendars, and `day_first` is the
    order of 03/04/2025; "" and None if they are not known.
    """

    zone: tzinfo
    now: datetime
    language: str = ""
    day_first: bool | None = None

    def set_language(self, language: str, host: str) -> DateReader:
        """Return a reader for a language on a site, each "" if it is not known."""
        language = language or self.language
        day_first = writes_day_first(language, host)
        return replace(self, language=language, day_first=day_first)

    def parse(self, text: str) -> Moment | None:
        """Parse a text that is a date; None if it is not, or the date is not plausible.

        Of several dates the first counts that is not that of an update.
        """
        text = text.strip()
        if not has_date_digits(text):
            return None
        moment = self._parse_iso(text)
        if moment is None and len(text) <= _MAX_DATE_CHARS:
            if text.isascii() and text.isdigit():
                moment = self._parse_digits(text)
            else:
                moment = self._parse_words(text)
        return self._reject_implausible(moment)

    def find(self, text: str, *, original: bool = False) -> Moment | None:
        """Find the first date in a short text with other words.

        It is a day then, as a time may be that of something else. With `original`, a date that
        only an update has is none.
        """
        if len(text) > _MAX_DATE_CHARS or not has_date_digits(text):
            return None
        if not original and (moment := self.parse(text)):
            return moment
        return self._reject_implausible(
            self._parse_words(text.strip(), original=original)
            or self._parse_words(text.strip(), original=original, among_words=True)
        )

    def _reject_implausible(self, moment: Moment | None) -> Moment | None:
        if moment is None or not _EARLIEST_MOMENT <= moment.at <= self.now + timedelta(days=1):
            return None
        is_zero = moment.at.time() == time() and moment.at.date() in _ZERO_DAYS
        if moment.at == _EPOCH or (is_zero and not moment.day_only):
            return None
        return moment

    def _parse_iso(self, text: str) -> Moment | None:
        # `fromisoformat` accepts any character after the day as the separator of a time.
        spaced = text[4:5] == "-" and text[10:11] in {"", "T", "t", " "}
        if not spaced and text[8:9] != "T":
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return None
        if at.year in _SOLAR_YEARS:
            return None
        if len(text) <= 10:
            return Moment(at.replace(tzinfo=self.zone), day_only=True)
        return Moment(at.replace(microsecond=0, tzinfo=at.tzinfo or self.zone))

    def _parse_digits(self, text: str) -> Moment | None:
        """Parse 20250329, 20250329101500, or seconds or milliseconds since 1970."""
        try:
            match len(text):
                case 8:
                    at = datetime.strptime(text, "%Y%m%d").replace(tzinfo=self.zone)
                    return Moment(at, day_only=True)
                case 14:
                    at = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=self.zone)
                    return Moment(at)
                case 9 | 10:
                    return Moment(datetime.fromtimestamp(int(text), UTC))
                case 13:
                    return Moment(datetime.fromtimestamp(int(text) // 1000, UTC))
        except ValueError:
            pass
        return None

    def _parse_words(
        self, written: str, *, among_words: bool = False, original: bool = False
    ) -> Moment | None:
        text = replace_words(replace_eras(fold_text(written), self.language), self.language)
        text = _TIME_SEPARATOR.sub(" ", _PARENTHESIS.sub(" ", text))
        timeless = TIME.sub(_TIME_MARK, text)
        dates = sorted(
            (*DATE.finditer(timeless), *SHORT_DATE.finditer(timeless)), key=re.Match.start
        )
        if not dates:
            return None
        rest = SHORT_DATE.sub(" ", DATE.sub(" ", timeless))
        if not among_words and not is_date_label(rest):
            return None
        index = _choose_date(timeless, dates, original=original)
        if index is None or (day := self._read_day(dates[index], written)) is None:
            return None
        if not among_words and dates[index].re is not SHORT_DATE:
            clock = _choose_time(list(TIME.finditer(text)), timeless, dates, index)
            if clock and (at := combine_time(day, clock, self.zone)):
                return Moment(at)
        return Moment(datetime.combine(day, time(), self.zone), day_only=True)

    def _read_day(self, match: re.Match[str], written: str) -> date | None:
        """Return the Gregorian day of a match; None if there is none or it is ambiguous."""
        orders = self._list_days(match, written)
        days = {day for numbers in orders if (day := self._convert_day(*numbers, written))}
        return days.pop() if len(days) == 1 else None

    def _list_days(self, match: re.Match[str], written: str) -> Iterator[tuple[int, int, int]]:
        """Yield the years, months with their calendars, and days that a match can mean."""
        groups = match.groupdict()
        if match.re is SHORT_DATE:
            numbers = int(groups["a"]), int(groups["b"]), int(groups["c"])
            yield from self._order_short_numbers(numbers, groups["sign"] or "")
        elif groups["one"]:
            year = int(groups["last"] or 0)
            for day, month in self._order_day_and_month(
                int(groups["one"]), int(groups["two"]), groups["mark"]
            ):
                yield year, month, day
        else:
            name = _get_group(groups, "month")
            month = int(name) if name.isdigit() else ord(name)
            if (stated_year := self._read_year(groups, written)) is not None:
                yield stated_year, month, int(_get_group(groups, "day"))

    def _convert_day(self, year: int, month: int, day: int, written: str) -> date | None:
        """Return the Gregorian day of a year, a month with its calendar, and a day."""
        calendar, number = (month & ~0xF, month & 0xF) if month >= GREGORIAN else (0, month)
        if not calendar:
            calendar = self._find_calendar(year, written)
        try:
            if calendar == PERSIAN and year in _SOLAR_YEARS:
                return convert_persian_date(year, number, day)
            if calendar == HIJRI and year in _LUNAR_YEARS:
                return convert_hijri_date(year, number, day)
            if calendar == GREGORIAN:
                is_thai = self.language.startswith("th") or _THAI_LETTER.search(written)
                return date(convert_buddhist_year(year) if is_thai else year, number, day)
        except ValueError:
            pass
        return None

    def _find_calendar(self, year: int, written: str) -> int:
        """Return the calendar of a date in numbers."""
        if year in _SOLAR_YEARS:
            if self.language[:2] in {"fa", "ps"} or _PERSIAN_LETTER.search(written):
                return PERSIAN
            if self.language[:2] == "ar":
                return HIJRI
        return GREGORIAN

    def _read_year(self, groups: dict[str, str | None], written: str) -> int | None:
        if digits := _get_group(groups, "year"):
            return int(digits)
        short = int(groups["short"] or 0)
        is_marked = bool(groups["apostrophe"]) or groups["clock"] is not None
        if self.language.startswith("th") or _THAI_LETTER.search(written):
            return _THAI_CENTURY + short
        return _complete_year(short) if is_marked or "-" in (groups["joint"] or "") else None

    def _order_day_and_month(self, one: int, two: int, mark: str) -> list[tuple[int, int]]:
        """Return the days and months that two numbers before a year can mean."""
        if one > 12 or two > 12:
            return [(two, one) if two > 12 and mark != "." else (one, two)]
        if mark == "." or one == two or self.day_first:
            return [(one, two)]
        return [] if self.day_first is None else [(two, one)]

    def _order_short_numbers(
        self, numbers: tuple[int, int, int], mark: str
    ) -> list[tuple[int, int, int]]:
        """Return the years, months and days that 22.10.23 can mean; several if it is unclear."""
        one, two, three = numbers
        day_first = (_complete_year(three), two, one)
        month_first = (_complete_year(three), one, two)
        year_first = (_complete_year(one), two, three)
        if self.language.partition("-")[0] in YEAR_FIRST_LANGUAGES:
            return [year_first]
        if self.day_first or (self.day_first is False and mark == "."):
            return [day_first]
        if self.day_first is False:
            return [month_first]
        # With dashes, it may be a number of something else.
        return [] if mark == "-" else [day_first, month_first, year_first]


def _choose_date(text: str, dates: Sequence[re.Match[str]], *, original: bool) -> int | None:
    """Return the index of the first date that is not that of an update, else of the first.

    A label stands before its date, or after each where nothing is before the first. Dates of
    our calendar count before those of others. With `original`, None if all are of updates.
    """
    ends = [0, *(match.end() for match in dates)]
    starts = [*(match.start() for match in dates), len(text)]
    labels = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    follow = not has_label(labels[0]) and has_label(labels[-1])
    own_labels = labels[1:] if follow else labels[:-1]
    first = [index for index, label in enumerate(own_labels) if not is_update_label(label)]
    if not first:
        return None if original else 0
    return min(first, key=lambda index: _get_calendar(dates[index]) != GREGORIAN)


def _choose_time(
    times: Sequence[re.Match[str]], timeless: str, dates: Sequence[re.Match[str]], index: int
) -> re.Match[str] | None:
    """Return the time of a date: of as many times the same, else the only one right after it."""
    if len(times) == len(dates):
        return times[index]
    start = dates[index].end()
    end = dates[index + 1].start() if index + 1 < len(dates) else len(timeless)
    if len(dates) == 1 or timeless.count(_TIME_MARK, start, end) != 1:
        return None
    return times[timeless.count(_TIME_MARK, 0, start)]


def _get_calendar(match: re.Match[str]) -> int:
    name = _get_group(match.groupdict(), "month")
    return ord(name) & ~0xF if name and not name.isdigit() else GREGORIAN


def _complete_year(short: int) -> int:
    """Return the year of two digits by the rule of POSIX: 69 is 1969, 68 is 2068."""
    return short + (1900 if short >= 69 else 2000)


def _get_group(groups: dict[str, str | None], name: str) -> str:
    """Return the first group that matched of those whose names begin with `name`."""
    return next((text for key, text in groups.items() if text and key.startswith(name)), "")
