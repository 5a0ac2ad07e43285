"""The searcher half of the tantivy engine: matches, order and counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

import tantivy

from indexer.engines import IndexDamagedError
from indexer.engines.tantivy_writer import VERSION, open_index
from indexer.schema import get_facet_field
from search.engines.ranking import has_scores, stable_page
from search.engines.searcher import Bucket, Dates, Facet, Match, Matches, RecencyStep, Sort
from search.engines.tantivy_facets import FacetCounter
from search.engines.tantivy_queries import Compiler, with_recency
from search.query.lowering import lower_token
from search.query.nodes import Query

# Tantivy panics, with an exception that no `except Exception` catches, when a page is empty.
_SMALLEST_PAGE = 1
_LATEST = 2**63
# A letter begins so many terms that the first few of them are worth keeping.
_SHORT = 1
_FEW = 100


def open_searcher(folder: Path) -> TantivySearcher:
    """Open the last commit of an index. Raises IndexDamagedError."""
    return TantivySearcher(folder)


class TantivySearcher:
    """See Searcher."""

    partial = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self._searcher = open_index(folder).searcher()
        except ValueError as err:
            raise IndexDamagedError(folder) from err
        self._compile = Compiler(self._searcher).compile
        self._short: dict[tuple[str, str, int], tuple[Bucket, ...]] = {}

    def search(
        self,
        query: Query,
        *,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 10,
        offset: int = 0,
        recency: tuple[RecencyStep, ...] = (),
    ) -> Matches:
        compiled = self._compile(query)
        by_score = sort is Sort.RELEVANCE and has_scores(query)
        if by_score:
            compiled = with_recency(compiled, recency)
        ordering: dict[str, Any] = {} if by_score else _DATE_ORDERS[sort]
        total = 0

        def find(wanted: int) -> Sequence[tuple[Any, tantivy.DocAddress]]:
            nonlocal total
            try:
                result = self._searcher.search(compiled, max(wanted, _SMALLEST_PAGE), **ordering)
            except ValueError as err:
                raise IndexDamagedError(self._folder) from err
            total = result.count  # type: ignore[attr-defined]
            return result.hits

        rows = stable_page(find, self._in_order, offset=offset, limit=limit)
        versions = self._fast(VERSION, [address for _, address in rows])
        scores = (value if by_score else 0.0 for value, _ in rows)
        return Matches(total, tuple(map(Match, versions, scores)))

    def _fast(self, field: str, addresses: list[tantivy.DocAddress]) -> list[Any]:
        return self._searcher.fast_field_values(field, addresses)

    def _in_order(self, equals: Sequence[tantivy.DocAddress]) -> list[tantivy.DocAddress]:
        """Documents by date downwards, then by id. Ids are read only where dates are equal."""
        dates = [_LATEST if date is None else -date for date in self._fast("date", list(equals))]
        by_date = sorted(zip(dates, equals, strict=True), key=itemgetter(0))
        ordered: list[tantivy.DocAddress] = []
        for _, run in groupby(by_date, key=itemgetter(0)):
            alike = [address for _, address in run]
            ordered += sorted(alike, key=self._id) if len(alike) > 1 else alike
        return ordered

    def _id(self, address: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("id"))

    # -- counts

    def facet(self, query: Query, field: str, limit: int) -> Facet:
        return FacetCounter(self._searcher, self._compile(query), get_facet_field(field)).facet(
            limit
        )

    def dates(self, query: Query) -> Dates:
        compiled = self._compile(query)
        total = self._searcher.search(compiled, _SMALLEST_PAGE).count  # type: ignore[attr-defined]
        found = self._searcher.aggregate(compiled, {"dates": {"stats": {"field": "date"}}})["dates"]
        first, last = int(found["min"] or 0), int(found["max"] or 0)
        return Dates(total, int(found["count"]), first, last)

    def histogram(self, query: Query, edges: Sequence[int]) -> tuple[int, ...]:
        ranges = [{"from": float(low), "to": float(high)} for low, high in pairwise(edges)]
        if not ranges:
            return ()
        request = {"dates": {"range": {"field": "date", "ranges": ranges}}}
        buckets = self._searcher.aggregate(self._compile(query), request)["dates"]["buckets"]
        # There are others, for what lies before and after; and none if there are no documents.
        counts = {one.get("from"): int(one["doc_count"]) for one in buckets if "to" in one}
        return tuple(counts.get(each["from"], 0) for each in ranges)

    def terms(self, name: str, beginning: str, limit: int) -> tuple[Bucket, ...]:
        kept = self._short.get((name, beginning, limit))
        if kept is None:
            found = self._searcher.terms_with_prefix(name, beginning, limit=limit)
            kept = tuple(Bucket(term, count) for term, count in found)
            if len(beginning) <= _SHORT and limit <= _FEW:
                self._short[name, beginning, limit] = kept
        return kept

    def frequency(self, token: str) -> int:
        term = lower_token(token)
        return self._searcher.doc_freq(term.field.name, term.token)

    def versions(self) -> Iterator[int]:
        everything = tantivy.Query.all_query()
        found = self._searcher.search(everything, max(self.count, _SMALLEST_PAGE)).hits
        return iter(self._fast(VERSION, [address for _, address in found]))

    @property
    def count(self) -> int:
        return self._searcher.num_docs

    def close(self) -> None:
        """Nothing is held open that memory management does not give back."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


_DATE_ORDERS: dict[Sort, dict[str, Any]] = {
    Sort.RELEVANCE: {"order_by_field": "date", "order": tantivy.Order.Desc},
    Sort.NEWEST: {"order_by_field": "date", "order": tantivy.Order.Desc},
    Sort.OLDEST: {"order_by_field": "date", "order": tantivy.Order.Asc},
}
