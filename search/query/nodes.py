"""The query tree, which the parser makes and each engine compiles.

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

# Characters that are double quotes in a query's text.
QUOTE_CHARS = '"“”„‟«»＂'


class _Node:
    __slots__ = ()

    def __str__(self) -> str:
        return format_query(cast(Query, self), _format_exact_range)


@dataclass(frozen=True, slots=True)
class Term(_Node):
    """One word, in any form; with `exact` in this form only. Several tokens are a phrase.

    In a facet field, `exact` matches the whole value, exactly as facets show it. `variants` are
    the spellings that count as the word, its own one first; without any, it counts alone. One that
    is an ambiguous acronym in capitals is only that.
    """

    text: str
    field: str = ""
    exact: bool = False
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase(_Node):
    """Words at consecutive positions. `exact` and `variants` as in a Term."""

    text: str
    field: str = ""
    exact: bool = False
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Near(_Node):
    """Words within one field, in any order, each two of them at most `distance` words apart.

    Neighbours are one word apart. `words` are two or more single tokens. A distance without
    room for all of the words is increased: three words need two.
    """

    words: tuple[str, ...]
    distance: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class Prefix(_Node):
    """Words with this prefix, unstemmed. `text` is a single token."""

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
    """At least `minimum` of the clauses. Relaxing a query makes it, never the parser."""

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


def is_value_query(query: Query) -> bool:
    """Whether a query is a whole value of a facet field; such a clause only filters."""
    return isinstance(query, Term | Phrase) and query.exact and is_facet_field(query.field)


def is_facet_field(field: str) -> bool:
    """Whether all fields that a field or group name means can be counted by value."""
    return all(name in FIELDS and FIELDS[name].facet for name in FIELD_GROUPS.get(field, (field,)))


def make_value_query(field: str, value: str) -> Query:
    """Return the clause that matches the articles that a facet counts for a value."""
    return Phrase(value, field, exact=True)


def iterate_positive_leaves(query: Query) -> Iterator[Leaf]:
    """Yield the leaves that a hit may match, left to right: none under a Not."""
    match query:
        case And(clauses) | Or(clauses) | AtLeast(clauses):
            for clause in clauses:
                yield from iterate_positive_leaves(clause)
        case Not() | All():
            return
        case leaf:
            yield leaf


def format_query(query: Query, format_range: Callable[[Range], str]) -> str:
    """Return a query as text; `format_range` formats its ranges."""

    def format_nested(clause: Query, *kinds: type[And] | type[Or]) -> str:
        text = format_query(clause, format_range)
        return f"({text})" if isinstance(clause, kinds) else text

    match query:
        case And(clauses):
            return " ".join(format_nested(clause, Or) for clause in clauses)
        case Or(clauses):
            return " OR ".join(format_nested(clause) for clause in clauses)
        case AtLeast(clauses, minimum):
            return f"{minimum} of ({', '.join(map(format_nested, clauses))})"
        case Not(clause):
            return f"-{format_nested(clause, And, Or)}"
        case All():
            return "*"
        case Missing(field):
            return f"{field}:none"
        case Range():
            return format_range(query)
        case leaf:
            return f"{leaf.field}:{_format_leaf(leaf)}" if leaf.field else _format_leaf(leaf)


def _format_leaf(leaf: Term | Phrase | Near | Prefix | Fuzzy) -> str:
    match leaf:
        case Term(text) | Phrase(text) if is_value_query(leaf):
            doubled = _QUOTE.sub(r"\1\1", text)
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


_QUOTE = re.compile(f"([{QUOTE_CHARS}])")


def _format_exact_range(node: Range) -> str:
    """Return a range as text that parses to the same range: to the second, in UTC."""
    form = _format_instant if FIELDS[node.field].kind is FieldKind.DATE else str
    low, high = ("*" if bound is None else form(bound) for bound in (node.low, node.high))
    return f"{node.field}:[{low} TO {high}}}"


def _format_instant(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
