"""What of a page is its body: each kind of block that pages have, left out or in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corpus.article import MediaType, RawArticle, Source
from indexer.clean import CleanError, clean
from indexer.clean.pages.dom_tree import build_tree, parse_page

NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
P1 = (
    "The harbor authority closed both piers on Friday after divers found that the pilings below"
    " them had rotted through, and said that no ferry would land there before the summer."
)
P2 = (
    "Fishermen, who unload at the northern pier, were told to use the old market instead; many"
    " said that its cranes were too weak for what they bring in during the season."
)
P3 = (
    "“We knew that the wood was old, but not that it was gone,” said the harbor master, who has"
    " asked the council for money to rebuild both piers in stone."
)
OTHER = (
    "A storm took the roof of the town hall on Monday night, and the mayor said that it would be"
    " a month before anybody could work there again."
)
TITLE = "Piers closed after divers find rot"
STORY = f"<p>{P1}</p><p>{P2}</p><p>{P3}</p>"
BODY = [P1, P2, P3]


def body(markup: str, title: str = TITLE) -> list[str]:
    page = f"<!doctype html><html lang=en><title>{title}</title><body>{markup}</body></html>"
    raw = RawArticle(Source("pages", "/pages"), "a.html", MediaType.HTML, page.encode())
    return clean(raw, now=NOW).body.split("\n\n")


def story(middle: str = "", after: str = "", before: str = "") -> str:
    """An article as pages have it, with something more within, after or before it."""
    return (
        '<header class="site-header"><nav><ul><li><a href="/">Home</a><li><a href="/w">World</a>'
        f"</ul></nav></header>{before}<main><article><h1>{TITLE}</h1>"
        f'<div class="article-body"><p>{P1}</p>{middle}<p>{P2}</p><p>{P3}</p></div>{after}'
        "</article></main><footer><p>© 2025 The Daily Example. All rights reserved.</p></footer>"
    )


@pytest.mark.parametrize(
    "left_out",
    [
        '<figure><img src="a.jpg"><figcaption>The pier. Photo: J. Doe</figcaption></figure>',
        '<div class="share-bar"><a href="/f">Facebook</a> <a href="/t">Share on X</a></div>',
        ('<div class="newsletter-signup"><p>Sign up for our newsletter and get news by mail.</p>'
        "<form><input><label>Your e-mail address</label></form></div>"),
        ('<aside class="related"><h3>Related</h3><ul><li><a href="/1">Storm takes roof</a>'
        '<li><a href="/2">Mayor resigns</a></ul></aside>'),
        '<p><a href="/1">Read more: Storm takes the roof of the town hall</a></p>',
        '<div class="ad-slot"><span>Advertisement</span></div>',
        f'<div hidden><p>{OTHER}</p></div>',
    ],
)  # fmt: skip
def test_what_stands_in_a_story_and_is_not_of_it(left_out: str) -> None:
    assert body(story(left_out)) == BODY


@pytest.mark.parametrize(
    "left_out",
    [
        (
            f'<section class=comments><h3>Comments</h3><div class="comment"><p>{OTHER}</p></div>'
            f'<div class="comment"><p>They should have looked at it years ago!</p></div></section>'
        ),
        '<div class="tags"><a href="/t/h">harbor</a> <a href="/t/f">ferries</a></div>',
        '<div class="author-bio"><p>Jane Doe writes about the sea for The Daily Example.</p></div>',
        (
            f'<section class="related-stories"><h2>More stories</h2><a href="/s"><p>{OTHER}</p></a>'
            "</section>"
        ),
        "<h2>Related</h2>",
    ],
)
def test_what_follows_a_story(left_out: str) -> None:
    assert body(story(after=left_out)) == BODY


@pytest.mark.parametrize(
    "left_out",
    [
        (
            '<div id="cookie-consent" class="cookie-banner"><p>We use cookies so that this works.'
            " By going on you accept our privacy policy.</p><button>Accept</button></div>"
        ),
        '<div class="breadcrumbs"><a href="/">Home</a> / <a href="/l">Local</a></div>',
        '<p class="byline">By Jane Doe, March 28, 2025</p>',
    ],
)
def test_what_precedes_a_story(left_out: str) -> None:
    assert body(story(before=left_out)) == BODY


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ("<h2>What the divers saw</h2>", ["What the divers saw"]),
        (
            ("<ul><li>The northern pier is closed to all ships until the summer.</li>"
            "<li>The southern pier may be walked on, but not landed at.</li></ul>"),
            ["The northern pier is closed to all ships until the summer.",
             "The southern pier may be walked on, but not landed at."],
        ),
        (f"<blockquote><p>{OTHER}</p></blockquote>", [OTHER]),
        (f'<p>{OTHER} <a href="/roof">The roof</a> is gone.</p>', [f"{OTHER} The roof is gone."]),
    ],
)  # fmt: skip
def test_what_is_of_a_story_stays_in_its_place(kept: str, expected: list[str]) -> None:
    assert body(story(kept)) == [P1, *expected, P2, P3]


@pytest.mark.parametrize(
    "markup",
    [
        f"<div class=content>{P1}<br><br>{P2}<br><br>{P3}</div>",
        f"<table><tr><td>{STORY}</td><td><a href=/>Home</a></td></tr></table>",
        f"<div><div>{P1}</div><div>{P2}</div><div>{P3}</div></div>",
        f"<article><p>{P1}<p>{P2}<p>{P3}",
        f"<article><p>{P1}</b></i></p></span><div><p>{P2}</div><p><em>{P3}",
        "<div>" * 10_000 + STORY,
        f"{STORY}{'<section><div>' * 5_000}",
    ],
)
def test_ways_of_setting_paragraphs(markup: str) -> None:
    assert body(markup) == BODY


ARABIC = [
    (
        "أعلنت سلطة الميناء يوم الجمعة إغلاق الرصيفين بعد أن اكتشف الغواصون أن الأعمدة الخشبية"
        " تحتهما قد تعفنت تماما، وقالت إن العبارات لن ترسو هناك قبل الصيف."
    ),
    (
        "وقال الصيادون إن رافعات السوق القديم أضعف من أن تحمل ما يجلبونه في الموسم، وطالبوا المجلس"
        " ببناء رصيف جديد من الحجر."
    ),
]
JAPANESE = [
    (
        "港湾局は金曜日、潜水士の調査で橋脚の木材が完全に腐食していることが分かったため、二つの桟橋を閉鎖した。"
        "夏まではフェリーの接岸を認めないとしている。"
    ),
    (
        "漁業者は古い市場の岸壁を使うよう求められたが、クレーンの力が足りず、漁期の水揚げには対応できないと"
        "話している。"
    ),
]


@pytest.mark.parametrize("paragraphs", [ARABIC, JAPANESE])
def test_other_scripts(paragraphs: list[str]) -> None:
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    menu = '<nav><a href="/a">الرئيسية</a> <a href="/b">天気</a></nav>'

    assert body(f"{menu}<article><h1>桟橋</h1>{text}</article>", "桟橋") == paragraphs


def test_a_live_blog_keeps_its_entries_in_order() -> None:
    entries = "".join(
        f"<article class=entry><time>1{n}:30</time><h3>Update {n}</h3><p>{text}</p></article>"
        for n, text in enumerate(BODY)
    )

    found = body(f"<main><h1>{TITLE}</h1><div class=live-blog>{entries}</div></main>")

    assert [text for text in found if text in BODY] == BODY


def test_text_in_formatting_is_one_paragraph() -> None:
    assert body(f"<article><p>{P1[:50]}<b>{P1[50:60]}</b><i>{P1[60:]}</i></p>{STORY}")[0] == P1


def test_a_walk_tells_what_is_in_links() -> None:
    page = parse_page("<div>One <a href=/>two <b>three</b></a><p>four<br>five</div>")
    assert page.root is not None

    blocks = build_tree(page.root).blocks

    assert [(block.text, block.linked_chars) for block in blocks] == [
        ("One two three", 8),
        ("four\nfive", 0),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"<p>" + b"word " * 10_000_000,
        b"<p>a</p>" * 1_000_000,
        b"<div>" * 1_000_000,
        b"<b><i>" * 40_000 + b"</b></i>" * 40_000,
    ],
    ids=["long", "many", "deep", "crossed"],
)
def test_what_is_too_large_for_a_page_is_refused(content: bytes) -> None:
    raw = RawArticle(Source("pages", "/pages"), "a.html", MediaType.HTML, content)

    with pytest.raises(CleanError):
        clean(raw, now=NOW)
