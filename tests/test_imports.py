"""How dateline is imported: by what names, and how much of it a command loads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import search
from tests.demo import environment, samples

# Modules of ours that one search loads; a new one belongs here only if every search needs it.
MAX_MODULES_OF_A_SEARCH = 77
NOT_FOR_STARTING = ("indexer.clean", "opensearchpy", "search.web", "starlette", "tantivy")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples(tmp_path_factory.mktemp("imports") / "demo")


def loaded_by(script: str) -> set[str]:
    """Return the modules that are loaded after a script has run in a new interpreter."""
    result = subprocess.run(
        [sys.executable, "-c", f"import sys\n{script}\nprint(*sys.modules)"],
        capture_output=True,
        env=environment(),
        check=True,
        text=True,
    )
    return set(result.stdout.splitlines()[-1].split())


def test_a_project_is_imported_from_the_package_and_from_its_own_module() -> None:
    from search.project.project import Project

    assert search.Project is Project


@pytest.mark.parametrize("name", search.__all__)
def test_each_public_name_is_there(name: str) -> None:
    assert name == getattr(search, name).__name__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Projekt'"):
        search.Projekt  # noqa: B018


def test_importing_the_package_loads_nothing_else_of_it() -> None:
    assert {"search"} == {
        name for name in loaded_by("import search") if name.partition(".")[0] == "search"
    }


def test_the_command_starts_without_web_cleaning_and_engines() -> None:
    script = "from search.cli.main import cli\ncli.main(['--version'], standalone_mode=False)"
    assert not set(NOT_FOR_STARTING) & loaded_by(script)


def test_a_search_loads_few_modules(demo: Path) -> None:
    run = f"cli.main(['-C', {str(demo)!r}, 'search', 'ferry'], standalone_mode=False)"
    ours = {
        name
        for name in loaded_by(f"from search.cli.main import cli\n{run}")
        if name.partition(".")[0] in {"corpus", "indexer", "search"}
    }
    assert len(ours) <= MAX_MODULES_OF_A_SEARCH
