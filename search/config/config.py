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
from corpus.fetch_settings import FetchSettings
from indexer.engines import DEFAULT_ENGINE, load_engine
from indexer.engines.cluster_settings import ClusterSettings
from search.config import setting_parsers

if TYPE_CHECKING:
    from search.config.yaml_sections import ConfigSection

CONFIG_FILE_NAME = "dateline.yaml"
DATA_FOLDER_NAME = ".dateline"

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
    follow_links: bool = False
    allow_removals: bool = False


@dataclass(frozen=True, slots=True)
class RankingSettings:
    """The settings of ranking: up to `recency_weight` is added to the engine's score of new
    articles, half of it after a half-life; None: nothing is added. With `smoothing`, articles rank
    higher whose likes do."""

    recency_half_life: timedelta | None = None
    recency_weight: float = 4.0
    smoothing: bool = True


@dataclass(frozen=True, slots=True)
class EntitySettings:
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
    ranking: RankingSettings = RankingSettings()
    fetch: FetchSettings = field(default_factory=FetchSettings)
    entities: EntitySettings = EntitySettings()
    aliases: tuple[tuple[str, ...], ...] = ()
    sources: tuple[SourceSettings, ...] = ()
    cluster: ClusterSettings = field(default_factory=ClusterSettings)

    @property
    def is_shared(self) -> bool:
        """Whether other projects may index their articles in the same index."""
        return load_engine(self.engine).is_shared

    @property
    def data_folder(self) -> Path:
        """The folder of the corpus, the index and the lock."""
        return self.root / DATA_FOLDER_NAME


def find_root(start: Path) -> Path | None:
    """Return the nearest folder from `start` upwards that contains a project, or None."""
    for folder in (start, *start.parents):
        if (folder / CONFIG_FILE_NAME).is_file() or (folder / DATA_FOLDER_NAME).is_dir():
            return folder
    return None


