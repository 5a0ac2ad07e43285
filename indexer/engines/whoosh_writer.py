"""The writer half of the Whoosh engine: pure Python, for small corpora.

Whoosh keeps posting lists, columns, segments and deletions; what a token is, how documents
are scored and how queries run are ours. Each document has posting lists with positions for
its texts and names, posting lists without for its keywords, and columns for the rest.

Whoosh unpickles an index's list of segments when it opens it, and pickles can run code: an
index from a stranger must not be opened.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self
from weakref import WeakSet

from indexer.analysis import stem, stem_tokens
from indexer.engines import IndexDamagedError, Refusal
from indexer.engines.cluster_settings import ClusterSettings
from indexer.engines.whoosh_codec import Codec, Numbers, Places, Pool, Posting, Present, Ready, pack
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

# What a column of numbers says of a document that has none.
ABSENT = -(2**63)
# Wider than the largest distance that a query can ask for, so nothing spans two names.
NAMES_GAP = 10_000
VERSION = "version"
ID = get_facet_field("id")

is_shared = False

# Postings are gathered in memory: a segment ends at so many bytes, or so many documents merged.
_SEGMENT_BYTES = 75_000_000
_MERGED_MOST = 2_000
# A commit merges a tier of segments when it has this many.
_TIER = 8


def length(field: str) -> str:
    """Return the index's name for how many tokens a TEXT or NAMES field has."""
    return f"{field}_length"


def _schema() -> Schema:
    fields: dict[str, FieldType] = {
        VERSION: COLUMN(Numbers("q", default=ABSENT)),
        ID: COLUMN(VarBytesColumn()),
        COMPLETIONS: Ready(Present()),
        ALL_TEXT: Ready(Present()),
        length(ALL_TEXT): COLUMN(Numbers("I", default=0)),
    }
    for field in FIELDS.values():
        match field.kind:
            case FieldKind.TEXT | FieldKind.NAMES:
                fields[field.name] = Ready(Places())
                fields[length(field.name)] = COLUMN(Numbers("I", default=0))
            case FieldKind.KEYWORD:
                fields[field.name] = Ready(Present())
            case FieldKind.NUMBER | FieldKind.DATE:
                fields[field.name] = COLUMN(Numbers("q", default=ABSENT))
        if field.kind is FieldKind.TEXT:
            fields[get_exact_field(field.name)] = Ready(Places())
        if field.facet:
            fields[get_facet_field(field.name)] = COLUMN(VarBytesColumn())
    return Schema(**fields)


SCHEMA = _schema()


class _Storage(FileStorage):  # type: ignore[misc]
    """Files that are on the disk before a commit names them, and closed when they are damaged."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._opened: WeakSet[Any] = WeakSet()

    def open_file(self, name: str, **options: Any) -> Any:
        file = super().open_file(name, **options)
        self._opened.add(file)
        return file

    def close_opened(self) -> None:
        for file in self._opened:
            if not file.is_closed:
                file.close()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        folder = Path(self.folder)
        for path in folder.iterdir():
            if path.is_file():
                _sync(path, os.O_RDWR)
        super().rename_file(oldname, newname, safe=safe)
        if os.name == "posix":
            _sync(folder, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_generations(home: Path, cluster: ClusterSettings, identity: str) -> Folders:
    """Return the generations in a folder; no cluster has them, nor other stores' articles."""
    return Folders(home, "whoosh")


def create(folder: Path) -> None:
    """Make an empty index in an empty folder."""
    FileIndex.create(_Storage(str(folder)), SCHEMA)


def open_index(folder: Path) -> tuple[FileIndex, Any]:
    """Return an index and a reader of its last commit. Raises IndexDamagedError.

    Everything is caught because damaged pickles can raise anything.
    """
    storage = _Storage(str(folder))
    try:
        index = FileIndex(storage, schema=SCHEMA)
        return index, index.reader()
    except Exception as err:
        storage.close_opened()
        raise IndexDamagedError(folder) from err


def open_writer(folder: Path) -> WhooshWriter:
    """Open an index for writing. Raises IndexDamagedError if it cannot be read."""
    return WhooshWriter(folder)


