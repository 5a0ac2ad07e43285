"""Feeds, sitemaps, wires and JSON are decoded as pages are, whatever encoding they declare."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.article import RawArticle, Source
from corpus.encodings.decoding import resolve_charset
from corpus.sources.formats.files import list_files, read_item
from indexer.clean import clean

NOW = datetime(2025, 4, 2, 12, tzinfo=UTC)
TEXTS = {
    "ru": ("Мост открыт", "Мост через реку открыт после ремонта, сообщили в городе.", "cp1251"),
    "ru-koi8": ("Мост открыт", "Мост через реку открыт после ремонта, сообщили.", "koi8-r"),
    "el": ("Η γέφυρα άνοιξε", "Η γέφυρα του λιμανιού άνοιξε πάλι τη Δευτέρα.", "cp1253"),
    "pl": ("Most znów otwarty", "Władze portu zamknęły oba mola, nurkowie są źli.", "iso8859-2"),
    "ja": ("橋が再開した", "港の橋が月曜日に再開したと市が発表しました。", "shift_jis"),
    "ar": ("فتح الجسر", "أعيد فتح جسر الميناء صباح يوم الاثنين بعد الإصلاح.", "cp1256"),
    "fr": ("Le pont a été rouvert", "Le pont a été rouvert après des réparations.", "cp1252"),
    "utf": ("Мост открыт", "Мост через реку открыт после ремонта.", "utf-8"),
    "wide": ("Мост открыт", "Мост через реку открыт после ремонта.", "utf-16"),
}
RSS = (
    '<?xml version="1.0" encoding="{label}"?>\n<rss version="2.0"><channel><title>P</title><item>'
    "<title>{title}</title><link>https://p.example/a</link><description>{text}</description>"
    "</item></channel></rss>"
)
ATOM = (
    '<?xml version="1.0" encoding="{label}"?><feed xmlns="http://www.w3.org/2005/Atom"><title>P'
    "</title><entry><title>{title}</title><id>a</id><summary>{text}</summary></entry></feed>"
)
SITEMAP = (
    '<?xml version="1.0" encoding="{label}"?><urlset '
    'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://p.example/a</loc>'
    "<n:news><n:title>{title}</n:title><n:keywords>{text}</n:keywords></n:news></url></urlset>"
)
NITF = (
    '<?xml version="1.0" encoding="{label}"?><nitf><body><body.head><hedline><hl1>{title}</hl1>'
    "</hedline></body.head><body.content><p>{text}</p></body.content></body></nitf>"
)


def read_title(tmp_path: Path, name: str, content: bytes) -> str:
    (tmp_path / name).write_bytes(content)
    source = Source("s", str(tmp_path / name))
    [item] = list_files(source)
    [raw] = read_item(source, item)
    assert isinstance(raw, RawArticle)
    return clean(raw, now=NOW).title


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("label", ["", "utf-8", "iso-8859-1", "no-such-encoding"])
@pytest.mark.parametrize("form", [RSS, ATOM, SITEMAP, NITF])
def test_a_declared_encoding_is_not_believed(
    tmp_path: Path, name: str, label: str, form: str
) -> None:
    title, text, encoding = TEXTS[name]
    label = label or encoding
    content = form.format(label=label, title=title, text=text).encode(encoding)

    assert title == read_title(tmp_path, "x.xml", content)


@pytest.mark.parametrize("name", TEXTS)
def test_nor_is_json_always_utf_8(tmp_path: Path, name: str) -> None:
    title, text, encoding = TEXTS[name]
    record = json.dumps({"title": title, "body": text}, ensure_ascii=False)

    assert title == read_title(tmp_path, "x.json", record.encode(encoding))
    if encoding != "utf-16":
        assert title == read_title(tmp_path, "x.jsonl", record.encode(encoding) + b"\n")


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("cp-1251", "cp1251"), ("win-1251", "cp1251"), ("windows1251", "cp1251"),
        ("Windows_1252", "cp1252"), ("x-cp1251", "cp1251"), ("CP 1250", "cp1250"),
        ("ISO_8859_2", "iso8859-2"), ("iso8859-8-i", "iso8859-8"), ("UTF8MB4", "utf-8"),
    ],
)  # fmt: skip
def test_labels_as_people_write_them(label: str, encoding: str) -> None:
    assert (encoding,) == resolve_charset(label)
