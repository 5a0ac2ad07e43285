"""dateline.yaml, the environment and flags to a Config; what is wrong is told with its line."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from corpus.fetch_settings import FetchSettings
from search.config.config import (
    CONFIG_FILE_NAME,
    Config,
    EntitySettings,
    RankingSettings,
    SourceSettings,
    find_root,
    load_config,
)
from search.config.yaml_sections import ConfigError
from search.project.scaffold import create_project

CORES = os.cpu_count() or 1


def written(folder: Path, text: str) -> Config:
    (folder / CONFIG_FILE_NAME).write_text(text, "utf-8")
    return load_config(folder, environ={})


def test_without_a_file_all_is_default(tmp_path: Path) -> None:
    assert Config(tmp_path, workers=CORES) == load_config(tmp_path, environ={})


@pytest.mark.parametrize(
    ("text", "setting", "value"),
    [
        ("engine: whoosh", "engine", "whoosh"),
        ("timezone: Asia/Tokyo", "zone", ZoneInfo("Asia/Tokyo")),
        ("workers: 3", "workers", 3),
        ("workers: auto", "workers", CORES),
        ("scheduler: tcp://10.0.0.7:8786", "scheduler", "tcp://10.0.0.7:8786"),
        ("scheduler: tls://dask.harbor.example:8786", "scheduler",
         "tls://dask.harbor.example:8786"),
        ("scheduler: tcp://[::1]:8786", "scheduler", "tcp://[::1]:8786"),
        ("scheduler: none", "scheduler", ""),
        ("lock_timeout: 2.5", "lock_timeout", 2.5),
        ("lock_timeout: 0", "lock_timeout", 0.0),
        ("ranking: {recency_half_life: 30d}", "ranking", RankingSettings(timedelta(days=30), 4.0)),
        ("ranking: {recency_half_life: 12h, recency_weight: 2}", "ranking",
         RankingSettings(timedelta(hours=12), 2.0)),
        ("ranking: {recency_half_life: none}", "ranking", RankingSettings()),
        ("ranking:", "ranking", RankingSettings()),
        ("fetch: {pace: 2.5, contact: desk@harbor.example, pages: 50, allow_local: true}", "fetch",
         FetchSettings(True, 2.5, "desk@harbor.example", 50)),
        ("fetch: {pages: 0}", "fetch", FetchSettings(pages=0)),
        ("fetch:", "fetch", FetchSettings()),
        ("engine:", "engine", "tantivy"),
        ("entities: {spacy: true}", "entities", EntitySettings(spacy=True)),
        ("entities: {spacy: false}", "entities", EntitySettings()),
        ("entities:", "entities", EntitySettings()),
        ("aliases:\n- [Iwojima, Iwo Jima]\n- [EU, European Union]", "aliases",
         (("Iwojima", "Iwo Jima"), ("EU", "European Union"))),
        ("aliases:", "aliases", ()),
        ("sources: []", "sources", ()),
    ],
)  # fmt: skip
def test_settings_are_read(tmp_path: Path, text: str, setting: str, value: object) -> None:
    assert value == getattr(written(tmp_path, text), setting)


def test_a_source_s_path_is_relative_to_the_file(tmp_path: Path) -> None:
    config = written(
        tmp_path,
        "sources:\n"
        "  - {path: archive, name: old, timezone: Asia/Tokyo, publisher: P, language: en,\n"
        "     fields: {title: head, body: story.text}}\n"
        "  - {path: /elsewhere, follow_links: true, allow_removals: true}\n"
        "  - {url: https://harbor.example/feed.xml, name: courier}",
    )
    fields = (("title", "head"), ("body", "story.text"))
    assert (
        SourceSettings(str(tmp_path / "archive"), "old", "Asia/Tokyo", "P", "en", fields),
        SourceSettings("/elsewhere", follow_links=True, allow_removals=True),
        SourceSettings("https://harbor.example/feed.xml", "courier"),
    ) == config.sources


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("engine: lucene", 1, "engine: 'lucene' is not allowed; use tantivy or whoosh"),
        ("\nengin: whoosh", 2, "there is no setting 'engin'; did you mean engine?"),
        ("engine: [a]", 1, "expected a single value"),
        ("engine: tantivy\nengine: whoosh", 2, "engine is set twice"),
        ("engine: {", 1, "not YAML"),
        ("- a", 1, "expected settings: engine"),
        ("timezone: Mars/Olympus", 1, "use a name such as UTC, Asia/Tokyo"),
        ("timezone: ../../etc/passwd", 1, "use a name such as UTC, Asia/Tokyo"),
        ("workers: 0", 1, "a number from 1 to 999, or auto"),
        ("workers: many", 1, "a number from 1 to 999, or auto"),
        ("workers: 1000", 1, "a number from 1 to 999, or auto"),
        ("scheduler: dask.example:8786", 1, "an address such as tcp://host:8786"),
        ("scheduler: http://dask.example:8786", 1, "an address such as tcp://host:8786"),
        ("scheduler: tcp://dask.example", 1, "or tls://host:8786, or none"),
        ("scheduler: tcp://dask.example:70000", 1, "or tls://host:8786, or none"),
        ("lock_timeout: -1", 1, "a number of seconds"),
        ("lock_timeout: .nan", 1, "a number of seconds"),
        ("lock_timeout: nan", 1, "a number of seconds"),
        ("ranking: soon", 1, "expected settings: recency_half_life"),
        ("ranking:\n  recency_half_life: soon", 2, "such as 12h, 30d, 8w or 2y"),
        ("ranking:\n  recency_half_life: 999y", 2, "up to 100y"),
        ("ranking:\n  recency_weight: -3", 2, "a number, 0 or more"),
        ("fetch: {pace: fast}", 1, "a number of seconds"),
        ("fetch: {pages: -1}", 1, "a number, 0 or more"),
        ("fetch: {allow_local: maybe}", 1, "true or false"),
        ('fetch: {contact: "a\\nb: c"}', 1, "in plain letters"),
        ("sources:\n  - {path: a, url: https://a.example/}", 2, "a path, or else a url"),
        ("sources:\n  - url: feed.xml", 2, "a web address without a password"),
        ("sources:\n  - url: https://ana:pw@a.example/", 2, "a web address without a password"),
        ("ranking:\n  half_life: 3d", 2, "there is no setting 'half_life'; did you mean"),
        ("aliases: Iwojima", 1, "aliases: expected a list"),
        ("aliases:\n  - [Iwojima]", 2, "expected lists such as [Iwojima, Iwo Jima]"),
        ("aliases:\n  - Iwojima", 2, "expected lists such as [Iwojima, Iwo Jima]"),
        ("aliases:\n  - [a, '!!']", 2, "'!!' is not allowed; use names of letters"),
        ("sources: 3", 1, "sources: expected a list"),
        ("sources:\n  - publisher: P", 2, "a source needs a path"),
        ("sources:\n  - path: ''", 2, "use the path of a file or folder"),
        ('sources:\n  - path: "a\\0b"', 2, "use the path of a file or folder"),
        ("sources:\n  - path: a\n    fields: {titel: t}", 3, "did you mean title?"),
        ("sources:\n  - path: a\n    timezone: X", 3, "use a name such as UTC"),
        ("workers: !!python/object/apply:os.getpid []", 1, "expected a single value"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        written(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / CONFIG_FILE_NAME}, line {line}: ")
    assert says in str(caught.value)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x01"])
def test_a_file_that_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / CONFIG_FILE_NAME).write_bytes(content)
    with pytest.raises(ConfigError, match=r"dateline\.yaml cannot be read"):
        load_config(tmp_path, environ={})


def test_a_flag_goes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE_NAME).write_text(
        "{engine: whoosh, workers: 1, lock_timeout: 1}", "utf-8"
    )
    environ = {
        "DATELINE_WORKERS": "2",
        "DATELINE_LOCK_TIMEOUT": "2",
        "DATELINE_ENGINE": "",
        "DATELINE_ENTITIES_SPACY": "true",
    }
    config = load_config(tmp_path, flags={"lock_timeout": "3"}, environ=environ)
    assert ("whoosh", 2, 3.0) == (config.engine, config.workers, config.lock_timeout)
    assert config.entities.spacy


@pytest.mark.parametrize(
    ("flags", "environ", "says"),
    [
        ({"timezone": "Mars"}, {}, "--timezone: 'Mars' is not allowed; use a name such as"),
        ({"lock_timeout": "x"}, {}, "--lock-timeout: 'x'"),
        ({"scheduler": "here"}, {}, "--scheduler: 'here' is not allowed; use an address such as"),
        ({}, {"DATELINE_SCHEDULER": "x"}, "DATELINE_SCHEDULER: 'x' is not allowed; use an addr"),
        ({}, {"DATELINE_ENTITIES_SPACY": "1"}, "DATELINE_ENTITIES_SPACY: '1' is not allowed; use"),
        ({}, {"DATELINE_ENGINE": "lucene"}, "DATELINE_ENGINE: 'lucene' is not allowed; use tant"),
    ],
)
def test_what_is_wrong_elsewhere_is_told_with_its_name(
    tmp_path: Path, flags: dict[str, str], environ: dict[str, str], says: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(says)):
        load_config(tmp_path, flags=flags, environ=environ)


def test_a_project_is_found_upwards(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / CONFIG_FILE_NAME).touch()
    assert tmp_path == find_root(inner)
    (tmp_path / "a" / ".dateline").mkdir()
    assert tmp_path / "a" == find_root(inner)


def uncommented(text: str) -> str:
    """The file with every setting in force: prose stays commented, since it is no YAML."""
    return re.sub(r"(?m)^# (?=( *- )|( *\w+:( |$)))", "", text)


def test_every_default_that_init_writes_is_true(tmp_path: Path) -> None:
    assert list(create_project(tmp_path, samples=False))
    text = (tmp_path / CONFIG_FILE_NAME).read_text("utf-8")
    assert Config(tmp_path, workers=CORES) == load_config(tmp_path, environ={})
    config = written(tmp_path, uncommented(text))
    shown = Config(tmp_path, workers=CORES, aliases=config.aliases, sources=config.sources)
    assert shown == config
    assert (("Iwojima", "Iwo Jima", "Iwoto"),) == config.aliases
    assert ["archive"] == [Path(source.location).name for source in config.sources]


def test_init_writes_every_setting(tmp_path: Path) -> None:
    assert list(create_project(tmp_path, samples=False))
    text = uncommented((tmp_path / CONFIG_FILE_NAME).read_text("utf-8"))
    with pytest.raises(ConfigError) as caught:
        written(tmp_path, "unknown: 1")
    known = str(caught.value).rpartition("allowed: ")[2].split(", ")
    assert known == re.findall(r"(?m)^(\w+):", text)


def test_init_leaves_what_is_there_alone(tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE_NAME).write_text("engine: whoosh", "utf-8")
    said = list(create_project(tmp_path, samples=True))
    assert said[0].endswith(f"add {tmp_path / 'articles'}")
    assert "is already there and stays as it is" in said[1]
    assert "whoosh" == load_config(tmp_path, environ={}).engine
    assert (tmp_path / "articles").is_dir()
