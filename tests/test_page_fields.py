from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from corpus.article import Article, MediaType, RawArticle, Source
from indexer.clean import clean

NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
PROSE = (
    "<p>The harbor authority closed both piers on Friday after divers found that the pilings"
    " below them had rotted through.</p><p>Ferries will land at the old fish market until the"
    " repairs are done, it said.</p>"
)


def read(head: str = "", body: str = "", url: str = "", language: str = "en") -> Article:
    page = f"<!doctype html><html lang='{language}'><head>{head}</head><body>{body}</body></html>"
    source = Source("pages", "/pages")
    return clean(RawArticle(source, "a.html", MediaType.HTML, page.encode(), url=url), now=NOW)


def news(**fields: object) -> str:
    record = {"@type": "NewsArticle", "headline": "Piers Closed", **fields}
    return f'<script type="application/ld+json">{json.dumps(record)}</script>'


OG = '<meta property="og:title" content="Piers Closed in Old Harbor">'


@pytest.mark.parametrize(
    ("head", "shown", "expected"),
    [
        (OG, "<h1>PIERS  CLOSED IN OLD HARBOR</h1>", "Piers Closed in Old Harbor"),
        (OG, "<h1>Harbor</h1><h1>Old Harbor: Piers Closed</h1>", "Old Harbor: Piers Closed"),
        (OG, "<h1>The Daily Example</h1>", "Piers Closed in Old Harbor"),
        (OG, "<h1>World</h1>", "Piers Closed in Old Harbor"),
        (OG, "<h1>Subscribe to our paper</h1>", "Piers Closed in Old Harbor"),
        (OG, "<h1>Both piers in old harbor are closed</h1>", "Both piers in old harbor are closed"),
        (news(), "<h1>Harbor: Piers Closed</h1>", "Piers Closed"),
        (news(headline="Piers in Old Harbor Closed"), "<h1>Piers Closed in the Old Harbor</h1>",
         "Piers Closed in the Old Harbor"),
        ("<title>Piers Closed | Example</title>", "", "Piers Closed"),
        ("<title>Piers Closed - World - The Daily Example</title>", "", "Piers Closed"),
        ("<title>Example: Piers Closed</title>", "", "Example: Piers Closed"),
        ("<title>The Daily Example | Piers Closed</title>", "", "Piers Closed"),
        ("<title>Piers Closed – Ferries Move</title>", "", "Piers Closed – Ferries Move"),
        ("<title>Piers Closed | Some Other Name</title>", "<h1>Piers Closed</h1>", "Piers Closed"),
        ("<title>港の桟橋が閉鎖 | Example</title>", "<h1>港の桟橋が閉鎖</h1>", "港の桟橋が閉鎖"),
        ("", "<h1>Piers Closed</h1>", "Piers Closed"),
        ("", "<h2 itemprop=headline>Piers Closed</h2>", "Piers Closed"),
    ],
)  # fmt: skip
def test_the_title_is_the_heading_that_is_told(head: str, shown: str, expected: str) -> None:
    site = (
        '<meta property="og:site_name" content="The Daily Example">'
        '<meta property="article:section" content="World">'
    )

    article = read(site + head, shown + PROSE, url="https://www.example.com/piers")

    assert article.title == expected


URL = "https://news.example/{}/piers"
UTC_LD = news(datePublished="2025-03-29T02:15:00Z")


