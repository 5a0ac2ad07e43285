"""What is measured, each part as a function that may run in a process of its own."""

from __future__ import annotations

import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import ParamSpec, TypeVar

from tests.bench.ours import Dateline
from tests.bench.peers import Entry, Peer, entries
from tests.bench.queries import Kind, Search, choose
from tests.bench.stories import as_line, prepare, read

BATCH = 100  # articles of an update
GROWTH_BATCH = 10
# Where a corpus is larger than this, the slow peers get its beginning.
_LARGE = 50_000

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Corpus:
    """The files of a run: all articles, a tenth of them, and their clean text in bytes."""

    folder: Path
    articles: int
    text_bytes: int
    searches: tuple[Search, ...]

    @property
    def file(self) -> Path:
        return self.folder / "articles.jsonl"

    def first(self, number: int) -> Path:
        """A file of the first articles."""
        file = self.folder / f"first-{number}.jsonl"
        with self.file.open() as lines, file.open("w") as copy:
            copy.writelines(islice(lines, number))
        return file


@dataclass(frozen=True, slots=True)
class Built:
    """A build: its time, and what it left. `articles` may be fewer than the corpus has."""

    name: str
    articles: int
    seconds: float
    peak_mb: float = 0.0
    disk_bytes: int = 0
    text_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Updated:
    """Milliseconds of an update of 100 articles. `index_ms` is the index's part of it."""

    name: str
    articles: int
    whole_ms: float
    index_ms: float | None


@dataclass(frozen=True, slots=True)
class Grown:
    """The bytes of a folder: at first, and after each quarter of the small updates."""

    name: str
    updates: int
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds of the queries of a kind: the median of the rounds for each."""

    name: str
    kind: Kind
    times: tuple[float, ...]
    articles: int


def alone(
    run: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result:
    """A function's result, from a fresh process: its memory and caches are its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(run, *args, **kwargs).result()


def corpus(source: Path, folder: Path, articles: int, copies: int) -> Corpus:
    file = folder / "articles.jsonl"
    size = prepare(source, file, articles=articles, copies=copies)
    searches = choose(list(islice(read(file), articles)))
    return Corpus(folder, sum(1 for _ in read(file)), size, tuple(searches))


def place(folder: Path, name: str) -> Path:
    """Where a peer's index is."""
    return folder / "".join(char if char.isalnum() else "-" for char in name)


def build(given: Corpus, engines: Sequence[str], name: str) -> list[Built]:
    """Build a peer's index and leave it; for dateline, also its index anew from its store."""
    entry = next(entry for entry in entries(engines) if entry.name == name)
    number = entry.most if entry.most and given.articles > _LARGE else given.articles
    folder = place(given.folder, name)
    built = [_built(entry.make, folder, given, name, number)]
    peer = entry.make(folder)
    if isinstance(peer, Dateline):
        began = time.perf_counter()
        peer.project.rebuild()
        built.append(Built(f"{name}, index alone", number, time.perf_counter() - began))
    peer.close()
    return built


def build_with_workers(given: Corpus, engine: str, workers: int) -> Built:
    """Build a project with several processes, and throw it away."""
    name = f"dateline ({engine}), {workers} workers"
    folder = place(given.folder, name)
    built = _built(
        lambda folder: Dateline(folder, engine, workers), folder, given, name, given.articles
    )
    shutil.rmtree(folder)
    return built


def _built(
    make: Callable[[Path], Peer], folder: Path, given: Corpus, name: str, number: int
) -> Built:
    file = given.file if number == given.articles else given.first(number)
    peer = make(folder)
    began = time.perf_counter()
    peer.build(file)
    seconds = time.perf_counter() - began
    peak = peak_mb()
    elsewhere = peer.elsewhere if isinstance(peer, Dateline) else 0
    # Closed first: SQLite's log of what is not yet in its file goes with that.
    peer.close()
    text = sum(len(story.title.encode()) + len(story.body.encode()) for story in read(file))
    return Built(name, number, seconds, peak, _size(folder) + elsewhere, text)


