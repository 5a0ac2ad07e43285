"""Sources on the web: what is fetched of them, what is kept, and what is not fetched again."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from corpus.article import Article, Source
from corpus.fetch_settings import FetchSettings
from corpus.ledger import Ledger
from corpus.sources.web.fetcher import Fetcher
from corpus.store import Store
from indexer.ingest.run import ingest
from indexer.ingest.stats import IngestStats
from tests.website import TEXT, Reply, Site, website

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "feeds"
LONG = "The ferry stayed in port while the wind blew, and the captain read a book. " * 20


LOCAL = FetchSettings(allow_local=True, pace=0.0)


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    with website() as site:
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    running.replies.clear()
    running.asked.clear()
    return running


@dataclass
class Desk:
    """A store, and sources that are fetched into it without delay."""

    store: Store
    settings: FetchSettings = LOCAL
    sources: list[Source] = field(default_factory=list)
    tally: IngestStats = field(default_factory=IngestStats)

    def follow(self, name: str, location: str, publisher: str = "") -> None:
        self.sources.append(Source(name, location, publisher=publisher))
        Ledger(self.store).register_source(name, location)

    def update(self) -> str:
        self.tally = ingest(self.store, self.sources, now=NOW, fetcher=Fetcher(self.settings))
        counts = {name: getattr(self.tally, name) for name in _COUNTS}
        return " ".join(f"{number} {name}" for name, number in counts.items() if number)

    def held(self) -> dict[str, Article]:
        found = self.store.read_articles(
            [version for _, version in self.store.read_current_versions()]
        )
        return {each.title: each for each in found.values()}

    def titles(self) -> str:
        return " ".join(sorted(self.held()))

    def failures(self) -> list[tuple[str, str]]:
        return [(failure.path, failure.reason) for failure in self.store.read_failures()]


_COUNTS = ("added", "changed", "unchanged", "duplicate", "removed", "failed")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store(tmp_path / "corpus.sqlite") as store:
        yield Desk(store)


def page(title: str, text: str = LONG) -> str:
    """A page in plain text, which is cleaned faster than a web page."""
    return f"{title}\n\n{text}"


def web_page(title: str, text: str = LONG) -> str:
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"<p>{text}</p></article></body></html>"
    )


def rss(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>Courier</title>{"".join(items)}</channel></rss>'


def item(title: str, more: str = "") -> str:
    link = f"{{site}}/{title.lower()}"
    return f"<item><title>{title}</title><link>{link}</link><guid>{title}</guid>{more}</item>"


def summary(text: str) -> str:
    return f"<description>{text}</description>"


def name(site: Site, path: str) -> str:
    """What an address is called as an item."""
    return site.url(path).replace("http:", "https:")


# -- what is read


def test_linked_pages_are_fetched_and_full_texts_are_not(site: Site, desk: Desk) -> None:
    site.put("/feed", rss(item("Apple", summary("Short.")), item("Banana", summary(LONG))))
    site.put("/apple", page("Apple"))
    desk.follow("courier", site.url("/feed"))
    assert "2 added" == desk.update()
    assert ["/feed", "/apple"] == site.take_asked()
    held = desk.held()
    assert all(held[title].body.startswith("The ferry stayed") for title in ("Apple", "Banana"))
    assert site.url("/apple") == held["Apple"].url
    assert ("body", "feed") in held["Banana"].provenance


@pytest.mark.parametrize("end", ["…", "...", "[…]", "[&amp;hellip;]", "… </p>"])
def test_a_text_that_is_cut_off_is_a_teaser(site: Site, desk: Desk, end: str) -> None:
    site.put("/feed", rss(item("Apple", summary(LONG + end.replace("<", "&lt;")))))
    site.put("/apple", page("Apple", f"{LONG} All of it."))
    desk.follow("courier", site.url("/feed"))
    assert "1 added" == desk.update()
    assert desk.held()["Apple"].body.endswith("All of it.")


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>urn:1</id>
<title>Apple</title><link href="{site}/apple"/><updated>2025-03-12T08:00:00Z</updated>
</entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/"><item rdf:about="{site}/apple"><title>Apple</title>
<link>{site}/apple</link></item></rdf:RDF>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "1", "url": "SITE/apple", "title": "Apple", "summary": "Short."}],
    }
).replace("SITE", "{site}")
NEWS_SITEMAP = """<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>
<loc>{site}/apple</loc><news:news><news:title>Apple</news:title>
<news:publication_date>2025-03-12</news:publication_date></news:news></url></urlset>"""
SITEMAP = "<urlset><url><loc>{site}/apple</loc><lastmod>2025-03-12</lastmod></url></urlset>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss(item("Apple")), "application/rss+xml"),
        (rss(item("Apple")), "text/html; charset=utf-8"),
        (f"\n\n<?xml version='1.0'?>{rss(item('Apple'))}", "text/xml"),
        (rss("<item><title>Apple</title><link>/apple</link></item>"), "text/xml"),
        (ATOM, "application/atom+xml"),
        (RDF, "application/rdf+xml"),
        (JSON_FEED, "application/feed+json"),
        (JSON_FEED, "application/json"),
        (NEWS_SITEMAP, "application/xml"),
        (SITEMAP, "application/xml"),
        (web_page("Apple"), "text/html"),
        (web_page("Apple"), "application/octet-stream"),
        (web_page("Apple"), "text/plain"),
        (page("Apple"), "text/plain"),
        (json.dumps({"title": "Apple", "body": LONG, "url": "{site}/apple"}), "application/json"),
        (json.dumps({"title": "Apple", "body": LONG}) + "\n{}\n", "application/x-ndjson"),
    ],
)
def test_what_is_there_decides_how_it_is_read(
    site: Site, desk: Desk, body: str, content_type: str
) -> None:
    site.put("/x", body, content_type)
    site.put("/apple", web_page("Apple") if body == ATOM else page("Apple"))
    desk.follow("courier", site.url("/x"))
    desk.update()
    assert "Apple" == desk.titles()
    assert desk.held()["Apple"].body.startswith("The ferry stayed")


def test_packed_sitemaps_in_a_list_of_sitemaps(site: Site, desk: Desk) -> None:
    sitemap = SITEMAP.replace("{site}", site.url())
    site.put("/a.xml.gz", gzip.compress(sitemap.encode()), "application/gzip")
    site.put("/b.xml", sitemap.replace("apple", "banana"), "text/xml", ETag='"b"')
    listed = "".join(f"<sitemap><loc>{{site}}/{each}</loc></sitemap>" for each in _SITEMAPS)
    site.put("/index.xml", f"<sitemapindex>{listed}</sitemapindex>", "text/xml", ETag='"1"')
    site.put("/apple", page("Apple"))
    site.put("/banana", page("Banana"))
    desk.follow("courier", site.url("/index.xml"))
    assert "2 added 1 failed" == desk.update()
    assert "Apple Banana" == desk.titles()
    assert [(site.url("/gone.xml"), "there is no such page (404)")] == desk.failures()


_SITEMAPS = ("a.xml.gz", "gone.xml", "b.xml")


def test_the_newest_of_a_sitemap_are_fetched_first(site: Site, desk: Desk) -> None:
    desk.settings = replace(desk.settings, pages=2)
    dates = {"apple": "2025-03-12", "banana": "2025-03-14T08:00:00Z", "cherry": "2025-03-13"}
    urls = "".join(
        f"<url><loc>{{site}}/{path}</loc><lastmod>{date}</lastmod></url>"
        for path, date in dates.items()
    )
    site.put("/sitemap.xml", f"<urlset>{urls}</urlset>")
    for path in dates:
        site.put(f"/{path}", page(path.title()))
    desk.follow("courier", site.url("/sitemap.xml"))
    assert "2 added" == desk.update()
    assert ["/sitemap.xml", "/banana", "/cherry"] == site.take_asked()


def test_a_list_of_sitemaps_that_lists_itself_ends(site: Site, desk: Desk) -> None:
    listed = "<sitemap><loc>{site}/index.xml</loc></sitemap>"
    site.put("/index.xml", f"<sitemapindex>{listed}</sitemapindex>", "text/xml")
    desk.follow("courier", site.url("/index.xml"))
    assert "" == desk.update()
    assert ["/index.xml"] * 2 == site.take_asked()


def test_a_page_that_has_feeds_says_so(site: Site, desk: Desk) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    site.put("/", web_page("Front").replace("<head>", f"<head>{link}"))
    desk.follow("courier", site.url("/"))
    assert "1 added" == desk.update()
    assert (
        f"{site.url('/')} is read as one page; the feeds it names are {site.url('/feed.xml')}",
    ) == desk.tally.notes


# They have an entry each, and that has neither a title nor a text.
_WITHOUT_TEXT = {
    "incomplete-fields.atom": ["no text found"],
    "missing-fields.atom": ["no text found"],
}


@pytest.mark.parametrize("path", sorted(SHARED.glob("rss-parser/*.*")), ids=lambda path: path.name)
def test_real_feeds_are_all_read(site: Site, desk: Desk, path: Path) -> None:
    site.put("/feed", path.read_bytes(), "application/xml")
    # What the entries link to is elsewhere, and nothing there is asked for.
    fetcher = Fetcher(replace(desk.settings, pages=0))
    desk.follow("courier", site.url("/feed"))
    tally = ingest(desk.store, desk.sources, now=NOW, fetcher=fetcher)
    waiting = sum(int(note.rpartition(" ")[2]) for note in tally.notes)
    assert tally.added + waiting + tally.failed > 0
    assert _WITHOUT_TEXT.get(path.name, []) == [reason for _, reason in desk.failures()]


# -- what is kept, and what is not fetched again


def test_entries_that_left_the_feed_stay(site: Site, desk: Desk) -> None:
    site.put("/feed", rss(item("Apple"), item("Banana", summary(LONG))))
    site.put("/apple", page("Apple"))
    desk.follow("courier", site.url("/feed"))
    desk.update()
    site.put("/feed", rss(item("Cherry", summary(LONG))))
    assert "1 added" == desk.update()
    assert "Apple Banana Cherry" == desk.titles()


def test_what_is_held_is_not_fetched_again_until_its_entry_changes(site: Site, desk: Desk) -> None:
    dated = "<pubDate>Wed, 12 Mar 2025 10:15:00 +0000</pubDate>"
    site.put("/feed", rss(item("Apple", dated)))
    site.put("/apple", page("Apple"))
    desk.follow("courier", site.url("/feed"))
    desk.update()
    site.take_asked()
    assert "" == desk.update()
    # A teaser often changes by itself, with what it counts or links to.
    site.put("/feed", rss(item("Apple", dated + summary("3 comments"))))
    assert "" == desk.update()
    assert ["/feed", "/feed"] == site.take_asked()
    site.put("/feed", rss(item("Apple", dated.replace("10:15", "11:15"))))
    site.put("/apple", page("Apple", f"{LONG} Corrected."))
    assert "1 changed" == desk.update()
    assert desk.held()["Apple"].body.endswith("Corrected.")


def test_a_text_that_changed_in_its_feed_is_a_new_version(site: Site, desk: Desk) -> None:
    site.put("/feed", rss(item("Apple", summary(LONG))))
    desk.follow("courier", site.url("/feed"))
    desk.update()
    site.put("/feed", rss(item("Apple", summary(f"{LONG} Corrected."))))
    assert "1 changed" == desk.update()
    assert 2 == desk.store.collect_stats().versions
    assert "" == desk.update()


def conditional(body: str, etag: str) -> Reply:
    return Reply(body.encode(), headers={"ETag": etag, "Content-Type": "text/xml"})


def test_a_feed_that_did_not_change_is_not_sent_again(site: Site, desk: Desk) -> None:
    body = rss(item("Apple", summary(LONG)))
    sent: list[int] = []

    def reply(headers: Mapping[str, str]) -> Reply:
        sent.append(304 if headers.get("If-None-Match") == '"1"' else 200)
        return conditional(body, '"1"') if sent[-1] == 200 else Reply(status=304)

    site.replies["/feed"] = reply
    desk.follow("courier", site.url("/feed"))
    assert ["1 added", "", ""] == [desk.update() for _ in range(3)]
    assert [200, 304, 304] == sent
    # Other settings make other articles of it.
    desk.sources[0] = replace(desk.sources[0], publisher="Post")
    assert "1 changed" == desk.update()
    assert [200, 304, 304, 200] == sent


def test_a_feed_is_sent_again_until_all_its_pages_are_there(site: Site, desk: Desk) -> None:
    def reply(headers: Mapping[str, str]) -> Reply:
        if headers.get("If-None-Match"):
            return Reply(status=304)
        return conditional(rss(item("Apple")).replace("{site}", site.url()), '"1"')

    site.replies["/feed"] = reply
    site.replies["/apple"] = Reply(status=500)
    desk.follow("courier", site.url("/feed"))
    assert "1 failed" == desk.update()
    assert [(name(site, "/apple"), "the server answered 500")] == desk.failures()
    site.put("/apple", page("Apple"))
    assert "1 added" == desk.update()
    assert [] == desk.failures()
    site.take_asked()
    assert "" == desk.update()
    assert ["/feed"] == site.take_asked()


def test_a_page_that_is_gone_is_asked_for_once(site: Site, desk: Desk) -> None:
    site.put("/feed", rss(item("Apple"), item("Banana", summary(LONG))))
    desk.follow("courier", site.url("/feed"))
    assert "1 added 1 failed" == desk.update()
    site.take_asked()
    assert "" == desk.update()
    assert ["/feed"] == site.take_asked()
    assert [(name(site, "/apple"), "there is no such page (404)")] == desk.failures()


def test_links_of_a_feed_that_moved_are_relative_to_its_new_place(site: Site, desk: Desk) -> None:
    site.replies["/feed"] = Reply(status=301, headers={"Location": "/new/feed"})
    site.put("/new/feed", rss("<item><title>Apple</title><link>apple</link></item>"))
    site.put("/new/apple", page("Apple"))
    desk.follow("courier", site.url("/feed"))
    assert "1 added" == desk.update()
    site.put("/new/feed", "<rss><channel>", ETag='"1"')
    assert "1 failed" == desk.update()
    assert [(site.url("/new/feed"), "the feed is cut off")] == desk.failures()
    site.put("/new/feed", rss(item("Banana", summary(LONG))))
    assert "1 added" == desk.update()
    assert [] == desk.failures()


def test_a_page_that_two_feeds_link_to_is_fetched_once(site: Site, desk: Desk) -> None:
    site.put("/a", rss(item("Apple")))
    site.put("/b", rss(item("Apple"), item("Banana", summary(LONG))))
    site.put("/apple", page("Apple"))
    desk.follow("one", site.url("/a"))
    desk.follow("two", site.url("/b"))
    assert "2 added 1 duplicate" == desk.update()
    assert ["/a", "/b", "/apple"] == site.take_asked()
    assert "" == desk.update()


def test_a_page_that_leads_to_the_front_page_is_no_article(site: Site, desk: Desk) -> None:
    site.put("/feed", rss(item("Apple")))
    site.replies["/apple"] = Reply(status=302, headers={"Location": "/"})
    site.put("/", page("Front"))
    desk.follow("courier", site.url("/feed"))
    assert "1 failed" == desk.update()
    assert [(name(site, "/apple"), "it redirects to the front page")] == desk.failures()


def test_the_feed_fills_in_what_the_page_lacks(site: Site, desk: Desk) -> None:
    dated = "<pubDate>Wed, 12 Mar 2025 10:15:00 +0000</pubDate><category>Fruit</category>"
    site.put("/feed", rss(item("Apple", dated + summary("It is ripe.")), item("Banana", dated)))
    site.put("/apple", page("Apple"))
    site.put("/banana", web_page("", ""))
    desk.follow("courier", site.url("/feed"))
    assert "2 added" == desk.update()
    apple = desk.held()["Apple"]
    assert apple.published is not None
    assert ("2025-03-12T10:15:00+00:00", "Fruit", "", "Courier") == (
        apple.published.at.isoformat(),
        apple.section,
        apple.dek,
        apple.source,
    )
    assert ("published", "feed") in apple.provenance
    assert ("body", "feed") not in apple.provenance
    assert ("title", "feed") in desk.held()["Banana"].provenance


def test_the_server_may_tell_the_encoding(site: Site, desk: Desk) -> None:
    text = "Паром стоит в порту, капитан читает книгу. " * 30
    site.put("/feed", rss(item("Apple", summary(text))).replace("{site}", "https://a.example")
             .encode("koi8-r"), "text/xml; charset=koi8-r")  # fmt: skip
    desk.follow("courier", site.url("/feed"))
    assert "1 added" == desk.update()
    assert desk.held()["Apple"].body.startswith("Паром стоит")


def test_a_single_page_is_taken_again_when_it_changed(site: Site, desk: Desk) -> None:
    site.put("/a", page("Apple"))
    desk.follow("courier", site.url("/a"))
    assert ["1 added", ""] == [desk.update(), desk.update()]
    site.put("/a", page("Apricot"))
    assert "1 changed" == desk.update()
    assert "Apricot" == desk.titles()


def test_a_number_of_pages_an_update(site: Site, desk: Desk) -> None:
    desk.settings = replace(desk.settings, pages=2)
    site.put("/feed", rss(*map(item, ("Apple", "Banana", "Cherry"))))
    for title in ("Apple", "Banana", "Cherry"):
        site.put(f"/{title.lower()}", page(title))
    desk.follow("courier", site.url("/feed"))
    assert "2 added" == desk.update()
    assert ("courier: pages left for the next update: 1",) == desk.tally.notes
    assert "1 added" == desk.update()
    assert "Apple Banana Cherry" == desk.titles()


# -- what may not be had


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (None, "robots.txt forbids it"),
        (Reply(status=403), "the site does not let us have it (403)"),
        (Reply(status=404), "there is no such page (404)"),
        (
            Reply(b"%PDF-1.7", headers={"Content-Type": "application/pdf"}),
            "not a web page but application/pdf",
        ),
    ],
)
def test_the_summary_is_the_article_where_the_page_may_not_be_had(
    site: Site, desk: Desk, reply: Reply | None, reason: str
) -> None:
    site.put("/feed", rss(item("Apple", summary("It is ripe.")), item("Banana")))
    if reply is None:
        site.put("/robots.txt", "User-agent: *\nAllow: /feed\nDisallow: /", "text/plain")
    else:
        site.replies |= {"/apple": reply, "/banana": reply}
    desk.follow("courier", site.url("/feed"))
    assert "1 added 1 failed" == desk.update()
    apple = desk.held()["Apple"]
    assert "It is ripe." == apple.dek
    assert ("dek", f"feed ({reason})") in apple.provenance
    assert [(name(site, "/banana"), reason)] == desk.failures()
    site.take_asked()
    assert "" == desk.update()
    assert ["/feed"] == site.take_asked()


def test_a_server_that_wants_rest_is_told_once(site: Site, desk: Desk) -> None:
    site.put("/feed", rss(*map(item, ("Apple", "Banana", "Cherry"))))
    site.put("/apple", page("Apple"))
    site.replies["/banana"] = Reply(status=503, headers={"Retry-After": "600"})
    desk.follow("courier", site.url("/feed"))
    assert "1 added 1 failed" == desk.update()
    ((path, reason),) = desk.failures()
    assert "127.0.0.1" == path
    assert reason.endswith("asks for rest; pages left for the next update: 2")
    assert ["/feed", "/apple", "/banana"] == site.take_asked()
    for title in ("Banana", "Cherry"):
        site.put(f"/{title.lower()}", page(title))
    assert "2 added" == desk.update()
    assert [] == desk.failures()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "the answer is empty"),
        ("   \n", "the answer is empty"),
        ("<rss version='2.0'><channel>", "the feed is cut off"),
        ("<root/>", "XML of an unknown kind, <root>"),
        ("{", "is not JSON"),
        ("\x00\x01", "not a web page but text/xml"),
        ("<!DOCTYPE rss [<!ENTITY a 'b&c;'>]><rss/>", "XML entities of its own"),
    ],
)
def test_what_is_wrong_with_a_document_is_told(
    site: Site, desk: Desk, body: str, reason: str
) -> None:
    site.put("/feed", body, "text/xml")
    desk.follow("courier", site.url("/feed"))
    assert "1 failed" == desk.update()
    ((path, told),) = desk.failures()
    assert site.url("/feed") == path
    assert reason in told
    site.put("/feed", rss(item("Apple", summary(LONG))))
    assert "1 added" == desk.update()
    assert [] == desk.failures()


def test_a_source_that_cannot_be_fetched_keeps_its_articles(site: Site, desk: Desk) -> None:
    site.put("/feed", rss(item("Apple", summary(LONG))))
    desk.follow("courier", site.url("/feed"))
    desk.update()
    del site.replies["/feed"]
    assert "1 failed" == desk.update()
    assert [("", "there is no such page (404)")] == desk.failures()
    assert "Apple" == desk.titles()


def test_an_interrupted_update_keeps_what_it_fetched(site: Site, desk: Desk) -> None:
    titles = [f"T{number}" for number in range(6)]
    site.put("/feed", rss(*map(item, titles)))
    for title in titles:
        site.put(f"/{title.lower()}", page(title))
    two_are_there = Event()

    def third(headers: Mapping[str, str]) -> Reply:
        two_are_there.wait(20)
        return Reply(page("T2").encode(), headers={"Content-Type": TEXT})

    def interrupt(tally: IngestStats) -> None:
        if tally.added == 2:
            two_are_there.set()
        elif tally.added == 3:
            raise KeyboardInterrupt

    site.replies["/t2"] = third
    desk.follow("courier", site.url("/feed"))
    fetcher = Fetcher(desk.settings)
    with pytest.raises(KeyboardInterrupt):
        ingest(desk.store, desk.sources, now=NOW, fetcher=fetcher, report=interrupt)
    assert "T0 T1" == desk.titles()
    site.take_asked()
    assert "4 added" == desk.update()
    assert {"/t0", "/t1"}.isdisjoint(site.take_asked())
    assert sorted(titles) == sorted(desk.held())


def test_files_and_addresses_in_one_update(site: Site, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Apple\n\n{LONG}", "utf-8")
    site.put("/feed", rss(item("Banana", summary(LONG))))
    desk.follow("file", str(tmp_path / "a.txt"))
    desk.follow("courier", site.url("/feed"))
    assert "2 added" == desk.update()
    assert "Apple Banana" == desk.titles()
