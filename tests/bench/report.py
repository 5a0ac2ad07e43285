"""The measurements of a run as a page of tables."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from statistics import quantiles

from tests.bench.measure import BATCH, GROWTH_BATCH, Asked, Built, Grown, Updated
from tests.bench.peers import RAW
from tests.bench.queries import Kind

_LIBRARIES = ("tantivy", "whoosh-reloaded", "zstandard", "PyStemmer", "snowballstemmer")


@dataclass(frozen=True, slots=True)
class Results:
    """What a run found; a part that was not asked for is empty. `articles` is the corpus."""

    day: date
    command: str
    articles: int
    copies: int
    rounds: int
    built: Sequence[Built]
    asked: Sequence[Asked]
    updated: Sequence[Updated]
    grown: Sequence[Grown]


def page(results: Results) -> str:
    """The whole of BENCHMARKS.md."""
    parts = [
        "# Benchmarks",
        _about(results),
        *(_ingest(results.built) if results.built else ()),
        *(_queries(results) if results.asked else ()),
        *(_updates(results.updated) if results.updated else ()),
        *(_growth(results.grown) if results.grown else ()),
        _HOW,
        f"```\n{results.command}\n```",
    ]
    return "\n\n".join(parts) + "\n"


def _about(results: Results) -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    copies = f", {results.copies} times with other halves" if results.copies > 1 else ""
    return (
        f"{results.day.isoformat()}: {results.articles:,} news articles{copies}; "
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores; "
        f"{libraries}, SQLite {sqlite3.sqlite_version}. Everything was measured in one run. "
        "Figures of other machines differ; the ratios between rows hold better."
    )


def _ingest(built: Sequence[Built]) -> Iterable[str]:
    raw = next((each.articles / each.seconds for each in built if each.name == RAW), None)
    yield "## Ingest"
    yield (
        "JSON Lines of clean fields, from the file to an index that can be searched, each in a "
        "process of its own. dateline also finds the entities and keeps the articles in its "
        "store; *index alone* is `dateline rebuild`, from the store. Memory is the peak of the "
        "process itself, not of its workers. Size is all that is left in the folder, to be "
        "compared with the clean text; of the opensearch engine with one copy of the index, which "
        "is in a cluster of three nodes on the same machine, by `period: year`."
    )
    yield _table(
        ("", "articles", "articles/s", f"ratio to {RAW}", "peak MB", "size MB", "size / text"),
        (
            (
                each.name,
                f"{each.articles:,}",
                f"{each.articles / each.seconds:,.0f}",
                _ratio(each.articles / each.seconds, raw),
                f"{each.peak_mb:,.0f}" if each.peak_mb else "",
                f"{each.disk_bytes / 1e6:,.1f}" if each.disk_bytes else "",
                f"{each.disk_bytes / each.text_bytes:.2f}" if each.disk_bytes else "",
            )
            for each in built
        ),
    )


def _queries(results: Results) -> Iterable[str]:
    yield "## Queries"
    yield (
        "Milliseconds for the ten best hits with their snippets, in process, caches warm: of "
        f"each query the median of {results.rounds} rounds after one more, the peers by turns. "
        "dateline counts all hits, orders equal ones, and reads the texts from its store; FTS5 "
        f"does not count. {RAW}'s snippets of prefixes are empty."
    )
    for kind in Kind:
        asked = [each for each in results.asked if each.kind is kind and each.times]
        if not asked:
            continue
        raw = next((_spread(each.times) for each in asked if each.name == RAW), None)
        yield f"### {kind.value}, {len(asked[0].times)} queries"
        yield _table(
            ("", "p50", "p90", "p99", f"p50 to {RAW}'s"),
            (
                (
                    _shown(each, results.articles),
                    *(f"{value:.2f}" for value in _spread(each.times)),
                    _ratio(_spread(each.times)[0], raw and raw[0]),
                )
                for each in asked
            ),
        )


def _shown(each: Asked, articles: int) -> str:
    fewer = each.articles < articles
    return f"{each.name}, of the first {each.articles:,}" if fewer else each.name


def _spread(times: Sequence[float]) -> tuple[float, float, float]:
    """The 50th, 90th and 99th percentile."""
    if len(times) == 1:
        return times[0], times[0], times[0]
    cuts = quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[89], cuts[98]


def _updates(updated: Sequence[Updated]) -> Iterable[str]:
    yield f"## An update of {BATCH} articles"
    yield (
        "Milliseconds until new articles are seen, the median of several updates. *Index* is the "
        "part of it that follows the cleaning and keeping: for the peers there is no other."
    )
    yield _table(
        ("", "articles held", "whole", "index"),
        (
            (
                each.name,
                f"{each.articles:,}",
                f"{each.whole_ms:,.0f}",
                f"{each.whole_ms if each.index_ms is None else each.index_ms:,.0f}",
            )
            for each in updated
        ),
    )


def _growth(grown: Sequence[Grown]) -> Iterable[str]:
    updates = grown[0].updates
    yield f"## {updates} small updates"
    yield f"The size of the folder in MB, with {GROWTH_BATCH} new articles an update."
    steps = [updates * quarter // 4 for quarter in range(5)]
    yield _table(
        ("updates done", *(str(step) for step in steps)),
        ((each.name, *(f"{size / 1e6:,.1f}" for size in each.sizes)) for each in grown),
    )


def _ratio(value: float, base: float | None) -> str:
    return f"{value / base:.2f}" if base else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    marks = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, marks, *rows))


_HOW = """## How to repeat it

The articles are `news-25k.jsonl.gz`, or any JSON Lines file with `id`, `title`, `body` and
`date` given with `--corpus`. On a machine with nothing else to do:"""
