"""The generations of a project's index: each rebuild makes the next one, beside the one in use.

An embedded engine's lie in one folder: a numbered folder a generation, and a file `current`
with the number of the one in use. The swap is the replacement of that file, which is atomic;
readers that have the old generation open keep it until they look again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from corpus.store import Store
from indexer.engines import IndexDamagedError, Place, engine
from indexer.indexer_errors import IndexUnusableError
from indexer.schema import SCHEMA_VERSION

_CURRENT = "current"


class NoIndexError(IndexUnusableError):
    """There is no index yet."""

    def __init__(self, advice: str = "there is no index yet; run: dateline add PATH") -> None:
        super().__init__(advice)


class NotBuiltError(NoIndexError):
    """There are articles, but an engine has no index of them yet."""

    def __init__(self, engine_name: str) -> None:
        super().__init__(f"there is no {engine_name} index of the articles; run: dateline rebuild")


class OutdatedIndexError(IndexUnusableError):
    """An index was made for another version of the schema."""

    def __init__(self) -> None:
        super().__init__("the index was made by another version of dateline; run: dateline rebuild")


class Generation(Protocol):
    """One index of an engine. Two objects of the same one are equal."""

    @property
    def engine(self) -> str: ...

    @property
    def number(self) -> int:
        """Later ones have higher numbers."""

    @property
    def name(self) -> str:
        """Tells it from all others: `tantivy/1`."""

    @property
    def place(self) -> Place:
        """Where it lies, for the engine's writer and searcher."""

    def followed(self, store: Store) -> int:
        """Return the store's last change that it has; 0 if it has none of them."""

    def set_followed(self, store: Store, change: int) -> None:
        """Remember the store's last change that it has, for a new process to go on from."""

    def commits(self, store: Store) -> Hashable:
        """Return a value that differs after each commit to it, by whatever process."""


@dataclass(frozen=True, slots=True)
class ServerIndex:
    """One index that servers hold: documents, and bytes with all copies."""

    name: str
    health: str
    documents: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Servers:
    """How the servers are that hold an index. `unassigned` are parts that no node has."""

    name: str
    health: str
    nodes: int
    unassigned: int
    indices: tuple[ServerIndex, ...]


class Generations(Protocol):
    """All generations of one engine's index."""

    @property
    def shared(self) -> bool:
        """Whether other stores put their articles into the index too."""

    def current(self) -> Generation:
        """Return the one in use.

        Raises NoIndexError, OutdatedIndexError, IndexDamagedError, IndexUnreachableError.
        """

    def create(self, store: Store) -> Generation:
        """Make an empty one, which is not in use yet."""

    def carry_over(self, generation: Generation) -> None:
        """Bring into a new one what other stores have put into the one in use."""

    def use(self, generation: Generation) -> None:
        """Put one into the place of the one in use, in one step that survives a crash."""

    def remove(self, store: Store, generation: Generation) -> None: ...

    def remove_unused(self, store: Store, current: Generation) -> None:
        """Remove those that nobody needs, such as what a killed rebuild has left behind."""

    def size(self) -> int:
        """Bytes of all of them. Raises IndexUnreachableError."""

    def servers(self) -> Servers | None:
        """How the servers are that hold it, if any do. Raises IndexUnreachableError."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A generation of an embedded engine. How far it has followed is kept in the store."""

    engine: str
    number: int
    place: Path

    def followed(self, store: Store) -> int:
        return store.read_indexed_change(self.name)

    def set_followed(self, store: Store, change: int) -> None:
        with store.transaction():
            store.set_indexed_change(self.name, change)

    def forget_followed(self, store: Store) -> None:
        with store.transaction():
            store.forget_index(self.name)

    def commits(self, store: Store) -> Hashable:
        return self.followed(store)

    @property
    def name(self) -> str:
        return f"{self.engine}/{self.number}"


class Folders:
    """The generations of an embedded engine's index, in the folder `home`/engine."""

    shared = False

    def __init__(self, home: Path, engine_name: str) -> None:
        self._home = home / engine_name
        self._engine = engine_name

    def current(self) -> Folder:
        place = self._home / _CURRENT
        try:
            about = json.loads(place.read_text("utf-8"))
            number, schema = int(about["generation"]), int(about["schema"])
        except FileNotFoundError as err:
            raise NoIndexError from err
        except (OSError, ValueError, KeyError, TypeError, OverflowError) as err:
            raise IndexDamagedError(place) from err
        if schema != SCHEMA_VERSION:
            raise OutdatedIndexError
        return self._folder(number)

    def create(self, store: Store) -> Folder:
        generation = self._folder(max(self._numbers(), default=0) + 1)
        # What was noted of an index of this name that is gone does not hold for the new one.
        self.remove(store, generation)
        generation.place.mkdir(parents=True)
        engine(self._engine).create(generation.place)
        return generation

    def carry_over(self, generation: Generation) -> None:
        """Do nothing: the index is this project's alone."""

    def use(self, generation: Generation) -> None:
        about = {"generation": generation.number, "schema": SCHEMA_VERSION}
        draft = self._home / f"{_CURRENT}.new"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(about, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._home / _CURRENT)
        if os.name == "posix":
            _sync(self._home)

    def remove(self, store: Store, generation: Generation) -> None:
        folder = self._folder(generation.number)
        folder.forget_followed(store)
        shutil.rmtree(folder.place, ignore_errors=True)

    def remove_unused(self, store: Store, current: Generation) -> None:
        for folder in map(self._folder, self._numbers()):
            if folder != current:
                self.remove(store, folder)

    def size(self) -> int:
        return bytes_of(self._home.rglob("*"))

    def servers(self) -> None:
        """Return None: the index lies in a folder."""

    def _folder(self, number: int) -> Folder:
        return Folder(self._engine, number, self._home / str(number))

    def _numbers(self) -> list[int]:
        if not self._home.is_dir():
            return []
        return sorted(int(entry.name) for entry in self._home.iterdir() if entry.name.isdecimal())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def bytes_of(files: Iterable[Path]) -> int:
    """Bytes of files, some of which may be removed meanwhile."""
    size = 0
    for file in files:
        with suppress(FileNotFoundError):
            size += file.stat().st_size if file.is_file() else 0
    return size
