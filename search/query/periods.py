"""Periods: text about time, parsed to the half-open range of instants that it covers.

    period  = point | range | "*"
    range   = [point|"*"] ".." [point|"*"]
            | (">=" | ">" | "<=" | "<") point
            | ("[" | "{") (point|"*") "TO" (point|"*") ("]" | "}")
    point   = 2025 | 2025-03 | 2025-03-29 | 20250329 | 2025-03-29T10:15[:30][Z|+09:00]
            | march 2025 | 29 march 2025 | march 29, 2025
            | now | today | yesterday | tomorrow
            | (last | past | this | next) (day | week | month | quarter | year)
            | (last | past) 7 days | 7d | 24h | 2w | 3m | 1y | 3 days ago
            | [last | past | this | next] (monday | ... | january | ...)

A point covers its written precision: 2025-03 is the whole month, 10:15 the whole minute.
Brackets and `..` include both points whole, braces exclude theirs. Weeks begin on Monday.
`last 7 days` runs from the day seven days ago to the end of today, `24h` to this moment, and
further where a day without a time, which is today, would be left out (`Moment.instant`). A weekday
is the latest before today, a month the latest that has begun. Case is ignored; words may be joined
by `_` or `-`. Days begin at midnight in the reader's zone and may have 23 or 25 hours; instants are
returned in UTC, so that they compare and subtract correctly.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from corpus.article import Moment
from search.query.query_errors import QueryPartError

_EXPECTED = "a date such as 2025-03-29, 2025-03..2025-04, 'last month' or 7d"
_FIRST_YEAR = 1000
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_RELATIVE_STEPS = {
    "last": -1, "past": -1, "this": 0, "next": 1, "yesterday": -1, "today": 0, "tomorrow": 1,
}  # fmt: skip
_UNIT_ABBREVIATIONS = {"h": "hour", "d": "day", "w": "week", "m": "month", "y": "year"}
_DAYS_PER_UNIT = {"day": 1, "week": 7}
_MONTHS_PER_UNIT = {"month": 1, "quarter": 3, "year": 12}
_SECOND, _MINUTE, _HOUR, _DAY = (timedelta(seconds=length) for length in (1, 60, 3600, 86400))
_UNIT_DURATIONS = {"hour": _HOUR, "minute": _MINUTE}


@dataclass(frozen=True, slots=True)
class Period:
    """Instants with start <= instant < end, both aware; None leaves a side open."""

    start: datetime | None
    end: datetime | None


_OPEN_PERIOD = Period(None, None)


class PeriodError(QueryPartError):
    """Text that is no period: the problem, its offset, and what is expected instead."""

    def __init__(self, problem: str, *, offset: int, expected: str = _EXPECTED) -> None:
        super().__init__(f"{problem}; expected {expected}")
        self.problem = problem
        self.offset = offset
        self.expected = expected


@dataclass(frozen=True, slots=True)
class _Clock:
    now: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def find_midnight(self, day: date) -> datetime:
        """Return the beginning of a day; where clocks skip midnight, the first instant after it."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def cover_days(self, first: date, last: date) -> Period:
        """Return the period of whole days. The calendar's last day leaves the end open."""
        end = None if last == date.max else self.find_midnight(last + _DAY)
        return Period(self.find_midnight(first), end)


def parse_period(text: str, *, now: datetime, zone: tzinfo) -> Period:
    """Parse a period. `now` is aware. Raises PeriodError, and nothing else, for any text."""
    try:
        period = _check_calendar_years(
            _parse_expression(text, _Clock(now.astimezone(UTC), zone)), zone
        )
    except OverflowError as err:
        expected = f"years from {_FIRST_YEAR} to 9999"
        raise PeriodError(f"{text!r} leaves the calendar", offset=0, expected=expected) from err
    if period.start and period.end and period.start >= period.end:
        raise PeriodError("the period is empty", offset=0, expected="a later end")
    return period


