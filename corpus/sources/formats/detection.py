"""Format detection of HTTP responses: a feed, a sitemap, records, an archive or a single page.

The content decides, since servers send feeds with many content types.
"""

from __future__ import annotations

import gzip
import html
import json
import re
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from io import BufferedReader, BytesIO
from urllib.parse import urljoin

from corpus.article import MediaType, RawArticle, Source
from corpus.sources.formats.jsonl import read_json, read_lines
from corpus.sources.formats.sitemaps import read_sitemap
from corpus.sources.formats.warc import read_warc
from corpus.sources.formats.xml_files import READ_ROOTS, read_xml
from corpus.sources.formats.xml_tree import XmlError, root_name
from corpus.sources.item import MAX_BYTES, Unreadable
from corpus.sources.web.fetch import Fetched

_BLANK = BOM_UTF8 + b" \t\r\n"
_GZIP = b"\x1f\x8b"
_UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)
_PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml"))
_PAGE_ROOTS = frozenset(("html", "head", "body"))
_FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/feed+json"))
_LINK = re.compile(r"<link\b([^<>]{1,2000})>", re.I)
_ATTRIBUTE = re.compile(r"""\b([\w-]{1,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_HEAD = 200_000
_MOST_FEEDS = 5

SITEMAP_INDEX = "sitemapindex"


def root_of(content: bytes) -> str:
    """Return the name of a document's root element; "" if it is not XML, `html` for a page."""
    if not _is_markup(content[:1_000].lstrip(_BLANK)):
        return ""
    try:
        root = root_name(content.lstrip())
    except XmlError:
        return ""
    return "html" if root.lower() in _PAGE_ROOTS else root


def read_document(source: Source, fetched: Fetched) -> Iterator[RawArticle | Unreadable]:
    """Yield the articles of a response, numbered if its format can contain several."""
    url, content, root = fetched.url, _in_utf8(fetched), root_of(fetched.content)
    stream: BufferedReader = BufferedReader(BytesIO(content))
    start = content[:1_000].lstrip(_BLANK)
    if not start:
        yield Unreadable(url, "the answer is empty")
    elif root == "urlset":
        yield from _sitemap(source, url, content)
    elif root in READ_ROOTS or (_is_markup(start) and not _is_page(fetched, root)):
        yield from read_xml(source, url, stream)
    elif start.startswith(b"WARC/"):
        yield from read_warc(source, url, stream)
    elif start.startswith((b"{", b"[")):
        reader = read_lines if _has_lines(content) else read_json
        yield from reader(source, url, stream)
    else:
        yield page_in(source, source.location, fetched)


def _in_utf8(fetched: Fetched) -> bytes:
    """Convert XML or JSON that declares no encoding from the charset that the server stated."""
    content = fetched.content
    if not fetched.charset or content.startswith(_UTF16) or b"encoding" in content[:200]:
        return content
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return content.decode(fetched.charset).encode("utf-8")
        except (UnicodeError, LookupError):
            return content
    return content


def _is_markup(start: bytes) -> bool:
    return start.startswith((b"<", *_UTF16))


def _is_page(fetched: Fetched, root: str) -> bool:
    return root == "html" or fetched.media_type in _PAGE_TYPES


def _sitemap(source: Source, url: str, content: bytes) -> Iterator[RawArticle | Unreadable]:
    """Yield the articles of a sitemap, newest first, since a run may not fetch all of them."""
    try:
        articles = list(read_sitemap(source, url, content, bare=True))
    except XmlError as err:
        yield Unreadable(url, str(err))
        return
    yield from sorted(articles, key=_changed, reverse=True)


def _changed(found: RawArticle | Unreadable) -> str:
    """Return the date of the last change to an article of a sitemap, as text that sorts by time."""
    if isinstance(found, Unreadable):
        return ""
    fields = json.loads(found.content)
    return str(fields["updated"] or fields["published"])


def _has_lines(content: bytes) -> bool:
    first, _, rest = content.strip(_BLANK).partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and bool(rest)


def page_in(source: Source, path: str, fetched: Fetched) -> RawArticle | Unreadable:
    """Return a response as one article, if it is a page or a plain text."""
    if _is_page(fetched, root_of(fetched.content)):
        media_type = MediaType.HTML
    elif fetched.media_type == "text/plain":
        media_type = MediaType.TEXT
    else:
        kind = fetched.media_type or "something that has no type"
        return Unreadable(path, f"not a web page but {kind}", final=True)
    if not fetched.content.strip():
        return Unreadable(path, "the answer is empty")
    return RawArticle(source, path, media_type, fetched.content, fetched.url, fetched.charset)


def unpacked(content: bytes) -> bytes:
    """Return the content of a gzip file such as sitemap.xml.gz, up to MAX_BYTES; others as is."""
    if not content.startswith(_GZIP):
        return content
    try:
        return gzip.GzipFile(fileobj=BytesIO(content)).read(MAX_BYTES)
    except (OSError, EOFError, zlib.error):
        return content


def feeds_of(url: str, content: bytes) -> list[str]:
    """Return the addresses of feeds that a page links to in its head."""
    links = [
        attributes["href"]
        for link in _LINK.finditer(content[:_HEAD].decode("utf-8", "replace"))
        if "alternate" in (attributes := _attributes(link[1])).get("rel", "").lower().split()
        and attributes.get("type", "").lower() in _FEED_TYPES
        and attributes.get("href")
    ]
    return [urljoin(url, address) for address in dict.fromkeys(links)][:_MOST_FEEDS]


def _attributes(written: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(quoted or single or bare)
        for name, quoted, single, bare in _ATTRIBUTE.findall(written)
    }
