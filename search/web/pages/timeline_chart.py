"""A timeline as a bar chart: the position, label and link of each bar and tick."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from search.output.wording import count_noun
from search.query.nodes import Missing, Range
from search.results.timeline import Interval, TimeBucket, Timeline
from search.web.pages.labels import day_words, range_words
from search.web.pages.refinement import Narrowing, seconds
from search.web.pages.rendering import Site

# Heights in CSS pixels; widths are percentages.
BARS_HEIGHT = 72
_LOWEST = 2.0
_MOST_TICKS = 8
# A label beyond this share of the width would overflow.
_LAST_TICK, _LAST_MAJOR = 0.92, 0.8
_WITHIN = {
    Interval.HOUR: "on",
    Interval.DAY: "on",
    Interval.WEEK: "in the",
    Interval.MONTH: "in",
    Interval.YEAR: "in",
}
# Numbers of buckets between two ticks: whole days, weeks, years.
_STEPS = {
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
class Bars:
    """The chart. `summary` describes it in words; `undated` articles are in no bar.

    A single bucket has no bar: there is nothing to compare and nothing to narrow.
    """

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    interval: str
    summary: str
    undated: str
    undated_href: str
    height: int = BARS_HEIGHT


def drawn(found: Timeline, narrowing: Narrowing, site: Site, sort: str) -> Bars:
    """Draw a timeline. Each bar links to the query narrowed to its bucket."""
    highest = max((bucket.count for bucket in found.buckets), default=0)
    width = 100 / max(len(found.buckets), 1)
    return Bars(
        bars=tuple(
            _bar(
                bucket,
                (at * width, width),
                highest,
                found.interval,
                site.search(narrowing.within(bucket.start, bucket.end), sort=sort)
                if bucket.count
                else "",
            )
            for at, bucket in enumerate(found.buckets)
            if len(found.buckets) > 1
        ),
        ticks=tuple(_ticks(found)),
        interval=found.interval.value,
        summary=_summary(found),
        undated=f"{count_noun(found.undated, 'article')} without a date" if found.undated else "",
        undated_href=site.search(narrowing.between(Missing("date")), sort=sort),
    )


def _bar(
    bucket: TimeBucket, across: tuple[float, float], highest: int, interval: Interval, href: str
) -> Bar:
    height = max(_LOWEST, BARS_HEIGHT * bucket.count / highest) if bucket.count else 0.0
    since, until = _bounds(bucket, interval)
    return Bar(
        x=round(across[0], 4),
        width=round(across[1], 4),
        y=round(BARS_HEIGHT - height, 2),
        height=round(height, 2),
        label=f"{words(bucket, interval)}: {count_noun(bucket.count, 'article')}",
        href=href,
        since=since,
        until=until,
    )


def _bounds(bucket: TimeBucket, interval: Interval) -> tuple[str, str]:
    """Return a bucket's first and last day, or minute, in ISO 8601, as parameters."""
    if interval is Interval.HOUR:
        last_utc = bucket.end.astimezone(UTC) - timedelta(minutes=1)
        last = last_utc.astimezone(bucket.start.tzinfo)
        return bucket.start.isoformat(timespec="minutes"), last.isoformat(timespec="minutes")
    last_day = bucket.end.date() - timedelta(days=1)
    return bucket.start.date().isoformat(), last_day.isoformat()


def words(bucket: TimeBucket, interval: Interval) -> str:
    """Return a bucket's period in words."""
    start = bucket.start
    match interval:
        case Interval.YEAR:
            return f"{start.year}"
        case Interval.MONTH:
            return day_words(start.date()).partition(" ")[2]
        case Interval.DAY:
            return day_words(start.date())
        case Interval.HOUR:
            return f"{day_words(start.date())}, {start:%H:%M}"
        case Interval.WEEK:
            return f"week of {day_words(start.date())}"


def _summary(found: Timeline) -> str:
    """Describe the span of the timeline and its fullest bucket."""
    if not found.buckets:
        return "No article has a date."
    first, last = found.buckets[0], found.buckets[-1]
    if first is last:
        # The first hour of a single day is midnight, which is no information.
        interval = Interval.DAY if found.interval is Interval.HOUR else found.interval
        return f"{words(first, interval)}: {count_noun(first.count, 'article')}."
    zone = first.start.tzinfo or UTC
    span = range_words(Range("date", seconds(first.start), seconds(last.end)), zone)
    fullest = max(found.buckets, key=lambda bucket: bucket.count)
    if fullest.count == 1:
        return f"{span}, by {found.interval}."
    peak = f"{_WITHIN[found.interval]} {words(fullest, found.interval)}"
    return f"{span}, by {found.interval}; most {peak} ({fullest.count:,})."


def _ticks(found: Timeline) -> Iterator[Tick]:
    buckets = found.buckets
    steps = _STEPS[found.interval]
    step = next((size for size in steps if len(buckets) / size <= _MOST_TICKS), steps[-1])
    step = max(step, -(-len(buckets) // (2 * _MOST_TICKS)))
    starts = [bucket.start for bucket in buckets]
    last = _LAST_TICK * len(buckets)
    places = [at for at in range(len(buckets)) if at <= last and _stands(starts, at, step, found)]
    previous_year = ""
    for number, at in enumerate(places):
        label, year = _short(starts[at], found.interval)
        full_label = label if year == previous_year else f"{label} {year}".strip()
        previous_year = year
        minor = number % 2 == 1 or at > _LAST_MAJOR * len(buckets)
        yield Tick(round(100 * at / len(buckets), 4), full_label, minor)


def _stands(starts: Sequence[datetime], place: int, step: int, found: Timeline) -> bool:
    """Whether a bucket has a tick: at round years and months, else at every `step`-th bucket."""
    match found.interval:
        case Interval.YEAR:
            return starts[place].year % step == 0 or len(starts) <= _MOST_TICKS
        case Interval.MONTH:
            number = starts[place].year * 12 + starts[place].month - 1
            return number % step == 0
        case _:
            return place % step == 0


def _short(start: datetime, interval: Interval) -> tuple[str, str]:
    """Return a tick's label, and the part of it that appears only where it changes."""
    day, month, year = day_words(start.date()).split()
    match interval:
        case Interval.YEAR:
            return year, ""
        case Interval.MONTH:
            return month[:3], year
        case Interval.HOUR:
            return f"{start:%H:%M}", f"{day} {month[:3]}"
        case _:
            return f"{day} {month[:3]}", year
