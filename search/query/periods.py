"""Periods: text about time, read as the half-open instants that it covers.

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

A point is as long as it is written: 2025-03 is the whole month, 10:15 the whole minute.
Brackets and `..` include both points whole, braces leave theirs out. Weeks begin on Monday.
`last 7 days` runs from the day seven days ago to the end of today, `24h` to this moment. A
weekday is the latest before today, a month the latest that has begun. Case does not matter;
words may be joined by `_` or `-`. Days begin at midnight in the reader's zone and are as long
as clocks make them; instants come back in UTC, so that they compare and subtract truly.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from search.query.query_errors import QueryPartError

_EXPECTED = "a date such as 2025-03-29, 2025-03..2025-04, 'last month' or 7d"
_FIRST_YEAR = 1000
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STEPS = {
    "last": -1, "past": -1, "this": 0, "next": 1, "yesterday": -1, "today": 0, "tomorrow": 1,
}  # fmt: skip
_SHORT = {"h": "hour", "d": "day", "w": "week", "m": "month", "y": "year"}
_DAYS_IN = {"day": 1, "week": 7}
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_SECOND, _MINUTE, _HOUR, _DAY = (timedelta(seconds=length) for length in (1, 60, 3600, 86400))
_LENGTHS = {"hour": _HOUR, "minute": _MINUTE}


@dataclass(frozen=True, slots=True)
class Period:
    """Instants with start <= instant < end, both aware; None leaves a side open."""

    start: datetime | None
    end: datetime | None


_OPEN = Period(None, None)


class PeriodError(QueryPartError):
    """Text that is no period: what is wrong, at which offset, and what is expected instead."""

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

    def midnight(self, day: date) -> datetime:
        """Where a day begins; where clocks skip midnight, the first instant after it."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def days(self, first: date, last: date) -> Period:
        """Two days and all between them. The calendar's last day leaves the end open."""
        end = None if last == date.max else self.midnight(last + _DAY)
        return Period(self.midnight(first), end)


def parse_period(text: str, *, now: datetime, zone: tzinfo) -> Period:
    """Read a period. `now` is aware. Raises PeriodError, and nothing else, for any text."""
    try:
        period = _shown(_period(text, _Clock(now.astimezone(UTC), zone)), zone)
    except OverflowError as err:
        expected = f"years from {_FIRST_YEAR} to 9999"
        raise PeriodError(f"{text!r} leaves the calendar", offset=0, expected=expected) from err
    if period.start and period.end and period.start >= period.end:
        raise PeriodError("the period is empty", offset=0, expected="a later end")
    return period


def _shown(period: Period, zone: tzinfo) -> Period:
    """The period, if local calendars can show it; else OverflowError."""
    for side in (period.start, period.end):
        if side and side.astimezone(zone).year < _FIRST_YEAR:
            raise OverflowError(side)
    return period


def _period(text: str, clock: _Clock) -> Period:
    if found := _BRACKETED.fullmatch(text) or _DOTTED.fullmatch(text):
        return _range(found, clock)
    if found := _COMPARED.fullmatch(text):
        point = _side(found, "point", clock)
        if found["sign"][0] == ">":
            return Period(point.start if "=" in found["sign"] else _end(point), None)
        return Period(None, point.end if "=" in found["sign"] else point.start)
    return _OPEN if text.strip() == "*" else _point(text, (0, len(text)), clock)


def _range(found: re.Match[str], clock: _Clock) -> Period:
    low, high = _side(found, "low", clock), _side(found, "high", clock)
    if low.start and high.start and high.start < low.start:
        problem = "the range ends before it begins; swap them"
        offset = found.end("high") - len(found["high"].lstrip())
        raise PeriodError(problem, offset=offset, expected="the earlier first")
    return Period(
        low.start if found["open"] != "{" or low == _OPEN else _end(low),
        high.end if found["close"] != "}" else high.start,
    )


def _end(point: Period) -> datetime:
    if point.end is None:
        raise OverflowError(point)
    return point.end


def _side(found: re.Match[str], part: str, clock: _Clock) -> Period:
    """One end of a range: a point, or open when it is `*` or not written."""
    if found[part].strip() in {"", "*"}:
        return _OPEN
    return _point(found.string, found.span(part), clock)


