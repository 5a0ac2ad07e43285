"""One commit of a Whoosh index: its posting lists, terms and columns.

Documents, deleted ones too, are numbered consecutively through all segments. Columns and lists
of terms are read on first use, and cached.
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

from indexer.engines.whoosh_codec import PostingList, unpack_numbers
from indexer.engines.whoosh_library import FilterMatcher, SegmentReader, TermNotFound
from indexer.engines.whoosh_writer import ABSENT_NUMBER, open_index

Value = TypeVar("Value")

_MAX_CACHED_PREFIX_CHARS = 2


@dataclass(frozen=True, slots=True)
class SortedColumn:
    """The documents with a value in a column of numbers, by value upwards."""

    values: Sequence[int]
    documents: Sequence[int]

    def find_between(self, low: int | None, high: int | None) -> Sequence[int]:
        """Return the documents with low <= value < high; None leaves a side open."""
        first = 0 if low is None else bisect_left(self.values, low)
        last = len(self.values) if high is None else bisect_left(self.values, high)
        return self.documents[first:last]


class WhooshSnapshot:
    def __init__(self, folder: Path) -> None:
        _, self._reader = open_index(folder)
        segments: list[tuple[SegmentReader, int]] = list(self._reader.leaf_readers())
        # The reader of an index without documents is of no segment.
        self._segments = segments if self._reader.doc_count_all() else []
        self._bases = [base for _, base in self._segments]
        self._columns: dict[str, Sequence[int]] = {}
        self._sorted_columns: dict[str, SortedColumn] = {}
        self._blob_readers: dict[str, Callable[[int], bytes]] = {}
        self._terms: dict[str, list[str]] = {}
        self._values: dict[str, list[tuple[str, ...]]] = {}
        self._document_counts: dict[tuple[str, str], list[tuple[str, int]]] = {}

    @cached_property
    def live_documents(self) -> list[int]:
        """The documents that are not deleted."""
        return [
            base + number for segment, base in self._segments for number in segment.all_doc_ids()
        ]

    @cached_property
    def _deleted_documents(self) -> frozenset[int]:
        return frozenset(range(self._reader.doc_count_all())).difference(self.live_documents)

    @property
    def document_count(self) -> int:
        size: int = self._reader.doc_count()
        return size

    def close(self) -> None:
        if self._segments:
            self._segments = []
            self._reader.close()

    # -- words

    def read_term_counts(self, field: str, term: str) -> dict[int, int]:
        """Return how often each document contains a term."""
        counts: dict[int, int] = {}
        for postings, base in self._iterate_postings(field, term):
            documents = (base + number for number in postings.ids)
            counts.update(zip(documents, postings.counts, strict=True))
        return self._remove_deleted(counts)

    def read_packed_positions(self, field: str, term: str) -> dict[int, bytes]:
        """Return a term's packed positions in each document; see `unpack_positions`."""
        packed: dict[int, bytes] = {}
        for postings, base in self._iterate_postings(field, term):
            documents = (base + number for number in postings.ids)
            packed.update(zip(documents, postings.values(), strict=True))
        return self._remove_deleted(packed)

    def _iterate_postings(self, field: str, term: str) -> Iterator[tuple[PostingList, int]]:
        for segment, base in self._segments:
            try:
                postings = segment.postings(field, term.encode())
            except TermNotFound:
                continue
            yield postings.child if isinstance(postings, FilterMatcher) else postings, base

    def _remove_deleted(self, found: dict[int, Value]) -> dict[int, Value]:
        for document in self._deleted_documents & found.keys():
            del found[document]
        return found

    def count_documents(self, field: str, term: str) -> int:
        """Return about how many documents have a term: deleted ones count until they are merged."""
        frequency: int = self._reader.doc_frequency(field, term.encode())
        return frequency

    def read_terms(self, field: str) -> list[str]:
        """Return all terms of a field in the order of their code points."""
        if field not in self._terms:
            terms = {term for segment, _ in self._segments for term in segment.lexicon(field)}
            self._terms[field] = [term.decode() for term in sorted(terms)]
        return self._terms[field]

    def find_prefix_terms(self, field: str, prefix: str, limit: int) -> set[str]:
        """Return terms with a prefix, at most `most` of each segment."""
        return {
            term.decode()
            for segment, _ in self._segments
            for term in islice(segment.expand_prefix(field, prefix.encode()), limit)
        }

    def count_documents_by_term(self, field: str, prefix: str) -> list[tuple[str, int]]:
        """Return terms with a prefix and their document frequencies; cached for short prefixes."""
        if (field, prefix) in self._document_counts:
            return self._document_counts[field, prefix]
        terms = self.read_terms(field)
        first = bisect_left(terms, prefix)
        last = bisect_left(terms, f"{prefix}\U0010ffff", first)
        counts = [(term, self.count_documents(field, term)) for term in terms[first:last]]
        if len(prefix) <= _MAX_CACHED_PREFIX_CHARS:
            self._document_counts[field, prefix] = counts
        return counts

    # -- columns

    def read_numbers(self, column: str) -> Sequence[int]:
        """Return a column's value of each document, ABSENT_NUMBER for those without one."""
        if column not in self._columns:
            numbers = array("q")
            for segment, _ in self._segments:
                numbers.extend(iter(segment.column_reader(column, translate=False).load()))
            self._columns[column] = numbers
        return self._columns[column]

    def sort_column(self, column: str) -> SortedColumn:
        if column not in self._sorted_columns:
            numbers = self.read_numbers(column)
            documents = [
                document for document in self.live_documents if numbers[document] != ABSENT_NUMBER
            ]
            documents.sort(key=numbers.__getitem__)
            values = [numbers[document] for document in documents]
            self._sorted_columns[column] = SortedColumn(values, documents)
        return self._sorted_columns[column]

    def get_blob_reader(self, column: str) -> Callable[[int], bytes]:
        """Return a function from a document to its value in a column of bytes."""
        if column not in self._blob_readers:
            self._blob_readers[column] = self._make_blob_reader(column)
        return self._blob_readers[column]

    def read_values(self, column: str) -> list[tuple[str, ...]]:
        """Return each document's values in a column of several texts."""
        if column not in self._values:
            # Documents share most values, and many have all in common.
            known: dict[bytes, tuple[str, ...]] = {b"": ()}
            read_blob = self.get_blob_reader(column)
            values = self._values[column] = []
            for document in range(self._reader.doc_count_all()):
                blob = read_blob(document)
                if blob not in known:
                    known[blob] = tuple(json.loads(blob))
                values.append(known[blob])
        return self._values[column]

    def find_documents(self, column: str, value: str) -> list[int]:
        """Return the documents with a value in a column of several texts."""
        values = self.read_values(column)
        return [document for document in self.live_documents if value in values[document]]

    def _make_blob_reader(self, column: str) -> Callable[[int], bytes]:
        bases = self._bases
        readers = [segment.column_reader(column, translate=False) for segment, _ in self._segments]

        def read_blob(document: int) -> bytes:
            segment = bisect_right(bases, document) - 1
            value: bytes = readers[segment][document - bases[segment]]
            return value

        return read_blob


def unpack_positions(packed: bytes) -> array[int]:
    """Return the positions of a packed posting, upwards."""
    return unpack_numbers(packed)
