"""A query's text to its answer: joining, relaxing, notes, pages, recency, explanations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from search.engines.searcher import Bucket, Facet, Sort
from search.project.project import Project
from search.query.query_errors import UnknownFacetError
from search.results.answer import Answer
from search.results.corrections import apply_corrections
from search.results.paging import MAX_WINDOW
from search.results.request import MatchMode, Request
from tests.demo import planted

NOW = datetime(2025, 4, 1, 12, 0, tzinfo=UTC)
PLANTED: list[dict[str, object]] = [
    {"id": "ferry", "title": "Ferry runs aground", "date": "2025-03-12",
     "body": "The morning ferry ran onto a sandbank off Sorrel Point.", "source": "Courier"},
    {"id": "fog", "title": "Fog over Sorrel", "date": "2025-03-13",
     "body": "Fog closed the airport. One ferry sailed in the fog.", "source": "Courier"},
    {"id": "fair", "title": "Spring fair", "date": "2025-03-31",
     "body": "A rope ferry runs all day.", "source": "Gazette"},
    {"id": "iwo", "title": "Service on Iwo Jima", "date": "2020-03-29",
     "body": "Veterans met on the island.", "author": "Mina Okafor", "source": "Wire"},
    {"id": "iwoto", "title": "Iwoto remains", "body": "Remains were found.", "source": "Wire"},
]  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = planted(tmp_path_factory.mktemp("answer"), PLANTED, "aliases: [[Iwo Jima, Iwoto]]")
    with Project.open(folder, now=NOW) as opened:
        yield opened


def ids(answer: Answer) -> list[str]:
    return [hit.article.id for hit in answer.hits]


@pytest.mark.parametrize(
    ("text", "joined", "found", "warnings"),
    [
        ("ferry fog", MatchMode.ALL, {"fog"}, ()),
        ("ferry fog", MatchMode.MOST, {"fog"}, ()),
        ("ferry fog", MatchMode.ANY, {"ferry", "fog", "fair"}, ()),
        (
            "sandbank airport",
            MatchMode.ALL,
            set(),
            ("No article has both words. Without sandbank: 1. Without airport: 1.",),
        ),
        ("sandbank airport", MatchMode.MOST, {"ferry", "fog"}, ()),
        (
            "sandbank xyzzy",
            MatchMode.ALL,
            set(),
            ("No article has both words. Without xyzzy: 1. Not found: xyzzy.",),
        ),
        (
            "ferry fog sandbank xyzzy",
            MatchMode.ALL,
            set(),
            ("No article has all 4 words. Not found: xyzzy.",),
        ),
        ("xyzzy plugh", MatchMode.ALL, set(), ()),
        ("xyzzy", MatchMode.ANY, set(), ()),
        ("(sandbank OR xyzzy) airport -fair", MatchMode.ALL, set(),
         ("No article has both words. Without sandbank OR xyzzy: 1. Without airport: 1.",)),
    ],
)  # fmt: skip
def test_words_are_joined_as_asked_for_and_relaxed_if_none_has_all(
    project: Project, text: str, joined: MatchMode, found: set[str], warnings: tuple[str, ...]
) -> None:
    answer = project.search(Request(text, match=joined))
    assert found == set(ids(answer))
    assert len(found) == answer.total
    assert warnings == answer.warnings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sandbank airport source:Gazette", set()),
        ("sandbank airport date:2025-03-12", {"ferry"}),
        ("sandbank airport -aground", {"fog"}),
        ("rope airport source:(Gazette OR Wire)", {"fair"}),
        ("sandbank xyzzy date:none", set()),
    ],
)
def test_filters_hold_when_words_are_relaxed(project: Project, text: str, found: set[str]) -> None:
    assert found == set(ids(project.search(text)))
    assert found == set(ids(project.search(Request(text, match=MatchMode.ANY))))


@pytest.mark.parametrize(
    ("text", "interpreted"),
    [
        ("ferry", "ferry"),
        ("ferry, AND fog", "ferry fog"),
        ("Iwoto", 'Iwoto OR "Iwo Jima"'),
        ("ferry fog sandbank xyzzy", "ferry fog sandbank xyzzy"),
        ("sandbank xyzzy", "sandbank xyzzy"),
        ("sandbank xyzzy -fog date:2025", "sandbank xyzzy -fog date:2025"),
        ("date:'last month'", "date:2025-03"),
        ("date:yesterday", "date:2025-03-31"),
        ("date:2025-03..2025-04", "date:2025-03..2025-04"),
        ("date:2024..2025", "date:2024..2025"),
        ("date:>=2025-03-29", "date:>=2025-03-29"),
        ("before:2025-04-01", "date:<=2025-03-31"),
        ("date:2h", "date:[2025-04-01T10:00:00+00:00 TO 2025-04-01T12:00:00+00:00}"),
        ("words:>600 words:<=900", "words:>=601 words:<=900"),
        ("date:none", "date:none"),
    ],
)
def test_an_answer_tells_how_the_query_was_read(
    project: Project, text: str, interpreted: str
) -> None:
    assert interpreted == project.search(text).interpreted


def test_dates_are_read_in_the_project_s_zone(tmp_path: Path) -> None:
    folder = planted(tmp_path, PLANTED[:1], "timezone: Asia/Tokyo")
    late = datetime(2025, 3, 31, 20, 0, tzinfo=UTC)
    with Project.open(folder, now=late) as opened:
        assert "date:2025-04-01" == opened.search("date:today").interpreted


def test_what_was_read_reads_back_as_the_same(project: Project) -> None:
    for text in ("Iwoto", "date:'last month' ferry", "sandbank -fog date:2025", "words:>600"):
        answer = project.search(text)
        assert ids(answer) == ids(project.search(Request(answer.interpreted, aliases=False)))


def test_aliases_find_other_names_and_are_told(project: Project) -> None:
    answer = project.search("Iwoto")
    assert ["iwo", "iwoto"] == sorted(ids(answer))
    assert ("Searched for Iwoto also as Iwo Jima.",) == answer.warnings
    alone = project.search(Request("Iwoto", aliases=False))
    assert (["iwoto"], ()) == (ids(alone), alone.warnings)


def test_pages_follow_each_other_without_gaps(project: Project) -> None:
    request = Request("*", limit=2)
    found: list[str] = []
    while True:
        answer = project.search(request)
        found += ids(answer)
        assert 5 == answer.total
        if answer.next is None:
            break
        assert len(found) == answer.next
        request = replace(request, offset=answer.next)
    assert ["fair", "fog", "ferry", "iwo", "iwoto"] == found


@pytest.mark.parametrize("offset", [5, 900, MAX_WINDOW])
def test_a_page_past_the_end_is_empty_but_counts(project: Project, offset: int) -> None:
    answer = project.search(Request("*", offset=offset))
    assert (5, (), None) == (answer.total, answer.hits, answer.next)


@pytest.mark.parametrize(
    ("sort", "found"),
    [(Sort.NEWEST, ["fair", "fog", "ferry"]), (Sort.OLDEST, ["ferry", "fog", "fair"])],
)
def test_sorts_by_date(project: Project, sort: Sort, found: list[str]) -> None:
    assert found == ids(project.search(Request("ferry", sort=sort)))


def test_facets_count_all_that_was_found(project: Project) -> None:
    answer = project.search(Request("*", limit=1, facets=("source",)))
    expected = (Bucket("Courier", 2), Bucket("Wire", 2), Bucket("Gazette", 1))
    assert {"source": Facet(expected, 3)} == answer.facets


def test_facets_are_of_the_answer_s_articles(project: Project) -> None:
    for text in ("ferry", "sandbank airport", "ferry xyzzy", "*", "Iwoto"):
        answer = project.search(Request(text, facets=("source",)))
        found = project.facets(text, ("source",))
        assert (answer.total, answer.facets) == (found.total, found.facets)
        for bucket in found.facets["source"].buckets:
            narrowed = project.search(f'{text} source:="{bucket.value}"')
            assert bucket.count == narrowed.total


def test_an_unknown_facet_is_an_error(project: Project) -> None:
    with pytest.raises(UnknownFacetError, match="did you mean source"):
        project.facets("*", ("sorce",))
    with pytest.raises(UnknownFacetError):
        project.search(Request("*", facets=("body",)))


@pytest.mark.parametrize(
    ("text", "offered", "corrected_text"),
    [
        ("sandbnak", "No article has sandbnak; did you mean sandbank?", "sandbank"),
        ("ferry OR Sandbnak", "No article has sandbnak; did you mean sandbank?",
         "ferry OR sandbank"),
        ('"aiport ferry" (fog OR title:aiport)', "No article has aiport; did you mean airport?",
         '"airport ferry" (fog OR title:airport)'),
        ("ferry -sandbnak", "", "ferry -sandbnak"),
        ("source:Corier ferry", "", "source:Corier ferry"),
        ('source:="Corier" ferry', "", 'source:="Corier" ferry'),
        ("runing", "", "runing"),
        ("iwoo", "No article has iwoo; did you mean iwo?", "iwo"),
    ],
)  # fmt: skip
def test_a_word_that_no_article_has_is_answered_with_the_nearest(
    project: Project, text: str, offered: str, corrected_text: str
) -> None:
    answer = project.search(text)
    assert offered == " ".join(map(str, answer.corrections))
    assert offered in " ".join(answer.warnings)
    assert corrected_text == apply_corrections(text, answer.corrections)


def test_names_that_aliases_know_are_not_corrected(tmp_path: Path) -> None:
    folder = planted(tmp_path, PLANTED, "aliases: [[Iwo Jima, Feryr]]")
    with Project.open(folder) as opened:
        assert () == opened.search("feryr").corrections


def test_similar_articles_of_a_project(project: Project) -> None:
    found = project.similar("fog")
    assert found is not None
    assert {"ferry", "fair"} <= {one.article.id for one in found.articles}
    assert project.similar("nothing") is None


def test_without_highlighting_hits_are_the_same_but_bare(project: Project) -> None:
    answer = project.search(Request("ferry", highlight=False))
    assert ids(project.search("ferry")) == ids(answer)
    assert all(not hit.snippets and not hit.title.ranges for hit in answer.hits)


def test_an_explanation_tells_what_stands_where(project: Project) -> None:
    assert all(hit.explanation is None for hit in project.search("ferry").hits)
    hit = project.search(Request("sandbank ferry", explain=True)).hits[0]
    assert hit.explanation is not None
    said = [(reason.leaf, reason.field, reason.times) for reason in hit.explanation.reasons]
    assert [("sandbank", "body", 1), ("ferry", "title", 1), ("ferry", "body", 1)] == said
    assert 0 == hit.explanation.recency


TWINS: list[dict[str, object]] = [
    {"id": "old", "title": "Flood", "body": "A flood came.", "date": "2015-03-01"},
    {"id": "new", "title": "Rain", "body": "It rained on, and then a flood came.",
     "date": "2025-03-31"},
]  # fmt: skip


def test_new_articles_rank_higher_if_recency_is_set(tmp_path: Path) -> None:
    folder = planted(tmp_path, TWINS)
    with Project.open(folder, now=NOW) as opened:
        assert ["old", "new"] == ids(opened.search("flood"))
    (folder / "dateline.yaml").write_text(
        "ranking: {recency_half_life: 30d, recency_weight: 4}", "utf-8"
    )
    with Project.open(folder, now=NOW) as opened:
        answer = opened.search(Request("flood", explain=True))
        assert ["new", "old"] == ids(answer)
        bonuses = [hit.explanation.recency for hit in answer.hits if hit.explanation]
        assert [True, True] == [3 < bonuses[0] <= 4, bonuses[1] == 0]
        by_date = opened.search(Request("flood", explain=True, sort=Sort.OLDEST))
        assert [0, 0] == [hit.explanation.recency for hit in by_date.hits if hit.explanation]
