"""A project: one folder with its settings, its corpus and its index.

The command line and programs use dateline through this. Each method is a whole command;
what it does is done elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Self

from corpus.article import Article, RawArticle, Source
from corpus.article import article_id as id_of
from corpus.store import Failure, Store, Version
from indexer import build
from indexer.schema import FACET_FIELDS
from search.answer import Answer, Request
from search.config import Config, find_root, load
from search.facets import Facets
from search.lock import LockedError, writing
from search.registry import Registry, configured
from search.searcher import Searcher
from search.similar import Similar
from search.snapshots import INDEX_TROUBLES, Snapshots
from search.status import Status, status
from search.suggest import Suggestion
from search.timeline import Interval, Timeline
from search.verification import Verification, check, differing
from search.view import View

if TYPE_CHECKING:
    from indexer.ingest import Tally
    from indexer.posting import Posted

__all__ = ["INDEX_TROUBLES", "LockedError", "Project", "Report", "Status", "Verification"]

Report = Callable[["Tally"], None]


class Project:
    """An open project. Searching may be done from several threads at once."""

    def __init__(self, config: Config, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)):
        self.config = config
        self._now = now
        self._lock = RLock()
        self._store: Store | None = None
        self._snapshots = Snapshots(config.folder / "index", config.engine)

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
        self._snapshots.close()
        if self._store is not None:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @property
    def exists(self) -> bool:
        """Whether anything was ever added."""
        return self._store_file.exists()

    @property
    def store(self) -> Store:
        """The corpus, made when first used. Raises StoreError."""
        with self._lock:
            if self._store is None:
                self.config.folder.mkdir(parents=True, exist_ok=True)
                self._store = Store(self._store_file)
            return self._store

    @property
    def _store_file(self) -> Path:
        return self.config.folder / "corpus.sqlite"

    # -- writing

    def add(self, paths: Sequence[str | Path], *, report: Report | None = None) -> Tally:
        """Register files and folders as sources, and take in what they hold.

        Raises SourceError if a path is not there, before anything is done.
        """
        from corpus.sources import items

        found = [Path(path).resolve() for path in paths]
        for path in found:
            items(Source("", str(path)))
        with self._writing("add"):
            registry = Registry(self.config, self.store)
            registry.register_settings()
            names = {registry.source_of(path) for path in found}
            return self._take_in(names, report)

    def update(self, *, keep_missing: bool = False, report: Report | None = None) -> Tally:
        """Take in what is new or changed in all sources, and remove what is gone from them."""
        with self._writing("update"):
            Registry(self.config, self.store).register_settings()
            names = {source.name for source in self.sources()}
            return self._take_in(names, report, keep_missing=keep_missing)

    def post(self, raws: Sequence[RawArticle], *, article_id: str = "") -> list[Posted]:
        """Take in articles that no file has; a single one may be given its id.

        What becomes of each, in their order. `update` leaves them alone. Raises ForeignError,
        OtherIdError.
        """
        from indexer.posting import post

        with self._writing("post"):
            source = Registry(self.config, self.store).posted()
            posted = post(self.store, source, raws, now=self._now(), own_id=article_id)
            self._follow()
            return posted

    def withdraw(self, key: str) -> bool:
        """Remove an article that was posted. Returns whether it was held. Raises ForeignError."""
        from indexer.posting import withdraw

        with self._writing("withdraw"):
            source = Registry(self.config, self.store).posted()
            held = any(withdraw(self.store, source, each) for each in (key, _id_of(key)))
            self._follow()
            return held

    def rebuild(self, *, report: Callable[[int], None] = lambda done: None) -> int:
        """Build the index anew beside the one in use, check it, and swap. Returns its size."""
        with self._writing("rebuild"):
            self._rebuild(report)
            return self.store.counts().articles

    def verify(self) -> Verification:
        """Compare the index with the store, article by article, and put right what differs."""
        with self._writing("verify"):
            self.store.check()
            self._follow()
            missing, surplus = differing(self.store, self._searcher())
            if missing or surplus:
                with self.store.transaction():
                    self.store.touch(missing | surplus)
                self._follow()
                if any(differing(self.store, self._searcher())):
                    # The index has what the store never had.
                    self._rebuild()
            return Verification(self.store.counts().articles, len(missing), len(surplus))

    def _take_in(
        self, names: Set[str], report: Report | None, *, keep_missing: bool = False
    ) -> Tally:
        from indexer.ingest import ingest

        known = self.sources()
        tally = ingest(
            self.store,
            [source for source in known if source.name in names],
            beside=[source for source in known if source.name not in names],
            now=self._now(),
            keep_missing=keep_missing,
            workers=self.config.workers,
            report=report or (lambda tally: None),
        )
        self._follow()
        return tally

    def _follow(self) -> None:
        """Bring the index up to date, making a new one for another version of the schema."""
        try:
            build.update(self.store, self._snapshots.home, self.config.engine)
        except build.OutdatedIndexError:
            self._rebuild()

    def _rebuild(self, report: Callable[[int], None] = lambda done: None) -> None:
        engine = self.config.engine
        checked = partial(check, self.store, engine)
        build.rebuild(self.store, self._snapshots.home, engine, check=checked, report=report)

    def _writing(self, command: str) -> AbstractContextManager[None]:
        return writing(
            self.config.folder, command, since=self._now(), timeout=self.config.lock_timeout
        )

    # -- sources

    def sources(self) -> list[Source]:
        """Every registered source, with the settings that dateline.yaml gives it."""
        return Registry(self.config, self.store).sources()

    def source_at(self, path: Path) -> Source:
        """A path as a source, with the settings that it would have if it were added."""
        resolved = path.resolve()
        return configured(self.config, resolved.name, resolved)

    # -- reading

    def view(self) -> View:
        """The last commit of the index, for several questions. Raises INDEX_TROUBLES."""
        store = self._held()
        state, searcher = self._snapshots.newest(store)
        return View(state, searcher, store, self.config, self._now())

    def search(self, text: str | Request) -> Answer:
        """Answer a query. Raises QueryError, NoIndexError, IndexDamagedError and their like."""
        return self.view().search(_request(text))

    def facets(
        self, text: str | Request, fields: Sequence[str] = FACET_FIELDS, *, limit: int = 10
    ) -> Facets:
        """Count what a query finds by the values of fields. Raises QueryError."""
        return self.view().facets(_request(text), fields, limit=limit)

    def timeline(self, text: str | Request, interval: Interval | None = None) -> Timeline:
        """Count what a query finds by time; the interval is chosen if not given.

        Raises QueryError.
        """
        return self.view().timeline(_request(text), interval)

    def suggest(self, text: str, *, limit: int = 10) -> tuple[Suggestion, ...]:
        """Words and names that a text may end in, the most frequent first."""
        return self.view().suggest(text, limit=limit)

    def similar(self, key: str, *, limit: int = 10) -> Similar | None:
        """Articles like one, which is given by id or web address; None if it is not held."""
        article = self.article(key)
        if article is None:
            return None
        return self.view().similar(article, limit=limit)

    @property
    def count(self) -> int:
        """How many articles a search goes over, told by the index without counting."""
        return self._searcher().count

    def again(self) -> Self:
        """The same project opened once more: one that reads goes on while this one writes."""
        return type(self)(self.config, now=self._now)

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
        """What is held, and what state the index is in."""
        behind, trouble = None, ""
        try:
            generation = self._snapshots.generation(self._held())
            behind = self.store.last_change() - self.store.indexed(generation.name)
            self._searcher()
        except INDEX_TROUBLES as err:
            trouble = str(err)
        return status(self.config, self.store, self.sources(), behind, trouble)

    def _searcher(self) -> Searcher:
        """A searcher on the last commit. Raises INDEX_TROUBLES."""
        return self.view().searcher

    def _held(self) -> Store:
        """The corpus, which is not made for being asked. Raises NoIndexError."""
        if not self.exists:
            raise build.NoIndexError
        return self.store


def _request(text: str | Request) -> Request:
    return Request(text) if isinstance(text, str) else text


def _id_of(url: str) -> str:
    return id_of(url=url, own_id=url, source="", path="")
