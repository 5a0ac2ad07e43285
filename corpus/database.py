"""The SQLite file of the store: connection, schema migrations, and access from threads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any
from zlib import crc32

from corpus.errors import DatelineError, StoreError

Row = tuple[Any, ...]

# SQLite's own default.
_PAGE_BYTES = 4_096
_BUSY_TIMEOUT_SECONDS = 60.0


def sum_row(*cells: bytes | None) -> int:
    """Return the CRC-32 of a row, whose cells are cast to blobs; in statements, `row_sum`."""
    total = 0
    for cell in cells:
        total = crc32(b"-" if cell is None else b"%d:" % len(cell), total)
        total = crc32(cell or b"", total)
    return total


class Database:
    """An open SQLite file. Threads may share it; a lock serializes their statements.

    `migrations` contains one script per schema version, which upgrades a file of the version
    before. Scripts are split at semicolons, so their texts must not contain any. Triggers keep a
    sum of each table's rows, by which `table_sums` finds damage that SQLite does not notice.
    """

    def __init__(
        self, path: Path, migrations: Sequence[str], page_bytes: int = _PAGE_BYTES
    ) -> None:
        """Open a file, or create it with pages of this size. Raises StoreError."""
        self._path = path
        self._migrations = migrations
        self._lock = Lock()
        try:
            self._db = sqlite3.connect(
                path, timeout=_BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as err:
            raise self._make_error(err) from err
        # A damaged text is read, so that its row can be named.
        self._db.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
        self._db.create_function("row_sum", -1, sum_row, deterministic=True)
        try:
            for pragma in (
                f"page_size = {page_bytes}",
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
                # A row that another replaces is subtracted from its table's sum.
                "recursive_triggers = ON",
            ):
                self.execute(f"PRAGMA {pragma}")
            self._migrate()
        except BaseException:
            self.close()
            raise

    def _migrate(self) -> None:
        migrations = self._migrations
        if self._read_schema_version() > len(migrations):
            raise StoreError(f"{self._path} was written by a newer dateline; upgrade this one")
        if self._read_schema_version() == len(migrations):
            return
        with self.transaction():
            # The version is read again: another process may have migrated while this one waited.
            for script in migrations[self._read_schema_version() :]:
                for statement in script.split(";"):
                    self.execute(statement)
            self.execute(f"PRAGMA user_version = {len(migrations)}")
            # Few commands change the schema.
            from corpus.table_sums import install_sums

            install_sums(self)

    def has_own_schema(self) -> bool:
        """Return whether the file has exactly the schema that the migrations make."""
        pattern = Database(Path(":memory:"), self._migrations)
        try:
            return self._read_schema() == pattern._read_schema()
        finally:
            pattern.close()

    def _read_schema(self) -> set[Row]:
        return set(self.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"))

    def _read_schema_version(self) -> int:
        ((version,),) = self.execute("PRAGMA user_version")
        return int(version)

    def _make_error(self, err: sqlite3.Error) -> DatelineError:
        return StoreError(f"cannot use the corpus in {self._path}: {err}")

    def close(self) -> None:
        self._db.close()

    def execute(self, statement: str, *values: object) -> list[Row]:
        """Execute a statement and return its rows. Raises StoreError."""
        with self._lock:
            try:
                return self._db.execute(statement, values).fetchall()
            except sqlite3.Error as err:
                raise self._make_error(err) from err

    def run_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute a statement once for each row of values. Raises StoreError."""
        with self._lock:
            try:
                self._db.executemany(statement, rows)
            except sqlite3.Error as err:
                raise self._make_error(err) from err

    def fetch_row(self, statement: str, *values: object) -> Row | None:
        """Execute a statement and return its first row, if any. Raises StoreError."""
        return next(iter(self.execute(statement, *values)), None)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the statements inside as one transaction: commit at its end, or roll back all."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            # SQLite itself rolls back when the disk is full.
            if self._db.in_transaction:
                self.execute("ROLLBACK")
            raise
