"""The state of each source: its items, the articles of their records, and failures.

An item is a file or a web entry. To read it: open it, confirm or put its records one by one,
remove the records that are missing, close it. An item that was not closed is read again, so
reading may be interrupted at any point.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from corpus.article import Article
from corpus.errors import StoreError
from corpus.fetch_settings import Validators
from corpus.store import Store


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The state of a file as it was read: size in bytes, modification time, digest of its bytes."""

    size: int
    mtime_ns: int
    digest: str


class Ledger:
    """The part of a store for sources. Call writing methods inside the store's `transaction`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db = store.database
        # The occurrences that were confirmed or put in the items that are being read.
        self._db.execute(
            "CREATE TEMP TABLE IF NOT EXISTS met (item_id INTEGER, path TEXT, article_id TEXT,"
            " PRIMARY KEY (item_id, path, article_id)) WITHOUT ROWID"
        )

    def register_source(self, name: str, location: str) -> None:
        """Add a source; one with this location that exists keeps its name."""
        self._db.execute(
            "INSERT INTO sources (name, location) VALUES (?, ?) ON CONFLICT (location) DO NOTHING",
            name,
            location,
        )

    def list_sources(self) -> list[tuple[str, str]]:
        """Return name and location of each source, in the order of registration."""
        rows = self._db.execute("SELECT name, location FROM sources ORDER BY id")
        return [(name, location) for name, location in rows]

    def read_fingerprints(self, source: str) -> dict[str, Fingerprint]:
        """Return the fingerprint of each item of a source; size is -1 for an item not closed."""
        rows = self._db.execute(
            "SELECT path, size, mtime_ns, digest FROM items WHERE source_id = ?",
            self._find_source_id(source),
        )
        return {path: Fingerprint(size, mtime, digest) for path, size, mtime, digest in rows}

    def open_item(self, source: str, path: str) -> int:
        """Return the key of an item, adding it if new. It counts as unread until `close_item`."""
        ((item,),) = self._db.execute(
            "INSERT INTO items (source_id, path, size, mtime_ns, digest) VALUES (?, ?, -1, 0, '')"
            " ON CONFLICT (source_id, path) DO UPDATE SET size = -1 RETURNING id",
            self._find_source_id(source),
            path,
        )
        self._db.execute("DELETE FROM met WHERE item_id = ?", item)
        return int(item)

    def close_item(self, item_key: int, fingerprint: Fingerprint) -> None:
        """Mark an item as completely read."""
        self._db.execute(
            "UPDATE items SET size = ?, mtime_ns = ?, digest = ? WHERE id = ?",
            fingerprint.size,
            fingerprint.mtime_ns,
            fingerprint.digest,
            item_key,
        )
        self._db.execute("DELETE FROM met WHERE item_id = ?", item_key)

    def mark_if_unchanged(self, item_key: int, path: str, raw_digest: bytes) -> bool:
        """Return whether a record is as it was ingested; if so, mark it as present in its item.

        It may have moved within its item, unless its article's id is derived from its path.
        """
        row = self._db.fetch_row(
            "SELECT article_id, version FROM occurrences"
            " WHERE item_id = ? AND path = ? AND raw_digest = ?",
            item_key,
            path,
            raw_digest,
        ) or self._find_moved_record(item_key, raw_digest)
        if row is None:
            return False
        article_id, version = row
        self._record_occurrence(item_key, path, article_id, version, raw_digest)
        return True

    def _find_moved_record(self, item_key: int, raw_digest: bytes) -> tuple[str, int] | None:
        """Return the article and version key of the same record at another path of the item."""
        # Without the hint, SQLite scans all records of the item.
        row = self._db.fetch_row(
            "SELECT path, article_id, version FROM occurrences INDEXED BY occurrences_by_digest"
            " WHERE item_id = ? AND raw_digest = ? LIMIT 1",
            item_key,
            raw_digest,
        )
        if row is None or row[1].endswith(f"/{row[0]}"):
            return None
        return row[1], row[2]

    def _record_occurrence(
        self, item_key: int, path: str, article_id: str, version_key: int, raw_digest: bytes
    ) -> None:
        self._db.execute(
            "INSERT INTO occurrences VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET version = excluded.version, raw_digest = excluded.raw_digest"
            " WHERE raw_digest <> excluded.raw_digest OR version <> excluded.version",
            item_key,
            path,
            article_id,
            version_key,
            raw_digest,
        )
        self._db.execute("INSERT OR IGNORE INTO met VALUES (?, ?, ?)", item_key, path, article_id)

    def put_article(
        self,
        article: Article,
        item_key: int,
        path: str,
        raw_digest: bytes,
        now: datetime,
        extractor: str = "",
    ) -> bool:
        """Store the article of a record at a path in an item. Returns whether the article changed.

        `extractor` is the version of the extractor that found its entities.
        """
        version, is_new = self._store.add_version(article, now)
        self._record_occurrence(item_key, path, article.id, version, raw_digest)
        return self._store.set_current_version(article.id, version, extractor if is_new else "")

    def find_record(self, article_id: str, item_key: int, path: str) -> tuple[bool, bool]:
        """Return whether an article is stored now, and whether it is by a record at this path."""
        row = self._db.fetch_row(
            "SELECT version IS NOT NULL, EXISTS (SELECT 1 FROM occurrences"
            " WHERE item_id = ? AND path = ? AND article_id = articles.id)"
            " FROM articles WHERE id = ?",
            item_key,
            path,
            article_id,
        )
        return (False, False) if row is None else (bool(row[0]), bool(row[1]))

    def has_other_record(
        self, article_id: str, item_key: int, path: str, gone: Collection[str]
    ) -> bool:
        """Return whether an article is in a record other than this one.

        Records count that are in no item whose path is in `gone`, and those of the item that is
        being read if it still has them.
        """
        rows = self._db.execute(
            "SELECT items.path FROM occurrences JOIN items ON items.id = item_id"
            " WHERE article_id = ?1 AND (item_id <> ?2 OR occurrences.path <> ?3 AND EXISTS"
            " (SELECT 1 FROM met WHERE met.item_id = ?2 AND met.path = occurrences.path"
            " AND met.article_id = ?1))",
            article_id,
            item_key,
            path,
        )
        return any(item_path not in gone for (item_path,) in rows)

    def retain_record(self, item_key: int, path: str) -> None:
        """Keep the articles of a record that cannot be read now, as they were ingested before."""
        self._db.execute(
            "INSERT OR IGNORE INTO met SELECT item_id, path, article_id FROM occurrences"
            " WHERE item_id = ? AND path = ?",
            item_key,
            path,
        )

    def remove_missing(self, item_key: int) -> int:
        """Remove the records that an item lacks now. Returns the number of articles removed."""
        removed = self._db.execute(
            "DELETE FROM occurrences WHERE item_id = ? AND NOT EXISTS (SELECT 1 FROM met"
            " WHERE met.item_id = occurrences.item_id AND met.path = occurrences.path"
            " AND met.article_id = occurrences.article_id) RETURNING article_id",
            item_key,
        )
        return sum(self._update_current_version(article_id) for (article_id,) in set(removed))

    def _update_current_version(self, article_id: str) -> bool:
        """Make the newest version of the other records current. Returns whether none is left."""
        ((version,),) = self._db.execute(
            "SELECT max(version) FROM occurrences WHERE article_id = ?", article_id
        )
        self._store.set_current_version(article_id, version)
        return version is None

    def remove_item(self, source: str, path: str) -> int:
        """Remove an item with its records. Returns the number of articles removed."""
        item = self.open_item(source, path)
        removed = self.remove_missing(item)
        self._db.execute("DELETE FROM items WHERE id = ?", item)
        self.clear_failures(source, path)
        return removed

    def count_articles(self, source: str) -> int:
        """Count the articles that the items of a source contain."""
        ((count,),) = self._db.execute(
            "SELECT count(DISTINCT article_id) FROM occurrences JOIN items ON items.id = item_id"
            " WHERE source_id = ?",
            self._find_source_id(source),
        )
        return int(count)

    def has_item(self, source: str, path: str) -> bool:
        """Return whether a source has an item."""
        row = self._db.fetch_row(
            "SELECT 1 FROM items WHERE source_id = ? AND path = ?",
            self._find_source_id(source),
            path,
        )
        return row is not None

    def read_validators(self, source: str, settings: str) -> dict[str, Validators]:
        """Return the validators of the documents that were read with these settings, by URL."""
        rows = self._db.execute(
            "SELECT url, etag, modified FROM documents WHERE source_id = ? AND settings = ?",
            self._find_source_id(source),
            settings,
        )
        return {url: Validators(etag, modified) for url, etag, modified in rows}

    def set_validators(self, source: str, settings: str, url: str, validators: Validators) -> None:
        """Store the validators of a document after all its entries have been read."""
        self._db.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)",
            self._find_source_id(source),
            url,
            settings,
            validators.etag,
            validators.last_modified,
        )

    def is_in_other_source(self, article_id: str, source: str) -> bool:
        """Return whether a source other than `source` contains an article."""
        row = self._db.fetch_row(
            "SELECT 1 FROM occurrences JOIN items ON items.id = item_id"
            " WHERE article_id = ? AND source_id <> ? LIMIT 1",
            article_id,
            self._find_source_id(source),
        )
        return row is not None

    def _find_source_id(self, source: str) -> int:
        row = self._db.fetch_row("SELECT id FROM sources WHERE name = ?", source)
        if row is None:
            raise StoreError(f"there is no source {source!r}")
        return int(row[0])

    def add_failure(self, source: str, item_path: str, path: str, reason: str) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?)",
            self._find_source_id(source),
            item_path,
            path,
            reason,
        )

    def add_article_failure(self, article_id: str, reason: str) -> None:
        """Add a failure for an article, at each record that it comes from."""
        self._db.execute(
            "INSERT OR REPLACE INTO failures"
            " SELECT source_id, items.path, occurrences.path, ? FROM occurrences"
            " JOIN items ON items.id = item_id WHERE article_id = ?",
            reason,
            article_id,
        )

    def clear_failures(self, source: str, item_path: str) -> None:
        """Remove the failures of an item, before it is read again."""
        self._db.execute(
            "DELETE FROM failures WHERE source_id = ? AND item = ?",
            self._find_source_id(source),
            item_path,
        )
