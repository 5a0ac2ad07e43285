"""Entity extraction of a project: the configured extractor, and articles to extract again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from corpus.extractions import Extractions, NameGroups
from indexer.analysis import tokenize
from indexer.entities.spacy_model import SpacyMissingError
from search.project.lock import LockedError
from search.query.nodes import Phrase, Query, Term

if TYPE_CHECKING:
    from corpus.store import Store
    from indexer.entities.extractor import Extractor
    from indexer.entities.reextract import ReextractionBatch
    from indexer.ingest.stats import IngestStats
    from search.config.config import Config
    from search.engines.searcher import Searcher

# Seconds between two steps, so that a waiting command gets the lock: it polls every 0.05.
_STEP_PAUSE_SECONDS = 0.06


def make_extractor(config: Config) -> Extractor:
    """Return the extractor that the settings ask for. Raises SpacyMissingError."""
    # Its word lists are slow to load.
    from indexer.entities.extractor import build_rule_extractor, build_spacy_extractor

    return (build_spacy_extractor if config.entities.spacy else build_rule_extractor)(
        config.aliases
    )


def count_outdated_articles(store: Store, config: Config) -> int | None:
    """Count the articles with another extractor's entities; None if ours is not installed."""
    try:
        extractor = make_extractor(config)
    except SpacyMissingError:
        return None
    return Extractions(store).count_outdated(extractor.version)


def record_first_names(store: Store, groups: NameGroups) -> None:
    """Record the names of the aliases, if the store has no article yet."""
    if not store.read_last_change():
        with store.transaction():
            Extractions(store).set_known_names(groups)


def mark_changed_names(store: Store, searcher: Searcher, groups: NameGroups) -> None:
    """Mark articles that contain a name of a new, changed or removed group for extraction.

    The index finds them, so that the cost is proportional to the change.
    """
    extractions = Extractions(store)
    changed = set(extractions.read_known_names()) ^ set(groups)
    if changed:
        outdated = _find_versions_with_names(
            {name for group in changed for name in group}, searcher
        )
        with store.transaction():
            extractions.mark_outdated(outdated)
            extractions.set_known_names(groups)


def _find_versions_with_names(names: set[str], searcher: Searcher) -> set[int]:
    """Return the versions of articles whose text contains one of `names`."""
    versions = set[int]()
    for name in names:
        matches = searcher.search(_build_exact_query(name), limit=max(searcher.count, 1))
        versions.update(match.version for match in matches.page)
    return versions


def _build_exact_query(name: str) -> Query:
    if len(tokenize(name)) == 1:
        return Term(name, exact=True)
    return Phrase(name, exact=True)


def extract_in_steps(
    step: Callable[[], ReextractionBatch], stats: IngestStats, report: Callable[[IngestStats], None]
) -> IngestStats:
    """Run steps until all of `to_extract` is extracted.

    Others may write between steps; if one of them writes for long, the rest is left for later.
    """
    while stats.extracted < stats.to_extract:
        report(stats)
        try:
            batch = step()
        except LockedError:
            break
        if not batch.processed:
            break
        stats = stats.add_extracted(batch.processed).add_notes(*batch.failures)
        if stats.extracted < stats.to_extract:
            time.sleep(_STEP_PAUSE_SECONDS)
    return stats
