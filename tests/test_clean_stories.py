"""A story is whole and there once: its last line, its tables, its updates, and no other story."""

from __future__ import annotations

import json

import pytest

from corpus.article import MediaType, RawArticle, Source
from indexer.clean import clean
from tests.test_clean_body import BODY, NOW, OTHER, P1, P2, P3, STORY, TITLE, body, story

SHORT = (
    "The hearing continues.", "He was 84.", "“We are tired.”", "Who paid for it?",
    "The bridge was built in 1907.", "Die Verhandlung wird fortgesetzt.", "Le procès continue.",
    "Слушания продолжаются.", "审理仍在继续。", "재판은 계속된다.", "وتستمر الجلسة.",
)  # fmt: skip


@pytest.mark.parametrize("short", SHORT)
def test_a_short_sentence_is_kept_at_either_end_and_between(short: str) -> None:
    line = f"<p>{short}</p>"
    divs = "".join(f"<div>{text}</div>" for text in (*BODY, short))

    assert body(f"<article><h1>{TITLE}</h1>{STORY}{line}</article>") == [*BODY, short]
    assert body(f"<article><h1>{TITLE}</h1>{line}{STORY}</article>") == [short, *BODY]
    assert body(story(line)) == [P1, short, P2, P3]
    assert body(f"<article><h1>{TITLE}</h1>{divs}</article>") == [*BODY, short]


@pytest.mark.parametrize(
    "markup",
    [
        f"<p class=lead>{P1}</p><div class=body>{STORY}</div>",
        f"<p class=lead><b>{P1}</b></p>{STORY}",
        f"<p class=teaser>{P1[:80]}…</p>{STORY}",
        f"<div class=desktop>{STORY}</div><div class=mobile>{STORY}</div>",
    ],
)
def test_a_text_that_a_page_repeats_is_there_once(markup: str) -> None:
    found = body(f"<main><article><h1>{TITLE}</h1>{markup}</article></main>")

    assert found == BODY


def test_a_short_line_may_be_repeated() -> None:
    found = body(story("<p>“No.”</p>").replace(f"<p>{P3}</p>", f"<p>“No.”</p><p>{P3}</p>"))

    assert found == [P1, "“No.”", P2, "“No.”", P3]


ROWS = [["Bridge", "Closed"], ["Harbour", "14 days"], ["Mill", "3 days"]]
LINES = [" | ".join(row) for row in ROWS]


def table(cell: str = "<td>{}</td>") -> str:
    rows = ("".join(cell.format(text) for text in row) for row in ROWS)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


@pytest.mark.parametrize(
    "markup",
    [
        table(),
        table("<td><p>{}</p></td>"),
        table("<th>{}</th>"),
        f"<div class=table-responsive>{table()}</div>",
        f"<figure class=wp-block-table>{table()}<figcaption>Source: works</figcaption></figure>",
    ],
)
def test_a_table_of_data_is_a_paragraph_a_row(markup: str) -> None:
    assert body(story(markup)) == [P1, *LINES, P2, P3]


def test_a_table_beside_the_story_is_none_of_its() -> None:
    assert body(story(after=f"<aside>{table()}</aside>")) == BODY
    assert body(story(after=f"<div class=sidebar><div>{table()}</div></div>")) == BODY


NEXT = f"<h1>Storm takes roof of town hall</h1><p>{OTHER}</p><p>{OTHER[::-1]}</p>"


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("<article>{}</article>", "<article>{}</article>"),
        ("<div class=story>{}</div>", "<div class=story>{}</div>"),
        ("<div class=w><article>{}</article></div>", "<div class=w><article>{}</article></div>"),
        ("<section class='post a'>{}</section>", "<section class='post a'>{}</section>"),
        ("<article>{}</article>", "<div class=next-article>{}</div>"),
        ("{}", "<article>{}</article>"),
    ],
)
def test_the_next_story_of_an_endless_page_is_another(own: str, other: str) -> None:
    ours = own.format(f"<h1>{TITLE}</h1>{STORY}")
    second = other.format(NEXT)

    assert body(f"<main>{ours}{second}</main>") == BODY
    assert body(f"<main>{ours}{second}{second.replace('Storm', 'Gale')}</main>") == BODY
    smaller = second.replace("h1>", "h2>")
    if own != "{}" and "<div class=story" not in own and "<section" not in own:
        assert body(f"<main>{ours}{smaller}</main>") == BODY


