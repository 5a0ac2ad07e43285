"""The events of reading an item, in the order in which they are cleaned and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from corpus.article import RawArticle
from corpus.ledger import Ledger
from corpus.sources import ReadFailure
from indexer.ingest.open_source import OpenItem

# Reading an item ends after this many failures, if most of its records failed: it is no file
# of its format at all.
_MAX_FAILURES_AN_ITEM = 5_000


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A raw article that the ledger does not have in this form."""

    item: OpenItem
    raw: RawArticle
    digest: bytes


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """A raw article that the ledger has in this form. `size` is in bytes."""

    size: int


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A part of an item that could not be read."""

    item: OpenItem
    unreadable: ReadFailure


@dataclass(frozen=True, slots=True)
class ItemEnd:
    """The end of an item.

    `is_whole` if the file could be read to its end, `is_intact` if every record in it could, too.
    """

    item: OpenItem
    is_whole: bool
    is_intact: bool


Event = NewRecord | KnownRecord | BrokenRecord | ItemEnd


def compare_records(
    item: OpenItem,
    records: Iterable[RawArticle | ReadFailure],
    ledger: Ledger,
    count_failures: Callable[[], int],
) -> Iterator[Event]:
    """Compare the records of an item with the ledger, and yield an event for each.

    `count_failures` returns the number of failures of the ingest so far.
    """
    is_whole = is_intact = True
    ledger.clear_failures(item.source.name, item.path)
    for record in _stop_if_hopeless(item, records, count_failures):
        if isinstance(record, ReadFailure):
            is_intact = False
            is_whole = is_whole and (record.is_permanent or record.path != item.path)
            yield BrokenRecord(item, record)
            continue
        digest = item.source.digest_record(record.content)
        if ledger.mark_if_unchanged(item.key, record.path, digest):
            yield KnownRecord(len(record.content))
        else:
            yield NewRecord(item, record, digest)
    yield ItemEnd(item, is_whole, is_intact)


def _stop_if_hopeless(
    item: OpenItem,
    records: Iterable[RawArticle | ReadFailure],
    count_failures: Callable[[], int],
) -> Iterator[RawArticle | ReadFailure]:
    """Yield the records of an item until very many of them have failed, and most of them."""
    failures_before = count_failures()
    for number, record in enumerate(records):
        failures = count_failures() - failures_before
        if failures > _MAX_FAILURES_AN_ITEM and failures > number / 2:
            reason = f"most of its first {number:,} records failed; the rest is not read"
            yield ReadFailure(item.path, reason, is_permanent=True)
            return
        yield record