def peak_mb(whose: int = resource.RUSAGE_SELF) -> float:
    """The most memory that this process had; or its children that have ended, any of them."""
    unit = 1 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(whose).ru_maxrss * unit / 1e6


def _size(folder: Path) -> int:
    """The bytes of all that a peer made; not of the sources that it read."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return sum(file.stat().st_size for file in files if "news" not in file.parts)


def ask(given: Corpus, engines: Sequence[str], rounds: int, held: dict[str, int]) -> list[Asked]:
    """Ask all peers by turns, so that what disturbs the machine disturbs them alike."""
    peers = {entry.name: entry.make(place(given.folder, entry.name)) for entry in entries(engines)}
    taken: dict[tuple[str, Search], list[float]] = {}
    for number in range(rounds + 1):
        for kind in Kind:
            of_kind = [search for search in given.searches if search.kind is kind]
            for name, peer in peers.items():
                for search in of_kind:
                    milliseconds = _timed(peer, search)
                    # The first round warms caches up.
                    if number:
                        taken.setdefault((name, search), []).append(milliseconds)
    for peer in peers.values():
        peer.close()
    return [
        Asked(
            name,
            kind,
            tuple(
                median(times)
                for (who, search), times in taken.items()
                if (who, search.kind) == (name, kind)
            ),
            held[name],
        )
        for kind in Kind
        for name in peers
    ]


def _timed(peer: Peer, search: Search) -> float:
    began = time.perf_counter()
    peer.search(search)
    return (time.perf_counter() - began) * 1_000


def update(given: Corpus, engines: Sequence[str], number: int, repeats: int) -> list[Updated]:
    """Add 100 new articles, several times, to an index of so many."""
    found = []
    for entry in entries(engines):
        held = entry.most if entry.most and given.articles > _LARGE else given.articles
        folder = place(given.folder, entry.name)
        if number < held:
            held, folder = number, place(given.folder, f"{entry.name} {number}")
        found.append(_updated(entry, folder, given, held, repeats))
    return found


def _updated(entry: Entry, folder: Path, given: Corpus, held: int, repeats: int) -> Updated:
    new = not folder.exists()
    peer = entry.make(folder)
    if new:
        peer.build(given.first(held))
    batches = _batches(given, f"{held}-{entry.name}", BATCH)
    whole = []
    for batch in islice(batches, repeats):
        began = time.perf_counter()
        peer.update(batch)
        whole.append((time.perf_counter() - began) * 1_000)
    index_ms = None
    if isinstance(peer, Dateline):
        index_ms = median(peer.update_index(next(batches)) * 1_000 for _ in range(repeats))
    peer.close()
    return Updated(entry.name, held, median(whole), index_ms)


def _batches(given: Corpus, name: str, size: int) -> Iterator[Path]:
    """Files of new articles: those of the corpus under other ids."""
    file = given.folder / "batch.jsonl"
    stories = cycle(read(given.file))
    number = 0
    while True:
        with file.open("w") as lines:
            for story in islice(stories, size):
                number += 1
                lines.write(as_line(replace(story, id=f"{name}-{number}")))
        yield file


def grow(given: Corpus, engine: str, number: int, updates: int) -> Grown:
    """Many small updates of an index of so many articles."""
    name = f"dateline ({engine})"
    folder = place(given.folder, f"{name} growing")
    peer = Dateline(folder, engine)
    peer.build(given.first(number))
    batches = _batches(given, "growing", GROWTH_BATCH)
    sizes = []
    for _ in range(4):
        peer.close()
        sizes.append(_size(folder))
        peer = Dateline(folder, engine)
        for _ in range(updates // 4):
            peer.update_index(next(batches))
    peer.close()
    return Grown(name, updates, (*sizes, _size(folder)))
