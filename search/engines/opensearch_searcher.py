"""The searcher half of the opensearch engine: matches, order and counts."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import pairwise
from threading import Lock
from typing import Self

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, OpenSearchException, TransportError

from indexer.engines import IndexDamagedError
from indexer.engines.cluster_settings import UNDATED, ClusterPlace, month
from indexer.engines.opensearch_cluster import (
    ARTICLE,
    STORE,
    VERSION,
    WINDOW,
    connect,
    telling,
    unpacked,
    vocabulary,
)
from indexer.schema import (
    COMPLETIONS,
    DEFAULT_FIELDS,
    FIELDS,
    FieldKind,
    get_exact_field,
    get_facet_field,
)
from search.engines.opensearch_queries import Dsl, bounds, compile_clause, with_recency
from search.engines.ranking import has_scores
from search.engines.searcher import (
    MAX_PREFIX_TERMS,
    Bucket,
    Dates,
    Facet,
    Match,
    Matches,
    RecencyStep,
    Sort,
    TooManyTermsError,
)
from search.query.clauses import Clause, iterate_prefixes
from search.query.lowering import lower, lower_token
from search.query.nodes import Query
from search.query.query_errors import QueryPartError

# How long the cluster keeps a snapshot after the last request for it.
_KEEP = "10m"
# Values that each shard gives, so that the sums are right; more are asked for where they may not.
_VALUES_A_SHARD = 1_000
_MOST_VALUES = 60_000
# Fields whose words can be counted.
_COUNTABLE = frozenset(
    get_exact_field(name) for name in DEFAULT_FIELDS if FIELDS[name].kind is FieldKind.TEXT
)
# Different values are counted exactly up to about so many.
_COUNTED = 40_000


def open_searcher(place: ClusterPlace) -> OpenSearchSearcher:
    """Open the last commit of an index. Raises IndexDamagedError, IndexUnreachableError."""
    return OpenSearchSearcher(place)


class OpenSearchSearcher:
    """See Searcher.

    The snapshot is a point in time of the cluster's. One that the cluster has lost, such as
    when a node was, is taken anew: then it is of a later commit.
    """

    def __init__(self, place: ClusterPlace) -> None:
        self._place = place
        self._client = connect(place.settings)
        self._turn = Lock()
        self._pits: list[str] = []
        self._frequencies: dict[str, int] = {}
        with telling(place.settings):
            self._pit, self._lacking = self._snapshot()
        self.partial = self._lacking
        # A cluster keeps few snapshots; other threads may use this one after a newer one is open.
        self._end = weakref.finalize(self, _forget, self._client, self._pits)

    def _snapshot(self) -> tuple[str, bool]:
        """Return the name of a new point in time, and whether parts of the index are not in it."""
        try:
            made = self._client.create_pit(index=self._place.alias, params={"keep_alive": _KEEP})
        except NotFoundError as err:
            raise IndexDamagedError(self._place.alias) from err
        self._pits.append(made["pit_id"])
        return made["pit_id"], bool(made["_shards"]["failed"])

    def search(
        self,
        query: Query,
        *,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 10,
        offset: int = 0,
        recency: tuple[RecencyStep, ...] = (),
    ) -> Matches:
        clause = lower(query)
        self._check_prefixes(clause)
        wanted = self._within(clause)
        by_score = sort is Sort.RELEVANCE and has_scores(query)
        if by_score:
            wanted = with_recency(wanted, recency)
        body = {
            "query": wanted,
            "sort": _ORDERS[sort if by_score or sort is Sort.OLDEST else Sort.NEWEST],
            "track_scores": by_score,
            "track_total_hits": True,
            "docvalue_fields": [VERSION, STORE],
            "_source": [ARTICLE],
        }
        found = self._page(clause, body, offset, limit)
        return Matches(
            found["hits"]["total"]["value"],
            tuple(self._match(hit) for hit in found["hits"]["hits"]),
        )

    def _match(self, hit: Dsl) -> Match:
        fields = hit["fields"]
        ours = fields[STORE][0] == self._place.store
        article = unpacked(hit["_source"][ARTICLE])
        return Match(int(fields[VERSION][0]) if ours else 0, float(hit["_score"] or 0.0), article)

    def _page(self, clause: Clause, body: Dsl, offset: int, limit: int) -> Dsl:
        """Return a page, however far down; hits before it are passed over by their order."""
        after: Dsl = {}
        while offset + limit > WINDOW:
            step = min(offset, WINDOW) or WINDOW
            passed = self._ask(clause, {**body, **after, "size": step, "_source": False})
            hits = passed["hits"]["hits"]
            if len(hits) < step:
                return {"hits": {"total": passed["hits"]["total"], "hits": []}}
            after = {"search_after": hits[-1]["sort"]}
            offset -= step
        if not after:
            return self._ask(clause, {**body, "from": offset, "size": limit})
        found = self._ask(clause, {**body, **after, "size": offset + limit})
        del found["hits"]["hits"][:offset]
        return found

    # -- asking

    def _within(self, clause: Clause) -> Dsl:
        """Return the cluster's query, limited to the periods that the clause touches."""
        compiled = compile_clause(clause)
        low, high = bounds(clause)
        if low is None and high is None:
            return compiled
        touched = [
            index
            for index, period in self._periods.items()
            if (low is None or period >= month(low)[: len(period)])
            and (high is None or period <= month(high - 1)[: len(period)])
        ]
        return {"bool": {"must": [compiled], "filter": [{"terms": {"_index": touched}}]}}

    @cached_property
    def _periods(self) -> dict[str, str]:
        """Each index of dated articles, and its period: a month or a year, as its maker wished."""
        with telling(self._place.settings):
            found = self._client.indices.get_alias(name=self._place.alias, params={"local": "true"})
        start = len(self._place.alias) + 1
        return {index: index[start:] for index in found if index[start:] != UNDATED}

    def _check_prefixes(self, clause: Clause) -> None:
        """Raise TooManyTermsError here: one shard alone may have few of the words."""
        most = MAX_PREFIX_TERMS + 1
        for prefix in set(iterate_prefixes(clause)):
            for name in _COUNTABLE.intersection(field.name for field in prefix.fields):
                if len(self.terms(name, prefix.text, most)) == most:
                    raise TooManyTermsError(prefix.text, MAX_PREFIX_TERMS)

    def _ask(self, clause: Clause | None, body: Dsl) -> Dsl:
        """Search in the snapshot, in a new one if it is lost."""
        try:
            with telling(self._place.settings):
                found = self._attempt(body)
                if found["_shards"]["failed"] or found["timed_out"]:
                    self._renew(found["pit_id"])
                    found = self._attempt(body)
        except TooManyClausesError as err:
            raise _too_many(clause) from err
        if self._lacking or found["_shards"]["failed"] or found["timed_out"]:
            self.partial = True
        return found

    def _attempt(self, body: Dsl) -> Dsl:
        pit = self._pit
        whole = {"_source": False, **body, "pit": {"id": pit, "keep_alive": _KEEP}}
        whole["timeout"] = f"{self._place.settings.timeout * 0.9:.0f}s"
        try:
            return self._searched(whole)
        except NotFoundError:
            self._renew(pit)
            return self._searched({**whole, "pit": {"id": self._pit, "keep_alive": _KEEP}})

    def _searched(self, body: Dsl) -> Dsl:
        try:
            found: Dsl = self._client.search(body=body, params=_PARAMS)
        except TransportError as err:
            if "too_many_clauses" in str(err.info):
                raise TooManyClausesError from err
            raise
        found.setdefault("pit_id", body["pit"]["id"])
        return found

    def _renew(self, lost: str) -> None:
        with self._turn:
            if self._pit == lost:
                self._pit, self._lacking = self._snapshot()

    # -- counts

    def facet(self, query: Query, field: str, limit: int) -> Facet:
        shown = max(limit, 1)
        each = max(shown, _VALUES_A_SHARD)
        while True:
            found = self._counted(query, field, shown, each)
            right = not found["values"]["doc_count_error_upper_bound"]
            if right or each >= _MOST_VALUES:
                break
            each = min(each * 8, _MOST_VALUES)
        values = int(found["count"]["value"])
        buckets = [Bucket(str(one["key"]), one["doc_count"]) for one in found["values"]["buckets"]]
        return Facet(tuple(buckets[:limit]), values, right and values < _COUNTED)

    def _counted(self, query: Query, field: str, limit: int, each: int) -> Dsl:
        order = [{"_count": "desc"}, {"_key": "asc"}]
        terms = {"field": get_facet_field(field), "size": limit, "order": order, "shard_size": each}
        aggs = {
            "values": {"terms": terms},
            "count": {
                "cardinality": {"field": get_facet_field(field), "precision_threshold": _COUNTED}
            },
        }
        return self._count_matches(query, aggs)

    def _count_matches(self, query: Query, aggs: Dsl) -> Dsl:
        clause = lower(query)
        return self._aggregated(clause, self._within(clause), aggs)

    def _aggregated(self, clause: Clause | None, wanted: Dsl, aggs: Dsl) -> Dsl:
        body = {"query": wanted, "size": 0, "track_total_hits": True, "aggs": aggs}
        found = self._ask(clause, body)
        return {**found.get("aggregations", {}), "total": found["hits"]["total"]["value"]}

    def dates(self, query: Query) -> Dates:
        aggs = {"dates": {"stats": {"field": "date"}}}
        found = self._count_matches(query, aggs)
        dates = found["dates"]
        first, last = int(dates["min"] or 0), int(dates["max"] or 0)
        return Dates(found["total"], int(dates["count"]), first, last)

    def histogram(self, query: Query, edges: Sequence[int]) -> tuple[int, ...]:
        ranges = [{"from": low, "to": high} for low, high in pairwise(edges)]
        if not ranges:
            return ()
        aggs = {"dates": {"range": {"field": "date", "ranges": ranges}}}
        found = self._count_matches(query, aggs)["dates"]["buckets"]
        counts = {int(one["from"]): int(one["doc_count"]) for one in found}
        return tuple(counts[low] for low in edges[:-1])

    def terms(self, name: str, beginning: str, limit: int) -> tuple[Bucket, ...]:
        field = name if name == COMPLETIONS else vocabulary(name)
        terms: Dsl = {"field": field, "size": limit, "order": [{"_count": "desc"}, {"_key": "asc"}]}
        terms |= {"include": f"{_literal(beginning)}.*", "shard_size": limit + _VALUES_A_SHARD}
        wanted = {"prefix": {name: {"value": beginning, "rewrite": "constant_score"}}}
        found = self._aggregated(None, wanted, {"terms": {"terms": terms}})["terms"]["buckets"]
        return tuple(Bucket(str(one["key"]), int(one["doc_count"])) for one in found)

    def frequency(self, token: str) -> int:
        if token not in self._frequencies:
            self._frequencies[token] = self._frequency(token)
        return self._frequencies[token]

    def _frequency(self, token: str) -> int:
        term = lower_token(token)
        wanted = {"term": {term.field.name: term.token}}
        return int(self._aggregated(None, wanted, {})["total"])

    def versions(self) -> Iterator[int]:
        body: Dsl = {"query": {"term": {STORE: self._place.store}}, "docvalue_fields": [VERSION]}
        # One that is there twice is so in two periods. What tells copies of a shard apart, such as
        # their own order, would not do: after the loss of a node others are asked.
        order = [{VERSION: "asc"}, {"date": {"order": "asc", "missing": "_last"}}]
        body |= {"sort": order, "size": WINDOW, "track_total_hits": False}
        after: Dsl = {}
        while hits := self._ask(None, {**body, **after})["hits"]["hits"]:
            yield from (int(hit["fields"][VERSION][0]) for hit in hits)
            after = {"search_after": hits[-1]["sort"]}

    @cached_property
    def count(self) -> int:
        return int(self._aggregated(None, {"match_all": {}}, {})["total"])

    def close(self) -> None:
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class TooManyClausesError(QueryPartError):
    """A query becomes more clauses than the cluster allows."""