def _point(text: str, span: tuple[int, int], clock: _Clock) -> Period:
    for form, read in _FORMS:
        if found := form.fullmatch(text, *span):
            return read(found, clock)
    written = text[span[0] : span[1]]
    offset = span[1] - len(written.lstrip())
    raise PeriodError(f"{written.strip()!r} is no date", offset=offset)


def _number(found: re.Match[str], part: str, low: int, high: int) -> int:
    """A part of a date, or an error that points at it."""
    value = int(found[part])
    if not low <= value <= high:
        problem = f"there is no {part} {found[part]}"
        if part == "day":
            problem += f": {_MONTHS[_month(found) - 1]} {found['year']} has {high} days"
        expected = f"a {part} from {low} to {high}"
        raise PeriodError(problem, offset=found.start(part), expected=expected)
    return value


def _month(found: re.Match[str]) -> int:
    written = found["month"]
    return _number(found, "month", 1, 12) if written.isdigit() else _place(written, _MONTHS) + 1


def _date(found: re.Match[str]) -> date:
    """What is written of a date; the first of the year or month for what is not."""
    year = _number(found, "year", _FIRST_YEAR, date.max.year)
    first = date(year, _month(found) if found["month"] else 1, 1)
    if not found["day"]:
        return first
    return first.replace(day=_number(found, "day", 1, _month_end(first).day))


def _dates(found: re.Match[str], clock: _Clock) -> Period:
    """A year, a month or a day, in figures or words."""
    first = _date(found)
    if found["day"]:
        return clock.days(first, first)
    return clock.days(first, _month_end(first if found["month"] else first.replace(month=12)))


def _instant(found: re.Match[str], clock: _Clock) -> Period:
    """A minute or a second, by local clocks unless an offset is written."""
    day = _date(found)
    try:
        start = datetime.fromisoformat(f"{day}T{found['time'].upper()}")
    except ValueError as err:
        problem, expected = f"there is no time {found['time']}", "a time such as 10:15"
        raise PeriodError(problem, offset=found.start("time"), expected=expected) from err
    start = (start if start.tzinfo else start.replace(tzinfo=clock.zone)).astimezone(UTC)
    return Period(start, start + (_SECOND if found["second"] else _MINUTE))


def _calendar_unit(found: re.Match[str], clock: _Clock) -> Period:
    """last month, this week, next quarter, yesterday."""
    steps, unit, today = _STEPS[found["which"].lower()], found["unit"].lower() or "day", clock.today
    if unit in _DAYS_IN:
        first = today - _DAY * (today.weekday() if unit == "week" else 0)
        first += _DAY * steps * _DAYS_IN[unit]
        return clock.days(first, first + _DAY * (_DAYS_IN[unit] - 1))
    months = _MONTHS_IN[unit]
    begun = today.replace(month=today.month - (today.month - 1) % months, day=1)
    first = _later(begun, steps * months)
    return clock.days(first, _month_end(_later(first, months - 1)))


def _stretch(found: re.Match[str], clock: _Clock) -> Period:
    """last 7 days, 24h, 3 days ago. Days are whole, hours and minutes exact."""
    number = int(found["number"])
    ago = "ago" in found.groupdict()
    unit = found["unit"].lower()
    unit = _SHORT.get(unit, unit.removesuffix("s"))
    if unit in _LENGTHS:
        start = clock.now - _LENGTHS[unit] * number
        return Period(start, start + _LENGTHS[unit] if ago else clock.now)
    if unit in _DAYS_IN:
        day = clock.today - _DAY * number * _DAYS_IN[unit]
    else:
        day = _later(clock.today, -number * _MONTHS_IN[unit])
    return clock.days(day, day if ago else clock.today)


def _weekday(found: re.Match[str], clock: _Clock) -> Period:
    away = _place(found["weekday"], _WEEKDAYS) - clock.today.weekday()
    day = clock.today + _DAY * _away(away, 7, found["which"] or "last")
    return clock.days(day, day)


def _month_name(found: re.Match[str], clock: _Clock) -> Period:
    away = _month(found) - clock.today.month
    if found["which"] or away:
        away = _away(away, 12, found["which"] or "last")
    first = _later(clock.today.replace(day=1), away)
    return clock.days(first, _month_end(first))


