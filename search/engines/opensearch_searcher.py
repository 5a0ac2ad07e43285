"""The searcher half of the opensearch engine: matches, order and counts."""

from __future__ import annotations

import base64
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from threading import Lock
from typing import Self

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, OpenSearchException, TransportError

from indexer.engines import IndexDamagedError
from indexer.engines.cluster_settings import UNDATED_PERIOD, ClusterPlace, format_month
from indexer.engines.opensearch_cluster import (
    ARTICLE_FIELD,
    MAX_WINDOW_HITS,
    SIGNATURE_FIELD,
    STORE_FIELD,
    VERSION_FIELD,
    connect_cluster,
    get_vocabulary_field,
    translate_errors,
    unpack_article,
)
from indexer.schema import (
    ALL_TEXT,
    COMPLETIONS,
    DEFAULT_FIELDS,
    FIELDS,
    FieldKind,
    get_facet_field,
)
from indexer.stemming import STEMMING_LANGUAGES, make_language_prefix
from search.engines.hit_order import has_scores
from search.engines.opensearch_queries import Dsl, add_recency, compile_clause, find_date_bounds
from search.engines.searcher import (
    MAX_PREFIX_TERMS,
    Bucket,
    DateSummary,
    Facet,
    Match,
    Matches,
    RecencyStep,
    Sort,
    TooManyTermsError,
)
from search.query.clauses import Clause, iterate_prefixes
from search.query.lowering import list_token_terms, lower_query
from search.query.nodes import Query
from search.query.query_errors import QueryPartError

# How long the cluster keeps a snapshot after the last request for it.
_PIT_KEEP_ALIVE = "10m"
# Values that each shard returns, so that the sums are exact; more are requested if they may not be.
_MIN_VALUES_PER_SHARD = 1_000
_MAX_VALUES_PER_SHARD = 60_000
# Fields whose words can be counted.
_COUNTABLE_FIELDS = frozenset(
    name for name in DEFAULT_FIELDS if FIELDS[name].kind is FieldKind.TEXT
)
# Tokens that are counted in one request.
_MAX_COUNTED_TOKENS = 500
# Different values are counted exactly up to about this many.
_MAX_EXACT_VALUES = 40_000


def open_searcher(place: ClusterPlace) -> OpenSearchSearcher:
    """Open the last commit of an index. Raises IndexDamagedError, IndexUnreachableError."""
    return OpenSearchSearcher(place)


