"""Dates, authors and links of feeds, as they are written in the world."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.article import Article, RawArticle, Source
from corpus.sources.formats.files import list_files, read_item
from indexer.clean import clean


def read(
    tmp_path: Path, item: str, head: str = "", now: str = "2025-04-02", title: str = "T"
) -> Article:
    feed = f"""<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>{head}
        <title>P</title><item><title>{title}</title><description>The ferry sails.</description>
        {item}</item></channel></rss>"""
    (tmp_path / "x.rss").write_text(feed)
    source = Source("s", str(tmp_path / "x.rss"))
    [raw] = read_item(source, next(iter(list_files(source))))
    assert isinstance(raw, RawArticle)
    return clean(raw, now=datetime.fromisoformat(now).replace(tzinfo=UTC))


@pytest.mark.parametrize("now", ["2025-04-02", "2025-09-30", "2031-01-01"])
@pytest.mark.parametrize(
    ("written", "language", "expected"),
    [
        ("2019/11/15 10:00:00", "", "2019-11-15T10:00:00+00:00"),
        ("2019/11/15", "", "2019-11-15"),
        ("1683556200000", "", "2023-05-08T14:30:00+00:00"),
        ("1683556200", "", "2023-05-08T14:30:00+00:00"),
        ("2019年05月15日", "zh", "2019-05-15"),
        ("15-11-2019", "", "2019-11-15"),
        ("15.11.2019 10:00", "de", "2019-11-15T10:00:00+00:00"),
        ("05/11/2019", "fr", "2019-11-05"),
        ("05/11/2019", "", None),
        ("2019", "", None),
        ("November 2019", "", None),
        ("Mo, 08 Mai 2023 10:00:00 +0200", "de", "2023-05-08T10:00:00+02:00"),
        ("lun., 08 mai 2023 10:00:00 +0200", "fr", "2023-05-08T10:00:00+02:00"),
        ("Пн, 08 май 2023 10:00:00 +0300", "ru", "2023-05-08T10:00:00+03:00"),
        ("Пон, 08 мај 2023 10:00:00 +0200", "sr", "2023-05-08T10:00:00+02:00"),
        ("Pzt, 08 May 2023 10:00:00 +0300", "tr", "2023-05-08T10:00:00+03:00"),
        ("Δευ, 08 Μάι 2023 10:00:00 +0300", "el", "2023-05-08T10:00:00+03:00"),
        ("Mon, 08 May 2023 10:00:00 GMT", "", "2023-05-08T10:00:00+00:00"),
        ("Mon, 8 May 23 10:00 EST", "", "2023-05-08T10:00:00-05:00"),
        ("2023-05-08T10:00:00.123Z", "", "2023-05-08T10:00:00+00:00"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "", None),
    ],
)
def test_a_date_does_not_depend_on_the_month_in_which_it_is_read(
    tmp_path: Path, written: str, language: str, expected: str | None, now: str
) -> None:
    head = f"<language>{language}</language>" if language else ""
    told = read(tmp_path, f"<pubDate>{written}</pubDate>", head, now).published

    shown = told and (told.at.date() if told.day_only else told.at).isoformat()
    assert expected == shown


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("<author>desk@paper.media (Mira Lind)</author>", ("Mira Lind",)),
        ("<author>desk@paper.co.uk (Mira Lind)</author>", ("Mira Lind",)),
        ("<author>Mira Lind &lt;desk@paper.museum&gt;</author>", ("Mira Lind",)),
        ("<author>desk@paper.photography</author>", ()),
        ("<author>desk@paper.media (Mira Lind and Jo Park)</author>", ("Mira Lind", "Jo Park")),
        ("<author>noreply@blogger.com (Unknown)</author>", ()),
        ("<dc:creator>Mira Lind</dc:creator><dc:creator>Jo Park</dc:creator>",
         ("Mira Lind", "Jo Park")),
    ],
)  # fmt: skip
def test_authors_with_addresses(tmp_path: Path, written: str, authors: tuple[str, ...]) -> None:
    assert authors == read(tmp_path, written).authors


SELF = (
    "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='https://p.example/rss'/>"
)


@pytest.mark.parametrize(
    ("head", "link", "url"),
    [
        ("<link>https://p.example/</link>", "/news/a.html", "https://p.example/news/a.html"),
        ("<link>https://p.example</link>", "news/a.html", "https://p.example/news/a.html"),
        ("<link>https://p.example/en/</link>", "a.html", "https://p.example/en/a.html"),
        ("<link>http://p.example/</link>", "//q.example/a", "http://q.example/a"),
        ("<link>https://p.example/</link>", "?id=7", "https://p.example/?id=7"),
        ("<link>https://p.example/</link>", "https://q.example/a", "https://q.example/a"),
        (f"<link>/</link>{SELF}", "/a", "https://p.example/a"),
        ("", "/news/a.html", ""),
    ],
)  # fmt: skip
def test_links_are_relative_to_the_site(tmp_path: Path, head: str, link: str, url: str) -> None:
    assert url == read(tmp_path, f"<link>{link}</link>", head).url


@pytest.mark.parametrize("title", ["M &amp; S", "M &amp;amp; S", "M &amp;amp;amp;#38; S"])
def test_a_title_is_unescaped_however_often_it_was_escaped(tmp_path: Path, title: str) -> None:
    assert "M & S" == read(tmp_path, "", title=title).title
