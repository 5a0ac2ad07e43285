"""Sources to store: read what is new or changed, clean it, keep it, note what failed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from corpus.article import Article, RawArticle, Source
from corpus.extractions import Groups
from corpus.fetching import is_web
from corpus.ledger import Fingerprint, Ledger
from corpus.sources import Item, SourceError, Unreadable, digest, read
from corpus.store import Store
from indexer.clean import clean
from indexer.entities.extractor import known_names, rules
from indexer.ingest.events import Broken, End, Event, Known, OpenItem, Record
from indexer.ingest.listing import is_there, list_items, unpacked_size
from indexer.ingest.stats import Tally
from indexer.workers.cleaner import Cleaned, Cleaner

if TYPE_CHECKING:
    from corpus.sources.web.fetch import Fetcher

# Part of a record's digest: a change in what cleaning makes has everything cleaned again.
CLEANING_VERSION = 1

# So many events, or bytes of articles, are written between two commits of the store.
_BATCH = 2_000
_BATCH_BYTES = 10_000_000
# Of a file that is no such file at all, so many failures are kept.
_MOST_FAILURES = 5_000


def ingest(
    store: Store,
    sources: Sequence[Source],
    *,
    now: datetime,
    beside: Sequence[Source] = (),
    keep_missing: bool = False,
    workers: int = 1,
    scheduler: str = "",
    groups: Groups = (),
    fetcher: Fetcher | None = None,
    report: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Bring the store up to date with its sources.

    `beside` are the project's other sources: a file belongs to the innermost source that it
    lies in. With `keep_missing`, articles stay that their sources no longer have. `groups`
    are names of one thing each, for those who find entities. With the address of a Dask
    `scheduler`, its workers clean, and not `workers` here. A source
    whose location cannot be read is a failure, and keeps its articles. Those on the web are
    fetched with `fetcher`, and keep all that they ever gave. Raises StoreError, ClusterError.
    """
    cleaning = partial(clean, names=known_names(groups))
    with Cleaner(workers, now, cleaning, scheduler=scheduler) as cleaner:
        reading = Reading(store, now, keep_missing, cleaner, report)
        for source in sources:
            if not is_web(source.location):
                reading.source(source, (*sources, *beside))
        if fetched := [source for source in sources if is_web(source.location)]:
            # httpx takes a fifth of a second to load.
            from indexer.ingest.web import WebReading

            WebReading(reading, store, fetcher).read(fetched)
    return reading.tally


def settings_digest(source: Source) -> str:
    """Changes with whatever has a source's records cleaned differently."""
    settings = repr((CLEANING_VERSION, replace(source, location="")))
    return hashlib.blake2b(settings.encode(), digest_size=8).hexdigest()


