from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.article import Article, RawArticle, Source
from corpus.sources import ReadFailure, list_files, read_item
from indexer.clean import clean
from search.project.project import Project
from tests.test_feeds import ATOM, JSON_FEED, RDF, RSS
from tests.test_warc import HTML, IS_HTML, archive

NOW = datetime(2027, 1, 1, tzinfo=UTC)
NINJS = Path(__file__).resolve().parents[2] / "shared" / "data" / "wire" / "ninjs" / "examples"

NITF = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "http://www.nitf.org/IPTC/NITF/3.4/specification/dtd/nitf-3-4.dtd">
<nitf xml:lang="en">
<head><title>ferry-noon</title>
<docdata management-status="usable"><doc-id id-string="NW-20250312-1"/>
<date.issue norm="20250312T101500-0500"/></docdata>
<pubdata name="Northern Wire" position.section="Transport" ex-ref="https://wire.example/1"/></head>
<body>
<body.head>
<hedline><hl1>Ferry stays in <em>port</em> &amp; waits</hl1><hl2>Noon is the hope</hl2></hedline>
<byline>By <person>Ana Ruiz</person> and <person>Ken Ito</person><byttl>Staff</byttl></byline>
<dateline><location>HARBOR BAY</location> <story.date>March 12</story.date></dateline>
</body.head>
<body.content>
<media media-type="image"><media-caption><p>A ferry.</p></media-caption></media>
<p>The <org>Bay Line</org> kept its ferry at the caf&eacute; quay<!-- a note -->, it said.</p>
<hl2>Wind</hl2>
<p>Gusts reached <num>90</num>
 kilometers an hour.</p>
</body.content>
</body></nitf>
"""

G2 = """\
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:wire.example:{number}"
  version="2" xml:lang="en-GB">
