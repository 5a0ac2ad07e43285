"""News sitemaps: titles and addresses of a site's latest articles, without their text.

https://www.google.com/schemas/sitemap-news/0.9
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.article import RawArticle, Source
from corpus.sources.item import Unreadable
from corpus.sources.record import record
from corpus.sources.tree import Element, elements, first, text


def read_sitemap(source: Source, path: str, content: bytes) -> Iterator[RawArticle | Unreadable]:
    """One article an address that has news; raises XmlError."""
    found = False
    for number, url in enumerate(elements(content, {"url"}), 1):
        news = first(url, "news")
        if news is not None:
            found = True
            yield record(source, f"{path}#{number}", _entry(url, news))
    if not found:
        yield Unreadable(path, "a sitemap without news: it has addresses, but no titles")


def _entry(url: Element, news: Element) -> dict[str, object]:
    return {
        "url": text(first(url, "loc")),
        "title": text(first(news, "title")),
        "published": text(first(news, "publication_date")),
        "source": text(first(news, "publication", "name")),
        "language": text(first(news, "publication", "language")),
    }
