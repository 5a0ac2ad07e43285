"""HTTP responses, archived or live: headers, charset, and decoding of transfer and content."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import NamedTuple

from corpus.errors import SourceError
from corpus.sources.item import MAX_RECORD_BYTES

_STATUS = re.compile(rb"HTTP/\d\S*\s+(\d{3})\b")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_MAX_HEAD_BYTES = 1 << 18
_PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml"))
# Content types that mean that it is not known.
_UNKNOWN_TYPES = frozenset(("", "unknown/unknown", "application/unknown", "*/*"))
_SNIFFED_BYTES = 4_096
_PAGE_START = re.compile(
    rb"\s*+(?:(?:<\?xml[^>]{0,200}>|<!--(?:(?!-->).){0,2000}-->)\s*+)*+"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|script|style|link|table|div|h1|p|a|br|b|font)"
    rb"[\s/>]",
    re.I | re.S,
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.I)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\n]{0,1000})?\r?\n")


class ResponseError(SourceError):
    """A response cannot be decoded; the message is the reason."""


class ResponsePage(NamedTuple):
    """The decoded bytes of a page, and the charset that the server stated, or ""."""

    content: bytes
    charset: str


def read_page(response: bytes) -> ResponsePage | None:
    """Return the page of a response; None if it is not HTML or its status is not 200.

    Without a content type, or with one that says nothing, the content decides.

    Raises ResponseError if its content cannot be decoded.
    """
    status = _STATUS.match(response)
    blank = _BLANK_LINE.search(response, 0, _MAX_HEAD_BYTES)
    if status is None or status[1] != b"200" or blank is None:
        return None
    headers = _parse_headers(response[: blank.start()])
    content_type = headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in _PAGE_TYPES and media_type not in _UNKNOWN_TYPES:
        return None
    content = response[blank.end() :]
    if "chunked" in headers.get("transfer-encoding", "").lower():
        content = _join_chunks(content)
    if media_type in _UNKNOWN_TYPES and not _has_page(content, headers):
        return None
    return ResponsePage(
        decode_content(content, headers.get("content-encoding", "")), parse_charset(content_type)
    )


def _has_page(content: bytes, headers: Mapping[str, str]) -> bool:
    try:
        content = decode_content(content, headers.get("content-encoding", ""))
    except ResponseError:
        return False
    return is_page(content)


def is_page(content: bytes) -> bool:
    """Return whether content without a type begins as a page of HTML does.

    https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
    """
    start = content[:_SNIFFED_BYTES].removeprefix(codecs.BOM_UTF8)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start.replace(b"\0", b"")[2:]
    return _PAGE_START.match(start) is not None


def parse_charset(content_type: str) -> str:
    """Return the charset of a Content-Type header, or ""."""
    charset = _CHARSET.search(content_type)
    return charset[1] if charset else ""


def decode_content(content: bytes, encodings: str) -> bytes:
    """Undo the encodings of a Content-Encoding header. Raises ResponseError."""
    for encoding in reversed(encodings.lower().split(",")):
        content = _undo_encoding(content, encoding.strip())
    return content


def _parse_headers(head: bytes) -> Mapping[str, str]:
    """Parse headers, keyed by name in lower case; of repeated names the first one counts."""
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").split("\n")[1:]:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _join_chunks(content: bytes) -> bytes:
    """Join the chunks of a body; return it as is if the archive has joined them already."""
    body = bytearray()
    offset = 0
    while size := _CHUNK_SIZE.match(content, offset):
        length = int(size[1], 16)
        body += content[size.end() : size.end() + length]
        offset = size.end() + length + 2
        if length == 0:
            return bytes(body)
    return bytes(body) or content


def _undo_encoding(content: bytes, encoding: str) -> bytes:
    """Undo one encoding; return content as is if the archive has undone it already."""
    try:
        plain = _decompress(content, encoding)
    except (zlib.error, ValueError) as err:
        if content.lstrip().startswith(b"<"):
            return content
        raise ResponseError(f"the page is not encoded as it says ({encoding})") from err
    if len(plain) > MAX_RECORD_BYTES:
        raise ResponseError(f"the page is longer than {MAX_RECORD_BYTES:,} bytes")
    return plain


def _decompress(content: bytes, encoding: str) -> bytes:
    """Decompress at most MAX_RECORD_BYTES + 1 bytes. Raises zlib.error or ValueError."""
    match encoding:
        case "gzip" | "x-gzip":
            return zlib.decompressobj(31).decompress(content, MAX_RECORD_BYTES + 1)
        case "deflate":
            # Some servers send it with the zlib header, others without.
            bits = 15 if content[:1] == b"x" else -15
            return zlib.decompressobj(bits).decompress(content, MAX_RECORD_BYTES + 1)
        case "br":
            return _decompress_brotli(content)
        case "zstd":
            return _decompress_zstd(content)
        case _:
            return content


def _decompress_zstd(content: bytes) -> bytes:
    import zstandard

    try:
        return (
            zstandard.ZstdDecompressor().stream_reader(BytesIO(content)).read(MAX_RECORD_BYTES + 1)
        )
    except zstandard.ZstdError as err:
        raise ValueError(str(err)) from err


def _decompress_brotli(content: bytes) -> bytes:
    try:
        import brotli
    except ImportError as err:
        if content.lstrip().startswith(b"<"):
            return content
        raise ResponseError(
            "the page is packed with Brotli: pip install 'dateline-search[warc]'"
        ) from err
    try:
        plain: bytes = brotli.Decompressor().process(
            content, output_buffer_limit=MAX_RECORD_BYTES + 1
        )
    except brotli.error as err:
        raise ValueError(str(err)) from err
    return plain
