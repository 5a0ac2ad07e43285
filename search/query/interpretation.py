"""A query's interpretation, for people: query text in which dates are days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from indexer.schema import FIELDS, FieldKind
from search.query.nodes import Query, Range, format_query

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def interpret_query(query: Query, zone: tzinfo) -> str:
    """Return a query as text; ranges of whole days in `zone` become days, months or years."""
    return format_query(query, lambda node: _format_range(node, zone))


def _format_range(node: Range, zone: tzinfo) -> str:
    if FIELDS[node.field].kind is not FieldKind.DATE:
        return _format_bounds(node.field, node.low, None if node.high is None else node.high - 1)
    low, high = _convert_to_local(node.low, zone), _convert_to_local(node.high, zone)
    if all(bound is None or _is_midnight(bound) for bound in (low, high)):
        last = high and (high - timedelta(days=1)).date()
        if unit := _format_calendar_unit(low, high):
            return f"{node.field}:{unit}"
        return _format_bounds(node.field, low and low.date(), last)
    return _format_bounds(node.field, low and low.isoformat(), high and high.isoformat(), "<")


def _format_bounds(field: str, low: object, high: object, high_operator: str = "<=") -> str:
    if low is None or high is None:
        return f"{field}:>={low}" if high is None else f"{field}:{high_operator}{high}"
    if high_operator == "<":
        return f"{field}:[{low} TO {high}}}"
    return f"{field}:{low}" if low == high else f"{field}:{low}..{high}"


def _convert_to_local(seconds: int | None, zone: tzinfo) -> datetime | None:
    if seconds is None:
        return None
    return (_EPOCH + timedelta(seconds=seconds)).astimezone(zone)


def _format_calendar_unit(low: datetime | None, high: datetime | None) -> str:
    """Return whole years or months as text; "" for any other range."""
    if low is None or high is None or (low.day, high.day) != (1, 1):
        return ""
    last = high - timedelta(days=1)
    form = "%Y" if low.month == high.month == 1 else "%Y-%m"
    first, until = low.strftime(form), last.strftime(form)
    return first if first == until else f"{first}..{until}"


def _is_midnight(instant: datetime) -> bool:
    return not (instant.hour or instant.minute or instant.second)