class OpenSearchSearcher:
    """See Searcher.

    The snapshot is a point in time of the cluster's. One that the cluster loses, such as with a
    node, is replaced by a new one, which is of a later commit.
    """

    def __init__(self, place: ClusterPlace) -> None:
        self._place = place
        self._client = connect_cluster(place.settings)
        self._pit_lock = Lock()
        self._pit_ids: list[str] = []
        self._document_counts: dict[str, int] = {}
        with translate_errors(place.settings):
            self._pit_id, self._has_failed_shards = self._create_pit()
        self.is_partial = self._has_failed_shards
        # A cluster keeps few snapshots; other threads may use this one after a newer one is open.
        self._finalizer = weakref.finalize(self, _delete_pits, self._client, self._pit_ids)

    def _create_pit(self) -> tuple[str, bool]:
        """Create a point in time. Returns its id, and whether parts of the index are missing."""
        try:
            response = self._client.create_pit(
                index=self._place.alias, params={"keep_alive": _PIT_KEEP_ALIVE}
            )
        except NotFoundError as err:
            raise IndexDamagedError(self._place.alias) from err
        self._pit_ids.append(response["pit_id"])
        return response["pit_id"], bool(response["_shards"]["failed"])

    def search(
        self,
        query: Query,
        *,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 10,
        offset: int = 0,
        recency: tuple[RecencyStep, ...] = (),
    ) -> Matches:
        clause = lower_query(query, self.languages)
        self._check_prefixes(clause)
        wanted = self._limit_to_periods(clause)
        by_score = sort is Sort.RELEVANCE and has_scores(query)
        if by_score:
            wanted = add_recency(wanted, recency)
        body = {
            "query": wanted,
            "sort": _SORT_ORDERS[sort if by_score or sort is Sort.OLDEST else Sort.NEWEST],
            "track_scores": by_score,
            "track_total_hits": True,
            "docvalue_fields": [VERSION_FIELD, STORE_FIELD],
            "_source": [ARTICLE_FIELD, SIGNATURE_FIELD],
        }
        response = self._fetch_page(clause, body, offset, limit)
        return Matches(
            response["hits"]["total"]["value"],
            tuple(self._make_match(hit) for hit in response["hits"]["hits"]),
        )

    def _make_match(self, hit: Dsl) -> Match:
        fields = hit["fields"]
        ours = fields[STORE_FIELD][0] == self._place.store
        source = hit["_source"]
        return Match(
            version_key=int(fields[VERSION_FIELD][0]) if ours else 0,
            score=float(hit["_score"] or 0.0),
            read_article=lru_cache(1)(partial(unpack_article, source[ARTICLE_FIELD])),
            signature=base64.b64decode(source.get(SIGNATURE_FIELD, "")),
        )

    def _fetch_page(self, clause: Clause, body: Dsl, offset: int, limit: int) -> Dsl:
        """Return a page at any offset; hits before it are skipped with `search_after`."""
        after: Dsl = {}
        while offset + limit > MAX_WINDOW_HITS:
            step = min(offset, MAX_WINDOW_HITS) or MAX_WINDOW_HITS
            skipped = self._search_snapshot(
                clause, {**body, **after, "size": step, "_source": False}
            )
            hits = skipped["hits"]["hits"]
            if len(hits) < step:
                return {"hits": {"total": skipped["hits"]["total"], "hits": []}}
            after = {"search_after": hits[-1]["sort"]}
            offset -= step
        if not after:
            return self._search_snapshot(clause, {**body, "from": offset, "size": limit})
        response = self._search_snapshot(clause, {**body, **after, "size": offset + limit})
        del response["hits"]["hits"][:offset]
        return response

    # -- requests

    def _limit_to_periods(self, clause: Clause) -> Dsl:
        """Compile a clause, limited to the indices of the periods that it may match."""
        compiled = compile_clause(clause)
        low, high = find_date_bounds(clause)
        if low is None and high is None:
            return compiled
        touched = [
            index
            for index, period in self._periods.items()
            if (low is None or period >= format_month(low)[: len(period)])
            and (high is None or period <= format_month(high - 1)[: len(period)])
        ]
        return {"bool": {"must": [compiled], "filter": [{"terms": {"_index": touched}}]}}

    @cached_property
    def _periods(self) -> dict[str, str]:
        """The period of each index of dated articles: a month or a year, by the settings."""
        with translate_errors(self._place.settings):
            names = self._client.indices.get_alias(name=self._place.alias, params={"local": "true"})
        start = len(self._place.alias) + 1
        return {index: index[start:] for index in names if index[start:] != UNDATED_PERIOD}

    def _check_prefixes(self, clause: Clause) -> None:
        """Raise TooManyTermsError before the search: each shard alone may have few of the words."""
        limit = MAX_PREFIX_TERMS + 1
        for prefix in set(iterate_prefixes(clause)):
            for name in _COUNTABLE_FIELDS.intersection(field.name for field in prefix.fields):
                if len(self.list_terms(name, prefix.text, limit)) == limit:
                    raise TooManyTermsError(prefix.text, MAX_PREFIX_TERMS)

    def _search_snapshot(self, clause: Clause | None, body: Dsl) -> Dsl:
        """Search in the snapshot, or in a new one if the cluster has lost it."""
        try:
            with translate_errors(self._place.settings):
                response = self._search_pit(body)
                if response["_shards"]["failed"] or response["timed_out"]:
                    self._renew_pit(response["pit_id"])
                    response = self._search_pit(body)
        except TooManyClausesError as err:
            raise _make_too_many_error(clause) from err
        if self._has_failed_shards or response["_shards"]["failed"] or response["timed_out"]:
            self.is_partial = True
        return response

    def _search_pit(self, body: Dsl) -> Dsl:
        pit = self._pit_id
        request = {"_source": False, **body, "pit": {"id": pit, "keep_alive": _PIT_KEEP_ALIVE}}
        request["timeout"] = f"{self._place.settings.timeout * 0.9:.0f}s"
        try:
            return self._send_search(request)
        except NotFoundError:
            self._renew_pit(pit)
            return self._send_search(
                {**request, "pit": {"id": self._pit_id, "keep_alive": _PIT_KEEP_ALIVE}}
            )

    def _send_search(self, body: Dsl) -> Dsl:
        try:
            response: Dsl = self._client.search(body=body, params=_SEARCH_PARAMS)
        except TransportError as err:
            if "too_many_clauses" in str(err.info):
                raise TooManyClausesError from err
            raise
        response.setdefault("pit_id", body["pit"]["id"])
        return response

    def _renew_pit(self, lost_pit_id: str) -> None:
        with self._pit_lock:
            if self._pit_id == lost_pit_id:
                self._pit_id, self._has_failed_shards = self._create_pit()

    # -- counts

    def count_facet(self, query: Query, field: str, limit: int) -> Facet:
        size = max(limit, 1)
        values_per_shard = max(size, _MIN_VALUES_PER_SHARD)
        while True:
            aggregations = self._count_values(query, field, size, values_per_shard)
            values = aggregations["values"]
            exact = not values["doc_count_error_upper_bound"]
            if exact or values_per_shard >= _MAX_VALUES_PER_SHARD:
                break
            values_per_shard = min(values_per_shard * 8, _MAX_VALUES_PER_SHARD)
        value_count = int(aggregations["count"]["value"])
        buckets = [Bucket(str(item["key"]), item["doc_count"]) for item in values["buckets"]]
        return Facet(tuple(buckets[:limit]), value_count, exact and value_count < _MAX_EXACT_VALUES)

    def _count_values(self, query: Query, field: str, limit: int, values_per_shard: int) -> Dsl:
        order = [{"_count": "desc"}, {"_key": "asc"}]
        terms = {
            "field": get_facet_field(field),
            "size": limit,
            "order": order,
            "shard_size": values_per_shard,
        }
        aggs = {
            "values": {"terms": terms},
            "count": {
                "cardinality": {
                    "field": get_facet_field(field),
                    "precision_threshold": _MAX_EXACT_VALUES,
                }
            },
        }
        return self._aggregate_matches(query, aggs)

    def _aggregate_matches(self, query: Query, aggs: Dsl) -> Dsl:
        clause = lower_query(query, self.languages)
        return self._aggregate(clause, self._limit_to_periods(clause), aggs)

    def _aggregate(self, clause: Clause | None, wanted: Dsl, aggs: Dsl) -> Dsl:
        body = {"query": wanted, "size": 0, "track_total_hits": True, "aggs": aggs}
        response = self._search_snapshot(clause, body)
        return {**response.get("aggregations", {}), "total": response["hits"]["total"]["value"]}

    def summarize_dates(self, query: Query) -> DateSummary:
        aggs = {"dates": {"stats": {"field": "date"}}}
        aggregations = self._aggregate_matches(query, aggs)
        dates = aggregations["dates"]
        first, last = int(dates["min"] or 0), int(dates["max"] or 0)
        return DateSummary(aggregations["total"], int(dates["count"]), first, last)

    def calculate_histogram(self, query: Query, edges: Sequence[int]) -> tuple[int, ...]:
        ranges = [{"from": low, "to": high} for low, high in pairwise(edges)]
        if not ranges:
            return ()
        aggs = {"dates": {"range": {"field": "date", "ranges": ranges}}}
        buckets = self._aggregate_matches(query, aggs)["dates"]["buckets"]
        counts = {int(bucket["from"]): int(bucket["doc_count"]) for bucket in buckets}
        return tuple(counts[low] for low in edges[:-1])

    def list_terms(self, index_field: str, prefix: str, limit: int) -> tuple[Bucket, ...]:
        field = index_field if index_field == COMPLETIONS else get_vocabulary_field(index_field)
        terms: Dsl = {"field": field, "size": limit, "order": [{"_count": "desc"}, {"_key": "asc"}]}
        terms |= {
            "include": f"{_escape_regex(prefix)}.*",
            "shard_size": limit + _MIN_VALUES_PER_SHARD,
        }
        wanted = {"prefix": {index_field: {"value": prefix, "rewrite": "constant_score"}}}
        buckets = self._aggregate(None, wanted, {"terms": {"terms": terms}})["terms"]["buckets"]
        return tuple(Bucket(str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets)

    def count_documents(self, token: str) -> int:
        return self.count_each((token,))[token]

    def count_each(self, tokens: Sequence[str]) -> dict[str, int]:
        wanted = [token for token in tokens if token not in self._document_counts]
        for start in range(0, len(wanted), _MAX_COUNTED_TOKENS):
            part = wanted[start : start + _MAX_COUNTED_TOKENS]
            self._document_counts |= self._request_document_counts(part)
        return {token: self._document_counts[token] for token in tokens}

    def _request_document_counts(self, tokens: Sequence[str]) -> dict[str, int]:
        words = [list_token_terms(token, self.languages) for token in tokens]
        filters = [
            {"terms": {terms[0].field.name: [term.token for term in terms]}} for terms in words
        ]
        aggs = {"tokens": {"filters": {"filters": filters}}}
        any_token = {"bool": {"should": filters}}
        buckets = self._aggregate(None, any_token, aggs)["tokens"]["buckets"]
        return {
            token: int(bucket["doc_count"]) for token, bucket in zip(tokens, buckets, strict=True)
        }

    def iterate_version_keys(self) -> Iterator[int]:
        body: Dsl = {
            "query": {"term": {STORE_FIELD: self._place.store}},
            "docvalue_fields": [VERSION_FIELD],
        }
        # A document that is there twice is in two periods. An order of a shard's own, such as
        # `_doc`, would not do: it differs between copies, and a lost node's copies are replaced.
        order = [{VERSION_FIELD: "asc"}, {"date": {"order": "asc", "missing": "_last"}}]
        body |= {"sort": order, "size": MAX_WINDOW_HITS, "track_total_hits": False}
        after: Dsl = {}
        while hits := self._search_snapshot(None, {**body, **after})["hits"]["hits"]:
            yield from (int(hit["fields"][VERSION_FIELD][0]) for hit in hits)
            after = {"search_after": hits[-1]["sort"]}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages besides English in which documents are stemmed."""
        counts = self._overview["languages"]["buckets"]
        return tuple(language for language in STEMMING_LANGUAGES if counts[language]["doc_count"])

    @cached_property
    def document_count(self) -> int:
        return int(self._overview["total"])

    @cached_property
    def _overview(self) -> Dsl:
        """The number of documents, and of those with stems of each language, of one request."""
        filters = {
            language: {"prefix": {ALL_TEXT: make_language_prefix(language)}}
            for language in STEMMING_LANGUAGES
        }
        aggs = {"languages": {"filters": {"filters": filters}}}
        return self._aggregate(None, {"match_all": {}}, aggs)

    def close(self) -> None:
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class TooManyClausesError(QueryPartError):
    """A query that expands to more clauses than the cluster allows."""


def _make_too_many_error(clause: Clause | None) -> TooManyTermsError:
    """Return an error for the first prefix: the cluster does not report which one is too short."""
    prefixes = iterate_prefixes(clause) if clause else iter(())
    return TooManyTermsError(next((prefix.text for prefix in prefixes), ""), MAX_PREFIX_TERMS)


def _delete_pits(client: OpenSearch, pit_ids: Sequence[str]) -> None:
    """Delete snapshots in the cluster; those that it fails to delete expire later."""
    with suppress(OpenSearchException):
        client.delete_pit(body={"pit_id": list(pit_ids)})


def _escape_regex(text: str) -> str:
    """Return a regular expression that matches only this text."""
    return "".join(char if char.isalnum() else f"\\{char}" for char in text)


# Scores use the term statistics of all shards, so that those of two periods are comparable.
_SEARCH_PARAMS = {"search_type": "dfs_query_then_fetch", "pre_filter_shard_size": "1"}
_TIE_ORDER: list[Dsl] = [{"date": {"order": "desc", "missing": "_last"}}, {"id": "asc"}]
_SORT_ORDERS: dict[Sort, list[Dsl]] = {
    Sort.RELEVANCE: [{"_score": {"order": "desc"}}, *_TIE_ORDER],
    Sort.NEWEST: _TIE_ORDER,
    Sort.OLDEST: [{"date": {"order": "asc", "missing": "_last"}}, {"id": "asc"}],
}
