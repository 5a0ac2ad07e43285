"""The query as a tree: what the parser makes and what each engine compiles.

`str(query)` is text that parses to the same tree. `field` is a name from the schema's
table or one of its groups, or "" for the default fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from indexer.schema import FIELD_GROUPS, FIELDS, FieldKind

# What counts as a double quote in a query's text.
QUOTES = '"“”„‟«»＂'


class _Node:
    __slots__ = ()

    def __str__(self) -> str:
        return write(cast(Query, self), _exact_range)


@dataclass(frozen=True, slots=True)
class Term(_Node):
    """One word, in any form; with `exact` in just this form. Several tokens are a phrase.

    In a facet field, `exact` means the whole value, letter by letter as facets show it.
    """

    text: str
    field: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase(_Node):
    """Words that follow each other. `exact` as in a Term."""

    text: str
    field: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Near(_Node):
    """Words within one field, in any order, each two of them at most `distance` words apart.

    Neighbours are one word apart. `words` are two or more single tokens. More words than
    the distance has room for stretch it: three words need two.
    """

    words: tuple[str, ...]
    distance: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class Prefix(_Node):
    """Words that begin so, unstemmed. `text` is a single token."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fuzzy(_Node):
    """Words at most `distance` typos away, unstemmed: a letter more, fewer, other, or swapped
    with its neighbour (optimal string alignment distance). `text` is a single token."""

    text: str
    distance: int = 1
    field: str = ""


@dataclass(frozen=True, slots=True)
class Range(_Node):
    """A number or date with low <= value < high; None leaves a side open. Dates in seconds."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Missing(_Node):
    """Articles that have no value in a NUMBER or DATE field."""

    field: str


@dataclass(frozen=True, slots=True)
class And(_Node):
    clauses: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or(_Node):
    clauses: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class AtLeast(_Node):
    """At least `minimum` of the clauses. Made when words are relaxed, never by the parser."""

    clauses: tuple[Query, ...]
    minimum: int


@dataclass(frozen=True, slots=True)
class Not(_Node):
    clause: Query


@dataclass(frozen=True, slots=True)
class All(_Node):
    """Every article."""


Query = Term | Phrase | Near | Prefix | Fuzzy | Range | Missing | And | Or | AtLeast | Not | All
Leaf = Term | Phrase | Near | Prefix | Fuzzy | Range | Missing


def is_value(query: Query) -> bool:
    """Whether this asks for a facet field's whole value; such a clause only filters."""
    return isinstance(query, Term | Phrase) and query.exact and is_facet(query.field)


def is_facet(field: str) -> bool:
    """Whether all that a field or group stands for can be counted by value."""
    return all(name in FIELDS and FIELDS[name].facet for name in FIELD_GROUPS.get(field, (field,)))


def having(field: str, value: str) -> Query:
    """What narrows a query to the articles that a facet counts under a value."""
    return Phrase(value, field, exact=True)


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


def write(query: Query, write_range: Callable[[Range], str]) -> str:
    """A query as text, with its ranges written as told."""

    def nested(clause: Query, *kinds: type[And] | type[Or]) -> str:
        text = write(clause, write_range)
        return f"({text})" if isinstance(clause, kinds) else text

    match query:
        case And(clauses):
            return " ".join(nested(clause, Or) for clause in clauses)
        case Or(clauses):
            return " OR ".join(nested(clause) for clause in clauses)
        case AtLeast(clauses, minimum):
            return f"{minimum} of ({', '.join(map(nested, clauses))})"
        case Not(clause):
            return f"-{nested(clause, And, Or)}"
        case All():
            return "*"
        case Missing(field):
            return f"{field}:none"
        case Range():
            return write_range(query)
        case leaf:
            return f"{leaf.field}:{_value(leaf)}" if leaf.field else _value(leaf)


def _value(leaf: Term | Phrase | Near | Prefix | Fuzzy) -> str:
    match leaf:
        case Term(text) | Phrase(text) if is_value(leaf):
            doubled = _A_QUOTE.sub(r"\1\1", text)
            return f'="{doubled}"'
        case Term(text, _, exact):
            return f"={text}" if exact else text
        case Phrase(text, _, exact):
            return f'="{text}"' if exact else f'"{text}"'
        case Near(words, distance):
            return f'"{" ".join(words)}"~{distance}'
        case Prefix(text):
            return f"{text}*"
        case Fuzzy(text, distance):
            return f"{text}~{distance}"


_A_QUOTE = re.compile(f"([{QUOTES}])")


def _exact_range(wanted: Range) -> str:
    """A range that reads back as it is: to the second, in UTC."""
    form = _instant if FIELDS[wanted.field].kind is FieldKind.DATE else str
    low, high = ("*" if bound is None else form(bound) for bound in (wanted.low, wanted.high))
    return f"{wanted.field}:[{low} TO {high}}}"


def _instant(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