class WhooshWriter:
    """See IndexWriter. One Whoosh writer lives from the first change until the commit."""

    def __init__(self, folder: Path) -> None:
        # Reading finds damage now rather than at the first change.
        self._index, reader = open_index(folder)
        reader.close()
        self._writer: _SegmentWriter | None = None
        self._put: dict[str, int] = {}

    def put(self, document: Document) -> None:
        self.delete(document.id)
        writer = self._changing()
        self._put[document.id] = writer.docnum
        writer.add_document(**_values(document))
        if writer.pool.size > _SEGMENT_BYTES:
            writer.end_segment()
            self._put.clear()

    def delete(self, article_id: str) -> None:
        writer = self._changing()
        earlier = self._put.pop(article_id, None)
        if earlier is None:
            writer.delete_by_term("id", article_id)
        else:
            # Whoosh deletes only what is committed; the segment being written can do more.
            writer.newsegment.delete_document(earlier)

    def commit(self) -> tuple[Refusal, ...]:
        if self._writer:
            self._writer.commit(mergetype=_merge_tiers)
        self._forget()
        return ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._writer:
            self._writer.cancel()
        self._forget()

    def _forget(self) -> None:
        self._writer = None
        self._put = {}

    def _changing(self) -> _SegmentWriter:
        if self._writer is None:
            self._writer = _SegmentWriter(self._index, codec=Codec())
        return self._writer


class _SegmentWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer with our pool, and able to write several segments for one commit."""

    _searcher: Any

    def __init__(self, index: FileIndex, codec: Codec) -> None:
        super().__init__(index, codec=codec)
        self.pool = Pool()

    def end_segment(self) -> None:
        """Put the postings gathered so far on disk. Until the commit nothing names them."""
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
    """Merge a tier of segments of like size into one when it is full: a merge policy of Whoosh's.

    A document is so written again about once a tier. Segments that lost half of their
    documents are written again too, and empty ones go.
    """
    kept, merging = _sorted_out(segments)
    for segment in merging:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return kept


def _sorted_out(segments: list[Any]) -> tuple[list[Any], list[Any]]:
    """Which segments stay, and which are merged."""
    tiers: dict[int, list[Any]] = defaultdict(list)
    for segment in segments:
        tiers[_tier(_alive(segment))].append(segment)
    kept, merging, room = [], [], _MERGED_MOST
    for segment in sorted(segments, key=_alive):
        alive = _alive(segment)
        # The segment being written makes one more.
        full = len(tiers[_tier(alive)]) + 1 >= _TIER
        if alive <= room and (full or _is_half_gone(segment)):
            merging.append(segment)
            room -= alive
        else:
            kept.append(segment)
    if len(merging) == 1 and not _is_half_gone(merging[0]):
        # The others of its tier had no room: it would only be copied.
        kept += merging
        merging = []
    return kept, [segment for segment in merging if _alive(segment)]


def _is_half_gone(segment: Any) -> bool:
    gone: bool = _alive(segment) * 2 < segment.doc_count_all()
    return gone


def _alive(segment: Any) -> int:
    count: int = segment.doc_count_all() - segment.deleted_count()
    return count


def _tier(documents: int) -> int:
    """0 for fewer than 8 documents, 1 for fewer than 64, and so on."""
    return (documents.bit_length() - 1) // 3


def _values(document: Document) -> dict[str, object]:
    """Return a document as Whoosh's writer takes it."""
    values: dict[str, object] = {VERSION: document.version_key, ID: document.id.encode()}
    stems = Counter(stem_tokens(document.all_text.split()))
    values[ALL_TEXT] = [(term.encode(), count, float(count), b"") for term, count in stems.items()]
    values[length(ALL_TEXT)] = stems.total()
    for field, text in document.texts.items():
        places = _places([text])
        values[get_exact_field(field)] = [_posting(*item) for item in places.items()]
        values[field] = [_posting(*item) for item in _stemmed(places).items()]
        values[length(field)] = sum(map(len, places.values()))
    for field, names in document.names.items():
        places = _places(names)
        values[field] = [_posting(*item) for item in places.items()]
        values[length(field)] = sum(map(len, places.values()))
    for field, keywords in document.keywords.items():
        values[field] = _present(keywords)
    values[COMPLETIONS] = _present(document.completions)
    for field, shown in document.facets.items():
        values[get_facet_field(field)] = json.dumps(shown, ensure_ascii=False).encode()
    return values | document.numbers


def _present(terms: Iterable[str]) -> list[Posting]:
    return [(term.encode(), 1, 1.0, b"") for term in terms]


def _places(texts: Iterable[str]) -> dict[str, list[int]]:
    """Where each token stands in the texts, which are analyzed and kept apart by a gap."""
    places: dict[str, list[int]] = defaultdict(list)
    start = 0
    for text in texts:
        found = text.split()
        for place, token in enumerate(found, start):
            places[token].append(place)
        start += len(found) + NAMES_GAP
    return places


def _stemmed(places: dict[str, list[int]]) -> dict[str, list[int]]:
    stems: dict[str, list[int]] = {}
    for token, found in places.items():
        root = stem(token)
        stems[root] = sorted(stems[root] + found) if root in stems else found
    return stems


def _posting(token: str, places: list[int]) -> Posting:
    count = len(places)
    return token.encode(), count, float(count), pack(places)
