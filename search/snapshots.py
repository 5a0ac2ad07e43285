"""The newest snapshot of a project's index: opened when there is a newer one, shared by threads."""

from __future__ import annotations

from pathlib import Path
from threading import RLock

from corpus.store import Store
from indexer import build
from indexer.engines import IndexDamagedError
from search.engines import open_searcher
from search.searcher import Searcher

# What can be wrong with an index; each message says what to run.
INDEX_TROUBLES = (build.NoIndexError, build.OutdatedIndexError, IndexDamagedError)

# Which commit of which index.
_State = tuple[str, int]


class Snapshots:
    """Searchers of one engine's index, of which the newest is kept open."""

    def __init__(self, home: Path, engine: str) -> None:
        self.home = home
        self._engine = engine
        self._lock = RLock()
        self._open: tuple[_State, Searcher] | None = None

    def newest(self, store: Store) -> tuple[str, Searcher]:
        """A searcher on the last commit, opened again when there is a newer one, and its state.

        The state is the generation and the commit: `tantivy/1-2040`.
        """
        with self._lock:
            # The one before is not closed: other threads may be searching in it.
            self._open = self._newest(store)
            (generation, commit), searcher = self._open
            return f"{generation}-{commit}", searcher

    def _newest(self, store: Store, attempts: int = 3) -> tuple[_State, Searcher]:
        generation = self.generation(store)
        state = generation.name, store.indexed(generation.name)
        if self._open is not None and self._open[0] == state:
            return self._open
        try:
            return state, open_searcher(self._engine, generation.folder)
        except IndexDamagedError:
            # A commit or a rebuild may have removed its files just now.
            if attempts == 1:
                raise
            return self._newest(store, attempts - 1)

    def generation(self, store: Store) -> build.Generation:
        """The index in use. Raises INDEX_TROUBLES."""
        try:
            return build.current(self.home, self._engine)
        except build.NoIndexError as err:
            if store.last_change():
                raise build.NotBuiltError(self._engine) from err
            raise

    def close(self) -> None:
        if self._open is not None:
            self._open[1].close()
