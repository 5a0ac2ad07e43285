"""The newest snapshot of a project's index: opened when there is a newer one, shared by threads."""

from __future__ import annotations

from collections.abc import Hashable
from threading import RLock

from corpus.store import Store
from indexer.engines import IndexDamagedError
from indexer.generations import (
    Generation,
    Generations,
    NoIndexError,
    NotBuiltError,
)
from search.engines import open_searcher
from search.engines.searcher import Searcher

# Which commit of which index.
_State = tuple[Generation, Hashable]


class Snapshots:
    """Searchers of one engine's index, of which the newest is kept open."""

    def __init__(self, index: Generations, engine: str) -> None:
        self._index = index
        self._engine = engine
        self._lock = RLock()
        self._open: tuple[_State, Searcher] | None = None
        self._again = 0

    def newest(self, store: Store) -> tuple[str, Searcher]:
        """A searcher on the last commit, opened again when there is a newer one, and its state.

        The state is the generation and the commit: `tantivy/1-2040`. It changes, too, when what
        could be asked in part only is opened again: what was kept of that does not hold.
        """
        with self._lock:
            # The one before is not closed: other threads may be searching in it.
            self._open = self._newest(store)
            (generation, commit), searcher = self._open
            again = f".{self._again}" if self._again else ""
            return f"{generation.name}-{commit}{again}", searcher

    def _newest(self, store: Store, attempts: int = 3) -> tuple[_State, Searcher]:
        generation = self.generation(store)
        state = generation, generation.commits(store)
        if self._open is not None and self._open[0] == state:
            if not self._open[1].partial:
                return self._open
            self._again += 1
        try:
            return state, open_searcher(generation)
        except IndexDamagedError:
            # A commit or a rebuild may have removed its files just now.
            if attempts == 1:
                raise
            return self._newest(store, attempts - 1)

    def generation(self, store: Store) -> Generation:
        """The index in use. Raises IndexUnusableError."""
        try:
            return self._index.current()
        except NoIndexError as err:
            if store.last_change():
                raise NotBuiltError(self._engine) from err
            raise

    def close(self) -> None:
        if self._open is not None:
            self._open[1].close()
