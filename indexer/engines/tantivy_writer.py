"""The writer half of the tantivy engine, and the schema that both halves share."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Self

import tantivy

from indexer.engines import IndexDamagedError, Rejection
from indexer.engines.cluster_settings import ClusterSettings
from indexer.generations import FolderGenerations
from indexer.schema import (
    ALL_TEXT,
    ALL_TEXT_GAP,
    COMPLETIONS,
    FIELDS,
    WRITTEN_FORMS,
    Document,
    FieldKind,
    get_facet_field,
)

# The field of the version's key in the store, which a search returns.
VERSION_FIELD = "version"
# The field of the first bytes of the id as a number: ties are broken by id.
ID_ORDER_FIELD = "id_order"

is_shared = False

# A token that is not indexed but takes a position.
_FILLER = "\x1f"
_ALL_TEXT_SEPARATOR = f" {' '.join([_FILLER] * ALL_TEXT_GAP)} "

_HEAP_BYTES = 120_000_000
_WRITER_THREADS = 2


@cache
def build_schema() -> tantivy.Schema:
    """Build tantivy's schema. Texts are analyzed already, so tokenizers only split."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(VERSION_FIELD, fast=True)
    builder.add_unsigned_field(ID_ORDER_FIELD, fast=True)
    for field in FIELDS.values():
        match field.kind:
            case FieldKind.TEXT | FieldKind.NAMES:
                builder.add_text_field(field.name, tokenizer_name="words")
            case FieldKind.KEYWORD:
                # The id is stored because ties of its first bytes are broken by it.
                builder.add_text_field(field.name, tokenizer_name="raw", stored=field.name == "id")
            case FieldKind.NUMBER | FieldKind.DATE:
                builder.add_integer_field(field.name, indexed=True, fast=True)
        if field.facet:
            builder.add_text_field(get_facet_field(field.name), tokenizer_name="raw", fast=True)
    builder.add_text_field(ALL_TEXT, tokenizer_name="parts")
    for name in (COMPLETIONS, WRITTEN_FORMS):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()


def open_index(folder: Path) -> tantivy.Index:
    """Open an index and register its tokenizers, which tantivy does not store.

    Raises IndexDamagedError.
    """
    try:
        index = tantivy.Index.open(str(folder))
    except ValueError as err:
        raise IndexDamagedError(folder) from err
    words = tantivy.Tokenizer.whitespace()
    fillers = tantivy.Filter.custom_stopword([_FILLER])
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(words).build())
    index.register_tokenizer("parts", tantivy.TextAnalyzerBuilder(words).filter(fillers).build())
    return index


def open_generations(home: Path, cluster: ClusterSettings, identity: str) -> FolderGenerations:
    """Return the generations in a folder; the cluster and the identity are for other engines."""
    return FolderGenerations(home, "tantivy")


def create_index(folder: Path) -> None:
    """Create an empty index in an empty folder."""
    tantivy.Index(build_schema(), str(folder))


def open_writer(folder: Path) -> TantivyWriter:
    """Open an index for writing. Raises IndexDamagedError if it cannot be read."""
    return TantivyWriter(folder)


class TantivyWriter:
    """See IndexWriter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = open_index(folder)
        try:
            self._writer = self._index.writer(_HEAP_BYTES, _WRITER_THREADS)
        except ValueError as err:
            raise IndexDamagedError(folder) from err

    def put(self, document: Document) -> None:
        self._writer.delete_documents_by_term("id", document.id)
        self._writer.add_document(_build_document(document))

    def delete(self, article_id: str) -> None:
        self._writer.delete_documents_by_term("id", article_id)

    def commit(self) -> tuple[Rejection, ...]:
        self._writer.commit()
        # Merged segments stay on disk until they are collected.
        self._writer.garbage_collect_files()
        return ()

    def close(self) -> None:
        """Wait for running merges, and release the folder.

        Uncommitted changes are discarded. A rollback would discard them too, but also the merges.
        """
        self._writer.wait_merging_threads()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _make_id_order(article_id: str) -> int:
    """Return a number that orders ids as they are ordered, as far as eight bytes tell."""
    start = article_id.encode("utf-8", "surrogatepass")[:8]
    return int.from_bytes(start.ljust(8, b"\0"), "big")


def _build_document(document: Document) -> tantivy.Document:
    made = tantivy.Document()
    made.add_unsigned(VERSION_FIELD, document.version_key)
    made.add_unsigned(ID_ORDER_FIELD, _make_id_order(document.id))
    made.add_text(ALL_TEXT, _ALL_TEXT_SEPARATOR.join(document.all_text))
    for field, text in document.texts.items():
        made.add_text(field, text)
    terms = {COMPLETIONS: document.completions, WRITTEN_FORMS: document.written_forms}
    for field, values in (document.names | document.keywords | terms).items():
        for value in values:
            made.add_text(field, value)
    for field, number in document.numbers.items():
        made.add_integer(field, number)
    for field, values in document.facets.items():
        for value in values:
            made.add_text(get_facet_field(field), value)
    return made