def _too_many(clause: Clause | None) -> TooManyTermsError:
    """Return an error for the first prefix: the cluster does not report which is too short."""
    prefixes = iterate_prefixes(clause) if clause else iter(())
    return TooManyTermsError(next((prefix.text for prefix in prefixes), ""), MAX_PREFIX_TERMS)


def _forget(client: OpenSearch, pits: Sequence[str]) -> None:
    """Have the cluster give up snapshots; if it does not hear it, it does so by itself later."""
    with suppress(OpenSearchException):
        client.delete_pit(body={"pit_id": list(pits)})


def _literal(text: str) -> str:
    """Text for a regular expression that is this text only."""
    return "".join(char if char.isalnum() else f"\\{char}" for char in text)


# Scores are of all shards' words together, so that articles of two periods can be compared.
_PARAMS = {"search_type": "dfs_query_then_fetch", "pre_filter_shard_size": "1"}
_TIES: list[Dsl] = [{"date": {"order": "desc", "missing": "_last"}}, {"id": "asc"}]
_ORDERS: dict[Sort, list[Dsl]] = {
    Sort.RELEVANCE: [{"_score": {"order": "desc"}}, *_TIES],
    Sort.NEWEST: _TIES,
    Sort.OLDEST: [{"date": {"order": "asc", "missing": "_last"}}, {"id": "asc"}],
}