def test_sections_and_entries_with_headings_of_their_own_are_of_the_story() -> None:
    parts = "".join(
        f"<section><h1>Part {n}</h1><p>{text}</p></section>" for n, text in enumerate(BODY)
    )
    entries = parts.replace("section>", "article>")

    for markup in (parts, entries):
        found = body(f"<main><h1>{TITLE}</h1>{markup}</main>")
        assert [text for text in found if text in BODY] == BODY


UPDATES = [
    ("2023-05-08T14:05:00Z", "Ramp closed", "Police close the northern ramp for the afternoon."),
    ("2023-05-08T13:40:00+02:00", "", "The first ferry of the afternoon leaves full."),
    ("2023-05-07T09:00", "Fog", "<p>Fog delays the morning buses by twenty minutes.</p>"),
]
READ = [
    "2023-05-08 14:05 Ramp closed", UPDATES[0][2], "2023-05-08 13:40", UPDATES[1][2],
    "2023-05-07 09:00 Fog", "Fog delays the morning buses by twenty minutes.",
]  # fmt: skip


def live_blog(key: str = "articleBody", **values: object) -> dict[str, object]:
    updates = [
        {"@type": "BlogPosting", "datePublished": time, "headline": head, key: text}
        for time, head, text in UPDATES
    ]
    return {
        "@type": "LiveBlogPosting", "headline": TITLE, "datePublished": "2023-05-08",
        "liveBlogUpdate": updates, **values,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (live_blog(), READ),
        (live_blog("text"), READ),
        ({"@graph": [{"@type": "WebPage"}, live_blog()]}, READ),
        (live_blog(articleBody=P1), [P1, *READ]),
        ([{"@type": "NewsArticle", "headline": TITLE, "datePublished": "2023-05-08"}, live_blog()],
         READ),
        (live_blog(liveBlogUpdate=live_blog()["liveBlogUpdate"][0]), READ[:2]),  # type: ignore[index]
        (live_blog(liveBlogUpdate=[]), ["Loading…"]),
    ],
)  # fmt: skip
def test_the_updates_of_a_live_blog_are_its_body(record: object, expected: list[str]) -> None:
    script = f"<script type='application/ld+json'>{json.dumps(record)}</script>"

    assert body(f"{script}<main><h1>{TITLE}</h1><div id=app>Loading…</div></main>") == expected


def test_a_live_blog_keeps_what_its_page_shows_above_the_updates() -> None:
    script = f"<script type='application/ld+json'>{json.dumps(live_blog(articleBody=P2))}</script>"

    found = body(f"{script}<article><h1>{TITLE}</h1><p>{P1}</p><p>{P2}</p></article>")

    assert found in ([P1, P2, *READ], [P1, P2])


@pytest.mark.parametrize(
    ("head", "heading", "expected"),
    [
        ("<title>Piers closed - Daily</title>", "Piers Closed", "Piers Closed"),
        ("<title>Piers closed</title>", "PIERS CLOSED", "Piers closed"),
        ("<title>Piers: what divers found below them</title>",
         "Divers find rot below both of the piers", "Divers find rot below both of the piers"),
        ("<title>Divers find rot below both piers</title>",
         "<span>Harbor news</span> Divers find rot below both piers",
         "Divers find rot below both piers"),
        ("<meta property=og:site_name content='Daily Example'><title>Divers find rot</title>",
         "Divers find rot | Daily Example", "Divers find rot"),
        ("<title>Piers closed</title>", "Local news", "Piers closed"),
    ],
)  # fmt: skip
def test_the_title_is_the_heading_that_readers_see(head: str, heading: str, expected: str) -> None:
    page = f"<html><head>{head}</head><body><article><h1>{heading}</h1>{STORY}</article></body>"
    raw = RawArticle(Source("pages", "/pages"), "a.html", MediaType.HTML, page.encode())

    assert clean(raw, now=NOW).title == expected


def test_an_author_has_the_accents_that_any_place_gives_and_no_site_beside() -> None:
    record = {
        "@type": "NewsArticle",
        "author": [{"name": "Jose Garcia"}, {"name": "Daily Example"}],
    }
    page = (
        f"<script type='application/ld+json'>{json.dumps(record)}</script>"
        "<meta name=author content='José García'>"
        f"<meta property=og:site_name content='Daily Example'><h1>{TITLE}</h1>{STORY}"
    )
    raw = RawArticle(Source("pages", "/pages"), "a.html", MediaType.HTML, page.encode())

    assert clean(raw, now=NOW).authors == ("José García",)
