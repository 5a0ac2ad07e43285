"""The stored form of articles: JSON without the empty fields, compressed with zstd.

News articles are short, and alike in their fields, names and phrases: a dictionary saves a
third. It is trained once, on the first thousand versions or, in a store that had more, the latest,
and compresses those that come after.
A frame names the dictionary that it needs, so that earlier ones stay readable, and has a checksum
of its content. The row of a version has a sum of all its columns, which is compared each time that
it is read. The dictionary is kept twice, because without it no article can be read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import zstandard

from corpus.article import Article, Entity, EntityKind, Moment
from corpus.database import Database, Row, sum_row
from corpus.errors import StoreError

TRAINING_VERSIONS = 1_000
_DICTIONARY_BYTES = 220_000
_COPIES = 2
# Higher ones gain less than a hundredth.
_LEVEL = 6

# The columns of a VersionRow, in its order.
VERSION_COLUMNS = (
    "versions.version, versions.article_id, versions.published, versions.recorded,"
    " versions.digest, versions.content, versions.sum"
)

# Read for every entity of every hit; the enum's own look-up is slow.
_KINDS_BY_MARK = {
    mark + kind.value: (kind, sure)
    for kind in EntityKind
    for mark, sure in (("", True), ("?", False))
}


class DamagedArticleError(StoreError):
    """A version of an article in the corpus is damaged or missing. `article_id` may be empty."""

    def __init__(self, article_id: str, version_key: int, reason: str) -> None:
        name = article_id or "an article"
        super().__init__(
            f"{name} (version {version_key}) in the corpus is damaged: {reason};"
            " run: dateline verify --repair"
        )
        self.article_id = article_id
        self.version_key = version_key
        self.reason = reason


class VersionRow(NamedTuple):
    """A version of an article as it is stored; `total` is the sum of the columns before it."""

    key: int
    article_id: str
    published: int | None
    recorded: int
    digest: bytes
    content: bytes
    total: int

    def check(self) -> None:
        """Raise DamagedArticleError if a column is not as it was stored, or missing."""
        if self.content is None:
            raise DamagedArticleError(self.article_id, self.key, "it is not there")
        if not self.is_whole:
            raise DamagedArticleError(self.article_id, self.key, "its row has another sum")

    @property
    def is_whole(self) -> bool:
        """Whether the sum of the columns is the one that was stored."""
        cells = (self.article_id, self.published, self.recorded, self.digest, self.content)
        return sum_row(*map(_cast_to_blob, cells)) == self.total


def _cast_to_blob(cell: object) -> bytes | None:
    if cell is None or isinstance(cell, bytes):
        return cell
    return str(cell).encode("utf-8", "surrogateescape")


def encode_article(article: Article) -> bytes:
    """Encode an article in UTF-8, with a lone surrogate, which UTF-8 forbids, as three bytes."""
    fields: dict[str, Any] = {
        name: value
        for name in (
            "id",
            "title",
            "body",
            "dek",
            "url",
            "source",
            "section",
            "language",
            "confidence",
        )
        if (value := getattr(article, name))
    }
    fields["authors"] = article.authors
    for name in ("published", "updated"):
        if moment := getattr(article, name):
            fields[name] = [moment.at.isoformat(), moment.day_only]
    fields["entities"] = [
        (entity.kind if entity.sure else f"?{entity.kind}", *entity.names)
        for entity in article.entities
    ]
    fields["provenance"] = article.provenance
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def digest_text(article: Article) -> bytes:
    """Return the digest of an article without its entities, which are derived from its text."""
    return digest_bytes(encode_article(replace(article, entities=())))


def digest_bytes(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def decode_article(content: bytes) -> Article:
    fields: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    for name in ("published", "updated"):
        if moment := fields.get(name):
            fields[name] = Moment(datetime.fromisoformat(moment[0]), moment[1])
    fields["authors"] = tuple(fields["authors"])
    fields["entities"] = tuple(_decode_entity(*packed) for packed in fields["entities"])
    fields["provenance"] = tuple(map(tuple, fields["provenance"]))
    return Article(**{"id": "", "title": "", "body": "", **fields})


def _decode_entity(mark: str, *names: str) -> Entity:
    kind, sure = _KINDS_BY_MARK[mark]
    return Entity(kind, names, sure)


class ArticleCompressor:
    """The compressor of one store. Threads may share it for reading."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._dictionaries: dict[int, zstandard.ZstdCompressionDict | None] = {0: None}
        self._compressors: dict[int, zstandard.ZstdCompressor] = {}

    def compress(self, article: Article) -> bytes:
        """Compress an article, with the dictionary if there is one."""
        # Asked each time: a dictionary that was trained is gone if its transaction rolled back.
        row = self._database.fetch_row("SELECT id FROM dictionaries LIMIT 1")
        key = int(row[0]) if row else 0
        if key not in self._compressors:
            self._compressors[key] = zstandard.ZstdCompressor(
                level=_LEVEL, dict_data=self._load_dictionary(key), write_checksum=True
            )
        return self._compressors[key].compress(encode_article(article))

    def make_decoder(self) -> Callable[[VersionRow], Article]:
        """Return a decoder of versions, which raises DamagedArticleError for damaged ones.

        Each thread needs its own.
        """
        decompressors: dict[int, zstandard.ZstdDecompressor] = {}

        def decode(row: VersionRow) -> Article:
            row.check()
            try:
                key = zstandard.get_frame_parameters(row.content).dict_id
                if key not in decompressors:
                    decompressors[key] = zstandard.ZstdDecompressor(self._load_dictionary(key))
                unpacked = decompressors[key].decompress(row.content, allow_extra_data=False)
                article = decode_article(unpacked)
            except (zstandard.ZstdError, ValueError, LookupError, TypeError) as err:
                raise DamagedArticleError(row.article_id, row.key, str(err)) from err
            if article.id != row.article_id:
                raise DamagedArticleError(row.article_id, row.key, f"it is {article.id}")
            return article

        return decode

    def train_dictionary(self) -> None:
        """Train the dictionary on the newest versions, unless the store has one."""
        if self._database.fetch_row("SELECT 1 FROM dictionaries"):
            return
        rows = self._database.execute(
            f"SELECT {VERSION_COLUMNS} FROM versions ORDER BY version DESC LIMIT ?",  # noqa: S608
            TRAINING_VERSIONS,
        )
        try:
            trained = zstandard.train_dictionary(
                _DICTIONARY_BYTES, list(self._encode_readable(rows))
            )
        except zstandard.ZstdError:
            return  # articles of a few words have too little in common
        content = trained.as_bytes()
        digest = digest_bytes(content)
        self._database.run_many(
            "INSERT INTO dictionaries VALUES (?, ?, ?, ?)",
            [(trained.dict_id(), copy, digest, content) for copy in range(_COPIES)],
        )

    def _encode_readable(self, rows: Iterable[Row]) -> Iterator[bytes]:
        decode = self.make_decoder()
        for row in rows:
            with suppress(DamagedArticleError):
                yield encode_article(decode(VersionRow(*row)))

    def restore_dictionaries(self) -> None:
        """Replace damaged copies of dictionaries. Raises StoreError if a whole one is lost."""
        for (key,) in self._database.execute("SELECT DISTINCT id FROM dictionaries"):
            content = self._read_copy(key)
            self._database.execute(
                "UPDATE dictionaries SET digest = ?, content = ? WHERE id = ?",
                digest_bytes(content),
                content,
                key,
            )

    def _load_dictionary(self, key: int) -> zstandard.ZstdCompressionDict | None:
        """Return the dictionary with an id, None for 0. Raises StoreError if both are damaged."""
        if key not in self._dictionaries:
            self._dictionaries[key] = zstandard.ZstdCompressionDict(self._read_copy(key))
        return self._dictionaries[key]

    def _read_copy(self, key: int) -> bytes:
        rows = self._database.execute(
            "SELECT digest, content FROM dictionaries WHERE id = ? ORDER BY copy", key
        )
        for digest, content in rows:
            if digest_bytes(content) == digest:
                return bytes(content)
        raise StoreError(
            "the dictionary that articles in the corpus need is missing or damaged;"
            " restore the corpus from a backup"
        )
