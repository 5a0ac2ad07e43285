"""The pages of articles and their versions, as HTML over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from corpus.article import Article, Moment
from search.project.project import Project
from search.text.snippets import Snippet
from search.web.pages import marked_text
from search.web.pages.article_view import get_text_direction
from tests.archive import ARABIC, CHANGED, HEBREW, HOSTILE, NOW, PLAIN, archive
from tests.serving import Web, client

LONELY, DOUBTFUL, GONE, SPLIT, TALKATIVE = "lonely", "doubtful", "gone", "a/b c?d", "talkative"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = archive(tmp_path_factory.mktemp("article") / "archive")
    day = Moment(datetime(2024, 2, 29, tzinfo=UTC), day_only=True)
    with Project.open(folder, now=NOW) as project:
        with project.store.transaction():
            for article in (
                Article(LONELY, "", ""),
                Article(DOUBTFUL, "A guess", "Text.", published=day, confidence="low"),
                Article(TALKATIVE, "Waves", "wave\n\n" * 2_499),
                Article(GONE, "A boat that left", "It left."),
                Article(SPLIT, "A slash", "One key.\n\n\n\nTwo keys\nin two lines."),
            ):
                version, _ = project.store.add_version(article, NOW)
                project.store.set_current_version(article.id, version)
            project.store.set_current_version(GONE, None)
        project.rebuild()
    return folder


@pytest.fixture(scope="module")
def web(folder: Path) -> Iterator[Web]:
    with client(folder, now=NOW) as opened:
        yield opened


class Read(HTMLParser):
    """A page's elements with their attributes, and the text in each kind of element."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "input"}:
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open[-1]][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def links(self) -> list[str]:
        return [each["href"] or "" for each in self.all("a")]


def got(web: Web, path: str, **parameters: str) -> str:
    response = web.get(path, params=parameters or None)
    assert 200 == response.status_code, response.text
    assert "text/html; charset=utf-8" == response.headers["content-type"]
    return response.text


def marks(content: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'<mark id="m\d+">(.*?)</mark>', content)]


# -- the article


def test_an_article_has_its_fields(web: Web) -> None:
    hit = web.get("/v1/search", params={"q": "elected mayor"}).json()["hits"][0]
    content = got(web, f"/articles/{hit['id']}")
    page = Read(content)
    assert "Marsh is elected mayor by 41 votes" in page.texts["h1"][0]
    assert "The closest count since 1962" in content
    assert "6 November 2014, 03:10" in page.texts["time"]
    assert "Thursday 6 November 2014, 03:10 UTC" == page.all("time")[0]["title"]
    assert "2014-11-06T03:10:00+00:00" == page.all("time")[0]["datetime"]
    assert {"canonical": "https://courier.example/mayor"}.items() <= {
        str(each["rel"]): each["href"] for each in page.all("link")
    }.items()
    assert {"name": "robots", "content": "noindex"} in page.all("meta")
    (original,) = [each for each in page.all("a") if "rel" in each]
    assert {"href": "https://courier.example/mayor", "rel": "noopener noreferrer"} == original
    assert "11 words" in content


@pytest.mark.parametrize(
    "query",
    [
        'section:="City"', 'source:="Harbor Courier"', 'author:="Mara Keel"',
        'author:="Ngozi Oduya"', 'person:="Elena Marsh"', 'person:="Paul Whitaker"',
        'place:="Northport"',
    ],
)  # fmt: skip
def test_its_names_search_for_themselves(web: Web, query: str) -> None:
    hit = web.get("/v1/search", params={"q": "elected mayor"}).json()["hits"][0]
    links = [urlsplit(each) for each in Read(got(web, f"/articles/{hit['id']}")).links()]
    asked = [parse_qs(each.query)["q"][0] for each in links if each.path == "/" and each.query]
    assert query in asked
    found = web.get("/v1/search", params={"q": query, "limit": 50}).json()["hits"]
    assert hit["id"] in [each["id"] for each in found]


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (PLAIN, "no date"),
        (LONELY, "This article has no text."),
        (LONELY, "Untitled"),
        (DOUBTFUL, "The date is a guess"),
        (CHANGED, "<strong aria-current=\"true\">Version 3</strong>"),
    ],
)  # fmt: skip
def test_what_it_says(web: Web, key: str, says: str) -> None:
    assert says in got(web, f"/articles/{key}")


def test_a_date_that_is_known_is_not_doubted(web: Web) -> None:
    assert "guess" not in got(web, f"/articles/{CHANGED}")


def test_paragraphs_and_an_id_with_signs(web: Web) -> None:
    (hit,) = web.get("/v1/search", params={"q": "slash"}).json()["hits"]
    assert SPLIT == hit["id"]
    content = got(web, "/articles/a%2Fb%20c%3Fd")
    assert ["One key.", "Two keys\nin two lines."] == re.findall(
        r'<p dir="auto">(.*?)</p>', content, re.S
    )
    assert "/articles/a/b%20c%3Fd" in got(web, "/", q="slash")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ar", "rtl"), ("he-IL", "rtl"), ("fa", "rtl"), ("en", "ltr"), ("EN-gb", "ltr"),
        ("az-Arab", "rtl"), ("ar-Latn", "ltr"), ("", "auto"),
    ],
)  # fmt: skip
def test_directions(language: str, expected: str) -> None:
    assert expected == get_text_direction(language)


