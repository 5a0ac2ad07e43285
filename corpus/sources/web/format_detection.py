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
from corpus.encodings.decoding import DecodingError, convert_to_utf8
from corpus.sources.formats.json_files import read_json, read_json_lines
from corpus.sources.formats.sitemaps import read_sitemap
from corpus.sources.formats.warc import read_warc
from corpus.sources.formats.xml_files import SUPPORTED_ROOTS, read_xml
from corpus.sources.formats.xml_tree import XmlError, read_root_name
from corpus.sources.item import MAX_RECORD_BYTES, ReadFailure
from corpus.sources.web.fetcher import FetchResponse

_LEADING_BLANKS = BOM_UTF8 + b" \t\r\n"
_GZIP_MAGIC = b"\x1f\x8b"
_UTF16_BOMS = (BOM_UTF16_LE, BOM_UTF16_BE)
_PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml"))
_PAGE_ROOTS = frozenset(("html", "head", "body"))
_FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/feed+json"))
_LINK_TAG = re.compile(r"<link\b([^<>]{1,2000})>", re.I)
_ATTRIBUTE = re.compile(r"""\b([\w-]{1,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_MAX_HEAD_BYTES = 200_000
_MAX_FEEDS = 5

SITEMAP_INDEX_ROOT = "sitemapindex"


def detect_root(content: bytes) -> str:
    """Return the name of a document's root element; "" if it is not XML, `html` for a page."""
    if not _is_markup(content[:1_000].lstrip(_LEADING_BLANKS)):
        return ""
    try:
        root = read_root_name(content.lstrip())
    except XmlError:
        return ""
    return "html" if root.lower() in _PAGE_ROOTS else root


def read_response(source: Source, response: FetchResponse) -> Iterator[RawArticle | ReadFailure]:
    """Yield the articles of a response, numbered if its format can contain several."""
    url, content, root = response.url, response.content, detect_root(response.content)
    start = content[:1_000].lstrip(_LEADING_BLANKS)
    is_xml = root in SUPPORTED_ROOTS or (_is_markup(start) and not _is_page(response, root))
    if is_xml or start.startswith((b"{", b"[")):
        try:
            content = convert_to_utf8(content, source.language, response.charset)
        except DecodingError as err:
            yield ReadFailure(url, str(err))
            return
    stream: BufferedReader = BufferedReader(BytesIO(content))
    if not start:
        yield ReadFailure(url, "the answer is empty")
    elif root == "urlset":
        yield from _read_sitemap_newest_first(source, url, content)
    elif is_xml:
        yield from read_xml(source, url, stream)
    elif start.startswith(b"WARC/"):
        yield from read_warc(source, url, stream)
    elif start.startswith((b"{", b"[")):
        reader = read_json_lines if _has_lines(content) else read_json
        yield from reader(source, url, stream)
    else:
        yield read_single_page(source, source.location, response)


def _is_markup(start: bytes) -> bool:
    return start.startswith((b"<", *_UTF16_BOMS))


def _is_page(response: FetchResponse, root: str) -> bool:
    return root == "html" or response.media_type in _PAGE_TYPES


def _read_sitemap_newest_first(
    source: Source, url: str, content: bytes
) -> Iterator[RawArticle | ReadFailure]:
    """Yield the articles of a sitemap, newest first, since a run may not fetch all of them."""
    try:
        articles = list(read_sitemap(source, url, content, include_bare=True))
    except XmlError as err:
        yield ReadFailure(url, str(err))
        return
    yield from sorted(articles, key=_get_change_date, reverse=True)


def _get_change_date(result: RawArticle | ReadFailure) -> str:
    """Return the date of the last change to an article of a sitemap, as text that sorts by time."""
    if isinstance(result, ReadFailure):
        return ""
    fields = json.loads(result.content)
    return str(fields["updated"] or fields["published"])


def _has_lines(content: bytes) -> bool:
    first, _, rest = content.strip(_LEADING_BLANKS).partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and bool(rest)


def read_single_page(
    source: Source, path: str, response: FetchResponse
) -> RawArticle | ReadFailure:
    """Return a response as one article, if it is a page or a plain text."""
    if _is_page(response, detect_root(response.content)):
        media_type = MediaType.HTML
    elif response.media_type == "text/plain":
        media_type = MediaType.TEXT
    else:
        kind = response.media_type or "something that has no type"
        return ReadFailure(path, f"not a web page but {kind}", is_permanent=True)
    if not response.content.strip():
        return ReadFailure(path, "the answer is empty")
    return RawArticle(source, path, media_type, response.content, response.url, response.charset)


def decompress_gzip(content: bytes) -> bytes:
    """Unpack a gzip file such as sitemap.xml.gz, up to the maximum size; others as they are."""
    if not content.startswith(_GZIP_MAGIC):
        return content
    try:
        return gzip.GzipFile(fileobj=BytesIO(content)).read(MAX_RECORD_BYTES)
    except (OSError, EOFError, zlib.error):
        return content


def find_feed_links(url: str, content: bytes) -> list[str]:
    """Return the addresses of feeds that a page links to in its head."""
    links = [
        attributes["href"]
        for link in _LINK_TAG.finditer(content[:_MAX_HEAD_BYTES].decode("utf-8", "replace"))
        if "alternate" in (attributes := _parse_attributes(link[1])).get("rel", "").lower().split()
        and attributes.get("type", "").lower() in _FEED_TYPES
        and attributes.get("href")
    ]
    return [urljoin(url, address) for address in dict.fromkeys(links)][:_MAX_FEEDS]


def _parse_attributes(text: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(quoted or single or bare)
        for name, quoted, single, bare in _ATTRIBUTE.findall(text)
    }
