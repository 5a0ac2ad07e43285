"""The generations of a project's index: each rebuild makes the next one, beside the one in use.

Those of an embedded engine are in one folder: a numbered folder for each generation, and a file
`current` with the number of the one in use. A swap replaces that file atomically; readers of the
old generation keep it until they reopen the index.
"""

from __future__ import annotations

import shutil
from collections.abc import Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from corpus.store import Store
from indexer.engines import IndexDamagedError, IndexPlace, load_engine
from indexer.index_files import UnsummedError, read_summed, write_summed
from indexer.indexer_errors import IndexUnusableError
from indexer.schema import SCHEMA_VERSION

_CURRENT_FILE = "current"
# In the folder of a generation: the id of its store, and the last change that it may contain.
_ORIGIN_FILE = "origin"


class NoIndexError(IndexUnusableError):
    """There is no index yet."""

    def __init__(self, advice: str = "there is no index yet; run: dateline add PATH") -> None:
        super().__init__(advice)


class NotBuiltError(NoIndexError):
    """There are articles, but no index of this engine yet."""

    def __init__(self, engine_name: str) -> None:
        super().__init__(f"there is no {engine_name} index of the articles; run: dateline rebuild")


class OutdatedIndexError(IndexUnusableError):
    """An index was made for another version of the schema."""

    def __init__(self) -> None:
        super().__init__("the index was made by another version of dateline; run: dateline rebuild")


class StoreMismatchError(IndexUnusableError):
    """An index is of another corpus than the one beside it, or of a later state of it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"the index {name} is not of this corpus: {reason};"
            " restore the corpus that belongs to it, or run: dateline rebuild --yes"
        )


class Generation(Protocol):
    """One index of an engine. Two objects of the same one are equal."""

    @property
    def engine(self) -> str: ...

    @property
    def number(self) -> int:
        """The number; later generations have higher ones."""

    @property
    def name(self) -> str:
        """The unique name: `tantivy/1`."""

    @property
    def place(self) -> IndexPlace:
        """The place, for the engine's writer and searcher."""

    def read_indexed_change(self, store: Store) -> int:
        """Return the store's last change that it contains; 0 if it contains none."""

    def set_indexed_change(self, store: Store, change: int) -> None:
        """Record the store's last change that it contains, from which a new process continues."""

    def announce_change(self, store: Store, change: int) -> None:
        """Record, before a commit, the store's last change that it may contain from then on."""

    def check_store(self, store: Store) -> None:
        """Raise StoreMismatchError if it contains what the store does not have."""

    def read_commit_state(self, store: Store) -> Hashable:
        """Return a value that changes with each commit to it, by any process."""


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """The state of one index on servers: its documents, and its bytes with all replicas."""

    name: str
    health: str
    documents: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """The state of the servers of an index. `unassigned_shards` are shards that no node has."""

    name: str
    health: str
    nodes: int
    unassigned_shards: int
    indices: tuple[IndexStatus, ...]


class Generations(Protocol):
    """All generations of one engine's index."""

    @property
    def is_shared(self) -> bool:
        """Whether several stores put articles into the index."""

    def read_current(self) -> Generation:
        """Return the one in use.

        Raises NoIndexError, OutdatedIndexError, IndexDamagedError, IndexUnreachableError.
        """

    def create(self, store: Store) -> Generation:
        """Create an empty one, which is not in use yet."""

    def carry_over(self, generation: Generation) -> None:
        """Copy the documents of other stores from the one in use into a new one."""

    def use(self, generation: Generation) -> None:
        """Replace the one in use, in one step that survives a crash."""

    def remove(self, store: Store, generation: Generation) -> None: ...

    def remove_unused(self, store: Store, current: Generation) -> None:
        """Remove those that are not needed, such as the rest of a killed rebuild."""

    def measure_bytes(self) -> int:
        """Return the bytes of all of them. Raises IndexUnreachableError."""

    def read_server_status(self) -> ServerStatus | None:
        """Return the state of its servers, if it has any. Raises IndexUnreachableError."""


