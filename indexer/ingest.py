"""Sources to store: read what is new or changed, clean it, keep it, note what failed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from corpus.article import Article, RawArticle, Source
from corpus.ledger import Fingerprint, Ledger
from corpus.sources import Item, SourceError, Unreadable, digest, read
from corpus.store import Store
from indexer.listing import is_there, list_items, unpacked_size
from indexer.workers import Cleaned, Cleaner

# Part of a record's digest: a change in what cleaning makes has everything cleaned again.
CLEANING_VERSION = 1

# So many events, or bytes of articles, are written between two commits of the store.
_BATCH = 2_000
_BATCH_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Tally:
    """How far an ingest has come. `done` and `total` are bytes of the files to be read."""

    added: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: int = 0
    done: int = 0
    total: int = 0

    @property
    def articles(self) -> int:
        return self.added + self.unchanged


@dataclass(frozen=True, slots=True)
class _OpenItem:
    """An item that is being read, with its key in the store and its digest."""

    source: Source
    item: Item
    key: int
    digest: str


@dataclass(frozen=True, slots=True)
class _Record:
    """A raw article that the store does not have in this form."""

    origin: _OpenItem
    raw: RawArticle
    digest: bytes


@dataclass(frozen=True, slots=True)
class _Known:
    """A raw article that the store has."""

    size: int


@dataclass(frozen=True, slots=True)
class _Broken:
    """Something that the reader could not read."""

    origin: _OpenItem
    unreadable: Unreadable


@dataclass(frozen=True, slots=True)
class _End:
    """The end of an item.

    `whole` if the file could be read to its end, `intact` if every record in it could, too.
    """

    origin: _OpenItem
    whole: bool
    intact: bool


_Event = _Record | _Known | _Broken | _End


def ingest(
    store: Store,
    sources: Sequence[Source],
    *,
    now: datetime,
    beside: Sequence[Source] = (),
    keep_missing: bool = False,
    workers: int = 1,
    report: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Bring the store up to date with its sources.

    `beside` are the project's other sources: a file belongs to the innermost source that it
    lies in. With `keep_missing`, articles stay that their sources no longer have. A source
    whose location cannot be read is a failure, and keeps its articles. Raises StoreError.
    """
    with Cleaner(workers, now) as cleaner:
        reading = _Reading(store, now, keep_missing, cleaner, report)
        for source in sources:
            reading.source(source, (*sources, *beside))
    return reading.tally


def settings_digest(source: Source) -> str:
    """Changes with whatever has a source's records cleaned differently."""
    settings = repr((CLEANING_VERSION, replace(source, location="")))
    return hashlib.blake2b(settings.encode(), digest_size=8).hexdigest()


class _Reading:
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
                self._fail(source, "", "", str(err))
            return
        if not self._keep_missing:
            self._remove_missing(source, listed)
        todo = self._changed(source, listed)
        self._count("total", sum(unpacked_size(source, item) for item in todo))
        events = self._cleaner.clean_each(self._events(source, todo), _raw)
        while self._write_batch(events):
            pass

    def _remove_missing(self, source: Source, listed: dict[str, Item]) -> None:
        with self._store.transaction():
            known = self._ledger.fingerprints(source.name)
            gone = [path for path in known if not is_there(path, listed)]
            removed = sum(self._ledger.remove_item(source.name, path) for path in gone)
        self._count("removed", removed)

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

    def _events(self, source: Source, todo: Sequence[Item]) -> Iterator[_Event]:
        known = self._ledger.fingerprints(source.name)
        settings = settings_digest(source)
        for item in todo:
            now_digest = settings + digest(source, item)
            key = self._ledger.open_item(source.name, item.path)
            origin = _OpenItem(source, item, key, now_digest)
            before = known.get(item.path)
            if before is not None and before.size >= 0 and before.digest == now_digest:
                self._ledger.close_item(key, _fingerprint(origin))
            else:
                yield from self._item_events(origin, settings.encode())

    def _item_events(self, origin: _OpenItem, settings: bytes) -> Iterator[_Event]:
        whole = intact = True
        self._ledger.clear_failures(origin.source.name, origin.item.path)
        for found in read(origin.source, origin.item):
            if isinstance(found, Unreadable):
                intact = False
                whole = whole and found.path != origin.item.path
                yield _Broken(origin, found)
                continue
            raw_digest = hashlib.blake2b(found.content, digest_size=16, key=settings).digest()
            if self._ledger.meet(origin.key, found.path, raw_digest):
                yield _Known(len(found.content))
            else:
                yield _Record(origin, found, raw_digest)
        yield _End(origin, whole, intact)

    def _write_batch(self, events: Iterator[tuple[_Event, Cleaned]]) -> bool:
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

    def _write(self, event: _Event, cleaned: Cleaned) -> None:
        match event:
            case _Record():
                self._take(event, cleaned)
            case _Known(size):
                self._count("done", size)
                self._count("unchanged")
            case _Broken(origin, unreadable):
                reason = unreadable.reason
                self._fail(origin.source, origin.item.path, unreadable.path, reason)
            case _End():
                self._close(event)

    def _take(self, record: _Record, cleaned: Cleaned) -> None:
        origin, raw = record.origin, record.raw
        self._count("done", len(raw.content))
        if isinstance(cleaned, Article):
            article = self._named(origin.source.name, cleaned)
            changed = self._ledger.put(article, origin.key, raw.path, record.digest, self._now)
            self._count("added" if changed else "unchanged")
        else:
            self._ledger.spare(origin.key, raw.path)
            self._fail(origin.source, origin.item.path, raw.path, cleaned or "")

    def _named(self, source: str, article: Article) -> Article:
        """The article; if another source has its number, the source's name is put before it."""
        if not article.url and self._ledger.given_elsewhere(article.id, source):
            return replace(article, id=f"{source}/{article.id}")
        return article

    def _fail(self, source: Source, item: str, path: str, reason: str) -> None:
        self._ledger.add_failure(source.name, item, path, reason)
        self._count("failed")

    def _close(self, end: _End) -> None:
        """An item is done. Nothing of one goes that may only seem to be gone.

        A file that is cut off, or has a line that is not one, may be in the midst of being
        written: until it is read without that, it keeps all that it gave before.
        """
        if not end.whole:
            return
        if end.intact and not self._keep_missing:
            self._count("removed", self._ledger.remove_unmet(end.origin.key))
        self._ledger.close_item(end.origin.key, _fingerprint(end.origin))

    def _count(self, field: str, number: int = 1) -> None:
        self.tally = replace(self.tally, **{field: getattr(self.tally, field) + number})


def _raw(event: _Event) -> RawArticle | None:
    return event.raw if isinstance(event, _Record) else None


def _fingerprint(origin: _OpenItem) -> Fingerprint:
    return Fingerprint(origin.item.size, origin.item.mtime_ns, origin.digest)
