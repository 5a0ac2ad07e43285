"""Which extractor a project's settings ask for, and what has to be read again for it."""

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

# Seconds between two steps, for another command that waits: it looks every 0.05.
_PAUSE = 0.06


def extractor_of(config: Config) -> Extractor:
    """What is to find the entities of a project's articles. Raises SpacyMissingError."""
    # Its word lists take time to load.
    from indexer.entities.extractor import rules, rules_and_spacy

    return (rules_and_spacy if config.entities.spacy else rules)(config.aliases)


def count_to_extract(store: Store, config: Config) -> int | None:
    """How many articles have their entities from another extractor; None if ours is missing."""
    try:
        extractor = extractor_of(config)
    except SpacyMissingError:
        return None
    return Extractions(store).count_behind(extractor.version)


def note_first_names(store: Store, groups: Groups) -> None:
    """Remember which names are known from the first article on."""
    if not store.last_change():
        with store.transaction():
            Extractions(store).set_names(groups)


def doubt_changed_names(store: Store, searcher: Searcher, groups: Groups) -> None:
    """Have articles read again that have a name of a group that is new, changed or gone.

    The index tells which they are, so that this costs what changed.
    """
    extractions = Extractions(store)
    changed = set(extractions.names()) ^ set(groups)
    if changed:
        found = _having({name for group in changed for name in group}, searcher)
        with store.transaction():
            extractions.doubt(found)
            extractions.set_names(groups)


def _having(names: set[str], searcher: Searcher) -> set[int]:
    """The versions of articles that have one of some names in their text."""
    found = set[int]()
    for name in names:
        matches = searcher.search(_as_written(name), limit=max(searcher.count, 1))
        found.update(match.version for match in matches.page)
    return found


def _as_written(name: str) -> Query:
    if len(tokens(name)) == 1:
        return Term(name, exact=True)
    return Phrase(name, exact=True)


def in_steps(
    step: Callable[[], Batch], tally: IngestStats, report: Callable[[IngestStats], None]
) -> IngestStats:
    """Take steps until all of `to_extract` is done.

    Between steps others may write; if one of them writes for long, the rest is left for later.
    """
    while tally.extracted < tally.to_extract:
        report(tally)
        try:
            batch = step()
        except LockedError:
            break
        if not batch.done:
            break
        tally = tally.add_extracted(batch.done).add_notes(*batch.troubles)
        if tally.extracted < tally.to_extract:
            time.sleep(_PAUSE)
    return tally
