"""The writer of a project: ingests articles, and updates the index from the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.article import RawArticle, Source
from corpus.extractions import Extractions
from corpus.fetching import is_web
from corpus.store import Store
from indexer import build
from indexer.generations import OutdatedIndexError
from search.config.config import Config
from search.project.entity_updates import (
    doubt_changed_names,
    extractor_of,
    in_steps,
    note_first_names,
)
from search.project.locations import located, new_fetcher, probed
from search.project.lock import writing
from search.project.registry import SourceRegistry
from search.project.resources import Resources
from search.project.verification import Verification, check, differing

if TYPE_CHECKING:
    from corpus.sources.web.fetch import Fetcher
    from indexer.entities.extractor import Extractor
    from indexer.ingest.stats import IngestStats
    from indexer.ingest.submitted import SubmittedArticle

Report = Callable[["IngestStats"], None]


class ProjectWriter:
    """Writes to a project, one process at a time: each method holds the lock while it writes.

    Raises LockedError if another process holds it for too long.
    """

    def __init__(self, config: Config, resources: Resources, now: Callable[[], datetime]) -> None:
        self._config = config
        self._resources = resources
        self._now = now

    def add(self, paths: Sequence[str | Path], report: Report) -> IngestStats:
        """Register sources, and ingest their articles. Raises SourceError."""
        config = self._config
        added = [located(path, config.fetch) for path in paths]
        extractor = extractor_of(config)
        with self._writing("add"):
            registry = self._registry()
            registry.register_settings()
            known = {source.location for source in registry.sources()}
            fetcher = probed(added, known, config.fetch)
            names = {registry.source_of(location) for location in added}
            stats = self._take_in(names, report, fetcher=fetcher)
        return self._find_entities("add", extractor, stats, report)

    def update(self, report: Report, *, keep_missing: bool) -> IngestStats:
        """Ingest the changes of all sources, then extract outdated entities again."""
        extractor = extractor_of(self._config)
        with self._writing("update"):
            registry = self._registry()
            registry.register_settings()
            names = {source.name for source in registry.sources()}
            stats = self._take_in(names, report, keep_missing=keep_missing)
            doubt_changed_names(self._store, self._resources.open_searcher(), self._config.aliases)
        return self._find_entities("update", extractor, stats, report)

    def post(self, raws: Sequence[RawArticle], own_id: str) -> list[SubmittedArticle]:
        """Ingest articles that are in no file. Raises FromFilesError, OtherIdError.

        Others may write while they are cleaned. Their entities are extracted by rules only:
        `update` extracts the rest.
        """
        from indexer.ingest.submitted import clean_submitted, submit_articles

        with self._writing("post"):
            note_first_names(self._store, self._config.aliases)
            source = self._registry().posted()
        articles = clean_submitted(source, raws, now=self._now(), groups=self._config.aliases)
        with self._writing("post"):
            submitted = submit_articles(
                self._store, source, articles, now=self._now(), own_id=own_id
            )
            self._follow()
            return submitted

    def withdraw(self, ids: Sequence[str]) -> bool:
        """Remove the posted article of the first id that exists. Raises FromFilesError."""
        from indexer.ingest.submitted import withdraw_article

        with self._writing("withdraw"):
            source = self._registry().posted()
            removed = any(withdraw_article(self._store, source, article_id) for article_id in ids)
            self._follow()
            return removed

    def rebuild(self, report: Callable[[int], None]) -> int:
        """Build a new index, and swap. Returns its article count."""
        with self._writing("rebuild"):
            self._rebuild(report)
            return self._store.counts().articles

    def verify(self) -> Verification:
        """Compare the index with the store, and repair differences."""
        with self._writing("verify"):
            self._store.check()
            self._follow()
            missing, surplus = differing(self._store, self._resources.open_searcher())
            if missing or surplus:
                with self._store.transaction():
                    self._store.touch(missing | surplus)
                self._follow()
                if differing(self._store, self._resources.open_searcher())[1]:
                    # The index contains versions that the store never had.
                    self._rebuild()
            return Verification(self._store.counts().articles, len(missing), len(surplus))

    @property
    def _store(self) -> Store:
        return self._resources.store

    def _registry(self) -> SourceRegistry:
        return SourceRegistry(self._config, self._store)

    def _writing(self, command: str) -> AbstractContextManager[None]:
        config = self._config
        return writing(config.folder, command, since=self._now(), timeout=config.lock_timeout)

    def _take_in(
        self,
        names: Set[str],
        report: Report,
        *,
        keep_missing: bool = False,
        fetcher: Fetcher | None = None,
    ) -> IngestStats:
        from indexer.ingest.run import ingest

        config = self._config
        note_first_names(self._store, config.aliases)
        known = self._registry().sources()
        wanted = [source for source in known if source.name in names]
        stats = ingest(
            self._store,
            wanted,
            beside=[source for source in known if source.name not in names],
            now=self._now(),
            keep_missing=keep_missing,
            workers=config.workers,
            scheduler=config.scheduler,
            groups=config.aliases,
            fetcher=fetcher or self._fetcher_of(wanted),
            report=report,
        )
        self._follow()
        return stats

    def _fetcher_of(self, sources: Sequence[Source]) -> Fetcher | None:
        """Return a fetcher if one of the sources is on the web."""
        if any(is_web(source.location) for source in sources):
            return new_fetcher(self._config.fetch)
        return None

    def _find_entities(
        self, command: str, extractor: Extractor, stats: IngestStats, report: Report
    ) -> IngestStats:
        """Extract entities again that are another extractor's; on `add`, only those that the
        rules have just extracted and another extractor adds to."""
        from indexer.entities.extractor import rules
        from indexer.entities.reextract import Batch, extract_again

        replaced = rules().version if command == "add" else None

        def step() -> Batch:
            with self._writing(command):
                batch = extract_again(self._store, extractor, replaced)
                if batch.done:
                    self._follow()
                return batch

        behind = Extractions(self._store).count_behind(extractor.version, replaced)
        return in_steps(step, replace(stats, to_extract=behind), report)

    def _follow(self) -> None:
        """Update the index; build a new one if its schema has another version."""
        try:
            build.update(self._store, self._resources.index)
        except OutdatedIndexError:
            self._rebuild()

    def _rebuild(self, report: Callable[[int], None] = lambda done: None) -> None:
        index = self._resources.index
        checked = partial(check, self._store, shared=index.shared)
        build.rebuild(self._store, index, check=checked, report=report)
