"""Sources on the web to store: what they list, and of that what is new or has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from corpus.article import RawArticle, Source
from corpus.fetching import FetchSettings
from corpus.ledger import Ledger
from corpus.sources.item import Unreadable
from corpus.sources.web.entries import Entry, Listing, list_entries, read_entries
from corpus.sources.web.fetch import Fetcher
from corpus.sources.web.hosts import HostClosedError
from corpus.sources.web.lanes import in_lanes
from corpus.store import Store
from indexer.ingest.events import Event, OpenItem
from indexer.ingest.run import Reading, settings_digest

_LEFT = "pages left for the next update"
# Entries that link to one page, with their articles, or with why its host is left alone.
_Arrived = tuple[Sequence[Entry], list[RawArticle | Unreadable] | HostClosedError]


class WebReading:
    """One run over sources on the web.

    Nothing is waited for while the store is being written to, and what has arrived is
    written before more is waited for, so that an interrupted run has lost nothing.
    """

    def __init__(self, reading: Reading, store: Store, fetcher: Fetcher | None) -> None:
        self._reading = reading
        self._store = store
        self._ledger = Ledger(store)
        self._fetcher = fetcher or Fetcher(FetchSettings())
        # Sources that are not done: they are asked again whether anything changed or not.
        self._unsettled = set[str]()

    def read(self, sources: Sequence[Source]) -> None:
        """Fetch and take in what the sources list now and is not held."""
        try:
            listings, linking = [], []
            for listing in self._listings(sources):
                todo = list(self._changed(listing))
                self._reading.count("total", sum(entry.item.size for entry in todo))
                self._take_in((entry, entry.raw) for entry in todo if not entry.page)
                linking += [entry for entry in todo if entry.page]
                # What is taken in is not held until the end.
                listing.entries.clear()
                listings.append(listing)
            closed = self._fetch(linking)
            with self._store.transaction():
                self._tell_closed(closed)
                for listing in listings:
                    self._settle(listing)
        finally:
            self._fetcher.stop()

    def _listings(self, sources: Sequence[Source]) -> Iterator[Listing]:
        jobs = []
        for source in sources:
            known = self._ledger.validators(source.name, settings_digest(source))
            jobs.append((source.location, partial(list_entries, source, self._fetcher, known)))
        for listings in in_lanes(jobs):
            with self._store.transaction():
                for listing in listings:
                    self._tell(listing)
            yield from listings

    def _tell(self, listing: Listing) -> None:
        """Note what could not be read of a listing, and what else it has."""
        source = listing.source
        self._ledger.clear_failures(source.name, "")
        if listing.failure:
            self._reading.fail(source, "", "", listing.failure)
            self._unsettled.add(source.name)
        for url, unreadable in listing.unreadable.items():
            self._ledger.clear_failures(source.name, url)
            for each in unreadable:
                self._reading.fail(source, url, each.path, each.reason)
        if listing.feeds:
            self._reading.note(
                f"{source.location} is read as one page; the feeds it names are "
                f"{', '.join(listing.feeds)}"
            )

    def _changed(self, listing: Listing) -> Iterator[Entry]:
        """The entries that are not held as they are, up to the number of pages allowed."""
        source, pages, left = listing.source, self._fetcher.settings.pages, 0
        known = self._ledger.fingerprints(source.name)
        settings = settings_digest(source)
        for entry in listing.entries.values():
            before = known.get(entry.item.path)
            if before and before.size >= 0 and before.digest == settings + entry.item.stamp:
                continue
            if not entry.page:
                yield entry
            elif pages:
                pages -= 1
                yield entry
            else:
                left += 1
        if left:
            self._unsettled.add(source.name)
            self._reading.note(f"{source.name}: {_LEFT}: {left:,}")

    def _fetch(self, entries: Sequence[Entry]) -> Counter[tuple[Source, str, str]]:
        """Take in linked pages. Returns how many each source still lacks, and for what reason."""
        closed = Counter[tuple[Source, str, str]]()
        by_page: dict[str, list[Entry]] = {}
        for entry in entries:
            by_page.setdefault(entry.page, []).append(entry)
        jobs = [(page, partial(_read, linking, self._fetcher)) for page, linking in by_page.items()]
        for arrived in in_lanes(jobs):
            read: list[tuple[Entry, RawArticle | Unreadable]] = []
            for linking, found in arrived:
                if isinstance(found, HostClosedError):
                    reason = found.host, str(found)
                    closed.update((entry.raw.source, *reason) for entry in linking)
                else:
                    read += zip(linking, found, strict=True)
            self._take_in(read)
        return closed

    def _take_in(self, read: Iterable[tuple[Entry, RawArticle | Unreadable]]) -> None:
        self._reading.take_in(self._events(read))

    def _events(self, read: Iterable[tuple[Entry, RawArticle | Unreadable]]) -> Iterator[Event]:
        for entry, found in read:
            source, item = entry.raw.source, entry.item
            if isinstance(found, Unreadable) and not found.final:
                self._unsettled.add(source.name)
            key = self._ledger.open_item(source.name, item.path)
            origin = OpenItem(source, item, key, settings_digest(source) + item.stamp)
            yield from self._reading.item_events(origin, [found])

    def _tell_closed(self, closed: Counter[tuple[Source, str, str]]) -> None:
        for (source, host, reason), number in closed.items():
            self._unsettled.add(source.name)
            self._reading.fail(source, "", host, f"{reason}; {_LEFT}: {number:,}")

    def _settle(self, listing: Listing) -> None:
        """Remember what the documents of a source can be asked with, once it is all read."""
        source = listing.source
        if source.name not in self._unsettled:
            for url, validators in listing.validators.items():
                settings = settings_digest(source)
                self._ledger.set_validators(source.name, settings, url, validators)


def _read(entries: Sequence[Entry], fetcher: Fetcher) -> _Arrived:
    try:
        return entries, list(read_entries(entries, fetcher))
    except HostClosedError as err:
        return entries, err
