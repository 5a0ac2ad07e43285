from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.article import Article, MediaType, RawArticle, Source
from corpus.sources import ReadFailure, list_files, read_item
from indexer.clean import CleanError, clean

NOW = datetime(2027, 1, 1, tzinfo=UTC)
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "feeds"

RSS = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Harbor Courier</title><link>https://harbor.example/</link>
<language>en-us</language>
<item>
  <title>Ferry &amp; tide: crossing closed</title>
  <link>https://harbor.example/ferry</link>
  <guid isPermaLink="false">hc-1</guid>
  <pubDate>Wed, 12 Mar 2025 10:15:00 -0500</pubDate>
  <dc:creator>Ana Ruiz</dc:creator>
  <category>Transport</category><category>Storms</category>
  <description>The crossing is closed until noon.</description>
  <content:encoded><![CDATA[<p>The ferry stayed in port.</p><script>alert(1)</script>
    <p>It may sail at noon.</p>]]></content:encoded>
</item>
<item>
  <title>Only a link</title>
  <link>https://harbor.example/link</link>
  <pubDate>Wed, 12 Mar 2025 23:30:00 +0900</pubDate>
</item>
<item>
  <title>With a summary</title>
  <link>https://harbor.example/summary</link>
  <description>&lt;b&gt;Quay 4&lt;/b&gt; opens.</description>
</item>
</channel></rss>
"""
ATOM = """\
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">
<title>Inselpost</title><author><name>Redaktion Insel</name></author>
<entry>
  <id>urn:x:1</id><title type="html">Flut &amp;amp; Ebbe</title>
  <link rel="alternate" href="https://insel.example/flut"/>
  <published>2025-03-12T08:00:00+01:00</published><updated>2025-03-13T09:00:00+01:00</updated>
  <category term="http://insel.example/cat/1"/><category term="wetter" label="Wetter"/>
  <summary>Kurz gesagt.</summary>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Das Wasser steigt.</p>
  <p>Es f\u00e4llt wieder.</p></div></content>
</entry>
<entry>
  <id>urn:x:2</id><title>Nur neu</title><author><name>Eva Blum</name></author>
  <updated>2025-03-14T09:00:00Z</updated><link href="https://insel.example/neu"/>
  <content>Ein Satz.</content>
