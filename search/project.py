"""A project: one folder with its settings, its corpus and its index.

The command line and programs use dateline through this. Each method is a whole command;
what it does is done elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from corpus.article import Article, Source, article_id
from corpus.store import Failure, Store, Version
from indexer.schema import FACET_FIELDS
from search.answer import Answer, Request, answer
from search.config import Config, find_root, load
from search.facets import Facets, facets
from search.holdings import Holdings
from search.lock import LockedError
from search.registry import Registry, configured
from search.similar import Similar, similar
from search.snapshots import INDEX_TROUBLES
from search.status import Status, status
from search.suggest import Suggestion, suggest
from search.timeline import Interval, Timeline, timeline
from search.upkeep import Report, Upkeep
from search.verification import Verification

if TYPE_CHECKING:
    from indexer.tally import Tally

__all__ = ["INDEX_TROUBLES", "LockedError", "Project", "Report", "Status", "Verification"]


class Project:
    """An open project. Searching may be done from several threads at once."""

    def __init__(self, config: Config, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)):
        self.config = config
        self._now = now
        self._holdings = Holdings(config)
        self._upkeep = Upkeep(config, self._holdings, now)

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
        self._holdings.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @property
    def exists(self) -> bool:
        """Whether anything was ever added."""
        return self._holdings.exists

    @property
    def store(self) -> Store:
        """The corpus, made when first used. Raises StoreError."""
        return self._holdings.store

    # -- writing

    def add(self, paths: Sequence[str | Path], *, report: Report = lambda tally: None) -> Tally:
        """Register files, folders and web addresses as sources, and take in what they hold.

        Raises SourceError if one is not there, before anything is done.
        """
        return self._upkeep.add(paths, report)

    def update(self, *, keep_missing: bool = False, report: Report = lambda tally: None) -> Tally:
        """Take in what is new or changed in all sources, and remove what is gone from them.

        Then entities are found anew where another extractor found them before, or where the
        aliases have changed; searches see it step by step.
        """
        return self._upkeep.update(report, keep_missing=keep_missing)

    def rebuild(self, *, report: Callable[[int], None] = lambda done: None) -> int:
        """Build the index anew beside the one in use, check it, and swap. Returns its size."""
        return self._upkeep.rebuild(report)

    def verify(self) -> Verification:
        """Compare the index with the store, article by article, and put right what differs."""
        return self._upkeep.verify()

    # -- sources

    def sources(self) -> list[Source]:
        """Every registered source, with the settings that dateline.yaml gives it."""
        return Registry(self.config, self.store).sources()

    def source_at(self, path: Path) -> Source:
        """A path as a source, with the settings that it would have if it were added."""
        resolved = path.resolve()
        return configured(self.config, resolved.name, str(resolved))

    # -- reading

    def search(self, text: str | Request) -> Answer:
        """Answer a query. Raises QueryError, NoIndexError, IndexDamagedError and their like."""
        return answer(
            _request(text),
            searcher=self._holdings.searcher(),
            store=self.store,
            config=self.config,
            now=self._now(),
        )

    def facets(
        self, text: str | Request, fields: Sequence[str] = FACET_FIELDS, *, limit: int = 10
    ) -> Facets:
        """Count what a query finds by the values of fields. Raises QueryError."""
        searcher, now = self._holdings.searcher(), self._now()
        return facets(_request(text), fields, limit, searcher=searcher, config=self.config, now=now)

    def timeline(self, text: str | Request, interval: Interval | None = None) -> Timeline:
        """Count what a query finds by time; the interval is chosen if not given.

        Raises QueryError.
        """
        searcher, now = self._holdings.searcher(), self._now()
        return timeline(_request(text), interval, searcher=searcher, config=self.config, now=now)

    def suggest(self, text: str, *, limit: int = 10) -> tuple[Suggestion, ...]:
        """Words and names that a text may end in, the most frequent first."""
        return suggest(text, limit, searcher=self._holdings.searcher())

    def similar(self, key: str, *, limit: int = 10) -> Similar | None:
        """Articles like one, which is given by id or web address; None if it is not held."""
        article = self.article(key)
        if article is None:
            return None
        return similar(article, limit, searcher=self._holdings.searcher(), store=self.store)

    @property
    def count(self) -> int:
        """How many articles a search goes over, told by the index without counting."""
        return self._holdings.searcher().count

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
        """What is held, and what is still to be done with it."""
        return status(self.config, self._holdings, self.sources())


def _request(text: str | Request) -> Request:
    return Request(text) if isinstance(text, str) else text


def _id_of(url: str) -> str:
    return article_id(url=url, own_id=url, source="", path="")
