"""A timeline as a bar chart: the position, label and link of each bar and tick."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from search.output.wording import format_count
from search.query.nodes import Missing, Range
from search.results.timeline import Interval, TimeBucket, Timeline
from search.web.pages.labels import format_date_range, format_day
from search.web.pages.refinement import Narrowing, convert_to_seconds
from search.web.pages.rendering import Site

# Heights in CSS pixels; widths are percentages.
BARS_HEIGHT_PIXELS = 72
_MIN_BAR_PIXELS = 2.0
_MAX_TICKS = 8
# A label beyond this share of the width would overflow.
_MAX_TICK_SHARE, _MAX_MAJOR_TICK_SHARE = 0.92, 0.8
_PREPOSITIONS = {
    Interval.HOUR: "on",
    Interval.DAY: "on",
    Interval.WEEK: "in the",
    Interval.MONTH: "in",
    Interval.YEAR: "in",
}
# Numbers of buckets between two ticks: whole days, weeks, years.
_TICK_STEPS = {
    Interval.HOUR: (1, 2, 3, 6, 12, 24),
    Interval.DAY: (1, 2, 7, 14, 28),
    Interval.WEEK: (1, 2, 4, 13, 26),
    Interval.MONTH: (1, 3, 6, 12, 24),
    Interval.YEAR: (1, 2, 5, 10, 20, 50, 100),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A bucket: percentages across, pixels down, and its first and last day or minute."""

    x: float
    width: float
    y: float
    height: float
    label: str
    href: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label below the bars. `minor` ones are hidden where there is little room."""

    x: float
    label: str
    minor: bool


@dataclass(frozen=True, slots=True)
class TimelineChart:
    """The chart. `summary` describes it in words; `undated` articles are in no bar.

    A single bucket has no bar: there is nothing to compare and nothing to narrow.
    """

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    interval: str
    summary: str
    undated: str
    undated_href: str
    height: int = BARS_HEIGHT_PIXELS


def draw_timeline(timeline: Timeline, narrowing: Narrowing, site: Site, sort: str) -> TimelineChart:
    """Draw a timeline. Each bar links to the query narrowed to its bucket."""
    highest = max((bucket.count for bucket in timeline.buckets), default=0)
    width = 100 / max(len(timeline.buckets), 1)
    return TimelineChart(
        bars=tuple(
            _draw_bar(
                bucket,
                (at * width, width),
                highest,
                timeline.interval,
                site.link_to_search(narrowing.narrow_dates(bucket.start, bucket.end), sort=sort)
                if bucket.count
                else "",
            )
            for at, bucket in enumerate(timeline.buckets)
            if len(timeline.buckets) > 1
        ),
        ticks=tuple(_place_ticks(timeline)),
        interval=timeline.interval.value,
        summary=_summarize_timeline(timeline),
        undated=f"{format_count(timeline.undated, 'article')} without a date"
        if timeline.undated
        else "",
        undated_href=site.link_to_search(narrowing.replace_dates(Missing("date")), sort=sort),
    )


def _draw_bar(
    bucket: TimeBucket, across: tuple[float, float], highest: int, interval: Interval, href: str
) -> Bar:
    height = (
        max(_MIN_BAR_PIXELS, BARS_HEIGHT_PIXELS * bucket.count / highest) if bucket.count else 0.0
    )
    since, until = _find_bounds(bucket, interval)
    return Bar(
        x=round(across[0], 4),
        width=round(across[1], 4),
        y=round(BARS_HEIGHT_PIXELS - height, 2),
        height=round(height, 2),
        label=f"{label_bucket(bucket, interval)}: {format_count(bucket.count, 'article')}",
        href=href,
        since=since,
        until=until,
    )


def _find_bounds(bucket: TimeBucket, interval: Interval) -> tuple[str, str]:
    """Return a bucket's first and last day, or minute, in ISO 8601, as parameters."""
    if interval is Interval.HOUR:
        last_utc = bucket.end.astimezone(UTC) - timedelta(minutes=1)
        last = last_utc.astimezone(bucket.start.tzinfo)
        return bucket.start.isoformat(timespec="minutes"), last.isoformat(timespec="minutes")
    last_day = bucket.end.date() - timedelta(days=1)
    return bucket.start.date().isoformat(), last_day.isoformat()


def label_bucket(bucket: TimeBucket, interval: Interval) -> str:
    """Return a bucket's period in words."""
    start = bucket.start
    match interval:
        case Interval.YEAR:
            return f"{start.year}"
        case Interval.MONTH:
            return format_day(start.date()).partition(" ")[2]
        case Interval.DAY:
            return format_day(start.date())
        case Interval.HOUR:
            return f"{format_day(start.date())}, {start:%H:%M}"
        case Interval.WEEK:
            return f"week of {format_day(start.date())}"


def _summarize_timeline(timeline: Timeline) -> str:
    """Describe the span of the timeline and its fullest bucket."""
    if not timeline.buckets:
        return "No article has a date."
    first, last = timeline.buckets[0], timeline.buckets[-1]
    if first is last:
        # The first hour of a single day is midnight, which is no information.
        interval = Interval.DAY if timeline.interval is Interval.HOUR else timeline.interval
        return f"{label_bucket(first, interval)}: {format_count(first.count, 'article')}."
    zone = first.start.tzinfo or UTC
    span = format_date_range(
        Range("date", convert_to_seconds(first.start), convert_to_seconds(last.end)), zone
    )
    fullest = max(timeline.buckets, key=lambda bucket: bucket.count)
    if fullest.count == 1:
        return f"{span}, by {timeline.interval}."
    peak = f"{_PREPOSITIONS[timeline.interval]} {label_bucket(fullest, timeline.interval)}"
    return f"{span}, by {timeline.interval}; most {peak} ({fullest.count:,})."


def _place_ticks(timeline: Timeline) -> Iterator[Tick]:
    buckets = timeline.buckets
    steps = _TICK_STEPS[timeline.interval]
    step = next((size for size in steps if len(buckets) / size <= _MAX_TICKS), steps[-1])
    step = max(step, -(-len(buckets) // (2 * _MAX_TICKS)))
    starts = [bucket.start for bucket in buckets]
    last = _MAX_TICK_SHARE * len(buckets)
    places = [
        at for at in range(len(buckets)) if at <= last and _has_tick(starts, at, step, timeline)
    ]
    previous_year = ""
    for number, at in enumerate(places):
        label, year = _label_tick(starts[at], timeline.interval)
        full_label = label if year == previous_year else f"{label} {year}".strip()
        previous_year = year
        minor = number % 2 == 1 or at > _MAX_MAJOR_TICK_SHARE * len(buckets)
        yield Tick(round(100 * at / len(buckets), 4), full_label, minor)


def _has_tick(starts: Sequence[datetime], at: int, step: int, timeline: Timeline) -> bool:
    """Whether a bucket has a tick: at round years and months, else at every `step`-th bucket."""
    match timeline.interval:
        case Interval.YEAR:
            return starts[at].year % step == 0 or len(starts) <= _MAX_TICKS
        case Interval.MONTH:
            number = starts[at].year * 12 + starts[at].month - 1
            return number % step == 0
        case _:
            return at % step == 0


def _label_tick(start: datetime, interval: Interval) -> tuple[str, str]:
    """Return a tick's label, and the part of it that appears only where it changes."""
    day, month, year = format_day(start.date()).split()
    match interval:
        case Interval.YEAR:
            return year, ""
        case Interval.MONTH:
            return month[:3], year
        case Interval.HOUR:
            return f"{start:%H:%M}", f"{day} {month[:3]}"
        case _:
            return f"{day} {month[:3]}", year
