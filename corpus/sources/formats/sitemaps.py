"""Sitemaps: addresses of a site's articles, and in news sitemaps their titles.

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
    """One article an address that has news, or any address if `bare` ones do; raises XmlError."""
    found = False
    for number, url in enumerate(elements(content, {"url"}), 1):
        news = first(url, "news")
        if news is not None or bare:
            found = True
            yield record(source, f"{path}#{number}", _entry(url, news), FEED)
    if not found:
        yield Unreadable(path, "a sitemap without news: it has addresses, but no titles")


def sitemaps_in(content: bytes) -> list[str]:
    """The addresses in a list of sitemaps, those that changed last first; raises XmlError."""
    found = [
        (text(first(each, "lastmod")), text(first(each, "loc")))
        for each in elements(content, {"sitemap"})
    ]
    return [address for _, address in sorted(found, key=lambda each: each[0], reverse=True)]


def _entry(url: Element, news: Element | None) -> dict[str, object]:
    return {
        "url": text(first(url, "loc")),
        "title": text(first(news, "title")),
        "published": text(first(news, "publication_date")),
        "updated": text(first(url, "lastmod")),
        "source": text(first(news, "publication", "name")),
        "language": text(first(news, "publication", "language")),
    }