def _check_calendar_years(period: Period, zone: tzinfo) -> Period:
    """Return the period. Raises OverflowError if it begins or ends before the first year."""
    for side in (period.start, period.end):
        if side and side.astimezone(zone).year < _FIRST_YEAR:
            raise OverflowError(side)
    return period


def _parse_expression(text: str, clock: _Clock) -> Period:
    if match := _BRACKETED_RANGE.fullmatch(text) or _DOTTED_RANGE.fullmatch(text):
        return _parse_range(match, clock)
    if match := _COMPARISON.fullmatch(text):
        point = _parse_side(match, "point", clock)
        if match["sign"][0] == ">":
            return Period(point.start if "=" in match["sign"] else _get_end(point), None)
        return Period(None, point.end if "=" in match["sign"] else point.start)
    return _OPEN_PERIOD if text.strip() == "*" else _parse_point(text, (0, len(text)), clock)


def _parse_range(match: re.Match[str], clock: _Clock) -> Period:
    low, high = _parse_side(match, "low", clock), _parse_side(match, "high", clock)
    if low.start and high.start and high.start < low.start:
        problem = "the range ends before it begins; swap them"
        offset = match.end("high") - len(match["high"].lstrip())
        raise PeriodError(problem, offset=offset, expected="the earlier first")
    return Period(
        low.start if match["open"] != "{" or low == _OPEN_PERIOD else _get_end(low),
        high.end if match["close"] != "}" else high.start,
    )


def _get_end(point: Period) -> datetime:
    if point.end is None:
        raise OverflowError(point)
    return point.end


def _parse_side(match: re.Match[str], part: str, clock: _Clock) -> Period:
    """Parse one side of a range: a point, or open for `*` or no text."""
    if match[part].strip() in {"", "*"}:
        return _OPEN_PERIOD
    return _parse_point(match.string, match.span(part), clock)


def _parse_point(text: str, span: tuple[int, int], clock: _Clock) -> Period:
    for form, parse in _FORMS:
        if match := form.fullmatch(text, *span):
            return parse(match, clock)
    written = text[span[0] : span[1]]
    offset = span[1] - len(written.lstrip())
    raise PeriodError(f"{written.strip()!r} is no date", offset=offset)


def _parse_number(match: re.Match[str], part: str, low: int, high: int) -> int:
    """Return a part of a date. Raises PeriodError at its offset."""
    value = int(match[part])
    if not low <= value <= high:
        problem = f"there is no {part} {match[part]}"
        if part == "day":
            problem += f": {_MONTHS[_parse_month(match) - 1]} {match['year']} has {high} days"
        expected = f"a {part} from {low} to {high}"
        raise PeriodError(problem, offset=match.start(part), expected=expected)
    return value


def _parse_month(match: re.Match[str]) -> int:
    written = match["month"]
    return (
        _parse_number(match, "month", 1, 12)
        if written.isdigit()
        else _find_name_index(written, _MONTHS) + 1
    )


def _parse_date(match: re.Match[str]) -> date:
    """Return a date; a missing month or day is the first."""
    year = _parse_number(match, "year", _FIRST_YEAR, date.max.year)
    first = date(year, _parse_month(match) if match["month"] else 1, 1)
    if not match["day"]:
        return first
    return first.replace(day=_parse_number(match, "day", 1, _find_month_end(first).day))


def _parse_calendar_date(match: re.Match[str], clock: _Clock) -> Period:
    """Parse a year, a month or a day, in figures or words."""
    first = _parse_date(match)
    if match["day"]:
        return clock.cover_days(first, first)
    return clock.cover_days(
        first, _find_month_end(first if match["month"] else first.replace(month=12))
    )


def _parse_instant(match: re.Match[str], clock: _Clock) -> Period:
    """Parse a minute or a second, in local time unless there is an offset."""
    day = _parse_date(match)
    try:
        start = datetime.fromisoformat(f"{day}T{match['time'].upper()}")
    except ValueError as err:
        problem, expected = f"there is no time {match['time']}", "a time such as 10:15"
        raise PeriodError(problem, offset=match.start("time"), expected=expected) from err
    start = (start if start.tzinfo else start.replace(tzinfo=clock.zone)).astimezone(UTC)
    return Period(start, start + (_SECOND if match["second"] else _MINUTE))


