"""Aliases: names of one thing, so that a query for one of them finds the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.analysis import tokenize
from indexer.schema import FIELDS, FieldKind
from search.query.nodes import And, AtLeast, Not, Or, Phrase, Query, Term

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """An alias that a query was widened by: the words written, and the names that count too."""

    written: str
    others: tuple[str, ...]


class Aliases:
    """Groups of names. A query's word, phrase or run of words that is one stands for all.

    A name in several groups stands for the names of all of them.
    """

    def __init__(self, groups: Sequence[Group]) -> None:
        self._groups: dict[tuple[str, ...], Group] = {}
        for group in groups:
            for name in group:
                written = tuple(tokenize(name))
                self._groups[written] = (*self._groups.get(written, ()), *group)
        self._longest = max(map(len, self._groups), default=0)

    def widen(self, query: Query) -> tuple[Query, tuple[Used, ...]]:
        """The query with aliases put in, and which were. Words as written (`=`) stay alone."""
        used: dict[str, Used] = {}
        return self._widen(query, used), tuple(used.values())

    def _widen(self, query: Query, used: dict[str, Used]) -> Query:
        if not self._groups:
            return query
        match query:
            case And(clauses):
                widened = tuple(self._widen_run(clauses, used))
                return widened[0] if len(widened) == 1 else And(widened)
            case Or(clauses):
                return Or(tuple(self._widen(clause, used) for clause in clauses))
            case AtLeast(clauses, minimum):
                return AtLeast(tuple(self._widen(clause, used) for clause in clauses), minimum)
            case Not(clause):
                return Not(self._widen(clause, used))
            case Term() | Phrase() if _takes_aliases(query):
                return self._alternatives(query, query.text, query.field, used)
            case _:
                return query

    def _widen_run(self, clauses: tuple[Query, ...], used: dict[str, Used]) -> Iterator[Query]:
        """Clauses of an And, with words side by side that make a name taken together."""
        at = 0
        while at < len(clauses):
            for length in range(min(self._longest, len(clauses) - at), 1, -1):
                run = clauses[at : at + length]
                text = _joined(run)
                if text and tuple(tokenize(text)) in self._groups:
                    first = run[0]
                    field = first.field if isinstance(first, Term) else ""
                    yield self._alternatives(And(run), text, field, used)
                    at += length
                    break
            else:
                yield self._widen(clauses[at], used)
                at += 1

    def _alternatives(self, query: Query, text: str, field: str, used: dict[str, Used]) -> Query:
        written = tuple(tokenize(text))
        group = self._groups.get(written)
        if group is None:
            return query
        # By tokens, so that names that differ in case or marks alone count once.
        others = tuple({tuple(tokenize(name)): name for name in group if tokenize(name)}.values())
        others = tuple(name for name in others if tuple(tokenize(name)) != written)
        if not others:
            return query
        used.setdefault(text, Used(text, others))
        return Or((query, *(_name(name, field) for name in others)))


def _takes_aliases(leaf: Term | Phrase) -> bool:
    field = FIELDS.get(leaf.field)
    return not leaf.exact and (field is None or field.kind in {FieldKind.TEXT, FieldKind.NAMES})


def _joined(run: Sequence[Query]) -> str:
    """The words of a run of terms in one field; "" if it is not one."""
    terms = [clause for clause in run if isinstance(clause, Term) and _takes_aliases(clause)]
    if len(terms) < len(run) or len({term.field for term in terms}) > 1:
        return ""
    return " ".join(term.text for term in terms)


def _name(name: str, field: str) -> Query:
    return Term(name, field) if len(tokenize(name)) == 1 else Phrase(name, field)
