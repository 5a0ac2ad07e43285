"""The searcher half of the tantivy engine: matches, order and counts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import tantivy

from indexer.engines import IndexDamagedError, convert_damage, translate_damage
from indexer.engines.tantivy_writer import ID_ORDER_FIELD, VERSION_FIELD, open_index
from indexer.schema import get_facet_field
from search.engines.hit_order import has_scores, select_stable_page
from search.engines.searcher import Bucket, DateSummary, Facet, Match, Matches, RecencyStep, Sort
from search.engines.tantivy_queries import QueryCompiler, add_recency
from search.query.lowering import list_token_terms
from search.query.nodes import Query

_LOCK_FILE = ".tantivy-meta.lock"
# Tantivy panics, with an exception that no `except Exception` catches, when a page is empty.
_MIN_PAGE_HITS = 1
_UNDATED_KEY = 2**63
# One letter is the prefix of so many terms that its first few are cached.
_MAX_CACHED_PREFIX_CHARS = 1
_MAX_CACHED_TERMS = 100


_guard = convert_damage(ValueError)


def open_searcher(folder: Path) -> TantivySearcher:
    """Open the last commit of an index. Raises IndexDamagedError."""
    return TantivySearcher(folder)


def _open_last_commit(folder: Path) -> tantivy.Searcher:
    """Open a searcher. Raises ValueError or OSError for a damaged index.

    Tantivy locks a file of the folder for that, and needs to write to it. Where it may not, the
    index is opened by links in a folder of ours, which its open files outlive.
    """
    if _can_write(folder / _LOCK_FILE):
        return open_index(folder).searcher()
    with TemporaryDirectory(prefix="dateline-") as links:
        for file in folder.iterdir():
            if file.name != _LOCK_FILE:
                (Path(links) / file.name).symlink_to(file.absolute())
        return open_index(Path(links)).searcher()


def _can_write(file: Path) -> bool:
    try:
        os.close(os.open(file, os.O_WRONLY))
    except OSError:
        return False
    return True


class TantivySearcher:
    """See Searcher."""

    is_partial = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            with translate_damage(folder, ValueError):
                self._searcher = _open_last_commit(folder)
        except OSError as err:
            raise IndexDamagedError(folder) from err
        self._compiler = QueryCompiler(self._searcher)
        self._compile_query = self._compiler.compile_query
        self._cached_terms: dict[tuple[str, str, int], tuple[Bucket, ...]] = {}

    @_guard
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
        ranking = _Ranking(self._searcher, compiled, {} if by_score else _DATE_ORDERS[sort])
        rows = select_stable_page(
            ranking.find_rows, ranking.sort_equals, offset=offset, limit=limit
        )
        versions = ranking.read_column(VERSION_FIELD, [row for _, row in rows])
        scores = (value if by_score else 0.0 for value, _ in rows)
        return Matches(ranking.total, tuple(map(Match, versions, scores)))

    # -- counts

    @_guard
    def count_facet(self, query: Query, field: str, limit: int) -> Facet:
        # Few searches need it.
        from search.engines.tantivy_facets import FacetCounter

        return FacetCounter(
            self._searcher, self._compile_query(query), get_facet_field(field)
        ).count_facet(limit)

    @_guard
    def summarize_dates(self, query: Query) -> DateSummary:
        compiled = self._compile_query(query)
        total = self._searcher.search(compiled, _MIN_PAGE_HITS).count  # type: ignore[attr-defined]
        stats = self._searcher.aggregate(compiled, {"dates": {"stats": {"field": "date"}}})["dates"]
        first, last = int(stats["min"] or 0), int(stats["max"] or 0)
        return DateSummary(total, int(stats["count"]), first, last)

    @_guard
    def calculate_histogram(self, query: Query, edges: Sequence[int]) -> tuple[int, ...]:
        ranges = [{"from": float(low), "to": float(high)} for low, high in pairwise(edges)]
        if not ranges:
            return ()
        request = {"dates": {"range": {"field": "date", "ranges": ranges}}}
        buckets = self._searcher.aggregate(self._compile_query(query), request)["dates"]["buckets"]
        # There are more buckets, before and after the ranges; and none if there are no documents.
        counts = {item.get("from"): int(item["doc_count"]) for item in buckets if "to" in item}
        return tuple(counts.get(span["from"], 0) for span in ranges)

    @_guard
    def list_terms(self, index_field: str, prefix: str, limit: int) -> tuple[Bucket, ...]:
        buckets = self._cached_terms.get((index_field, prefix, limit))
        if buckets is None:
            terms = self._searcher.terms_with_prefix(index_field, prefix, limit=limit)
            buckets = tuple(Bucket(term, count) for term, count in terms)
            if len(prefix) <= _MAX_CACHED_PREFIX_CHARS and limit <= _MAX_CACHED_TERMS:
                self._cached_terms[index_field, prefix, limit] = buckets
        return buckets

    @_guard
    def count_documents(self, token: str) -> int:
        terms = list_token_terms(token, self.languages)
        return sum(self._searcher.doc_freq(term.field.name, term.token) for term in terms)

    def count_each(self, tokens: Sequence[str]) -> dict[str, int]:
        return {token: self.count_documents(token) for token in tokens}

    @_guard
    def iterate_version_keys(self) -> Iterator[int]:
        everything = tantivy.Query.all_query()
        hits = self._searcher.search(everything, max(self.document_count, _MIN_PAGE_HITS)).hits
        return iter(_read_column(self._searcher, VERSION_FIELD, [address for _, address in hits]))

    @property
    @_guard
    def languages(self) -> tuple[str, ...]:
        return self._compiler.languages

    @property
    @_guard
    def document_count(self) -> int:
        return self._searcher.num_docs

    def close(self) -> None:
        """Do nothing: tantivy's searcher is freed with its last reference."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class _Ranking:
    """The documents that one search finds, best first, and `total` of them, by their rows."""

    def __init__(
        self, searcher: tantivy.Searcher, query: tantivy.Query, ordering: dict[str, Any]
    ) -> None:
        self._searcher = searcher
        self._query = query
        self._ordering = ordering
        self._addresses: list[tantivy.DocAddress] = []
        self._keys: list[tuple[int, int]] = []
        self.total = 0

    def find_rows(self, wanted: int) -> list[tuple[Any, int]]:
        """Find the first rows. Raises ValueError for a damaged index."""
        result = self._searcher.search(self._query, max(wanted, _MIN_PAGE_HITS), **self._ordering)
        self.total = result.count  # type: ignore[attr-defined]
        self._addresses = [address for _, address in result.hits]
        self._keys = []
        return [(value, row) for row, (value, _) in enumerate(result.hits)]

    def read_column(self, field: str, rows: Sequence[int]) -> list[Any]:
        addresses = [self._addresses[row] for row in rows]
        return _read_column(self._searcher, field, addresses)

    def sort_equals(self, equals: Sequence[int]) -> list[int]:
        """Sort rows by date downwards, then by id. Ids are read only if they begin the same."""
        keys = self._keys = self._keys or self._read_keys()
        ordered: list[int] = []
        for _, run in groupby(sorted(equals, key=keys.__getitem__), key=keys.__getitem__):
            ties = list(run)
            ordered += sorted(ties, key=self._read_id) if len(ties) > 1 else ties
        return ordered

    def _read_keys(self) -> list[tuple[int, int]]:
        """Read what orders all rows at once, which takes as long as for a few."""
        ids = _read_column(self._searcher, ID_ORDER_FIELD, self._addresses)
        dates = _read_column(self._searcher, "date", self._addresses)
        keys = (_UNDATED_KEY if date is None else -date for date in dates)
        return list(zip(keys, ids, strict=True))

    def _read_id(self, row: int) -> str:
        return str(self._searcher.doc(self._addresses[row]).get_first("id"))


def _read_column(
    searcher: tantivy.Searcher, field: str, addresses: list[tantivy.DocAddress]
) -> list[Any]:
    return searcher.fast_field_values(field, addresses)


_DATE_ORDERS: dict[Sort, dict[str, Any]] = {
    Sort.RELEVANCE: {"order_by_field": "date", "order": tantivy.Order.Desc},
    Sort.NEWEST: {"order_by_field": "date", "order": tantivy.Order.Desc},
    Sort.OLDEST: {"order_by_field": "date", "order": tantivy.Order.Asc},
}