</entry>
</feed>
"""
RDF = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://old.example/"><title>Old News</title></channel>
<item rdf:about="https://old.example/1"><title>First</title>
<link>https://old.example/1</link><dc:date>2005-03-12</dc:date>
<dc:creator>Jo Hill</dc:creator><dc:subject>Mills</dc:subject>
<description>The mill closes.</description></item>
</rdf:RDF>
"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Pacific Ledger",
    "language": "en",
    "authors": [{"name": "Ledger Desk"}],
    "items": [
        {
            "id": "7",
            "url": "https://ledger.example/7",
            "title": "Tide tables",
            "content_html": "<p>High at nine.</p><p>Low at three.</p>",
            "summary": "When it is high.",
            "date_published": "2025-03-12T10:15:00-05:00",
            "date_modified": "2025-03-12T11:15:00-05:00",
            "tags": ["Sea", "Tide"],
            "authors": [{"name": "Ken Ito"}],
        },
        {"id": "8", "external_url": "https://else.example/8", "content_text": "A note."},
    ],
}


def outcome(path: Path, publisher: str = "") -> list[RawArticle | ReadFailure]:
    place = Source("test", str(path), publisher=publisher)
    return [found for item in list_files(place) for found in read_item(place, item)]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def articles(path: Path, publisher: str = "") -> list[Article]:
    return [
        clean(found, now=NOW) for found in outcome(path, publisher) if isinstance(found, RawArticle)
    ]


def reasons(path: Path) -> list[tuple[str, str]]:
    return [(each.path, each.reason) for each in outcome(path) if isinstance(each, ReadFailure)]


def published(article: Article) -> str:
    return article.published.at.isoformat() if article.published else ""


# What a feed says


@pytest.mark.parametrize("name", ["feed.rss", "feed.xml", "feed.RSS", "feed.xml.gz"])
def test_an_rss_feed_gives_one_article_an_entry(tmp_path: Path, name: str) -> None:
    content = gzip.compress(RSS.encode()) if name.endswith("gz") else RSS.encode()
    path = write(tmp_path, name, content)

    raws = outcome(path)
    ferry, link, summary = articles(path)

    assert [f"{name}#{n}" for n in (1, 2, 3)] == [raw.path for raw in raws]
    assert {MediaType.RECORD} == {raw.media_type for raw in raws if isinstance(raw, RawArticle)}
    assert "Ferry & tide: crossing closed" == ferry.title
    assert "The ferry stayed in port.\n\nIt may sail at noon." == ferry.body
    assert "The crossing is closed until noon." == ferry.dek
    assert "https://harbor.example/ferry" == ferry.url
    assert ("Ana Ruiz",) == ferry.authors
    assert ("Transport", "The Harbor Courier", "en-US") == (
        ferry.section,
        ferry.source,
        ferry.language,
    )
    assert "2025-03-12T10:15:00-05:00" == published(ferry)
    assert ("Only a link", "", "") == (link.title, link.dek, link.body)
    assert "2025-03-12T23:30:00+09:00" == published(link)
    assert ("Quay 4 opens.", "", None) == (summary.dek, summary.body, summary.published)


def test_an_atom_feed(tmp_path: Path) -> None:
    flood, new = articles(write(tmp_path, "feed.atom", ATOM))

    assert ("Flut & Ebbe", "Kurz gesagt.") == (flood.title, flood.dek)
    assert "Das Wasser steigt.\n\nEs fällt wieder." == flood.body
    assert ("https://insel.example/flut", "Wetter") == (flood.url, flood.section)
    assert ("Inselpost", "de") == (flood.source, flood.language)
    assert "2025-03-12T08:00:00+01:00" == published(flood)
    assert flood.updated is not None
    assert "2025-03-13T09:00:00+01:00" == flood.updated.at.isoformat()
    # The feed's author stands for entries that name none.
    assert [("Redaktion Insel",), ("Eva Blum",)] == [flood.authors, new.authors]
    assert ("2025-03-14T09:00:00+00:00", "Ein Satz.") == (published(new), new.body)


def test_an_rdf_feed(tmp_path: Path) -> None:
    [first] = articles(write(tmp_path, "feed.rdf", RDF))

    assert ("First", "https://old.example/1", "Mills", "Old News") == (
        first.title,
        first.url,
        first.section,
        first.source,
    )
    assert first.published is not None
    assert first.published.day_only


def test_a_json_feed(tmp_path: Path) -> None:
    path = write(tmp_path, "feed.json", json.dumps(JSON_FEED))

    tides, note = articles(path)

    assert ["feed.json#1", "feed.json#2"] == [raw.path for raw in outcome(path)]
    assert ("Tide tables", "When it is high.") == (tides.title, tides.dek)
    assert "High at nine.\n\nLow at three." == tides.body
    assert (("Ken Ito",), "Sea", "Pacific Ledger", "en") == (
        tides.authors,
        tides.section,
        tides.source,
        tides.language,
    )
    assert "2025-03-12T10:15:00-05:00" == published(tides)
    assert (("Ledger Desk",), "https://else.example/8", "A note.") == (
        note.authors,
        note.url,
        note.body,
    )


def test_an_empty_json_feed_has_no_articles(tmp_path: Path) -> None:
    assert [] == outcome(write(tmp_path, "feed.json", json.dumps({**JSON_FEED, "items": []})))


@pytest.mark.parametrize(("name", "content"), [("a.rss", RSS), ("a.json", json.dumps(JSON_FEED))])
def test_the_publisher_of_a_source_comes_before_the_feeds_title(
    tmp_path: Path, name: str, content: str
) -> None:
    found = articles(write(tmp_path, name, content), publisher="Courier")

    assert {"Courier"} == {article.source for article in found}


def test_an_entry_keeps_its_own_source_and_first_address(tmp_path: Path) -> None:
    item = (
        "<item><title>T</title><link>https://proxy.example/r</link>"
        "<feedburner:origLink>https://first.example/t</feedburner:origLink>"
        "<source url='https://first.example/feed'>First Paper</source></item>"
    )
    space = "xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'"
    feed = f"<rss version='2.0' {space}><channel><title>Mix</title>{item}</channel></rss>"

    [article] = articles(write(tmp_path, "feed.xml", feed))

    assert ("First Paper", "https://first.example/t") == (article.source, article.url)


@pytest.mark.parametrize(
    "content",
    [
        "\n  " + RSS,
        RSS.replace("&amp; tide", "& tide"),
        RSS.replace("stayed in port.", "&nbsp;stayed in port."),
        "\ufeff" + RSS,
        RSS.replace("UTF-8", "utf-16").encode("utf-16"),
        '<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>' + RSS.partition("?>")[2].strip(),
    ],
)
def test_feeds_that_are_not_quite_xml_are_read(tmp_path: Path, content: str | bytes) -> None:
    found = articles(write(tmp_path, "feed.xml", content))

    assert ["Ferry & tide: crossing closed", "Only a link", "With a summary"] == [
        article.title for article in found
    ]


# What is no feed, or hostile

LAUGHS = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
BOMB = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 10}">{LAUGHS}]><rss><channel><item><title>&j;</title>'
LARGE = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]><rss><channel><item>{"&a;" * 50_000}'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"  \n", "the file is empty"),
        (bytes(100_000), "the file is not XML"),
        (b"Nothing but text.", "the file is not XML"),
        (b"<!DOCTYPE html><html><p>Page</p></html>", "a web page, not a feed: name it .html"),
        (b"<opml><body/></opml>", "XML of an unknown kind, <opml>"),
        (BOMB.encode(), "the file defines XML entities of its own"),
        (BOMB.encode("utf-16"), "the file defines XML entities of its own"),
        (LARGE.encode(), "the file defines XML entities of its own"),
    ],
)
def test_what_is_no_feed_is_unreadable(tmp_path: Path, content: bytes, reason: str) -> None:
    [(path, found)] = reasons(write(tmp_path, "feed.xml", content))

    assert "feed.xml" == path
    assert found.startswith(reason)


@pytest.mark.parametrize("damage", ["", "\0", "<"])
@pytest.mark.parametrize("nested", ["div", "item", "title", "description"])
def test_deep_nesting_ends_in_bounded_time(tmp_path: Path, nested: str, damage: str) -> None:
    deep = f"<{nested}>" * 10_000 + damage + f"</{nested}>" * 10_000
    feed = f"<rss version='2.0'><channel><item><title>A</title>{deep}</item></channel></rss>"

    outcome(write(tmp_path, "feed.xml", feed))


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<a/>" * 250_001, "the feed has more than 250,000 tags"),
        ("<a/>" * 50_000, ""),
        ("<item " + " ".join(f"a{n}=''" for n in range(20_000)) + "/>", "an element has more"),
        ("<item " + " ".join(f"a{n}=''" for n in range(20_000)) + "/><", "an element has more"),
        ("<item><title>a</title><pubDate>-99-01-01</pubDate></item>", ""),
        ("<item><title>a&#55357;&#xD800;b</title></item><", ""),
        ("<item><title>" + "&" * 100_000, "the feed is cut off"),
    ],
)
def test_too_much_of_anything_ends_in_bounded_time(
    tmp_path: Path, inside: str, reason: str
) -> None:
    closed = "" if "cut" in reason else "</channel></rss>"
    feed = write(tmp_path, "feed.xml", f"<rss version='2.0'><channel>{inside}{closed}")

    failures = [each.split(",")[0] for _, each in reasons(feed)]

    assert bool(reason) == bool(failures)
    assert all(each.startswith(reason.split(",")[0]) for each in failures)


def test_entries_before_a_cut_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, "feed.rss", RSS[: RSS.index("opens.")])

    first, second, failure = outcome(path)

    assert ["feed.rss#1", "feed.rss#2"] == [first.path, second.path]
    assert ReadFailure("feed.rss", "the feed is cut off") == failure


def test_entries_of_a_packed_feed_before_a_cut_are_read(tmp_path: Path) -> None:
    items_ = "".join(f"<item><title>{n} {n**40 % 10**90:x}</title></item>" for n in range(5_000))
    packed = gzip.compress(f"<rss version='2.0'><channel>{items_}</channel></rss>".encode())
    path = write(tmp_path, "feed.rss.gz", packed[: len(packed) // 2])

    *found, failure = outcome(path)

    assert ReadFailure("feed.rss.gz", "the compressed file is cut off") == failure
    assert 2_000 < len(found) < 3_000


def test_a_file_that_looks_like_a_name_opens_no_other_file(tmp_path: Path) -> None:
    other = write(tmp_path, "other.rss", RSS)

    [(_, reason)] = reasons(write(tmp_path, "feed.xml", str(other)))

    assert "the file is not XML" == reason


# Real feeds


def _is_a_redirect(link: str) -> bool:
    return link.startswith(("http://feedproxy.", "http://feeds."))


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
def test_real_feeds_are_read() -> None:
    found = {path.name: outcome(path) for path in (SHARED / "rss-parser").glob("*.[ar]*")}

    unread = {name for name, all_ in found.items() if not isinstance(all_[0], RawArticle)}
    assert {"unrecognized.rss"} == unread
    assert 1_300 < sum(map(len, found.values()))


@pytest.mark.parametrize(
    "answer", sorted((SHARED / "rss-parser-expected").glob("*.json")), ids=lambda path: path.stem
)
def test_real_feeds_say_what_another_reader_finds(answer: Path) -> None:
    [feed] = (SHARED / "rss-parser").glob(f"{answer.stem}.[ar]*")
    raw_answer = answer.read_bytes()
    try:
        entries = json.loads(raw_answer)["feed"]["items"]
    except UnicodeDecodeError:
        entries = json.loads(raw_answer.decode("latin-1"))["feed"]["items"]

    found = outcome(feed)

    assert len(entries) == len(found)
    for entry, raw in zip(entries, found, strict=True):
        assert isinstance(raw, RawArticle)
        record = json.loads(raw.content)
        title, link, date = entry.get("title"), entry.get("link"), entry.get("isoDate")
        # The other reader takes some Latin-1 for UTF-8.
        if isinstance(title, str) and title and "\ufffd" not in title and record["title"]:
            assert title.split() == record["title"].split()
        if link and record["url"] and not _is_a_redirect(link):
            # The other reader leaves relative links as they are.
            assert record["url"].strip().endswith(link.strip())
        if date and record["published"]:
            try:
                article = clean(raw, now=NOW)
            except CleanError:
                continue
            assert article.published is not None
            at = article.published.at
            assert datetime.fromisoformat(date).replace(microsecond=0) == at.astimezone(UTC)
