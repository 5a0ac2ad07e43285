"""Entity extraction of a project: the configured extractor, and articles to extract again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from corpus.extractions import Extractions, Groups
from indexer.analysis import tokens
from indexer.entities.spacy_model import SpacyMissingError
from search.project.lock import LockedError
from search.query.nodes import Phrase, Query, Term

if TYPE_CHECKING:
    from corpus.store import Store
    from indexer.entities.extractor import Extractor
    from indexer.entities.reextract import Batch
    from indexer.ingest.stats import IngestStats
    from search.config.config import Config
    from search.engines.searcher import Searcher

# Seconds between two steps, so that a waiting command gets the lock: it polls every 0.05.
_PAUSE = 0.06


def extractor_of(config: Config) -> Extractor:
    """Return the extractor that the settings ask for. Raises SpacyMissingError."""
    # Its word lists are slow to load.
    from indexer.entities.extractor import rules, rules_and_spacy

    return (rules_and_spacy if config.entities.spacy else rules)(config.aliases)


def count_to_extract(store: Store, config: Config) -> int | None:
    """Count the articles with another extractor's entities; None if ours is not installed."""
    try:
        extractor = extractor_of(config)
    except SpacyMissingError:
        return None
    return Extractions(store).count_behind(extractor.version)


def note_first_names(store: Store, groups: Groups) -> None:
    """Record the names of the aliases, if the store has no article yet."""
    if not store.last_change():
        with store.transaction():
            Extractions(store).set_names(groups)


def doubt_changed_names(store: Store, searcher: Searcher, groups: Groups) -> None:
    """Mark articles that contain a name of a new, changed or removed group for extraction.

    The index finds them, so that the cost is proportional to the change.
    """
    extractions = Extractions(store)
    changed = set(extractions.names()) ^ set(groups)
    if changed:
        outdated = _having({name for group in changed for name in group}, searcher)
        with store.transaction():
            extractions.doubt(outdated)
            extractions.set_names(groups)


def _having(names: set[str], searcher: Searcher) -> set[int]:
    """Return the versions of articles whose text contains one of `names`."""
    versions = set[int]()
    for name in names:
        matches = searcher.search(_as_written(name), limit=max(searcher.count, 1))
        versions.update(match.version for match in matches.page)
    return versions


def _as_written(name: str) -> Query:
    if len(tokens(name)) == 1:
        return Term(name, exact=True)
    return Phrase(name, exact=True)


def in_steps(
    step: Callable[[], Batch], stats: IngestStats, report: Callable[[IngestStats], None]
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
        if not batch.done:
            break
        stats = stats.add_extracted(batch.done).add_notes(*batch.troubles)
        if stats.extracted < stats.to_extract:
            time.sleep(_PAUSE)
    return stats