@pytest.mark.parametrize(
    ("head", "shown", "path", "expected", "place", "sure"),
    [
        (news(datePublished="2025-03-28"), "", "x", "2025-03-28", "json-ld", "medium"),
        (news(datePublished="2025-03-28"), "", "2025/03/28", "2025-03-28", "json-ld", "high"),
        (news(datePublished="2025-03-28"), "", "2019/03/28", "2019-03-28", "url", "medium"),
        (news(datePublished="2019-03-28"), "", "2025/03/28", "2019-03-28", "json-ld", "medium"),
        (news(datePublished="2031-03-28"), "", "x", None, None, None),
        ("<meta name=publish_date content=2025-03-28>", "", "x", "2025-03-28", "meta", "medium"),
        ("<meta name=x.pub-date content=2025-03-28>", "", "x", "2025-03-28", "meta", "medium"),
        ("<meta name=expiry-date content=2025-03-28>", "", "x", None, None, None),
        ("", "<h1>T</h1><span itemprop=datePublished>28 March 2025</span>", "x",
         "2025-03-28", "time", "medium"),
        ("", "", "2025/03/28", "2025-03-28", "url", "medium"),
        ("", "", "2025-3-28", "2025-03-28", "url", "medium"),
        ("", "", "2025/mar/28", "2025-03-28", "url", "medium"),
        ("", "", "news-20250328", "2025-03-28", "url", "medium"),
        ("", "", "2025/03", None, None, None),
        ("", "", "2025/13/28", None, None, None),
        ("", "", "19061012345", None, None, None),
        ("", "<h1>T</h1><time datetime=2025-03-28>x</time>", "x", "2025-03-28", "time", "medium"),
        ("", "<h1>T</h1><p>Updated <time datetime=2025-03-28>x</time></p>", "x", None, None, None),
        ("", "<h1>T</h1><p>By Jane Doe | March 28, 2025</p>", "x", "2025-03-28", "text", "low"),
        ("", "<h1>T</h1><p>March <b>28</b>, 2025</p>", "x", "2025-03-28", "text", "low"),
        ("", "<p>March 28, 2025</p><h1>T</h1>", "x", "2025-03-28", "text", "low"),
        ("", "<h1>T</h1><p>Published March 28, 2025. Updated March 30, 2025</p>", "x",
         "2025-03-28", "text", "low"),
        ("", "<h1>T</h1><p>Updated March 28, 2025</p>", "x", None, None, None),
        ("", "<h1>T</h1><p>The strike of March 28, 2025, was long and bitter.</p>", "x",
         None, None, None),
        ("", "<h2>T</h2><p>March 28, 2025</p>", "x", "2025-03-28", "text", "low"),
        ("<title>Closed</title>", "<h2>Closed</h2><p>March 28, 2025</p>", "x",
         "2025-03-28", "text", "low"),
        ('<script>{"publishDate":"2025-03-28"}</script>', "", "x", "2025-03-28", "meta", "medium"),
        ('<script>{"publishDate":"2025-03-28"},{"publishDate":"2025-03-29"}</script>', "", "x",
         None, None, None),
        ("", f"<h1>T</h1>{PROSE * 3}<p>March 28, 2025</p>", "x", "2025-03-28", "text", "low"),
        ("", f"<h1>T</h1>{PROSE * 3}<p>March 28, 2025</p><p>2 May 2024</p>", "x", None, None, None),
        ("", "<h1>T</h1><p>March 30, 2025</p>", "2025/03/28", "2025-03-28", "url", "high"),
        ("", "<h1>T</h1><p>28 March 2025 10:15</p>", "2025/03/28",
         "2025-03-28T10:15:00+00:00", "text", "high"),
        (UTC_LD, "<h1>T</h1><p>March 28, 2025 10:15 PM</p>", "x",
         "2025-03-28T22:15:00-04:00", "json-ld", "high"),
        (UTC_LD, "<h1>T</h1><time datetime=2025-03-28T21:15:00-05:00>x</time>", "x",
         "2025-03-28T21:15:00-05:00", "json-ld", "high"),
        (UTC_LD, "<h1>T</h1><p>March 28, 2025 10:07 PM</p>", "x",
         "2025-03-29T02:15:00+00:00", "json-ld", "high"),
    ],
)  # fmt: skip
def test_when_a_page_was_published(
    head: str, shown: str, path: str, expected: str | None, place: str | None, sure: str | None
) -> None:
    article = read(head, shown + PROSE, url=URL.format(path))

    told = article.published
    day = told and (told.at.date().isoformat() if told.day_only else told.at.isoformat())
    assert (expected, place) == (day, dict(article.provenance).get("published"))
    assert (sure or "") == article.confidence


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "03.04.2024, 10:15 Uhr", "2024-04-03"),
        ("fr", "Publié le 03/04/2024", "2024-04-03"),
        ("en-GB", "03/04/2024", "2024-04-03"),
        ("en-US", "03/04/2024", "2024-03-04"),
        ("en", "03/04/2024", None),
        ("pl", "Opublikowano: 28 marca 2025", "2025-03-28"),
        ("cs", "28. března 2025", "2025-03-28"),
        ("ru", "28 марта 2025, 10:15", "2025-03-28"),
        ("uk", "28 березня 2025", "2025-03-28"),
        ("tr", "28 Mart 2025", "2025-03-28"),
        ("fi", "28. maaliskuuta 2025", "2025-03-28"),
        ("hu", "2025. március 28.", "2025-03-28"),
        ("lt", "2025 m. kovo 28 d.", "2025-03-28"),
        ("ko", "2025년 3월 28일", "2025-03-28"),
        ("vi", "28 tháng 3, 2025", "2025-03-28"),
        ("id", "28 Maret 2025", "2025-03-28"),
        ("ar", "28 مارس 2025", "2025-03-28"),
    ],
)
def test_dates_are_read_in_the_language_of_a_page(
    language: str, text: str, expected: str | None
) -> None:
    published = read("", f"<h1>T</h1><p>{text}</p><p>x</p>", language=language).published

    assert expected == (published and published.at.date().isoformat())


