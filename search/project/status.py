"""The status of a project: counts and sizes, and the work that remains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from corpus.article import Source
from corpus.store import StoreStats
from indexer.generations import Servers, bytes_of
from indexer.indexer_errors import IndexUnusableError
from search.config.config import Config
from search.project.entity_updates import count_outdated_articles
from search.project.resources import ProjectResources

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class ProjectStatus:
    """The contents of a project. `behind` counts changes that the index does not contain yet; None
    if no index can be used, and `trouble` says why. `to_extract` counts articles whose entities
    are to be extracted again; None if the extractor is not installed. `servers` are the cluster
    of the index, if it has one that answers."""

    root: Path
    engine: str
    counts: StoreStats
    sources: tuple[Source, ...]
    behind: int | None
    trouble: str
    to_extract: int | None
    store_bytes: int
    index_bytes: int
    servers: Servers | None = None


def collect_status(
    config: Config, resources: ProjectResources, sources: Sequence[Source]
) -> ProjectStatus:
    """Collect the status of a project. Raises StoreError."""
    behind, trouble = None, ""
    try:
        generation = resources.find_generation()
        behind = resources.store.read_last_change() - generation.followed(resources.store)
        resources.open_searcher()
    except IndexUnusableError as err:
        trouble = str(err)
    return ProjectStatus(
        root=config.root,
        engine=config.engine,
        counts=resources.store.collect_stats(),
        sources=tuple(sources),
        behind=behind,
        trouble=trouble,
        to_extract=count_outdated_articles(resources.store, config),
        store_bytes=bytes_of(config.data_folder.glob("corpus.*")),
        index_bytes=_ask_index(resources.index.size) or 0,
        servers=_ask_index(resources.index.servers),
    )


def _ask_index(read_index: Callable[[], Found]) -> Found | None:
    """Return the answer of an index; None if it cannot be reached, which `trouble` reports."""
    try:
        return read_index()
    except IndexUnusableError:
        return None
