"""The writer half of the tantivy engine, and the schema that both halves share."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Self

import tantivy

from indexer.engines import IndexDamagedError, Refusal
from indexer.engines.cluster_settings import ClusterSettings
from indexer.generations import Folders
from indexer.schema import (
    ALL_TEXT,
    COMPLETIONS,
    FIELDS,
    Document,
    FieldKind,
    get_exact_field,
    get_facet_field,
)

# Key of the version in the store: what a search answers with.
VERSION = "version"

is_shared = False

_HEAP_BYTES = 120_000_000
_THREADS = 2


@cache
def schema() -> tantivy.Schema:
    """Return the schema table in tantivy's terms. Texts come analyzed, so tokenizers only split."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(VERSION, fast=True)
    for field in FIELDS.values():
        match field.kind:
            case FieldKind.TEXT:
                builder.add_text_field(field.name, tokenizer_name="stems")
                builder.add_text_field(get_exact_field(field.name), tokenizer_name="words")
            case FieldKind.NAMES:
                builder.add_text_field(field.name, tokenizer_name="words")
            case FieldKind.KEYWORD:
                # The id is stored because ties are broken by it.
                builder.add_text_field(field.name, tokenizer_name="raw", stored=field.name == "id")
            case FieldKind.NUMBER | FieldKind.DATE:
                builder.add_integer_field(field.name, indexed=True, fast=True)
        if field.facet:
            builder.add_text_field(get_facet_field(field.name), tokenizer_name="raw", fast=True)
    builder.add_text_field(ALL_TEXT, tokenizer_name="stems", index_option="freq")
    builder.add_text_field(COMPLETIONS, tokenizer_name="raw", index_option="basic")
    return builder.build()


def open_index(folder: Path) -> tantivy.Index:
    """Open an index with its tokenizers, which tantivy forgets between openings.

    Raises IndexDamagedError.
    """
    try:
        index = tantivy.Index.open(str(folder))
    except ValueError as err:
        raise IndexDamagedError(folder) from err
    words = tantivy.Tokenizer.whitespace()
    stemmer = tantivy.Filter.stemmer("english")
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(words).build())
    index.register_tokenizer("stems", tantivy.TextAnalyzerBuilder(words).filter(stemmer).build())
    return index


def open_generations(home: Path, cluster: ClusterSettings, identity: str) -> Folders:
    """Return the generations in a folder; no cluster has them, nor other stores' articles."""
    return Folders(home, "tantivy")


def create(folder: Path) -> None:
    """Make an empty index in an empty folder."""
    tantivy.Index(schema(), str(folder))


def open_writer(folder: Path) -> TantivyWriter:
    """Open an index for writing. Raises IndexDamagedError if it cannot be read."""
    return TantivyWriter(folder)


class TantivyWriter:
    """See IndexWriter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = open_index(folder)
        try:
            self._writer = self._index.writer(_HEAP_BYTES, _THREADS)
        except ValueError as err:
            raise IndexDamagedError(folder) from err

    def put(self, document: Document) -> None:
        self._writer.delete_documents_by_term("id", document.id)
        self._writer.add_document(_document(document))

    def delete(self, article_id: str) -> None:
        self._writer.delete_documents_by_term("id", article_id)

    def commit(self) -> tuple[Refusal, ...]:
        self._writer.commit()
        # Merged segments stay on disk until somebody asks for their removal.
        self._writer.garbage_collect_files()
        return ()

    def close(self) -> None:
        """Wait for merges that are under way, and give the folder free.

        What was not committed is dropped. A rollback would drop it too, but with the merges.
        """
        self._writer.wait_merging_threads()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _document(document: Document) -> tantivy.Document:
    made = tantivy.Document()
    made.add_unsigned(VERSION, document.version_key)
    made.add_text(ALL_TEXT, document.all_text)
    for field, text in document.texts.items():
        made.add_text(field, text)
        made.add_text(get_exact_field(field), text)
    for field, values in document.names.items():
        for value in values:
            made.add_text(field, value)
    for field, values in document.keywords.items():
        for value in values:
            made.add_text(field, value)
    for field, number in document.numbers.items():
        made.add_integer(field, number)
    for field, values in document.facets.items():
        for value in values:
            made.add_text(get_facet_field(field), value)
    for term in document.completions:
        made.add_text(COMPLETIONS, term)
    return made
