"""One commit of a Whoosh index: its posting lists, words and columns.

Documents are numbered through all segments, deleted ones too. Columns and lists of words
are read when first asked for, and kept.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TypeVar

from indexer.engines.whoosh_codec import Postings, unpack
from indexer.engines.whoosh_library import FilterMatcher, SegmentReader, TermNotFound
from indexer.engines.whoosh_writer import ABSENT, open_index

Value = TypeVar("Value")

_SHORT = 2


@dataclass(frozen=True, slots=True)
class SortedColumn:
    """The documents that have a value in a column of numbers, by value upwards."""

    values: Sequence[int]
    documents: Sequence[int]

    def between(self, low: int | None, high: int | None) -> Sequence[int]:
        """Return the documents with low <= value < high; None leaves a side open."""
        first = 0 if low is None else bisect_left(self.values, low)
        last = len(self.values) if high is None else bisect_left(self.values, high)
        return self.documents[first:last]


class Snapshot:
    def __init__(self, folder: Path) -> None:
        _, self._reader = open_index(folder)
        segments: list[tuple[SegmentReader, int]] = list(self._reader.leaf_readers())
        # An index without documents has a reader that is no segment's.
        self._segments = segments if self._reader.doc_count_all() else []
        self._bases = [base for _, base in self._segments]
        self._columns: dict[str, Sequence[int]] = {}
        self._sorted: dict[str, SortedColumn] = {}
        self._blobs: dict[str, Callable[[int], bytes]] = {}
        self._words: dict[str, list[str]] = {}
        self._values: dict[str, list[tuple[str, ...]]] = {}
        self._frequencies: dict[tuple[str, str], list[tuple[str, int]]] = {}

    @cached_property
    def live(self) -> list[int]:
        """The documents that are not deleted."""
        return [base + number for one, base in self._segments for number in one.all_doc_ids()]

    @cached_property
    def _deleted(self) -> frozenset[int]:
        return frozenset(range(self._reader.doc_count_all())).difference(self.live)

    @property
    def size(self) -> int:
        size: int = self._reader.doc_count()
        return size

    def close(self) -> None:
        if self._segments:
            self._segments = []
            self._reader.close()

    # -- words

    def counts(self, field: str, term: str) -> dict[int, int]:
        """How often each document has a term."""
        found: dict[int, int] = {}
        for postings, base in self._postings(field, term):
            found.update(zip((base + one for one in postings.ids), postings.counts, strict=True))
        return self._without_deleted(found)

    def places(self, field: str, term: str) -> dict[int, bytes]:
        """Where each document has a term, packed; `positions` unpacks it."""
        found: dict[int, bytes] = {}
        for postings, base in self._postings(field, term):
            found.update(zip((base + one for one in postings.ids), postings.values(), strict=True))
        return self._without_deleted(found)

    def _postings(self, field: str, term: str) -> Iterator[tuple[Postings, int]]:
        for segment, base in self._segments:
            try:
                postings = segment.postings(field, term.encode())
            except TermNotFound:
                continue
            yield postings.child if isinstance(postings, FilterMatcher) else postings, base

    def _without_deleted(self, found: dict[int, Value]) -> dict[int, Value]:
        for document in self._deleted & found.keys():
            del found[document]
        return found

    def frequency(self, field: str, term: str) -> int:
        """About how many documents have a term: deleted ones count until they are merged away."""
        frequency: int = self._reader.doc_frequency(field, term.encode())
        return frequency

    def words(self, field: str) -> list[str]:
        """All terms of a field in the order of their code points."""
        if field not in self._words:
            found = {term for one, _ in self._segments for term in one.lexicon(field)}
            self._words[field] = [term.decode() for term in sorted(found)]
        return self._words[field]

    def beginning_with(self, field: str, prefix: str, most: int) -> set[str]:
        """Terms that begin so; each segment gives `most` at most."""
        return {
            term.decode()
            for one, _ in self._segments
            for term in islice(one.expand_prefix(field, prefix.encode()), most)
        }

    def frequencies(self, field: str, beginning: str) -> list[tuple[str, int]]:
        """Terms that begin so, with `frequency`; kept where there may be many."""
        if (field, beginning) in self._frequencies:
            return self._frequencies[field, beginning]
        words = self.words(field)
        first = bisect_left(words, beginning)
        last = bisect_left(words, f"{beginning}\U0010ffff", first)
        found = [(word, self.frequency(field, word)) for word in words[first:last]]
        if len(beginning) <= _SHORT:
            self._frequencies[field, beginning] = found
        return found

    # -- columns

    def numbers(self, column: str) -> Sequence[int]:
        """Return a column's value for each document, ABSENT for those that have none."""
        if column not in self._columns:
            numbers = array("q")
            for segment, _ in self._segments:
                numbers.extend(iter(segment.column_reader(column, translate=False).load()))
            self._columns[column] = numbers
        return self._columns[column]

    def by_value(self, column: str) -> SortedColumn:
        if column not in self._sorted:
            numbers = self.numbers(column)
            having = [document for document in self.live if numbers[document] != ABSENT]
            having.sort(key=numbers.__getitem__)
            self._sorted[column] = SortedColumn([numbers[one] for one in having], having)
        return self._sorted[column]

    def blobs(self, column: str) -> Callable[[int], bytes]:
        """Return a function from a document to its value in a column of bytes."""
        if column not in self._blobs:
            self._blobs[column] = self._blob_reader(column)
        return self._blobs[column]

    def values(self, column: str) -> list[tuple[str, ...]]:
        """For each document its values in a column of several texts."""
        if column not in self._values:
            # Documents share most values, and many all of them.
            known: dict[bytes, tuple[str, ...]] = {b"": ()}
            read = self.blobs(column)
            found = self._values[column] = []
            for document in range(self._reader.doc_count_all()):
                blob = read(document)
                if blob not in known:
                    known[blob] = tuple(json.loads(blob))
                found.append(known[blob])
        return self._values[column]

    def having(self, column: str, value: str) -> list[int]:
        """Return the documents with a value in a column of several texts."""
        values = self.values(column)
        return [document for document in self.live if value in values[document]]

    def _blob_reader(self, column: str) -> Callable[[int], bytes]:
        bases = self._bases
        readers = [one.column_reader(column, translate=False) for one, _ in self._segments]

        def read(document: int) -> bytes:
            segment = bisect_right(bases, document) - 1
            value: bytes = readers[segment][document - bases[segment]]
            return value

        return read


def positions(places: bytes) -> array[int]:
    """Return the positions in a packed posting, upwards."""
    return unpack(places)
