"""The stored form of articles: JSON without the empty fields, compressed with zstd.

News articles are short, and alike in their fields, names and phrases: a dictionary saves a
third. It is trained once, on the first thousand versions or, in a store that had more, the latest,
and compresses those that come after.
A frame names the dictionary that it needs, so that earlier ones stay readable, and has a checksum
of its content. The dictionary is kept twice, because without it no article can be read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import zstandard

from corpus.article import Article, Entity, EntityKind, Moment
from corpus.database import Database
from corpus.errors import StoreError

TRAINING_VERSIONS = 1_000
_DICTIONARY_BYTES = 220_000
_COPIES = 2
# Higher ones gain less than a hundredth.
_LEVEL = 6

# Read for every entity of every hit; the enum's own look-up is slow.
_KINDS_BY_MARK = {
    mark + kind.value: (kind, sure)
    for kind in EntityKind
    for mark, sure in (("", True), ("?", False))
}


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

    def make_decoder(self) -> Callable[[bytes], Article]:
        """Return a decoder of compressed articles, which raises StoreError for damaged ones.

        Each thread needs its own.
        """
        decompressors: dict[int, zstandard.ZstdDecompressor] = {}

        def decode(content: bytes) -> Article:
            try:
                key = zstandard.get_frame_parameters(content).dict_id
                if key not in decompressors:
                    decompressors[key] = zstandard.ZstdDecompressor(self._load_dictionary(key))
                unpacked = decompressors[key].decompress(content, allow_extra_data=False)
            except zstandard.ZstdError as err:
                raise StoreError(f"an article in the corpus is damaged: {err}") from err
            return decode_article(unpacked)

        return decode

    def train_dictionary(self) -> None:
        """Train the dictionary on the newest versions, unless the store has one."""
        if self._database.fetch_row("SELECT 1 FROM dictionaries"):
            return
        decode = self.make_decoder()
        rows = self._database.execute(
            "SELECT content FROM versions ORDER BY version DESC LIMIT ?", TRAINING_VERSIONS
        )
        try:
            trained = zstandard.train_dictionary(
                _DICTIONARY_BYTES, [encode_article(decode(content)) for (content,) in rows]
            )
        except zstandard.ZstdError:
            return  # articles of a few words have too little in common
        content = trained.as_bytes()
        digest = hashlib.blake2b(content, digest_size=16).digest()
        self._database.run_many(
            "INSERT INTO dictionaries VALUES (?, ?, ?, ?)",
            [(trained.dict_id(), copy, digest, content) for copy in range(_COPIES)],
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
            if hashlib.blake2b(content, digest_size=16).digest() == digest:
                return bytes(content)
        raise StoreError("the dictionary that articles in the corpus need is missing or damaged")
