"""The documentation is true: commands, options, queries, limits and errors as they are shown."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from indexer.schema import FIELD_GROUPS, FIELDS
from search.cli.exit_codes import Exit
from search.cli.main import cli
from search.config.config import load_config
from search.engines.searcher import MAX_PREFIX_TERMS
from search.project.project import Project
from search.query.parser import MAX_CLAUSES, MAX_DEPTH, MAX_DISTANCE_WORDS, MAX_QUERY_CHARS
from search.results.paging import MAX_WINDOW
from search.results.timeline import FEW_BUCKETS, MAX_BUCKETS
from tests.command_reference import FILE, reference
from tests.demo import ROOT, dateline, samples

NOW = datetime(2025, 4, 1, 12, 0, tzinfo=UTC)
LANGUAGE = (ROOT / "docs" / "query-language.md").read_text("utf-8")
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples(tmp_path_factory.mktemp("docs") / "demo")


def options(command: click.Command) -> set[str]:
    found = {name for option in command.params for name in option.opts}
    return found | {"--help", "-h"}


# -- the reference of commands


def test_the_command_reference_is_up_to_date() -> None:
    assert reference() == FILE.read_text("utf-8"), "run: python -m tests.command_reference"


@pytest.mark.parametrize("name", list(cli.commands))
def test_every_command_and_option_is_in_the_reference_with_its_meaning(name: str) -> None:
    section = FILE.read_text("utf-8").partition(f"\n## dateline {name}\n")[2].partition("\n## ")[0]
    assert section
    for option in cli.commands[name].params:
        if isinstance(option, click.Option):
            assert option.help
            assert all(f"`{written}`" in section for written in option.opts)


# -- commands in prose


def commands(text: str) -> Iterator[list[str]]:
    """The words of every `dateline …` command in blocks and in inline code."""
    blocks = re.findall(r"(?m)^    (.+)$", text) + re.findall(r"`([^`\n]+)`", text)
    for block in blocks:
        for part in re.split(r"&&|\||>>|;", re.sub(r"\s#.*", "", block)):
            words = shlex.split(part) if part.count("'") % 2 == 0 else part.split()
            if words and Path(words[0]).name == "dateline" and len(words) > 1:
                yield words[1:]


def problem(words: list[str]) -> str:
    """What is wrong with a command, or nothing."""
    while words and words[0].startswith("-"):
        if words[0] not in options(cli):
            return f"there is no option {words[0]}"
        words = words[1:] if words[0] in {"--version", "--help", "-h"} else words[2:]
    if not words or words[0] in {"COMMAND", "[OPTIONS]"}:
        return ""
    if words[0] not in cli.commands:
        return f"there is no command {words[0]}"
    known = options(cli.commands[words[0]])
    unknown = [word for word in words[1:] if word.startswith("--") and word not in known]
    return f"{words[0]} has no {unknown}" if unknown else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_prose_are_commands_that_there_are(page: Path) -> None:
    found = list(commands(page.read_text("utf-8")))
    assert found or page != README
    assert [] == [(words, wrong) for words in found if (wrong := problem(words))]


# -- the query language


def queries(page: str) -> list[str]:
    """The queries in the first column of every table whose first head is `query`."""
    tables = re.findall(r"(?m)^\| query \|.*\n\|[-|]+\n((?:\|.*\n)+)", page)
    rows = [row.split("|")[1] for table in tables for row in table.splitlines()]
    return [query for row in rows for query in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("query", queries(LANGUAGE))
def test_every_query_in_the_language_s_tables_finds_something(demo: Path, query: str) -> None:
    with Project.open(demo, now=NOW) as project:
        answer = project.search(query)
    assert answer.total
    assert not [warning for warning in answer.warnings if warning.startswith("No article")]


@pytest.mark.parametrize(
    "query", sorted({query for page in PAGES for query in queries(page.read_text("utf-8"))})
)
def test_every_query_on_any_page_is_understood(demo: Path, query: str) -> None:
    with Project.open(demo, now=NOW) as project:
        assert project.search(query).interpreted


def test_limits_are_as_told() -> None:
    told = {int(number.replace(",", "")) for number in re.findall(r"\| ([\d,]+)\b", LANGUAGE)}
    for limit in (
        MAX_QUERY_CHARS, MAX_CLAUSES, MAX_DEPTH, MAX_DISTANCE_WORDS, MAX_PREFIX_TERMS, MAX_WINDOW,
        MAX_BUCKETS,
    ):  # fmt: skip
        assert limit in told
    assert f"at most {FEW_BUCKETS} of them" in LANGUAGE


def test_boosts_are_as_told() -> None:
    assert "A match in the headline counts twice as much as one in the text" in LANGUAGE
    assert (2, 1, 1) == tuple(FIELDS[name].boost for name in ("title", "dek", "body"))


def test_every_field_is_told() -> None:
    told = set(re.findall(r"`(\w+):", LANGUAGE))
    assert {*FIELDS, *FIELD_GROUPS, "after", "before"} <= told


def test_the_sample_of_aliases_is_what_init_writes(demo: Path) -> None:
    (aliases,) = re.findall(r"```yaml\n(aliases:.+?)```", LANGUAGE, re.S)
    assert aliases in (demo / "dateline.yaml").read_text("utf-8")


# -- answers, errors, examples


def shown_in_readme(command: str) -> str:
    """The first block of output in the README after a line that gives a command."""
    _, _, after = README.read_text("utf-8").partition(command)
    return after.partition("```\n")[2].partition("```")[0]


def test_the_readme_s_first_answer_is_the_real_one(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = dateline("-C", demo, "search", "--limit", "3", "Iwojima", "alliance")
    said, hits = result.stderr.splitlines(), result.stdout.splitlines()
    shown = shown_in_readme("search --limit 3 Iwojima alliance\n").splitlines()
    assert [*said[:-1], *hits] == shown[:-1]
    assert shown[-1].startswith(said[-1].partition("(")[0])


def blocks(form: str) -> list[tuple[str, ...]]:
    """The groups of a pattern wherever it occurs in the README or in `docs`, without repeats."""
    return list(dict.fromkeys(
        found.groups() for page in PAGES for found in re.finditer(form, page.read_text("utf-8"))
    ))  # fmt: skip


@pytest.mark.parametrize(("command", "shown"), blocks(r"(?m)^```\n\$ dateline (.+)\n([^`]+)```$"))
def test_answers_and_errors_are_as_shown(
    demo: Path, monkeypatch: pytest.MonkeyPatch, command: str, shown: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = dateline("-C", demo, *shlex.split(command))
    if result.exit_code == Exit.USAGE:
        assert shown == result.stderr
    else:
        # Answers and notes stand in one block there, and come apart here.
        assert sorted_without_times(shown) == sorted_without_times(result.stderr + result.stdout)


def sorted_without_times(text: str) -> list[str]:
    return sorted(filter(None, re.sub(r" \([\d.]+ ms\)", "", text).splitlines()))


@pytest.mark.parametrize("settings", blocks(r"(?m)^```yaml\n((?!.*\n?distributed:)[^`]+)```$"))
def test_settings_are_settings(tmp_path: Path, settings: tuple[str]) -> None:
    (tmp_path / "dateline.yaml").write_text(*settings, "utf-8")
    load_config(tmp_path, environ={})


@pytest.mark.parametrize("example", blocks(r"(?s)```python\n(.+?)```"))
def test_the_python_runs(
    demo: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    example: tuple[str],
) -> None:
    monkeypatch.chdir(demo.parent)
    exec(compile(*example, "example", "exec"), {})
    assert "2025-03-29 Hegseth and Ishiba Affirm Alliance" in capsys.readouterr().out
