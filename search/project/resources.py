"""The resources of an open project: its corpus, and the newest snapshot of its index."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import RLock

from corpus.errors import StoreError
from corpus.store import Store
from indexer.engines import IndexDamagedError, load_engine
from indexer.generations import (
    Generation,
    Generations,
    NoIndexError,
    NotBuiltError,
)
from indexer.signature_store import FILE_NAME, SignatureStore
from search.config.config import Config
from search.engines import open_searcher
from search.engines.searcher import Searcher
from search.results.snapshot import Snapshot

# A commit or a rebuild may remove files between reading the commit and opening it.
_MAX_OPEN_ATTEMPTS = 3

# A generation of the index and its commit.
_IndexCommit = tuple[Generation, Hashable]


class CorpusMissingError(StoreError):
    """The file of the corpus is missing beside an index of it."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file} is missing, but an index of it is there; restore it from a backup,"
            " or begin with an empty corpus: dateline rebuild --yes"
        )


class ProjectResources:
    """The corpus and the index, each opened when it is first used; threads may share them."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = RLock()
        self._store: Store | None = None
        self._outdated: list[Store | SignatureStore] = []
        self._signatures: SignatureStore | None = None
        self._open_commit: tuple[_IndexCommit, Searcher] | None = None
        self._reopen_count = 0
        self._is_closed = False
        self._may_replace_corpus = False

    @property
    def exists(self) -> bool:
        """Whether anything was ever added, or the index is shared with others."""
        return self._corpus_file.exists() or self._config.is_shared or self._has_lost_corpus

    @property
    def _corpus_file(self) -> Path:
        return self._config.data_folder / "corpus.sqlite"

    @property
    def _has_lost_corpus(self) -> bool:
        used = (self._config.data_folder / "index").glob("*/current")
        return not self._corpus_file.exists() and any(used) and not self._config.is_shared

    def replace_lost_corpus(self) -> None:
        """Let an empty corpus be created in the place of one that is missing."""
        self._may_replace_corpus = True

    @property
    def store(self) -> Store:
        """The corpus, created when first used. Raises StoreError.

        Where it can only be read, it is opened again after each change of the file.
        """
        with self._lock:
            if self._is_closed:
                raise StoreError(f"the project in {self._config.root} is closed")
            if self._store is not None and self._store.database.is_outdated:
                self._release_databases()
            if self._store is None:
                if self._has_lost_corpus and not self._may_replace_corpus:
                    raise CorpusMissingError(self._corpus_file)
                self._config.data_folder.mkdir(parents=True, exist_ok=True)
                self._store = Store(self._corpus_file)
            return self._store

    def release_immutable(self) -> None:
        """Open a corpus again, when it is next used, that could only be read: for a writer."""
        with self._lock:
            if self._store is not None and self._store.database.is_immutable:
                self._release_databases()

    def _release_databases(self) -> None:
        # They are closed later: other threads may be reading in them.
        self._outdated += filter(None, (self._store, self._signatures))
        self._store = self._signatures = None

    @cached_property
    def index(self) -> Generations:
        """All generations of the index. Raises StoreError, EngineMissingError."""
        config = self._config
        return load_engine(config.engine).open_generations(
            config.data_folder / "index", config.cluster, self.store.read_store_id()
        )

    @property
    def signatures(self) -> SignatureStore:
        """The signatures of the articles, created when first used. Raises StoreError."""
        with self._lock:
            if self._signatures is None:
                self._signatures = SignatureStore(self._signature_file)
            return self._signatures

    def renew_signatures(self) -> None:
        """Begin with no signatures if some are damaged. Others may be reading the old file."""
        if not self.has_whole_signatures():
            with self._lock:
                if self._signatures is not None:
                    self._signatures.close()
                    self._signatures = None
                for suffix in ("", "-wal", "-shm"):
                    Path(f"{self._signature_file}{suffix}").unlink(missing_ok=True)

    def has_whole_signatures(self) -> bool:
        """Return whether no signature is damaged. Reads all of them."""
        try:
            return self.signatures.is_whole()
        except IndexDamagedError:
            return False

    @property
    def _signature_file(self) -> Path:
        return self._config.data_folder / FILE_NAME

    def _find_signatures(self) -> SignatureStore | None:
        """Return the signatures, if there are any: a search creates none."""
        return self.signatures if self._signatures or self._signature_file.exists() else None

    def find_generation(self) -> Generation:
        """Return the index in use. Raises IndexUnusableError."""
        # A search creates no corpus.
        if not self.exists:
            raise NoIndexError
        try:
            return self.index.read_current()
        except NoIndexError as err:
            if self.store.read_last_change():
                raise NotBuiltError(self._config.engine) from err
            raise

    def open_searcher(self) -> Searcher:
        """Open a searcher on the last commit. Raises IndexUnusableError."""
        with self._lock:
            # The previous one is not closed: other threads may be searching in it.
            self._open_commit = self._open_newest()
            return self._open_commit[1]

    def open_snapshot(self, now: datetime) -> Snapshot:
        """Open the last commit of the index, with `now` for relative dates.

        Its state is the generation and the commit: `tantivy/1-2040`. It also changes when an
        index of which only a part answered is opened again: cached answers are not valid then.
        Raises IndexUnusableError.
        """
        with self._lock:
            self._open_commit = self._open_newest()
            (generation, commit), searcher = self._open_commit
            reopened = f".{self._reopen_count}" if self._reopen_count else ""
            state = f"{generation.name}-{commit}{reopened}"
        signatures = self._find_signatures()
        return Snapshot(state, searcher, self.store, self._config, now, signatures)

    def _open_newest(self, attempts: int = _MAX_OPEN_ATTEMPTS) -> tuple[_IndexCommit, Searcher]:
        generation = self.find_generation()
        commit = generation, generation.read_commit_state(self.store)
        if self._open_commit is not None and self._open_commit[0] == commit:
            if not self._open_commit[1].is_partial:
                return self._open_commit
            self._reopen_count += 1
        try:
            generation.check_store(self.store)
            return commit, open_searcher(generation)
        except IndexDamagedError:
            if attempts == 1:
                raise
            return self._open_newest(attempts - 1)

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            if self._open_commit is not None:
                self._open_commit[1].close()
            for database in (*self._outdated, self._store, self._signatures):
                if database is not None:
                    database.close()
