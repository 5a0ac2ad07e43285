from __future__ import annotations

import gzip
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from corpus.article import Article, RawArticle, Source
from corpus.sources import READERS_BY_SUFFIX, ReadFailure, list_files, read_item
from indexer.clean import clean

FOLDER = Path(__file__).resolve().parents[1] / "corpus" / "samples"
SAMPLES = Source("samples", str(FOLDER))
NOW = datetime(2025, 4, 2, 12, tzinfo=UTC)


@cache
def found() -> tuple[RawArticle | ReadFailure, ...]:
    return tuple(one for item in list_files(SAMPLES) for one in read_item(SAMPLES, item))


@cache
def articles() -> dict[str, Article]:
    return {raw.path: clean(raw, now=NOW) for raw in found() if isinstance(raw, RawArticle)}


def test_every_sample_is_readable() -> None:
    assert [] == [one for one in found() if isinstance(one, ReadFailure)]


def test_there_are_enough_articles_of_enough_outlets() -> None:
    assert 28 <= len(found())
    assert 15 == len({one.path.split("/")[0] for one in found()})


# Formats of agencies, sites and crawlers, which their own tests show.
NO_SAMPLES = {".rss", ".atom", ".rdf", ".xml", ".nitf", ".warc"}


def test_every_format_has_a_sample() -> None:
    names = [item.path for item in list_files(SAMPLES)]
    plain = [suffix for suffix in READERS_BY_SUFFIX if not suffix.endswith(".gz")]
    plain = [suffix for suffix in plain if suffix not in NO_SAMPLES]

    assert [] == [suffix for suffix in plain if not any(name.endswith(suffix) for name in names)]
    assert any(name.endswith(".gz") for name in names)


def test_nothing_but_articles_is_among_the_samples() -> None:
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}

    assert files == {item.path for item in list_files(SAMPLES)}


def test_the_packed_sample_is_reproducible() -> None:
    packed = (FOLDER / "river-gazette" / "archive.jsonl.gz").read_bytes()

    # Bytes 4 to 8 of a gzip file are its time; flag 8 would be a file name.
    assert bytes(4) == packed[4:8]
    assert 0 == packed[3]
    assert gzip.decompress(packed).endswith(b"}\n")


@pytest.mark.parametrize("path", [one.path for one in found()])
def test_every_sample_cleans_to_a_title_and_a_short_body(path: str) -> None:
    article = articles()[path]

    assert article.title
    assert 80 <= article.word_count <= 260 or article.language == "ja"
    assert article.body.count("\n\n") >= 2


def test_ids_are_unique() -> None:
    assert len(articles()) == len({article.id for article in articles().values()})


@pytest.mark.parametrize(
    ("path", "title", "published"),
    [
        (
            "harbor-courier/2025-03-29-iwojima-alliance.html",
            "Hegseth and Ishiba Affirm Alliance at Iwojima Ceremony",
            "2025-03-29T18:40:00+09:00",
        ),
        (
            "pacific-ledger/iwo-jima-first-joint-visit.html",
            "On Iwo Jima, two old enemies mourn side by side",
            "2025-03-29T11:15:00+00:00",
        ),
        (
            "kanto-evening/iwoto-remains.html",
            "The long search beneath Iwoto",
            "2025-03-31T17:30:00+09:00",
        ),
        (
            "island-post/iwoto-service.txt",
            "Wreaths and a Promise on Iwoto, Eighty Years After the Battle",
            "2025-03-30",
        ),
        ("island-post/harbor-clock.txt", "The Man Who Winds the Harbor Clock", ""),
        (
            "kanto-evening/school-2015.txt",
            "Seventy Years On, a School Reads the Names of April 1945",
            "2015-04-12",
        ),
        (
            "capitol-dispatch/defense-expenses.md",
            "Where the Defense Money Goes, Line by Line",
            "2025-03-26T09:00:00-04:00",
        ),
        (
            "capitol-dispatch/senate-recess.md",
            "Senate Breaks Up Late With Water Bill Unfinished",
            "2025-02-28T23:30:00-05:00",
        ),
        (
            "sports-bugle/baseball-alliance.json",
            "Two Leagues in Japan Form Baseball Alliance",
            "2025-03-27T10:05:00+09:00",
        ),
        (
            "valley-sentinel/march-2025.json#3",
            "Valley striker Marsh scores four on return from injury",
            "2025-03-31T22:15:00-06:00",
        ),
        (
            "faro-diario/noticias.json#1",
            "Japón y Estados Unidos recuerdan juntos a los caídos de Iwo Jima",
            "2025-03-29T16:45:00+01:00",
        ),
        (
            "northern-wire/wire.jsonl#3",
            "Observatory in Hokkaido sees first light",
            "2025-03-01T00:10:00+09:00",
        ),
        (
            "northern-wire/wire.jsonl#4",
            "Seventy-five years later, letters of April 1945 come home",
            "2020-04-26",
        ),
        (
            "market-minute/minute.ndjson#3",
            "Quarter ends with bread cheaper and bricks dearer",
            "2025-03-31",
        ),
        (
            "river-gazette/archive.jsonl.gz#1",
            "Spring fair moves to the west bank",
            "2025-04-01T00:05:00+02:00",
        ),
        ("summit-herald/crane-1987.htm", "Harbor Board Votes to Buy Second Crane", "1987-04-07"),
        (
            "asanagi/ioto.html",
            "硫黄島で日米合同の慰霊式 首相と国防長官が初めてそろって参列",
            "2025-03-29T19:00:00+09:00",
        ),
    ],
)
def test_titles_and_dates(path: str, title: str, published: str) -> None:
    article = articles()[path]

    assert (title, published) == (article.title, shown_date(article))


def shown_date(article: Article) -> str:
    if article.published is None:
        return ""
    at = article.published.at
    return at.date().isoformat() if article.published.day_only else at.isoformat()


def test_only_the_full_report_has_both_words_in_its_title() -> None:
    titles = [article.title.casefold() for article in articles().values()]

    assert ["hegseth and ishiba affirm alliance at iwojima ceremony"] == [
        title for title in titles if "iwojima" in title and "alliance" in title
    ]


def test_an_earthquake_stands_in_one_lead_and_deep_in_another_text() -> None:
    mentions = {path: article for path, article in articles().items() if "quake" in article.body}

    assert {"island-post/quake-sorrel.txt", "kanto-evening/harbor-museum.html"} == set(mentions)
    assert ["island-post/quake-sorrel.txt"] == [
        path for path, article in mentions.items() if "quake" in article.lead
    ]
