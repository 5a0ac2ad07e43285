"""A timeline as bars: where each stands in its drawing, what it says, and where it leads."""

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

# Of the drawing, in CSS pixels; widths are percentages.
BARS_HEIGHT = 72
_LOWEST = 2.0
_MOST_TICKS = 8
# A label after this part of the width would not end within it.
_LAST_TICK, _LAST_MAJOR = 0.92, 0.8
# How many buckets a tick may stand apart from the next, by interval: whole days, weeks, years.
_WITHIN = {
    Interval.HOUR: "on",
    Interval.DAY: "on",
    Interval.WEEK: "in the",
    Interval.MONTH: "in",
    Interval.YEAR: "in",
}
_STEPS = {
    Interval.HOUR: (1, 2, 3, 6, 12, 24),
    Interval.DAY: (1, 2, 7, 14, 28),
    Interval.WEEK: (1, 2, 4, 13, 26),
    Interval.MONTH: (1, 3, 6, 12, 24),
    Interval.YEAR: (1, 2, 5, 10, 20, 50, 100),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A bucket: percentages across, pixels down, and the days or hours from `since` to `until`."""

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
    """A label below the bars. `minor` ones go where there is little room."""

    x: float
    label: str
    minor: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """The drawing. `summary` says it in words; `undated` articles are in no bar.

    A single bucket is not drawn: there is nothing to compare and nothing to narrow.
    """

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    interval: str
    summary: str
    undated: str
    undated_href: str
    height: int = BARS_HEIGHT


def drawn(found: Timeline, narrowing: Narrowing, site: Site, sort: str) -> Bars:
    """A timeline's drawing. Each bar narrows the query to what it counts."""
    highest = max((bucket.count for bucket in found.buckets), default=0)
    width = 100 / max(len(found.buckets), 1)
    return Bars(
        bars=tuple(
            _bar(
                bucket,
                (place * width, width),
                highest,
                found.interval,
                site.search(narrowing.within(bucket.start, bucket.end), sort=sort)
                if bucket.count
                else "",
            )
            for place, bucket in enumerate(found.buckets)
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
    """A bucket's first and last day, or minute, as parameters have them."""
    if interval is Interval.HOUR:
        last = bucket.end.astimezone(UTC) - timedelta(minutes=1)
        here = last.astimezone(bucket.start.tzinfo)
        return bucket.start.isoformat(timespec="minutes"), here.isoformat(timespec="minutes")
    last_day = bucket.end.date() - timedelta(days=1)
    return bucket.start.date().isoformat(), last_day.isoformat()


def words(bucket: TimeBucket, interval: Interval) -> str:
    """A bucket's time in words."""
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
    """Between which times the articles lie, and when most of them do."""
    if not found.buckets:
        return "No article has a date."
    first, last = found.buckets[0], found.buckets[-1]
    if first is last:
        # Of a day alone, the hour would be midnight.
        interval = Interval.DAY if found.interval is Interval.HOUR else found.interval
        return f"{words(first, interval)}: {count_noun(first.count, 'article')}."
    zone = first.start.tzinfo or UTC
    whole = range_words(Range("date", seconds(first.start), seconds(last.end)), zone)
    most = max(found.buckets, key=lambda bucket: bucket.count)
    if most.count == 1:
        return f"{whole}, by {found.interval}."
    peak = f"{_WITHIN[found.interval]} {words(most, found.interval)}"
    return f"{whole}, by {found.interval}; most {peak} ({most.count:,})."


def _ticks(found: Timeline) -> Iterator[Tick]:
    buckets = found.buckets
    steps = _STEPS[found.interval]
    step = next((each for each in steps if len(buckets) / each <= _MOST_TICKS), steps[-1])
    step = max(step, -(-len(buckets) // (2 * _MOST_TICKS)))
    starts = [bucket.start for bucket in buckets]
    chosen = [place for place in range(len(buckets)) if _stands(starts, place, step, found)]
    before = ""
    for number, place in enumerate(each for each in chosen if each <= _LAST_TICK * len(buckets)):
        label, year = _short(starts[place], found.interval)
        shown = label if year == before else f"{label} {year}".strip()
        before = year
        minor = number % 2 == 1 or place > _LAST_MAJOR * len(buckets)
        yield Tick(round(100 * place / len(buckets), 4), shown, minor)


def _stands(starts: Sequence[datetime], place: int, step: int, found: Timeline) -> bool:
    """Whether a bucket has a tick: round years and months, else every so many."""
    match found.interval:
        case Interval.YEAR:
            return starts[place].year % step == 0 or len(starts) <= _MOST_TICKS
        case Interval.MONTH:
            number = starts[place].year * 12 + starts[place].month - 1
            return number % step == 0
        case _:
            return place % step == 0


def _short(start: datetime, interval: Interval) -> tuple[str, str]:
    """A tick's label, and what is said only where it changes."""
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
