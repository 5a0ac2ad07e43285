"""dateline.yaml → Config: parsed once, checked whole, frozen.

A setting comes from a flag, else from the environment (`DATELINE_ENGINE`), else from the
file, else from its default. Errors in the file are reported with their line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from corpus.article import Selectors
from corpus.fetching import FetchSettings
from indexer.engines import DEFAULT_ENGINE, EMBEDDED
from indexer.engines.cluster_settings import ClusterSettings
from search.config import setting_types

if TYPE_CHECKING:
    from search.config.sections import Section

FILE_NAME = "dateline.yaml"
FOLDER_NAME = ".dateline"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """The settings of one source. `location` is an absolute path or a web address."""

    location: str
    name: str = ""
    timezone: str = ""
    publisher: str = ""
    language: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    selectors: Selectors = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The settings of recency: up to `recency_weight` is added to the score of new articles,
    half of it after a half-life. None: nothing is added."""

    recency_half_life: timedelta | None = None
    recency_weight: float = 4.0


@dataclass(frozen=True, slots=True)
class Entities:
    """The settings of entity extraction: extractors used in addition to the rules."""

    spacy: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a project. `root` is its folder."""

    root: Path
    engine: str = DEFAULT_ENGINE
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    workers: int = 1
    scheduler: str = ""
    lock_timeout: float = 10.0
    ranking: Ranking = Ranking()
    fetch: FetchSettings = field(default_factory=FetchSettings)
    entities: Entities = Entities()
    aliases: tuple[tuple[str, ...], ...] = ()
    sources: tuple[SourceSettings, ...] = ()
    cluster: ClusterSettings = field(default_factory=ClusterSettings)

    @property
    def is_shared(self) -> bool:
        """Whether other projects may index their articles in the same index."""
        return self.engine not in EMBEDDED

    @property
    def folder(self) -> Path:
        """The folder of the corpus, the index and the lock."""
        return self.root / FOLDER_NAME


def find_root(start: Path) -> Path | None:
    """Return the nearest folder from `start` upwards that contains a project, or None."""
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file() or (folder / FOLDER_NAME).is_dir():
            return folder
    return None


def load(
    root: Path,
    *,
    flags: Mapping[str, str] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Config:
    """Load the settings of the project in `root`. Raises ConfigError."""
    # YAML is slow to import, and not every command needs it.
    from search.config.sections import Section, read

    top = read(root / FILE_NAME, _TOP) or Section(root / FILE_NAME, None, _TOP)
    over = _Over(_overrides(flags or {}, environ))
    entities = top.section("entities", _ENTITIES)
    return Config(
        root=root,
        engine=over.value(top, "engine", setting_types.engine, DEFAULT_ENGINE),
        zone=over.value(top, "timezone", setting_types.zone, ZoneInfo("UTC")),
        workers=over.value(
            top, "workers", setting_types.workers, setting_types.workers(setting_types.AUTO)
        ),
        scheduler=over.value(top, "scheduler", setting_types.scheduler, ""),
        lock_timeout=over.value(top, "lock_timeout", setting_types.seconds, 10.0),
        ranking=_ranking(top.section("ranking", _RANKING)),
        fetch=_fetch(top.section("fetch", _FETCH)),
        entities=Entities(over.value(entities, "entities.spacy", setting_types.truth, False)),
        aliases=top.groups("aliases", setting_types.alias, "[Iwojima, Iwo Jima]"),
        sources=tuple(_source(section, root) for section in top.sections("sources", _SOURCE)),
        cluster=_cluster(top.section("opensearch", _CLUSTER), root, over),
    )


@dataclass(frozen=True, slots=True)
class _Over:
    """Settings of flags and the environment: where each came from, and its text."""

    given: Mapping[str, tuple[str, str]]

    def value(
        self, section: Section, name: str, parse: Callable[[str], Value], default: Value
    ) -> Value:
        """Read a setting, by its name with that of its section (`entities.spacy`)."""
        from search.config.sections import checked

        if name in self.given:
            return checked(*self.given[name], parse)
        return section.value(name.rpartition(".")[2], parse, default)

    def values(
        self, section: Section, name: str, parse: Callable[[str], Value], default: tuple[Value, ...]
    ) -> tuple[Value, ...]:
        """Read a setting of several values, which an override separates by commas."""
        from search.config.sections import checked

        if name in self.given:
            where, text = self.given[name]
            return tuple(checked(where, item.strip(), parse) for item in text.split(","))
        return section.values(name.rpartition(".")[2], parse) or default


def _overrides(flags: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    variables = {name: f"DATELINE_{name.upper().replace('.', '_')}" for name in _VARIABLES}
    from_environment = {
        name: (variable, environ[variable])
        for name, variable in variables.items()
        if environ.get(variable)
    }
    from_flags = {name: (f"--{name.replace('_', '-')}", text) for name, text in flags.items()}
    return from_environment | from_flags


def _ranking(section: Section) -> Ranking:
    return Ranking(
        section.value("recency_half_life", setting_types.duration, None),
        section.value("recency_weight", setting_types.weight, 4.0),
    )


def _fetch(section: Section) -> FetchSettings:
    return FetchSettings(
        allow_local=section.value("allow_local", setting_types.truth, False),
        pace=section.value("pace", setting_types.seconds, 1.0),
        contact=section.value("contact", setting_types.contact, ""),
        pages=section.value("pages", setting_types.count, 1_000),
    )


def _cluster(section: Section, root: Path, over: _Over) -> ClusterSettings:
    defaults = ClusterSettings()
    ca = over.value(section, "opensearch.ca", setting_types.path, None)
    return ClusterSettings(
        hosts=over.values(section, "opensearch.hosts", setting_types.host, defaults.hosts),
        index=section.value("index", setting_types.index, defaults.index),
        period=section.value("period", setting_types.period, defaults.period),
        shards=section.value("shards", setting_types.shards, defaults.shards),
        replicas=section.value("replicas", setting_types.replicas, defaults.replicas),
        user=over.value(section, "opensearch.user", str, defaults.user),
        password=over.value(section, "opensearch.password", str, defaults.password),
        ca=None if ca is None else root / ca,
        timeout=section.value("timeout", setting_types.seconds, defaults.timeout),
    )


def _source(section: Section, root: Path) -> SourceSettings:
    path, url = (
        section.value("path", setting_types.path, None),
        section.value("url", setting_types.address, ""),
    )
    if (path is None) == (not url):
        raise section.error("a source needs a path, or else a url")
    return SourceSettings(
        location=url if path is None else str((root / path).resolve()),
        name=section.value("name", str, ""),
        timezone=section.value("timezone", lambda text: setting_types.zone(text).key, ""),
        publisher=section.value("publisher", str, ""),
        language=section.value("language", str, ""),
        fields=section.pairs("fields", _ARTICLE),
        selectors=section.lists("selectors", _SELECTED, setting_types.selector),
    )


_TOP = (
    "engine", "timezone", "workers", "scheduler", "lock_timeout", "ranking", "fetch", "entities",
    "opensearch", "aliases", "sources",
)  # fmt: skip
# Settings that the environment can override.
_VARIABLES = (
    "engine", "timezone", "workers", "scheduler", "lock_timeout", "entities.spacy",
    "opensearch.hosts", "opensearch.user", "opensearch.password", "opensearch.ca",
)  # fmt: skip
_CLUSTER = (
    "hosts", "index", "period", "shards", "replicas", "user", "password", "ca", "timeout",
)  # fmt: skip
_ENTITIES = ("spacy",)
_FETCH = ("allow_local", "pace", "contact", "pages")
_RANKING = ("recency_half_life", "recency_weight")
_SOURCE = ("path", "url", "name", "timezone", "publisher", "language", "fields", "selectors")
_ARTICLE = (
    "id", "url", "source", "title", "dek", "body", "authors", "section", "language",
    "published", "updated",
)  # fmt: skip
_SELECTED = ("title", "dek", "body", "authors", "section", "date", "updated", "remove")
