"""Clauses: a query in terms of an index's fields, the few shapes that each engine maps.

`lower_query` makes them. Tokens are as the index has them, or stems of them where a field says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class IndexField:
    """A field by its name in the index, and the boost that multiplies its matches' scores.

    With `by_stem`, a clause's tokens are stems, and each stands for all of the field's tokens that
    have that stem.
    """

    name: str
    boost: float = 1.0
    by_stem: bool = False


@dataclass(frozen=True, slots=True)
class TermClause:
    """Documents that contain a token, or a keyword, which may have several words."""

    field: IndexField
    token: str


@dataclass(frozen=True, slots=True)
class SynonymClause:
    """Documents that contain any of several terms, which count as one word of the first's field."""

    terms: tuple[TermClause, ...]


@dataclass(frozen=True, slots=True)
class PhraseClause:
    """Documents that contain two or more tokens at consecutive positions."""

    field: IndexField
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearClause:
    """Documents in which every two of several different tokens are near each other, in any order.

    Their positions differ by at most `distance`.
    """

    field: IndexField
    tokens: tuple[str, ...]
    distance: int

    @property
    def pairs(self) -> Iterator[tuple[str, str]]:
        return combinations(self.tokens, 2)


@dataclass(frozen=True, slots=True)
class PrefixClause:
    """Documents that contain a token with this prefix in any of the fields.

    The fields are in one clause because the limit counts the different tokens of all of them.
    """

    fields: tuple[IndexField, ...]
    text: str


@dataclass(frozen=True, slots=True)
class FuzzyClause:
    """Documents that contain a token at most `distance` typos away."""

    field: IndexField
    text: str
    distance: int


@dataclass(frozen=True, slots=True)
class ValueClause:
    """Documents that have exactly this value of a facet. Its score is 0."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class RangeClause:
    """Documents with a number low <= number < high; None leaves a side open. Its score is 0.

    With both sides open it matches all documents that have a number.
    """

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class UnscoredClause:
    """Documents that match a clause, with a score of 0."""

    clause: Clause


@dataclass(frozen=True, slots=True)
class AllClause:
    """Every document."""


@dataclass(frozen=True, slots=True)
class NothingClause:
    """No document."""


@dataclass(frozen=True, slots=True)
class BooleanClause:
    """Documents that match all of `must`, whose scores are added up, and none of `must_not`.

    Without any `must`, every document is a candidate, with a score of 0.
    """

    must: tuple[Clause, ...]
    must_not: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyClause:
    """Documents that match at least `minimum` of the clauses, whose scores are added up."""

    clauses: tuple[Clause, ...]
    minimum: int = 1


# Clauses that match words; the others only filter.
WordClause = TermClause | SynonymClause | PhraseClause | NearClause | PrefixClause | FuzzyClause
FilterClause = ValueClause | RangeClause | AllClause | NothingClause
Clause = WordClause | FilterClause | UnscoredClause | BooleanClause | AnyClause


def iterate_prefixes(clause: Clause) -> Iterator[PrefixClause]:
    """Yield every prefix clause within a clause, excluded ones too."""
    match clause:
        case PrefixClause():
            yield clause
        case BooleanClause(must, must_not):
            for part in (*must, *must_not):
                yield from iterate_prefixes(part)
        case AnyClause(clauses):
            for part in clauses:
                yield from iterate_prefixes(part)
        case UnscoredClause(part):
            yield from iterate_prefixes(part)
