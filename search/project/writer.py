"""What writes to a project: it takes articles in, and brings the index along."""

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
from search.project.registry import Registry
from search.project.resources import Holdings
from search.project.verification import Verification, check, differing

if TYPE_CHECKING:
    from corpus.sources.web.fetch import Fetcher
    from indexer.entities.extractor import Extractor
    from indexer.ingest.stats import IngestStats
    from indexer.ingest.submitted import SubmittedArticle

Report = Callable[["IngestStats"], None]


class Upkeep:
    """One process writes to a project at a time: each method holds its lock while it does.

    Raises LockedError if another has it for too long.
    """

    def __init__(self, config: Config, holdings: Holdings, now: Callable[[], datetime]) -> None:
        self._config = config
        self._holdings = holdings
        self._now = now

    def add(self, paths: Sequence[str | Path], report: Report) -> IngestStats:
        """Register sources, and take in what they hold. Raises SourceError."""
        config = self._config
        found = [located(path, config.fetch) for path in paths]
        extractor = extractor_of(config)
        with self._writing("add"):
            registry = self._registry()
            registry.register_settings()
            known = {source.location for source in registry.sources()}
            fetcher = probed(found, known, config.fetch)
            names = {registry.source_of(location) for location in found}
            tally = self._take_in(names, report, fetcher=fetcher)
        return self._find_entities("add", extractor, tally, report)

    def update(self, report: Report, *, keep_missing: bool) -> IngestStats:
        """Take in what differs in all sources, then have entities found anew."""
        extractor = extractor_of(self._config)
        with self._writing("update"):
            registry = self._registry()
            registry.register_settings()
            names = {source.name for source in registry.sources()}
            tally = self._take_in(names, report, keep_missing=keep_missing)
            doubt_changed_names(self._store, self._holdings.searcher(), self._config.aliases)
        return self._find_entities("update", extractor, tally, report)

    def post(self, raws: Sequence[RawArticle], own_id: str) -> list[SubmittedArticle]:
        """Take in articles that no file has. Raises FromFilesError, OtherIdError.

        Others may write while they are cleaned. Only rules find their entities now: `update`
        has the rest found.
        """
        from indexer.ingest.submitted import clean_submitted, submit_articles

        with self._writing("post"):
            note_first_names(self._store, self._config.aliases)
            source = self._registry().posted()
        found = clean_submitted(source, raws, now=self._now(), groups=self._config.aliases)
        with self._writing("post"):
            submitted = submit_articles(self._store, source, found, now=self._now(), own_id=own_id)
            self._follow()
            return submitted

    def withdraw(self, ids: Sequence[str]) -> bool:
        """Remove what was posted by the first of some ids that is held. Raises FromFilesError."""
        from indexer.ingest.submitted import withdraw_article

        with self._writing("withdraw"):
            source = self._registry().posted()
            held = any(withdraw_article(self._store, source, each) for each in ids)
            self._follow()
            return held

    def rebuild(self, report: Callable[[int], None]) -> int:
        """Build the index anew, and swap. Returns its size."""
        with self._writing("rebuild"):
            self._rebuild(report)
            return self._store.counts().articles

    def verify(self) -> Verification:
        """Compare the index with the store, and put right what differs."""
        with self._writing("verify"):
            self._store.check()
            self._follow()
            missing, surplus = differing(self._store, self._holdings.searcher())
            if missing or surplus:
                with self._store.transaction():
                    self._store.touch(missing | surplus)
                self._follow()
                if differing(self._store, self._holdings.searcher())[1]:
                    # The index has what the store never had.
                    self._rebuild()
            return Verification(self._store.counts().articles, len(missing), len(surplus))

    @property
    def _store(self) -> Store:
        return self._holdings.store

    def _registry(self) -> Registry:
        return Registry(self._config, self._store)

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
        tally = ingest(
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
        return tally

    def _fetcher_of(self, sources: Sequence[Source]) -> Fetcher | None:
        """What fetches, if any of some sources is on the web."""
        if any(is_web(source.location) for source in sources):
            return new_fetcher(self._config.fetch)
        return None

    def _find_entities(
        self, command: str, extractor: Extractor, tally: IngestStats, report: Report
    ) -> IngestStats:
        """Have entities found that are another extractor's; on `add`, only where the rules
        have just found them and more is wanted."""
        from indexer.entities.extractor import rules
        from indexer.entities.reextract import Batch, extract_again

        of = rules().version if command == "add" else None

        def step() -> Batch:
            with self._writing(command):
                batch = extract_again(self._store, extractor, of)
                if batch.done:
                    self._follow()
                return batch

        behind = Extractions(self._store).count_behind(extractor.version, of)
        return in_steps(step, replace(tally, to_extract=behind), report)

    def _follow(self) -> None:
        """Bring the index up to date, making a new one for another version of the schema."""
        try:
            build.update(self._store, self._holdings.index)
        except OutdatedIndexError:
            self._rebuild()

    def _rebuild(self, report: Callable[[int], None] = lambda done: None) -> None:
        index = self._holdings.index
        checked = partial(check, self._store, shared=index.shared)
        build.rebuild(self._store, index, check=checked, report=report)
