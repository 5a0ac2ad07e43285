"""Query → the cluster's own query."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from indexer.analysis import stem, tokens
from indexer.schema import DEFAULT_FIELDS, FIELDS, GROUPS, Kind, exact, facet, keyword_term
from search.engines.searcher import MAX_PREFIX_TERMS, RecencyStep
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

Dsl = dict[str, Any]


def compiled(query: Query) -> Dsl:
    match query:
        case All():
            return {"match_all": {}}
        case And(clauses):
            return _all_of(clauses)
        case Or(clauses):
            return _any_of([compiled(clause) for clause in clauses])
        case AtLeast(clauses, minimum):
            return _any_of([compiled(clause) for clause in clauses], minimum)
        case Not():
            return _all_of((query,))
        case Missing(field):
            return _filter({"bool": {"must_not": [{"exists": {"field": field}}]}})
        case Range(field, low, high):
            return _range(field, low, high)
        case leaf:
            return _leaf(leaf)


def _all_of(clauses: Sequence[Query]) -> Dsl:
    without = [compiled(clause.clause) for clause in clauses if isinstance(clause, Not)]
    having = [compiled(clause) for clause in clauses if not isinstance(clause, Not)]
    return {"bool": {"must": having or [_filter({"match_all": {}})], "must_not": without}}


def _any_of(queries: Sequence[Dsl], minimum: int = 1) -> Dsl:
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": minimum}}


def _filter(query: Dsl, score: float = 0.0) -> Dsl:
    return {"constant_score": {"filter": query, "boost": score}}


def _range(field: str, low: int | None, high: int | None, score: float = 0.0) -> Dsl:
    bounds = {"gte": low, "lt": high}
    within = {name: bound for name, bound in bounds.items() if bound is not None}
    return _filter({"range": {field: within}} if within else {"exists": {"field": field}}, score)


def _leaf(leaf: Term | Phrase | Near | Prefix | Fuzzy) -> Dsl:
    """A leaf in each of the fields that it is looked for in, weighed by the field."""
    fields = GROUPS.get(leaf.field) or ((leaf.field,) if leaf.field else DEFAULT_FIELDS)
    return _any_of([_boosted(_in_field(leaf, field), FIELDS[field].boost) for field in fields])


def _boosted(query: Dsl, boost: float) -> Dsl:
    return query if boost == 1.0 else {"bool": {"must": [query], "boost": boost}}


def _in_field(leaf: Term | Phrase | Near | Prefix | Fuzzy, field: str) -> Dsl:
    if isinstance(leaf, Term | Phrase) and is_value(leaf):
        return _filter({"term": {facet(field): leaf.text}})
    if isinstance(leaf, Term | Phrase) and FIELDS[field].kind is Kind.KEYWORD:
        return {"term": {field: keyword_term(field, leaf.text)}}
    match leaf:
        case Term(text, _, as_written) | Phrase(text, _, as_written):
            return _words(tokens(text), field, as_written)
        case Near(words, distance):
            return _near(words, distance, field)
        case Prefix(text):
            return {"prefix": {_unstemmed(field): {"value": text, "rewrite": "scoring_boolean"}}}
        case Fuzzy(text, distance):
            wanted = {"value": text, "fuzziness": distance, "max_expansions": MAX_PREFIX_TERMS}
            return {"fuzzy": {_unstemmed(field): wanted}}


def _words(found: Sequence[str], field: str, as_written: bool) -> Dsl:
    """One token, or several that follow each other."""
    if not found:
        return {"match_none": {}}
    name = _unstemmed(field) if as_written else field
    if len(found) == 1:
        return {"term": {name: found[0] if as_written else _indexed(found[0], field)}}
    words = found if as_written else [_indexed(word, field) for word in found]
    return {"match_phrase": {name: " ".join(words)}}


def _near(words: tuple[str, ...], distance: int, field: str) -> Dsl:
    """Every two words near each other, in either order."""
    terms = list(dict.fromkeys(_indexed(word, field) for word in words))
    if len(terms) == 1:
        return {"term": {field: terms[0]}}
    slop = max(distance, len(words) - 1) - 1
    pairs = [
        {
            "span_near": {
                "clauses": [{"span_term": {field: first}}, {"span_term": {field: second}}],
                "slop": slop,
                "in_order": False,
            }
        }
        for first, second in combinations(terms, 2)
    ]
    return {"bool": {"must": pairs}}


def having(token: str, field: str) -> Dsl:
    """Documents with a token's stem in a field."""
    return {"term": {field: _indexed(token, field)}}


def _indexed(token: str, field: str) -> str:
    return stem(token) if FIELDS[field].kind is Kind.TEXT else token


def _unstemmed(field: str) -> str:
    return exact(field) if FIELDS[field].kind is Kind.TEXT else field


def with_recency(query: Dsl, steps: Sequence[RecencyStep]) -> Dsl:
    if not steps:
        return query
    bonuses = [_range("date", step.since, None, step.bonus) for step in steps]
    return {"bool": {"must": [query], "should": bonuses}}


def bounds(query: Query) -> tuple[int | None, int | None]:
    """Between which dates all that a query finds was published, as far as it says."""
    clauses = query.clauses if isinstance(query, And) else (query,)
    ranges = [each for each in clauses if isinstance(each, Range) and each.field == "date"]
    lows = [each.low for each in ranges if each.low is not None]
    highs = [each.high for each in ranges if each.high is not None]
    return max(lows, default=None), min(highs, default=None)
