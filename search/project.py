"""A project: one folder with its settings, its corpus and its index.

The command line and programs use dateline through this. Each method is a whole command;
what it does is done elsewhere.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from corpus.article import Article, Source, article_id
from corpus.store import Counts, Failure, Store, Version
from indexer import build
from indexer.engines import IndexDamagedError
from search.answer import Answer, Request, answer
from search.config import Config, SourceSettings, find_root, load
from search.engines import open_searcher
from search.query import Term
from search.searcher import Searcher

if TYPE_CHECKING:
    from indexer.ingest import Tally

Report = Callable[["Tally"], None]


class LockedError(Exception):
    """Another process is writing to the project."""


@dataclass(frozen=True, slots=True)
class Status:
    """What a project holds. `behind` counts changes that the index has not followed; None
    if there is no index that can be used, and `trouble` says why."""

    root: Path
    engine: str
    counts: Counts
    sources: tuple[Source, ...]
    behind: int | None
    trouble: str
    store_bytes: int
    index_bytes: int


@dataclass(frozen=True, slots=True)
class Verification:
    """How many articles there are, and which the index lacked or had too many or too old."""

    articles: int
    missing: int
    surplus: int


class Project:
    """An open project. Searching may be done from several threads at once."""

    def __init__(self, config: Config, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)):
        self.config = config
        self._now = now
        self._open: tuple[tuple[str, int], Searcher] | None = None

    @classmethod
    def open(cls, folder: str | Path = ".", *, now: datetime | None = None, **flags: str) -> Self:
        """The project in a folder or above it; a new one in the folder if there is none.

        `now` stops the clock for relative dates. `flags` are settings that go before those
        of dateline.yaml, as text (`engine="whoosh"`). Raises ConfigError.
        """
        start = Path(folder).resolve()
        config = load(find_root(start) or start, flags=flags)
        return cls(config) if now is None else cls(config, now=lambda: now)

    def close(self) -> None:
        if self._open is not None:
            self._open[1].close()
        if "store" in self.__dict__:
            self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @property
    def exists(self) -> bool:
        """Whether anything was ever added."""
        return self._store_file.exists()

    @cached_property
    def store(self) -> Store:
        """The corpus, made when first used. Raises StoreError."""
        self.config.folder.mkdir(parents=True, exist_ok=True)
        return Store(self._store_file)

    @property
    def _store_file(self) -> Path:
        return self.config.folder / "corpus.sqlite"

    @property
    def _indexes(self) -> Path:
        return self.config.folder / "index"

    # -- writing

    def add(self, paths: Sequence[str | Path], *, report: Report | None = None) -> Tally:
        """Register files and folders as sources, and take in what they hold.

        Raises SourceError if a path is not there, before anything is done.
        """
        from corpus.sources import items

        found = [SourceSettings(Path(path).resolve()) for path in paths]
        for settings in found:
            items(Source("", str(settings.path)))
        with self._writing("add"):
            names = {self._register(settings) for settings in found}
            return self._take_in([each for each in self.sources() if each.name in names], report)

    def update(self, *, keep_missing: bool = False, report: Report | None = None) -> Tally:
        """Take in what is new or changed in all sources, and remove what is gone from them."""
        with self._writing("update"):
            for settings in self.config.sources:
                self._register(settings)
            return self._take_in(self.sources(), report, keep_missing=keep_missing)

    def rebuild(self, *, report: Callable[[int], None] = lambda done: None) -> int:
        """Build the index anew beside the one in use, check it, and swap. Returns its size."""
        with self._writing("rebuild"):
            build.rebuild(
                self.store, self._indexes, self.config.engine, check=self._check, report=report
            )
            return self.store.counts().articles

    def verify(self) -> Verification:
        """Compare the index with the store, article by article, and put right what differs."""
        with self._writing("verify"):
            self.store.check()
            build.update(self.store, self._indexes, self.config.engine)
            held = set(self._searcher().versions())
            wanted = {version for _, version in self.store.current()}
            missing, surplus = wanted - held, held - wanted
            if missing or surplus:
                generation = build.current(self._indexes, self.config.engine)
                build.repair(self.store, generation, missing | surplus)
            return Verification(len(wanted), len(missing), len(surplus))

    def _take_in(
        self, sources: Sequence[Source], report: Report | None, *, keep_missing: bool = False
    ) -> Tally:
        from indexer.ingest import ingest

        tally = ingest(
            self.store,
            sources,
            now=self._now(),
            keep_missing=keep_missing,
            workers=self.config.workers,
            report=report or (lambda tally: None),
        )
        try:
            build.update(self.store, self._indexes, self.config.engine)
        except build.OutdatedIndexError:
            build.rebuild(self.store, self._indexes, self.config.engine, check=self._check)
        return tally

    def _check(self, folder: Path) -> None:
        """Whether a new index holds what the store does: as many, and a sample of their ids."""
        wanted = [article for article, _ in self.store.current()]
        with open_searcher(self.config.engine, folder) as searcher:
            if searcher.count != len(wanted):
                raise build.RebuildFailedError(
                    f"the new index has {searcher.count:,} of {len(wanted):,} articles"
                )
            for each in wanted[:: len(wanted) // 100 + 1]:
                if searcher.search(Term(each, "id"), limit=1).total != 1:
                    raise build.RebuildFailedError(f"article {each} is not in the new index")

    @contextmanager
    def _writing(self, command: str) -> Iterator[None]:
        """Hold the project's lock. Raises LockedError after waiting for `lock_timeout`."""
        from filelock import FileLock, Timeout

        self.config.folder.mkdir(parents=True, exist_ok=True)
        holder = self.config.folder / "lock.holder"
        lock = FileLock(self.config.folder / "lock", timeout=self.config.lock_timeout)
        try:
            lock.acquire()
        except Timeout as err:
            raise LockedError(_held_by(holder)) from err
        try:
            about = {"pid": os.getpid(), "command": command, "since": self._now().isoformat()}
            holder.write_text(json.dumps(about), "utf-8")
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    # -- sources

    def sources(self) -> list[Source]:
        """Every registered source, with the settings that dateline.yaml gives it."""
        settings = {each.path: each for each in self.config.sources}
        return [
            self._source(name, (self.config.root / location).resolve(), settings)
            for name, location in self.store.sources()
        ]

    def _source(self, name: str, path: Path, settings: Mapping[Path, SourceSettings]) -> Source:
        said = settings.get(path, SourceSettings(path))
        return Source(
            name=name,
            location=str(path),
            timezone=said.timezone or self.config.zone.key,
            publisher=said.publisher,
            language=said.language,
            fields=said.fields,
        )

    def source_at(self, path: Path) -> Source:
        """A path as a source, with the settings that it would have if it were added."""
        resolved = path.resolve()
        settings = {each.path: each for each in self.config.sources}
        return self._source(resolved.name, resolved, settings)

    def _register(self, settings: SourceSettings) -> str:
        """Remember a source; one inside another counts as that one. Returns its name."""
        path, root = settings.path, self.config.root
        for source in self.sources():
            if path.is_relative_to(source.location):
                return source.name
        location = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        taken = {name for name, _ in self.store.sources()}
        name = base = settings.name or path.name
        number = 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        with self.store.transaction():
            self.store.register(name, location)
        return name

    # -- reading

    def search(self, text: str | Request) -> Answer:
        """Answer a query. Raises QueryError, NoIndexError, IndexDamagedError and their like."""
        request = Request(text) if isinstance(text, str) else text
        return answer(
            request,
            searcher=self._searcher(),
            store=self.store,
            config=self.config,
            now=self._now(),
        )

    def article(self, key: str) -> Article | None:
        """An article by its id or web address, as it is now."""
        return self.store.article(key) or self.store.article(_id_of(key))

    def versions(self, key: str) -> list[Version]:
        """Every version of an article, the oldest first."""
        return self.store.versions(key) or self.store.versions(_id_of(key))

    def failures(self) -> list[Failure]:
        """What could not be read or cleaned, and why."""
        return list(self.store.failures())

    def status(self) -> Status:
        behind, trouble = None, ""
        try:
            generation = build.current(self._indexes, self.config.engine)
            behind = self.store.last_change() - self.store.indexed(generation.name)
            self._searcher()
        except INDEX_TROUBLES as err:
            trouble = str(err)
        return Status(
            root=self.config.root,
            engine=self.config.engine,
            counts=self.store.counts(),
            sources=tuple(self.sources()),
            behind=behind,
            trouble=trouble,
            store_bytes=sum(file.stat().st_size for file in self.config.folder.glob("corpus.*")),
            index_bytes=_size(self._indexes / self.config.engine),
        )

    def _searcher(self) -> Searcher:
        """A searcher on the last commit, opened again when there is a newer one."""
        generation = build.current(self._indexes, self.config.engine)
        state = generation.name, self.store.indexed(generation.name)
        if self._open is None or self._open[0] != state:
            self._open = state, self._open_searcher(generation)
        return self._open[1]

    def _open_searcher(self, generation: build.Generation) -> Searcher:
        try:
            return open_searcher(self.config.engine, generation.folder)
        except IndexDamagedError:
            # A rebuild may have put another generation in its place just now.
            newer = build.current(self._indexes, self.config.engine)
            if newer == generation:
                raise
            return open_searcher(self.config.engine, newer.folder)


# What can be wrong with an index; each message says what to run.
INDEX_TROUBLES = (build.NoIndexError, build.OutdatedIndexError, IndexDamagedError)


def _id_of(url: str) -> str:
    return article_id(url=url, own_id=url, source="", path="")


def _held_by(holder: Path) -> str:
    try:
        about = json.loads(holder.read_text("utf-8"))
        who = f"dateline {about['command']}, process {about['pid']}, since {about['since']}"
    except (OSError, ValueError, KeyError):
        who = "another process"
    return f"the project is being written to by {who}; try again, or with a longer --lock-timeout"


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
