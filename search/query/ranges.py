"""Values of date and number fields: text → a half-open range."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from search.query.nodes import Missing, Range
from search.query.periods import PeriodError, parse_period
from search.query.query_errors import QueryPartError

SINCE, UNTIL = "after", "before"

_WHOLE = re.compile(r"-?\d{1,18}")
_COMPARED = re.compile(r"(>=|<=|>|<|=)?\s*(-?\d+)")
_BETWEEN = re.compile(r"(-?\d*)\.\.(-?\d*)|\[\s*(\S+)\s+TO\s+(\S+?)\s*([\]}])")


class ValueProblemError(QueryPartError):
    """A value that cannot be read: what is wrong, and what is expected."""

    def __init__(self, problem: str, expected: str) -> None:
        super().__init__(problem)
        self.expected = expected


def read_date(name: str, field: str, text: str, *, now: datetime, zone: tzinfo) -> Range | Missing:
    """A date field's value; `name` tells `after:` and `before:` from the others.

    After a day is from that day on, before a day is until the one before it. Raises
    ValueProblemError.
    """
    if text.lower() == "none" and name not in {SINCE, UNTIL}:
        return Missing(field)
    try:
        period = parse_period(text, now=now, zone=zone)
    except PeriodError as err:
        raise ValueProblemError(err.problem, err.expected) from err
    start, end = _seconds(period.start), _seconds(period.end)
    if name not in {SINCE, UNTIL}:
        return Range(field, start, end)
    if start is None:
        raise ValueProblemError(f"{name}: needs a day, and this has no beginning", "a single day")
    return Range(field, start, None) if name == SINCE else Range(field, None, start)


def _seconds(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp())


def read_number(field: str, text: str) -> Range:
    """A number field's value: `600`, `>=600`, `300..600`, `[300 TO 600]`, `[300 TO 600}`.

    Raises ValueProblemError.
    """
    low, high = _bounds(text)
    if low is not None and high is not None and low >= high:
        raise ValueProblemError("this range holds no number", "the smaller number first")
    return Range(field, low, high)


def _bounds(text: str) -> tuple[int | None, int | None]:
    if match := _COMPARED.fullmatch(text):
        number = _whole(match[2])
        return {
            ">=": (number, None),
            ">": (number + 1, None),
            "<=": (None, number + 1),
            "<": (None, number),
        }.get(match[1], (number, number + 1))
    if match := _BETWEEN.fullmatch(text):
        first, last = match[1] or match[3] or "*", match[2] or match[4] or "*"
        past_last = 0 if match[5] == "}" else 1
        return (
            None if first == "*" else _whole(first),
            None if last == "*" else _whole(last) + past_last,
        )
    raise _not_a_number()


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise _not_a_number()
    return int(text)


def _not_a_number() -> ValueProblemError:
    expected = "a whole number such as 600, or >=600, 300..600 or [300 TO 600]"
    return ValueProblemError("this is not a number, or too large a one", expected)
