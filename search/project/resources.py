"""What a project holds: its corpus and its index, each opened when it is first used."""

from __future__ import annotations

from functools import cached_property
from threading import RLock

from corpus.database import StoreError
from corpus.store import Store
from indexer.generations import Generation, Generations, NoIndexError
from indexer.indexes import index_of
from search.config.config import Config
from search.engines.searcher import Searcher
from search.project.snapshots import Snapshots


class Holdings:
    """The corpus and the newest snapshot of the index, shared by threads."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = RLock()
        self._store: Store | None = None
        self._is_closed = False

    @property
    def exists(self) -> bool:
        """Whether anything was ever added, or is in an index that others share."""
        return (self._config.folder / "corpus.sqlite").exists() or self._config.is_shared

    @property
    def store(self) -> Store:
        """The corpus, made when first used. Raises StoreError."""
        with self._lock:
            if self._is_closed:
                raise StoreError(f"the project in {self._config.root} is closed")
            if self._store is None:
                self._config.folder.mkdir(parents=True, exist_ok=True)
                self._store = Store(self._config.folder / "corpus.sqlite")
            return self._store

    @cached_property
    def index(self) -> Generations:
        """All generations of the index. Raises StoreError."""
        config = self._config
        return index_of(
            config.engine, config.folder / "index", config.cluster, self.store.identity()
        )

    @cached_property
    def _snapshots(self) -> Snapshots:
        return Snapshots(self.index, self._config.engine)

    def newest(self) -> tuple[str, Searcher]:
        """The last commit of the index: its state, and a searcher on it. Raises INDEX_TROUBLES."""
        store = self._held()
        return self._snapshots.newest(store)

    def searcher(self) -> Searcher:
        """A searcher on the last commit. Raises INDEX_TROUBLES."""
        return self.newest()[1]

    def generation(self) -> Generation:
        """The index in use. Raises INDEX_TROUBLES."""
        store = self._held()
        return self._snapshots.generation(store)

    def _held(self) -> Store:
        """The corpus, which is not made for being asked. Raises NoIndexError."""
        if not self.exists:
            raise NoIndexError
        return self.store

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            if "_snapshots" in self.__dict__:
                self._snapshots.close()
            if self._store is not None:
                self._store.close()
