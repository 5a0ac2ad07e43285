"""When the articles that a query finds were published: counts by hour, day, week, month or year.

Hours are 60 minutes, days begin at midnight in the reader's zone and are as long as clocks make
them, weeks begin on Monday (ISO 8601). A bucket counts what its `query` beside the query finds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import islice, pairwise

from search.engines.searcher import Dates
from search.query.interpretation import interpret
from search.query.nodes import Range
from search.query.query_errors import TooManyBucketsError
from search.results.execute import execute
from search.results.notes import Note
from search.results.request import Request
from search.results.snapshot import Snapshot

# The finest interval with at most so many buckets is chosen where none is asked for.
FEW_BUCKETS = 120
MAX_BUCKETS = 2_000


class Interval(StrEnum):
    """How long a bucket is; the finest first."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class TimeBucket:
    """How many articles were published from `start` until before `end`, in the reader's zone.

    `query` is what narrows the query to them.
    """

    start: datetime
    end: datetime
    count: int
    query: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The buckets from the first dated article to the last, empty ones too, of `total` articles.

    `undated` of them are in no bucket. The other fields are as in an Answer.
    """

    total: int
    interpreted: str
    notes: tuple[Note, ...]
    took_ms: float
    interval: Interval
    undated: int
    buckets: tuple[TimeBucket, ...]
    partial: bool = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """The notes as sentences."""
        return tuple(map(str, self.notes))

    def label(self, bucket: TimeBucket) -> str:
        """Return a bucket's time as short as it is clear: 2025, 2025-03, 2025-W13, 2025-03-29."""
        start = bucket.start
        match self.interval:
            case Interval.HOUR:
                return start.isoformat(timespec="minutes")
            case Interval.DAY:
                return start.date().isoformat()
            case Interval.WEEK:
                year, week, _ = start.isocalendar()
                return f"{year}-W{week:02}"
            case Interval.MONTH:
                return start.date().isoformat()[:7]
            case Interval.YEAR:
                return start.date().isoformat()[:4]


def build_timeline(
    request: Request, snapshot: Snapshot, interval: Interval | None = None
) -> Timeline:
    """Count what a query finds by time; without an interval, by one that suits the dates.

    Raises QueryError.
    """
    began = time.perf_counter()
    execution = execute(replace(request, limit=0, offset=0), snapshot)
    searcher, zone = snapshot.searcher, snapshot.config.zone
    dates = searcher.dates(execution.query)
    chosen = interval or _choose_interval(dates, zone)
    edges = tuple(_list_edges(dates, chosen, zone, MAX_BUCKETS)) if dates.dated else ()
    counts = searcher.histogram(execution.query, edges)
    return Timeline(
        total=dates.total,
        interpreted=execution.interpreted,
        notes=execution.notes,
        partial=searcher.partial,
        interval=chosen,
        undated=dates.total - dates.dated,
        buckets=tuple(
            _make_bucket(start, end, count, zone)
            for (start, end), count in zip(pairwise(edges), counts, strict=True)
        ),
        took_ms=round((time.perf_counter() - began) * 1_000, 3),
    )


def _choose_interval(dates: Dates, zone: tzinfo) -> Interval:
    for interval in Interval:
        try:
            list(_list_edges(dates, interval, zone, FEW_BUCKETS))
        except TooManyBucketsError:
            continue
        return interval
    return Interval.YEAR


def _list_edges(dates: Dates, interval: Interval, zone: tzinfo, most: int) -> Iterator[int]:
    """Yield where the buckets begin, and where the last one ends. Raises TooManyBucketsError."""
    beginnings = _iterate_beginnings(_localize(dates.first, zone), interval)
    for edge in islice(beginnings, most + 1):
        yield int(edge.timestamp())
        if edge.timestamp() > dates.last:
            return
    raise TooManyBucketsError(interval.value, most)


def _iterate_beginnings(first: datetime, interval: Interval) -> Iterator[datetime]:
    """Yield the beginnings of intervals one after the other, the first at or before an instant."""
    if interval is Interval.HOUR:
        hour = first.astimezone(UTC) - timedelta(minutes=first.minute, seconds=first.second)
        while True:
            yield hour
            hour += timedelta(hours=1)
    day = _find_beginning(first.date(), interval)
    while True:
        yield datetime(day.year, day.month, day.day, tzinfo=first.tzinfo)
        day = _add_interval(day, interval)


def _find_beginning(day: date, interval: Interval) -> date:
    match interval:
        case Interval.WEEK:
            return day - timedelta(days=day.weekday())
        case Interval.MONTH:
            return day.replace(day=1)
        case Interval.YEAR:
            return day.replace(month=1, day=1)
        case _:
            return day


def _add_interval(day: date, interval: Interval) -> date:
    match interval:
        case Interval.WEEK:
            return day + timedelta(days=7)
        case Interval.MONTH:
            return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
        case Interval.YEAR:
            return day.replace(year=day.year + 1)
        case _:
            return day + timedelta(days=1)


def _make_bucket(start: int, end: int, count: int, zone: tzinfo) -> TimeBucket:
    query = interpret(Range("date", start, end), zone)
    return TimeBucket(_localize(start, zone), _localize(end, zone), count, query)


def _localize(seconds: int, zone: tzinfo) -> datetime:
    return (_EPOCH + timedelta(seconds=seconds)).astimezone(zone)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
