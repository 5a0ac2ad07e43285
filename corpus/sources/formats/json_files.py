"""JSON Lines, and JSON files of one or several articles, including JSON Feed and ninjs."""

from __future__ import annotations

import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from io import BufferedReader
from itertools import count

from corpus.article import MediaType, RawArticle, Source
from corpus.encodings.decoding import DecodingError, convert_to_utf8
from corpus.sources.formats.jsonfeed import convert_entries, is_json_feed
from corpus.sources.formats.ninjs import convert_story, is_ninjs
from corpus.sources.formats.raw_record import FEED_ORIGIN, make_record
from corpus.sources.item import MAX_RECORD_BYTES, ReadFailure

# The keys under which feeds and news APIs put the array of articles.
_ARTICLE_LIST_KEYS = ("articles", "items", "docs", "results")
_MEGABYTE = 1 << 20
# Counted as commas and brackets: 50 MB of articles have a third of this; a value takes 70 bytes.
_MAX_JSON_VALUES = 3_000_000
_MAX_SKIPPED_BYTES = 10 * MAX_RECORD_BYTES


def read_json_lines(
    source: Source, path: str, stream: BufferedReader
) -> Iterator[RawArticle | ReadFailure]:
    """Yield one record per line, numbered by line; blank lines are skipped.

    A line counts as an object if it is enclosed in braces: cleaning parses it anyway, and
    reports errors between them. The line's bytes are passed on unchanged.
    """
    for number in count(1):
        line = stream.readline(MAX_RECORD_BYTES + 1)
        if not line:
            return
        here = f"{path}#{number}"
        if len(line) > MAX_RECORD_BYTES:
            yield ReadFailure(here, f"line {number} is longer than {MAX_RECORD_BYTES:,} bytes")
            if not line.endswith(b"\n") and not _skip_line(stream):
                yield ReadFailure(path, f"line {number} does not end; what follows it is not read")
                return
            continue
        if number == 1:
            if line.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
                yield ReadFailure(path, "the file is UTF-16; save it as UTF-8")
                return
            line = line.removeprefix(BOM_UTF8)
        record = line.strip()
        if record.startswith(b"{") and record.endswith(b"}"):
            yield RawArticle(source, here, MediaType.RECORD, record)
        elif record:
            yield ReadFailure(here, f"line {number} is not a JSON object")


def _skip_line(stream: BufferedReader) -> bool:
    """Skip to the end of a line; return False if it is too far, as in a decompression bomb."""
    for _ in range(_MAX_SKIPPED_BYTES // _MEGABYTE):
        rest = stream.readline(_MEGABYTE)
        if not rest or rest.endswith(b"\n"):
            return True
    return False


def read_json(
    source: Source, path: str, stream: BufferedReader
) -> Iterator[RawArticle | ReadFailure]:
    """Read a file of one object, an array of objects, or an object with one array of them.

    It is parsed as a whole, so the size limit of a record applies to the file.
    """
    content = stream.read(MAX_RECORD_BYTES + 1)
    if len(content) > MAX_RECORD_BYTES:
        reason = (
            f"the file is longer than {MAX_RECORD_BYTES:,} bytes; convert it to JSON Lines (.jsonl)"
        )
        yield ReadFailure(path, reason)
        return
    if sum(map(content.count, (b",", b"[", b"{"))) > _MAX_JSON_VALUES:
        yield ReadFailure(path, "the file has too many values; convert it to JSON Lines (.jsonl)")
        return
    try:
        value: object = json.loads(convert_to_utf8(content, source.language))
    except DecodingError as err:
        yield ReadFailure(path, f"the file is not JSON: {err}")
        return
    except (ValueError, RecursionError) as err:
        yield ReadFailure(path, _explain_json_error(err))
        return
    if is_json_feed(value):
        for number, entry in enumerate(convert_entries(value, source.publisher), 1):
            yield from _read_object(source, f"{path}#{number}", entry, FEED_ORIGIN)
        return
    records = _find_records(value)
    if records is None:
        yield from _read_object(source, path, value)
        return
    for number, element in enumerate(records, 1):
        yield from _read_object(source, f"{path}#{number}", element)


def _explain_json_error(err: ValueError | RecursionError) -> str:
    if isinstance(err, RecursionError):
        return "the file is nested too deeply"
    if isinstance(err, json.JSONDecodeError):
        problem = err.msg.removesuffix(" at")
        reason = f"line {err.lineno} is not JSON: {problem} at column {err.colno}"
        if err.msg == "Extra data":
            reason += "; a file with one record a line is named .jsonl"
        return reason
    return f"the file is not JSON: {err}"


def _find_records(value: object) -> list[object] | None:
    """Return the array of records that a JSON value is or contains; None for a single record."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    lists = [array for key in _ARTICLE_LIST_KEYS if _is_list_of_objects(array := value.get(key))]
    return lists[0] if len(lists) == 1 else None


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _read_object(
    source: Source, path: str, value: object, origin: str = ""
) -> Iterator[RawArticle | ReadFailure]:
    """Yield the article of an object; nothing for a wire story that its agency withholds."""
    if not isinstance(value, dict):
        yield ReadFailure(path, "not a JSON object, so not an article")
        return
    fields = convert_story(value) if is_ninjs(value) else value
    if fields is not None:
        yield make_record(source, path, fields, origin)