<rightsInfo><copyrightNotice>All rights</copyrightNotice></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/><provider qcode="nprov:NW"><name>Northern Wire</name>
</provider><versionCreated>2025-03-12T11:00:00Z</versionCreated>
<firstCreated>2025-03-12T10:15:00Z</firstCreated><pubStatus qcode="stat:{status}"/></itemMeta>
<contentMeta><creator><name>Desk</name></creator><language tag="en"/>
<subject type="cpnat:person"><name>Ana Ruiz</name></subject>
<subject type="cpnat:abstract"><name>Transport</name></subject>
<headline role="hld:short">Ferry</headline><headline>Ferry stays {number}</headline>
<description role="drol:summary">Noon is the hope.</description><by>By Ken Ito</by>
</contentMeta>
<contentSet>{content}</contentSet>
</newsItem>
"""
XHTML = """<inlineXML contenttype="application/xhtml+xml">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>No body</title></head>
<body><p>The ferry <b>stayed</b> in port.</p><p>It may sail.</p></body></html></inlineXML>"""
PLAIN = '<inlineData contenttype="text/plain">The ferry stayed in port.</inlineData>'
PICTURE = '<remoteContent href="f.jpg"/><inlineData encoding="base64">AAAA</inlineData>'
INNER = f"<inlineXML>{NITF[NITF.index('<nitf') :]}</inlineXML>".replace("&eacute;", "\u00e9")

SITEMAP = """\
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://harbor.example/about</loc></url>
<url><loc>https://harbor.example/ferry</loc><news:news><news:publication>
<news:name>The Harbor Courier</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2025-03-12T10:15-05:00</news:publication_date>
<news:title>Ferry stays in port</news:title></news:news></url>
</urlset>
"""

STORY = {
    "uri": "https://wire.example/2",
    "pubstatus": "usable",
    "versioncreated": "2025-03-12T11:00:00Z",
    "firstcreated": "2025-03-12T10:15:00Z",
    "byline": "By Ken Ito",
    "headline": "Ferry stays in port",
    "title": "ferry-noon",
    "description_text": "Noon is the hope.",
    "body_text": "The ferry stayed.\nIt may sail.",
    "body_xhtml": "<head><title>No</title></head><p>The ferry\n stayed.</p><p>It may sail.</p>",
    "subject": [{"code": "1"}, {"name": "Transport"}],
    "infosource": [{"name": "Northern Wire"}],
    "language": "en",
}
LATER = {
    "uri": "https://wire.example/2",
    "pubStatus": "usable",
    "versionCreated": "2025-03-12T11:00:00Z",
    "firstCreated": "2025-03-12T10:15:00Z",
    "by": "By Ken Ito",
    "headlines": [
        {"role": "short", "value": "Ferry"},
        {"role": "main", "value": STORY["headline"]},
    ],
    "descriptions": [
        {"role": "creditline", "value": "NW"},
        {"role": "text", "value": "Noon is the hope."},
    ],
    "bodies": [
        {"role": "text", "contentType": "text/plain", "value": "The ferry stayed.\nIt may sail."},
        {"role": "x", "contentType": "text/html", "value": STORY["body_xhtml"]},
    ],
    "subjects": [{"name": "Transport"}],
    "infoSources": [{"name": "Northern Wire"}],
    "language": "en",
}


def message(*found: str) -> str:
    sent = "<header><sent>2025-03-12T12:00:00Z</sent></header>"
    space = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
    return f"<newsMessage {space}>{sent}<itemSet>{''.join(found)}</itemSet></newsMessage>"


def g2(number: int = 1, content: str = XHTML, status: str = "usable") -> str:
    return G2.format(number=number, content=content, status=status)


def outcome(path: Path) -> list[RawArticle | ReadFailure]:
    place = Source("test", str(path))
    return [found for item in list_files(place) for found in read_item(place, item)]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def articles(path: Path) -> list[Article]:
    return [clean(found, now=NOW) for found in outcome(path) if isinstance(found, RawArticle)]


def dates(article: Article) -> list[str]:
    return [each.at.isoformat() for each in (article.published, article.updated) if each]


# NITF


@pytest.mark.parametrize("name", ["a.nitf", "a.xml", "a.nitf.gz"])
def test_a_nitf_story(tmp_path: Path, name: str) -> None:
    content = gzip.compress(NITF.encode()) if name.endswith("gz") else NITF.encode()
    path = write(tmp_path, name, content)

    [story] = articles(path)

    assert [name] == [raw.path for raw in outcome(path)]
    assert ("Ferry stays in port & waits", "Noon is the hope") == (story.title, story.dek)
    assert [
        "HARBOR BAY — The Bay Line kept its ferry at the café quay, it said.",
        "Wind",
        "Gusts reached 90 kilometers an hour.",
    ] == story.body.split("\n\n")
    assert ("Ana Ruiz", "Ken Ito") == story.authors
    assert ("Transport", "Northern Wire", "en") == (story.section, story.source, story.language)
    assert "https://wire.example/1" == story.url
    assert ["2025-03-12T10:15:00-05:00"] == dates(story)


def test_a_dateline_in_the_text_is_not_repeated(tmp_path: Path) -> None:
    [story] = articles(
        write(tmp_path, "a.nitf", NITF.replace("<p>The", "<p>Harbor Bay (NW) — The"))
    )

    assert story.body.startswith("Harbor Bay (NW) — The Bay Line")


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("<city>Ottawa</city> <state>Ontario</state> <country>Canada</country>", "Ottawa"),
        ("<state>Ontario</state><country>Canada</country>", "Ontario, Canada"),
        ("<sublocation>Centretown</sublocation><city>Ottawa</city>", "Ottawa"),
        ("OTTAWA, Ont.", "OTTAWA, Ont."),
    ],
)
def test_a_dateline_is_the_name_of_a_town(tmp_path: Path, location: str, place: str) -> None:
    content = NITF.replace("HARBOR BAY", location)

    [story] = articles(write(tmp_path, "x.nitf", content))

    assert story.body.startswith(f"{place} — The Bay Line")


def test_a_byline_without_persons(tmp_path: Path) -> None:
    byline = "<byline>By Ana Ruiz<byttl>Chief of the desk</byttl></byline>"
    start, end = NITF.index("<byline>"), NITF.index("<dateline>")
    [story] = articles(write(tmp_path, "a.nitf", NITF[:start] + byline + NITF[end:]))

    assert ("Ana Ruiz",) == story.authors


def test_a_story_without_an_address_has_its_own_id(tmp_path: Path) -> None:
    [story] = articles(write(tmp_path, "a.nitf", NITF.replace("ex-ref", "x-ref")))

    assert ("NW-20250312-1", "") == (story.id, story.url)


# NewsML-G2


def test_a_newsml_item(tmp_path: Path) -> None:
    path = write(tmp_path, "a.xml", g2())

    [story] = articles(path)

    assert ["a.xml"] == [raw.path for raw in outcome(path)]
    assert ("Ferry stays 1", "Noon is the hope.") == (story.title, story.dek)
    assert "The ferry stayed in port.\n\nIt may sail." == story.body
    assert "urn:newsml:wire.example:1" == story.id
    assert (("Ken Ito",), "Transport", "Northern Wire", "en") == (
        story.authors,
        story.section,
        story.source,
        story.language,
    )
    assert ["2025-03-12T10:15:00+00:00", "2025-03-12T11:00:00+00:00"] == dates(story)


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (PLAIN, "The ferry stayed in port."),
        (PICTURE + XHTML, "The ferry stayed in port.\n\nIt may sail."),
        (PICTURE, ""),
        ("", ""),
    ],
)
def test_what_a_newsml_item_carries(tmp_path: Path, content: str, body: str) -> None:
    [story] = articles(write(tmp_path, "a.xml", g2(content=content)))

    assert ("Ferry stays 1", body) == (story.title, story.body)


def test_nitf_within_newsml(tmp_path: Path) -> None:
    [story] = articles(write(tmp_path, "a.xml", g2(content=INNER)))

    assert ("Ferry stays 1", ("Ken Ito",)) == (story.title, story.authors)
    assert story.body.startswith("HARBOR BAY — The Bay Line kept its ferry at the café quay")


NEWSML_1 = """<NewsML Version="1.2"><NewsItem><Identification><NewsIdentifier>
<ProviderId>nw.example</ProviderId><DateId>20250312</DateId><NewsItemId>7</NewsItemId>
<RevisionId>2</RevisionId></NewsIdentifier></Identification><NewsManagement>
<FirstCreated>20250312T101500-0500</FirstCreated>
<ThisRevisionCreated>20250312T111500-0500</ThisRevisionCreated><Status FormalName="Usable"/>
</NewsManagement><NewsComponent><NewsLines><HeadLine>Ferry stays in port</HeadLine>
<ByLine>By Ana Ruiz</ByLine><DateLine>HARBOR BAY</DateLine></NewsLines><AdministrativeMetadata>
<Provider><Party FormalName="Northern Wire"/></Provider></AdministrativeMetadata>
<NewsComponent><DescriptiveMetadata><Language FormalName="en"/></DescriptiveMetadata>
<ContentItem><MimeType FormalName="text/css"/><DataContent>.p {}</DataContent></ContentItem>
<ContentItem><MimeType FormalName="text/xhtml"/><DataContent>{}</DataContent></ContentItem>
</NewsComponent><NewsComponent><DescriptiveMetadata><Language FormalName="es"/>
</DescriptiveMetadata><ContentItem><MimeType FormalName="text/plain"/><DataContent>El transbordador
no sale del puerto, dijo la empresa.</DataContent></ContentItem></NewsComponent>
</NewsComponent></NewsItem></NewsML>"""


@pytest.mark.parametrize(
    "content",
    [
        "<html><head><title/></head><body><p>The ferry stays.</p><p>It rains.</p></body></html>",
        "<nitf><body.content><p>The ferry stays.</p><p>It rains.</p></body.content></nitf>",
        "<p>The ferry stays.</p><p>It rains.</p>",
    ],
)
def test_an_item_of_newsml_1(tmp_path: Path, content: str) -> None:
    path = write(
        tmp_path, "a.xml", NEWSML_1.replace("{}</DataContent>", f"{content}</DataContent>")
    )

    [story] = articles(path)

    assert "HARBOR BAY — The ferry stays.\n\nIt rains." == story.body
    assert ("Ferry stays in port", ("Ana Ruiz",)) == (story.title, story.authors)
    assert ("nw.example:20250312:7", "Northern Wire", "en") == (
        story.id,
        story.source,
        story.language,
    )
    assert ["2025-03-12T10:15:00-05:00", "2025-03-12T11:15:00-05:00"] == dates(story)


def test_a_withheld_item_of_newsml_1_is_left_out(tmp_path: Path) -> None:
    assert [] == articles(write(tmp_path, "a.xml", NEWSML_1.replace("Usable", "Canceled")))


def test_a_news_message_has_several_items(tmp_path: Path) -> None:
    path = write(tmp_path, "a.xml", message(g2(1), g2(2, status="canceled"), g2(3)))

    assert ["a.xml#1", "a.xml#3"] == [raw.path for raw in outcome(path)]
    assert ["Ferry stays 1", "Ferry stays 3"] == [story.title for story in articles(path)]


def test_items_before_damage_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, "a.xml", message(g2(1), g2(2), "<newsItem><b></newsItem>"))

    *found, failure = outcome(path)

    assert ["a.xml#1", "a.xml#2"] == [raw.path for raw in found]
    assert isinstance(failure, ReadFailure)
    assert "a.xml" == failure.path
    assert failure.reason.startswith("line 33 is not XML: Opening and ending tag mismatch")


# News sitemaps


def test_a_news_sitemap_gives_titles(tmp_path: Path) -> None:
    path = write(tmp_path, "news.xml", SITEMAP)

    [story] = articles(path)

    assert ["news.xml#2"] == [raw.path for raw in outcome(path)]
    assert ("Ferry stays in port", "") == (story.title, story.body)
    assert ("https://harbor.example/ferry", "The Harbor Courier", "en") == (
        story.url,
        story.source,
        story.language,
    )
    assert ["2025-03-12T10:15:00-05:00"] == dates(story)


# ninjs


@pytest.mark.parametrize("value", [STORY, LATER, [LATER], {"items": [STORY]}])
def test_a_ninjs_story(tmp_path: Path, value: object) -> None:
    [story] = articles(write(tmp_path, "a.json", json.dumps(value)))

    assert ("Ferry stays in port", "Noon is the hope.") == (story.title, story.dek)
    assert "The ferry stayed.\n\nIt may sail." == story.body
    assert (("Ken Ito",), "Transport", "Northern Wire", "en") == (
        story.authors,
        story.section,
        story.source,
        story.language,
    )
    assert "https://wire.example/2" == story.url
    assert ["2025-03-12T10:15:00+00:00", "2025-03-12T11:00:00+00:00"] == dates(story)


def test_a_ninjs_story_in_plain_text(tmp_path: Path) -> None:
    story = {**STORY, "uri": "urn:x:2", "body_xhtml": ""}
    [article] = articles(write(tmp_path, "a.json", json.dumps(story)))

    assert ("urn:x:2", "") == (article.id, article.url)
    assert "The ferry stayed.\n\nIt may sail." == article.body


@pytest.mark.parametrize("status", ["canceled", "withheld"])
@pytest.mark.parametrize(
    ("name", "story"),
    [
        ("a.json", lambda status: json.dumps({**STORY, "pubstatus": status})),
        ("a.json", lambda status: json.dumps({**LATER, "pubStatus": status})),
        ("a.xml", lambda status: g2(status=status)),
        ("a.nitf", lambda status: NITF.replace('="usable"', f'="{status}"')),
    ],
)
def test_what_is_held_back_is_left_out(
    tmp_path: Path, name: str, story: Callable[[str], str], status: str
) -> None:
    assert [] == outcome(write(tmp_path, name, story(status)))
    assert 1 == len(outcome(write(tmp_path, name, story("usable"))))


@pytest.mark.skipif(not NINJS.exists(), reason="the shared data is not here")
def test_the_examples_of_the_standard_are_read() -> None:
    found = [raw for raw in outcome(NINJS) if raw.path.endswith(".json")]
    stories = [clean(raw, now=NOW) for raw in found if isinstance(raw, RawArticle)]
    by_path = dict(zip((raw.path for raw in found), stories, strict=True))

    assert 39 <= len(stories)
    assert all(story.title for story in stories)
    for version in ("2.1", "3.0"):
        dpa = by_path[f"{version}/dpa_text.json"]
        assert ("dpa", "de", 9) == (dpa.source, dpa.language, dpa.body.count("\n\n") + 1)
        assert ["2019-05-10T16:02:28+02:00"] * 2 == dates(dpa)
    for path in ("1.4/ninjsExSimpleText1.json", "3.0/ninjsExSimpleText_3.json"):
        assert ("Paulo Santalucia", "Frances d'Emilio") == by_path[path].authors


# What is no wire, or hostile


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<sitemapindex><sitemap/></sitemapindex>", "a list of sitemaps"),
        ("<urlset><url><loc>https://a.example/</loc></url></urlset>", "a sitemap without news"),
        ("<NewsML Version='1.2'/>", "a news message without news items"),
        ("<newsMessage/>", "a news message without news items"),
        (
            "<nitf>" + "<p>" * 10_000 + "</p>" * 10_000 + "</nitf>",
            "line 1 is not XML: Excessive depth",
        ),
        ("<nitf>" + "<p/>" * 300_000 + "</nitf>", "an article has more than 200,000 elements"),
        ("<nitf><p>\0</p></nitf>", "line 1 is not XML: "),
        ("<nitf><p>" + "a" * 11_000_000 + "</p></nitf>", "line 1 is not XML: "),
        ("<nitf><p>", "line 1 is not XML: "),
        (
            '<!DOCTYPE nitf [<!ENTITY a "&b;"><!ENTITY b "&a;">]><nitf>&a;</nitf>',
            "the file defines",
        ),
        (
            '<!DOCTYPE nitf [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]><nitf><p>x</p></nitf>',
            "",
        ),
    ],
)
def test_what_is_no_wire_is_unreadable(tmp_path: Path, content: str, reason: str) -> None:
    found = outcome(write(tmp_path, "a.xml", content))

    failures = [each.reason for each in found if isinstance(each, ReadFailure)]
    assert bool(reason) == bool(failures)
    assert all(failure.startswith(reason) for failure in failures)


def test_no_file_is_opened_for_an_entity(tmp_path: Path) -> None:
    secret = write(tmp_path, "secret.txt", "password")
    dtd = f'<!DOCTYPE nitf [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    path = write(
        tmp_path, "a.nitf", NITF.replace(NITF[NITF.index("<!D") : NITF.index("<nitf")], dtd)
    )
    path.write_text(path.read_text().replace("90", "&x;"))

    assert "password" not in str(outcome(path))


# All the way


def test_every_format_is_added_and_found(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    write(inbox, "feed.rss", RSS.replace("harbor.example/ferry", "harbor.example/rss"))
    write(inbox, "feed.atom", ATOM)
    write(inbox, "feed.rdf", RDF)
    write(inbox, "feed.json", json.dumps(JSON_FEED))
    write(inbox, "page.warc", archive((HTML, [IS_HTML])))
    write(
        inbox, "page.warc.gz", archive((HTML.replace(b"Ferry", b"Packed"), [IS_HTML]), packed=True)
    )
    write(inbox, "story.nitf", NITF)
    write(inbox, "message.xml.gz", gzip.compress(message(g2(1), g2(2)).encode()))
    write(inbox, "sitemap.xml", SITEMAP)
    write(inbox, "ninjs.json", json.dumps(STORY))
    write(inbox, "broken.xml", "<html></html>")
    root = tmp_path / "project"
    root.mkdir()

    expected = {
        "crossing": 1, "Flut": 1, "mill": 1, "tide": 2, "sail": 5, "gusts": 1, "stays": 7,
        "title:packed": 1,
    }  # fmt: skip
    with Project.open(root, now=NOW) as project:
        project.add([inbox])

        assert expected == {query: project.search(query).total for query in expected}
        assert ["broken.xml"] == [failure.path for failure in project.failures()]
