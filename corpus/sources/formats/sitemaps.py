"""Sitemaps and sitemap indexes: addresses of articles, with titles and dates in news sitemaps.

https://www.google.com/schemas/sitemap-news/0.9
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.article import RawArticle, Source
from corpus.sources.formats.own_record import FEED, record
from corpus.sources.formats.xml_tree import Element, elements, first, text
from corpus.sources.item import Unreadable


def read_sitemap(
    source: Source, path: str, content: bytes, *, bare: bool = False
) -> Iterator[RawArticle | Unreadable]:
    """Yield one article per address with news data, or per address if `bare`. Raises XmlError."""
    is_empty = True
    for number, url in enumerate(elements(content, {"url"}), 1):
        news = first(url, "news")
        if news is not None or bare:
            is_empty = False
            yield record(source, f"{path}#{number}", _entry(url, news), FEED)
    if is_empty:
        yield Unreadable(path, "a sitemap without news: it has addresses, but no titles")


def sitemaps_in(content: bytes) -> list[str]:
    """Return the sitemaps of a sitemap index, the last changed first. Raises XmlError."""
    sitemaps = [
        (text(first(sitemap, "lastmod")), text(first(sitemap, "loc")))
        for sitemap in elements(content, {"sitemap"})
    ]
    return [url for _, url in sorted(sitemaps, key=lambda sitemap: sitemap[0], reverse=True)]


def _entry(url: Element, news: Element | None) -> dict[str, object]:
    return {
        "url": text(first(url, "loc")),
        "title": text(first(news, "title")),
        "published": text(first(news, "publication_date")),
        "updated": text(first(url, "lastmod")),
        "source": text(first(news, "publication", "name")),
        "language": text(first(news, "publication", "language")),
    }
