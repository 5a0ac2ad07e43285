"""The order of hits: all words before some, headline before text, nearness and smoothing.

These rows belong to the conformance suite: they hold on each engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from search import Project, QueryError, Request
from search.engines.searcher import Sort
from search.results.ranked_hits import Tier
from search.results.request import MatchMode
from tests.demo import planted
from tests.places import ALL, cluster_yaml

NOW = datetime(2025, 4, 10, tzinfo=UTC)
FILLER = " ".join(f"filler{number}" for number in range(40))


def article(
    key: str, title: str, body: str, day: int = 1, source: str = "Wire"
) -> dict[str, object]:
    date = f"2025-03-{day:02}"
    return {"id": key, "title": title, "body": body, "date": date, "source": source}


ARTICLES = [
    article("both", "Market opens", f"The ferry to the island was late. {FILLER}", 1),
    article("head", "Ferry runs aground", f"Nobody was hurt on the ship. {FILLER}", 2),
    article("text", "Harbor notes", f"A ferry is to be sold, the port said. {FILLER}", 3),
    article("island", "Island plans", f"The island has plans of its own. {FILLER}", 4),
    article("near", "Whale seen", f"A gray whale swam by the lighthouse. {FILLER}", 5),
    article("far", "Whales counted", f"The gray sea. {FILLER} One whale was at the lighthouse.", 6),
    article("who", "WHO warns", f"The WHO warned of a virus. {FILLER}", 7),
    article("whom", "Who is next", f"Nobody knows who comes next for the club. {FILLER}", 8),
    article("tag", "On the tag", f"People wrote MeToo all over the town. {FILLER}", 9),
]


@pytest.fixture(scope="module", params=ALL)
def project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("ranking") / "project"
    planted(folder, ARTICLES, f"engine: {request.param}\n{cluster_yaml()}")
    with Project.open(folder, now=NOW) as opened:
        yield opened


def keys(project: Project, text: str, **options: object) -> list[str]:
    hits = project.search(Request(text, **options)).hits  # type: ignore[arg-type]
    return [hit.article.id for hit in hits]


# -- tiers


@pytest.mark.parametrize(
    ("text", "with_all", "with_some"),
    [
        ("ferry island", {"both"}, {"head", "text", "island"}),
        ("ferry", {"both", "head", "text"}, set()),
        ("ferry island -aground", {"both"}, {"text", "island"}),
        ("ferry island date:2025-03-03..2025-03-04", set(), {"text", "island"}),
        ('"ferry to" island', {"both"}, {"island"}),
        ("ferry xyzzy", set(), {"both", "head", "text"}),
        ("id:both", {"both"}, set()),
        # function words do not count
        ("the ferry to the island", {"both"}, {"head", "text", "island"}),
        ("who warns of a virus", {"who"}, set()),
        # but alone, in phrases and in capitals
        ("=who", {"who", "whom"}, set()),
        ("WHO warned", {"who"}, set()),
        # pasted addresses are nothing, alone they are one article
        ("ferry https://example.org/some/page", {"both", "head", "text"}, set()),
        ("ferry pic.twitter.com/3S32De8ekP", {"both", "head", "text"}, set()),
        ("https://example.org/some/page", set(), set()),
        # handles and hashtags are their words in pasted text
        ("#MeToo", {"tag"}, set()),
        ("the #IslandFerry is late", {"both"}, {"head", "text", "island"}),
    ],
)
def test_articles_with_all_words_come_first(
    project: Project, text: str, with_all: set[str], with_some: set[str]
) -> None:
    answer = project.search(text)
    assert (len(with_all), len(with_some)) == (answer.total, answer.total_some)
    tiers = [hit.matched for hit in answer.hits]
    assert [Tier.ALL] * len(with_all) + [Tier.SOME] * len(with_some) == tiers
    found = [hit.article.id for hit in answer.hits]
    assert (with_all, with_some) == (set(found[: len(with_all)]), set(found[len(with_all) :]))


def test_modes_join_the_words_as_they_say(project: Project) -> None:
    assert ["both"] == keys(project, "ferry island", match=MatchMode.ALL)
    some = {"both", "head", "text", "island"}
    assert some == set(keys(project, "ferry island", match=MatchMode.ANY))
    assert ["both"] == keys(project, "ferry island late", match=MatchMode.MOST)


@pytest.mark.parametrize("sort", Sort)
def test_pages_go_through_both_tiers_without_gaps(project: Project, sort: Sort) -> None:
    whole = keys(project, "ferry island whale", sort=sort, limit=50)
    request, found = Request("ferry island whale", sort=sort, limit=2), []
    while True:
        answer = project.search(request)
        found += [hit.article.id for hit in answer.hits]
        if answer.cursor is None:
            break
        request = Request("ferry island whale", sort=sort, limit=2, cursor=answer.cursor)
    assert whole == found


def test_counts_are_of_articles_with_all_words(project: Project) -> None:
    assert 1 == project.facets("ferry island", ["source"]).total
    assert 1 == project.timeline("ferry island").total


# -- order


def test_a_word_in_the_headline_counts_more_than_one_in_the_text(project: Project) -> None:
    assert "head" == keys(project, "ferry")[0]


def test_words_close_together_count_more_than_words_apart(project: Project) -> None:
    assert ["near", "far"] == keys(project, "gray whale lighthouse", match=MatchMode.ALL)


def test_an_explanation_adds_up(project: Project) -> None:
    for hit in project.search(Request("gray whale", explain=True)).hits:
        assert hit.explanation is not None
        assert hit.explanation.parts is not None
        assert pytest.approx(hit.score) == hit.explanation.parts.score


def test_without_signatures_the_engine_ranks(tmp_path: Path) -> None:
    folder = planted(tmp_path / "project", ARTICLES)
    (folder / ".dateline" / "signatures.sqlite").unlink()
    with Project.open(folder, now=NOW) as opened:
        assert {"both", "head", "text"} == set(keys(opened, "ferry"))
        opened.update()
        assert "head" == keys(opened, "ferry")[0]


# -- nothing found


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("ferry aground whale", ("No article has all 3 words. Without whale: 1.",)),
        ("ferry xyzzy", ("No article has both words. Without xyzzy: 3. Not found: xyzzy.",)),
        ("xyzzy plugh", ()),
        (
            "ferry date:2019",
            (
                "The archive covers 1 to 9 March 2025.",
                "Wire covers 1 to 9 March 2025.",
            ),
        ),
    ],
)
def test_nothing_found_is_explained(project: Project, text: str, notes: tuple[str, ...]) -> None:
    assert notes == project.search(text).warnings


# -- operators of other places


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("ferry w/s island", "w/ needs a number here", (6, 9)),
        ("ferry /p island", "this is no operator here", (6, 8)),
        ("ferry NEAR/5 island", "this is no operator here", (6, 12)),
        ("atl3(ferry)", "there is no atl3(…)", (0, 4)),
        ("budget^2", "words cannot be weighed", (0, 8)),
        ("AND budget", "AND stands between two things", (0, 3)),
        ('"secur* treaty"', "a star cannot stand in a phrase", (5, 7)),
        ("😀", "there is nothing to search for", (0, 1)),
    ],
)
def test_operators_of_other_places_are_errors(
    project: Project, text: str, message: str, place: tuple[int, int]
) -> None:
    with pytest.raises(QueryError) as caught:
        project.search(text)
    assert (message, place) == (caught.value.message, (caught.value.start, caught.value.end))