@pytest.mark.parametrize(("key", "language"), [(ARABIC, "ar"), (HEBREW, "he")])
def test_an_article_is_set_from_the_right(web: Web, key: str, language: str) -> None:
    page = Read(got(web, f"/articles/{key}"))
    assert "rtl" == page.all("article")[0]["dir"]
    assert language == page.all("h1")[0]["lang"]


def test_similar_articles(web: Web) -> None:
    (hit,) = web.get("/v1/search", params={"q": '"fog on Friday"'}).json()["hits"]
    expected = web.get(f"/v1/articles/{hit['id']}/similar", params={"limit": 5}).json()["articles"]
    links = Read(got(web, f"/articles/{hit['id']}")).links()
    shown = [each for each in links if each.startswith("/articles/") and "?" not in each]
    others = [each for each in shown if "/versions" not in each]
    assert [f"/articles/{each['id']}" for each in expected] == others
    assert 5 == len(expected)


# -- what a query matches


@pytest.mark.parametrize(
    "query",
    [
        "ferry", "ferry captain", '"Gull Island"', "isle of gulls", "ferr*", "ferri~", "nosuchword",
        "title:ferry", "lead:ferry", "ferry w/5 captain", "ferry -whale", "date:2020", "=ferry",
        "person:Brandt", "ferry nosuchword", "*",
    ],
)  # fmt: skip
def test_marks_are_those_of_a_search(web: Web, query: str) -> None:
    everything = {"q": "ferry", "limit": 50}
    ids = [each["id"] for each in web.get("/v1/search", params=everything).json()["hits"]]
    answer = web.get("/v1/search", params={"q": query, "limit": 50}).json()
    for hit in (each for each in answer["hits"] if each["id"] in ids):
        content = got(web, f"/articles/{hit['id']}", q=query)
        title = re.search(r"<h1[^>]*>(.*?)</h1>", content, re.S)
        assert title
        shown = re.sub(
            r'<span class="hop".*?</a></span>|<span class="hop".*?</span></span>', "", title[1]
        )
        assert hit["title_html"] == re.sub(r' id="m\d+"', "", shown).strip().replace(
            "&#39;", "&#x27;"
        )
        expected = [
            snippet["text"][start:end]
            for snippet in hit["snippets"]
            for start, end in snippet["ranges"]
        ]
        assert set(expected) <= set(marks(content))


def test_matches_are_numbered_and_linked(web: Web) -> None:
    content = got(web, f"/articles/{CHANGED}", q="breakwater deep")
    page = Read(content)
    ids = [each["id"] for each in page.all("mark")]
    assert [f"m{number}" for number in range(1, 5)] == ids
    assert ["Breakwater", "breakwater", "deep", "breakwater"] == marks(content)
    targets = [each[1:] for each in page.links() if each.startswith("#m")]
    assert set(targets) <= {*ids, "main"}
    named = [each["id"] for _, each in page.elements if each.get("id")]
    assert sorted(set(named), key=str) == sorted(named, key=str)
    assert "<strong>4</strong>" in content
    assert "/?q=breakwater%20deep" in page.links()


def test_without_a_query_nothing_is_marked(web: Web) -> None:
    content = got(web, f"/articles/{CHANGED}")
    assert [] == marks(content)
    assert 'class="finder"' not in content


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("titel:x", "cannot be read, so nothing is marked: there is no field &#39;titel&#39;"),
        ('"unclosed', "cannot be read"),
        ("nosuchword", "No match"),
        ("date:2025", "No match"),
        ("x" * 5_000, "cannot be read"),
    ],
)
def test_a_query_that_marks_nothing(web: Web, query: str, says: str) -> None:
    content = got(web, f"/articles/{CHANGED}", q=query)
    assert says in content
    assert [] == marks(content)
    assert "Breakwater cracks" in content


def test_more_matches_than_a_page_can_have(web: Web) -> None:
    content = got(web, f"/articles/{TALKATIVE}", q="wave")
    assert "<strong>2,500</strong>" in content
    assert "the first 2,000 are marked" in content
    assert 2_000 == len(marks(content))
    assert 'href="#m2000"' in content
    assert "#m2001" not in content


