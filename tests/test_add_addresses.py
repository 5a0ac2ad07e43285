"""`dateline add` and `update` with web addresses, as a user sees them."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo import dateline
from tests.website import Reply, Site, website

TEXT = "The ferry stayed in port while the wind blew, and the captain read a book. " * 20
RSS = f"""<rss version="2.0"><channel><title>Courier</title><item><title>Ferry</title>
<link>{{site}}/ferry</link><description>{TEXT}</description></item></channel></rss>"""
SETTINGS = "fetch: {allow_local: true, pace: 0}\n"


@pytest.fixture
def site() -> Iterator[Site]:
    with website() as site:
        yield site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "dateline.yaml").write_text(SETTINGS, "utf-8")
    return folder


def locations(folder: Path) -> list[str]:
    told = dateline("-C", folder, "status", "--json")
    return [source["location"] for source in json.loads(told.stdout)["sources"]]


def test_a_feed_is_added_followed_and_searched(site: Site, folder: Path) -> None:
    site.put("/feed", RSS, "application/rss+xml")
    added = dateline("-C", folder, "add", site.url("/feed"))
    assert (0, "1 added; 1 article in all\n") == (added.exit_code, added.stderr)
    assert ["/feed"] == site.take_asked()
    found = dateline("-C", folder, "search", "captain", "--json")
    (hit,) = json.loads(found.stdout)["hits"]
    assert ("Ferry", "Courier") == (hit["title"], hit["source"])
    site.put("/feed", RSS.replace("erry", "lood"), "application/rss+xml")
    assert "1 added; 2 articles in all\n" == dateline("-C", folder, "update").stderr
    assert [site.url("/feed")] == locations(folder)
    assert "0 added; 2 articles in all\n" == dateline("-C", folder, "add", site.url("/feed")).stderr


def test_a_source_in_dateline_yaml_may_be_an_address(site: Site, folder: Path) -> None:
    site.put("/feed", RSS, "application/rss+xml")
    sources = f"sources:\n  - {{url: {site.url('/feed')}, name: courier, publisher: The Post}}\n"
    (folder / "dateline.yaml").write_text(SETTINGS + sources, "utf-8")
    assert "1 added; 1 article in all\n" == dateline("-C", folder, "update").stderr
    found = json.loads(dateline("-C", folder, "search", "captain", "--json").stdout)
    assert ["The Post"] == [hit["source"] for hit in found["hits"]]


def test_a_page_with_feeds_is_read_and_they_are_named(site: Site, folder: Path) -> None:
    head = '<head><link rel="alternate" type="application/atom+xml" href="/feed"></head>'
    site.put("/", f"<html>{head}<h1>Front page</h1><p>{TEXT}</p></html>")
    added = dateline("-C", folder, "add", site.url("/"))
    assert 0 == added.exit_code
    assert f"the feeds it names are {site.url('/feed')}\n" in added.stderr


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (None, "there is no such page (404)"),
        (Reply(b""), "the answer is empty"),
        (Reply(status=302, headers={"Location": "/x"}), "it redirects in a circle"),
        (Reply(status=500), "the server answered 500"),
        (Reply(status=403), "the site does not let us have it (403)"),
    ],
)
def test_an_address_that_gives_nothing_is_not_added(
    site: Site, folder: Path, reply: Reply | None, says: str
) -> None:
    if reply is not None:
        site.replies["/x"] = reply
    added = dateline("-C", folder, "add", site.url("/x"))
    assert 2 == added.exit_code
    assert f"dateline: {site.url('/x')} cannot be fetched: {says}\n" == added.stderr
    assert [] == locations(folder)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ftp://harbor.example/feed", "only addresses that begin with http:// or https://"),
        ("https://ana:secret@harbor.example/", "https://…@harbor.example/: an address with a name"),
        ("https://harbor.example:notaport/", "not a web address"),
        ("harbor.example/feed", "cannot be read"),
    ],
)
def test_what_is_no_address_is_a_usage_error(folder: Path, address: str, says: str) -> None:
    added = dateline("-C", folder, "add", address)
    assert 2 == added.exit_code
    assert says in added.stderr
    assert "secret" not in added.stderr


def test_the_local_network_is_not_fetched_from_unless_allowed(site: Site, folder: Path) -> None:
    (folder / "dateline.yaml").write_text("fetch: {pace: 0}", "utf-8")
    added = dateline("-C", folder, "add", site.url("/feed"))
    assert 2 == added.exit_code
    assert "is in the local network; to allow that, set fetch: {allow_local: true}" in added.stderr
    assert [] == site.asked


def test_a_port_that_is_closed_is_told(folder: Path) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{reserved.getsockname()[1]}/"
        added = dateline("-C", folder, "add", address)
    assert (2, f"dateline: {address} cannot be fetched: nothing answers at its port\n") == (
        added.exit_code,
        added.stderr,
    )


def test_a_feed_that_is_gone_later_is_a_failure_and_keeps_its_articles(
    site: Site, folder: Path
) -> None:
    site.put("/feed", RSS, "application/rss+xml")
    dateline("-C", folder, "add", site.url("/feed"))
    site.replies["/feed"] = Reply(status=410)
    updated = dateline("-C", folder, "update")
    assert 5 == updated.exit_code
    assert updated.stderr.startswith("0 added, 1 failed; 1 article in all\n")
    assert "the page is gone (410)" in updated.stderr


def test_an_address_written_otherwise_is_the_same_source(site: Site, folder: Path) -> None:
    site.put("/", RSS, "application/rss+xml")
    site.put("/other", RSS, "application/rss+xml")
    for written in (site.url(), site.url("/#top"), site.url("/").replace("http", "HTTP")):
        dateline("-C", folder, "add", written)
    dateline("-C", folder, "add", site.url("/other"))
    assert [site.url("/"), site.url("/other")] == locations(folder)