@dataclass(frozen=True, slots=True)
class FolderGeneration:
    """A generation of an embedded engine. The store records the last change that it contains."""

    engine: str
    number: int
    place: Path

    def read_indexed_change(self, store: Store) -> int:
        change = store.read_indexed_change(self.name)
        # A number that is damaged costs time only.
        return change if change <= store.read_last_change() else 0

    def set_indexed_change(self, store: Store, change: int) -> None:
        with store.transaction():
            store.set_indexed_change(self.name, change)

    def announce_change(self, store: Store, change: int) -> None:
        about = {"store": store.read_store_id(), "change": change}
        write_summed(self.place / _ORIGIN_FILE, about)

    def check_store(self, store: Store) -> None:
        try:
            about = read_summed(self.place / _ORIGIN_FILE)
        except FileNotFoundError as err:
            raise IndexDamagedError(self.place, _ORIGIN_FILE) from err
        if about["store"] != store.read_store_id():
            raise StoreMismatchError(self.name, "that is another one")
        if about["change"] > (last := store.read_last_change()):
            raise StoreMismatchError(
                self.name, f"it has change {about['change']:,}, and the corpus only {last:,}"
            )

    def forget_indexed_change(self, store: Store) -> None:
        with store.transaction():
            store.forget_index(self.name)

    def read_commit_state(self, store: Store) -> Hashable:
        return self.read_indexed_change(store)

    @property
    def name(self) -> str:
        return f"{self.engine}/{self.number}"


class FolderGenerations:
    """The generations of an embedded engine's index, in the folder `home`/engine."""

    is_shared = False

    def __init__(self, home: Path, engine_name: str) -> None:
        self._home = home / engine_name
        self._engine = engine_name

    def read_current(self) -> FolderGeneration:
        place = self._home / _CURRENT_FILE
        try:
            about = read_summed(place)
        except FileNotFoundError as err:
            raise NoIndexError from err
        except UnsummedError as err:
            raise OutdatedIndexError from err
        number, schema = about["generation"], about["schema"]
        if schema != SCHEMA_VERSION:
            raise OutdatedIndexError
        return self._make_generation(number)

    def create(self, store: Store) -> FolderGeneration:
        generation = self._make_generation(max(self._list_numbers(), default=0) + 1)
        # A record of a former index of this name does not apply to the new one.
        self.remove(store, generation)
        generation.place.mkdir(parents=True)
        load_engine(self._engine).create_index(generation.place)
        generation.announce_change(store, 0)
        return generation

    def carry_over(self, generation: Generation) -> None:
        """Do nothing: the index contains only this project's articles."""

    def use(self, generation: Generation) -> None:
        about = {"generation": generation.number, "schema": SCHEMA_VERSION}
        write_summed(self._home / _CURRENT_FILE, about)

    def remove(self, store: Store, generation: Generation) -> None:
        folder = self._make_generation(generation.number)
        folder.forget_indexed_change(store)
        shutil.rmtree(folder.place, ignore_errors=True)

    def remove_unused(self, store: Store, current: Generation) -> None:
        for folder in map(self._make_generation, self._list_numbers()):
            if folder != current:
                self.remove(store, folder)

    def measure_bytes(self) -> int:
        return count_bytes(self._home.rglob("*"))

    def read_server_status(self) -> None:
        """Return None: the index is in a folder."""

    def _make_generation(self, number: int) -> FolderGeneration:
        return FolderGeneration(self._engine, number, self._home / str(number))

    def _list_numbers(self) -> list[int]:
        if not self._home.is_dir():
            return []
        return sorted(int(entry.name) for entry in self._home.iterdir() if entry.name.isdecimal())


def count_bytes(files: Iterable[Path]) -> int:
    """Return the bytes of files, some of which may be removed meanwhile."""
    size = 0
    for file in files:
        with suppress(FileNotFoundError):
            size += file.stat().st_size if file.is_file() else 0
    return size
