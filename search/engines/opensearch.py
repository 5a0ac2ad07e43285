"""The searcher half of the opensearch engine: Query → query DSL → matches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Self

from indexer.analysis import stem, tokens
from indexer.engines.opensearch import VERSION, place
from indexer.schema import DEFAULT_FIELDS, FIELDS, GROUPS, Kind, exact, facet, keyword_term
from search.query import (
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
)
from search.ranking import has_scores
from search.searcher import (
    MAX_PREFIX_TERMS,
    Bucket,
    Match,
    Matches,
    RecencyStep,
    Sort,
    TooManyTermsError,
)

Dsl = dict[str, Any]

_KEEP = "10m"
_WINDOW = 10_000  # hits from the first one that a cluster gives without searching after


def open_searcher(folder: Path) -> OpenSearchSearcher:
    """Open the last commit of an index. Raises IndexDamagedError."""
    return OpenSearchSearcher(folder)


class OpenSearchSearcher:
    """See Searcher. The snapshot is a point in time of the cluster's."""

    def __init__(self, folder: Path) -> None:
        there = place(folder)
        self._client = there.client()
        made = self._client.create_pit(index=there.alias, params={"keep_alive": _KEEP})
        self._pit = made["pit_id"]

    def search(
        self,
        query: Query,
        *,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 10,
        offset: int = 0,
        recency: tuple[RecencyStep, ...] = (),
    ) -> Matches:
        compiled = _compile(query)
        by_score = sort is Sort.RELEVANCE and has_scores(query)
        if by_score:
            compiled = _with_recency(compiled, recency)
        body = {
            "query": compiled,
            "sort": _ORDERS[sort if by_score or sort is Sort.OLDEST else Sort.NEWEST],
            "track_scores": by_score,
            "track_total_hits": True,
            "docvalue_fields": [VERSION],
        }
        found = self._page(body, offset, limit)
        return Matches(
            found["hits"]["total"]["value"],
            tuple(
                Match(int(hit["fields"][VERSION][0]), float(hit["_score"] or 0.0))
                for hit in found["hits"]["hits"]
            ),
        )

    def _page(self, body: Dsl, offset: int, limit: int) -> Dsl:
        after: list[Any] | None = None
        while offset + limit > _WINDOW:
            step = min(offset, _WINDOW) or _WINDOW
            skipped = self._ask({**body, **_after(after), "size": step})
            hits = skipped["hits"]["hits"]
            if len(hits) < step:
                return {"hits": {"total": skipped["hits"]["total"], "hits": []}}
            after = hits[-1]["sort"]
            offset -= step
        if after:
            found = self._ask({**body, **_after(after), "size": offset + limit})
            del found["hits"]["hits"][:offset]
            return found
        return self._ask({**body, "from": offset, "size": limit})

    def _ask(self, body: Dsl) -> Dsl:
        found: Dsl = self._client.search(
            body={"_source": False, **body, "pit": {"id": self._pit, "keep_alive": _KEEP}},
            params={"search_type": "dfs_query_then_fetch"},
        )
        return found

    def facet(self, query: Query, field: str, limit: int) -> tuple[Bucket, ...]:
        # Each shard gives more than are shown, so that what is frequent in few counts.
        order = [{"_count": "desc"}, {"_key": "asc"}]
        terms = {
            "field": facet(field), "size": limit, "order": order, "shard_size": limit + 1_000,
        }  # fmt: skip
        body = {"query": _compile(query), "size": 0, "aggs": {"values": {"terms": terms}}}
        found = self._ask(body)["aggregations"]["values"]["buckets"]
        return tuple(Bucket(str(bucket["key"]), int(bucket["doc_count"])) for bucket in found)

    def frequency(self, token: str) -> int:
        filters = {field: _term(token, field) for field in DEFAULT_FIELDS}
        body = {"size": 0, "aggs": {"fields": {"filters": {"filters": filters}}}}
        found = self._ask(body)["aggregations"]["fields"]["buckets"]
        return max(int(bucket["doc_count"]) for bucket in found.values())

    def versions(self) -> Iterator[int]:
        body: Dsl = {"query": {"match_all": {}}, "docvalue_fields": [VERSION]}
        body |= {"sort": [{"_shard_doc": "asc"}], "size": _WINDOW, "track_total_hits": False}
        after: list[Any] | None = None
        while hits := self._ask({**body, **_after(after)})["hits"]["hits"]:
            yield from (int(hit["fields"][VERSION][0]) for hit in hits)
            after = hits[-1]["sort"]

    @property
    def count(self) -> int:
        body = {"query": {"match_all": {}}, "size": 0, "track_total_hits": True}
        return int(self._ask(body)["hits"]["total"]["value"])

    def close(self) -> None:
        self._client.delete_pit(body={"pit_id": [self._pit]})
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _after(sort: list[Any] | None) -> Dsl:
    return {"search_after": sort} if sort else {}


_TIES = [{"date": {"order": "desc", "missing": "_last"}}, {"id": "asc"}]
_ORDERS: dict[Sort, list[Dsl]] = {
    Sort.RELEVANCE: [{"_score": {"order": "desc"}}, *_TIES],
    Sort.NEWEST: _TIES,
    Sort.OLDEST: [{"date": {"order": "asc", "missing": "_last"}}, {"id": "asc"}],
}


# -- compiling


def _compile(query: Query) -> Dsl:
    match query:
        case All():
            return {"match_all": {}}
        case And(clauses):
            return _all_of(clauses)
        case Or(clauses):
            return _any_of([_compile(clause) for clause in clauses])
        case AtLeast(clauses, minimum):
            return _any_of([_compile(clause) for clause in clauses], minimum)
        case Not():
            return _all_of((query,))
        case Missing(field):
            return _filter({"bool": {"must_not": [{"exists": {"field": field}}]}})
        case Range(field, low, high):
            return _range(field, low, high)
        case leaf:
            return _leaf(leaf)


def _all_of(clauses: Sequence[Query]) -> Dsl:
    without = [_compile(clause.clause) for clause in clauses if isinstance(clause, Not)]
    having = [_compile(clause) for clause in clauses if not isinstance(clause, Not)]
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
    return {"match_phrase": {name: " ".join(found)}}


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


def _term(token: str, field: str) -> Dsl:
    return {"term": {field: _indexed(token, field)}}


def _indexed(token: str, field: str) -> str:
    return stem(token) if FIELDS[field].kind is Kind.TEXT else token


def _unstemmed(field: str) -> str:
    return exact(field) if FIELDS[field].kind is Kind.TEXT else field


def _with_recency(query: Dsl, steps: Sequence[RecencyStep]) -> Dsl:
    if not steps:
        return query
    bonuses = [_range("date", step.since, None, step.bonus) for step in steps]
    return {"bool": {"must": [query], "should": bonuses}}
