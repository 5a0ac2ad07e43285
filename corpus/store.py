"""The corpus on disk: one SQLite file with every version of every article.

It also holds how far each index has followed, and what the ledger knows of sources. Indexes
are derived from here and can be made anew at any time.

Every change to an article gets the next number of a sequence. An index that has followed
up to some number is brought up to date by the changes after it; doing a change twice does
no harm, so a crash between index and store costs nothing but time.
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

# Long answers are read in pages of so many rows.
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read or cleaned, and why."""

    source: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """The newest change to an article. `version` and `article` are None once it is gone."""

    number: int
    article_id: str
    version: int | None
    article: Article | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article, and when it came in (seconds since 1970)."""

    number: int
    recorded: int
    article: Article


@dataclass(frozen=True, slots=True)
class Counts:
    """What the store holds now. `first` and `last` are dates of publication in seconds."""

    articles: int
    versions: int
    undated: int
    failures: int
    first: int | None
    last: int | None


class Store:
    """An open store. One process writes at a time; any number read, each a committed state.

    Threads may share it. Writing methods belong inside `transaction`. Any method raises
    StoreError if the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        """Open a store, making it if there is none. Raises StoreError."""
        self.database = Database(path, MIGRATIONS)
        self._compressor = zstandard.ZstdCompressor(level=3)

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written inside becomes durable at its end, or nothing of it."""
        return self.database.transaction()

    def identity(self) -> str:
        """What tells this store from others: 16 hexadecimal digits, given when it was made."""
        ((identity,),) = self.database.rows("SELECT id FROM identity")
        return str(identity)

    # -- articles

    def keep(self, article: Article, now: datetime) -> tuple[int, bool]:
        """The key of an article's text: its newest version, or a new one if that differs.

        Also returns whether it is new; if not, its entities stay as they were. It is the
        article's current version only after `set_current`.
        """
        text = _text(article)
        digest = hashlib.blake2b(text, digest_size=16).digest()
        newest = self.database.row(
            "SELECT version, digest, content FROM versions WHERE article_id = ?"
            " ORDER BY version DESC LIMIT 1",
            article.id,
        )
        # Digests of old are of the entities, too.
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
        """Put other entities into a version; the text of `article` is the version's own."""
        content = self._compressor.compress(encode(article))
        self.database.rows("UPDATE versions SET content = ? WHERE version = ?", content, version)

    def set_current(self, article_id: str, version: int | None, extractor: str = "") -> bool:
        """Make a version the current one; with None the article is gone. Returns if it changed.

        `extractor` is what found its entities, if that is known.
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
        """The key of an extractor, made if it is new."""
        row = self.database.row("SELECT id FROM extractors WHERE name = ?", name)
        if row is None:
            (row,) = self.database.rows(
                "INSERT INTO extractors (name) VALUES (?) RETURNING id", name
            )
        return int(row[0])

    def touch(self, versions: Iterable[int]) -> None:
        """Count the articles that some versions are of as changed, so that indexes follow."""
        for version in versions:
            self.database.rows(
                "UPDATE articles SET change = ?"
                " WHERE id = (SELECT article_id FROM versions WHERE version = ?)",
                self.last_change() + 1,
                version,
            )

    def last_change(self) -> int:
        """The number of the newest change; 0 while there is none."""
        ((number,),) = self.database.rows("SELECT max(change) FROM articles")
        return number or 0

    def changes(self, after: int) -> Iterator[Change]:
        """The newest change to each article that changed after a change, in their order."""
        unpacked = _unpacker()
        while rows := self.database.rows(
            "SELECT change, articles.id, articles.version, content FROM articles"
            " LEFT JOIN versions USING (version) WHERE change > ? ORDER BY change LIMIT ?",
            after,
            _PAGE,
        ):
            for number, article_id, version, content in rows:
                article = None if content is None else unpacked(content)
                yield Change(number, article_id, version, article)
            after = rows[-1][0]

    def articles(self, versions: Sequence[int]) -> dict[int, Article]:
        """The articles of some versions, by version."""
        marks = ",".join("?" * len(versions))
        rows = self.database.rows(
            f"SELECT version, content FROM versions WHERE version IN ({marks})",  # noqa: S608
            *versions,
        )
        unpacked = _unpacker()
        return {version: unpacked(content) for version, content in rows}

    def article(self, article_id: str) -> Article | None:
        """An article as it is now, or None if it is not held."""
        row = self.database.row(
            "SELECT content FROM articles JOIN versions USING (version) WHERE id = ?", article_id
        )
        return None if row is None else _unpacker()(row[0])

    def versions(self, article_id: str) -> list[Version]:
        """Every version of an article, the oldest first."""
        rows = self.database.rows(
            "SELECT version, recorded, content FROM versions WHERE article_id = ? ORDER BY version",
            article_id,
        )
        unpacked = _unpacker()
        return [
            Version(version, recorded, unpacked(content)) for version, recorded, content in rows
        ]

    def current(self) -> Iterator[tuple[str, int]]:
        """Id and current version of every article held, in the order of their changes."""
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
        """Have SQLite look over the file. Raises StoreError if it finds damage."""
        ((found,),) = self.database.rows("PRAGMA quick_check(1)")
        if found != "ok":
            raise StoreError(f"the corpus is damaged ({found}); restore it from a backup")

    # -- indexes

    def indexed(self, index: str) -> int:
        """The last change that an index has followed; 0 for one that is not known."""
        row = self.database.row("SELECT change FROM indexes WHERE name = ?", index)
        return 0 if row is None else int(row[0])

    def set_indexed(self, index: str, change: int) -> None:
        self.database.rows("INSERT OR REPLACE INTO indexes VALUES (?, ?)", index, change)

    def forget_index(self, index: str) -> None:
        self.database.rows("DELETE FROM indexes WHERE name = ?", index)


def _text(article: Article) -> bytes:
    """All that an article says; entities are only read out of it."""
    return encode(replace(article, entities=()))


def _unpacker() -> Callable[[bytes], Article]:
    """What makes articles of packed ones again; each thread needs its own, and it costs time."""
    decompress = zstandard.ZstdDecompressor().decompress
    return lambda content: decode(decompress(content))
