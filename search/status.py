"""What a project holds, in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.article import Source
from corpus.store import Counts, Store
from search.config import Config


@dataclass(frozen=True, slots=True)
class Status:
    """What a project holds. `behind` counts changes that the index has not followed; None
    if there is no index that can be used, and `trouble` says why."""

    root: Path
    engine: str
    counts: Counts
    sources: tuple[Source, ...]
    behind: int | None
    trouble: str
    store_bytes: int
    index_bytes: int


def status(
    config: Config, store: Store, sources: Sequence[Source], behind: int | None, trouble: str
) -> Status:
    """Count what a store and the index beside it hold."""
    return Status(
        root=config.root,
        engine=config.engine,
        counts=store.counts(),
        sources=tuple(sources),
        behind=behind,
        trouble=trouble,
        store_bytes=_size(config.folder.glob("corpus.*")),
        index_bytes=_size((config.folder / "index" / config.engine).rglob("*")),
    )


def _size(files: Iterable[Path]) -> int:
    """Bytes of files, some of which may be removed meanwhile."""
    size = 0
    for file in files:
        with suppress(FileNotFoundError):
            size += file.stat().st_size if file.is_file() else 0
    return size
