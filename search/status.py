"""What a project holds, in numbers, and what is still to be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Source
from corpus.store import Counts
from search.config import Config
from search.extracting import count_to_extract
from search.holdings import Holdings
from search.snapshots import INDEX_TROUBLES


@dataclass(frozen=True, slots=True)
class Status:
    """What a project holds. `behind` counts changes that the index has not followed; None
    if there is no index that can be used, and `trouble` says why. `to_extract` counts articles
    whose entities are to be found anew; None if what finds them is not installed."""

    root: Path
    engine: str
    counts: Counts
    sources: tuple[Source, ...]
    behind: int | None
    trouble: str
    to_extract: int | None
    store_bytes: int
    index_bytes: int


def status(config: Config, holdings: Holdings, sources: Sequence[Source]) -> Status:
    """Look at everything that a project holds. Raises StoreError."""
    behind, trouble = None, ""
    try:
        generation = holdings.generation()
        behind = holdings.store.last_change() - holdings.store.indexed(generation.name)
        holdings.searcher()
    except INDEX_TROUBLES as err:
        trouble = str(err)
    return Status(
        root=config.root,
        engine=config.engine,
        counts=holdings.store.counts(),
        sources=tuple(sources),
        behind=behind,
        trouble=trouble,
        to_extract=count_to_extract(holdings.store, config),
        store_bytes=_size(config.folder.glob("corpus.*")),
        index_bytes=_size((holdings.snapshots.home / config.engine).rglob("*")),
    )


def _size(files: Iterable[Path]) -> int:
    """Bytes of files, some of which may be removed meanwhile."""
    size = 0
    for file in files:
        with suppress(FileNotFoundError):
            size += file.stat().st_size if file.is_file() else 0
    return size
