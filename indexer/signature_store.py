"""The signatures of an archive's articles: one SQLite file beside the index, derived from it.

Whoever reads it may find a signature missing; ranking then does without. Writing belongs to the
process that follows the store (`indexer.build`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from corpus.database import Database
from corpus.errors import DatelineError
from indexer.engines import IndexDamagedError
from indexer.signatures import SIGNATURE_VERSION

if TYPE_CHECKING:
    from indexer.term_statistics import TermStatistics

FILE_NAME = "signatures.sqlite"

_MIGRATIONS = (
    """
    CREATE TABLE signatures (version INTEGER PRIMARY KEY, content BLOB NOT NULL);
    CREATE TABLE statistics (
        signature_version INTEGER NOT NULL,
        articles INTEGER NOT NULL,
        terms BLOB NOT NULL,
        counts BLOB NOT NULL
    )
    """,
    "-- The tables have sums.",
)


class _SignatureDatabase(Database):
    """A file that can be made anew from the corpus."""

    def _describe_error(self, err: sqlite3.Error) -> DatelineError:
        if getattr(err, "sqlite_errorname", "") == "SQLITE_BUSY":
            return super()._describe_error(err)
        return IndexDamagedError(self._path)


class SignatureStore:
    """Signatures by the store's key of an article's version; threads may share it.

    Every method raises IndexDamagedError if the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, creating it if there is none."""
        self._database = _SignatureDatabase(path, _MIGRATIONS)

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def read(self, versions: Sequence[int]) -> list[bytes]:
        """Read the signatures of some versions, in their order; empty where there is none."""
        marks = ",".join("?" * len(versions))
        statement = f"SELECT version, content FROM signatures WHERE version IN ({marks})"  # noqa: S608
        contents: dict[int, bytes] = dict(self._database.execute(statement, *versions))
        return [contents.get(version, b"") for version in versions]

    def is_whole(self) -> bool:
        """Return whether every row is as it was written. Reads the whole file."""
        from corpus.table_sums import find_wrong_tables

        ((result,),) = self._database.execute("PRAGMA integrity_check(1)")
        return (
            result == "ok"
            and self._database.has_schema(_MIGRATIONS)
            and not find_wrong_tables(self._database)
        )

    def count(self) -> int:
        """Count the signatures."""
        ((count,),) = self._database.execute("SELECT count(*) FROM signatures")
        return int(count)

    def load_statistics(self) -> TermStatistics | None:
        """Load the statistics; None if there are none, or of another version of signatures."""
        # Reading signatures needs no statistics.
        from indexer.term_statistics import TermStatistics

        row = self._database.fetch_row(
            "SELECT articles, terms, counts FROM statistics WHERE signature_version = ?",
            SIGNATURE_VERSION,
        )
        return TermStatistics(*row) if row else None

    def put(self, signatures: Iterable[tuple[int, bytes]], statistics: TermStatistics) -> None:
        """Keep signatures by version, and the statistics if they have grown."""
        with self._database.transaction():
            self._database.run_many(
                "INSERT OR REPLACE INTO signatures (version, content) VALUES (?, ?)", signatures
            )
            if statistics.has_grown:
                self._database.execute("DELETE FROM statistics")
                self._database.execute(
                    "INSERT INTO statistics VALUES (?, ?, ?, ?)",
                    SIGNATURE_VERSION,
                    *statistics.merge(),
                )

    def clear(self) -> None:
        """Remove all signatures, but not the statistics."""
        self._database.execute("DELETE FROM signatures")
