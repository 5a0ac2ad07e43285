"""How the tantivy engine reads queries: lowered clauses → tantivy's queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import Occur

from indexer.engines.tantivy_writer import schema
from search.engines.searcher import RecencyStep, expand_prefix
from search.query.clauses import (
    AllClause,
    AnyClause,
    BooleanClause,
    Clause,
    FilterClause,
    FuzzyClause,
    IndexField,
    NearClause,
    NothingClause,
    PhraseClause,
    PrefixClause,
    RangeClause,
    TermClause,
    ValueClause,
)
from search.query.lowering import lower
from search.query.nodes import Query

_EARLIEST = -(2**63)


class Compiler:
    """Compiles for one snapshot, whose words prefixes stand for."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def compile(self, query: Query) -> tantivy.Query:
        """Return tantivy's form of a query. Raises TooManyTermsError."""
        return self._compile(lower(query))

    def _compile(self, clause: Clause) -> tantivy.Query:
        match clause:
            case TermClause():
                return _compile_term(clause.field, clause.token)
            case BooleanClause(must, must_not):
                return _require_all(
                    [self._compile(part) for part in must],
                    [self._compile(part) for part in must_not],
                )
            case AnyClause(clauses, minimum):
                return _require_any([self._compile(part) for part in clauses], minimum)
            case PrefixClause():
                return self._compile_prefix(clause)
            case leaf:
                return _compile_leaf(leaf)

    def _compile_prefix(self, clause: PrefixClause) -> tantivy.Query:
        found = expand_prefix(clause, self._list_terms)
        return _require_any(
            [_compile_term(field, term) for field, terms in found.items() for term in terms]
        )

    def _list_terms(self, field: str, prefix: str, limit: int) -> list[str]:
        return [term for term, _ in self._searcher.terms_with_prefix(field, prefix, limit=limit)]


def _compile_leaf(
    clause: PhraseClause | NearClause | FuzzyClause | FilterClause,
) -> tantivy.Query:
    match clause:
        case PhraseClause(field, tokens):
            return _boost(_compile_phrase(field, tokens), field.boost)
        case NearClause(field):
            return _boost(_compile_near(clause), field.boost)
        case FuzzyClause(field, text, distance):
            fuzzy = tantivy.Query.fuzzy_term_query(schema(), field.name, text, distance)
            return _boost(fuzzy, field.boost)
        case ValueClause(name, value):
            return _filter(tantivy.Query.term_query(schema(), name, value))
        case RangeClause():
            return _compile_range(clause)
        case AllClause():
            return tantivy.Query.all_query()
        case NothingClause():
            return tantivy.Query.empty_query()


def _compile_term(field: IndexField, token: str) -> tantivy.Query:
    return _boost(tantivy.Query.term_query(schema(), field.name, token), field.boost)


def _compile_phrase(field: IndexField, tokens: Sequence[str], slop: int = 0) -> tantivy.Query:
    return tantivy.Query.phrase_query(schema(), field.name, list(tokens), slop)


def _compile_near(clause: NearClause) -> tantivy.Query:
    """Return what matches every pair in either order.

    Tantivy's slop counts the words between two that stand in the phrase's order; it lets
    them be swapped only at a higher price, which is why both orders are asked for.
    """
    field, slop = clause.field, clause.distance - 1
    return _require_all(
        [
            _require_any(
                [
                    _compile_phrase(field, [first, second], slop),
                    _compile_phrase(field, [second, first], slop),
                ]
            )
            for first, second in clause.pairs
        ]
    )


def _compile_range(clause: RangeClause) -> tantivy.Query:
    if clause.low is None and clause.high is None:
        return _filter(tantivy.Query.exists_query(clause.field))
    return _filter(
        tantivy.Query.range_query(
            schema(),
            clause.field,
            tantivy.FieldType.Integer,
            lower_bound=_EARLIEST if clause.low is None else clause.low,
            upper_bound=clause.high,
            include_upper=clause.high is None,
        )
    )


def _filter(query: tantivy.Query, score: float = 0.0) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, score)


def _require_all(
    must: Sequence[tantivy.Query], must_not: Iterable[tantivy.Query] = ()
) -> tantivy.Query:
    wanted = must or [_filter(tantivy.Query.all_query())]
    return tantivy.Query.boolean_query(
        [
            *((Occur.Must, query) for query in wanted),
            *((Occur.MustNot, query) for query in must_not),
        ]
    )


def _require_any(queries: Sequence[tantivy.Query], minimum: int = 1) -> tantivy.Query:
    if len(queries) == minimum == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries], minimum)


def _boost(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)


def with_recency(query: tantivy.Query, steps: Sequence[RecencyStep]) -> tantivy.Query:
    if not steps:
        return query
    bonuses = [
        (Occur.Should, _filter(_compile_range(RangeClause("date", step.since)), step.bonus))
        for step in steps
    ]
    return tantivy.Query.boolean_query([(Occur.Must, query), *bonuses])
