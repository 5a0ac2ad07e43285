"""A project: one folder with its settings, its corpus and its index.

The command line and programs use dateline through this. Each method is a whole command;
what it does is done elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from corpus.article import Article, RawArticle, Source
from corpus.article import article_id as id_of
from corpus.store import Failure, Store, Version
from indexer.schema import FACET_FIELDS
from search.config.config import Config, find_root, load
from search.project.lock import LockedError
from search.project.registry import Registry, configured
from search.project.resources import Holdings
from search.project.status import Status, status
from search.project.verification import Verification
from search.project.writer import Report, Upkeep
from search.query.nodes import Or, Term
from search.results.answer import Answer, Request
from search.results.facets import Facets
from search.results.similar import Similar
from search.results.snapshot import View
from search.results.suggest import Suggestion
from search.results.timeline import Interval, Timeline

if TYPE_CHECKING:
    from indexer.ingest.stats import IngestStats
    from indexer.ingest.submitted import SubmittedArticle

__all__ = ["LockedError", "Project", "Report", "Status", "Verification"]


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

    def add(
        self, paths: Sequence[str | Path], *, report: Report = lambda tally: None
    ) -> IngestStats:
        """Register files, folders and web addresses as sources, and take in what they hold.

        Raises SourceError if one is not there, before anything is done.
        """
        return self._upkeep.add(paths, report)

    def update(
        self, *, keep_missing: bool = False, report: Report = lambda tally: None
    ) -> IngestStats:
        """Take in what is new or changed in all sources, and remove what is gone from them.

        Then entities are found anew where another extractor found them before, or where the
        aliases have changed; searches see it step by step.
        """
        return self._upkeep.update(report, keep_missing=keep_missing)

    def post(self, raws: Sequence[RawArticle], *, article_id: str = "") -> list[SubmittedArticle]:
        """Take in articles that no file has; a single one may be given its id.

        What becomes of each, in their order. `update` leaves them alone, but for entities that
        are to be found anew. Raises FromFilesError, OtherIdError.
        """
        return self._upkeep.post(raws, article_id)

    def withdraw(self, key: str) -> bool:
        """Remove an article that was posted. Returns whether it was held. Raises FromFilesError."""
        return self._upkeep.withdraw((key, _id_of(key)))

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

    def view(self) -> View:
        """The last commit of the index, for several questions. Raises IndexUnusableError."""
        state, searcher = self._holdings.newest()
        return View(state, searcher, self.store, self.config, self._now())

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
        return self._holdings.searcher().count

    def again(self) -> Self:
        """The same project opened once more: one that reads goes on while this one writes."""
        return type(self)(self.config, now=self._now)

    def article(self, key: str) -> Article | None:
        """An article by its id or web address, as it is now; another store's in a shared index."""
        found = self.store.article(key) or self.store.article(_id_of(key))
        return found or (self._shared(key) if self.config.is_shared else None)

    def _shared(self, key: str) -> Article | None:
        searcher = self._holdings.searcher()
        query = Or((Term(key, "id"), Term(_id_of(key), "id")))
        return next((match.article for match in searcher.search(query, limit=1).page), None)

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
    return id_of(url=url, own_id=url, source="", path="")
