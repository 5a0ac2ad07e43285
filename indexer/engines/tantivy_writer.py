"""The writer half of the tantivy engine, and the schema that both halves share."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from struct import Struct
from struct import error as struct_error
from typing import Any, Self
from zlib import crc32

import tantivy

from indexer.engines import IndexDamagedError, Rejection, convert_damage, translate_damage
from indexer.engines.cluster_settings import ClusterSettings
from indexer.generations import FolderGenerations
from indexer.index_files import (
    SUMS_FILE,
    find_wrong_files,
    read_sums,
    sum_files,
    write_sums,
)
from indexer.schema import (
    ALL_TEXT,
    COMPLETIONS,
    FIELDS,
    TEXT_GAP,
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
_PART_SEPARATOR = f" {' '.join([_FILLER] * TEXT_GAP)} "

# The files that tantivy writes without a sum: the list of segments, and that of its files. It
# replaces them whole, each time with the mode of a private temporary file.
_LISTS = ("meta.json", ".managed.json")
_SEGMENT_SUFFIXES = ("fast", "fieldnorm", "idx", "pos", "store", "term")
# A segment's file ends with a footer in JSON, its length, and this number.
_FOOTER_MARK = 1337
_FOOTER_END = Struct("<II")

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
            case FieldKind.TEXT:
                builder.add_text_field(field.name, tokenizer_name="parts")
            case FieldKind.NAMES:
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
    sums = read_sums(folder)
    # A writer removes the sums before it changes anything.
    if sums and (wrong := find_wrong_files(folder, sums)) and sums == read_sums(folder):
        raise IndexDamagedError(folder, *wrong)
    with translate_damage(folder, ValueError):
        index = tantivy.Index.open(str(folder))
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
    _let_others_read(folder)
    _write_list_sums(folder)


def open_writer(folder: Path) -> TantivyWriter:
    """Open an index for writing. Raises IndexDamagedError if it cannot be read."""
    return TantivyWriter(folder)


def find_damaged_files(folder: Path) -> list[str]:
    """Read all files of an index, and return the damaged ones.

    A killed writer left no sums of the lists: they are made of what is there.
    """
    if not folder.is_dir():
        raise IndexDamagedError(folder)
    sums = read_sums(folder)
    if sums is None:
        _write_list_sums(folder)
    elif wrong := find_wrong_files(folder, sums):
        return wrong
    try:
        names = list(_list_segment_files(json.loads((folder / "meta.json").read_text("utf-8"))))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as err:
        raise IndexDamagedError(folder, "meta.json") from err
    return [name for name in names if not _has_footer_sum(folder / name)]


def _write_list_sums(folder: Path) -> None:
    names = [name for name in _LISTS if (folder / name).exists()]
    write_sums(folder, sum_files(folder, names))


def _list_segment_files(meta: dict[str, Any]) -> Iterator[str]:
    """Yield the files of the segments that an index's list names."""
    for segment in meta["segments"]:
        stem = segment["segment_id"].replace("-", "")
        yield from (f"{stem}.{suffix}" for suffix in _SEGMENT_SUFFIXES)
        if segment["deletes"]:
            yield f"{stem}.{segment['deletes']['opstamp']}.del"


def _has_footer_sum(file: Path) -> bool:
    """Return whether a file has the CRC-32 that its footer states."""
    try:
        with file.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
            length, mark = _FOOTER_END.unpack(content[-_FOOTER_END.size :])
            end = len(content) - _FOOTER_END.size - length
            if mark != _FOOTER_MARK or end < 0:
                return False
            footer = json.loads(content[end : -_FOOTER_END.size])
            with memoryview(content) as whole, whole[:end] as body:
                return bool(footer["crc"] == crc32(body))
    except (OSError, ValueError, LookupError, TypeError, struct_error):
        return False


class TantivyWriter:
    """See IndexWriter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = open_index(folder)
        with translate_damage(folder, ValueError):
            self._writer = self._index.writer(_HEAP_BYTES, _WRITER_THREADS)
        # Merges change the lists after a commit, too: there are sums again when all is written.
        (folder / SUMS_FILE).unlink(missing_ok=True)

    @convert_damage(ValueError)
    def put(self, document: Document) -> None:
        self._writer.delete_documents_by_term("id", document.id)
        self._writer.add_document(_build_document(document))

    @convert_damage(ValueError)
    def delete(self, article_id: str) -> None:
        self._writer.delete_documents_by_term("id", article_id)

    @convert_damage(ValueError)
    def commit(self) -> tuple[Rejection, ...]:
        self._writer.commit()
        # Merged segments stay on disk until they are collected.
        self._writer.garbage_collect_files()
        _let_others_read(self._folder)
        return ()

    @convert_damage(ValueError)
    def close(self) -> None:
        """Wait for running merges, and release the folder.

        Uncommitted changes are discarded. A rollback would discard them too, but also the merges.
        """
        self._writer.wait_merging_threads()
        _let_others_read(self._folder)
        _write_list_sums(self._folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _let_others_read(folder: Path) -> None:
    """Let whoever may read the folder read its lists of files, which tantivy makes for one user."""
    mode = stat.S_IMODE(folder.stat().st_mode) & 0o666
    for name in _LISTS:
        with suppress(FileNotFoundError):
            (folder / name).chmod(mode)


def _make_id_order(article_id: str) -> int:
    """Return a number that orders ids as they are ordered, as far as eight bytes tell."""
    start = article_id.encode("utf-8", "surrogatepass")[:8]
    return int.from_bytes(start.ljust(8, b"\0"), "big")


def _build_document(document: Document) -> tantivy.Document:
    made = tantivy.Document()
    made.add_unsigned(VERSION_FIELD, document.version_key)
    made.add_unsigned(ID_ORDER_FIELD, _make_id_order(document.id))
    for field, parts in (*document.texts.items(), (ALL_TEXT, document.all_text)):
        made.add_text(field, _PART_SEPARATOR.join(parts))
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
