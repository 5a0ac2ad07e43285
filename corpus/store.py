"""The corpus on disk: one SQLite file with every version of every article.

It also contains the last change that each index has applied, and the ledger of sources. Indexes
are derived from the store and can be rebuilt at any time.

Every change to an article gets the next number of a sequence. An index that has applied changes
up to some number is updated with the changes after it. Applying a change twice is harmless, so
a crash between index and store costs only time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

import zstandard

from corpus.article import Article
from corpus.database import Database
from corpus.errors import StoreError
from corpus.migrations import MIGRATIONS
from corpus.packing import decode, encode

__all__ = ["Change", "Counts", "Failure", "Store", "StoreError", "Version"]

# Long results are read in pages of this many rows.
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """A record or item that could not be read or cleaned, with the reason."""

    source: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """The newest change to an article. `version` and `article` are None if it was removed."""

    number: int
    article_id: str
    version: int | None
    article: Article | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article, and when it was stored (seconds since 1970)."""

    number: int
    recorded: int
    article: Article


@dataclass(frozen=True, slots=True)
class Counts:
    """The size of the store. `first` and `last` are publication dates (seconds since 1970).

    `versions` counts all versions; `articles` and `undated` count current articles.
    """

    articles: int
    versions: int
    undated: int
    failures: int
    first: int | None
    last: int | None


