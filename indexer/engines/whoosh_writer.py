"""The writer half of the Whoosh engine: pure Python, for small corpora.

Whoosh stores posting lists, columns, segments and deletions; analysis, scoring and the
evaluation of queries are ours. Each document has postings with positions for its texts and
names, postings without positions for its keywords, and columns for the rest.

Whoosh unpickles an index's list of segments when it opens it, and pickles can run code: an
index from a stranger must not be opened.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self
from weakref import WeakSet

from indexer.engines import IndexDamagedError, Rejection, convert_damage
from indexer.engines.cluster_settings import ClusterSettings
from indexer.engines.whoosh_codec import (
    Codec,
    ExistenceFormat,
    NumberColumn,
    PositionsFormat,
    Posting,
    PostingPool,
    PreparedField,
    pack_numbers,
)
from indexer.engines.whoosh_library import (
    COLUMN,
    FieldType,
    FileIndex,
    FileStorage,
    Schema,
    SegmentReader,
    SegmentWriter,
    VarBytesColumn,
)
from indexer.engines.whoosh_sums import (
    check_commit,
    read_commit_sums,
    remove_old_sums,
    sum_commit,
)
from indexer.generations import FolderGenerations
from indexer.index_files import find_wrong_files
from indexer.schema import (
    ALL_TEXT,
    COMPLETIONS,
    FIELDS,
    WRITTEN_FORMS,
    Document,
    FieldKind,
    get_facet_field,
)

# The value in a column of numbers of a document without one.
ABSENT_NUMBER = -(2**63)
# Larger than the largest distance of a query, so that no match spans two names or parts of a text.
GAP_POSITIONS = 10_000
VERSION_FIELD = "version"
ID_FIELD = get_facet_field("id")

is_shared = False

# Postings are collected in memory: a segment ends at this size, or this many merged documents.
_SEGMENT_BYTES = 75_000_000
_MAX_MERGED_DOCUMENTS = 2_000
# A commit merges a tier of this many segments.
_TIER_SEGMENTS = 8


def get_length_field(field: str) -> str:
    """Return the name of the column with the number of tokens of a TEXT or NAMES field."""
    return f"{field}_length"


def _build_schema() -> Schema:
    fields: dict[str, FieldType] = {
        VERSION_FIELD: COLUMN(NumberColumn("q", default=ABSENT_NUMBER)),
        ID_FIELD: COLUMN(VarBytesColumn()),
        COMPLETIONS: PreparedField(ExistenceFormat()),
        WRITTEN_FORMS: PreparedField(ExistenceFormat()),
        ALL_TEXT: PreparedField(PositionsFormat()),
        get_length_field(ALL_TEXT): COLUMN(NumberColumn("I", default=0)),
    }
    for field in FIELDS.values():
        match field.kind:
            case FieldKind.TEXT | FieldKind.NAMES:
                fields[field.name] = PreparedField(PositionsFormat())
                fields[get_length_field(field.name)] = COLUMN(NumberColumn("I", default=0))
            case FieldKind.KEYWORD:
                fields[field.name] = PreparedField(ExistenceFormat())
            case FieldKind.NUMBER | FieldKind.DATE:
                fields[field.name] = COLUMN(NumberColumn("q", default=ABSENT_NUMBER))
        if field.facet:
            fields[get_facet_field(field.name)] = COLUMN(VarBytesColumn())
    return Schema(**fields)


SCHEMA = _build_schema()


class _Storage(FileStorage):  # type: ignore[misc]
    """Files that are synced before a commit names them, and closed if they are damaged."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._open_files: WeakSet[Any] = WeakSet()
        # The segments of the commit that is being written.
        self.segment_names: frozenset[str] = frozenset()

    def open_file(self, name: str, **options: Any) -> Any:
        file = super().open_file(name, **options)
        self._open_files.add(file)
        return file

    def close_files(self) -> None:
        for file in self._open_files:
            if not file.is_closed:
                file.close()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        folder = Path(self.folder)
        for path in folder.iterdir():
            if path.is_file():
                _sync_path(path, os.O_RDWR)
        sum_commit(folder, oldname, newname, self.segment_names)
        super().rename_file(oldname, newname, safe=safe)
        if os.name == "posix":
            _sync_path(folder, os.O_RDONLY)
        remove_old_sums(folder, newname)


