from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from search.engines.searcher import Sort
from search.project.project import Project
from search.query.query_errors import CursorError, WindowError
from search.results.paging import MAX_WINDOW, PageEnd
from search.results.request import Request
from tests.places import ALL, cluster_yaml
from tests.serving import NOW

# Fewer words, higher scores; dates that several share, and none.
NUMBERS = range(24)


def record(number: int, word: str = "harbour") -> dict[str, object]:
    date = f"2025-03-{number // 4 + 1:02}T10:00:00Z" if number % 6 else ""
    text = f"{word} {'filler ' * (number + 3)}"
    return {"id": f"{number:03}", "title": f"{word} {number}", "body": text, "date": date}


def write(folder: Path, records: Sequence[dict[str, object]]) -> None:
    lines = "".join(f"{json.dumps(each)}\n" for each in records)
    (folder / "articles.jsonl").write_text(lines, "utf-8")


def ids(project: Project, request: Request, between: Sequence[dict[str, object]] = ()) -> list[str]:
    """The ids of all pages; the articles are others after the first page, if told."""
    found: list[str] = []
    while True:
        answer = project.search(request)
        found += [hit.article.id for hit in answer.hits]
        if answer.cursor is None:
            return found
        if between:
            write(project.config.root, between)
            project.update()
            between = ()
        request = replace(request, cursor=answer.cursor)


@pytest.fixture(params=ALL)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    write(tmp_path, [record(number) for number in NUMBERS])
    (tmp_path / "dateline.yaml").write_text(cluster_yaml())
    with Project.open(tmp_path, now=NOW, engine=request.param) as project:
        project.add([tmp_path / "articles.jsonl"])
        yield project


@pytest.mark.parametrize("text", ["harbour", "*", "harbour -title:7"])
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("limit", [1, 5, 24])
def test_pages_together_are_the_whole(project: Project, text: str, sort: Sort, limit: int) -> None:
    whole = [hit.article.id for hit in project.search(Request(text, sort, limit=100)).hits]
    assert whole == ids(project, Request(text, sort, limit=limit))
    assert len(whole) > 10


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("text", ["harbour", "*"])
@pytest.mark.parametrize("limit", [1, 4, 7])
def test_what_comes_and_goes_between_pages_has_nothing_shown_twice_or_left_out(
    project: Project, text: str, sort: Sort, limit: int
) -> None:
    shown = [hit.article.id for hit in project.search(Request(text, sort, limit=limit)).hits]
    # The last hit goes, and new ones come in before, after and beside those that were there.
    kept = [record(number) for number in NUMBERS if f"{number:03}" != shown[-1]]
    new = [{**record(number), "id": f"{number:03}b"} for number in range(0, 24, 3)]
    new += [{**record(1), "id": "early", "date": "2024-01-01"}]
    new += [{**record(1), "id": "late", "date": "2025-03-31"}]
    found = ids(project, Request(text, sort, limit=limit), [*kept, *new])
    assert len(found) == len(set(found))
    assert {f"{number:03}" for number in NUMBERS} <= set(found)


def test_cursors_are_of_one_search(project: Project) -> None:
    cursor = project.search(Request("harbour", limit=2)).cursor
    assert cursor
    assert project.search(Request("harbour", limit=9, cursor=cursor)).hits
    for other in (Request("harbor"), Request("harbour", Sort.NEWEST)):
        with pytest.raises(CursorError, match="another search's"):
            project.search(replace(other, cursor=cursor))


def test_the_beginning_has_a_cursor_too(project: Project) -> None:
    first = project.search(Request("harbour", limit=2))
    assert first.hits == project.search(Request("harbour", limit=2, cursor="*")).hits


def test_pages_end_with_an_error_not_with_silence(project: Project) -> None:
    hits = [hit.article for hit in project.search("harbour").hits]
    for state in ("", project.snapshot().state):
        request = Request("harbour")
        far = str(PageEnd.after(hits, MAX_WINDOW + 1, request, state))
        with pytest.raises(WindowError, match="pages end after 100,000 articles"):
            project.search(replace(request, cursor=far))


@pytest.mark.parametrize(
    "values",
    [
        [], [1], {}, "text", None, 7, ["a", "b", 1, None], ["a", "b", 0, None, "x"],
        ["a", "b", -1, None, "x"], ["a", "b", 1.5, None, "x"], ["a", "b", True, None, "x"],
        ["a", "b", 1, "1", "x"], ["a", "b", 1, None, 7], ["a", "b", 1, 1 << 61, "x"],
        ["a", "b", 1, float("nan"), "x"], ["a", "b", 1 << 70, None, 3],
    ],
)  # fmt: skip
def test_made_up_cursors(project: Project, values: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    with pytest.raises(CursorError, match="this is no cursor"):
        project.search(Request("harbour", cursor=cursor))
