"""Locations of sources: paths and web addresses given to `dateline add`, resolved and probed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.article import Source
from corpus.fetch_settings import FetchSettings, is_web_address

if TYPE_CHECKING:
    from corpus.sources.web.fetcher import Fetcher


def resolve_location(location: str | Path, settings: FetchSettings) -> str:
    """Return a readable absolute path or a web address. Raises SourceError."""
    from corpus.sources import list_files

    if is_web_address(str(location)):
        from corpus.sources.web.addresses import validate_source_address

        return validate_source_address(str(location), any_port=settings.allow_local)
    location = str(Path(location).resolve())
    list_files(Source("", location))
    return location


def make_fetcher(settings: FetchSettings) -> Fetcher:
    # httpx takes 0.2 s to load.
    from corpus.sources.web.fetcher import Fetcher

    return Fetcher(settings)


def probe_new_addresses(
    locations: Iterable[str], known: Collection[str], settings: FetchSettings
) -> Fetcher | None:
    """Probe the web addresses that are not known yet; return the fetcher, None without any.

    Raises SourceError for an address that cannot be fetched, so that it becomes no source.
    """
    addresses = [location for location in locations if is_web_address(location)]
    if not addresses:
        return None
    from corpus.sources import SourceError
    from corpus.sources.web.hosts import FetchError

    fetcher = make_fetcher(settings)
    for address in addresses:
        if address not in known:
            try:
                fetcher.probe_address(address)
            except FetchError as err:
                raise SourceError(f"{address} cannot be fetched: {err}") from err
    return fetcher
