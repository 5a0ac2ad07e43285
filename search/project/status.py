"""What a project holds, in numbers, and what is still to be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from corpus.article import Source
from corpus.store import Counts
from indexer.generations import Servers, bytes_of
from indexer.indexer_errors import IndexUnusableError
from search.config.config import Config
from search.project.entity_updates import count_to_extract
from search.project.resources import Holdings

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Status:
    """What a project holds. `behind` counts changes that the index has not followed; None
    if there is no index that can be used, and `trouble` says why. `to_extract` counts articles
    whose entities are to be found anew; None if what finds them is not installed. `servers` are
    those that hold the index, if any do and answer."""

    root: Path
    engine: str
    counts: Counts
    sources: tuple[Source, ...]
    behind: int | None
    trouble: str
    to_extract: int | None
    store_bytes: int
    index_bytes: int
    servers: Servers | None = None


def status(config: Config, holdings: Holdings, sources: Sequence[Source]) -> Status:
    """Look at everything that a project holds. Raises StoreError."""
    behind, trouble = None, ""
    try:
        generation = holdings.generation()
        behind = holdings.store.last_change() - generation.followed(holdings.store)
        holdings.searcher()
    except IndexUnusableError as err:
        trouble = str(err)
    return Status(
        root=config.root,
        engine=config.engine,
        counts=holdings.store.counts(),
        sources=tuple(sources),
        behind=behind,
        trouble=trouble,
        to_extract=count_to_extract(holdings.store, config),
        store_bytes=bytes_of(config.folder.glob("corpus.*")),
        index_bytes=_asked(holdings.index.size) or 0,
        servers=_asked(holdings.index.servers),
    )


def _asked(question: Callable[[], Found]) -> Found | None:
    """What an index says of itself; nothing if it cannot be reached, which `trouble` tells."""
    try:
        return question()
    except IndexUnusableError:
        return None
