"""Sources on the web: fetch what they list, and read the entries that are new or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from corpus.article import RawArticle, Source
from corpus.fetch_settings import FetchSettings
from corpus.sources.item import ReadFailure
from corpus.sources.web.fetcher import Fetcher
from corpus.sources.web.host_queues import run_jobs_by_host
from corpus.sources.web.hosts import HostClosedError
from corpus.sources.web.web_source import Entry, Listing, list_entries, read_entries
from indexer.ingest.event_writer import EventWriter
from indexer.ingest.events import Event

_PAGES_LEFT = "pages left for the next update"
# Entries that link to one page, with their articles, or why their host is not asked any more.
_FetchedPage = tuple[Sequence[Entry], list[RawArticle | ReadFailure] | HostClosedError]
# The name of a source, a host that is not asked any more, and the reason.
_ClosedHost = tuple[str, str, str]


def ingest_web(sources: Sequence[Source], writer: EventWriter, fetcher: Fetcher | None) -> None:
    """Ingest sources on the web, and stop the fetcher."""
    fetcher = fetcher or Fetcher(FetchSettings())
    try:
        _WebIngest(sources, writer, fetcher).run()
    finally:
        fetcher.stop()


class _WebIngest:
    """One ingest of sources on the web.

    Nothing is fetched while the store is being written to, and what was fetched is written
    before more is waited for, so that an interrupted ingest has lost nothing.
    """

    def __init__(self, sources: Sequence[Source], writer: EventWriter, fetcher: Fetcher) -> None:
        self._sources = {source.name: writer.open_source(source) for source in sources}
        self._writer = writer
        self._ledger = writer.ledger
        self._fetcher = fetcher
        # Names of the sources that are not finished: the next ingest reads their documents
        # again, even if the server has not changed them.
        self._unfinished = set[str]()

    def run(self) -> None:
        """Fetch and write the listings, then the pages that they link to."""
        listings, linking = [], []
        for listing in self._fetch_listings():
            todo = list(self._select_entries(listing))
            total = sum(entry.item.size for entry in todo)
            self._writer.stats = self._writer.stats.add(total=total)
            self._write_records((entry, entry.raw) for entry in todo if not entry.page_url)
            linking += [entry for entry in todo if entry.page_url]
            # What is written is not kept in memory until the end.
            listing.entries.clear()
            listings.append(listing)
        closed = self._fetch_pages(linking)
        with self._writer.transaction():
            self._add_closed_hosts(closed)
            for listing in listings:
                self._store_validators(listing)

    def _fetch_listings(self) -> Iterator[Listing]:
        """Fetch what each source lists, and add the failures of each to the ledger."""
        jobs = []
        for opened in self._sources.values():
            known = self._ledger.read_validators(opened.name, opened.settings)
            work = partial(list_entries, opened.source, self._fetcher, known)
            jobs.append((opened.source.location, work))
        for listings in run_jobs_by_host(jobs):
            with self._writer.transaction():
                for listing in listings:
                    self._add_listing_failures(listing)
            yield from listings

    def _add_listing_failures(self, listing: Listing) -> None:
        """Add the parts of a listing that could not be read, and a note of its feeds."""
        source = self._sources[listing.source.name]
        self._ledger.clear_failures(source.name, "")
        if listing.failure:
            self._writer.add_failure(source, "", "", listing.failure)
            self._unfinished.add(source.name)
        for url, unreadable in listing.unreadable.items():
            self._ledger.clear_failures(source.name, url)
            for part in unreadable:
                self._writer.add_failure(source, url, part.path, part.reason)
        if listing.feeds:
            self._add_note(
                f"{listing.source.location} is read as one page; the feeds it names are "
                f"{', '.join(listing.feeds)}"
            )

    def _select_entries(self, listing: Listing) -> Iterator[Entry]:
        """Yield the entries that are new or changed, up to the number of pages allowed."""
        source, pages, left = self._sources[listing.source.name], self._fetcher.settings.pages, 0
        for entry in listing.entries.values():
            if source.is_ingested(entry.item, entry.item.stamp):
                continue
            if not entry.page_url:
                yield entry
            elif pages:
                pages -= 1
                yield entry
            else:
                left += 1
        # Of many sources they would take much memory.
        source.fingerprints.clear()
        if left:
            self._unfinished.add(source.name)
            self._add_note(f"{source.name}: {_PAGES_LEFT}: {left:,}")

    def _fetch_pages(self, entries: Sequence[Entry]) -> Counter[_ClosedHost]:
        """Fetch and write linked pages. Returns how many were left at each closed host."""
        closed = Counter[_ClosedHost]()
        by_page: dict[str, list[Entry]] = {}
        for entry in entries:
            by_page.setdefault(entry.page_url, []).append(entry)
        jobs = [
            (page, partial(_read_page, linking, self._fetcher)) for page, linking in by_page.items()
        ]
        for pages in run_jobs_by_host(jobs):
            records: list[tuple[Entry, RawArticle | ReadFailure]] = []
            for linking, result in pages:
                if isinstance(result, HostClosedError):
                    reason = result.host, str(result)
                    closed.update((entry.raw.source.name, *reason) for entry in linking)
                else:
                    records += zip(linking, result, strict=True)
            self._write_records(records)
        return closed

    def _write_records(self, records: Iterable[tuple[Entry, RawArticle | ReadFailure]]) -> None:
        self._writer.write_events(self._compare_entries(records))

    def _compare_entries(
        self, records: Iterable[tuple[Entry, RawArticle | ReadFailure]]
    ) -> Iterator[Event]:
        for entry, record in records:
            source, item = self._sources[entry.raw.source.name], entry.item
            if isinstance(record, ReadFailure) and not record.is_permanent:
                self._unfinished.add(source.name)
            opened = source.open_item(item, item.stamp)
            yield from self._writer.compare_records(opened, [record])

    def _add_closed_hosts(self, closed: Counter[_ClosedHost]) -> None:
        for (name, host, reason), left in closed.items():
            self._unfinished.add(name)
            failure = f"{reason}; {_PAGES_LEFT}: {left:,}"
            self._writer.add_failure(self._sources[name], "", host, failure)

    def _store_validators(self, listing: Listing) -> None:
        """Store the validators of a source's documents, if the source is finished."""
        source = self._sources[listing.source.name]
        if source.name not in self._unfinished:
            for url, validators in listing.validators.items():
                self._ledger.set_validators(source.name, source.settings, url, validators)

    def _add_note(self, note: str) -> None:
        self._writer.stats = self._writer.stats.add_notes(note)


def _read_page(entries: Sequence[Entry], fetcher: Fetcher) -> _FetchedPage:
    try:
        return entries, list(read_entries(entries, fetcher))
    except HostClosedError as err:
        return entries, err
