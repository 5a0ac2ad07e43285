"""Sitemaps and sitemap indexes: addresses of articles, with titles and dates in news sitemaps.

https://www.google.com/schemas/sitemap-news/0.9
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.article import RawArticle, Source
from corpus.sources.formats.raw_record import FEED_ORIGIN, make_record
from corpus.sources.formats.xml_tree import Element, extract_text, find_first, parse_elements
from corpus.sources.item import ReadFailure


def read_sitemap(
    source: Source, path: str, content: bytes, *, include_bare: bool = False
) -> Iterator[RawArticle | ReadFailure]:
    """Yield an article per address with news data, or per address if `include_bare`.

    Raises XmlError.
    """
    is_empty = True
    for number, url in enumerate(parse_elements(content, {"url"}), 1):
        news = find_first(url, "news")
        if news is not None or include_bare:
            is_empty = False
            yield make_record(source, f"{path}#{number}", _extract_fields(url, news), FEED_ORIGIN)
    if is_empty:
        yield ReadFailure(path, "a sitemap without news: it has addresses, but no titles")


def list_sitemaps(content: bytes) -> list[str]:
    """Return the sitemaps of a sitemap index, the last changed first. Raises XmlError."""
    sitemaps = [
        (extract_text(find_first(sitemap, "lastmod")), extract_text(find_first(sitemap, "loc")))
        for sitemap in parse_elements(content, {"sitemap"})
    ]
    return [url for _, url in sorted(sitemaps, key=lambda sitemap: sitemap[0], reverse=True)]


def _extract_fields(url: Element, news: Element | None) -> dict[str, object]:
    return {
        "url": extract_text(find_first(url, "loc")),
        "title": extract_text(find_first(news, "title")),
        "published": extract_text(find_first(news, "publication_date")),
        "updated": extract_text(find_first(url, "lastmod")),
        "source": extract_text(find_first(news, "publication", "name")),
        "language": extract_text(find_first(news, "publication", "language")),
    }