class Reading:
    """One run over the sources: where it stands, and the store that it writes to."""

    def __init__(
        self,
        store: Store,
        now: datetime,
        keep_missing: bool,
        cleaner: Cleaner,
        report: Callable[[Tally], None],
    ) -> None:
        self._store = store
        self._ledger = Ledger(store)
        self._now = now
        self._keep_missing = keep_missing
        self._cleaner = cleaner
        self._report = report
        self.tally = Tally()

    def source(self, source: Source, known: Sequence[Source]) -> None:
        """Read a source, but what lies in others that are known."""
        with self._store.transaction():
            self._ledger.clear_failures(source.name, "")
        try:
            listed = list_items(source, known)
        except SourceError as err:
            with self._store.transaction():
                self.fail(source, "", "", str(err))
            return
        if not self._keep_missing:
            self._remove_missing(source, listed)
        todo = self._changed(source, listed)
        self.count("total", sum(unpacked_size(source, item) for item in todo))
        self.take_in(self._events(source, todo))

    def take_in(self, events: Iterator[Event]) -> None:
        """Clean what events carry, and write all of it to the store, in batches."""
        cleaned = self._cleaner.clean_each(events, _raw)
        while self._write_batch(cleaned):
            pass

    def _remove_missing(self, source: Source, listed: dict[str, Item]) -> None:
        with self._store.transaction():
            known = self._ledger.fingerprints(source.name)
            gone = [path for path in known if not is_there(path, listed)]
            removed = sum(self._ledger.remove_item(source.name, path) for path in gone)
        self.count("removed", removed)

    def _changed(self, source: Source, listed: dict[str, Item]) -> list[Item]:
        """The items that may differ from what was read of them, by size, time or settings."""
        known = self._ledger.fingerprints(source.name)
        settings = settings_digest(source)

        def same(item: Item) -> bool:
            before = known.get(item.path)
            return (
                before is not None
                and (before.size, before.mtime_ns) == (item.size, item.mtime_ns)
                and before.digest.startswith(settings)
            )

        return [item for item in listed.values() if not same(item)]

    def _events(self, source: Source, todo: Sequence[Item]) -> Iterator[Event]:
        known = self._ledger.fingerprints(source.name)
        settings = settings_digest(source)
        for item in todo:
            now_digest = settings + digest(source, item)
            key = self._ledger.open_item(source.name, item.path)
            origin = OpenItem(source, item, key, now_digest)
            before = known.get(item.path)
            if before is not None and before.size >= 0 and before.digest == now_digest:
                self._ledger.close_item(key, _fingerprint(origin))
            else:
                yield from self.item_events(origin, read(source, item))

    def item_events(
        self, origin: OpenItem, read_of_it: Iterable[RawArticle | Unreadable]
    ) -> Iterator[Event]:
        """What is new in an item, and what is not, from all that was read of it."""
        whole = intact = True
        settings = settings_digest(origin.source).encode()
        self._ledger.clear_failures(origin.source.name, origin.item.path)
        for found in self._up_to_hopeless(origin.item, read_of_it):
            if isinstance(found, Unreadable):
                intact = False
                whole = whole and (found.final or found.path != origin.item.path)
                yield Broken(origin, found)
                continue
            raw_digest = hashlib.blake2b(found.content, digest_size=16, key=settings).digest()
            if self._ledger.meet(origin.key, found.path, raw_digest):
                yield Known(len(found.content))
            else:
                yield Record(origin, found, raw_digest)
        yield End(origin, whole, intact)

    def _up_to_hopeless(
        self, item: Item, read_of_it: Iterable[RawArticle | Unreadable]
    ) -> Iterator[RawArticle | Unreadable]:
        """What is read of an item, until very many of its records fail, and most of them."""
        before = self.tally.failed
        for number, found in enumerate(read_of_it):
            failed = self.tally.failed - before
            if failed > _MOST_FAILURES and failed > number / 2:
                reason = f"most of its first {number:,} records failed; the rest is not read"
                yield Unreadable(item.path, reason, final=True)
                return
            yield found

    def _write_batch(self, events: Iterator[tuple[Event, Cleaned]]) -> bool:
        """Write the next events in one transaction. Returns whether there were any."""
        written, begun = 0, self.tally.done
        with self._store.transaction():
            for event, cleaned in events:
                self._write(event, cleaned)
                self._report(self.tally)
                written += 1
                if written >= _BATCH or self.tally.done - begun >= _BATCH_BYTES:
                    break
        return written > 0

    def _write(self, event: Event, cleaned: Cleaned) -> None:
        match event:
            case Record():
                self._take(event, cleaned)
            case Known(size):
                self.count("done", size)
                self.count("unchanged")
            case Broken(origin, unreadable):
                reason = unreadable.reason
                self.fail(origin.source, origin.item.path, unreadable.path, reason)
            case End():
                self._close(event)

    def _take(self, record: Record, cleaned: Cleaned) -> None:
        origin, raw = record.origin, record.raw
        self.count("done", len(raw.content))
        if isinstance(cleaned, Article):
            article = self._named(origin.source.name, cleaned)
            changed = self._ledger.put(
                article, origin.key, raw.path, record.digest, self._now, rules().version
            )
            self.count("added" if changed else "unchanged")
        else:
            self._ledger.spare(origin.key, raw.path)
            self.fail(origin.source, origin.item.path, raw.path, cleaned or "")

    def _named(self, source: str, article: Article) -> Article:
        """The article; if another source has its number, the source's name is put before it."""
        if not article.url and self._ledger.given_elsewhere(article.id, source):
            return replace(article, id=f"{source}/{article.id}")
        return article

    def fail(self, source: Source, item: str, path: str, reason: str) -> None:
        self._ledger.add_failure(source.name, item, path, reason)
        self.count("failed")

    def _close(self, end: End) -> None:
        """An item is done. Nothing of one goes that may only seem to be gone.

        A file that is cut off, or has a line that is not one, may be in the midst of being
        written: until it is read without that, it keeps all that it gave before.
        """
        if not end.whole:
            return
        if end.intact and not self._keep_missing:
            self.count("removed", self._ledger.remove_unmet(end.origin.key))
        self._ledger.close_item(end.origin.key, _fingerprint(end.origin))

    def note(self, words: str) -> None:
        self.tally = replace(self.tally, notes=(*self.tally.notes, words))

    def count(self, field: str, number: int = 1) -> None:
        self.tally = replace(self.tally, **{field: getattr(self.tally, field) + number})


def _raw(event: Event) -> RawArticle | None:
    return event.raw if isinstance(event, Record) else None


def _fingerprint(origin: OpenItem) -> Fingerprint:
    return Fingerprint(origin.item.size, origin.item.mtime_ns, origin.digest)
