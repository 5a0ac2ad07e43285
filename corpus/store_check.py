"""The check of a store: everything in it is read and compared with what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.article import Article
from corpus.article_codec import (
    VERSION_COLUMNS,
    DamagedArticleError,
    VersionRow,
    digest_bytes,
    digest_text,
    encode_article,
)
from corpus.errors import StoreError
from corpus.store import Store
from corpus.table_sums import find_wrong_tables, install_sums

_ROWS_PER_PAGE = 500
# Of what SQLite finds wrong, so many are reported.
_MAX_RESULTS = 20


@dataclass(frozen=True, slots=True)
class DamagedVersion:
    """A version of an article that cannot be read, and why; `is_current` if readers miss it."""

    article_id: str
    version_key: int
    reason: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class StoreDamage:
    """The damaged versions of a store, the tables of which some row is not as it was, and what
    SQLite finds wrong between tables and their indexes."""

    versions: tuple[DamagedVersion, ...] = ()
    tables: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.versions or self.tables or self.indexes)


def check_structure(store: Store) -> None:
    """Check the structure of the file and its schema. Raises StoreError."""
    ((result,),) = store.database.execute("PRAGMA quick_check(1)")
    if result == "ok" and not store.database.has_own_schema():
        result = "its tables are not those of a corpus"
    if result != "ok":
        raise StoreError(f"the corpus is damaged ({result}); restore it from a backup")


def find_damage(store: Store) -> StoreDamage:
    """Read every version, every table and every index of the file."""
    results = store.database.execute(f"PRAGMA integrity_check({_MAX_RESULTS})")
    return StoreDamage(
        tuple(_find_versions(store)),
        tuple(find_wrong_tables(store.database)),
        tuple(result for (result,) in results if result != "ok"),
    )


def _find_versions(store: Store) -> Iterator[DamagedVersion]:
    current: dict[int, str] = dict(
        store.database.execute("SELECT version, id FROM articles WHERE version IS NOT NULL")
    )
    unread = dict(current)
    for row, reason in _check_rows(store):
        article_id = unread.pop(row.key, row.article_id)
        if not reason and article_id != row.article_id:
            reason = f"it is {row.article_id}"
        if reason:
            yield DamagedVersion(article_id, row.key, reason, row.key in current)
    for key, article_id in unread.items():
        yield DamagedVersion(article_id, key, "it is not there", is_current=True)


def find_damaged_versions(store: Store, version_keys: Sequence[int]) -> list[DamagedArticleError]:
    """Return why some versions cannot be read."""
    errors = []
    decode = store.make_decoder()
    for key in version_keys:
        row = store.database.fetch_row(
            f"SELECT {VERSION_COLUMNS} FROM versions WHERE version = ?",  # noqa: S608
            key,
        )
        reason = _check_row(VersionRow(*row), decode) if row else "it is not there"
        if reason:
            errors.append(DamagedArticleError(_find_article_id(store, key), key, reason))
    return errors


def forget_records(store: Store, damage: StoreDamage) -> None:
    """Forget that the records of damaged articles were read, so that they are read again.

    If a table of the ledger is damaged, any record may be the damaged one. Call it inside a
    transaction.
    """
    if damage.indexes:
        store.database.execute("REINDEX")
    if "dictionaries" in damage.tables:
        store.restore_dictionaries()
    for version in damage.versions:
        store.database.execute(
            "UPDATE items SET size = -1 WHERE id IN"
            " (SELECT item_id FROM occurrences WHERE article_id = ?)",
            version.article_id,
        )
        store.database.execute(
            "UPDATE occurrences SET raw_digest = x'' WHERE article_id = ?", version.article_id
        )
    if set(damage.tables) - {"versions", "dictionaries"}:
        store.database.execute("UPDATE items SET size = -1")
        store.database.execute("UPDATE occurrences SET raw_digest = x''")
    # What a server would call unchanged is fetched again.
    store.database.execute("DELETE FROM documents")


def remove_versions(store: Store, version_keys: Iterable[int]) -> None:
    """Remove versions that cannot be restored, and the articles that have no other."""
    for key in version_keys:
        store.database.execute("DELETE FROM occurrences WHERE version = ?", key)
        store.database.execute("UPDATE articles SET version = NULL WHERE version = ?", key)
        store.database.execute("DELETE FROM versions WHERE version = ?", key)


def accept_tables(store: Store) -> None:
    """Take every row as it is now for what was written, once records were read again.

    An article that says that it is another one is none. Call it inside a transaction.
    """
    for (article_id,) in store.database.execute(
        "SELECT id FROM articles JOIN versions USING (version) WHERE id <> article_id"
    ):
        store.set_current_version(article_id, None)
    install_sums(store.database)


def _check_rows(store: Store) -> Iterator[tuple[VersionRow, str]]:
    """Yield every version, each with the reason if it is damaged."""
    decode = store.make_decoder()
    after = -1
    while rows := store.database.execute(
        f"SELECT {VERSION_COLUMNS} FROM versions WHERE version > ? ORDER BY version LIMIT ?",  # noqa: S608
        after,
        _ROWS_PER_PAGE,
    ):
        for row in map(VersionRow._make, rows):
            yield row, _check_row(row, decode)
        # Their keys are those of SQLite's own tree, which is in order.
        after = rows[-1][0]


def _check_row(row: VersionRow, decode: Callable[[VersionRow], Article]) -> str:
    try:
        article = decode(row)
    except DamagedArticleError as err:
        return err.reason
    # Digests in old stores also cover the entities.
    digests = {digest_text(article), digest_bytes(encode_article(article))}
    return "" if row.digest in digests else "its text has another digest"


def _find_article_id(store: Store, version_key: int) -> str:
    """Return the id of a version's article from wherever it still stands, or ""."""
    row = store.database.fetch_row(
        "SELECT id FROM articles WHERE version = ?1"
        " UNION ALL SELECT article_id FROM occurrences WHERE version = ?1"
        " UNION ALL SELECT article_id FROM versions WHERE version = ?1",
        version_key,
    )
    return str(row[0]) if row else ""
