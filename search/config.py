"""dateline.yaml → Config: parsed once, checked whole, frozen.

A setting comes from a flag, else from the environment (`DATELINE_ENGINE`), else from the
file, else from its default. What is wrong in the file is told with its line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from corpus.article import Selectors
from corpus.fetching import FetchSettings
from indexer.analysis import tokens
from indexer.engines import DEFAULT_ENGINE, ENGINES

if TYPE_CHECKING:
    from search.settings import Section

FILE_NAME = "dateline.yaml"
FOLDER_NAME = ".dateline"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What the file says about one source. `location` is an absolute path or a web address."""

    location: str
    name: str = ""
    timezone: str = ""
    publisher: str = ""
    language: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    selectors: Selectors = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """How recency counts: new articles get up to `recency_weight` added to their score,
    half of it after a half-life. None: it does not count."""

    recency_half_life: timedelta | None = None
    recency_weight: float = 4.0


@dataclass(frozen=True, slots=True)
class Entities:
    """What finds people, organizations and places beside the rules."""

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

    @property
    def folder(self) -> Path:
        """Where everything that dateline makes is kept."""
        return self.root / FOLDER_NAME


def find_root(start: Path) -> Path | None:
    """The nearest folder from here upwards that holds a project."""
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
    """The settings of the project in `root`. Raises ConfigError."""
    # YAML takes a while to import, and is not needed by every command.
    from search.settings import Section, checked, read

    top = read(root / FILE_NAME, _TOP) or Section(root / FILE_NAME, None, _TOP)
    over = _overrides(flags or {}, environ)

    def setting(
        name: str, parse: Callable[[str], Value], default: Value, section: Section = top
    ) -> Value:
        if name in over:
            return checked(*over[name], parse)
        return section.value(name.rpartition(".")[2], parse, default)

    return Config(
        root=root,
        engine=setting("engine", _engine, DEFAULT_ENGINE),
        zone=setting("timezone", _zone, ZoneInfo("UTC")),
        workers=setting("workers", _workers, _workers(_AUTO)),
        scheduler=setting("scheduler", _scheduler, ""),
        lock_timeout=setting("lock_timeout", _seconds, 10.0),
        ranking=_ranking(top.section("ranking", _RANKING)),
        fetch=_fetch(top.section("fetch", _FETCH)),
        entities=Entities(
            setting("entities.spacy", _truth, False, top.section("entities", _ENTITIES))
        ),
        aliases=top.groups("aliases", _alias, "[Iwojima, Iwo Jima]"),
        sources=tuple(_source(section, root) for section in top.sections("sources", _SOURCE)),
    )


def _overrides(flags: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Settings from elsewhere than the file: where each came from, and its text."""
    names = ("engine", "timezone", "workers", "scheduler", "lock_timeout", "entities.spacy")
    variables = {name: f"DATELINE_{name.upper().replace('.', '_')}" for name in names}
    found = {
        name: (variable, environ[variable])
        for name, variable in variables.items()
        if environ.get(variable)
    }
    return found | {name: (f"--{name.replace('_', '-')}", text) for name, text in flags.items()}


def _ranking(section: Section) -> Ranking:
    return Ranking(
        section.value("recency_half_life", _duration, None),
        section.value("recency_weight", _weight, 4.0),
    )


def _fetch(section: Section) -> FetchSettings:
    return FetchSettings(
        allow_local=section.value("allow_local", _truth, False),
        pace=section.value("pace", _seconds, 1.0),
        contact=section.value("contact", _contact, ""),
        pages=section.value("pages", _count, 1_000),
    )


def _source(section: Section, root: Path) -> SourceSettings:
    path, url = section.value("path", _path, None), section.value("url", _url, "")
    if (path is None) == (not url):
        raise section.error("a source needs a path, or else a url")
    return SourceSettings(
        location=url if path is None else str((root / path).resolve()),
        name=section.value("name", str, ""),
        timezone=section.value("timezone", lambda text: _zone(text).key, ""),
        publisher=section.value("publisher", str, ""),
        language=section.value("language", str, ""),
        fields=section.pairs("fields", _ARTICLE),
        selectors=section.lists("selectors", _SELECTED, _selector),
    )


_TOP = (
    "engine", "timezone", "workers", "scheduler", "lock_timeout", "ranking", "fetch", "entities",
    "aliases", "sources",
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


# -- readers of single values; each raises ValueError with what is allowed


def _engine(text: str) -> str:
    if text not in ENGINES:
        raise ValueError(" or ".join(ENGINES))
    return text


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise ValueError("a name such as UTC, Asia/Tokyo or America/New_York") from err


_AUTO = "auto"


def _workers(text: str) -> int:
    if text == _AUTO:
        return os.cpu_count() or 1
    if not re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII):
        raise ValueError(f"a number from 1 to 999, or {_AUTO} for one a core")
    return int(text)


def _scheduler(text: str) -> str:
    if text == "none":
        return ""
    match = re.fullmatch(r"(?:tcp|tls)://(?:[\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})", text, re.ASCII)
    if not match or not 0 < int(match[1]) <= 65_535:
        raise ValueError("an address such as tcp://host:8786 or tls://host:8786, or none")
    return text


def _selector(text: str) -> str:
    # Most are plain, and what reads the others takes longer to load than a search does.
    if re.fullmatch(r"[a-z][a-z\d]*|([a-z][a-z\d]*)?([.#][a-z][\w-]*)+", text, re.ASCII):
        return text
    from soupsieve import SelectorSyntaxError
    from soupsieve import compile as compiled

    try:
        compiled(text)
    except SelectorSyntaxError as err:
        reason = str(err).partition("\n")[0]
        raise ValueError(f"a CSS selector such as div.story ({reason})") from err
    return text


def _alias(text: str) -> str:
    if not tokens(text):
        raise ValueError("names of letters or digits")
    return text


def _path(text: str) -> Path:
    if not text or "\0" in text:
        raise ValueError("the path of a file or folder")
    try:
        return Path(text).expanduser()
    except RuntimeError as err:
        raise ValueError("a path from a home that is known") from err


def _url(text: str) -> str:
    from corpus.sources.addresses import AddressError, checked_address

    try:
        return checked_address(text, any_port=True)
    except AddressError as err:
        raise ValueError(f"a web address without a password ({err})") from err


def _truth(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("true or false")
    return text == "true"


def _contact(text: str) -> str:
    if not re.fullmatch(r"[\x20-\x7e]{0,200}", text):
        raise ValueError("a mail or web address in plain letters")
    return text


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,7}", text, re.ASCII):
        raise ValueError("a number, 0 or more")
    return int(text)


def _number(text: str, allowed: str) -> float:
    try:
        number = float(text)
    except ValueError as err:
        raise ValueError(allowed) from err
    if not 0 <= number <= 1_000_000:
        raise ValueError(allowed)
    return number


def _seconds(text: str) -> float:
    return _number(text, "a number of seconds, 0 or more")


def _weight(text: str) -> float:
    return _number(text, "a number, 0 or more")


_UNITS = {"h": 1, "d": 24, "w": 7 * 24, "y": 365 * 24}
_LONGEST = timedelta(days=100 * 365)


def _duration(text: str) -> timedelta | None:
    if text == "none":
        return None
    match = re.fullmatch(r"([1-9]\d{0,5})\s*([hdwy])", text, re.ASCII)
    length = timedelta(hours=int(match[1]) * _UNITS[match[2]]) if match else None
    if length is None or length > _LONGEST:
        raise ValueError("a length of time such as 12h, 30d, 8w or 2y, up to 100y, or none")
    return length
