"""The corpus on disk: one SQLite file with every version of every article.

It also keeps what each file of a source looked like when it was read (its fingerprint),
which articles came from it, what could not be read and why, and how far each index has
followed. The index is derived from here and can be made anew at any time.

Every change to an article gets the next number of a sequence. An index that has followed
up to some number is brought up to date by the changes after it; doing a change twice does
no harm, so a crash between index and store costs nothing but time.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import zstandard

from corpus.article import Article, Entity, EntityKind, Moment

# One step a schema version: what brings a store of the version before it up to date.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE sources (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, location TEXT NOT NULL UNIQUE
    );
    CREATE TABLE items (
        id INTEGER PRIMARY KEY,
        source_id INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        digest TEXT NOT NULL,
        UNIQUE (source_id, path)
    );
    CREATE TABLE versions (
        version INTEGER PRIMARY KEY,
        article_id TEXT NOT NULL,
        published INTEGER,
        recorded INTEGER NOT NULL,
        digest BLOB NOT NULL,
        content BLOB NOT NULL
    );
    CREATE INDEX versions_of_article ON versions (article_id);
    -- The state of each article ever held: its current version, NULL once it is gone.
    CREATE TABLE articles (
        id TEXT PRIMARY KEY,
        version INTEGER REFERENCES versions,
        change INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX articles_by_change ON articles (change);
    -- Which article each record of an item gave. An article is gone when nothing gives it.
    CREATE TABLE occurrences (
        item_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
        path TEXT NOT NULL,
        article_id TEXT NOT NULL,
        raw_digest BLOB NOT NULL,
        PRIMARY KEY (item_id, path)
    ) WITHOUT ROWID;
    CREATE INDEX occurrences_of_article ON occurrences (article_id);
    CREATE TABLE failures (
        source_id INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,
        item TEXT NOT NULL,
        path TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (source_id, path)
    ) WITHOUT ROWID;
    CREATE TABLE indexes (name TEXT PRIMARY KEY, change INTEGER NOT NULL) WITHOUT ROWID;
    """,
)


