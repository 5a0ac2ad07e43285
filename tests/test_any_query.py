"""Whatever is typed: hits or a QueryError, on every engine; and hits that can be shown."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.searcher import MAX_PREFIX_TERMS, Sort
from search.project.project import Project
from search.query.query_errors import QueryError, QueryLimitError
from search.results.answer import Answer
from search.results.request import MatchMode, Request
from search.results.timeline import Interval
from search.text.escaping import render_html
from search.text.snippets import Snippet
from tests.demo import planted
from tests.places import EMBEDDED
from tests.strategies import QUERIES

TEXTS = (
    "Iwojima alliance: “Yesterday’s enemy” — a b c, U.S. <script>alert(1)</script> & x's.",
    "硫黄島で式典 Ångström ß İstanbul 600 10:30 secure securities 2025-03",
    "a\n\nA title: Source of date; none after before url x:y é",
    " ".join(f"w{number}" for number in range(MAX_PREFIX_TERMS + 1)),
)


@pytest.fixture(scope="module", params=EMBEDDED)
def project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    folder = planted(
        tmp_path_factory.mktemp("any") / "project",
        [
            {"id": str(number), "title": text[:40], "body": text, "date": f"2025-03-0{number}"}
            for number, text in enumerate(TEXTS, 1)
        ],
        f"engine: {request.param}\naliases:\n  - [Iwojima, Iwo Jima, 硫黄島]\n",
    )
    with Project.open(folder) as opened:
        yield opened


def answer_or_error(project: Project, request: Request) -> Answer | QueryError:
    try:
        return project.search(request)
    except QueryError as err:
        return err


@given(text=QUERIES, joined=st.sampled_from(MatchMode), sort=st.sampled_from(Sort))
def test_any_text_gives_hits_or_a_query_error(
    project: Project, text: str, joined: MatchMode, sort: Sort
) -> None:
    result = answer_or_error(project, Request(text, match=joined, sort=sort, explain=True))
    if isinstance(result, QueryError):
        assert str(result)
        return
    assert result.total + result.total_some == len(result.hits)
    for hit in result.hits:
        for snippet in (hit.title, *hit.snippets):
            assert_ranges_lie_inside(snippet)
            assert snippet.text == in_html(render_html(snippet))


@given(text=QUERIES, interval=st.one_of(st.none(), st.sampled_from(Interval)))
def test_any_text_is_counted_or_a_query_error(
    project: Project, text: str, interval: Interval | None
) -> None:
    result = answer_or_error(project, Request(text))
    if isinstance(result, QueryError):
        for count in (project.facets, project.timeline):
            with pytest.raises(type(result)):
                count(text)
        return
    assert result.total == project.facets(text).total
    found = project.timeline(text, interval)
    assert result.total == found.undated + sum(bucket.count for bucket in found.buckets)


@given(text=QUERIES, limit=st.integers(1, 20))
def test_any_text_is_completed_by_what_the_corpus_has(
    project: Project, text: str, limit: int
) -> None:
    found = project.suggest(text, limit=limit)
    assert len(found) <= limit
    assert len({(one.text, one.field) for one in found}) == len(found)
    for one in found:
        assert one.count


def assert_ranges_lie_inside(snippet: Snippet) -> None:
    ends = [0, *(place for span in snippet.ranges for place in span), len(snippet.text)]
    assert sorted(ends) == ends


def in_html(markup: str) -> str:
    reader = _Text()
    reader.feed(markup)
    reader.close()
    return "".join(reader.parts)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def test_a_prefix_of_too_many_words_is_an_error_at_its_place(project: Project) -> None:
    with pytest.raises(QueryLimitError, match="add letters") as caught:
        project.search("title W*")
    assert 6 == caught.value.start
