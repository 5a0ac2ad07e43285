"""Aliases: alternative names of one thing; a query for one of them finds the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.analysis import tokenize
from indexer.schema import FIELDS, FieldKind
from search.query.nodes import And, AtLeast, Not, Or, Phrase, Query, Term

AliasGroup = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppliedAlias:
    """An alias that expanded a query: the query's words, and the names added to them."""

    text: str
    other_names: tuple[str, ...]


class Aliases:
    """Groups of names. A word, phrase or run of words that is a name matches its whole group.

    A name in several groups matches the names of all of them.
    """

    def __init__(self, groups: Sequence[AliasGroup]) -> None:
        self._groups: dict[tuple[str, ...], AliasGroup] = {}
        for group in groups:
            for name in group:
                written = tuple(tokenize(name))
                self._groups[written] = (*self._groups.get(written, ()), *group)
        self._max_tokens = max(map(len, self._groups), default=0)

    def expand_query(self, query: Query) -> tuple[Query, tuple[AppliedAlias, ...]]:
        """Return the query with aliases added, and those aliases. Exact words (`=`) get none."""
        used: dict[str, AppliedAlias] = {}
        return self._expand(query, used), tuple(used.values())

    def _expand(self, query: Query, used: dict[str, AppliedAlias]) -> Query:
        if not self._groups:
            return query
        match query:
            case And(clauses):
                widened = tuple(self._expand_run(clauses, used))
                return widened[0] if len(widened) == 1 else And(widened)
            case Or(clauses):
                return Or(tuple(self._expand(clause, used) for clause in clauses))
            case AtLeast(clauses, minimum):
                return AtLeast(tuple(self._expand(clause, used) for clause in clauses), minimum)
            case Not(clause):
                return Not(self._expand(clause, used))
            case Term() | Phrase() if _can_expand(query):
                return self._add_alternatives(query, query.text, query.field, used)
            case _:
                return query

    def _expand_run(
        self, clauses: tuple[Query, ...], used: dict[str, AppliedAlias]
    ) -> Iterator[Query]:
        """Yield the clauses of an And; consecutive words that are a name become one clause."""
        at = 0
        while at < len(clauses):
            for length in range(min(self._max_tokens, len(clauses) - at), 1, -1):
                run = clauses[at : at + length]
                text = _join_terms(run)
                if text and tuple(tokenize(text)) in self._groups:
                    first = run[0]
                    field = first.field if isinstance(first, Term) else ""
                    yield self._add_alternatives(And(run), text, field, used)
                    at += length
                    break
            else:
                yield self._expand(clauses[at], used)
                at += 1

    def _add_alternatives(
        self, query: Query, text: str, field: str, used: dict[str, AppliedAlias]
    ) -> Query:
        written = tuple(tokenize(text))
        group = self._groups.get(written)
        if group is None:
            return query
        # Keyed by tokens: names that differ only in case or marks are one name.
        others = tuple({tuple(tokenize(name)): name for name in group if tokenize(name)}.values())
        others = tuple(name for name in others if tuple(tokenize(name)) != written)
        if not others:
            return query
        used.setdefault(text, AppliedAlias(text, others))
        return Or((query, *(_make_name_query(name, field) for name in others)))


def _can_expand(leaf: Term | Phrase) -> bool:
    field = FIELDS.get(leaf.field)
    return not leaf.exact and (field is None or field.kind in {FieldKind.TEXT, FieldKind.NAMES})


def _join_terms(run: Sequence[Query]) -> str:
    """Return the words of consecutive terms in one field; "" for any other clauses."""
    terms = [clause for clause in run if isinstance(clause, Term) and _can_expand(clause)]
    if len(terms) < len(run) or len({term.field for term in terms}) > 1:
        return ""
    return " ".join(term.text for term in terms)


def _make_name_query(name: str, field: str) -> Query:
    return Term(name, field) if len(tokenize(name)) == 1 else Phrase(name, field)
