"""The SQLite file of the store: connection, schema migrations, and access from threads."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Self
from zlib import crc32

from corpus.errors import DatelineError, StoreError

Row = tuple[Any, ...]

# What SQLite makes of a Ctrl-C while it calls `sum_row`, which raises nothing by itself.
_LOST_INTERRUPT = "user-defined function raised exception"
# SQLite's own default.
_PAGE_BYTES = 4_096
_BUSY_TIMEOUT_SECONDS = 60.0
# SQLite's codes of a file, or of a log beside it, that cannot be written.
_UNWRITABLE_CODES = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)


@dataclass(frozen=True, slots=True)
class _FileState:
    """The size and time of a file, and the size of its log (WAL): each commit changes one."""

    size: int
    mtime_ns: int
    wal_bytes: int

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Read the state of a file; None if there is no such file."""
        try:
            status = path.stat()
        except OSError:
            return None
        try:
            wal_bytes = path.with_name(f"{path.name}-wal").stat().st_size
        except OSError:
            wal_bytes = 0
        return cls(status.st_size, status.st_mtime_ns, wal_bytes)


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
        """Open a file, or create it with pages of this size. Raises StoreError.

        Where it can only be read (a read-only medium, the folder of another user, a full disk), it
        is opened as it is now: nothing is written beside it, and later changes are not seen.
        """
        self._path = path
        self._lock = Lock()
        self._state: _FileState | None = None
        try:
            self._db = self._open_shared(page_bytes)
        except sqlite3.Error as err:
            if err.sqlite_errorcode & 0xFF not in _UNWRITABLE_CODES:
                raise self._make_error(err) from err
            self._state = _FileState.read(path)
            self._db = self._open_immutable(err)
        try:
            self._migrate(migrations)
        except BaseException:
            self.close()
            raise

    def _open_shared(self, page_bytes: int) -> sqlite3.Connection:
        """Open the file for reading and writing, beside others that do. Raises sqlite3.Error."""
        connection = self._connect(str(self._path))
        try:
            for pragma in (
                f"page_size = {page_bytes}",
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
                # A row that another replaces is subtracted from its table's sum.
                "recursive_triggers = ON",
                # Reads the file, which needs the files of the WAL.
                "user_version",
            ):
                connection.execute(f"PRAGMA {pragma}").fetchall()
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_immutable(self, cause: sqlite3.Error) -> sqlite3.Connection:
        """Open the file for reading, without locks. Raises StoreError from the cause.

        Not if commits are in the log beside it, which cannot be read so.
        """
        if self._state is None or self._state.wal_bytes:
            raise self._make_error(cause) from cause
        try:
            return self._connect(f"{self._path.absolute().as_uri()}?immutable=1", is_uri=True)
        except sqlite3.Error as err:
            raise self._make_error(cause) from err

    def _connect(self, address: str, *, is_uri: bool = False) -> sqlite3.Connection:
        connection = sqlite3.connect(
            address,
            timeout=_BUSY_TIMEOUT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            uri=is_uri,
        )
        # A damaged text is read, so that its row can be named.
        connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
        connection.create_function("row_sum", -1, sum_row, deterministic=True)
        return connection

    @property
    def is_immutable(self) -> bool:
        """Whether the file could only be read, and was opened as it was."""
        return self._state is not None

    @property
    def is_outdated(self) -> bool:
        """Whether the file was opened as it was, and has changed since: open it again."""
        return self._state is not None and self._state != _FileState.read(self._path)

    def _migrate(self, migrations: Sequence[str]) -> None:
        if self._read_schema_version() > len(migrations):
            raise StoreError(f"{self._path} was written by a newer dateline; upgrade this one")
        if self._read_schema_version() == len(migrations):
            return
        if self.is_immutable:
            raise StoreError(
                f"{self._path} was written by an older dateline and cannot be upgraded here, where"
                " it can only be read; run: dateline update where it can be written"
            )
        with self.transaction():
            # The version is read again: another process may have migrated while this one waited.
            for script in migrations[self._read_schema_version() :]:
                for statement in script.split(";"):
                    self.execute(statement)
            self.execute(f"PRAGMA user_version = {len(migrations)}")
            # Few commands change the schema.
            from corpus.table_sums import install_sums

            install_sums(self)

    def has_schema(self, migrations: Sequence[str]) -> bool:
        """Return whether it has exactly the schema that its migrations make."""
        pattern = Database(Path(":memory:"), migrations)
        try:
            return self._read_schema() == pattern._read_schema()
        finally:
            pattern.close()

    def _read_schema(self) -> set[Row]:
        # SQLite adds tables of its own.
        return set(
            self.execute(
                "SELECT type, name, tbl_name, sql FROM sqlite_schema"
                " WHERE name NOT LIKE 'sqlite_stat%'"
            )
        )

    def _read_schema_version(self) -> int:
        ((version,),) = self.execute("PRAGMA user_version")
        return int(version)

    def _make_error(self, err: sqlite3.Error) -> DatelineError:
        """Return the error of a statement. Raises KeyboardInterrupt if it was interrupted."""
        if _LOST_INTERRUPT in str(err):
            raise KeyboardInterrupt from err
        return self._describe_error(err)

    def _describe_error(self, err: sqlite3.Error) -> DatelineError:
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
    def savepoint(self) -> Iterator[Callable[[], None]]:
        """Yield a function that takes back the statements inside so far, within a transaction."""
        self.execute("SAVEPOINT step")
        try:
            yield lambda: self._take_back("step")
        finally:
            if self._db.in_transaction:
                self.execute("RELEASE step")

    def _take_back(self, savepoint: str) -> None:
        self.execute(f"ROLLBACK TO {savepoint}")

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
