"""Sources to store: read what is new or changed, clean it, keep it, note what failed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from corpus.article import Article, RawArticle, Source
from corpus.sources import Item, SourceError, Unreadable, digest, items, read
from corpus.store import Fingerprint, Store
from indexer.workers import Cleaned, Cleaner

# Part of a record's digest: a change in what cleaning makes has everything cleaned again.
CLEANING_VERSION = 1

# So many events are written between two commits of the store.
_BATCH = 2_000


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
    """The end of an item; `whole` if nothing of the file itself was unreadable."""

    origin: _OpenItem
    whole: bool


_Event = _Record | _Known | _Broken | _End


def ingest(
    store: Store,
    sources: Sequence[Source],
    *,
    now: datetime,
    keep_missing: bool = False,
    workers: int = 1,
    report: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Bring the store up to date with its sources.

    With `keep_missing`, articles stay that their sources no longer have. A source whose
    location cannot be read is a failure, and keeps its articles.
    """
    reading = _Reading(store, now, keep_missing, report)
    for source in sources:
        reading.source(source, workers)
    return reading.tally


def settings_digest(source: Source) -> str:
    """Changes with whatever has a source's records cleaned differently."""
    settings = repr((CLEANING_VERSION, replace(source, location="")))
    return hashlib.blake2b(settings.encode(), digest_size=8).hexdigest()


class _Reading:
    """One run over the sources: where it stands, and the store that it writes to."""

    def __init__(
        self, store: Store, now: datetime, keep_missing: bool, report: Callable[[Tally], None]
    ) -> None:
        self._store = store
        self._now = now
        self._keep_missing = keep_missing
        self._report = report
        self.tally = Tally()

    def source(self, source: Source, workers: int) -> None:
        with self._store.transaction():
            self._store.clear_failures(source.name, "")
        try:
            listed = {item.path: item for item in items(source)}
        except SourceError as err:
            self._fail(source, "", "", str(err))
            return
        if not self._keep_missing:
            self._remove_missing(source, listed)
        todo = self._changed(source, listed)
        self._count("total", sum(_unpacked_size(source, item) for item in todo))
        with Cleaner(workers, self._now) as cleaner:
            events = cleaner.clean_each(self._events(source, todo), _raw)
            while self._write_batch(events):
                self._report(self.tally)

    def _remove_missing(self, source: Source, listed: dict[str, Item]) -> None:
        with self._store.transaction():
            known = self._store.fingerprints(source.name)
            gone = [path for path in known if not _is_listed(path, listed)]
            removed = sum(self._store.remove_item(source.name, path) for path in gone)
        self._count("removed", removed)

    def _changed(self, source: Source, listed: dict[str, Item]) -> list[Item]:
        """The items that may differ from what was read of them, by size, time or settings."""
        known = self._store.fingerprints(source.name)
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
        known = self._store.fingerprints(source.name)
        settings = settings_digest(source)
        for item in todo:
            now_digest = settings + digest(source, item)
            key = self._store.open_item(source.name, item.path)
            origin = _OpenItem(source, item, key, now_digest)
            before = known.get(item.path)
            if before is not None and before.size >= 0 and before.digest == now_digest:
                self._store.close_item(key, _fingerprint(origin))
            else:
                yield from self._item_events(origin, settings.encode())

    def _item_events(self, origin: _OpenItem, settings: bytes) -> Iterator[_Event]:
        whole = True
        self._store.clear_failures(origin.source.name, origin.item.path)
        for found in read(origin.source, origin.item):
            if isinstance(found, Unreadable):
                whole = whole and found.path != origin.item.path
                yield _Broken(origin, found)
                continue
            raw_digest = hashlib.blake2b(found.content, digest_size=16, key=settings).digest()
            if self._store.meet(origin.key, found.path, raw_digest):
                yield _Known(len(found.content))
            else:
                yield _Record(origin, found, raw_digest)
        yield _End(origin, whole)

    def _write_batch(self, events: Iterator[tuple[_Event, Cleaned]]) -> bool:
        """Write the next events in one transaction. Returns whether there were any."""
        written = 0
        with self._store.transaction():
            for event, cleaned in events:
                self._write(event, cleaned)
                written += 1
                if written >= _BATCH:
                    break
        return written > 0

    def _write(self, event: _Event, cleaned: Cleaned) -> None:
        match event:
            case _Record(origin, raw):
                self._count("done", len(raw.content))
                if isinstance(cleaned, Article):
                    self._keep(event, cleaned)
                else:
                    self._fail(origin.source, origin.item.path, raw.path, cleaned or "")
            case _Known(size):
                self._count("done", size)
                self._count("unchanged")
            case _Broken(origin, unreadable):
                reason = unreadable.reason
                self._fail(origin.source, origin.item.path, unreadable.path, reason)
            case _End(origin, whole):
                self._close(origin, whole)

    def _keep(self, record: _Record, article: Article) -> None:
        origin, source = record.origin, record.origin.source.name
        if not article.url and self._store.holder(article.id, source):
            # Two sources that number their articles alike: the later one's get its name.
            article = replace(article, id=f"{source}/{article.id}")
        new = self._store.put(article, origin.key, record.raw.path, record.digest, self._now)
        self._count("added" if new else "unchanged")

    def _fail(self, source: Source, item: str, path: str, reason: str) -> None:
        self._store.add_failure(source.name, item, path, reason)
        self._count("failed")

    def _close(self, origin: _OpenItem, whole: bool) -> None:
        """An item is done. One that could not be read whole keeps what it gave before."""
        if not whole:
            return
        if not self._keep_missing:
            unmet = self._store.unmet(origin.key)
            self._count("removed", self._store.remove_occurrences(origin.key, unmet))
        self._store.close_item(origin.key, _fingerprint(origin))

    def _count(self, field: str, number: int = 1) -> None:
        self.tally = replace(self.tally, **{field: getattr(self.tally, field) + number})


def _is_listed(path: str, listed: Mapping[str, Item]) -> bool:
    """Whether an item is there still, or lies in a folder that could not be listed."""
    return path in listed or any(str(above) in listed for above in PurePosixPath(path).parents)


def _raw(event: _Event) -> RawArticle | None:
    return event.raw if isinstance(event, _Record) else None


def _fingerprint(origin: _OpenItem) -> Fingerprint:
    return Fingerprint(origin.item.size, origin.item.mtime_ns, origin.digest)


def _unpacked_size(source: Source, item: Item) -> int:
    """About how many bytes an item gives: gzip notes it, modulo 4 GiB, in its last four."""
    if not item.path.endswith(".gz"):
        return item.size
    location = Path(source.location)
    try:
        with (location / item.path if location.is_dir() else location).open("rb") as file:
            file.seek(-4, 2)
            return max(item.size, int.from_bytes(file.read(4), "little"))
    except OSError:
        return item.size
