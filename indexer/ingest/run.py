"""An ingest: bring the store up to date with sources, in files and on the web."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from corpus.article import Source
from corpus.extractions import NameGroups
from corpus.fetch_settings import is_web_address
from corpus.store import Store
from indexer.clean import clean
from indexer.entities.extractor import index_known_names
from indexer.ingest.event_writer import EventWriter
from indexer.ingest.file_sources import ingest_files
from indexer.ingest.stats import IngestStats
from indexer.workers.cleaner import Cleaner

if TYPE_CHECKING:
    from corpus.sources.web.fetcher import Fetcher


def ingest(
    store: Store,
    sources: Sequence[Source],
    *,
    now: datetime,
    beside: Sequence[Source] = (),
    keep_missing: bool = False,
    workers: int = 1,
    scheduler: str = "",
    groups: NameGroups = (),
    fetcher: Fetcher | None = None,
    report: Callable[[IngestStats], None] = lambda stats: None,
    on_commit: Callable[[], None] = lambda: None,
) -> IngestStats:
    """Bring the store up to date with its sources.

    `beside` are the project's other sources: a file belongs to the innermost source that
    contains it. With `keep_missing`, articles stay that their sources no longer contain. `groups`
    are names of one thing each, for the extractor of entities. With the address of a Dask
    `scheduler`, its workers clean, instead of `workers` here. A source whose location cannot be
    read is a failure, and keeps its articles. Sources on the web are fetched with `fetcher`, and
    keep all articles that they ever listed. `on_commit` is called after each commit of records, in
    no transaction. Raises StoreError, WorkersError, MissingExtraError.
    """
    cleaning = partial(clean, names=index_known_names(groups))
    with Cleaner(workers, now, cleaning, scheduler=scheduler) as cleaner:
        writer = EventWriter(store, cleaner, now, keep_missing, report, on_commit)
        for source in sources:
            if not is_web_address(source.location):
                ingest_files(source, writer, (*sources, *beside))
        if web_sources := [source for source in sources if is_web_address(source.location)]:
            # httpx takes a fifth of a second to load.
            from indexer.ingest.web_sources import ingest_web

            ingest_web(web_sources, writer, fetcher)
    return writer.stats
