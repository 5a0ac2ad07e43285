"""The query as a tree: what the parser makes and what each engine compiles.

`str(query)` is text that parses to the same tree. `field` is a name from the schema's
table or one of its groups, or "" for the default fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Term:
    """One word, in any form; with `exact` in just this form. Several tokens are a phrase."""

    text: str
    field: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other."""

    text: str
    field: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Words within one field, in any order, each two of them at most `distance` words apart.

    Neighbours are one word apart. `words` are two or more single tokens. More words than
    the distance has room for stretch it: three words need two.
    """

    words: tuple[str, ...]
    distance: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin so, unstemmed. `text` is a single token."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words at most `distance` typos away, unstemmed: a letter more, fewer, other, or swapped
    with its neighbour (optimal string alignment distance). `text` is a single token."""

    text: str
    distance: int = 1
    field: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """A number or date with low <= value < high; None leaves a side open. Dates in seconds."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """Articles that have no value in a NUMBER or DATE field."""

    field: str


@dataclass(frozen=True, slots=True)
class And:
    clauses: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    clauses: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `minimum` of the clauses. Made when words are relaxed, never by the parser."""

    clauses: tuple[Query, ...]
    minimum: int


@dataclass(frozen=True, slots=True)
class Not:
    clause: Query


@dataclass(frozen=True, slots=True)
class All:
    """Every article."""


Query = Term | Phrase | Near | Prefix | Fuzzy | Range | Missing | And | Or | AtLeast | Not | All
Leaf = Term | Phrase | Near | Prefix | Fuzzy | Range | Missing


def positive_leaves(query: Query) -> Iterator[Leaf]:
    """The leaves that a hit may match, left to right: those under a Not are left out."""
    match query:
        case And(clauses) | Or(clauses) | AtLeast(clauses):
            for clause in clauses:
                yield from positive_leaves(clause)
        case Not() | All():
            return
        case leaf:
            yield leaf
