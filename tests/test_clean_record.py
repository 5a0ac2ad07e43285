from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from corpus.article import Article, MediaType, Moment, RawArticle, Source, make_article_id
from indexer.clean import CleanError, clean
from indexer.clean.metadata import Json, normalize_language_tag, parse_authors, validate_web_url

NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
SOURCE = Source("wires", "/wires")


def read(record: Json | bytes, source: Source = SOURCE) -> Article:
    content = record if isinstance(record, bytes) else json.dumps(record).encode()
    return clean(RawArticle(source, "a.jsonl#1", MediaType.RECORD, content), now=NOW)


def test_a_whole_record() -> None:
    article = read(
        {
            "id": "q-1",
            "title": "Quake  hits\tcoast",
            "subtitle": "Two towns are cut off",
            "body": "The coast shook.\n\nRoads  broke.",
            "date": "2025-03-29T10:15:00+09:00",
            "updated": "2025-03-30",
            "url": "https://www.news.example/quake?utm_source=x",
            "author": "By Jane Doe and John Roe",
            "section": "World",
            "source": "The Daily Example",
            "language": "en",
        }
    )

    assert article.id == make_article_id(url=article.url, external_id="", source="", path="")
    assert article.title == "Quake hits coast"
    assert article.dek == "Two towns are cut off"
    assert article.body == "The coast shook.\n\nRoads broke."
    assert article.published == Moment(datetime.fromisoformat("2025-03-29T10:15:00+09:00"))
    assert article.updated is not None
    assert article.updated.day_only
    assert article.authors == ("Jane Doe", "John Roe")
    assert (article.section, article.source) == ("World", "The Daily Example")
    assert article.language == "en"
    assert article.provenance == tuple(
        (field, "record")
        for field in (
            "title", "dek", "body", "published", "updated", "authors", "section", "source",
            "language", "url",
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("record", "field", "expected"),
    [
        ({"headline": "A"}, "title", "A"),
        ({"Title": "A"}, "title", "A"),
        ({"title": "", "headline": "A"}, "title", "A"),
        ({"title": {"rendered": "A &amp; <i>B</i>"}}, "title", "A & B"),
        ({"title": "A < B"}, "title", "A < B"),
        ({"title": "AT&amp;T"}, "title", "AT&T"),
        ({"title": 1984}, "title", "1984"),
        ({"text": "A"}, "body", "A"),
        ({"articleBody": "A"}, "body", "A"),
        ({"content": ["A", "B"]}, "body", "A\n\nB"),
        ({"body": "A\nB"}, "body", "A\n\nB"),
        ({"body": "A\r\n\r\nB\r\nC"}, "body", "A\n\nB C"),
        ({"body": "A\u00a0 B\u200b\x00\x07C"}, "body", "A BC"),
        ({"body_html": "<p>A &amp; B</p><p>C<br>D</p>"}, "body", "A & B\n\nC\n\nD"),
        ({"body": "<p>A <b>b</b></p>\n<script>x()</script><p>B</p>"}, "body", "A b\n\nB"),
        ({"body": "&lt;p&gt;A&lt;/p&gt;&lt;p&gt;B&lt;/p&gt;"}, "body", "A\n\nB"),
        ({"body": "1 < 2 &amp; 3 > 2"}, "body", "1 < 2 & 3 > 2"),
        ({"description": "All there is."}, "body", "All there is."),
        ({"title": "T", "body": "A", "summary": "S"}, "dek", "S"),
        ({"title": "T", "body": "Same words here.", "summary": "Same words…"}, "dek", ""),
        ({"title": "T", "body": "A", "summary": "T"}, "dek", ""),
        ({"title": "T", "link": "http://a.example/x"}, "url", "http://a.example/x"),
        ({"title": "T", "url": "javascript:alert(1)"}, "url", ""),
        ({"title": "T", "url": "https://[a"}, "url", ""),
        ({"title": "T", "category": ["Sport", "Golf"]}, "section", "Sport"),
        ({"title": "T", "inLanguage": "pt_br"}, "language", "pt-BR"),
        ({"title": "T", "publisher": {"name": "P"}}, "source", "P"),
        ({"title": "T", "publisher": "https://www.a.example"}, "source", "a.example"),
        ({"title": "T", "authors": [{"name": "Jane Doe"}, {"name": "John Roe"}]}, "authors",
         ("Jane Doe", "John Roe")),
        ({"title": "T", "guid": "g-7"}, "id", "g-7"),
        ({"title": "T", "_id": 7}, "id", "7"),
        ({"title": "T"}, "id", "wires/a.jsonl#1"),
    ],
)  # fmt: skip
def test_names_and_shapes(record: Json, field: str, expected: object) -> None:
    assert getattr(read(record), field) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"pubDate": "Sat, 29 Mar 2025 14:15:00 GMT"}, "2025-03-29T14:15:00+00:00"),
        ({"published_at": 1743257700}, "2025-03-29T14:15:00+00:00"),
        ({"timestamp": 1743257700.25}, "2025-03-29T14:15:00+00:00"),
        ({"timestamp": 1743257700250}, "2025-03-29T14:15:00+00:00"),
        ({"date": "soon", "datePublished": "2025-03-29T14:15Z"}, "2025-03-29T14:15:00+00:00"),
        ({"date": {"@value": "2025-03-29"}}, "2025-03-29T00:00:00-04:00"),
        ({"date": "2025-03-29T10:15"}, "2025-03-29T10:15:00-04:00"),
        ({"date": "2031-01-01"}, None),
        ({"date": True}, None),
    ],
)
def test_dates(record: dict[str, Json], expected: str | None) -> None:
    source = Source("wires", "/wires", timezone="America/New_York")

    published = read({"title": "T", **record}, source).published

    assert (published and published.at.isoformat()) == expected