def _parse_calendar_unit(match: re.Match[str], clock: _Clock) -> Period:
    """Parse `last month`, `this week`, `next quarter`, `yesterday`."""
    steps, unit, today = (
        _RELATIVE_STEPS[match["which"].lower()],
        match["unit"].lower() or "day",
        clock.today,
    )
    if unit in _DAYS_PER_UNIT:
        first = today - _DAY * (today.weekday() if unit == "week" else 0)
        first += _DAY * steps * _DAYS_PER_UNIT[unit]
        return clock.cover_days(first, first + _DAY * (_DAYS_PER_UNIT[unit] - 1))
    months = _MONTHS_PER_UNIT[unit]
    begun = today.replace(month=today.month - (today.month - 1) % months, day=1)
    first = _add_months(begun, steps * months)
    return clock.cover_days(first, _find_month_end(_add_months(first, months - 1)))


def _parse_duration(match: re.Match[str], clock: _Clock) -> Period:
    """Parse `last 7 days`, `24h`, `3 days ago`. Days are whole; hours and minutes begin exactly."""
    number = int(match["number"])
    ago = "ago" in match.groupdict()
    unit = match["unit"].lower()
    unit = _UNIT_ABBREVIATIONS.get(unit, unit.removesuffix("s"))
    if unit in _UNIT_DURATIONS:
        start = clock.now - _UNIT_DURATIONS[unit] * number
        return Period(
            start, start + _UNIT_DURATIONS[unit] if ago else _find_end_of_hours(start, clock)
        )
    if unit in _DAYS_PER_UNIT:
        day = clock.today - _DAY * number * _DAYS_PER_UNIT[unit]
    else:
        day = _add_months(clock.today, -number * _MONTHS_PER_UNIT[unit])
    return clock.cover_days(day, day if ago else clock.today)


def _find_end_of_hours(start: datetime, clock: _Clock) -> datetime | None:
    """Return now, or the end of today if a day without a time would be left out that is covered."""
    today = Moment(clock.now.astimezone(clock.zone), day_only=True)
    if start <= clock.find_midnight(clock.today) and clock.now <= today.instant:
        return clock.cover_days(clock.today, clock.today).end
    return clock.now


def _parse_weekday(match: re.Match[str], clock: _Clock) -> Period:
    away = _find_name_index(match["weekday"], _WEEKDAYS) - clock.today.weekday()
    day = clock.today + _DAY * _calculate_offset(away, 7, match["which"] or "last")
    return clock.cover_days(day, day)


def _parse_month_name(match: re.Match[str], clock: _Clock) -> Period:
    away = _parse_month(match) - clock.today.month
    if match["which"] or away:
        away = _calculate_offset(away, 12, match["which"] or "last")
    first = _add_months(clock.today.replace(day=1), away)
    return clock.cover_days(first, _find_month_end(first))


def _calculate_offset(offset: int, cycle: int, which: str) -> int:
    """Return the offset from this weekday or month: backwards, forwards, or within the cycle."""
    if which.lower() == "this":
        return offset
    return offset % cycle or cycle if which.lower() == "next" else -(-offset % cycle or cycle)


