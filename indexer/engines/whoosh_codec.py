"""How the Whoosh engine keeps posting lists: each whole, compact, read in one piece.

Whoosh's own codec writes blocks of pickles, to skip in. Here a term's list is one run of
32-bit numbers, little-endian: the gaps between document numbers, then how often each
document has the term, then the positions; compressed when that pays.
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
_WIDTH = 4
_WORTH_COMPRESSING = 64
# What a term costs in memory before its first posting.
_TERM_BYTES = 450


def pack(numbers: Iterable[int]) -> bytes:
    return _ordered(array("I", numbers)).tobytes()


def unpack(data: bytes) -> array[int]:
    numbers = array("I")
    numbers.frombytes(data)
    return _ordered(numbers)


def _ordered(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class Ready(FieldType):  # type: ignore[misc]
    """A field whose postings are made before Whoosh sees it."""

    def __init__(self, format_: Format) -> None:
        super().__init__(format=format_, analyzer=None)

    def index(self, value: Iterable[Posting], **_kwargs: object) -> Iterator[Posting]:
        return iter(value)


class Numbers(NumericColumn):  # type: ignore[misc]
    """A column of numbers that loads in one piece instead of number by number."""

    class Reader(NumericColumn.Reader):  # type: ignore[misc]
        def load(self) -> array[int]:
            size = self._count * self._fixedlen
            values = array(self._typecode, self._dbfile.get(self._basepos, size))
            if sys.byteorder == "little":
                values.byteswap()
            values.extend([self._default] * (self._doccount - self._count))
            return values


class Postings(ListMatcher):  # type: ignore[misc]
    """A term's postings in one segment: document numbers upwards, and counts beside them."""

    def __init__(self, data: bytes, format_: Format) -> None:
        compressed, length = _HEAD.unpack_from(data)
        body = zlib.decompress(data[_HEAD.size :]) if compressed else data[_HEAD.size :]
        numbers = unpack(body[: 2 * length * _WIDTH])
        self.ids: Sequence[int] = list(accumulate(numbers[:length]))
        self.counts: Sequence[int] = numbers[length:]
        self._places = body[2 * length * _WIDTH :]
        super().__init__(self.ids, self.counts, format=format_)
        self._values: list[bytes] | None = None

    def value(self) -> bytes:
        if self._values is None:
            self._values = list(self.values())
        place: bytes = self._values[self._i]
        return place

    def values(self) -> Iterator[bytes]:
        """Yield the packed positions in each document; nothing where a field has none."""
        if not self._places:
            yield from (b"" for _ in self.ids)
            return
        end = 0
        for count in self.counts:
            start, end = end, end + count * _WIDTH
            yield self._places[start:end]


class Gathered:
    """A term's postings while its segment is being written: far smaller than tuples."""

    __slots__ = ("counts", "ids", "places")

    def __init__(self) -> None:
        self.ids = array("I")
        self.counts = array("I")
        self.places = bytearray()

    def packed(self) -> bytes:
        ids = self.ids
        body = pack([ids[0], *map(sub, ids[1:], ids)]) + pack(self.counts) + self.places
        compressed = len(body) >= _WORTH_COMPRESSING
        return _HEAD.pack(compressed, len(ids)) + (zlib.compress(body, 1) if compressed else body)


class Pool:
    """Gathers a segment's postings in memory, in place of Whoosh's pool of sorted runs."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, Gathered]] = {}
        self.size = 0  # bytes in use, about

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Documents come in the order of their numbers."""
        field, term, document, count, places = item
        terms = self._fields.setdefault(field, {})
        gathered = terms.get(term)
        if gathered is None:
            gathered = terms[term] = Gathered()
            self.size += _TERM_BYTES
        self.size += 2 * _WIDTH + len(places)
        gathered.ids.append(document)
        gathered.counts.append(int(count))
        gathered.places += places

    def iter_postings(self) -> Iterator[tuple[str, list[tuple[bytes, Gathered]]]]:
        """Fields in order, each with its terms in order."""
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
        fields: Iterable[tuple[str, list[tuple[bytes, Gathered]]]],
    ) -> None:
        """Write what a pool has gathered."""
        for field, terms in fields:
            self.start_field(field, schema[field])
            prefix = struct.pack("!H", self._fieldid)
            for term, gathered in terms:
                self._tindex.add(prefix + term, self._written(gathered).to_bytes())
            self.finish_field()

    def _written(self, gathered: Gathered) -> W3TermInfo:
        ids, data = gathered.ids, gathered.packed()
        info = W3TermInfo(df=len(ids), minlength=0, minid=ids[0], maxid=ids[-1])
        info.set_extent(self._postfile.tell(), len(data))
        self._postfile.write(data)
        return info


class Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec but for the posting lists."""

    # Lengths have columns of their own; Whoosh would ask the disk for each posting's.
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
    ) -> Postings:
        # Whoosh reads a length back as a tuple of one.
        offset, (size,) = terminfo.extent()
        return Postings(dbfile.get(offset, size), format_)


class Places(Format):  # type: ignore[misc]
    """Marks fields whose postings carry positions."""


class Present(Existence):  # type: ignore[misc]
    """Marks fields whose postings only say that a document has the term."""
