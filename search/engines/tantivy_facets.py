"""Exact counts of the most frequent values, from tantivy's approximate ones.

Tantivy looks at the most frequent values of each segment only, and tells by how much a count
may be too low for that. Where the cut could matter, the few values that it could matter for
are counted one by one.
"""

from __future__ import annotations

from typing import Any

import tantivy
from tantivy import Occur

from indexer.engines.tantivy_writer import schema
from search.engines.searcher import Bucket, Facet

# Values that are looked at in each segment, and in all; looking at all of them takes longer.
_LOOKED_AT = 500
_ALL = 2**31 - 1
# Counting so many values one by one is still faster than looking at all.
_MOST_RECOUNTED = 60


class FacetCounter:
    """Counts the values of one column among what one query finds."""

    def __init__(self, searcher: tantivy.Searcher, query: tantivy.Query, column: str) -> None:
        self._searcher = searcher
        self._query = query
        self._column = column

    def facet(self, limit: int) -> Facet:
        """Return the values in order, at most `limit`."""
        looked_at = max(_LOOKED_AT, 10 * limit)
        buckets, error = self._counted(looked_at)
        if len(buckets) < looked_at:
            return Facet(_first(buckets, limit), len(buckets))
        shown = _first(buckets, limit)
        least = shown[-1].count
        doubtful = [bucket for bucket in buckets if bucket.count + error >= least]
        # What was not looked at has no more than the last one that was, but for the error.
        if buckets[-1].count + error >= least or len(doubtful) > max(_MOST_RECOUNTED, 2 * limit):
            buckets, _ = self._counted(_ALL)
            return Facet(_first(buckets, limit), len(buckets))
        exact = [self._recounted(bucket) for bucket in doubtful] if error else doubtful
        return Facet(_first(exact, limit), len(buckets), all_counted=False)

    def _counted(self, looked_at: int) -> tuple[list[Bucket], int]:
        """Return the most frequent values, and by how much a count may be too low."""
        terms = {"field": self._column, "size": looked_at, "segment_size": looked_at}
        found: dict[str, Any] = self._searcher.aggregate(self._query, {"values": {"terms": terms}})
        values = found["values"]
        buckets = [Bucket(str(one["key"]), int(one["doc_count"])) for one in values["buckets"]]
        return buckets, int(values["doc_count_error_upper_bound"] or 0)

    def _recounted(self, bucket: Bucket) -> Bucket:
        value = tantivy.Query.term_query(schema(), self._column, bucket.value)
        both = tantivy.Query.boolean_query([(Occur.Must, self._query), (Occur.Must, value)])
        return Bucket(bucket.value, self._searcher.search(both, 1).count)  # type: ignore[attr-defined]


def _first(buckets: list[Bucket], limit: int) -> tuple[Bucket, ...]:
    return tuple(sorted(buckets, key=lambda bucket: (-bucket.count, bucket.value))[:limit])