class Store:
    """An open store. One process writes at a time; any number read, each a committed state.

    Threads may share it. Call writing methods inside `transaction`. Every method raises
    StoreError if the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        """Open a store, creating it if it does not exist. Raises StoreError."""
        self.database = Database(path, MIGRATIONS)
        self._compressor = zstandard.ZstdCompressor(level=3)

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Return a context in which all writes are one transaction: committed, or rolled back."""
        return self.database.transaction()

    def identity(self) -> str:
        """Return the id of this store: 16 random hexadecimal digits, set when it was created."""
        ((identity,),) = self.database.rows("SELECT id FROM identity")
        return str(identity)

    # -- articles

    def keep(self, article: Article, now: datetime) -> tuple[int, bool]:
        """Add a version of an article, unless the text of its newest version is the same.

        Returns the version's key and whether it is new; if not, its entities are unchanged. It
        is not the article's current version until it is set so.
        """
        text = _text(article)
        digest = hashlib.blake2b(text, digest_size=16).digest()
        newest = self.database.row(
            "SELECT version, digest, content FROM versions WHERE article_id = ?"
            " ORDER BY version DESC LIMIT 1",
            article.id,
        )
        # Digests in old stores also cover the entities.
        if newest and (newest[1] == digest or _text(_unpacker()(newest[2])) == text):
            return int(newest[0]), False
        ((version,),) = self.database.rows(
            "INSERT INTO versions (article_id, published, recorded, digest, content)"
            " VALUES (?, ?, ?, ?, ?) RETURNING version",
            article.id,
            article.published.seconds if article.published else None,
            int(now.timestamp()),
            digest,
            self._compressor.compress(encode(article)),
        )
        return int(version), True

    def rewrite(self, version: int, article: Article) -> None:
        """Replace the entities of a version; the text of `article` must be the version's own."""
        content = self._compressor.compress(encode(article))
        self.database.rows("UPDATE versions SET content = ? WHERE version = ?", content, version)

    def set_current(self, article_id: str, version: int | None, extractor: str = "") -> bool:
        """Make a version current; None removes the article. Returns whether that is a change.

        `extractor` is the version of the extractor that found its entities, if known.
        """
        before = self.database.row("SELECT version FROM articles WHERE id = ?", article_id)
        if before == (version,):
            return False
        self.database.rows(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?)",
            article_id,
            version,
            self.last_change() + 1,
            self.extractor_key(extractor),
        )
        return True

    def extractor_key(self, name: str) -> int:
        """Return the key of an extractor, adding it if new."""
        row = self.database.row("SELECT id FROM extractors WHERE name = ?", name)
        if row is None:
            (row,) = self.database.rows(
                "INSERT INTO extractors (name) VALUES (?) RETURNING id", name
            )
        return int(row[0])

    def touch(self, versions: Iterable[int]) -> None:
        """Mark the articles of some versions as changed, so that indexes are updated."""
        for version in versions:
            self.database.rows(
                "UPDATE articles SET change = ?"
                " WHERE id = (SELECT article_id FROM versions WHERE version = ?)",
                self.last_change() + 1,
                version,
            )

    def last_change(self) -> int:
        """Return the number of the newest change; 0 if there is none."""
        ((number,),) = self.database.rows("SELECT max(change) FROM articles")
        return number or 0

    def changes(self, after: int) -> Iterator[Change]:
        """Yield the newest change of each article that changed after a change, in their order."""
        unpack = _unpacker()
        while rows := self.database.rows(
            "SELECT change, articles.id, articles.version, content FROM articles"
            " LEFT JOIN versions USING (version) WHERE change > ? ORDER BY change LIMIT ?",
            after,
            _PAGE,
        ):
            for number, article_id, version, content in rows:
                article = None if content is None else unpack(content)
                yield Change(number, article_id, version, article)
            after = rows[-1][0]

    def articles(self, versions: Sequence[int]) -> dict[int, Article]:
        """Return the articles of some versions, by version key."""
        placeholders = ",".join("?" * len(versions))
        rows = self.database.rows(
            f"SELECT version, content FROM versions WHERE version IN ({placeholders})",  # noqa: S608
            *versions,
        )
        unpack = _unpacker()
        return {version: unpack(content) for version, content in rows}

    def article(self, article_id: str) -> Article | None:
        """Return the current version of an article, or None if it does not exist or was removed."""
        row = self.database.row(
            "SELECT content FROM articles JOIN versions USING (version) WHERE id = ?", article_id
        )
        return None if row is None else _unpacker()(row[0])

    def versions(self, article_id: str) -> list[Version]:
        """Return every version of an article, oldest first."""
        rows = self.database.rows(
            "SELECT version, recorded, content FROM versions WHERE article_id = ? ORDER BY version",
            article_id,
        )
        unpack = _unpacker()
        return [Version(version, recorded, unpack(content)) for version, recorded, content in rows]

    def current(self) -> Iterator[tuple[str, int]]:
        """Yield id and current version key of every article, in the order of their changes."""
        after = 0
        while rows := self.database.rows(
            "SELECT change, id, version FROM articles WHERE change > ? AND version IS NOT NULL"
            " ORDER BY change LIMIT ?",
            after,
            _PAGE,
        ):
            yield from ((article_id, version) for _, article_id, version in rows)
            after = rows[-1][0]

    def counts(self) -> Counts:
        ((articles, undated, first, last),) = self.database.rows(
            "SELECT count(*), count(*) - count(published), min(published), max(published)"
            " FROM articles JOIN versions USING (version)"
        )
        ((versions,),) = self.database.rows("SELECT count(*) FROM versions")
        ((failures,),) = self.database.rows("SELECT count(*) FROM failures")
        return Counts(articles, versions, undated, failures, first, last)

    def failures(self) -> Iterator[Failure]:
        rows = self.database.rows(
            "SELECT name, path, reason FROM failures JOIN sources ON sources.id = source_id"
            " ORDER BY sources.id, path"
        )
        return (Failure(*row) for row in rows)

    def check(self) -> None:
        """Run SQLite's quick check of the file. Raises StoreError if it finds damage."""
        ((result,),) = self.database.rows("PRAGMA quick_check(1)")
        if result != "ok":
            raise StoreError(f"the corpus is damaged ({result}); restore it from a backup")

    # -- indexes

    def indexed(self, index: str) -> int:
        """Return the last change that an index has applied; 0 for an unknown index."""
        row = self.database.row("SELECT change FROM indexes WHERE name = ?", index)
        return 0 if row is None else int(row[0])

    def set_indexed(self, index: str, change: int) -> None:
        self.database.rows("INSERT OR REPLACE INTO indexes VALUES (?, ?)", index, change)

    def forget_index(self, index: str) -> None:
        self.database.rows("DELETE FROM indexes WHERE name = ?", index)


def _text(article: Article) -> bytes:
    """Encode an article without its entities, which are derived from its text."""
    return encode(replace(article, entities=()))


def _unpacker() -> Callable[[bytes], Article]:
    """Return a decoder of stored articles.

    Each thread needs its own, and creating it takes time.
    """
    decompress = zstandard.ZstdDecompressor().decompress
    return lambda content: decode(decompress(content))
