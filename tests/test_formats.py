"""Feeds and tables, read back by readers that are not ours where there are any."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest

from search.engines.searcher import Sort
from search.output.formats import FeedLinks, FeedRequest, OutputFormat
from search.output.render import render_answer
from search.project.project import Project
from search.results.request import Request
from tests.demo import dateline, planted
from tests.serving import NOW

# By its address.
NEW = "0752ec2f0cfe6ee8"
ARTICLES: list[dict[str, object]] = [
    {"title": "Ferry & port, 5 < 6", "body": "A ferry, and “more”.", "dek": "Sea",
     "date": "2025-03-12T10:00:00Z", "url": "https://a.example/new?x=1&y=2", "section": "Local",
     "authors": ["Ann Lee", "Bo Park"], "source": "Harbor Courier", "language": "en"},
    {"id": "old", "title": "Old ferry \u0007\ufffe", "body": "Ferry.\n\nIt went.",
     "date": "2025-03-11"},
    {"id": "a/b ü", "title": "@ferry, undated", "body": "=1+1 ferry \ud800."},
]  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = planted(tmp_path_factory.mktemp("formats") / "p", ARTICLES)
    with Project.open(folder, now=NOW) as opened:
        yield opened


LINKS = FeedLinks(
    "http://h/?q=ferry", "http://h/feed", "http://h/feed?cursor=x", lambda key: f"http://h/a/{key}"
)


def form(project: Project, form: OutputFormat, text: str = "ferry") -> str:
    answer = project.search(Request(text, Sort.NEWEST))
    return render_answer(answer, form, FeedRequest(text, NOW), LINKS)


@pytest.mark.parametrize("kind", [OutputFormat.ATOM, OutputFormat.RSS])
def test_a_feed_is_what_readers_read(project: Project, kind: OutputFormat) -> None:
    text = form(project, kind)
    ElementTree.fromstring(text.encode("utf-8", "replace"))
    feed = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")))
    assert not feed.bozo
    assert "ferry · dateline" == feed.feed.title
    assert "http://h/?q=ferry" == feed.feed.link
    assert {"self", "next"} <= {link.rel for link in feed.feed.links}
    titles = [html.unescape(entry.title) for entry in feed.entries]
    assert ["Ferry & port, 5 < 6", "Old ferry", "@ferry, undated"] == titles
    first = feed.entries[0]
    assert "https://a.example/new?x=1&y=2" == first.link
    assert "urn:dateline:article:" == first.id[:21]
    assert "<b>ferry</b>" in first.summary
    assert datetime(2025, 3, 12, 10, tzinfo=UTC).timetuple()[:6] == first.published_parsed[:6]
    assert 3 == len({entry.id for entry in feed.entries})
    assert "http://h/a/a/b ü" == feed.entries[2].link


@pytest.mark.parametrize("kind", [OutputFormat.ATOM, OutputFormat.RSS])
def test_a_feed_is_xml_whatever_is_asked(project: Project, kind: OutputFormat) -> None:
    text = form(project, kind, "ferry \u0007\ufffe\ud800")
    feed = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")))
    assert not feed.bozo
    assert "ferry ���" == feed.feed.title.partition(" · ")[0]


@pytest.mark.parametrize("kind", list(OutputFormat))
def test_an_empty_answer_is_whole_too(project: Project, kind: OutputFormat) -> None:
    text = form(project, kind, "nosuchword")
    match kind:
        case OutputFormat.ATOM | OutputFormat.RSS:
            feed = feedparser.parse(io.BytesIO(text.encode()))
            assert (False, []) == (bool(feed.bozo), feed.entries)
        case OutputFormat.JSONFEED:
            assert [] == json.loads(text)["items"]
        case OutputFormat.CSV:
            assert 1 == len(text.splitlines())
        case OutputFormat.NDJSON:
            assert text == ""


def test_a_json_feed_has_what_articles_have(project: Project) -> None:
    feed = json.loads(form(project, OutputFormat.JSONFEED))
    assert "https://jsonfeed.org/version/1.1" == feed["version"]
    assert ("http://h/feed", "http://h/feed?cursor=x") == (feed["feed_url"], feed["next_url"])
    first, old, last = feed["items"]
    assert "2025-03-11T10:00:00+00:00" == old["date_published"]
    assert "Ferry & port, 5 < 6" == first["title"]
    assert [{"name": "Ann Lee"}, {"name": "Bo Park"}] == first["authors"]
    assert ("2025-03-12T10:00:00+00:00", ["Local"], "en", "Sea") == tuple(
        first[name] for name in ("date_published", "tags", "language", "summary")
    )
    assert "<b>ferry</b>" in first["content_html"]
    assert "date_published" not in last
    assert {"id": "a/b ü", "source": "planted.jsonl"} == last["_dateline"]


def test_a_table_has_a_row_a_hit_and_no_formulas(project: Project) -> None:
    rows = list(csv.DictReader(io.StringIO(form(project, OutputFormat.CSV), newline="")))
    assert [NEW, "old", "a/b ü"] == [row["id"] for row in rows]
    assert ["2025-03-12T10:00:00+00:00", "2025-03-11", ""] == [row["published"] for row in rows]
    assert "Ann Lee; Bo Park" == rows[0]["authors"]
    assert "'@ferry, undated" == rows[2]["title"]
    assert rows[2]["snippet"].startswith("'=1+1 ferry")


def test_lines_are_hits_as_json(project: Project) -> None:
    hits = [json.loads(line) for line in form(project, OutputFormat.NDJSON).splitlines()]
    assert [NEW, "old", "a/b ü"] == [hit["id"] for hit in hits]
    assert "<mark>ferry</mark>" in hits[0]["snippets"][0]["html"]


# -- the command


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], [NEW, "old", "a/b ü"]),
        (["--sort", "oldest"], ["old", NEW, "a/b ü"]),
        (["--limit", "1"], [NEW]),
    ],
)
def test_the_command_writes_the_newest_first(
    project: Project, options: list[str], expected: list[str]
) -> None:
    folder: Path = project.config.root
    result = dateline("-C", folder, "search", "--format", "ndjson", *options, "ferry")
    assert expected == [json.loads(line)["id"] for line in result.stdout.splitlines()]


def test_the_command_goes_on_at_a_cursor(project: Project) -> None:
    folder: Path = project.config.root
    first = json.loads(dateline("-C", folder, "search", "--json", "--limit", "2", "ferry").stdout)
    rest = dateline("-C", folder, "search", "--json", "--cursor", first["cursor"], "ferry").stdout
    assert 1 == len(json.loads(rest)["hits"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--format", "trec", "ferry"], "--format trec goes with --queries"),
        (["--format", "csv", "--json", "ferry"], "--json or --format, not both"),
        (["--cursor", "x", "ferry"], "this is no cursor"),
    ],
)
def test_forms_that_do_not_go_together(project: Project, options: list[str], message: str) -> None:
    result = dateline("-C", project.config.root, "search", *options)
    assert 2 == result.exit_code
    assert message in result.stderr