class StoreError(Exception):
    """The store's file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a file looked like: size in bytes, modification time, digest of its bytes."""

    size: int
    mtime_ns: int
    digest: str


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

    A store may be read from several threads. Writing methods belong inside `transaction`.
    """

    def __init__(self, path: Path) -> None:
        """Open a store, making it if there is none. Raises StoreError."""
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.execute("PRAGMA busy_timeout = 60000")
            # Which records of the items now being read are still there.
            self._db.execute("CREATE TEMP TABLE met (item_id, path, PRIMARY KEY (item_id, path))")
            self._migrate(path)
        except sqlite3.Error as err:
            raise StoreError(f"cannot open the corpus in {path}: {err}") from err
        self._compressor = zstandard.ZstdCompressor(level=3)

    def _migrate(self, path: Path) -> None:
        (held,) = self._db.execute("PRAGMA user_version").fetchone()
        if held > len(MIGRATIONS):
            raise StoreError(f"{path} was written by a newer dateline; upgrade this one")
        for number, script in enumerate(MIGRATIONS[held:], held + 1):
            self._db.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside becomes durable at its end, or nothing of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # -- sources and what was read of them

    def register(self, name: str, location: str) -> None:
        """Remember a source; one that is already there keeps its name."""
        self._db.execute(
            "INSERT INTO sources (name, location) VALUES (?, ?) ON CONFLICT (location) DO NOTHING",
            (name, location),
        )

    def sources(self) -> list[tuple[str, str]]:
        """Name and location of each source, in the order of registration."""
        return list(self._db.execute("SELECT name, location FROM sources ORDER BY id"))

    def fingerprints(self, source: str) -> dict[str, Fingerprint]:
        """What each item of a source looked like when it was last read whole, by path."""
        rows = self._db.execute(
            "SELECT path, size, mtime_ns, digest FROM items WHERE source_id = ?",
            (self._id(source),),
        )
        return {path: Fingerprint(size, mtime, digest) for path, size, mtime, digest in rows}

    def open_item(self, source: str, path: str) -> int:
        """The key of an item, made if it is new. It counts as unread until `close_item`."""
        self._db.execute(
            "INSERT INTO items (source_id, path, size, mtime_ns, digest) VALUES (?, ?, -1, 0, '')"
            " ON CONFLICT (source_id, path) DO NOTHING",
            (self._id(source), path),
        )
        (item,) = self._db.execute(
            "SELECT id FROM items WHERE source_id = ? AND path = ?", (self._id(source), path)
        ).fetchone()
        self._db.execute("DELETE FROM met WHERE item_id = ?", (item,))
        return int(item)

    def close_item(self, item: int, fingerprint: Fingerprint) -> None:
        """Remember an item as read whole."""
        self._db.execute(
            "UPDATE items SET size = ?, mtime_ns = ?, digest = ? WHERE id = ?",
            (fingerprint.size, fingerprint.mtime_ns, fingerprint.digest, item),
        )

    def meet(self, item: int, path: str, raw_digest: bytes) -> bool:
        """Note that an item still has a record; returns whether it is as it was taken in."""
        self._db.execute("INSERT OR IGNORE INTO met VALUES (?, ?)", (item, path))
        row = self._db.execute(
            "SELECT raw_digest FROM occurrences WHERE item_id = ? AND path = ?", (item, path)
        ).fetchone()
        return row is not None and row[0] == raw_digest

    def unmet(self, item: int) -> list[str]:
        """The records of an item that were there once and were not met this time."""
        rows = self._db.execute(
            "SELECT path FROM occurrences WHERE item_id = ?"
            " EXCEPT SELECT path FROM met WHERE item_id = ?",
            (item, item),
        )
        return [path for (path,) in rows]

    def remove_item(self, source: str, path: str) -> int:
        """Forget an item that is gone, and the articles that only it gave. Returns how many."""
        item = self.open_item(source, path)
        gone = self.remove_occurrences(item, self.unmet(item))
        self._db.execute("DELETE FROM items WHERE id = ?", (item,))
        self.clear_failures(source, path)
        return gone

    def remove_occurrences(self, item: int, paths: Iterable[str]) -> int:
        """Forget records of an item, and the articles that only they gave. Returns how many."""
        gone = 0
        for path in paths:
            (article_id,) = self._db.execute(
                "DELETE FROM occurrences WHERE item_id = ? AND path = ? RETURNING article_id",
                (item, path),
            ).fetchone()
            gone += self._release(article_id)
        return gone

    def _release(self, article_id: str) -> int:
        """Let go of an article that lost an occurrence; other items that give it are read again."""
        others = self._db.execute(
            "UPDATE occurrences SET raw_digest = x'' WHERE article_id = ? RETURNING item_id",
            (article_id,),
        ).fetchall()
        if not others:
            self._set_current(article_id, None)
            return 1
        self._db.executemany("UPDATE items SET size = -1, digest = '' WHERE id = ?", others)
        return 0

    def holder(self, article_id: str, source: str) -> str | None:
        """The path by which a source other than `source` gives an article, if one does."""
        row = self._db.execute(
            "SELECT sources.name || '/' || occurrences.path FROM occurrences"
            " JOIN items ON items.id = item_id JOIN sources ON sources.id = source_id"
            " WHERE article_id = ? AND sources.name <> ?",
            (article_id, source),
        ).fetchone()
        return None if row is None else str(row[0])

    def _id(self, source: str) -> int:
        row = self._db.execute("SELECT id FROM sources WHERE name = ?", (source,)).fetchone()
        if row is None:
            raise StoreError(f"there is no source {source!r}")
        return int(row[0])

    # -- failures

    def add_failure(self, source: str, item: str, path: str, reason: str) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?)",
            (self._id(source), item, path, reason),
        )

    def clear_failures(self, source: str, item: str) -> None:
        """Forget what was wrong with an item, before it is read again."""
        self._db.execute(
            "DELETE FROM failures WHERE source_id = ? AND item = ?", (self._id(source), item)
        )

    def failures(self) -> Iterator[Failure]:
        rows = self._db.execute(
            "SELECT name, path, reason FROM failures JOIN sources ON sources.id = source_id"
            " ORDER BY sources.id, path"
        )
        return (Failure(*row) for row in rows)

    # -- articles

    def put(self, article: Article, item: int, path: str, raw_digest: bytes, now: datetime) -> bool:
        """Keep an article as given at a place in an item. Returns whether it is a new version."""
        before = self._db.execute(
            "SELECT article_id FROM occurrences WHERE item_id = ? AND path = ?", (item, path)
        ).fetchone()
        self._db.execute(
            "INSERT OR REPLACE INTO occurrences VALUES (?, ?, ?, ?)",
            (item, path, article.id, raw_digest),
        )
        if before and before[0] != article.id:
            self._release(before[0])
        content = _encode(article)
        digest = hashlib.blake2b(content, digest_size=16).digest()
        current = self._db.execute(
            "SELECT digest FROM articles JOIN versions USING (version) WHERE id = ?", (article.id,)
        ).fetchone()
        if current and current[0] == digest:
            return False
        seconds = article.published.seconds if article.published else None
        added = self._db.execute(
            "INSERT INTO versions (article_id, published, recorded, digest, content)"
            " VALUES (?, ?, ?, ?, ?)",
            (article.id, seconds, int(now.timestamp()), digest, self._compressor.compress(content)),
        )
        self._set_current(article.id, added.lastrowid)
        return True

    def _set_current(self, article_id: str, version: int | None) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, ?)",
            (article_id, version, self.last_change() + 1),
        )

    def last_change(self) -> int:
        """The number of the newest change; 0 while there is none."""
        (number,) = self._db.execute("SELECT max(change) FROM articles").fetchone()
        return number or 0

    def changes(self, after: int) -> Iterator[Change]:
        """The newest change to each article that changed after a change, in their order."""
        return self._changes("change > ?", (after,))

    def changes_of(self, versions: Iterable[int]) -> Iterator[Change]:
        """The newest change to each article that has one of some versions."""
        for version in versions:
            yield from self._changes(
                "articles.id = (SELECT article_id FROM versions WHERE version = ?)", (version,)
            )

    def _changes(self, condition: str, values: tuple[int, ...]) -> Iterator[Change]:
        rows = self._db.execute(
            "SELECT change, articles.id, articles.version, content FROM articles"  # noqa: S608
            f" LEFT JOIN versions USING (version) WHERE {condition} ORDER BY change",
            values,
        )
        decompress = zstandard.ZstdDecompressor().decompress
        for number, article_id, version, content in rows:
            article = None if content is None else _decode(decompress(content))
            yield Change(number, article_id, version, article)

    def articles(self, versions: Sequence[int]) -> dict[int, Article]:
        """The articles of some versions, by version."""
        marks = ",".join("?" * len(versions))
        rows = self._db.execute(
            f"SELECT version, content FROM versions WHERE version IN ({marks})",  # noqa: S608
            versions,
        ).fetchall()
        decompress = zstandard.ZstdDecompressor().decompress
        return {version: _decode(decompress(content)) for version, content in rows}

    def article(self, article_id: str) -> Article | None:
        """An article as it is now, or None if it is not held."""
        row = self._db.execute(
            "SELECT content FROM articles JOIN versions USING (version) WHERE id = ?", (article_id,)
        ).fetchone()
        return None if row is None else _decode(zstandard.ZstdDecompressor().decompress(row[0]))

    def versions(self, article_id: str) -> list[Version]:
        """Every version of an article, the oldest first."""
        rows = self._db.execute(
            "SELECT version, recorded, content FROM versions WHERE article_id = ? ORDER BY version",
            (article_id,),
        )
        decompress = zstandard.ZstdDecompressor().decompress
        return [
            Version(version, recorded, _decode(decompress(content)))
            for version, recorded, content in rows
        ]

    def current(self) -> Iterator[tuple[str, int]]:
        """Id and current version of every article held, by id."""
        rows = self._db.execute(
            "SELECT id, version FROM articles WHERE version IS NOT NULL ORDER BY id"
        )
        return ((article_id, version) for article_id, version in rows)

    def counts(self) -> Counts:
        articles, undated, first, last = self._db.execute(
            "SELECT count(*), count(*) - count(published), min(published), max(published)"
            " FROM articles JOIN versions USING (version)"
        ).fetchone()
        (versions,) = self._db.execute("SELECT count(*) FROM versions").fetchone()
        (failures,) = self._db.execute("SELECT count(*) FROM failures").fetchone()
        return Counts(articles, versions, undated, failures, first, last)

    def check(self) -> None:
        """Have SQLite look over the file. Raises StoreError if it finds damage."""
        (found,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise StoreError(f"the corpus is damaged ({found}); restore it from a backup")

    # -- indexes

    def indexed(self, index: str) -> int:
        """The last change that an index has followed; 0 for one that is not known."""
        row = self._db.execute("SELECT change FROM indexes WHERE name = ?", (index,)).fetchone()
        return 0 if row is None else int(row[0])

    def set_indexed(self, index: str, change: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO indexes VALUES (?, ?)", (index, change))

    def forget_index(self, index: str) -> None:
        self._db.execute("DELETE FROM indexes WHERE name = ?", (index,))


def _encode(article: Article) -> bytes:
    """An article as JSON without its empty fields."""
    fields: dict[str, Any] = {
        name: value
        for name in ("id", "title", "body", "dek", "url", "source", "section", "language")
        if (value := getattr(article, name))
    }
    fields["authors"] = article.authors
    for name in ("published", "updated"):
        if moment := getattr(article, name):
            fields[name] = [moment.at.isoformat(), moment.day_only]
    fields["entities"] = [(entity.kind, *entity.names) for entity in article.entities]
    fields["provenance"] = article.provenance
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


# Looked up for every entity of every hit: the enum's own look-up is slow.
_KINDS = {kind.value: kind for kind in EntityKind}


def _decode(content: bytes) -> Article:
    fields: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    for name in ("published", "updated"):
        if moment := fields.get(name):
            fields[name] = Moment(datetime.fromisoformat(moment[0]), moment[1])
    fields["authors"] = tuple(fields["authors"])
    fields["entities"] = tuple(
        Entity(_KINDS[kind], tuple(names)) for kind, *names in fields["entities"]
    )
    fields["provenance"] = tuple(map(tuple, fields["provenance"]))
    return Article(**{"title": "", "body": "", **fields})
