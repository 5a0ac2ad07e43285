"""What each source was read to hold: its items, the articles that their records gave, failures.

An item is a file. It is opened, its records are met or put one by one, what was not met is
removed, and it is closed; one that is not closed is read again, so reading may stop anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from corpus.article import Article
from corpus.errors import StoreError
from corpus.fetching import Validators
from corpus.store import Store


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a file looked like: size in bytes, modification time, digest of its bytes."""

    size: int
    mtime_ns: int
    digest: str


class Ledger:
    """The part of a store that knows sources. Writing belongs inside the store's `transaction`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db = store.database
        # Which occurrences of the items now being read are still there.
        self._db.rows(
            "CREATE TEMP TABLE IF NOT EXISTS met (item_id INTEGER, path TEXT, article_id TEXT,"
            " PRIMARY KEY (item_id, path, article_id)) WITHOUT ROWID"
        )

    def register(self, name: str, location: str) -> None:
        """Remember a source; one that is already there keeps its name."""
        self._db.rows(
            "INSERT INTO sources (name, location) VALUES (?, ?) ON CONFLICT (location) DO NOTHING",
            name,
            location,
        )

    def sources(self) -> list[tuple[str, str]]:
        """Name and location of each source, in the order of registration."""
        rows = self._db.rows("SELECT name, location FROM sources ORDER BY id")
        return [(name, location) for name, location in rows]

    def fingerprints(self, source: str) -> dict[str, Fingerprint]:
        """What each item of a source looked like when it was read; no size if not to the end."""
        rows = self._db.rows(
            "SELECT path, size, mtime_ns, digest FROM items WHERE source_id = ?", self._id(source)
        )
        return {path: Fingerprint(size, mtime, digest) for path, size, mtime, digest in rows}

    def open_item(self, source: str, path: str) -> int:
        """The key of an item, made if it is new. It counts as unread until `close_item`."""
        ((item,),) = self._db.rows(
            "INSERT INTO items (source_id, path, size, mtime_ns, digest) VALUES (?, ?, -1, 0, '')"
            " ON CONFLICT (source_id, path) DO UPDATE SET size = -1 RETURNING id",
            self._id(source),
            path,
        )
        self._db.rows("DELETE FROM met WHERE item_id = ?", item)
        return int(item)

    def close_item(self, item: int, fingerprint: Fingerprint) -> None:
        """Remember an item as read whole."""
        self._db.rows(
            "UPDATE items SET size = ?, mtime_ns = ?, digest = ? WHERE id = ?",
            fingerprint.size,
            fingerprint.mtime_ns,
            fingerprint.digest,
            item,
        )
        self._db.rows("DELETE FROM met WHERE item_id = ?", item)

    def meet(self, item: int, path: str, raw_digest: bytes) -> bool:
        """Whether an item's record is as it was taken in; if so, note that it is still there.

        It may have moved within its item, unless its article is named for its place.
        """
        row = self._db.row(
            "SELECT article_id, version FROM occurrences"
            " WHERE item_id = ? AND path = ? AND raw_digest = ?",
            item,
            path,
            raw_digest,
        ) or self._moved(item, raw_digest)
        if row is None:
            return False
        article_id, version = row
        self._occur(item, path, article_id, version, raw_digest)
        return True

    def _moved(self, item: int, raw_digest: bytes) -> tuple[str, int] | None:
        """The article and version of a record that an item has, or had, at another place."""
        # Without being told, SQLite goes through all records of the item.
        row = self._db.row(
            "SELECT path, article_id, version FROM occurrences INDEXED BY occurrences_by_digest"
            " WHERE item_id = ? AND raw_digest = ? LIMIT 1",
            item,
            raw_digest,
        )
        if row is None or row[1].endswith(f"/{row[0]}"):
            return None
        return row[1], row[2]

    def _occur(
        self, item: int, path: str, article_id: str, version: int, raw_digest: bytes
    ) -> None:
        self._db.rows(
            "INSERT INTO occurrences VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET version = excluded.version, raw_digest = excluded.raw_digest"
            " WHERE raw_digest <> excluded.raw_digest OR version <> excluded.version",
            item,
            path,
            article_id,
            version,
            raw_digest,
        )
        self._db.rows("INSERT OR IGNORE INTO met VALUES (?, ?, ?)", item, path, article_id)

    def put(
        self,
        article: Article,
        item: int,
        path: str,
        raw_digest: bytes,
        now: datetime,
        extractor: str = "",
    ) -> bool:
        """Keep an article as given at a place in an item. Returns whether it changed by that.

        `extractor` is the version of what found its entities.
        """
        version, is_new = self._store.keep(article, now)
        self._occur(item, path, article.id, version, raw_digest)
        return self._store.set_current(article.id, version, extractor if is_new else "")

    def spare(self, item: int, path: str) -> None:
        """Let a record that cannot be read now keep what it gave before."""
        self._db.rows(
            "INSERT OR IGNORE INTO met SELECT item_id, path, article_id FROM occurrences"
            " WHERE item_id = ? AND path = ?",
            item,
            path,
        )

    def remove_unmet(self, item: int) -> int:
        """Forget what an item gave once and was not met this time. Returns how many are gone."""
        lost = self._db.rows(
            "DELETE FROM occurrences WHERE item_id = ? AND NOT EXISTS (SELECT 1 FROM met"
            " WHERE met.item_id = occurrences.item_id AND met.path = occurrences.path"
            " AND met.article_id = occurrences.article_id) RETURNING article_id",
            item,
        )
        return sum(self._let_go(article_id) for (article_id,) in set(lost))

    def _let_go(self, article_id: str) -> bool:
        """Fall back to what other records give of an article. Returns whether it is gone."""
        ((version,),) = self._db.rows(
            "SELECT max(version) FROM occurrences WHERE article_id = ?", article_id
        )
        self._store.set_current(article_id, version)
        return version is None

    def remove_item(self, source: str, path: str) -> int:
        """Forget an item, and the articles that only it gave. Returns how many are gone."""
        item = self.open_item(source, path)
        gone = self.remove_unmet(item)
        self._db.rows("DELETE FROM items WHERE id = ?", item)
        self.clear_failures(source, path)
        return gone

    def has_item(self, source: str, path: str) -> bool:
        """Whether a source has an item."""
        row = self._db.row(
            "SELECT 1 FROM items WHERE source_id = ? AND path = ?", self._id(source), path
        )
        return row is not None

    def validators(self, source: str, settings: str) -> dict[str, Validators]:
        """What a source's documents can be asked with, if they were read with these settings."""
        rows = self._db.rows(
            "SELECT url, etag, modified FROM documents WHERE source_id = ? AND settings = ?",
            self._id(source),
            settings,
        )
        return {url: Validators(etag, modified) for url, etag, modified in rows}

    def set_validators(self, source: str, settings: str, url: str, told: Validators) -> None:
        """Remember a document whose entries have all been read."""
        self._db.rows(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)",
            self._id(source),
            url,
            settings,
            told.etag,
            told.modified,
        )

    def given_elsewhere(self, article_id: str, source: str) -> bool:
        """Whether a source other than `source` gives an article."""
        row = self._db.row(
            "SELECT 1 FROM occurrences JOIN items ON items.id = item_id"
            " WHERE article_id = ? AND source_id <> ? LIMIT 1",
            article_id,
            self._id(source),
        )
        return row is not None

    def _id(self, source: str) -> int:
        row = self._db.row("SELECT id FROM sources WHERE name = ?", source)
        if row is None:
            raise StoreError(f"there is no source {source!r}")
        return int(row[0])

    def add_failure(self, source: str, item: str, path: str, reason: str) -> None:
        self._db.rows(
            "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?)",
            self._id(source),
            item,
            path,
            reason,
        )

    def fail_article(self, article_id: str, reason: str) -> None:
        """Note what is wrong with an article, at each place that gives it."""
        self._db.rows(
            "INSERT OR REPLACE INTO failures"
            " SELECT source_id, items.path, occurrences.path, ? FROM occurrences"
            " JOIN items ON items.id = item_id WHERE article_id = ?",
            reason,
            article_id,
        )

    def clear_failures(self, source: str, item: str) -> None:
        """Forget what was wrong with an item, before it is read again."""
        self._db.rows(
            "DELETE FROM failures WHERE source_id = ? AND item = ?", self._id(source), item
        )
