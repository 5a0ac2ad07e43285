"""Exact counts of the most frequent values, from tantivy's approximate ones.

Tantivy counts the most frequent values of each segment only, and reports by how much a count
may be too low for that. Where this error could change the result, the few values that it could
change are counted one by one.
"""

from __future__ import annotations

from typing import Any

import tantivy
from tantivy import Occur

from indexer.engines.tantivy_writer import build_schema
from search.engines.searcher import Bucket, Facet

# Values that are counted in each segment; counting all of them takes longer.
_MIN_VALUES_PER_SEGMENT = 500
_ALL_VALUES = 2**31 - 1
# Counting this many values one by one is still faster than counting all.
_MAX_RECOUNTED_VALUES = 60


class FacetCounter:
    """A counter of the values of one column among the matches of one query."""

    def __init__(self, searcher: tantivy.Searcher, query: tantivy.Query, column: str) -> None:
        self._searcher = searcher
        self._query = query
        self._column = column

    def count_facet(self, limit: int) -> Facet:
        """Return the most frequent values in order, at most `limit`."""
        values_per_segment = max(_MIN_VALUES_PER_SEGMENT, 10 * limit)
        buckets, error = self._count_values(values_per_segment)
        if len(buckets) < values_per_segment:
            return Facet(_select_most_frequent(buckets, limit), len(buckets))
        least = _select_most_frequent(buckets, limit)[-1].count
        doubtful = [bucket for bucket in buckets if bucket.count + error >= least]
        # A value that was not counted has at most the last counted value's count plus the error.
        if buckets[-1].count + error >= least or len(doubtful) > max(
            _MAX_RECOUNTED_VALUES, 2 * limit
        ):
            buckets, _ = self._count_values(_ALL_VALUES)
            return Facet(_select_most_frequent(buckets, limit), len(buckets))
        exact = [self._recount_value(bucket) for bucket in doubtful] if error else doubtful
        return Facet(_select_most_frequent(exact, limit), len(buckets), all_counted=False)

    def _count_values(self, values_per_segment: int) -> tuple[list[Bucket], int]:
        """Return the most frequent values, and by how much their counts may be too low."""
        terms = {
            "field": self._column,
            "size": values_per_segment,
            "segment_size": values_per_segment,
        }
        request = {"values": {"terms": terms}}
        values: dict[str, Any] = self._searcher.aggregate(self._query, request)["values"]
        buckets = [Bucket(str(item["key"]), int(item["doc_count"])) for item in values["buckets"]]
        return buckets, int(values["doc_count_error_upper_bound"] or 0)

    def _recount_value(self, bucket: Bucket) -> Bucket:
        value = tantivy.Query.term_query(build_schema(), self._column, bucket.value)
        both = tantivy.Query.boolean_query([(Occur.Must, self._query), (Occur.Must, value)])
        return Bucket(bucket.value, self._searcher.search(both, 1).count)  # type: ignore[attr-defined]


def _select_most_frequent(buckets: list[Bucket], limit: int) -> tuple[Bucket, ...]:
    return tuple(sorted(buckets, key=lambda bucket: (-bucket.count, bucket.value))[:limit])
