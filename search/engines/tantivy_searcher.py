"""The searcher half of the tantivy engine: matches, order and counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

import tantivy

from indexer.engines import IndexDamagedError
from indexer.engines.tantivy_writer import VERSION_FIELD, open_index
from indexer.schema import get_facet_field
from search.engines.hit_order import has_scores, select_stable_page
from search.engines.searcher import Bucket, DateSummary, Facet, Match, Matches, RecencyStep, Sort
from search.engines.tantivy_facets import FacetCounter
from search.engines.tantivy_queries import QueryCompiler, add_recency
from search.query.lowering import lower_token
from search.query.nodes import Query

# Tantivy panics, with an exception that no `except Exception` catches, when a page is empty.
_MIN_PAGE_HITS = 1
_UNDATED_KEY = 2**63
# One letter is the prefix of so many terms that its first few are cached.
_MAX_CACHED_PREFIX_CHARS = 1
_MAX_CACHED_TERMS = 100


def open_searcher(folder: Path) -> TantivySearcher:
    """Open the last commit of an index. Raises IndexDamagedError."""
    return TantivySearcher(folder)


class TantivySearcher:
    """See Searcher."""

    is_partial = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self._searcher = open_index(folder).searcher()
        except ValueError as err:
            raise IndexDamagedError(folder) from err
        self._compile_query = QueryCompiler(self._searcher).compile_query
        self._cached_terms: dict[tuple[str, str, int], tuple[Bucket, ...]] = {}

    def search(
        self,
        query: Query,
        *,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 10,
        offset: int = 0,
        recency: tuple[RecencyStep, ...] = (),
    ) -> Matches:
        compiled = self._compile_query(query)
        by_score = sort is Sort.RELEVANCE and has_scores(query)
        if by_score:
            compiled = add_recency(compiled, recency)
        ordering: dict[str, Any] = {} if by_score else _DATE_ORDERS[sort]
        total = 0

        def find_rows(wanted: int) -> Sequence[tuple[Any, tantivy.DocAddress]]:
            nonlocal total
            try:
                result = self._searcher.search(compiled, max(wanted, _MIN_PAGE_HITS), **ordering)
            except ValueError as err:
                raise IndexDamagedError(self._folder) from err
            total = result.count  # type: ignore[attr-defined]
            return result.hits

        rows = select_stable_page(find_rows, self._sort_equals, offset=offset, limit=limit)
        versions = self._read_column(VERSION_FIELD, [address for _, address in rows])
        scores = (value if by_score else 0.0 for value, _ in rows)
        return Matches(total, tuple(map(Match, versions, scores)))

    def _read_column(self, field: str, addresses: list[tantivy.DocAddress]) -> list[Any]:
        return self._searcher.fast_field_values(field, addresses)

    def _sort_equals(self, equals: Sequence[tantivy.DocAddress]) -> list[tantivy.DocAddress]:
        """Sort documents by date downwards, then by id. Ids are read only for equal dates."""
        dates = [
            _UNDATED_KEY if date is None else -date
            for date in self._read_column("date", list(equals))
        ]
        by_date = sorted(zip(dates, equals, strict=True), key=itemgetter(0))
        ordered: list[tantivy.DocAddress] = []
        for _, run in groupby(by_date, key=itemgetter(0)):
            ties = [address for _, address in run]
            ordered += sorted(ties, key=self._read_id) if len(ties) > 1 else ties
        return ordered

    def _read_id(self, address: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("id"))

    # -- counts

    def count_facet(self, query: Query, field: str, limit: int) -> Facet:
        return FacetCounter(
            self._searcher, self._compile_query(query), get_facet_field(field)
        ).count_facet(limit)

    def summarize_dates(self, query: Query) -> DateSummary:
        compiled = self._compile_query(query)
        total = self._searcher.search(compiled, _MIN_PAGE_HITS).count  # type: ignore[attr-defined]
        stats = self._searcher.aggregate(compiled, {"dates": {"stats": {"field": "date"}}})["dates"]
        first, last = int(stats["min"] or 0), int(stats["max"] or 0)
        return DateSummary(total, int(stats["count"]), first, last)

    def calculate_histogram(self, query: Query, edges: Sequence[int]) -> tuple[int, ...]:
        ranges = [{"from": float(low), "to": float(high)} for low, high in pairwise(edges)]
        if not ranges:
            return ()
        request = {"dates": {"range": {"field": "date", "ranges": ranges}}}
        buckets = self._searcher.aggregate(self._compile_query(query), request)["dates"]["buckets"]
        # There are more buckets, before and after the ranges; and none if there are no documents.
        counts = {item.get("from"): int(item["doc_count"]) for item in buckets if "to" in item}
        return tuple(counts.get(span["from"], 0) for span in ranges)

    def list_terms(self, index_field: str, prefix: str, limit: int) -> tuple[Bucket, ...]:
        buckets = self._cached_terms.get((index_field, prefix, limit))
        if buckets is None:
            terms = self._searcher.terms_with_prefix(index_field, prefix, limit=limit)
            buckets = tuple(Bucket(term, count) for term, count in terms)
            if len(prefix) <= _MAX_CACHED_PREFIX_CHARS and limit <= _MAX_CACHED_TERMS:
                self._cached_terms[index_field, prefix, limit] = buckets
        return buckets

    def count_documents(self, token: str) -> int:
        term = lower_token(token)
        return self._searcher.doc_freq(term.field.name, term.token)

    def iterate_version_keys(self) -> Iterator[int]:
        everything = tantivy.Query.all_query()
        hits = self._searcher.search(everything, max(self.document_count, _MIN_PAGE_HITS)).hits
        return iter(self._read_column(VERSION_FIELD, [address for _, address in hits]))

    @property
    def document_count(self) -> int:
        return self._searcher.num_docs

    def close(self) -> None:
        """Do nothing: tantivy's searcher is freed with its last reference."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


_DATE_ORDERS: dict[Sort, dict[str, Any]] = {
    Sort.RELEVANCE: {"order_by_field": "date", "order": tantivy.Order.Desc},
    Sort.NEWEST: {"order_by_field": "date", "order": tantivy.Order.Desc},
    Sort.OLDEST: {"order_by_field": "date", "order": tantivy.Order.Asc},
}
