"""The files around the code agree: versions, checks, packages, links."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.demo import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CHECKS = (ROOT / ".ci" / "run").read_text("utf-8")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
OLDEST, NEWEST = (3, 11), (3, 15)


def test_the_newest_section_of_the_changelog_is_the_version() -> None:
    unreleased, newest, *_ = re.findall(
        r"(?m)^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8")
    )
    assert "Unreleased" == unreleased
    assert re.fullmatch(rf"{PYPROJECT['project']['version']} - \d{{4}}-\d\d-\d\d", newest)


def test_what_runs_before_a_commit_runs_in_ci_too() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    entries = [hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]]
    assert len(entries) > 3
    # All tests run there.
    assert not [entry for entry in entries if entry.partition(" tests/")[0] not in CHECKS]


def test_every_supported_python_is_checked() -> None:
    (job,) = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))["jobs"].values()
    pythons = [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
    assert pythons == job["strategy"]["matrix"]["python"]
    assert f">={pythons[0]}" == PYPROJECT["project"]["requires-python"]
    assert any(".ci/run" in step.get("run", "") for step in job["steps"])


@pytest.mark.parametrize(
    "file", sorted((ROOT / ".github").rglob("*.yml")), ids=lambda path: path.name
)
def test_files_for_the_host_are_yaml(file: Path) -> None:
    assert yaml.safe_load(file.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the host and the site make them."""
    heads = re.findall(r"(?m)^#+ (.+)$", page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert not broken
