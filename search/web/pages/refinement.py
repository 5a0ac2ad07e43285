"""Edits of a query's text: a link adds a piece, removes one, or replaces the dates.

The text contains all that narrows a search. Each edit leaves the other pieces as they were
written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import reduce

from search.query.interpretation import interpret
from search.query.nodes import (
    All,
    Fuzzy,
    Missing,
    Near,
    Not,
    Phrase,
    Prefix,
    Query,
    Range,
    Term,
    having,
    is_value,
    positive_leaves,
)
from search.query.parser import Placed, placed
from search.results.snapshot import Snapshot
from search.web.pages.labels import FIELD_LABELS, format_date_range, label_value

_ALL_ARTICLES = str(All())


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A query as the pieces that it joins by AND. Methods return the texts of edited queries."""

    pieces: tuple[Placed, ...]
    zone: tzinfo

    @classmethod
    def of(cls, text: str, snapshot: Snapshot) -> Narrowing:
        """Parse a query's text. Raises QueryError."""
        zone = snapshot.config.zone
        return cls(placed(text, now=snapshot.now, zone=zone), zone)

    @property
    def text(self) -> str:
        return _join_texts(self.pieces)

    def add_value(self, field: str, value: str) -> str:
        """Add a value of a facet field."""
        return _join_texts(self.pieces, str(having(field, value)))

    def find_value(self, field: str, value: str) -> int | None:
        """Return the number of the piece that asks for a value, or None."""
        wanted = having(field, value)
        pieces = enumerate(self.pieces)
        return next((number for number, piece in pieces if piece.clause == wanted), None)

    def remove_piece(self, number: int) -> str:
        """Remove one piece."""
        return _join_texts([piece for at, piece in enumerate(self.pieces) if at != number])

    def remove_dates(self) -> str:
        return _join_texts(self._list_undated_pieces())

    def narrow_dates(self, start: datetime | None, end: datetime | None) -> str:
        """Intersect the dates with a period."""
        return self.replace_dates(
            _intersect_ranges(
                self.intersect_dates(),
                Range("date", convert_to_seconds(start), convert_to_seconds(end)),
            )
        )

    def replace_dates(self, dates: Range | Missing) -> str:
        """Replace the dates by a range, or by articles without a date."""
        return _join_texts(self._list_undated_pieces(), interpret(dates, self.zone))

    def intersect_dates(self) -> Range:
        """Return the intersection of all date ranges."""
        ranges = filter(None, (_get_date_range(piece.clause) for piece in self.pieces))
        return reduce(_intersect_ranges, ranges, Range("date"))

    def _list_undated_pieces(self) -> list[Placed]:
        return [piece for piece in self.pieces if not _get_date_range(piece.clause)]


def _join_texts(pieces: Sequence[Placed], more: str = "") -> str:
    texts = [*(piece.text for piece in pieces), *([more] if more else [])]
    return " ".join(texts) or _ALL_ARTICLES


def _get_date_range(clause: Query) -> Range | None:
    return clause if isinstance(clause, Range) and clause.field == "date" else None


def convert_to_seconds(at: datetime | None) -> int | None:
    """Convert an instant to the seconds since the epoch that ranges contain."""
    return None if at is None else int(at.timestamp())


def _intersect_ranges(first: Range, second: Range) -> Range:
    """Return the intersection of two ranges of dates."""
    lows = [bounds.low for bounds in (first, second) if bounds.low is not None]
    highs = [bounds.high for bounds in (first, second) if bounds.high is not None]
    return Range("date", max(lows, default=None), min(highs, default=None))


@dataclass(frozen=True, slots=True)
class QueryFilter:
    """A piece of a query that is not just words: the label of its field, and its value."""

    number: int
    label: str
    value: str
    negated: bool


def list_filters(narrowing: Narrowing) -> tuple[QueryFilter, ...]:
    """Return the pieces of a query that are filters: fields, dates, negations."""
    pieces = enumerate(narrowing.pieces)
    entries = (_make_filter(number, piece, narrowing.zone) for number, piece in pieces)
    return tuple(entry for entry in entries if entry)


def _make_filter(number: int, piece: Placed, zone: tzinfo) -> QueryFilter | None:
    clause, negated = piece.clause, False
    if isinstance(clause, Not):
        clause, negated = clause.clause, True
    match clause:
        case Range("date"):
            return QueryFilter(number, "published", format_date_range(clause, zone), negated)
        case Range(field) | Missing(field):
            return QueryFilter(number, _label_field(field), piece.text.partition(":")[2], negated)
        case Term(text, field) | Phrase(text, field) if is_value(clause):
            return QueryFilter(number, _label_field(field), label_value(field, text), negated)
        case Term() | Phrase() | Near() | Prefix() | Fuzzy() if clause.field:
            return QueryFilter(
                number, _label_field(clause.field), str(clause).partition(":")[2], negated
            )
        case _ if negated or all(leaf.field for leaf in positive_leaves(clause)):
            written = piece.text.removeprefix("NOT").removeprefix("-").strip()
            return QueryFilter(number, "", written, negated)
        case _:
            return None


def _label_field(field: str) -> str:
    return FIELD_LABELS.get(field, field)