def test_a_source_names_its_own_fields() -> None:
    source = Source(
        "wires",
        "/wires",
        fields=(
            ("body", "story.text"),
            ("title", "story.heads.1"),
            ("published", "meta.when"),
            ("id", "meta.key"),
            ("section", "nowhere"),
        ),
    )

    article = read(
        {
            "title": "not this",
            "section": "nor this",
            "story": {"text": "B", "heads": ["no", "T"]},
            "meta": {"when": "2025-03-29", "key": "k1"},
        },
        source,
    )

    assert (article.title, article.body, article.id, article.section) == ("T", "B", "k1", "")
    assert article.published is not None


@pytest.mark.parametrize(
    ("record", "publisher", "expected"),
    [
        ({"source": "Record", "url": "https://www.a.example/x"}, "Owner", "Record"),
        ({"url": "https://www.a.example/x"}, "Owner", "Owner"),
        ({"url": "https://www.a.example:8080/x"}, "", "a.example"),
        ({}, "", "wires"),
    ],
)
def test_who_published_it(record: dict[str, Json], publisher: str, expected: str) -> None:
    source = Source("wires", "/wires", publisher=publisher, language="fr")

    article = read({"title": "T", **record}, source)

    assert (article.source, article.language) == (expected, "fr")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Jane Doe", ("Jane Doe",)),
        ("by Jane Doe", ("Jane Doe",)),
        ("Kirby Chien", ("Kirby Chien",)),
        ("Jane Doe  and  John Roe", ("Jane Doe", "John Roe")),
        ("Jane Doe, John Roe & Ann Poe", ("Jane Doe", "John Roe", "Ann Poe")),
        ("Jane Doe, John Roe og Ann Poe", ("Jane Doe", "John Roe", "Ann Poe")),
        ("Jane Doe and John Roe, The Harbor Herald", ("Jane Doe", "John Roe")),
        ("The Harbor Herald", ("The Harbor Herald",)),
        ("Doe, Jane; Roe, John", ("Jane Doe", "John Roe")),
        ("Martin Doe, Jr., Ann Poe", ("Martin Doe Jr.", "Ann Poe")),
        ("JANE O'DOE", ("Jane O'Doe",)),
        ("BBC News", ("BBC News",)),
        ("Reuters Staff", ("Reuters Staff",)),
        ("Jane Doe, Reuters", ("Jane Doe",)),
        ("Jane Doe (Tokyo) <jane@news.example>", ("Jane Doe",)),
        ("Jane Doe, Senior Political Editor", ("Jane Doe",)),
        ("Jane Doe, MS, RD", ("Jane Doe",)),
        ("Jane Doe &amp; John Roe", ("Jane Doe", "John Roe")),
        ("Von Anna Schmidt und Jörg Müller", ("Anna Schmidt", "Jörg Müller")),
        ("Par Émile Zola et Zoé Dupré", ("Émile Zola", "Zoé Dupré")),
        ("Por José García y Ana Gómez", ("José García", "Ana Gómez")),
        ("di Maria Rossi e Luca Bianchi", ("Maria Rossi", "Luca Bianchi")),
        ("Door Jan de Vries en Piet Bakker", ("Jan de Vries", "Piet Bakker")),
        ("Av Åsa Öberg och Björn Ström", ("Åsa Öberg", "Björn Ström")),
        ("Af Søren Ærø og Kåre Holm", ("Søren Ærø", "Kåre Holm")),
        ("Autor: Łukasz Żak i Ewa Nowak", ("Łukasz Żak", "Ewa Nowak")),
        ("Jana Nováková a Petr Svoboda", ("Jana Nováková", "Petr Svoboda")),
        ("Kati Virtanen ja Pekka Laine", ("Kati Virtanen", "Pekka Laine")),
        ("Автор: Иван Петров и Анна Котова", ("Иван Петров", "Анна Котова")),
        ("Yazan: Ayşe Yılmaz ve Çağrı Öz", ("Ayşe Yılmaz", "Çağrı Öz")),
        ("Jane Doe with John Roe", ("Jane Doe", "John Roe")),
        ("José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("Luigi Di Maio", ("Luigi Di Maio",)),
        ("Max Müller mit Material von dpa", ("Max Müller",)),
        ("Max Müller, Redakteur", ("Max Müller",)),
        ("Jean-Luc Dupré, envoyé spécial", ("Jean-Luc Dupré",)),
        ("홍길동 기자", ("홍길동",)),
        ("Jane Doe - Daily Herald", ("Jane Doe",)),
        ("Jane Doe | News Desk", ("Jane Doe",)),
        (["Jane Doe", "Harbor Media Network"], ("Jane Doe",)),
        ([{"@type": "Organization", "name": "The Harbor"}, {"name": "Jane Doe"}], ("Jane Doe",)),
        (["Jane Doe", "Reuters"], ("Jane Doe", "Reuters")),
        ({"@type": "Organization", "name": "Harbor Wire"}, ("Harbor Wire",)),
        ("https://www.facebook.example/jane", ()),
        ("", ()),
        (None, ()),
        (["Jane Doe", "jane@news.example", "Jane Doe"], ("Jane Doe",)),
        ([{"@type": "Person", "name": "Jane Doe"}, {"name": ["John Roe"]}],
         ("Jane Doe", "John Roe")),
        ({"name": "Jane Doe"}, ("Jane Doe",)),
        ("x" * 500, ()),
    ],
)  # fmt: skip
def test_authors(value: Json, expected: tuple[str, ...]) -> None:
    assert parse_authors(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("en", "en"), ("EN-us", "en-US"), ("zh_Hant_TW", "zh-Hant-TW"), ("English", "en"),
        ("x", ""), ("en; q=1", ""), ("", ""),
    ],
)  # fmt: skip
def test_language_tags(text: str, expected: str) -> None:
    assert normalize_language_tag(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" https://a.example/x ", "https://a.example/x"),
        ("HTTP://a.example", "HTTP://a.example"),
        ("ftp://a.example", ""),
        ("//a.example/x", ""),
        ("https:///x", ""),
        ("https://a.example:99999/x", ""),
    ],
)
def test_web_urls(text: str, expected: str) -> None:
    assert validate_web_url(text) == expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (b"{}", "no text found"),
        (b'{"title": " ", "body": []}', "no text found"),
        (b"[1]", "not a JSON object"),
        (b'{"title": ', "not JSON"),
        (b'{"title": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"title": ' + b"9" * 10_000 + b"}", "not JSON"),
        (json.dumps({"body": "<p>x</p>" * 60_000}).encode(), "too many tags"),
    ],
)
def test_what_is_no_record_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(CleanError, match=reason):
        read(content)


