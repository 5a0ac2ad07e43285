"""What is given to `dateline add`, as sources have it: paths and web addresses that are there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.article import Source
from corpus.fetching import FetchSettings, is_web

if TYPE_CHECKING:
    from corpus.sources.web.fetch import Fetcher


def located(written: str | Path, settings: FetchSettings) -> str:
    """An absolute path, with something readable there, or a web address. Raises SourceError."""
    from corpus.sources import items

    if is_web(str(written)):
        from corpus.sources.web.addresses import source_address

        return source_address(str(written), any_port=settings.allow_local)
    location = str(Path(written).resolve())
    items(Source("", location))
    return location


def new_fetcher(settings: FetchSettings) -> Fetcher:
    # httpx takes a fifth of a second to load.
    from corpus.sources.web.fetch import Fetcher

    return Fetcher(settings)


def probed(
    locations: Iterable[str], known: Collection[str], settings: FetchSettings
) -> Fetcher | None:
    """What fetches, if anything is to be, after it has found all that is not known yet.

    Raises SourceError for an address that gives nothing: it is not to become a source.
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
