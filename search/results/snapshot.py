"""A snapshot: a project as one commit of its index shows it. Whatever is asked of one agrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from corpus.store import Store
from search.config.config import Config
from search.engines.searcher import Searcher


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One commit of the index, and the moment at which it is asked. Threads may share it.

    `state` tells snapshots apart that may answer differently: the index's generation and commit.
    """

    state: str
    searcher: Searcher
    store: Store
    config: Config
    now: datetime
