"""Web archives: the pages of a WARC file, as the server sent them.

https://iipc.github.io/warc-specifications/ A record is a line `WARC/1.1`, headers, a blank
line, and as many bytes as Content-Length states. Other readers stop silently at damage, or
crash; this one reports its position.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BufferedReader
from typing import NamedTuple

from corpus.article import MediaType, RawArticle, Source
from corpus.errors import SourceError
from corpus.sources.formats.http_response import ResponseError, read_page
from corpus.sources.item import MAX_RECORD_BYTES, ReadFailure

_MAX_LINE_BYTES = 1 << 16
_MAX_HEADERS = 1_000
_MAX_BLANK_LINES = 1_000
_SKIP_CHUNK_BYTES = 1 << 20


class _DamagedError(SourceError):
    """The file is damaged or truncated; the message is the reason."""


class _Record(NamedTuple):
    """A record's headers, with names in lower case, and the length of its block in bytes."""

    headers: Mapping[str, str]
    length: int


def read_warc(
    source: Source, path: str, stream: BufferedReader
) -> Iterator[RawArticle | ReadFailure]:
    """Yield the pages among an archive's responses, numbered by response; others are skipped.

    A page is a response with status 200 and an HTML content type, or HTML without a type.
    """
    number = 0
    try:
        while record := _read_record_headers(stream):
            if record.headers.get("warc-type") != "response":
                _skip_block(stream, record.length)
                continue
            number += 1
            here = f"{path}#{number}"
            if record.length > MAX_RECORD_BYTES:
                yield ReadFailure(here, f"the record is longer than {MAX_RECORD_BYTES:,} bytes")
                _skip_block(stream, record.length)
                continue
            yield from _read_article(
                source, here, record.headers, _read_block(stream, record.length)
            )
    except _DamagedError as err:
        yield ReadFailure(path, f"{err}, after {number:,} responses")


def _read_article(
    source: Source, path: str, headers: Mapping[str, str], block: bytes
) -> Iterator[RawArticle | ReadFailure]:
    try:
        page = read_page(block)
    except ResponseError as err:
        yield ReadFailure(path, str(err))
        return
    if page is not None:
        # The WARC 1.0 specification prints addresses in angle brackets, and some archives do, too.
        url = headers.get("warc-target-uri", "").strip("<>")
        yield RawArticle(source, path, MediaType.HTML, page.content, url, page.charset)


def _read_record_headers(stream: BufferedReader) -> _Record | None:
    """Read the headers of the next record; return None at the end of the file."""
    line = b"\n"
    for _ in range(_MAX_BLANK_LINES):
        line = stream.readline(_MAX_LINE_BYTES)
        if line.strip():
            break
        if not line:
            return None
    if not line.startswith(b"WARC/"):
        raise _DamagedError("no WARC record where one should begin")
    headers = _read_headers(stream)
    length = headers.get("content-length", "")
    if not length.isdecimal() or len(length) > len(str(1 << 63)):
        raise _DamagedError("a record without its length")
    return _Record(headers, int(length))


def _read_headers(stream: BufferedReader) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(_MAX_HEADERS):
        line = stream.readline(_MAX_LINE_BYTES)
        if not line:
            raise _DamagedError("the file is cut off")
        if not line.strip():
            return headers
        name, _, value = line.decode("utf-8", "replace").partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    raise _DamagedError("a record with too many headers")


def _read_block(stream: BufferedReader, length: int) -> bytes:
    block = stream.read(length)
    if len(block) < length:
        raise _DamagedError("the file is cut off")
    return block


def _skip_block(stream: BufferedReader, length: int) -> None:
    while length > 0:
        length -= len(_read_block(stream, min(length, _SKIP_CHUNK_BYTES)))
