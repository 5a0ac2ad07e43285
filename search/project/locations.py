"""Locations of sources: paths and web addresses given to `dateline add`, resolved and probed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.article import Source
from corpus.fetching import FetchSettings, is_web

if TYPE_CHECKING:
    from corpus.sources.web.fetch import Fetcher


def located(written: str | Path, settings: FetchSettings) -> str:
    """Return a readable absolute path or a web address. Raises SourceError."""
    from corpus.sources import items

    if is_web(str(written)):
        from corpus.sources.web.addresses import source_address

        return source_address(str(written), any_port=settings.allow_local)
    location = str(Path(written).resolve())
    items(Source("", location))
    return location


def new_fetcher(settings: FetchSettings) -> Fetcher:
    # httpx takes 0.2 s to load.
    from corpus.sources.web.fetch import Fetcher

    return Fetcher(settings)


def probed(
    locations: Iterable[str], known: Collection[str], settings: FetchSettings
) -> Fetcher | None:
    """Probe the web addresses that are not known yet; return the fetcher, None without any.

    Raises SourceError for an address that cannot be fetched, so that it becomes no source.
    """
    addresses = [location for location in locations if is_web(location)]
    if not addresses:
        return None
    from corpus.sources import SourceError
    from corpus.sources.web.hosts import FetchError

    fetcher = new_fetcher(settings)
    for address in addresses:
        if address not in known:
            try:
                fetcher.probe(address)
            except FetchError as err:
                raise SourceError(f"{address} cannot be fetched: {err}") from err
    return fetcher