def test_half_of_a_surrogate_pair_is_dropped() -> None:
    article = read(b'{"title": "A\\ud83dB \\ud83d\\ude00", "body": "<p>A\\ud83d</p>"}')

    assert article.title == "AB \U0001f600"
    assert article.body.encode()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "One.\n\nImage copyright Reuters Image caption The bridge at night\n\nTwo.",
            "One.\n\nTwo.",
        ),
        ("One.\n\nImage source, Getty Images Image caption, The bridge.\n\nTwo.", "One.\n\nTwo."),
        ("One.\n\nMedia caption The bridge opens\n\nTwo.", "One.\n\nTwo."),
        ("<p>One.</p><p>Image copyright AFP</p><p>Two.</p>", "One.\n\nTwo."),
        ("Image copyright is a matter for courts. They agree.", None),
        ("The image caption was wrong.", None),
    ],
)
def test_captions_are_no_text(body: str, expected: str | None) -> None:
    assert (expected or body) == read({"title": "T", "body": body}).body


def test_plain_records_need_no_parser_of_markup() -> None:
    code = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from corpus.article import MediaType, RawArticle, Source\n"
        "from indexer.clean import clean\n"
        "for kind in (MediaType.RECORD, MediaType.TEXT):\n"
        "    raw = RawArticle(Source('s', '/s'), 'p', kind, b'{\"title\": \"T & U\"}')\n"
        "    assert clean(raw, now=datetime.now(UTC)).title\n"
        "assert 'bs4' not in sys.modules\n"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
