from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from corpus.article import Article, MediaType, RawArticle, Source
from indexer.clean import CleanError, clean

NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
FIRST = (
    "The harbor authority closed both piers on Friday after divers found that the pilings below"
    " them had rotted through."
)
SECOND = "Ferries will land at the old fish market until the repairs are done, it said."
PROSE = f"<p>{FIRST}</p>\n<p>{SECOND}</p>"
BODY = f"{FIRST}\n\n{SECOND}"


def read(page: str | bytes, source: Source | None = None) -> Article:
    content = page if isinstance(page, bytes) else page.encode()
    raw = RawArticle(source or Source("pages", "/pages"), "a.html", MediaType.HTML, content)
    return clean(raw, now=NOW)


def page(head: str = "", body: str = PROSE) -> str:
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>"


def json_ld(*objects: object) -> str:
    scripts = (json.dumps(each) for each in objects)
    return "".join(f'<script type="application/ld+json">{each}</script>' for each in scripts)


NEWS = {
    "@type": "NewsArticle",
    "headline": "Piers Closed",
    "description": "Ferries move",
    "datePublished": "2025-03-28T10:15:00+09:00",
    "dateModified": "2025-03-29",
    "author": [{"@type": "Person", "name": "Jane Doe"}],
    "articleSection": ["Local", "Sea"],
    "publisher": {"@type": "Organization", "name": "The Daily Example"},
    "url": "https://news.example/piers",
}
METAS = (
    '<meta property="og:title" content="Piers Closed">'
    '<meta name="description" content="Ferries move">'
    '<meta property="article:published_time" content="2025-03-28T10:15:00+09:00">'
    '<meta property="article:modified_time" content="2025-03-29">'
    '<meta name="author" content="Jane Doe">'
    '<meta property="article:section" content="Local">'
    '<meta property="og:site_name" content="The Daily Example">'
    '<meta property="og:url" content="https://news.example/piers">'
)


@pytest.mark.parametrize(
    ("head", "place"),
    [
        (json_ld(NEWS), "json-ld"),
        (json_ld([{"@type": "Organization"}, NEWS]), "json-ld"),
        (json_ld({"@graph": [{"@type": "WebPage"}, {**NEWS, "@type": ["Thing", "NewsArticle"]}]}),
         "json-ld"),
        (json_ld({"@type": "WebPage", "mainEntity": NEWS}), "json-ld"),
        (f"<script type='application/ld+json'>{{broken</script>{json_ld(NEWS)}", "json-ld"),
        (json_ld({"@type": "Article", "headline": "Other"}, NEWS), "json-ld"),
        (METAS, "meta"),
    ],
)  # fmt: skip
def test_what_a_page_says_of_itself(head: str, place: str) -> None:
    article = read(page(head))

    assert (article.title, article.dek, article.body) == ("Piers Closed", "Ferries move", BODY)
    assert article.published is not None
    assert article.published.at.isoformat() == "2025-03-28T10:15:00+09:00"
    assert article.updated is not None
    assert article.updated.day_only
    assert article.authors == ("Jane Doe",)
    assert (article.section, article.source) == ("Local", "The Daily Example")
    assert (article.url, article.language) == ("https://news.example/piers", "en")
    assert dict(article.provenance)["published"] == place


def test_references_within_a_graph_are_followed() -> None:
    graph = [
        {**NEWS, "author": {"@id": "#jane"}, "publisher": {"@id": "#us"}},
        {"@id": "#jane", "@type": "Person", "name": "Jane Doe"},
        {"@id": "#us", "@type": "Organization", "name": "The Daily Example"},
    ]

    article = read(page(json_ld({"@graph": graph})))

    assert (article.authors, article.source) == (("Jane Doe",), "The Daily Example")


def test_what_a_page_shows_comes_last() -> None:
    article = read(
        page(
            "<title>Piers Closed | The Daily Example</title>",
            "<h1>Daily</h1><article><h1>Piers Closed</h1>"
            '<a rel="author" href="/jane">By Jane Doe</a>'
            '<time datetime="2025-03-28T01:15:00Z">yesterday</time>'
            f'{PROSE}</article><time datetime="2025-03-01">1 March</time>',
        )
    )

    assert (article.title, article.body) == ("Piers Closed", BODY)
    assert article.authors == ("Jane Doe",)
    assert article.published is not None
    assert article.published.at.isoformat() == "2025-03-28T01:15:00+00:00"
    assert dict(article.provenance)["published"] == "time"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<title>Piers Closed | The Daily Example</title>", "Piers Closed"),
        ("<title>Piers Closed - The Daily Example</title>", "Piers Closed"),
        ("<title>Piers Closed – Ferries Move</title>", "Piers Closed – Ferries Move"),
        ("<title>The Daily Example</title>", "The Daily Example"),
        ("<meta property=og:title content='A &amp; B'><title>C</title>", "A & B"),
        ("", "The harbor authority closed both piers on Friday after divers found that the …"),
    ],
)
def test_titles(head: str, expected: str) -> None:
    site = '<meta property="og:site_name" content="The Daily Example">'

    title = read(page(site + head)).title

    assert title == expected or title.startswith(expected[:-1])


