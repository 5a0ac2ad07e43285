"""Small projects for tests: the sample corpus, and articles planted by a test."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from click.testing import CliRunner, Result

from search.cli.main import cli
from search.project.project import Project

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-c", "from search.cli.main import main; main()")
SAMPLES = 33


def dateline(*arguments: str | Path, given: str | bytes | None = None) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], given)


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that imports this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "", **more}


def samples(folder: Path) -> Path:
    """A project with the sample corpus."""
    dateline("init", folder, "--samples")
    with Project.open(folder) as project:
        project.update()
    return folder


def planted(folder: Path, articles: Sequence[Mapping[str, object]], settings: str = "") -> Path:
    """A project with articles given as records."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dateline.yaml").write_text(settings, "utf-8")
    source = folder / "planted.jsonl"
    source.write_text("".join(f"{json.dumps(article)}\n" for article in articles), "utf-8")
    with Project.open(folder) as project:
        project.add([source])
    return folder