def load_config(
    root: Path,
    *,
    flags: Mapping[str, str] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Config:
    """Load the settings of the project in `root`. Raises ConfigError."""
    # YAML is slow to import, and not every command needs it.
    from search.config.yaml_sections import ConfigSection, read_yaml

    top = read_yaml(root / CONFIG_FILE_NAME, _TOP_KEYS) or ConfigSection(
        root / CONFIG_FILE_NAME, None, _TOP_KEYS
    )
    overrides = _Overrides(_collect_overrides(flags or {}, environ))
    entities = top.read_section("entities", _ENTITIES_KEYS)
    return Config(
        root=root,
        engine=overrides.read_value(top, "engine", setting_parsers.parse_engine, DEFAULT_ENGINE),
        zone=overrides.read_value(
            top, "timezone", setting_parsers.parse_time_zone, ZoneInfo("UTC")
        ),
        workers=overrides.read_value(
            top,
            "workers",
            setting_parsers.parse_worker_count,
            setting_parsers.parse_worker_count(setting_parsers.AUTO_WORKERS),
        ),
        scheduler=overrides.read_value(
            top, "scheduler", setting_parsers.parse_scheduler_address, ""
        ),
        lock_timeout=overrides.read_value(top, "lock_timeout", setting_parsers.parse_seconds, 10.0),
        ranking=_read_ranking(top.read_section("ranking", _RANKING_KEYS)),
        fetch=_read_fetch(top.read_section("fetch", _FETCH_KEYS)),
        entities=EntitySettings(
            overrides.read_value(entities, "entities.spacy", setting_parsers.parse_boolean, False)
        ),
        aliases=top.read_groups("aliases", setting_parsers.parse_alias, "[Iwojima, Iwo Jima]"),
        sources=tuple(
            _read_source(section, root) for section in top.read_sections("sources", _SOURCE_KEYS)
        ),
        cluster=_read_cluster(top.read_section("opensearch", _CLUSTER_KEYS), root, overrides),
    )


@dataclass(frozen=True, slots=True)
class _Overrides:
    """Settings of flags and the environment: where each came from, and its text."""

    entries: Mapping[str, tuple[str, str]]

    def read_value(
        self, section: ConfigSection, name: str, parse: Callable[[str], Value], default: Value
    ) -> Value:
        """Read a setting, by its name with that of its section (`entities.spacy`)."""
        from search.config.yaml_sections import parse_setting

        if name in self.entries:
            return parse_setting(*self.entries[name], parse)
        return section.read_value(name.rpartition(".")[2], parse, default)

    def read_values(
        self,
        section: ConfigSection,
        name: str,
        parse: Callable[[str], Value],
        default: tuple[Value, ...],
    ) -> tuple[Value, ...]:
        """Read a setting of several values, which an override separates by commas."""
        from search.config.yaml_sections import parse_setting

        if name in self.entries:
            where, text = self.entries[name]
            return tuple(parse_setting(where, item.strip(), parse) for item in text.split(","))
        return section.read_values(name.rpartition(".")[2], parse) or default


def _collect_overrides(
    flags: Mapping[str, str], environ: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    variables = {name: f"DATELINE_{name.upper().replace('.', '_')}" for name in _ENVIRONMENT_KEYS}
    from_environment = {
        name: (variable, environ[variable])
        for name, variable in variables.items()
        if environ.get(variable)
    }
    from_flags = {name: (f"--{name.replace('_', '-')}", text) for name, text in flags.items()}
    return from_environment | from_flags


def _read_ranking(section: ConfigSection) -> RankingSettings:
    return RankingSettings(
        section.read_value("recency_half_life", setting_parsers.parse_duration, None),
        section.read_value("recency_weight", setting_parsers.parse_weight, 4.0),
        section.read_value("smoothing", setting_parsers.parse_boolean, True),
    )


def _read_fetch(section: ConfigSection) -> FetchSettings:
    return FetchSettings(
        allow_local=section.read_value("allow_local", setting_parsers.parse_boolean, False),
        pace=section.read_value("pace", setting_parsers.parse_seconds, 1.0),
        contact=section.read_value("contact", setting_parsers.parse_contact, ""),
        pages=section.read_value("pages", setting_parsers.parse_count, 1_000),
    )


def _read_cluster(section: ConfigSection, root: Path, overrides: _Overrides) -> ClusterSettings:
    defaults = ClusterSettings()
    ca = overrides.read_value(section, "opensearch.ca", setting_parsers.parse_path, None)
    return ClusterSettings(
        hosts=overrides.read_values(
            section, "opensearch.hosts", setting_parsers.parse_server_address, defaults.hosts
        ),
        index=section.read_value("index", setting_parsers.parse_index_name, defaults.index),
        period=section.read_value("period", setting_parsers.parse_index_period, defaults.period),
        shards=section.read_value("shards", setting_parsers.parse_shard_count, defaults.shards),
        replicas=section.read_value(
            "replicas", setting_parsers.parse_replica_count, defaults.replicas
        ),
        user=overrides.read_value(section, "opensearch.user", str, defaults.user),
        password=overrides.read_value(section, "opensearch.password", str, defaults.password),
        ca=None if ca is None else root / ca,
        timeout=section.read_value("timeout", setting_parsers.parse_seconds, defaults.timeout),
    )


def _read_source(section: ConfigSection, root: Path) -> SourceSettings:
    path, url = (
        section.read_value("path", setting_parsers.parse_path, None),
        section.read_value("url", setting_parsers.parse_web_address, ""),
    )
    if (path is None) == (not url):
        raise section.make_error("a source needs a path, or else a url")
    return SourceSettings(
        location=url if path is None else str((root / path).resolve()),
        name=section.read_value("name", str, ""),
        timezone=section.read_value(
            "timezone", lambda text: setting_parsers.parse_time_zone(text).key, ""
        ),
        publisher=section.read_value("publisher", str, ""),
        language=section.read_value("language", str, ""),
        fields=section.read_pairs("fields", _ARTICLE_FIELDS),
        selectors=section.read_lists("selectors", _SELECTOR_FIELDS, setting_parsers.parse_selector),
        follow_links=section.read_value("follow_links", setting_parsers.parse_boolean, False),
        allow_removals=section.read_value("allow_removals", setting_parsers.parse_boolean, False),
    )


_TOP_KEYS = (
    "engine", "timezone", "workers", "scheduler", "lock_timeout", "ranking", "fetch", "entities",
    "opensearch", "aliases", "sources",
)  # fmt: skip
# Settings that the environment can override.
_ENVIRONMENT_KEYS = (
    "engine", "timezone", "workers", "scheduler", "lock_timeout", "entities.spacy",
    "opensearch.hosts", "opensearch.user", "opensearch.password", "opensearch.ca",
)  # fmt: skip
_CLUSTER_KEYS = (
    "hosts", "index", "period", "shards", "replicas", "user", "password", "ca", "timeout",
)  # fmt: skip
_ENTITIES_KEYS = ("spacy",)
_FETCH_KEYS = ("allow_local", "pace", "contact", "pages")
_RANKING_KEYS = ("recency_half_life", "recency_weight", "smoothing")
_SOURCE_KEYS = (
    "path", "url", "name", "timezone", "publisher", "language", "fields", "selectors",
    "follow_links", "allow_removals",
)  # fmt: skip
_ARTICLE_FIELDS = (
    "id", "url", "source", "title", "dek", "body", "authors", "section", "language",
    "published", "updated",
)  # fmt: skip
_SELECTOR_FIELDS = ("title", "dek", "body", "authors", "section", "date", "updated", "remove")