def test_an_update_before_the_publication_is_none() -> None:
    head = news(datePublished="2025-03-28", dateModified="2025-03-01")

    assert read(head, PROSE).updated is None


@pytest.mark.parametrize(
    ("head", "shown", "expected"),
    [
        (news(author={"name": "Jane Doe"}), "<p>By John Roe</p>", ["Jane Doe"]),
        (news(author={"name": "The Daily Example"}), "<p>By John Roe</p>", ["John Roe"]),
        (news(author={"name": "The Daily Example"}), "", ["The Daily Example"]),
        ("<meta name=author content='Maria &amp;amp; Ann'>", "", ["Maria", "Ann"]),
        ("<meta name=author content=admin>", "<p>By John Roe</p>", ["John Roe"]),
        ("", "<p>By Jane Doe and John Roe</p>", ["Jane Doe", "John Roe"]),
        ("", "<p>By <a href=/x>Jane Doe</a>, <a href=/y>John Roe</a></p>",
         ["Jane Doe", "John Roe"]),
        ("", "<p><span>By</span> <b>Jane Doe</b> <i>Staff Writer</i></p>", ["Jane Doe"]),
        ("", "<p>Von Jana Müller</p>", ["Jana Müller"]),
        ("", "<p>By the end of March all was done.</p>", []),
        ("", "<a rel=author href=/x>Jane Doe</a>", ["Jane Doe"]),
        ("", "<p itemprop=author><style>.a{b:c}</style><b itemprop=name>Jane Doe</b> x</p>",
         ["Jane Doe"]),
        ("", "<div class=byline><p>Jane Doe</p><p>Senior Editor</p><p>Follow</p></div>",
         ["Jane Doe"]),
        ("", "<div class=post-author><a href=/author/jd>Jane Doe</a> About the author</div>",
         ["Jane Doe"]),
        ("", "<div class=author>Read More</div>", []),
        ("", "<div class=byline>山田太郎</div>", ["山田太郎"]),
    ],
)  # fmt: skip
def test_who_wrote_a_page(head: str, shown: str, expected: list[str]) -> None:
    site = '<meta property="og:site_name" content="The Daily Example">'

    assert expected == list(read(site + head, f"<h1>Piers Closed</h1>{shown}{PROSE}").authors)


def test_the_day_of_an_archive_is_not_that_of_its_page() -> None:
    article = read("", PROSE, url="https://a.example/web/20240102030405/https://b.example/x")

    assert article.published is None


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        (f"<link rel=canonical href='https://x.example/{'2025-' * 100_000}'>", ""),
        (f"<title>{' | x' * 100_000}</title>", f"<h1>{'x | ' * 100_000}</h1>"),
        ("", "<h1>T</h1>" + "1 2025<br>" * 5_000),
        ("", f"<p itemprop=author>{'Jane Doe, ' * 100_000}</p>"),
        ("", "<div class=byline>" * 400 + "x " * 100_000),
        ("<script>" + '"publishDate":"' * 100_000 + "</script>", ""),
    ],
)
def test_hostile_fields_do_no_harm(head: str, shown: str) -> None:
    assert "pilings" in read(head, shown + PROSE).body
