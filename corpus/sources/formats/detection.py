"""What an address gives: a feed, a sitemap, records, an archive or a single page.

The content decides, since servers tell the type of feeds in many ways.
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
    """The root element of a document; "" if it is no XML, `html` if it is a page."""
    if not _is_markup(content[:1_000].lstrip(_BLANK)):
        return ""
    try:
        root = root_name(content.lstrip())
    except XmlError:
        return ""
    return "html" if root.lower() in _PAGE_ROOTS else root


def read_document(source: Source, fetched: Fetched) -> Iterator[RawArticle | Unreadable]:
    """The articles in an answer, numbered under its address if it may hold several."""
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
    """The content of XML or JSON that leaves it to the server to tell its encoding."""
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
    """Its articles, the newest first: there may be more than one run is to fetch."""
    try:
        found = list(read_sitemap(source, url, content, bare=True))
    except XmlError as err:
        yield Unreadable(url, str(err))
        return
    yield from sorted(found, key=_changed, reverse=True)


def _changed(found: RawArticle | Unreadable) -> str:
    """When an article in a sitemap changed last, in ISO 8601, which sorts by itself."""
    if isinstance(found, Unreadable):
        return ""
    told = json.loads(found.content)
    return str(told["updated"] or told["published"])


def _has_lines(content: bytes) -> bool:
    first, _, rest = content.strip(_BLANK).partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and bool(rest)


def page_in(source: Source, path: str, fetched: Fetched) -> RawArticle | Unreadable:
    """An answer as one article, if it is a page or a text."""
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
    """The content of a gzip file such as sitemap.xml.gz, or as much as may be; others as is."""
    if not content.startswith(_GZIP):
        return content
    try:
        return gzip.GzipFile(fileobj=BytesIO(content)).read(MAX_BYTES)
    except (OSError, EOFError, zlib.error):
        return content


def feeds_of(url: str, content: bytes) -> list[str]:
    """The feeds that a page names in its head."""
    found = [
        told["href"]
        for link in _LINK.finditer(content[:_HEAD].decode("utf-8", "replace"))
        if "alternate" in (told := _attributes(link[1])).get("rel", "").lower().split()
        and told.get("type", "").lower() in _FEED_TYPES
        and told.get("href")
    ]
    return [urljoin(url, address) for address in dict.fromkeys(found)][:_MOST_FEEDS]


def _attributes(written: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(quoted or single or bare)
        for name, quoted, single, bare in _ATTRIBUTE.findall(written)
    }
