"""Why nothing was found: words that no article has, and dates that the archive does not cover."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo

from search.engines.searcher import DateSummary, Searcher
from search.query.nodes import All, And, Query, Range, make_value_query
from search.query.periods import Period, describe_period
from search.results.notes import CoverageNote, Note, UnmatchedNote
from search.results.query_words import QueryParts
from search.results.snapshot import Snapshot

# So many words are looked up; a longer query has too many to name.
_MAX_LOOKUPS = 20
_MAX_WITHOUT = 3
_MAX_SOURCES = 5


def explain_zero(parts: QueryParts, snapshot: Snapshot) -> tuple[Note, ...]:
    """Explain why no article has all words of a query within its filters."""
    return (*_explain_words(parts, snapshot.searcher), *_explain_dates(parts, snapshot))


def _explain_words(parts: QueryParts, searcher: Searcher) -> Iterator[Note]:
    words = parts.words
    if len(words) < 2:
        return
    absent = [
        word for word in words[:_MAX_LOOKUPS] if not _count(And((word, *parts.filters)), searcher)
    ]
    without = _count_without(parts, absent, searcher) if len(absent) < len(words) else []
    if absent and not without and len(absent) == len(words):
        return
    yield UnmatchedNote(len(words), tuple(without), tuple(map(str, absent)))


def _count_without(
    parts: QueryParts, absent: list[Query], searcher: Searcher
) -> list[tuple[str, int]]:
    """Count what the query finds without one word: the one that no article has, or the best few."""
    candidates = absent if len(absent) == 1 else [] if absent else parts.words[:_MAX_LOOKUPS]
    counts = [(str(word), _count(parts.without(word), searcher)) for word in candidates]
    found = [(word, count) for word, count in counts if count]
    return sorted(found, key=lambda item: -item[1])[:_MAX_WITHOUT]


def _count(query: Query, searcher: Searcher) -> int:
    return searcher.search(query, limit=0).total


def _explain_dates(parts: QueryParts, snapshot: Snapshot) -> Iterator[Note]:
    """Yield which period the archive and its sources cover, if the query asks for another one."""
    ranges = [part for part in parts.filters if isinstance(part, Range) and part.field == "date"]
    searcher = snapshot.searcher
    if not ranges or _count(And((All(), *ranges)), searcher):
        return
    yield CoverageNote(
        "The archive", describe_coverage(searcher.summarize_dates(All()), snapshot.config.zone)
    )
    for bucket in searcher.count_facet(All(), "source", _MAX_SOURCES).buckets:
        span = searcher.summarize_dates(make_value_query("source", bucket.value))
        yield CoverageNote(bucket.value, describe_coverage(span, snapshot.config.zone))


def describe_coverage(dates: DateSummary, zone: tzinfo) -> str:
    """Return the span from the first day with articles to the last, or ""."""
    if not dates.dated_count:
        return ""
    first, last = (
        (_EPOCH + timedelta(seconds=seconds)).astimezone(zone).date()
        for seconds in (dates.first_seconds, dates.last_seconds)
    )
    start = datetime.combine(first, time(), zone)
    return describe_period(
        Period(start, datetime.combine(last + timedelta(days=1), time(), zone)), zone
    )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
