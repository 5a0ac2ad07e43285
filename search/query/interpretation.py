"""A query as it was read, for people: like its own text, with dates as days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from indexer.schema import FIELDS, FieldKind
from search.query.nodes import Query, Range, write

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def interpret(query: Query, zone: tzinfo) -> str:
    """A query's text; ranges of whole days in `zone` are written as days, months or years."""
    return write(query, lambda wanted: _range(wanted, zone))


def _range(wanted: Range, zone: tzinfo) -> str:
    if FIELDS[wanted.field].kind is not FieldKind.DATE:
        return _bounds(wanted.field, wanted.low, None if wanted.high is None else wanted.high - 1)
    low, high = _local(wanted.low, zone), _local(wanted.high, zone)
    if all(bound is None or _is_midnight(bound) for bound in (low, high)):
        last = high and (high - timedelta(days=1)).date()
        if unit := _unit(low, high):
            return f"{wanted.field}:{unit}"
        return _bounds(wanted.field, low and low.date(), last)
    return _bounds(wanted.field, low and low.isoformat(), high and high.isoformat(), "<")


def _bounds(field: str, low: object, high: object, until: str = "<=") -> str:
    if low is None or high is None:
        return f"{field}:>={low}" if high is None else f"{field}:{until}{high}"
    if until == "<":
        return f"{field}:[{low} TO {high}}}"
    return f"{field}:{low}" if low == high else f"{field}:{low}..{high}"


def _local(seconds: int | None, zone: tzinfo) -> datetime | None:
    if seconds is None:
        return None
    return (_EPOCH + timedelta(seconds=seconds)).astimezone(zone)


def _unit(low: datetime | None, high: datetime | None) -> str:
    """Whole years or months as they are written, or ""."""
    if low is None or high is None or (low.day, high.day) != (1, 1):
        return ""
    last = high - timedelta(days=1)
    form = "%Y" if low.month == high.month == 1 else "%Y-%m"
    first, until = low.strftime(form), last.strftime(form)
    return first if first == until else f"{first}..{until}"


def _is_midnight(instant: datetime) -> bool:
    return not (instant.hour or instant.minute or instant.second)
