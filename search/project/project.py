"""A project: one folder with its settings, its corpus and its index.

The command line and programs use dateline through it. Each method is a whole command, and
delegates to the module that implements it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from corpus.article import Article, RawArticle, Source
from corpus.article import make_article_id as id_of
from corpus.store import ArticleVersion, Failure, Store
from indexer.schema import FACET_FIELDS
from search.config.config import Config, find_root, load_config
from search.project.resources import ProjectResources
from search.query.nodes import Or, Term
from search.results.answer import Answer, answer_request
from search.results.request import Request
from search.results.snapshot import Snapshot

if TYPE_CHECKING:
    from indexer.ingest.stats import IngestStats
    from indexer.ingest.submitted import SubmittedArticle
    from search.project.status import ProjectStatus
    from search.project.verification import Verification
    from search.project.writer import ProgressCallback, ProjectWriter
    from search.results.facets import Facets
    from search.results.similar import Similar
    from search.results.suggest import Suggestion
    from search.results.timeline import Interval, Timeline


class Project:
    """An open project. Several threads may search in it at once."""

    def __init__(self, config: Config, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)):
        self.config = config
        self._now = now
        self._resources = ProjectResources(config)

    @classmethod
    def open(cls, folder: str | Path = ".", *, now: datetime | None = None, **flags: str) -> Self:
        """Open the project in a folder or above it; a new one in the folder if there is none.

        `now` fixes the time for relative dates. `flags` are settings that override those
        of dateline.yaml, as text (`engine="whoosh"`). Raises ConfigError.
        """
        start = Path(folder).resolve()
        config = load_config(find_root(start) or start, flags=flags)
        return cls(config) if now is None else cls(config, now=lambda: now)

    def close(self) -> None:
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @property
    def exists(self) -> bool:
        """Whether anything was ever added."""
        return self._resources.exists

    @property
    def store(self) -> Store:
        """The corpus, created when first used. Raises StoreError."""
        return self._resources.store

    # -- writing

    @cached_property
    def _writer(self) -> ProjectWriter:
        # A search does not load the modules that write.
        from search.project.writer import ProjectWriter

        return ProjectWriter(self.config, self._resources, self._now)

    def add(
        self, paths: Sequence[str | Path], *, report: ProgressCallback = lambda stats: None
    ) -> IngestStats:
        """Register files, folders and web addresses as sources, and ingest their articles.

        Raises SourceError if one does not exist, before anything is written.
        """
        return self._writer.add(paths, report)

    def update(
        self,
        *,
        keep_missing: bool = False,
        allow_removals: bool = False,
        report: ProgressCallback = lambda stats: None,
    ) -> IngestStats:
        """Ingest new and changed articles of all sources, and remove missing ones.

        If more than half of a source's articles, and more than 20, are missing, they are kept,
        unless the source or the caller is to `allow_removals`.

        Then entities are extracted again where another extractor found them before, or where
        the aliases have changed; searches see the result step by step.
        """
        return self._writer.update(report, keep_missing=keep_missing, allow_removals=allow_removals)

    def post(self, raws: Sequence[RawArticle], *, article_id: str = "") -> list[SubmittedArticle]:
        """Ingest articles that are in no file; a single one may be given its id.

        Returns the result of each, in their order. `update` does not change them, except for
        entities to extract again. Raises FromFilesError, OtherIdError.
        """
        return self._writer.post(raws, article_id)

    def withdraw(self, key: str) -> bool:
        """Remove an article that was posted. Returns whether it existed. Raises FromFilesError."""
        key = _replace_surrogates(key)
        return self._writer.withdraw((key, _derive_article_id(key)))

    def rebuild(
        self, *, replace_foreign: bool = False, report: Callable[[int], None] = lambda done: None
    ) -> int:
        """Build a new index beside the one in use, check it, swap. Returns its article count.

        Articles that are damaged in the corpus are left out and listed among the failures.
        An index of another corpus is replaced only with `replace_foreign`: StoreMismatchError.
        """
        return self._writer.rebuild(report, replace_foreign=replace_foreign)

    def verify(
        self, *, quick: bool = False, repair: bool = False, discard: bool = False
    ) -> Verification:
        """Read all of the corpus and the index, compare them, and repair differences.

        `quick` compares without reading all. `repair` reads damaged articles again from their
        sources, and rebuilds a damaged index; `discard` removes what no source has any more.
        """
        return self._writer.verify(quick=quick, repair=repair, discard=discard)

    # -- sources

    def sources(self) -> list[Source]:
        """Return all registered sources, with their settings in dateline.yaml."""
        from search.project.source_registry import SourceRegistry

        return SourceRegistry(self.config, self.store).list_sources()

    def make_source(self, path: Path) -> Source:
        """Return a path as a source, with the settings that it would have if it were added."""
        from search.project.source_registry import make_source

        resolved = path.resolve()
        return make_source(self.config, resolved.name, str(resolved))

    # -- reading

    def snapshot(self) -> Snapshot:
        """Open the last commit of the index, for several requests. Raises IndexUnusableError."""
        return self._resources.open_snapshot(self._now())

    def search(self, text: str | Request, *, on: Snapshot | None = None) -> Answer:
        """Answer a query. Raises QueryError, NoIndexError, IndexDamagedError and their like."""
        return answer_request(_to_request(text), on or self.snapshot())

    def facets(
        self,
        text: str | Request,
        fields: Sequence[str] = FACET_FIELDS,
        *,
        limit: int = 10,
        on: Snapshot | None = None,
    ) -> Facets:
        """Count a query's articles by the values of fields. Raises QueryError."""
        from search.results.facets import count_facets

        return count_facets(_to_request(text), on or self.snapshot(), fields, limit=limit)

    def timeline(
        self,
        text: str | Request,
        interval: Interval | None = None,
        *,
        on: Snapshot | None = None,
    ) -> Timeline:
        """Count a query's articles by time; the interval is chosen if None.

        Raises QueryError.
        """
        from search.results.timeline import build_timeline

        return build_timeline(_to_request(text), on or self.snapshot(), interval)

    def suggest(
        self, text: str, *, limit: int = 10, on: Snapshot | None = None
    ) -> tuple[Suggestion, ...]:
        """Suggest words and names that complete a text, the most frequent first."""
        from search.results.suggest import suggest_completions

        return suggest_completions(text, on or self.snapshot(), limit=limit)

    def similar(self, key: str, *, limit: int = 10, on: Snapshot | None = None) -> Similar | None:
        """Find articles like one, given by id or web address; None if it is not in the corpus."""
        from search.results.similar import find_similar

        article = self.article(key)
        if article is None:
            return None
        return find_similar(article, on or self.snapshot(), limit=limit)

    @property
    def count(self) -> int:
        """The number of articles in the index, which it knows without counting."""
        return self._resources.open_searcher().document_count

    def reopen(self) -> Self:
        """Open the same project again, so that it can be read while this one writes."""
        return type(self)(self.config, now=self._now)

    def article(self, key: str) -> Article | None:
        """Return the newest version of an article, by its id or web address, or None.

        In a shared index it may be another store's. Raises DamagedArticleError.
        """
        key = _replace_surrogates(key)
        article = self.store.read_article(key) or self.store.read_article(_derive_article_id(key))
        return article or (self._find_shared_article(key) if self.config.is_shared else None)

    def _find_shared_article(self, key: str) -> Article | None:
        searcher = self._resources.open_searcher()
        query = Or((Term(key, "id"), Term(_derive_article_id(key), "id")))
        return next((match.article for match in searcher.search(query, limit=1).page), None)

    def versions(self, key: str) -> list[ArticleVersion]:
        """Return all versions of an article, the oldest first. Raises DamagedArticleError."""
        key = _replace_surrogates(key)
        return self.store.read_versions(key) or self.store.read_versions(_derive_article_id(key))

    def failures(self) -> list[Failure]:
        """Return the inputs that could not be read or cleaned, with the reasons."""
        return list(self.store.read_failures())

    def status(self) -> ProjectStatus:
        """Return the numbers of the corpus and the index, and the work that remains."""
        from search.project.status import collect_status

        return collect_status(self.config, self._resources, self.sources())


def _to_request(text: str | Request) -> Request:
    return Request(text) if isinstance(text, str) else text


def _replace_surrogates(key: str) -> str:
    """Replace bytes of an argument that are no text: the corpus has no such id."""
    return key.encode("utf-8", "replace").decode()


def _derive_article_id(url: str) -> str:
    return id_of(url=url, external_id=url, source="", path="")
