"""The writer of a project: ingests articles, and updates the index from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from corpus.article import RawArticle, Source
from corpus.extractions import Extractions
from corpus.fetch_settings import is_web_address
from corpus.store import Store
from indexer import build
from indexer.generations import OutdatedIndexError, StoreMismatchError
from indexer.indexer_errors import IndexUnusableError, WorkersError
from search.config.config import Config
from search.project.disk_space import report_full_disk
from search.project.entity_updates import (
    extract_in_steps,
    make_extractor,
    mark_changed_names,
    record_first_names,
)
from search.project.locations import make_fetcher, probe_new_addresses, resolve_location
from search.project.lock import hold_lock
from search.project.resources import ProjectResources
from search.project.source_registry import SourceRegistry
from search.project.verification import Verification, check_new_index

if TYPE_CHECKING:
    from corpus.sources.web.fetcher import Fetcher
    from indexer.entities.extractor import Extractor
    from indexer.ingest.stats import IngestStats
    from indexer.ingest.submitted import SubmittedArticle

# While articles are ingested, the index follows when so many changed, or after so long.
_STEP_CHANGES = 5_000
_STEP_SECONDS = 30.0


def _skip_step() -> None:
    """Leave the index as it is."""


ProgressCallback = Callable[["IngestStats"], None]


class ProjectWriter:
    """Writes to a project, one process at a time: each method holds the lock while it writes.

    Raises LockedError if another process holds it for too long.
    """

    def __init__(
        self, config: Config, resources: ProjectResources, now: Callable[[], datetime]
    ) -> None:
        self._config = config
        self._resources = resources
        self._now = now

    def add(self, paths: Sequence[str | Path], report: ProgressCallback) -> IngestStats:
        """Register sources, and ingest their articles. Raises SourceError."""
        config = self._config
        added = [resolve_location(path, config.fetch) for path in paths]
        extractor = make_extractor(config)
        with self._hold_lock("add"):
            registry = self._open_registry()
            registry.register_configured_sources()
            known = {source.location for source in registry.list_sources()}
            fetcher = probe_new_addresses(added, known, config.fetch)
            names = {registry.ensure_source(location) for location in added}
            stats = self._ingest_sources(names, report, fetcher=fetcher)
        return self._extract_again("add", extractor, stats, report)

    def update(
        self, report: ProgressCallback, *, keep_missing: bool, allow_removals: bool
    ) -> IngestStats:
        """Ingest the changes of all sources, then extract outdated entities again."""
        extractor = make_extractor(self._config)
        with self._hold_lock("update"):
            registry = self._open_registry()
            registry.register_configured_sources()
            names = {source.name for source in registry.list_sources()}
            stats = self._ingest_sources(
                names, report, keep_missing=keep_missing, allow_removals=allow_removals
            )
            mark_changed_names(self._store, self._resources.open_searcher(), self._config.aliases)
        return self._extract_again("update", extractor, stats, report)

    def post(self, raws: Sequence[RawArticle], own_id: str) -> list[SubmittedArticle]:
        """Ingest articles that are in no file. Raises FromFilesError, OtherIdError.

        Others may write while they are cleaned. Their entities are extracted by rules only:
        `update` extracts the rest.
        """
        from indexer.ingest.submitted import clean_submitted, submit_articles

        with self._hold_lock("post"):
            self._check_origin()
            record_first_names(self._store, self._config.aliases)
            source = self._open_registry().ensure_posted_source()
        articles = clean_submitted(source, raws, now=self._now(), groups=self._config.aliases)
        with self._hold_lock("post"):
            submitted = submit_articles(
                self._store, source, articles, now=self._now(), own_id=own_id
            )
            self._update_index()
            return submitted

    def withdraw(self, ids: Sequence[str]) -> bool:
        """Remove the posted article of the first id that exists. Raises FromFilesError."""
        from indexer.ingest.submitted import withdraw_article

        with self._hold_lock("withdraw"):
            self._check_origin()
            source = self._open_registry().ensure_posted_source()
            removed = any(withdraw_article(self._store, source, article_id) for article_id in ids)
            self._update_index()
            return removed

    def rebuild(self, report: Callable[[int], None], *, replace_foreign: bool) -> int:
        """Build a new index, and swap. Returns how many of our articles it has.

        Raises StoreMismatchError.
        """
        if replace_foreign:
            self._resources.replace_lost_corpus()
        with self._hold_lock("rebuild"):
            try:
                self._check_origin()
            except StoreMismatchError:
                if not replace_foreign:
                    raise
                self._resources.signatures.clear()
            self._rebuild_index(report)
            if self._resources.index.is_shared:
                return self._store.collect_stats().articles
            return self._resources.open_searcher().document_count

    def verify(self, *, quick: bool, repair: bool, discard: bool) -> Verification:
        """Check the corpus and the index, and repair differences."""
        from search.project.verifier import IndexCommands, Verifier

        with self._hold_lock("verify"):
            commands = IndexCommands(self._update_index, self._rebuild_index, self._read_again)
            verifier = Verifier(self._resources, commands, quick=quick)
            return verifier.verify(repair=repair, discard=discard)

    def _read_again(self) -> None:
        """Read what changed in all sources into the corpus; keep what is gone from them."""
        names = {source.name for source in self._open_registry().list_sources()}
        self._ingest_into_store(names, lambda stats: None, keep_missing=True)

    def _check_origin(self) -> None:
        """Raise StoreMismatchError if the index in use is not of this corpus."""
        try:
            self._resources.index.read_current().check_store(self._store)
        except StoreMismatchError:
            raise
        except IndexUnusableError:
            pass  # whatever uses it reports that

    @property
    def _store(self) -> Store:
        return self._resources.store

    def _open_registry(self) -> SourceRegistry:
        return SourceRegistry(self._config, self._store)

    @contextmanager
    def _hold_lock(self, command: str) -> Iterator[None]:
        config = self._config
        self._resources.release_immutable()
        lock = hold_lock(
            config.data_folder, command, since=self._now(), timeout=config.lock_timeout
        )
        with report_full_disk(config.data_folder), lock:
            yield

    def _ingest_sources(
        self,
        names: Set[str],
        report: ProgressCallback,
        *,
        keep_missing: bool = False,
        allow_removals: bool = False,
        fetcher: Fetcher | None = None,
    ) -> IngestStats:
        self._check_origin()
        # An index first, and more of it in steps: readers get what there is so far.
        try:
            self._update_index()
            follow = self._make_index_step()
        except IndexUnusableError:
            follow = _skip_step  # the corpus is brought up to date, and then this is reported
        try:
            stats = self._ingest_into_store(
                names,
                report,
                keep_missing=keep_missing,
                allow_removals=allow_removals,
                fetcher=fetcher,
                on_commit=follow,
            )
        except (KeyboardInterrupt, WorkersError):
            self._update_index()
            raise
        self._update_index()
        return stats

    def _ingest_into_store(
        self,
        names: Set[str],
        report: ProgressCallback,
        *,
        keep_missing: bool,
        allow_removals: bool = False,
        fetcher: Fetcher | None = None,
        on_commit: Callable[[], None] = _skip_step,
    ) -> IngestStats:
        from indexer.ingest.run import ingest

        config = self._config
        record_first_names(self._store, config.aliases)
        known = self._open_registry().list_sources()
        wanted = [
            replace(source, allow_removals=allow_removals or source.allow_removals)
            for source in known
            if source.name in names
        ]
        return ingest(
            self._store,
            wanted,
            beside=[source for source in known if source.name not in names],
            now=self._now(),
            keep_missing=keep_missing,
            workers=config.workers,
            scheduler=config.scheduler,
            groups=config.aliases,
            fetcher=fetcher or self._make_fetcher(wanted),
            report=report,
            on_commit=on_commit,
        )

    def _make_index_step(self) -> Callable[[], None]:
        """Return a function that updates the index if enough changed since, or it is long ago."""
        indexed, at = self._store.read_last_change(), monotonic()

        def step() -> None:
            nonlocal indexed, at
            changes = self._store.read_last_change() - indexed
            if changes >= _STEP_CHANGES or (changes and monotonic() - at >= _STEP_SECONDS):
                self._update_index()
                indexed, at = indexed + changes, monotonic()

        return step

    def _make_fetcher(self, sources: Sequence[Source]) -> Fetcher | None:
        """Return a fetcher if one of the sources is on the web."""
        if any(is_web_address(source.location) for source in sources):
            return make_fetcher(self._config.fetch)
        return None

    def _extract_again(
        self, command: str, extractor: Extractor, stats: IngestStats, report: ProgressCallback
    ) -> IngestStats:
        """Extract entities again that are another extractor's; on `add`, only those that the
        rules have just extracted and another extractor adds to."""
        from indexer.entities.extractor import build_rule_extractor
        from indexer.entities.reextract import ReextractionBatch, reextract_entities

        replaced = build_rule_extractor().version if command == "add" else None

        def step() -> ReextractionBatch:
            with self._hold_lock(command):
                batch = reextract_entities(self._store, extractor, replaced)
                if batch.processed:
                    self._update_index()
                return batch

        behind = Extractions(self._store).count_outdated(extractor.version, replaced)
        return extract_in_steps(step, replace(stats, to_extract=behind), report)

    def _update_index(self) -> None:
        """Update the index; build a new one if its schema has another version."""
        try:
            build.update_index(self._store, self._resources.index, self._resources.signatures)
        except OutdatedIndexError:
            self._rebuild_index()

    def _rebuild_index(self, report: Callable[[int], None] = lambda done: None) -> None:
        self._resources.renew_signatures()
        index = self._resources.index
        checked = partial(check_new_index, self._store, shared=index.is_shared)
        signatures = self._resources.signatures
        build.rebuild_index(self._store, index, signatures, check=checked, report=report)
