"""Events to the store: clean the new records, and write everything in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from corpus.article import Article, RawArticle, Source
from corpus.ledger import Ledger
from corpus.sources import ReadFailure
from corpus.store import Store
from indexer.entities.extractor import build_rule_extractor
from indexer.ingest.events import (
    BrokenRecord,
    Event,
    ItemEnd,
    KnownRecord,
    NewRecord,
    compare_records,
)
from indexer.ingest.open_source import OpenItem, OpenSource
from indexer.ingest.stats import IngestStats
from indexer.workers.cleaner import Cleaned, Cleaner

# The store is committed after this many events, or bytes of articles.
_COMMIT_EVERY_EVENTS = 2_000
_COMMIT_EVERY_BYTES = 10_000_000


class EventWriter:
    """Writes one ingest to the store, and counts what it writes.

    `report` is called with the stats after each event, `on_commit` after each batch.
    """

    def __init__(
        self,
        store: Store,
        cleaner: Cleaner,
        now: datetime,
        keep_missing: bool,
        report: Callable[[IngestStats], None],
        on_commit: Callable[[], None],
    ) -> None:
        self.ledger = Ledger(store)
        self.keep_missing = keep_missing
        self.stats = IngestStats()
        self._store = store
        self._cleaner = cleaner
        self._now = now
        self._report = report
        self._on_commit = on_commit

    def transaction(self) -> AbstractContextManager[None]:
        """Return the store's transaction, for changes to the ledger outside of events."""
        return self._store.transaction()

    def open_source(self, source: Source) -> OpenSource:
        return OpenSource(source, self.ledger)

    def compare_records(
        self, item: OpenItem, records: Iterable[RawArticle | ReadFailure]
    ) -> Iterator[Event]:
        """Compare the records of an item with the ledger, and yield an event for each."""
        return compare_records(item, records, self.ledger, lambda: self.stats.failed)

    def write_events(self, events: Iterator[Event]) -> None:
        """Clean the records of events, and write the events to the store in batches."""
        cleaned = self._cleaner.clean_each(events, _get_raw_article)
        while self._write_batch(cleaned):
            self._on_commit()

    def add_failure(self, source: OpenSource, item: str, path: str, reason: str) -> None:
        """Add a failure to the ledger. Call it inside a transaction."""
        self.ledger.add_failure(source.name, item, path, reason)
        self.stats = self.stats.add(failed=1)

    def remove_articles(self, source: OpenSource, remove: Callable[[], int]) -> bool:
        """Call a function that removes articles of a source; take it back if they are most of it.

        It returns how many it removed. Returns whether they were removed. Call it inside a
        transaction.
        """
        with self._store.database.savepoint() as take_back:
            removed = remove()
            if source.may_lose(removed):
                source.removed += removed
                self.stats = self.stats.add(removed=removed)
                return True
            take_back()
            source.kept += removed
            self.stats = self.stats.add(kept=removed)
            return False

    def _write_batch(self, events: Iterator[tuple[Event, Cleaned]]) -> bool:
        """Write the next events in one transaction. Returns whether there were any."""
        written, done_before = 0, self.stats.done
        with self._store.transaction():
            for event, cleaned in events:
                self._write_event(event, cleaned)
                self._report(self.stats)
                written += 1
                size = self.stats.done - done_before
                if written >= _COMMIT_EVERY_EVENTS or size >= _COMMIT_EVERY_BYTES:
                    break
        return written > 0

    def _write_event(self, event: Event, cleaned: Cleaned) -> None:
        match event:
            case NewRecord():
                self._write_record(event, cleaned)
            case KnownRecord(size):
                self.stats = self.stats.add(done=size, unchanged=1)
            case BrokenRecord(item, unreadable):
                self.add_failure(item.source, item.path, unreadable.path, unreadable.reason)
            case ItemEnd():
                self._end_item(event)

    def _write_record(self, record: NewRecord, cleaned: Cleaned) -> None:
        item, raw = record.item, record.raw
        self.stats = self.stats.add(done=len(raw.content))
        if isinstance(cleaned, Article):
            article = self._qualify_id(cleaned, item.source)
            is_stored, is_known = self.ledger.find_record(article.id, item.key, raw.path)
            changed = self.ledger.put_article(
                article,
                item.key,
                raw.path,
                record.digest,
                self._now,
                build_rule_extractor().version,
            )
            if changed:
                self.stats = self.stats.add(changed=1) if is_stored else self.stats.add(added=1)
            elif not is_known and self._is_elsewhere(article, record):
                self.stats = self.stats.add(duplicate=1)
            else:
                self.stats = self.stats.add(unchanged=1)
        else:
            self.ledger.retain_record(item.key, raw.path)
            self.add_failure(item.source, item.path, raw.path, cleaned or "")

    def _is_elsewhere(self, article: Article, record: NewRecord) -> bool:
        """Return whether another record has the same article, and has not just been moved here."""
        item = record.item
        return self.ledger.has_other_record(article.id, item.key, record.raw.path, item.source.gone)

    def _qualify_id(self, article: Article, source: OpenSource) -> Article:
        """Put the source's name before an article's number that another source has used."""
        if not article.url and self.ledger.is_in_other_source(article.id, source.name):
            return replace(article, id=f"{source.name}/{article.id}")
        return article

    def _end_item(self, end: ItemEnd) -> None:
        """Close an item, and remove its missing records, unless they may only seem missing.

        A file that is cut off, or has a broken line, may be in the middle of being written:
        until it can be read without that, it keeps all its records.
        """
        if not end.is_whole:
            return
        if end.is_intact and not self.keep_missing:
            item = end.item
            if not self.remove_articles(item.source, lambda: self.ledger.remove_missing(item.key)):
                # It stays unread, so that the next ingest asks again.
                return
        end.item.source.close_item(end.item)


def _get_raw_article(event: Event) -> RawArticle | None:
    return event.raw if isinstance(event, NewRecord) else None
