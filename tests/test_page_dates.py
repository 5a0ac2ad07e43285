"""Dates that a page shows: those of its article, not those of other texts or updates."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from corpus.article import Article, MediaType, RawArticle, Source
from indexer.clean import clean

NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
PROSE = "<p>" + "The ferry will sail again, the council said on Friday. " * 6 + "</p>"


def read(body: str, head: str = "", *, lang: str = "en", path: str = "x") -> Article:
    page = f"<html lang={lang}><head><title>Ferry sails again</title>{head}</head><body>{body}"
    raw = RawArticle(
        Source("s", "/"), "x", MediaType.HTML, page.encode(), f"https://w.example/{path}"
    )
    return clean(raw, now=NOW)


def show(article: Article) -> str | None:
    told = article.published
    if told is None:
        return None
    return told.at.date().isoformat() if told.day_only else told.at.isoformat()


HEADLINE = "<h1>Ferry sails again</h1>"
STORY = f"<main><article>{HEADLINE}{PROSE * 3}</article>"


@pytest.mark.parametrize(
    "other",
    [
        "</main><section class=related><ul><li><a href=/y>Old story about it</a> {}</ul></section>",
        "</main><aside><ul><li><a href=/y>Old story about it</a> {}</ul></aside>",
        "</main><div><h3>Read more</h3><div><a href=/y>Old story</a> {}</div></div>",
        "</main><div><h3>Lire aussi</h3><p><a href=/y>Une histoire</a> {}</p></div>",
        "<div class=teaser><h3><a href=/y>Old story about it</a></h3>{}</div></main>",
        "<article class=card><a href=/y><h3>Old story about it</h3></a>{}</article></main>",
        "<section id=comments><div><b>Bob</b> {}<p>I like it.</p></div></section></main>",
        "<div class=comment-list><p><b>Bob</b> {} I like it.</p></div></main>",
        "<section><h2>3 Kommentare</h2><p><b>Bob</b> {} Schön.</p></section></main>",
        "<ol class=commentlist><li><b>Bob</b> {}</li></ol></main>",
        "</main><div class=latestNews><p>{} Bridge opens</p></div>",
        "</main><div><a href=/y>Old story about it {}</a></div>",
        "<p>It was built on {} by the city, and it was the first one of its kind.</p></main>",
        "</main><footer><p>Terms of use, {}</p></footer>",
    ],
)
@pytest.mark.parametrize(
    "date", ["<time datetime=2019-01-02>2 January 2019</time>", "<span>2 January 2019</span>"]
)
def test_a_date_of_another_text_is_none_of_the_page(other: str, date: str) -> None:
    assert show(read(STORY + other.format(date))) is None


def test_the_day_in_the_head_of_a_site_is_that_of_reading() -> None:
    assert show(read(f"<header><p>Monday, 2 October 2023</p></header>{STORY}</main>")) is None


@pytest.mark.parametrize("story", [STORY, f"<main>{HEADLINE}<p>Short.</p>"])
def test_nor_is_it_in_a_short_page(story: str) -> None:
    aside = "<aside><ul><li><a href=/y>An old story</a> <time datetime=2019-01-02>x</time></ul>"
    assert show(read(story + aside)) is None


@pytest.mark.parametrize(
    "shown",
    [
        "<p><time datetime=2023-03-05>Updated 5</time><time datetime=2023-03-01>Published 1</time>",
        "<p>Updated <time datetime=2023-03-05>5</time>Published <time datetime=2023-03-01>1</time>",
        "<p>Updated <i><time datetime=2023-03-05>5</time></i><p><time datetime=2023-03-01>1</time>",
        "<p>Updated: 5 March 2023 | Published: 1 March 2023</p>",
        "<p>Published: 1 March 2023 | Updated: 5 March 2023</p>",
        "<p>1 March 2023 (updated 5 March 2023)</p>",
        "<p class=modified><time datetime=2023-03-05>5</time><p><time datetime=2023-03-01>1</time>",
        "<div class=story-updated><i>5 March 2023</i></div><div><i>1 March 2023</i></div>",
        "<p>更新日時：2023年3月5日　公開日時：2023年3月1日</p>",
        "<p>수정 2023.03.05. 입력 2023.03.01.</p>",
        "<p>Actualizado a 5 de marzo de 2023 · Creado el 1 de marzo de 2023</p>",
        "<p>Aktualisiert: 05.03.2023</p><p>Veröffentlicht: 01.03.2023</p>",
        "<p>Mis à jour le 5 mars 2023, publié le 1 mars 2023</p>",
        "<ul class=meta><li>By <a href=/author/mira>Mira Lindqvist</a><li>1 March 2023</ul>",
        "<p><a href=/x rel=bookmark><time datetime=2023-03-01>1 March 2023</time></a></p>",
        "<div class=sidebar><p>1 March 2023</p></div>",
    ],
)
def test_the_first_publication_counts(shown: str) -> None:
    assert (
        show(read(f"<main><article>{HEADLINE}{shown}{PROSE * 3}</article></main>")) == "2023-03-01"
    )


@pytest.mark.parametrize(
    ("shown", "lang", "expected"),
    [
        ("15. listopada 2023.", "hr", "2023-10-15"),
        ("15 maj 2023", "sv", "2023-05-15"),
        ("22/10/23", "fr", "2023-10-22"),
        ("15 באוקטובר 2023", "he", "2023-10-15"),
        ("15 ΟΚΤΩΒΡΙΟΥ 2023", "el", "2023-10-15"),
        ("15 ตุลาคม 2566", "th", "2023-10-15"),
        ("یکشنبه ۲۳ مهر ۱۴۰۲", "fa", "2023-10-15"),
        ("令和5年10月15日", "ja", "2023-10-15"),
        ("2023年10月15日 15時12分", "ja", "2023-10-15T15:12:00+00:00"),
        ("2023년 10월 15일 오후 3:12", "ko", "2023-10-15T15:12:00+00:00"),
        ("Oct. 15, 2023, 5:00 a.m. ET", "en", "2023-10-15T05:00:00-04:00"),
        ("<i>Oct. 15, 2023</i> <i>5:00 a.m. ET</i>", "en", "2023-10-15T05:00:00-04:00"),
    ],
)
def test_dates_are_read_in_the_language_of_the_page(shown: str, lang: str, expected: str) -> None:
    article = read(f"<main>{HEADLINE}<p class=date>{shown}</p>{PROSE * 3}</main>", lang=lang)

    assert (show(article), article.confidence) == (expected, "low")


def make_record(published: str) -> str:
    record = {"@type": "NewsArticle", "headline": "Ferry sails again", "datePublished": published}
    return f"<script type=application/ld+json>{json.dumps(record)}</script>"


@pytest.mark.parametrize(
    ("stated", "shown", "path", "expected"),
    [
        # The page has another time on the day of its address.
        ("2017-11-17T10:41:09Z", "<i itemprop=datePublished content=2017-11-16T14:15+0000>x</i>",
         "2017/11/16/x", "2017-11-16T14:15:00+00:00"),
        # It shows only the day.
        ("2017-11-17T03:41:09Z", "<p>16 November 2017</p>", "2017/11/16/x", "2017-11-16"),
        # Another time in UTC is another time, not another zone.
        ("2017-11-16T10:30:00Z", "<time datetime=2017-11-16T14:15:00Z>x</time>", "x",
         "2017-11-16T10:30:00+00:00"),
        # A clock without a zone shows that of the page.
        ("2017-11-16T10:30:00Z", "<p>16 November 2017, 2:30pm</p>", "x",
         "2017-11-16T14:30:00+04:00"),
        ("1970-01-01T00:00:00+00:00", "<p>2 October 2023</p>", "x", "2023-10-02"),
        ("0001-01-01T00:00:00Z", "<p>2 October 2023</p>", "x", "2023-10-02"),
    ],
)  # fmt: skip
def test_no_offset_and_no_date_is_invented(
    stated: str, shown: str, path: str, expected: str
) -> None:
    page = f"<main><article>{HEADLINE}{shown}{PROSE * 3}</article></main>"

    assert show(read(page, make_record(stated), path=path)) == expected
