"""The corpus on disk: one SQLite file with every version of every article.

It also contains the last change that each index has applied, and the ledger of sources. Indexes
are derived from the store and can be rebuilt at any time.

Every change to an article gets the next number of a sequence. An index that has applied changes
up to some number is updated with the changes after it. Applying a change twice is harmless, so
a crash between index and store costs only time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from corpus.article import Article
from corpus.article_codec import (
    TRAINING_VERSIONS,
    VERSION_COLUMNS,
    ArticleCompressor,
    DamagedArticleError,
    VersionRow,
    digest_text,
)
from corpus.database import Database, Row
from corpus.errors import StoreError
from corpus.migrations import MIGRATIONS

__all__ = ["ArticleChange", "ArticleVersion", "Failure", "Store", "StoreError", "StoreStats"]

# Compressed articles leave a quarter of smaller pages empty.
_PAGE_BYTES = 16_384
# Long results are read in pages of this many rows.
_ROWS_PER_PAGE = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """A record or item that could not be read or cleaned, with the reason."""

    source: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """The newest change to an article. `version_key` and `article` are None if it was removed.

    `damage` is why its version cannot be read; `article` is None then, too.
    """

    number: int
    article_id: str
    version_key: int | None
    article: Article | None
    damage: str = ""


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """One version of an article, and when it was stored (seconds since 1970)."""

    version_key: int
    recorded_seconds: int
    article: Article


@dataclass(frozen=True, slots=True)
class StoreStats:
    """The size of the store. `*_published` are publication dates (seconds since 1970).

    `versions` counts all versions; `articles` and `undated` count current articles.
    """

    articles: int
    versions: int
    undated: int
    failures: int
    first_published: int | None
    last_published: int | None


class Store:
    """An open store. One process writes at a time; any number read, each a committed state.

    Threads may share it. Call writing methods inside `transaction`. Every method raises
    StoreError if the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        """Open a store, creating it if it does not exist. Raises StoreError."""
        self.database = Database(path, MIGRATIONS, _PAGE_BYTES)
        self._compressor = ArticleCompressor(self.database)

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Return a context in which all writes are one transaction: committed, or rolled back."""
        return self.database.transaction()

    def read_store_id(self) -> str:
        """Return the id of this store: 16 random hexadecimal digits, set when it was created."""
        ((identity,),) = self.database.execute("SELECT id FROM identity")
        return str(identity)

    # -- articles

    def add_version(self, article: Article, now: datetime) -> tuple[int, bool]:
        """Add a version of an article, unless the text of its newest version is the same.

        Returns the version's key and whether it is new; if not, its entities are unchanged. It
        is not the article's current version until it is set so.
        """
        digest = digest_text(article)
        newest = self._find_newest(article.id)
        try:
            if newest and self._has_text(newest, article, digest):
                return newest.key, False
        except DamagedArticleError:
            if newest and newest.digest == digest:
                self._restore_version(newest.key, article, now)
                return newest.key, True
        key = self._put_version(None, article, now)
        if key % TRAINING_VERSIONS == 0:
            self._compressor.train_dictionary()
        return key, True

    def _find_newest(self, article_id: str) -> VersionRow | None:
        row = self.database.fetch_row(
            f"SELECT {VERSION_COLUMNS} FROM versions WHERE article_id = ?"  # noqa: S608
            " ORDER BY version DESC LIMIT 1",
            article_id,
        )
        return VersionRow(*row) if row else None

    def _has_text(self, row: VersionRow, article: Article, digest: bytes) -> bool:
        row.check()
        # Digests in old stores also cover the entities.
        return row.digest == digest or digest_text(self.make_decoder()(row)) == digest

    def _put_version(self, key: int | None, article: Article, now: datetime) -> int:
        """Insert a version, or replace one that is damaged. Returns its key."""
        ((version,),) = self.database.execute(
            "INSERT INTO versions (version, article_id, published, recorded, digest, content, sum)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, row_sum(CAST(?2 AS BLOB), CAST(?3 AS BLOB),"
            " CAST(?4 AS BLOB), ?5, ?6)) ON CONFLICT DO UPDATE SET published = excluded.published,"
            " recorded = excluded.recorded, content = excluded.content, sum = excluded.sum"
            " RETURNING version",
            key,
            article.id,
            article.published.epoch_seconds if article.published else None,
            int(now.timestamp()),
            digest_text(article),
            self._compressor.compress(article),
        )
        return int(version)

    def _restore_version(self, version_key: int, article: Article, now: datetime) -> None:
        """Replace a damaged version by the same text, with the entities that are known now."""
        self._put_version(version_key, article, now)
        self.database.execute("UPDATE articles SET extractor = 0 WHERE version = ?", version_key)
        self.mark_changed([version_key])

    def replace_entities(self, version_key: int, article: Article) -> None:
        """Replace the entities of a version; the text of `article` must be the version's own."""
        self.database.execute(
            "UPDATE versions SET content = ?1, digest = ?2, sum = row_sum(CAST(article_id AS BLOB),"
            " CAST(published AS BLOB), CAST(recorded AS BLOB), ?2, ?1) WHERE version = ?3",
            self._compressor.compress(article),
            digest_text(article),
            version_key,
        )

    def set_current_version(
        self, article_id: str, version_key: int | None, extractor: str = ""
    ) -> bool:
        """Make a version current; None removes the article. Returns whether that is a change.

        `extractor` is the version of the extractor that found its entities, if known.
        """
        before = self.database.fetch_row("SELECT version FROM articles WHERE id = ?", article_id)
        if before == (version_key,):
            return False
        self.database.execute(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?)",
            article_id,
            version_key,
            self.read_last_change() + 1,
            self.get_or_add_extractor(extractor),
        )
        return True

    def get_or_add_extractor(self, name: str) -> int:
        """Return the key of an extractor, adding it if new."""
        row = self.database.fetch_row("SELECT id FROM extractors WHERE name = ?", name)
        if row is None:
            (row,) = self.database.execute(
                "INSERT INTO extractors (name) VALUES (?) RETURNING id", name
            )
        return int(row[0])

    def mark_changed(self, version_keys: Iterable[int]) -> None:
        """Mark the articles of some versions as changed, so that indexes are updated."""
        for version in version_keys:
            self.database.execute(
                "UPDATE articles SET change = ?"
                " WHERE id = (SELECT article_id FROM versions WHERE version = ?)",
                self.read_last_change() + 1,
                version,
            )

    def read_last_change(self) -> int:
        """Return the number of the newest change; 0 if there is none."""
        ((number,),) = self.database.execute("SELECT max(change) FROM articles")
        return number or 0

    def read_changes(self, after: int) -> Iterator[ArticleChange]:
        """Yield the newest change of each article that changed after a change, in their order."""
        decode = self.make_decoder()
        while rows := self.database.execute(
            f"SELECT change, articles.id, articles.version, {VERSION_COLUMNS} FROM articles"  # noqa: S608
            " LEFT JOIN versions USING (version) WHERE change > ? ORDER BY change LIMIT ?",
            after,
            _ROWS_PER_PAGE,
        ):
            for number, article_id, version, *row in rows:
                article, damage = None, ""
                if version is not None:
                    try:
                        article = _decode_as(article_id, version, VersionRow(*row), decode)
                    except DamagedArticleError as err:
                        damage = err.reason
                yield ArticleChange(number, article_id, version, article, damage)
            after = _find_next(rows, after)

    def read_articles(self, version_keys: Sequence[int]) -> dict[int, Article]:
        """Return the articles of some versions, by version key, but for damaged or unknown ones.

        `find_damaged_versions` says why one is not there.
        """
        decode = self.make_decoder()
        articles: dict[int, Article] = {}
        for row in self._read_version_rows(version_keys):
            with suppress(DamagedArticleError):
                articles[row.key] = decode(row)
        return articles

    def _read_version_rows(self, version_keys: Sequence[int]) -> list[VersionRow]:
        placeholders = ",".join("?" * len(version_keys))
        rows = self.database.execute(
            f"SELECT {VERSION_COLUMNS} FROM versions WHERE version IN ({placeholders})",  # noqa: S608
            *version_keys,
        )
        return [VersionRow(*row) for row in rows]

    def read_article_ids(self, version_keys: Sequence[int]) -> dict[int, str]:
        """Return the ids of the articles of some versions, by version key, but of damaged ones."""
        rows = self._read_version_rows(version_keys)
        return {row.key: row.article_id for row in rows if row.is_whole}

    def read_article(self, article_id: str) -> Article | None:
        """Return the current version of an article, or None if it does not exist or was removed.

        Raises DamagedArticleError.
        """
        row = self.database.fetch_row(
            f"SELECT articles.version, {VERSION_COLUMNS} FROM articles"  # noqa: S608
            " LEFT JOIN versions USING (version) WHERE id = ?",
            article_id,
        )
        if row is None or row[0] is None:
            return None
        decode = self.make_decoder()
        return _decode_as(article_id, row[0], VersionRow(*row[1:]), decode)

    def read_versions(self, article_id: str) -> list[ArticleVersion]:
        """Return every version of an article, oldest first. Raises DamagedArticleError."""
        rows = self.database.execute(
            f"SELECT {VERSION_COLUMNS} FROM versions WHERE article_id = ? ORDER BY version",  # noqa: S608
            article_id,
        )
        decode = self.make_decoder()
        versions = map(VersionRow._make, rows)
        return [ArticleVersion(row.key, row.recorded, decode(row)) for row in versions]

    def read_current_versions(self) -> Iterator[tuple[str, int]]:
        """Yield id and current version key of every article, in the order of their changes."""
        after = 0
        while rows := self.database.execute(
            "SELECT change, id, version FROM articles WHERE change > ? AND version IS NOT NULL"
            " ORDER BY change LIMIT ?",
            after,
            _ROWS_PER_PAGE,
        ):
            yield from ((article_id, version) for _, article_id, version in rows)
            after = _find_next(rows, after)

    def collect_stats(self) -> StoreStats:
        ((articles, undated, first, last),) = self.database.execute(
            "SELECT count(*), count(*) - count(published), min(published), max(published)"
            " FROM articles JOIN versions USING (version)"
        )
        ((versions,),) = self.database.execute("SELECT count(*) FROM versions")
        ((failures,),) = self.database.execute("SELECT count(*) FROM failures")
        return StoreStats(articles, versions, undated, failures, first, last)

    def read_failures(self) -> Iterator[Failure]:
        rows = self.database.execute(
            "SELECT name, path, reason FROM failures JOIN sources ON sources.id = source_id"
            " ORDER BY sources.id, path"
        )
        return (Failure(*row) for row in rows)

    def make_decoder(self) -> Callable[[VersionRow], Article]:
        """Return a decoder of versions for one thread, which raises DamagedArticleError."""
        return self._compressor.make_decoder()

    def restore_dictionaries(self) -> None:
        """Replace damaged copies of dictionaries. Raises StoreError if both of one are."""
        self._compressor.restore_dictionaries()

    # -- indexes

    def read_indexed_change(self, index: str) -> int:
        """Return the last change that an index has applied; 0 for an unknown index."""
        row = self.database.fetch_row("SELECT change FROM indexes WHERE name = ?", index)
        return 0 if row is None else int(row[0])

    def set_indexed_change(self, index: str, change: int) -> None:
        self.database.execute("INSERT OR REPLACE INTO indexes VALUES (?, ?)", index, change)

    def forget_index(self, index: str) -> None:
        self.database.execute("DELETE FROM indexes WHERE name = ?", index)


def _find_next(rows: Sequence[Row], after: int) -> int:
    """Return the number that the next page of rows follows. Raises StoreError if they go back."""
    last = rows[-1][0]
    if not isinstance(last, int) or last <= after:
        raise StoreError(
            "the corpus is damaged (its changes are not in order); run: dateline verify"
        )
    return last


def _decode_as(
    article_id: str, version_key: int, row: VersionRow, decode: Callable[[VersionRow], Article]
) -> Article:
    """Decode the row that an article says is its current one. Raises DamagedArticleError."""
    try:
        article = decode(row)
    except DamagedArticleError as err:
        raise DamagedArticleError(article_id, version_key, err.reason) from err
    if article.id != article_id:
        raise DamagedArticleError(article_id, version_key, f"it is {article.id}")
    return article
