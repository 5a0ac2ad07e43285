"""What a project holds: its corpus and its index, each opened when it is first used."""

from __future__ import annotations

from threading import RLock

from corpus.store import Store
from indexer import build
from search.config import Config
from search.searcher import Searcher
from search.snapshots import Snapshots


class Holdings:
    """The corpus and the newest snapshot of the index, shared by threads."""

    def __init__(self, config: Config) -> None:
        self.snapshots = Snapshots(config.folder / "index", config.engine)
        self._folder = config.folder
        self._lock = RLock()
        self._store: Store | None = None

    @property
    def exists(self) -> bool:
        """Whether anything was ever added."""
        return (self._folder / "corpus.sqlite").exists()

    @property
    def store(self) -> Store:
        """The corpus, made when first used. Raises StoreError."""
        with self._lock:
            if self._store is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._store = Store(self._folder / "corpus.sqlite")
            return self._store

    def newest(self) -> tuple[str, Searcher]:
        """The last commit of the index: its state, and a searcher on it. Raises INDEX_TROUBLES."""
        return self.snapshots.newest(self._held())

    def searcher(self) -> Searcher:
        """A searcher on the last commit. Raises INDEX_TROUBLES."""
        return self.newest()[1]

    def generation(self) -> build.Generation:
        """The index in use. Raises INDEX_TROUBLES."""
        return self.snapshots.generation(self._held())

    def _held(self) -> Store:
        """The corpus, which is not made for being asked. Raises NoIndexError."""
        if not self.exists:
            raise build.NoIndexError
        return self.store

    def close(self) -> None:
        self.snapshots.close()
        if self._store is not None:
            self._store.close()