def _away(away: int, cycle: int, which: str) -> int:
    """How far a weekday or month is from this one, backwards, forwards, or within the cycle."""
    if which.lower() == "this":
        return away
    return away % cycle or cycle if which.lower() == "next" else -(-away % cycle or cycle)


def _later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not _FIRST_YEAR <= year <= date.max.year:
        raise OverflowError(year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _place(word: str, names: tuple[str, ...]) -> int:
    return next(place for place, name in enumerate(names) if name.startswith(word.title()))


def _one_of(names: tuple[str, ...]) -> str:
    """A pattern for names in full or shortened to three letters or more."""
    return "|".join(name[:length] for name in names for length in range(len(name), 2, -1))


def _form(pattern: str) -> re.Pattern[str]:
    """A form of point; a space in it stands for what may join words."""
    joined = pattern.replace(" ", r"[\s_-]+")
    return re.compile(rf"\s*(?:{joined})\s*", re.ASCII | re.IGNORECASE)


_BRACKETED = re.compile(
    r"\s*(?P<open>[\[{])(?P<low>[^][{}]*?)\bTO\b(?P<high>[^][{}]*)(?P<close>[]}])\s*", re.IGNORECASE
)
_DOTTED = re.compile(r"(?P<open>)(?P<low>.*?)\.\.(?P<high>.*)(?P<close>)", re.DOTALL)
_COMPARED = re.compile(r"\s*(?P<sign>[<>]=?+)\s*(?P<point>[^\s*].*)", re.DOTALL)
_YMD = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = r"(?P<time>\d\d:\d\d(?P<second>:\d\d)?(?:Z|[+-]\d\d:\d\d)?)"
_MONTH = f"(?P<month>{_one_of(_MONTHS)})"
_WHICH = r"(?P<which>last|past|this|next)"
_UNIT = r"(?P<unit>minutes?|hours?|days?|weeks?|months?|quarters?|years?)"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Clock], Period]], ...] = (
    (_form(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?"), _dates),
    (_form(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"), _dates),
    (_form(r"(?:(?P<day>\d\d?) )?" + _MONTH + r" (?P<year>\d{4})"), _dates),
    (_form(_MONTH + r" (?P<day>\d\d?)(?:,\s*| )(?P<year>\d{4})"), _dates),
    (_form(_YMD + r"[T\s]" + _TIME), _instant),
    (_form("now"), lambda _, clock: Period(clock.now, clock.now + _SECOND)),
    (_form("(?P<which>yesterday|today|tomorrow)(?P<unit>)"), _calendar_unit),
    (_form(_WHICH + " (?P<unit>day|week|month|quarter|year)"), _calendar_unit),
    (_form(r"(?:last|past) (?P<number>\d{1,9}) " + _UNIT), _stretch),
    (_form(r"(?P<number>\d{1,9})(?P<unit>[hdwmy])"), _stretch),
    (_form(r"(?P<number>\d{1,9}) " + _UNIT + " (?P<ago>ago)"), _stretch),
    (_form(rf"(?:{_WHICH} )?(?P<weekday>{_one_of(_WEEKDAYS)})"), _weekday),
    (_form(rf"(?:{_WHICH} )?{_MONTH}"), _month_name),
)


def describe(period: Period, zone: tzinfo) -> str:
    """A period in words for people, both days included: `1 to 31 March 2025`."""
    clock = _Clock(datetime.min, zone)
    sides = [side and side.astimezone(zone) for side in (period.start, period.end)]
    days = all(not side or side.astimezone(UTC) == clock.midnight(side.date()) for side in sides)
    first, last = _words(sides[0], days), _words(sides[1] and sides[1] - days * _DAY, days)
    if not first or not last:
        return " ".join(["from", *first] if first else ["until", *last] if last else ["any time"])
    if first == last:
        return " ".join(last)
    if days:
        shared = 2 if first[1:] == last[1:] else first[2] == last[2]
        return " ".join([*first[: 3 - shared], "to", *last])
    return " ".join([*first, "to", *last[3 * (first[:3] == last[:3]) :]])


def _words(at: datetime | None, day_only: bool) -> list[str]:
    if at is None:
        return []
    day = [str(at.day), _MONTHS[at.month - 1], str(at.year)]
    return day if day_only else [*day, f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"]
