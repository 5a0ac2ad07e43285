"""The sources of a project: what was added or stands in dateline.yaml, with its settings."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from corpus.article import Source
from corpus.fetching import is_web
from corpus.ledger import Ledger
from corpus.store import Store
from search.config.config import Config, SourceSettings

# The location of the source of articles that were posted: no file or folder.
_POSTED = ":posted"


class SourceRegistry:
    """Sources are kept in the store; one inside the project's folder, relative to that.

    So a project may be moved with what is in it.
    """

    def __init__(self, config: Config, store: Store) -> None:
        self._config = config
        self._store = store
        self._ledger = Ledger(store)

    def sources(self) -> list[Source]:
        """Every registered source, with the settings that dateline.yaml gives it."""
        return [
            configured(self._config, name, self._located(location))
            for name, location in self._ledger.sources()
            if location != _POSTED
        ]

    def posted(self) -> Source:
        """The source of articles that no file has, registered if there is none.

        It is not among `sources`: there is nothing to read again, and nothing of it is missing.
        """
        for name, location in self._ledger.sources():
            if location == _POSTED:
                return Source(name, _POSTED, self._config.zone.key)
        return Source(self._remember("posted", _POSTED), _POSTED, self._config.zone.key)

    def _located(self, location: str) -> str:
        return location if is_web(location) else str((self._config.root / location).resolve())

    def source_of(self, location: str) -> str:
        """The name of the innermost source that a path lies in, registered if there is none.

        A web address is in no source but itself.
        """
        known = self.sources()
        around = [each for each in known if each.location == location]
        if not is_web(location):
            around = [each for each in known if Path(location).is_relative_to(each.location)]
        if around:
            return max(around, key=lambda source: len(source.location)).name
        return self._register(SourceSettings(location))

    def register_settings(self) -> None:
        """Remember the sources that dateline.yaml has, those that lie within others too."""
        known = {source.location for source in self.sources()}
        for settings in self._config.sources:
            if settings.location not in known:
                self._register(settings)

    def _register(self, settings: SourceSettings) -> str:
        """Remember a source. Returns its name, which no other one has."""
        location, root = settings.location, self._config.root
        if not is_web(location) and Path(location).is_relative_to(root):
            location = Path(location).relative_to(root).as_posix()
        return self._remember(settings.name or _named(settings.location), location)

    def _remember(self, base: str, location: str) -> str:
        taken = {name for name, _ in self._ledger.sources()}
        name = base
        number = 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        with self._store.transaction():
            self._ledger.register(name, location)
        return name


def _named(location: str) -> str:
    """What a source is called that has no name: its host without `www.`, its file or folder."""
    if is_web(location):
        return (urlsplit(location).hostname or location).removeprefix("www.")
    return Path(location).name


def configured(config: Config, name: str, location: str) -> Source:
    """A path or web address as a source, with the settings that dateline.yaml gives it."""
    said = next(
        (each for each in config.sources if each.location == location), SourceSettings(location)
    )
    return Source(
        name=name,
        location=location,
        timezone=said.timezone or config.zone.key,
        publisher=said.publisher,
        language=said.language,
        fields=said.fields,
        selectors=said.selectors,
    )
