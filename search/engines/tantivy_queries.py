"""How the tantivy engine reads queries: our Query → tantivy's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import tantivy
from tantivy import Occur

from indexer.analysis import stem, tokens
from indexer.engines.tantivy_writer import schema
from indexer.schema import DEFAULT_FIELDS, FIELDS, GROUPS, Kind, exact, facet, keyword_term
from search.engines.searcher import MAX_PREFIX_TERMS, RecencyStep, TooManyTermsError
from search.query.nodes import (
    All,
    And,
    AtLeast,
    Fuzzy,
    Missing,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Term,
    is_value,
)

_EARLIEST = -(2**63)


class Compiler:
    """Compiles for one snapshot, whose words prefixes stand for."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def compile(self, query: Query) -> tantivy.Query:
        """Raises TooManyTermsError."""
        match query:
            case All():
                return tantivy.Query.all_query()
            case And(clauses):
                return _all_of(self._occurring(clause) for clause in clauses)
            case Or(clauses):
                return _any_of([self.compile(clause) for clause in clauses])
            case AtLeast(clauses, minimum):
                shoulds = [(Occur.Should, self.compile(clause)) for clause in clauses]
                return tantivy.Query.boolean_query(shoulds, minimum)
            case Not():
                return _all_of([self._occurring(query)])
            case Missing(field):
                return _without(tantivy.Query.exists_query(field))
            case Range(field, low, high):
                return _range(field, low, high)
            case leaf:
                return self._leaf(leaf)

    def _occurring(self, clause: Query) -> tuple[Occur, tantivy.Query]:
        if isinstance(clause, Not):
            return Occur.MustNot, self.compile(clause.clause)
        return Occur.Must, self.compile(clause)

    def _leaf(self, leaf: Term | Phrase | Near | Prefix | Fuzzy) -> tantivy.Query:
        """A leaf in each of the fields that it is looked for in, weighed by the field."""
        fields = GROUPS.get(leaf.field) or ((leaf.field,) if leaf.field else DEFAULT_FIELDS)
        if isinstance(leaf, Prefix):
            return self._prefix(leaf.text, fields)
        return _any_of([_boosted(_in_field(leaf, field), FIELDS[field].boost) for field in fields])

    def _prefix(self, text: str, fields: Sequence[str]) -> tantivy.Query:
        found: dict[str, list[str]] = {}
        for field in fields:
            terms = self._searcher.terms_with_prefix(
                _unstemmed(field), text, limit=MAX_PREFIX_TERMS + 1
            )
            found[field] = [term for term, _ in terms]
        if len(set().union(*found.values())) > MAX_PREFIX_TERMS:
            raise TooManyTermsError(text, MAX_PREFIX_TERMS)
        return _any_of(
            [
                _boosted(
                    tantivy.Query.term_query(schema(), _unstemmed(field), term), FIELDS[field].boost
                )
                for field, terms in found.items()
                for term in terms
            ]
        )


def _unstemmed(field: str) -> str:
    return exact(field) if FIELDS[field].kind is Kind.TEXT else field


def _in_field(leaf: Term | Phrase | Near | Fuzzy, field: str) -> tantivy.Query:
    if is_value(leaf):
        return _value(leaf, field)
    if FIELDS[field].kind is Kind.KEYWORD:
        return _keyword(leaf, field)
    match leaf:
        case Term(text, _, as_written) | Phrase(text, _, as_written):
            return _words(tokens(text), field, as_written)
        case Near(words, distance):
            return _near(words, distance, field)
        case Fuzzy(text, distance):
            return tantivy.Query.fuzzy_term_query(schema(), _unstemmed(field), text, distance)


def _value(leaf: Term | Phrase | Near | Fuzzy, field: str) -> tantivy.Query:
    assert isinstance(leaf, Term | Phrase)  # noqa: S101 - no others are values
    one = tantivy.Query.term_query(schema(), facet(field), leaf.text)
    return tantivy.Query.const_score_query(one, 0.0)


def _keyword(leaf: Term | Phrase | Near | Fuzzy, field: str) -> tantivy.Query:
    assert isinstance(leaf, Term | Phrase)  # noqa: S101 - the parser gives no others
    return tantivy.Query.term_query(schema(), field, keyword_term(field, leaf.text))


def _words(found: Sequence[str], field: str, as_written: bool) -> tantivy.Query:
    """One token, or several that follow each other."""
    name = _unstemmed(field) if as_written else field
    terms = [stem(token) for token in found] if name == field and _stems(field) else list(found)
    if len(terms) == 1:
        return tantivy.Query.term_query(schema(), name, terms[0])
    if not terms:
        return tantivy.Query.empty_query()
    return tantivy.Query.phrase_query(schema(), name, terms)  # type: ignore[arg-type]


def _stems(field: str) -> bool:
    return FIELDS[field].kind is Kind.TEXT


def _near(words: tuple[str, ...], distance: int, field: str) -> tantivy.Query:
    """Every two words near each other, in either order.

    Tantivy's slop counts the words between two that stand in the phrase's order; it lets
    them be swapped only at a higher price, which is why both orders are asked for.
    """
    terms = list(dict.fromkeys(stem(word) if _stems(field) else word for word in words))
    if len(terms) == 1:
        return tantivy.Query.term_query(schema(), field, terms[0])
    slop = max(distance, len(words) - 1) - 1
    return _all_of(
        (
            Occur.Must,
            _any_of(
                [
                    tantivy.Query.phrase_query(schema(), field, [first, second], slop),
                    tantivy.Query.phrase_query(schema(), field, [second, first], slop),
                ]
            ),
        )
        for first, second in combinations(terms, 2)
    )


def _range(field: str, low: int | None, high: int | None) -> tantivy.Query:
    return tantivy.Query.const_score_query(
        tantivy.Query.range_query(
            schema(),
            field,
            tantivy.FieldType.Integer,
            lower_bound=_EARLIEST if low is None else low,
            upper_bound=high,
            include_upper=high is None,
        ),
        0.0,
    )


def _without(query: tantivy.Query) -> tantivy.Query:
    return _all_of([(Occur.MustNot, query)])


def _all_of(clauses: Iterable[tuple[Occur, tantivy.Query]]) -> tantivy.Query:
    parts = list(clauses)
    if all(occur == Occur.MustNot for occur, _ in parts):
        parts.append((Occur.Must, tantivy.Query.const_score_query(tantivy.Query.all_query(), 0.0)))
    return tantivy.Query.boolean_query(parts)


def _any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])


def _boosted(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)


def with_recency(query: tantivy.Query, steps: Sequence[RecencyStep]) -> tantivy.Query:
    if not steps:
        return query
    bonuses = [
        (
            Occur.Should,
            tantivy.Query.const_score_query(_range("date", step.since, None), step.bonus),
        )
        for step in steps
    ]
    return tantivy.Query.boolean_query([(Occur.Must, query), *bonuses])