@pytest.mark.parametrize(
    ("text", "ranges", "expected"),
    [
        ("", (), []),
        ("one two", ((4, 7),), [("one two", ((4, 7),))]),
        ("one\n\ntwo", ((0, 3), (5, 8)), [("one", ((0, 3),)), ("two", ((0, 3),))]),
        ("one\n\ntwo", ((0, 8),), [("one", ((0, 3),)), ("two", ((0, 3),))]),
        ("a\n\nb\n\nc", ((0, 7),), [("a", ((0, 1),)), ("b", ((0, 1),)), ("c", ((0, 1),))]),
        ("a b\n\n\n\nc", ((2, 3), (7, 8)), [("a b", ((2, 3),)), ("c", ((0, 1),))]),
    ],
)
def test_paragraphs_keep_their_matches(
    text: str,
    ranges: tuple[tuple[int, int], ...],
    expected: list[tuple[str, tuple[tuple[int, int], ...]]],
) -> None:
    found = marked_text.split_paragraphs(Snippet(text, ranges, "body"))
    assert expected == [(each.text, each.ranges) for each in found]


# -- hostile articles


@pytest.mark.parametrize("path", [f"/articles/{HOSTILE}", f"/articles/{HOSTILE}/versions"])
def test_nothing_of_an_article_is_markup(web: Web, path: str) -> None:
    response = web.get(path, params={"q": "lantern <script>alert(1)</script>"})
    page = Read(response.text)
    assert {"article", "div", "h1"} & {tag for tag, _ in page.elements}
    assert not {"iframe", "svg", "img", "object"} & {tag for tag, _ in page.elements}
    assert all(each["src"] for each in page.all("script"))
    assert not [
        name
        for _, attributes in page.elements
        for name in attributes
        if name.startswith("on") or name == "style"
    ]
    assert all(each.startswith(("/", "#")) for each in page.links())
    assert "canonical" not in [each["rel"] for each in page.all("link")]
    assert "{{ 7 * 7 }}" in response.text or path.endswith("/versions")
    assert "script-src 'self'" in response.headers["content-security-policy"]


def test_a_language_that_is_none_is_not_written(web: Web) -> None:
    page = Read(got(web, f"/articles/{HOSTILE}"))
    assert "lang" not in page.all("h1")[0]
    assert "auto" == page.all("article")[0]["dir"]


# -- versions


def test_an_earlier_version(web: Web) -> None:
    content = got(web, f"/articles/{CHANGED}", version="1", q="crack")
    assert "This is version 1 of 3." in content
    assert "Nobody knows how deep it is." in content
    assert f'href="/articles/{CHANGED}?q=crack"' in content


@pytest.mark.parametrize(
    ("parameters", "deleted", "inserted"),
    [
        ({}, "Nobody knows how deep they are.", "The breakwater is closed to walkers."),
        ({"old": "1", "new": "2"}, "A crack was", "Two cracks were"),
        ({"old": "1"}, "A crack was", "Two cracks were"),
        ({"new": "2"}, "A crack was", "Two cracks were"),
        ({"old": "2", "new": "1"}, "Two cracks were", "A crack was"),
    ],
)
def test_what_changed(web: Web, parameters: dict[str, str], deleted: str, inserted: str) -> None:
    page = Read(got(web, f"/articles/{CHANGED}/versions", **parameters))
    assert deleted in page.texts["del"]
    assert inserted in page.texts["ins"]


@pytest.mark.parametrize(
    ("path", "parameters", "says"),
    [
        (f"/articles/{CHANGED}/versions", {"old": "2", "new": "2"}, "Nothing has changed"),
        (f"/articles/{CHANGED}/versions", {}, "Headline"),
        (f"/articles/{PLAIN}/versions", {}, "Only one version was taken in"),
        (f"/articles/{GONE}/versions", {}, "Only one version was taken in"),
    ],
)
def test_what_the_page_of_versions_says(
    web: Web, path: str, parameters: dict[str, str], says: str
) -> None:
    assert says in got(web, path, **parameters)


# -- what is not there


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/articles/nosuch", "There is no article &#39;nosuch&#39; here"),
        ("/articles/nosuch?q=ferry", "There is no article"),
        ("/articles/nosuch/versions", "There is no article"),
        ("/articles/<script>alert(1)<%2Fscript>", "&lt;script&gt;"),
        (f"/articles/{CHANGED}?version=4", "There is no version"),
        (f"/articles/{CHANGED}?version=0", "There is no version"),
        (f"/articles/{CHANGED}?version=x", "There is no version"),
        (f"/articles/{CHANGED}/versions?old=9", "There is no version"),
    ],
)
def test_what_is_not_there_is_said_in_html(web: Web, path: str, says: str) -> None:
    response = web.get(path)
    assert (404, "text/html; charset=utf-8") == (
        response.status_code,
        response.headers["content-type"],
    )
    assert says in response.text
    assert 'type="search"' in response.text
    assert "<script>alert" not in response.text


def test_an_article_that_is_gone_can_be_read(web: Web) -> None:
    response = web.get(f"/articles/{GONE}")
    assert 410 == response.status_code
    assert "gone from its source" in response.text
    assert "It left." in response.text


# -- caching


@pytest.mark.parametrize("path", [f"/articles/{CHANGED}?q=deep", f"/articles/{CHANGED}/versions"])
def test_a_page_that_a_browser_has_is_not_sent_again(web: Web, path: str) -> None:
    first = web.get(path)
    again = web.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (304, b"") == (again.status_code, again.content)