def _add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not _FIRST_YEAR <= year <= date.max.year:
        raise OverflowError(year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _find_month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _find_name_index(word: str, names: tuple[str, ...]) -> int:
    return next(place for place, name in enumerate(names) if name.startswith(word.title()))


def _build_name_pattern(names: tuple[str, ...]) -> str:
    """Return a pattern for full names and their abbreviations of three letters or more."""
    return "|".join(name[:length] for name in names for length in range(len(name), 2, -1))


def _compile_form(pattern: str) -> re.Pattern[str]:
    """Compile a form of a point; a space in it matches any separator of words."""
    joined = pattern.replace(" ", r"[\s_-]+")
    return re.compile(rf"\s*(?:{joined})\s*", re.ASCII | re.IGNORECASE)


_BRACKETED_RANGE = re.compile(
    r"\s*(?P<open>[\[{])(?P<low>[^][{}]*?)\bTO\b(?P<high>[^][{}]*)(?P<close>[]}])\s*", re.IGNORECASE
)
_DOTTED_RANGE = re.compile(r"(?P<open>)(?P<low>.*?)\.\.(?P<high>.*)(?P<close>)", re.DOTALL)
_COMPARISON = re.compile(r"\s*(?P<sign>[<>]=?+)\s*(?P<point>[^\s*].*)", re.DOTALL)
_YMD = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = r"(?P<time>\d\d:\d\d(?P<second>:\d\d)?(?:Z|[+-]\d\d:\d\d)?)"
_MONTH = f"(?P<month>{_build_name_pattern(_MONTHS)})"
_RELATIVE = r"(?P<which>last|past|this|next)"
_UNIT = r"(?P<unit>minutes?|hours?|days?|weeks?|months?|quarters?|years?)"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Clock], Period]], ...] = (
    (
        _compile_form(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?"),
        _parse_calendar_date,
    ),
    (_compile_form(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"), _parse_calendar_date),
    (_compile_form(r"(?:(?P<day>\d\d?) )?" + _MONTH + r" (?P<year>\d{4})"), _parse_calendar_date),
    (_compile_form(_MONTH + r" (?P<day>\d\d?)(?:,\s*| )(?P<year>\d{4})"), _parse_calendar_date),
    (_compile_form(_YMD + r"[T\s]" + _TIME), _parse_instant),
    (_compile_form("now"), lambda _, clock: Period(clock.now, clock.now + _SECOND)),
    (_compile_form("(?P<which>yesterday|today|tomorrow)(?P<unit>)"), _parse_calendar_unit),
    (_compile_form(_RELATIVE + " (?P<unit>day|week|month|quarter|year)"), _parse_calendar_unit),
    (_compile_form(r"(?:last|past) (?P<number>\d{1,9}) " + _UNIT), _parse_duration),
    (_compile_form(r"(?P<number>\d{1,9})(?P<unit>[hdwmy])"), _parse_duration),
    (_compile_form(r"(?P<number>\d{1,9}) " + _UNIT + " (?P<ago>ago)"), _parse_duration),
    (
        _compile_form(rf"(?:{_RELATIVE} )?(?P<weekday>{_build_name_pattern(_WEEKDAYS)})"),
        _parse_weekday,
    ),
    (_compile_form(rf"(?:{_RELATIVE} )?{_MONTH}"), _parse_month_name),
)


def describe_period(period: Period, zone: tzinfo) -> str:
    """Return a period in words for people, both days included: `1 to 31 March 2025`."""
    clock = _Clock(datetime.min, zone)
    sides = [side and side.astimezone(zone) for side in (period.start, period.end)]
    days = all(
        not side or side.astimezone(UTC) == clock.find_midnight(side.date()) for side in sides
    )
    first, last = (
        _list_moment_words(sides[0], days),
        _list_moment_words(sides[1] and sides[1] - days * _DAY, days),
    )
    if not first or not last:
        return " ".join(["from", *first] if first else ["until", *last] if last else ["any time"])
    if first == last:
        return " ".join(last)
    if days:
        shared = 2 if first[1:] == last[1:] else first[2] == last[2]
        return " ".join([*first[: 3 - shared], "to", *last])
    return " ".join([*first, "to", *last[3 * (first[:3] == last[:3]) :]])


def _list_moment_words(at: datetime | None, day_only: bool) -> list[str]:
    if at is None:
        return []
    day = [str(at.day), _MONTHS[at.month - 1], str(at.year)]
    return day if day_only else [*day, f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"]