def _sync_path(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_generations(home: Path, cluster: ClusterSettings, identity: str) -> FolderGenerations:
    """Return the generations in a folder; the cluster and the identity are for other engines."""
    return FolderGenerations(home, "whoosh")


def create_index(folder: Path) -> None:
    """Create an empty index in an empty folder."""
    FileIndex.create(_Storage(str(folder)), SCHEMA)


def open_index(folder: Path) -> tuple[FileIndex, Any]:
    """Return an index and a reader of its last commit. Raises IndexDamagedError.

    Any exception is caught because damaged pickles can raise anything.
    """
    check_commit(folder)
    storage = _Storage(str(folder))
    try:
        index = FileIndex(storage, schema=SCHEMA)
        return index, index.reader()
    except Exception as err:
        storage.close_files()
        raise IndexDamagedError(folder) from err


def find_damaged_files(folder: Path) -> list[str]:
    """Read all files of an index, and return the damaged ones."""
    wrong = find_wrong_files(folder, read_commit_sums(folder))
    if not wrong:
        # Its list of segments may be trusted now.
        _, reader = open_index(folder)
        reader.close()
    return wrong


def open_writer(folder: Path) -> WhooshWriter:
    """Open an index for writing. Raises IndexDamagedError if it cannot be read."""
    return WhooshWriter(folder)


# Damaged files can raise anything in code that trusts them.
_guard = convert_damage(Exception)


class WhooshWriter:
    """See IndexWriter. One Whoosh writer lives from the first change until the commit."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # A reader finds damage now rather than at the first change.
        self._index, reader = open_index(folder)
        reader.close()
        self._writer: _SegmentWriter | None = None
        self._uncommitted: dict[str, int] = {}

    @_guard
    def put(self, document: Document) -> None:
        self.delete(document.id)
        writer = self._get_writer()
        self._uncommitted[document.id] = writer.docnum
        writer.add_document(**_build_field_values(document))
        if writer.pool.size > _SEGMENT_BYTES:
            writer.end_segment()
            self._uncommitted.clear()

    @_guard
    def delete(self, article_id: str) -> None:
        writer = self._get_writer()
        earlier = self._uncommitted.pop(article_id, None)
        if earlier is None:
            writer.delete_by_term("id", article_id)
        else:
            # Whoosh deletes only committed documents; the segment being written can delete its own.
            writer.newsegment.delete_document(earlier)

    @_guard
    def commit(self) -> tuple[Rejection, ...]:
        if self._writer:
            self._writer.commit(mergetype=_merge_tiers)
        self._reset()
        return ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._writer:
            self._writer.cancel()
        self._reset()

    def _reset(self) -> None:
        self._writer = None
        self._uncommitted = {}

    def _get_writer(self) -> _SegmentWriter:
        if self._writer is None:
            self._writer = _SegmentWriter(self._index, codec=Codec())
        return self._writer


class _SegmentWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer with our pool, and able to write several segments for one commit."""

    _searcher: Any

    def __init__(self, index: FileIndex, codec: Codec) -> None:
        super().__init__(index, codec=codec)
        self.pool = PostingPool()

    def _commit_toc(self, segments: list[Any]) -> None:
        self.storage.segment_names = frozenset(segment.segment_id() for segment in segments)
        super()._commit_toc(segments)

    def end_segment(self) -> None:
        """Write the collected postings as a segment. Until the commit nothing refers to it."""
        self.segments.append(self._finalize_segment())
        self._setup_doc_offsets()
        if self._searcher is not None:
            self._searcher._orig_close()
            self._searcher = None
        self.docnum = self.docbase
        self._added = False
        self.newsegment = self.codec.new_segment(self.storage, self.indexname)
        self.perdocwriter = self.codec.per_document_writer(self.storage, self.newsegment)
        self.fieldwriter = self.codec.field_writer(self.storage, self.newsegment)


def _merge_tiers(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Merge a full tier of segments of similar size into one: a merge policy for Whoosh.

    A document is so rewritten about once for each tier. Segments of which half of the documents
    are deleted are rewritten too, and empty ones are removed.
    """
    kept, merging = _select_merges(segments)
    for segment in merging:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return kept


def _select_merges(segments: list[Any]) -> tuple[list[Any], list[Any]]:
    """Return the segments to keep, and those to merge."""
    tiers: dict[int, list[Any]] = defaultdict(list)
    for segment in segments:
        tiers[_calculate_tier(_count_live_documents(segment))].append(segment)
    kept, merging, room = [], [], _MAX_MERGED_DOCUMENTS
    for segment in sorted(segments, key=_count_live_documents):
        alive = _count_live_documents(segment)
        # The segment being written makes one more.
        is_full = len(tiers[_calculate_tier(alive)]) + 1 >= _TIER_SEGMENTS
        if alive <= room and (is_full or _is_half_deleted(segment)):
            merging.append(segment)
            room -= alive
        else:
            kept.append(segment)
    if len(merging) == 1 and not _is_half_deleted(merging[0]):
        # The others of its tier exceed the limit: it would only be copied.
        kept += merging
        merging = []
    return kept, [segment for segment in merging if _count_live_documents(segment)]


def _is_half_deleted(segment: Any) -> bool:
    gone: bool = _count_live_documents(segment) * 2 < segment.doc_count_all()
    return gone


def _count_live_documents(segment: Any) -> int:
    count: int = segment.doc_count_all() - segment.deleted_count()
    return count


def _calculate_tier(documents: int) -> int:
    """Return 0 for fewer than 8 documents, 1 for fewer than 64, and so on."""
    return (documents.bit_length() - 1) // 3


def _build_field_values(document: Document) -> dict[str, object]:
    """Return a document's fields for Whoosh's writer."""
    values: dict[str, object] = {
        VERSION_FIELD: document.version_key,
        ID_FIELD: document.id.encode(),
    }
    texts = document.texts | document.names | {ALL_TEXT: document.all_text}
    positions = {field: _find_positions(parts) for field, parts in texts.items()}
    for field, places in positions.items():
        values[field] = [_make_posting(*item) for item in places.items()]
        values[get_length_field(field)] = sum(map(len, places.values()))
    for field, keywords in document.keywords.items():
        values[field] = _make_keyword_postings(keywords)
    values[COMPLETIONS] = _make_keyword_postings(document.completions)
    values[WRITTEN_FORMS] = _make_keyword_postings(document.written_forms)
    for field, facet_values in document.facets.items():
        values[get_facet_field(field)] = json.dumps(facet_values, ensure_ascii=False).encode()
    return values | document.numbers


def _make_keyword_postings(terms: Iterable[str]) -> list[Posting]:
    return [(term.encode(), 1, 1.0, b"") for term in terms]


def _find_positions(texts: Iterable[str]) -> dict[str, list[int]]:
    """Return each token's positions in analyzed texts, which are separated by a gap."""
    places: dict[str, list[int]] = defaultdict(list)
    start = 0
    for text in texts:
        tokens = text.split()
        for position, token in enumerate(tokens, start):
            places[token].append(position)
        start += len(tokens) + GAP_POSITIONS
    return places


def _make_posting(token: str, places: list[int]) -> Posting:
    count = len(places)
    return token.encode(), count, float(count), pack_numbers(places)
