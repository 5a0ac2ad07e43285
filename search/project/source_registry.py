"""The sources of a project: added or from dateline.yaml, with their settings."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from corpus.article import Source
from corpus.fetch_settings import is_web_address
from corpus.ledger import Ledger
from corpus.store import Store
from search.config.config import Config, SourceSettings

# The location of the source of posted articles: no file or folder.
_POSTED_LOCATION = ":posted"


class SourceRegistry:
    """The sources in the store; the path of one inside the project's folder is relative to it.

    So a project can be moved together with its sources.
    """

    def __init__(self, config: Config, store: Store) -> None:
        self._config = config
        self._store = store
        self._ledger = Ledger(store)

    def list_sources(self) -> list[Source]:
        """Return all registered sources, with their settings in dateline.yaml."""
        return [
            make_source(self._config, name, self._resolve_location(location))
            for name, location in self._ledger.list_sources()
            if location != _POSTED_LOCATION
        ]

    def ensure_posted_source(self) -> Source:
        """Return the source of posted articles, registered if there is none.

        The list of sources omits it: it has no files to read again or to miss.
        """
        for name, location in self._ledger.list_sources():
            if location == _POSTED_LOCATION:
                return Source(name, _POSTED_LOCATION, self._config.zone.key)
        return Source(
            self._register_unique_name("posted", _POSTED_LOCATION),
            _POSTED_LOCATION,
            self._config.zone.key,
        )

    def _resolve_location(self, location: str) -> str:
        return (
            location if is_web_address(location) else str((self._config.root / location).resolve())
        )

    def ensure_source(self, location: str) -> str:
        """Return the name of the innermost source that contains a path, registered if none does.

        A web address is in no source but its own.
        """
        known = self.list_sources()
        containing = [source for source in known if source.location == location]
        if not is_web_address(location):
            path = Path(location)
            containing = [source for source in known if path.is_relative_to(source.location)]
        if containing:
            return max(containing, key=lambda source: len(source.location)).name
        return self._register_source(SourceSettings(location))

    def register_configured_sources(self) -> None:
        """Register the sources of dateline.yaml, including those inside other sources."""
        known = {source.location for source in self.list_sources()}
        for settings in self._config.sources:
            if settings.location not in known:
                self._register_source(settings)

    def _register_source(self, settings: SourceSettings) -> str:
        """Register a source. Returns its name, which is unique."""
        location, root = settings.location, self._config.root
        if not is_web_address(location) and Path(location).is_relative_to(root):
            location = Path(location).relative_to(root).as_posix()
        return self._register_unique_name(
            settings.name or _derive_source_name(settings.location), location
        )

    def _register_unique_name(self, base_name: str, location: str) -> str:
        taken = {name for name, _ in self._ledger.list_sources()}
        name = base_name
        number = 1
        while name in taken:
            number += 1
            name = f"{base_name}-{number}"
        with self._store.transaction():
            self._ledger.register_source(name, location)
        return name


def _derive_source_name(location: str) -> str:
    """Derive the name of a source without one: its host without `www.`, its file or folder."""
    if is_web_address(location):
        return (urlsplit(location).hostname or location).removeprefix("www.")
    return Path(location).name


def make_source(config: Config, name: str, location: str) -> Source:
    """Return a path or web address as a source, with its settings in dateline.yaml."""
    settings = next(
        (entry for entry in config.sources if entry.location == location),
        SourceSettings(location),
    )
    return Source(
        name=name,
        location=location,
        timezone=settings.timezone or config.zone.key,
        publisher=settings.publisher,
        language=settings.language,
        fields=settings.fields,
        selectors=settings.selectors,
        follow_links=settings.follow_links,
        allow_removals=settings.allow_removals,
    )
