"""Store to index: bring an index up to date, or build a new one beside it and swap.

An engine's indexes lie in one folder: a numbered folder a generation, and a file `current`
with the number of the one in use. The swap is the replacement of that file, which is atomic;
readers that have the old generation open keep it until they look again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.store import Store
from indexer.engines import IndexDamagedError, engine
from indexer.schema import SCHEMA_VERSION, document

_CURRENT = "current"


class NoIndexError(Exception):
    """There is no index yet."""

    def __init__(self, advice: str = "there is no index yet; run: dateline add PATH") -> None:
        super().__init__(advice)


class NotBuiltError(NoIndexError):
    """There are articles, but an engine has no index of them yet."""

    def __init__(self, engine_name: str) -> None:
        super().__init__(f"there is no {engine_name} index of the articles; run: dateline rebuild")


class OutdatedIndexError(Exception):
    """An index was made for another version of the schema."""

    def __init__(self) -> None:
        super().__init__("the index was made by another version of dateline; run: dateline rebuild")


class RebuildFailedError(Exception):
    """A new index did not pass its check; the old one stays in use."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One index of an engine. `name` is its key in the store."""

    engine: str
    number: int
    folder: Path

    @property
    def name(self) -> str:
        return f"{self.engine}/{self.number}"


def current(home: Path, engine_name: str) -> Generation:
    """The generation in use. Raises NoIndexError, OutdatedIndexError, IndexDamagedError."""
    place = home / engine_name / _CURRENT
    try:
        about = json.loads(place.read_text("utf-8"))
        number, schema = int(about["generation"]), int(about["schema"])
    except FileNotFoundError as err:
        raise NoIndexError from err
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as err:
        raise IndexDamagedError(place) from err
    if schema != SCHEMA_VERSION:
        raise OutdatedIndexError
    return _generation(home, engine_name, number)


def update(
    store: Store,
    home: Path,
    engine_name: str,
    *,
    report: Callable[[int], None] = lambda done: None,
) -> int:
    """Put into the index what changed in the store since, making an index if there is none.

    Calls `report` with the number of changes done. Returns how many there were. One
    process at a time may do this for a home; the caller holds the lock.
    """
    try:
        generation = current(home, engine_name)
    except NoIndexError:
        generation = _create(store, _generation(home, engine_name, 1))
        _point_to(home, generation)
    _remove_others(store, home, generation)
    if store.last_change() == store.indexed(generation.name):
        return 0
    return _follow(store, generation, report)


def rebuild(
    store: Store,
    home: Path,
    engine_name: str,
    *,
    check: Callable[[Path], None],
    report: Callable[[int], None] = lambda done: None,
) -> None:
    """Build an index anew from the store, check it, and put it in the place of the old one.

    Nothing is cleaned again. `check` gets the new index's folder and raises
    RebuildFailedError if something is wrong with it; then the old one stays.
    """
    number = max(_numbers(home, engine_name), default=0) + 1
    generation = _create(store, _generation(home, engine_name, number))
    try:
        _follow(store, generation, report)
        check(generation.folder)
    except BaseException:
        _remove(store, generation)
        raise
    _point_to(home, generation)
    _remove_others(store, home, generation)


def _remove_others(store: Store, home: Path, keep: Generation) -> None:
    """Remove generations that are not in use, such as a rebuild that was killed left behind."""
    for number in _numbers(home, keep.engine):
        if number != keep.number:
            _remove(store, _generation(home, keep.engine, number))


def _follow(store: Store, generation: Generation, report: Callable[[int], None]) -> int:
    """Apply the changes that an index has not seen, as one commit."""
    done = 0
    after = store.indexed(generation.name)
    last = after
    with engine(generation.engine).open_writer(generation.folder) as writer:
        for change in store.changes(after):
            if change.article is not None and change.version is not None:
                writer.put(document(change.article, change.version))
            else:
                writer.delete(change.article_id)
            done += 1
            last = change.number
            if done % 1_000 == 0:
                report(done)
        writer.commit()
        # Only now: a crash before this line has the same changes applied again. And here
        # already: searches need not wait for the merges that closing the writer waits for.
        with store.transaction():
            store.set_indexed(generation.name, last)
    report(done)
    return done


def _generation(home: Path, engine_name: str, number: int) -> Generation:
    return Generation(engine_name, number, home / engine_name / str(number))


def _numbers(home: Path, engine_name: str) -> list[int]:
    folder = home / engine_name
    if not folder.is_dir():
        return []
    return sorted(int(entry.name) for entry in folder.iterdir() if entry.name.isdecimal())


def _create(store: Store, generation: Generation) -> Generation:
    # What was noted of an index of this name that is gone does not hold for the new one.
    _remove(store, generation)
    generation.folder.mkdir(parents=True)
    engine(generation.engine).create(generation.folder)
    return generation


def _remove(store: Store, generation: Generation) -> None:
    with store.transaction():
        store.forget_index(generation.name)
    shutil.rmtree(generation.folder, ignore_errors=True)


def _point_to(home: Path, generation: Generation) -> None:
    """Make a generation the one in use, in one step that survives a crash."""
    folder = home / generation.engine
    about = {"generation": generation.number, "schema": SCHEMA_VERSION}
    draft = folder / f"{_CURRENT}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(about, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / _CURRENT)
    if os.name == "posix":
        _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
