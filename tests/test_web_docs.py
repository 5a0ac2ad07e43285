"""The API's page is true: paths, parameters, problems, limits and commands as they are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from search.project.project import Project
from search.results.paging import MAX_WINDOW
from search.web.app import create_app
from search.web.limits import DEFAULT_LIMITS, MAX_POSTED_ARTICLES, MAX_RESULTS
from search.web.problems import PROBLEM_KINDS
from tests.demo import ROOT

Paths = dict[str, dict[str, dict[str, list[dict[str, str]]]]]

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")


@pytest.fixture(scope="module")
def description(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, dict[str, dict[str, object]]]:
    folder: Path = tmp_path_factory.mktemp("docs")
    with Project.open(folder) as project:
        paths: dict[str, dict[str, dict[str, object]]] = create_app(project).openapi()["paths"]
        return paths


def test_every_path_is_told(description: Paths) -> None:
    told = re.sub(r"search\.atom", "search.{form}", PAGE)
    assert [] == [
        path
        for path in description
        if f"`{path}" not in told and f" {path}`" not in told and path != "/opensearch/suggestions"
    ]


@pytest.mark.parametrize("path", ["/v1/search", "/v1/facets", "/v1/timeline"])
def test_every_parameter_is_told(description: Paths, path: str) -> None:
    names = [each["name"] for each in description[path]["get"]["parameters"]]
    assert len(names) > 4
    assert [] == [name for name in names if f"`{name}`" not in PAGE]


def test_every_problem_is_told() -> None:
    told = re.findall(r"(?m)^\| `([a-z-]+)` \| (\d+) \| (.+) \|$", PAGE)
    assert [(kind, str(status), title) for kind, (status, title) in PROBLEM_KINDS.items()] == told


def test_limits_are_as_told() -> None:
    told = {int(number.replace(",", "")) for number in re.findall(r"\b(\d[\d,]*\d|\d)\b", PAGE)}
    for limit in (
        DEFAULT_LIMITS.max_target_bytes, DEFAULT_LIMITS.max_body_bytes,
        int(DEFAULT_LIMITS.read_timeout_seconds), DEFAULT_LIMITS.max_waiting_requests,
        int(DEFAULT_LIMITS.write_timeout_seconds), MAX_RESULTS, MAX_POSTED_ARTICLES, MAX_WINDOW,
    ):  # fmt: skip
        assert limit in told
