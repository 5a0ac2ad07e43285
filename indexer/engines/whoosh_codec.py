"""The codec of the Whoosh engine: each posting list is one compact block, read at once.

Whoosh's own codec writes blocks of pickles, for skipping. Here a term's list is one array of
32-bit numbers, little-endian: the gaps between document numbers, then the term's count in each
document, then the positions; compressed if it is long.
"""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from operator import itemgetter, sub
from typing import Any

from indexer.engines.whoosh_library import (
    Existence,
    FieldType,
    Format,
    ListMatcher,
    NumericColumn,
    Schema,
    W3Codec,
    W3FieldWriter,
    W3TermInfo,
)

Posting = tuple[bytes, int, float, bytes]

_HEAD = struct.Struct("<?I")
_NUMBER_BYTES = 4
_MIN_COMPRESSED_BYTES = 64
# Memory of a term without its postings.
_TERM_BYTES = 450


def pack_numbers(numbers: Iterable[int]) -> bytes:
    return _convert_byte_order(array("I", numbers)).tobytes()


def unpack_numbers(data: bytes) -> array[int]:
    numbers = array("I")
    numbers.frombytes(data)
    return _convert_byte_order(numbers)


def _convert_byte_order(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class PreparedField(FieldType):  # type: ignore[misc]
    """A field whose postings are made without Whoosh's analyzers."""

    def __init__(self, format_: Format) -> None:
        super().__init__(format=format_, analyzer=None)

    def index(self, value: Iterable[Posting], **_kwargs: object) -> Iterator[Posting]:
        return iter(value)


class NumberColumn(NumericColumn):  # type: ignore[misc]
    """A column of numbers that is loaded at once instead of number by number."""

    class Reader(NumericColumn.Reader):  # type: ignore[misc]
        def load(self) -> array[int]:
            size = self._count * self._fixedlen
            values = array(self._typecode, self._dbfile.get(self._basepos, size))
            if sys.byteorder == "little":
                values.byteswap()
            values.extend([self._default] * (self._doccount - self._count))
            return values


class PostingList(ListMatcher):  # type: ignore[misc]
    """A term's postings in one segment: document numbers upwards, and counts beside them."""

    def __init__(self, data: bytes, format_: Format) -> None:
        compressed, length = _HEAD.unpack_from(data)
        body = zlib.decompress(data[_HEAD.size :]) if compressed else data[_HEAD.size :]
        numbers = unpack_numbers(body[: 2 * length * _NUMBER_BYTES])
        self.ids: Sequence[int] = list(accumulate(numbers[:length]))
        self.counts: Sequence[int] = numbers[length:]
        self._places = body[2 * length * _NUMBER_BYTES :]
        super().__init__(self.ids, self.counts, format=format_)
        self._values: list[bytes] | None = None

    def value(self) -> bytes:
        if self._values is None:
            self._values = list(self.values())
        place: bytes = self._values[self._i]
        return place

    def values(self) -> Iterator[bytes]:
        """Yield the packed positions in each document; b"" for a field without positions."""
        if not self._places:
            yield from (b"" for _ in self.ids)
            return
        end = 0
        for count in self.counts:
            start, end = end, end + count * _NUMBER_BYTES
            yield self._places[start:end]


class PostingBuffer:
    """A term's postings while its segment is being written, in far less memory than tuples."""

    __slots__ = ("counts", "ids", "places")

    def __init__(self) -> None:
        self.ids = array("I")
        self.counts = array("I")
        self.places = bytearray()

    def pack_postings(self) -> bytes:
        ids = self.ids
        body = (
            pack_numbers([ids[0], *map(sub, ids[1:], ids)])
            + pack_numbers(self.counts)
            + self.places
        )
        compressed = len(body) >= _MIN_COMPRESSED_BYTES
        return _HEAD.pack(compressed, len(ids)) + (zlib.compress(body, 1) if compressed else body)


class PostingPool:
    """A segment's postings in memory, which replaces Whoosh's pool of sorted runs."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, PostingBuffer]] = {}
        self.size = 0  # bytes in use, about

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Add a posting. Documents must be in the order of their numbers."""
        field, term, document, count, places = item
        terms = self._fields.setdefault(field, {})
        gathered = terms.get(term)
        if gathered is None:
            gathered = terms[term] = PostingBuffer()
            self.size += _TERM_BYTES
        self.size += 2 * _NUMBER_BYTES + len(places)
        gathered.ids.append(document)
        gathered.counts.append(int(count))
        gathered.places += places

    def iter_postings(self) -> Iterator[tuple[str, list[tuple[bytes, PostingBuffer]]]]:
        """Yield the fields in order, each with its terms in order."""
        for field in sorted(self._fields):
            yield field, sorted(self._fields.pop(field).items(), key=itemgetter(0))

    def cleanup(self) -> None:
        self._fields.clear()
        self.size = 0


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    def add_postings(
        self,
        schema: Schema,
        _lengths: object,
        fields: Iterable[tuple[str, list[tuple[bytes, PostingBuffer]]]],
    ) -> None:
        """Write the postings of a pool."""
        for field, terms in fields:
            self.start_field(field, schema[field])
            prefix = struct.pack("!H", self._fieldid)
            for term, gathered in terms:
                self._tindex.add(prefix + term, self._write_postings(gathered).to_bytes())
            self.finish_field()

    def _write_postings(self, gathered: PostingBuffer) -> W3TermInfo:
        ids, data = gathered.ids, gathered.pack_postings()
        info = W3TermInfo(df=len(ids), minlength=0, minid=ids[0], maxid=ids[-1])
        info.set_extent(self._postfile.tell(), len(data))
        self._postfile.write(data)
        return info


class Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec, except for posting lists."""

    # Lengths have columns of their own; Whoosh would read each posting's from disk.
    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> W3FieldWriter:
        return _FieldWriter(self, storage, segment)

    def postings_reader(
        self,
        dbfile: Any,
        terminfo: W3TermInfo,
        format_: Format,
        term: object = None,
        scorer: object = None,
    ) -> PostingList:
        # Whoosh returns a length as a tuple of one.
        offset, (size,) = terminfo.extent()
        return PostingList(dbfile.get(offset, size), format_)


class PositionsFormat(Format):  # type: ignore[misc]
    """The format of fields whose postings contain positions."""


class ExistenceFormat(Existence):  # type: ignore[misc]
    """The format of fields whose postings contain no positions."""
