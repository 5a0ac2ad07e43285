"""Verification of a project: corpus, signatures and index are read, compared, and put right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from corpus.store import Store
from corpus.store_check import (
    DamagedVersion,
    StoreDamage,
    accept_tables,
    check_structure,
    find_damage,
    find_damaged_versions,
    forget_records,
    remove_versions,
)
from indexer.engines import IndexDamagedError, load_engine
from indexer.generations import NoIndexError, OutdatedIndexError
from indexer.signature_store import FILE_NAME
from search.project.resources import ProjectResources
from search.project.verification import Verification, find_differences


@dataclass(frozen=True, slots=True)
class IndexCommands:
    """The work of a writer that verification asks for; the caller holds the lock."""

    update: Callable[[], None]
    rebuild: Callable[[], None]
    read_sources: Callable[[], None]


class Verifier:
    """One verification of a project."""

    def __init__(self, resources: ProjectResources, commands: IndexCommands, *, quick: bool):
        self._resources = resources
        self._commands = commands
        self._quick = quick
        self._actions: list[str] = []

    def verify(self, *, repair: bool, discard: bool) -> Verification:
        """Check the corpus, then the index. Raises StoreError, StoreMismatchError."""
        damage = self._check_store(repair=repair, discard=discard)
        self._check_origin()
        files = self._find_damaged_files()
        if files and repair:
            self._rebuild(f"{', '.join(files)} damaged: a new index was built")
            files = ()
        checked = (
            self._compare() if not files else Verification(self._store.collect_stats().articles)
        )
        known = {version.version_key for version in damage.versions}
        more = [version for version in checked.damaged if version.version_key not in known]
        return replace(
            checked,
            damaged=(*damage.versions, *more),
            tables=(*damage.tables, *damage.indexes),
            files=files,
            actions=tuple(self._actions),
        )

    @property
    def _store(self) -> Store:
        return self._resources.store

    # -- the corpus

    def _check_store(self, *, repair: bool, discard: bool) -> StoreDamage:
        check_structure(self._store)
        damage = StoreDamage() if self._quick else find_damage(self._store)
        return self._repair_store(damage, discard=discard) if repair and damage else damage

    def _repair_store(self, damage: StoreDamage, *, discard: bool) -> StoreDamage:
        with self._store.transaction():
            forget_records(self._store, damage)
        self._commands.read_sources()
        left = find_damage(self._store)
        restored = len(damage.versions) - len(left.versions)
        self._actions.append(f"{restored:,} of {len(damage.versions):,} versions restored")
        with self._store.transaction():
            if discard and left.versions:
                remove_versions(self._store, [version.version_key for version in left.versions])
                self._actions.append(f"{len(left.versions):,} versions removed")
            accept_tables(self._store)
        if damage.tables:
            self._actions.append(f"records read again: {', '.join(damage.tables)}")
        return find_damage(self._store)

    # -- the index

    def _check_origin(self) -> None:
        try:
            self._resources.index.read_current().check_store(self._store)
        except NoIndexError:
            if self._store.read_last_change():
                self._rebuild("it was not known which index is in use: a new one was built")
        except OutdatedIndexError:
            self._rebuild("the index was made by another version: a new one was built")
        except IndexDamagedError:
            pass  # it is among the damaged files

    def _find_damaged_files(self) -> tuple[str, ...]:
        """Return the damaged files of the index in use, and of the signatures."""
        index = self._resources.index
        whole = self._quick or self._resources.has_whole_signatures()
        signatures = () if whole else (FILE_NAME,)
        try:
            generation = index.read_current()
            generation.check_store(self._store)
            if self._quick:
                return ()
            damaged = load_engine(generation.engine).find_damaged_files(generation.place)
        except NoIndexError:
            return signatures
        except IndexDamagedError as err:
            damaged = err.files
        return (*damaged, *signatures)

    def _rebuild(self, action: str) -> None:
        self._commands.rebuild()
        self._actions.append(action)

    def _compare(self) -> Verification:
        """Compare index and store, and put right what differs."""
        self._commands.update()
        missing, surplus = self._find_differences()
        damaged: list[DamagedVersion] = []
        if missing or surplus:
            with self._store.transaction():
                self._store.mark_changed(missing | surplus)
            self._commands.update()
            left, still = self._find_differences()
            if still:
                # The index contains versions that the store never had.
                self._commands.rebuild()
                left, _ = self._find_differences()
            damaged = [
                DamagedVersion(err.article_id, err.version_key, err.reason, is_current=True)
                for err in find_damaged_versions(self._store, sorted(left))
            ]
            missing -= {version.version_key for version in damaged}
        articles = self._store.collect_stats().articles
        return Verification(articles, len(missing), len(surplus), tuple(damaged))

    def _find_differences(self) -> tuple[set[int], set[int]]:
        return find_differences(self._store, self._resources.open_searcher())
