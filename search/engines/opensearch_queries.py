"""The query compiler of the opensearch engine: lowered clauses → the cluster's query DSL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indexer.engines.opensearch_cluster import get_stem_field
from search.engines.searcher import MAX_PREFIX_TERMS, RecencyStep
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
    SynonymClause,
    TermClause,
    UnscoredClause,
    ValueClause,
)

Dsl = dict[str, Any]


def compile_clause(clause: Clause) -> Dsl:
    """Compile a clause to the cluster's query DSL."""
    match clause:
        case BooleanClause(must, must_not):
            wanted = [compile_clause(part) for part in must] or [_make_filter({"match_all": {}})]
            return {"bool": {"must": wanted, "must_not": [*map(compile_clause, must_not)]}}
        case AnyClause(clauses, minimum):
            return _require_any([compile_clause(part) for part in clauses], minimum)
        case UnscoredClause(part):
            return _make_filter(compile_clause(part))
        case PrefixClause(fields, text):
            prefixes = [_boost_query(_compile_prefix(field, text), field.boost) for field in fields]
            return _require_any(prefixes)
        case SynonymClause(terms):
            return {"dis_max": {"queries": [compile_clause(term) for term in terms]}}
        case TermClause() | PhraseClause() | NearClause() | FuzzyClause():
            return _boost_query(_compile_word(clause), clause.field.boost)
        case leaf:
            return _compile_filter(leaf)


def _compile_word(clause: TermClause | PhraseClause | NearClause | FuzzyClause) -> Dsl:
    name = _get_index_name(clause.field)
    match clause:
        case TermClause(_, token):
            return {"term": {name: token}}
        case PhraseClause(_, tokens):
            return {"match_phrase": {name: " ".join(tokens)}}
        case NearClause():
            return _compile_near(clause)
        case FuzzyClause(_, text, distance):
            wanted = {"value": text, "fuzziness": distance, "max_expansions": MAX_PREFIX_TERMS}
            return {"fuzzy": {name: wanted}}


def _get_index_name(field: IndexField) -> str:
    return get_stem_field(field.name) if field.by_stem else field.name


def _compile_prefix(field: IndexField, text: str) -> Dsl:
    return {"prefix": {field.name: {"value": text, "rewrite": "scoring_boolean"}}}


def _compile_near(clause: NearClause) -> Dsl:
    """Return a query for every pair, in either order. Slop counts the words between two."""
    name = _get_index_name(clause.field)
    pairs = [
        {
            "span_near": {
                "clauses": [{"span_term": {name: first}}, {"span_term": {name: second}}],
                "slop": clause.distance - 1,
                "in_order": False,
            }
        }
        for first, second in clause.pairs
    ]
    return {"bool": {"must": pairs}}


def _compile_filter(clause: FilterClause) -> Dsl:
    match clause:
        case ValueClause(field, value):
            return _make_filter({"term": {field: value}})
        case RangeClause():
            return _make_filter(_compile_range(clause))
        case AllClause():
            return {"match_all": {}}
        case NothingClause():
            return {"match_none": {}}


def _compile_range(clause: RangeClause) -> Dsl:
    bounds = {"gte": clause.low, "lt": clause.high}
    within = {name: bound for name, bound in bounds.items() if bound is not None}
    return {"range": {clause.field: within}} if within else {"exists": {"field": clause.field}}


def _require_any(queries: Sequence[Dsl], minimum: int = 1) -> Dsl:
    if len(queries) == minimum == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": minimum}}


def _make_filter(query: Dsl, score: float = 0.0) -> Dsl:
    return {"constant_score": {"filter": query, "boost": score}}


def _boost_query(query: Dsl, boost: float) -> Dsl:
    return query if boost == 1.0 else {"bool": {"must": [query], "boost": boost}}


def add_recency(query: Dsl, steps: Sequence[RecencyStep]) -> Dsl:
    if not steps:
        return query
    bonuses = [
        _make_filter(_compile_range(RangeClause("date", step.since_seconds)), step.bonus)
        for step in steps
    ]
    return {"bool": {"must": [query], "should": bonuses}}


def find_date_bounds(clause: Clause) -> tuple[int | None, int | None]:
    """Return the dates between which all matches of a clause lie; None is an open side."""
    parts = clause.must if isinstance(clause, BooleanClause) else (clause,)
    ranges = [part for part in parts if isinstance(part, RangeClause) and part.field == "date"]
    lows = [part.low for part in ranges if part.low is not None]
    highs = [part.high for part in ranges if part.high is not None]
    return max(lows, default=None), min(highs, default=None)
