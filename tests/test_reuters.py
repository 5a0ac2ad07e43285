"""The whole of Reuters-21578 through the front door: nothing lost, nothing garbled."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.article import Article
from search import Project, Request
from search.results.request import MatchMode
from tests.reuters import articles

ARCHIVE = (
    Path(__file__).resolve().parents[2] / "shared" / "data" / "reuters21578" / "reuters21578.tar.xz"
)
# The only time in the collection that is none: 31-MAR-1987 605:12:19.12.
UNTIMED = "17192"
NOW = datetime(2025, 4, 1, tzinfo=UTC)
GARBLED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffd]|Ã.|&(?:#\\d+|lt|gt|amp);")


@pytest.fixture(scope="module")
def sgml() -> str:
    if not ARCHIVE.exists():
        pytest.skip("the collection is not here")
    with tarfile.open(ARCHIVE) as members:
        names = [name for name in members.getnames() if name.endswith(".sgm")]
        return "".join(_read(members, name) for name in names)


def _read(members: tarfile.TarFile, name: str) -> str:
    file = members.extractfile(name)
    assert file is not None
    return file.read().decode("latin-1")


@pytest.fixture(scope="module")
def given(sgml: str) -> list[dict[str, object]]:
    return list(articles(ARCHIVE))


@pytest.fixture(scope="module")
def project(
    given: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("reuters")
    file = folder / "reuters.jsonl"
    file.write_text("".join(json.dumps(article) + "\n" for article in given), "utf-8")
    with Project.open(folder, engine="tantivy", workers="2", now=NOW) as project:
        project.add([file])
        yield project


@pytest.fixture(scope="module")
def held(project: Project) -> dict[str, Article]:
    changes = project.store.read_changes(0)
    return {change.article_id: change.article for change in changes if change.article}


def test_every_article_with_a_body_is_in(project: Project, sgml: str) -> None:
    filled = [body for body in re.findall(r"<BODY>([^<]*)</BODY>", sgml) if has_text(body)]
    status = project.status()
    assert len(filled) == status.counts.articles == 19_043
    assert [] == project.failures()
    assert status.behind == 0


def has_text(body: str) -> bool:
    return bool(re.sub(r"&#\d+;|\s", "", body))


def test_dates_are_right_to_the_second(held: dict[str, Article], sgml: str) -> None:
    expected = {}
    for element in sgml.split("<REUTERS ")[1:]:
        number, date = re.findall(r'NEWID="(\d+)"|<DATE>\s*(\S+\s+[\d:]+)', element)[:2]
        if "<BODY>" in element and number[0] != UNTIMED:
            written = " ".join(date[1].split())
            expected[number[0]] = datetime.strptime(written, "%d-%b-%Y %H:%M:%S")
    found = {
        number: article.published.at.astimezone(UTC).replace(tzinfo=None)
        for number, article in held.items()
        if article.published and not article.published.day_only
    }
    assert expected == found


def test_a_time_that_is_none_leaves_the_day(held: dict[str, Article]) -> None:
    published = held[UNTIMED].published
    assert published is not None
    assert (datetime(1987, 3, 31, tzinfo=UTC), True) == (published.at, published.day_only)


def test_nothing_is_garbled(held: dict[str, Article]) -> None:
    garbled = {
        number: found[0]
        for number, article in held.items()
        for text in (article.title, article.body.replace("\n", " "), *article.authors)
        if (found := GARBLED.search(text))
    }
    assert {} == garbled


@pytest.mark.parametrize("field", ["title", "body"])
def test_no_word_is_lost(
    given: list[dict[str, object]], held: dict[str, Article], field: str
) -> None:
    lost = [
        article["id"]
        for article in given
        if str(article[field]).split() != getattr(held[str(article["id"])], field).split()
    ]
    assert [] == lost


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"Bahia cocoa zone"', {"1"}),
        ("title:cocoa date:1987-02-26", {"1"}),
        ('"Black Monday"', {"20007", "20855", "21422"}),
        ("Chernobyl date:1987-02..1987-03-16", {"1522", "5262"}),
        ("oil OPEC ceiling Lukman date:1987-06", {"19128", "19285"}),
        ("secur* title:fraud", {"563", "9512", "16694"}),
        ('"Dow Jones" plunge date:1987-10-19', {"20928", "20992"}),
        ("Zeebruge~ ferry capsized date:1987-03-06", {"2819", "2853"}),
        ("platypus", set()),
    ],
)
def test_known_answers(project: Project, query: str, expected: set[str]) -> None:
    hits = project.search(Request(query, match=MatchMode.ALL)).hits
    assert expected == {hit.article.id for hit in hits}


@pytest.mark.parametrize(
    ("query", "total"), [("Chernobyl", 13), ("author:Kalbag", 23), ("date:1987", 19_043)]
)
def test_known_totals(project: Project, query: str, total: int) -> None:
    assert total == project.search(query).total