@pytest.mark.parametrize(
    "body",
    [
        f"<nav><p>{SECOND}</p></nav>{PROSE}<footer><p>{FIRST}</p></footer>",
        f"<article><h1>T</h1>{PROSE}</article><aside><p>{SECOND}</p></aside>",
        f"<main><div>{PROSE}</div><div class='related-stories'><p>{SECOND}</p></div></main>",
        f"<p>{FIRST}</p><figure><figcaption>{SECOND}</figcaption></figure><p>{SECOND}</p>",
        f"<p>{FIRST}</p><script>write('{FIRST}')</script><style>p {{}}</style><p>{SECOND}</p>",
        f"<article><div><p>{FIRST}</p></div><div class=ad>Buy!</div><p>{SECOND}</p></article>",
        f"<form id=aspnet><div>{PROSE}</div></form>",
        f"<div>{FIRST}<br><br>{SECOND}</div>",
        f"<div>{FIRST}</div><div>{SECOND}</div>",
        f"<article>{PROSE}<p><a href=/x>Read more: something else altogether</a></p></article>",
        f"<article>{PROSE}<h2>Related</h2></article>",
        f"<article>{PROSE}<ul><li><a href=/a>A story</a><li><a href=/b>More</a></ul></article>",
        f"<article hidden><p>{SECOND}</p></article><div hidden><p>x y</p></div>{PROSE}",
        PROSE.replace(" ", "\n "),
        PROSE.replace("<p>", "<p><span><b>").replace("</p>", "</b></span></p>"),
    ],
)  # fmt: skip
def test_bodies(body: str) -> None:
    assert read(page(METAS, body)).body == BODY


def test_a_body_keeps_its_headings_lists_and_quotes_in_order() -> None:
    body = f"<p>{FIRST}</p><h2>Now</h2><ul><li>One<li>Two</ul><blockquote>Ah.</blockquote>"

    assert read(page(METAS, f"<article>{body}<p>{SECOND}</p></article>")).body == (
        f"{FIRST}\n\nNow\n\nOne\n\nTwo\n\nAh.\n\n{SECOND}"
    )


def test_a_body_that_is_only_told_is_taken_from_there() -> None:
    article = read(page(json_ld({**NEWS, "articleBody": BODY}), "<p>Please log in.</p>"))

    assert article.body == BODY
    assert dict(article.provenance)["body"] == "json-ld"


def test_a_dek_that_copies_the_body_is_none() -> None:
    head = f'<meta name="description" content="{FIRST[:60]}…">'

    assert read(page(head)).dek == ""


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="https://news.example/a">', "https://news.example/a"),
        (
            '<link rel="canonical" href="https://news.example/">' + METAS,
            "https://news.example/piers",
        ),
        ('<link rel="canonical" href="/a">', ""),
        ('<link rel="canonical" href="javascript:x">', ""),
    ],
)
def test_addresses(head: str, expected: str) -> None:
    assert read(page(head)).url == expected


@pytest.mark.parametrize(
    "content",
    [
        "<p>Café 東京</p>".encode(),
        b"\xef\xbb\xbf" + "<p>Café 東京</p>".encode(),
        "<p>Café 東京</p>".encode("utf-16"),
        "<meta charset=gb18030><p>Café 東京</p>".encode("gb18030"),
        "<meta charset=iso-2022-jp><p>Caf&eacute; 東京</p>".encode("iso-2022-jp"),
        "<?xml version='1.0' encoding='utf-8'?><html><p>Café 東京</p></html>".encode(),
        "<p>Ca\0fé&#xAD; 東京\u200b</p>".encode(),
        "Café 東京".encode(),
    ],
)
def test_encodings(content: bytes) -> None:
    assert read(content + b" " * 50).body == "Café 東京"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b" ", "empty file"),
        (b"<html><body><script>x</script></body></html>", "no text found"),
        (b"%PDF-1.4", "looks like a PDF"),
        (b"\0" * 100, "looks like binary data"),
        (b"<p>" * 200_000, "too many tags"),
        (b"<p>" + b"x" * 20_000_001, "too large"),
    ],
)
def test_what_is_no_page_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(CleanError, match=reason):
        read(content)


@pytest.mark.parametrize(
    "content",
    [
        "<div>" * 10_000 + PROSE,
        "<b>" * 10_000 + PROSE,
        "<div class=related>" * 10_000 + PROSE,
        "<article>" * 10_000 + PROSE,
        "<blockquote><p>x" * 5_000 + PROSE,
        f"<p {'a=b ' * 10_000}></p>{PROSE}",
        json_ld(NEWS).replace("[", "[" * 5_000) + PROSE,
        f"<link rel=canonical href='https://[x'>{PROSE}",
        f"<![CDATA[ x ]]><!-- x --><?php x ?>{PROSE}",
        PROSE + "</div>" * 10_000,
        f"<h1>{' ' * 300_000}x</h1>{' ' * 300_000}x{PROSE}",
    ],
)
def test_hostile_pages_give_their_text(content: str) -> None:
    assert read(content).body.endswith(SECOND)
