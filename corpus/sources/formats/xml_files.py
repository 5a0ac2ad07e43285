"""XML files: feeds, wire stories and news sitemaps, detected by their root element."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from io import BufferedReader

from corpus.article import RawArticle, Source
from corpus.encodings.decoding import DecodingError, convert_to_utf8
from corpus.sources.item import MAX_RECORD_BYTES, ReadFailure

_SUPPORTED_FORMATS = "RSS, Atom, NITF, NewsML and news sitemaps are read"
_WEB_PAGE_REASON = f"a web page, not a feed: name it .html; of XML, {_SUPPORTED_FORMATS}"
_FEED_ROOTS = frozenset(("rss", "RDF", "feed"))
_WIRE_ROOTS = frozenset(("nitf", "newsItem", "newsMessage", "NewsML"))
_MESSAGE_ROOTS = frozenset(("newsMessage", "NewsML"))
# The root elements of supported formats.
SUPPORTED_ROOTS = _FEED_ROOTS | _WIRE_ROOTS | {"urlset"}
# HTML ignores case here; XML has no doctype in lower case.
_HTML_DOCTYPE = re.compile(rb"<!doctype html\b", re.I)
_UNSUPPORTED_REASONS = {
    "html": _WEB_PAGE_REASON,
    "head": _WEB_PAGE_REASON,
    "body": _WEB_PAGE_REASON,
    "sitemapindex": "a list of sitemaps; add it by its address, or fetch those and add them",
}


def read_xml(
    source: Source, path: str, stream: BufferedReader
) -> Iterator[RawArticle | ReadFailure]:
    """Yield the articles of an XML file, numbered if its format can contain several."""
    content, damage = _read_content(stream)
    if len(content) > MAX_RECORD_BYTES:
        yield ReadFailure(path, f"the file is longer than {MAX_RECORD_BYTES:,} bytes")
        return
    for result in _read_articles(source, path, content):
        # If the compressed file is cut off, the XML is, too: that is reported once, below.
        if damage is None or result.path != path:
            yield result
    if damage is not None:
        raise damage


def _read_content(stream: BufferedReader) -> tuple[bytes, Exception | None]:
    """Read the file, or as much as can be decompressed, with the error that ended it."""
    content = bytearray()
    try:
        while len(content) <= MAX_RECORD_BYTES and (chunk := stream.read1(1 << 20)):
            content += chunk
    except (EOFError, zlib.error, gzip.BadGzipFile) as err:
        return bytes(content), err
    return bytes(content), None


def _read_articles(source: Source, path: str, content: bytes) -> Iterator[RawArticle | ReadFailure]:
    # Importing lxml and feedparser takes a quarter of a second.
    from corpus.sources.formats.xml_tree import XmlError, read_root_name

    if not content.strip():
        yield ReadFailure(path, "the file is empty")
        return
    try:
        # Feeds often begin with a blank line, which XML forbids.
        content = convert_to_utf8(content, source.language).lstrip()
    except DecodingError as err:
        yield ReadFailure(path, f"the file is not XML: {err}")
        return
    if _HTML_DOCTYPE.match(content):
        yield ReadFailure(path, _WEB_PAGE_REASON)
        return
    try:
        root = read_root_name(content)
        if root in _FEED_ROOTS:
            from corpus.sources.formats.feeds import read_feed

            yield from read_feed(source, path, content)
        elif root == "urlset":
            from corpus.sources.formats.sitemaps import read_sitemap

            yield from read_sitemap(source, path, content)
        elif root in _WIRE_ROOTS:
            from corpus.sources.formats.wire import read_wire

            yield from read_wire(source, path, content, single=root not in _MESSAGE_ROOTS)
        else:
            yield ReadFailure(
                path,
                _UNSUPPORTED_REASONS.get(
                    root, f"XML of an unknown kind, <{root[:40]}>: {_SUPPORTED_FORMATS}"
                ),
            )
    except XmlError as err:
        yield ReadFailure(path, str(err))
    except UnicodeDecodeError:
        # libxml2 accepts some names that are not UTF-8.
        yield ReadFailure(path, "the XML has names that are not UTF-8")
