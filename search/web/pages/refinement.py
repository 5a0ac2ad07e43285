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
from search.web.pages.labels import FIELD_LABELS, range_words, value_words

_ALL = str(All())


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
        return _text(self.pieces)

    def to_value(self, field: str, value: str) -> str:
        """Add a value of a facet field."""
        return _text(self.pieces, str(having(field, value)))

    def value_at(self, field: str, value: str) -> int | None:
        """Return the number of the piece that asks for a value, or None."""
        wanted = having(field, value)
        pieces = enumerate(self.pieces)
        return next((number for number, piece in pieces if piece.clause == wanted), None)

    def without(self, number: int) -> str:
        """Remove one piece."""
        return _text([piece for at, piece in enumerate(self.pieces) if at != number])

    def without_dates(self) -> str:
        return _text(self._undated())

    def within(self, start: datetime | None, end: datetime | None) -> str:
        """Intersect the dates with a period."""
        return self.between(_both(self.dates(), Range("date", seconds(start), seconds(end))))

    def between(self, wanted: Range | Missing) -> str:
        """Replace the dates by a range, or by articles without a date."""
        return _text(self._undated(), interpret(wanted, self.zone))

    def dates(self) -> Range:
        """Return the intersection of all date ranges."""
        ranges = filter(None, (_date_range(piece.clause) for piece in self.pieces))
        return reduce(_both, ranges, Range("date"))

    def _undated(self) -> list[Placed]:
        return [piece for piece in self.pieces if not _date_range(piece.clause)]


def _text(pieces: Sequence[Placed], more: str = "") -> str:
    texts = [*(piece.text for piece in pieces), *([more] if more else [])]
    return " ".join(texts) or _ALL


def _date_range(clause: Query) -> Range | None:
    return clause if isinstance(clause, Range) and clause.field == "date" else None


def seconds(at: datetime | None) -> int | None:
    """Convert an instant to the seconds since the epoch that ranges contain."""
    return None if at is None else int(at.timestamp())


def _both(one: Range, other: Range) -> Range:
    """Return the intersection of two ranges of dates."""
    lows = [bounds.low for bounds in (one, other) if bounds.low is not None]
    highs = [bounds.high for bounds in (one, other) if bounds.high is not None]
    return Range("date", max(lows, default=None), min(highs, default=None))


@dataclass(frozen=True, slots=True)
class Filter:
    """A piece of a query that is not just words: the label of its field, and its value."""

    number: int
    label: str
    value: str
    negated: bool


def filters(narrowing: Narrowing) -> tuple[Filter, ...]:
    """Return the pieces of a query that are filters: fields, dates, negations."""
    pieces = enumerate(narrowing.pieces)
    entries = (_filter(number, piece, narrowing.zone) for number, piece in pieces)
    return tuple(entry for entry in entries if entry)


def _filter(number: int, piece: Placed, zone: tzinfo) -> Filter | None:
    clause, negated = piece.clause, False
    if isinstance(clause, Not):
        clause, negated = clause.clause, True
    match clause:
        case Range("date"):
            return Filter(number, "published", range_words(clause, zone), negated)
        case Range(field) | Missing(field):
            return Filter(number, _label(field), piece.text.partition(":")[2], negated)
        case Term(text, field) | Phrase(text, field) if is_value(clause):
            return Filter(number, _label(field), value_words(field, text), negated)
        case Term() | Phrase() | Near() | Prefix() | Fuzzy() if clause.field:
            return Filter(number, _label(clause.field), str(clause).partition(":")[2], negated)
        case _ if negated or all(leaf.field for leaf in positive_leaves(clause)):
            written = piece.text.removeprefix("NOT").removeprefix("-").strip()
            return Filter(number, "", written, negated)
        case _:
            return None


def _label(field: str) -> str:
    return FIELD_LABELS.get(field, field)
