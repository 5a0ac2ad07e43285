"""What a click makes of a query's text.

A query's text says all that narrows it. A click adds one thing to it, takes one out, or puts
other dates in the place of those that are there; the rest stays as it was written.
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
from search.results.snapshot import View
from search.web.pages.labels import FIELD_LABELS, range_words, value_words

_ALL = str(All())


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A query as the things that it asks for together. Methods give texts of other queries."""

    pieces: tuple[Placed, ...]
    zone: tzinfo

    @classmethod
    def of(cls, text: str, view: View) -> Narrowing:
        """Raises QueryError."""
        zone = view.config.zone
        return cls(placed(text, now=view.now, zone=zone), zone)

    @property
    def text(self) -> str:
        return _text(self.pieces)

    def to_value(self, field: str, value: str) -> str:
        """Only articles that a facet counts under a value."""
        return _text(self.pieces, str(having(field, value)))

    def value_at(self, field: str, value: str) -> int | None:
        """Which piece asks for a value already."""
        wanted = having(field, value)
        return next((at for at, one in enumerate(self.pieces) if one.clause == wanted), None)

    def without(self, number: int) -> str:
        """Everything but one piece."""
        return _text([one for at, one in enumerate(self.pieces) if at != number])

    def without_dates(self) -> str:
        return _text(self._undated())

    def within(self, start: datetime | None, end: datetime | None) -> str:
        """Only articles of a period within the dates that are asked for already."""
        return self.between(_both(self.dates(), Range("date", seconds(start), seconds(end))))

    def between(self, wanted: Range | Missing) -> str:
        """Articles of a period, or without a date, whatever dates are asked for now."""
        return _text(self._undated(), interpret(wanted, self.zone))

    def dates(self) -> Range:
        """The dates that are asked for, all together."""
        asked = filter(None, (_date_range(one.clause) for one in self.pieces))
        return reduce(_both, asked, Range("date"))

    def _undated(self) -> list[Placed]:
        return [one for one in self.pieces if not _date_range(one.clause)]


def _text(pieces: Sequence[Placed], more: str = "") -> str:
    texts = [*(one.text for one in pieces), *([more] if more else [])]
    return " ".join(texts) or _ALL


def _date_range(clause: Query) -> Range | None:
    return clause if isinstance(clause, Range) and clause.field == "date" else None


def seconds(at: datetime | None) -> int | None:
    """An instant as ranges have it."""
    return None if at is None else int(at.timestamp())


def _both(one: Range, other: Range) -> Range:
    """The dates that are in both of two ranges."""
    lows = [each.low for each in (one, other) if each.low is not None]
    highs = [each.high for each in (one, other) if each.high is not None]
    return Range("date", max(lows, default=None), min(highs, default=None))


@dataclass(frozen=True, slots=True)
class Filter:
    """A piece of a query that is not just words: what it is about, and what it asks for."""

    number: int
    label: str
    value: str
    negated: bool


def filters(narrowing: Narrowing) -> tuple[Filter, ...]:
    """The pieces of a query that can be told apart as filters: fields, dates, negations."""
    found = (_filter(at, one, narrowing.zone) for at, one in enumerate(narrowing.pieces))
    return tuple(one for one in found if one)


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
