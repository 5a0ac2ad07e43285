"""Cleaning of JSON records: one object for each article, with usual keys or a source's own."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from corpus.article import Moment, RawArticle
from indexer.clean.dates import parse_date
from indexer.clean.fields import CleanError, Found
from indexer.clean.metadata import NAMES, Json, authors, language_tag, web_url, words
from indexer.clean.paragraphs import line, paragraphs

Names = Mapping[str, tuple[str, ...]]

_TAGS = (
    "a|abbr|article|b|big|blockquote|br|center|cite|code|del|div|em|figcaption|figure|font"
    "|h[1-6]|hr|i|img|ins|li|mark|ol|p|q|s|section|small|span|strong|sub|sup|table|td|tr|u|ul"
)
# In plain text a name may be in angle brackets, such as <SRD> or <P> for a share: the text is
# markup only with an end tag, or with a start tag in a form that only markup has.
_MARKUP = re.compile(
    rf"</(?i:{_TAGS})\s*>|<(?i:br)\s*/?>|<(?:p|div|li|h[1-6]|img|figure|hr)\b[^<>]{{0,500}}>"
)
_TAG = re.compile(rf"</?(?:{_TAGS})\b[^<>]{{0,300}}>", re.I)
# A longer summary without a body is the body.
_LONGEST_DEK = 400  # characters


def clean_record(raw: RawArticle, now: datetime) -> Found:
    """Extract the fields of a record. Raises CleanError if it is no JSON object."""
    try:
        record: Json = json.loads(raw.content)
    except UnicodeDecodeError as err:
        raise CleanError("not UTF-8") from err
    except RecursionError as err:
        raise CleanError("JSON that is nested too deeply") from err
    except ValueError as err:
        raise CleanError(f"not JSON: {err}") from err
    if not isinstance(record, dict):
        raise CleanError("not a JSON object")
    source = raw.source
    zone = ZoneInfo(source.timezone)
    names = _names(source.fields)
    origin = raw.origin or "record"
    if source.fields:
        record = {**record, **{path: _inside(record, path) for _, path in source.fields}}
    fields = from_record(record, origin=origin, names=names, zone=zone, now=now)
    if not fields.body and not fields.title:
        # Exports of spreadsheets have the keys Title, Body, Date.
        record = {name.lower(): value for name, value in record.items()}
        fields = from_record(record, origin=origin, names=names, zone=zone, now=now)
    if not fields.body and (not fields.title or len(fields.dek) > _LONGEST_DEK):
        return replace(fields, body=_body(_first(record, names["dek"])), dek="")
    return fields


def from_record(
    record: Mapping[str, Json], *, origin: str, zone: tzinfo, now: datetime, names: Names = NAMES
) -> Found:
    """Extract the fields of an object that is already parsed."""

    def read(field: str) -> str:
        return words(_first(record, names[field]))

    title = _inline(read("title"))
    body = _body(_first(record, names["body"]))
    return Found(
        title=title,
        body=body,
        dek=summary(_inline(read("dek")), title, body),
        url=web_url(read("url")),
        own_id=line(read("id")),
        source=_inline(read("source")),
        authors=authors(_first(record, names["authors"])),
        section=_inline(read("section")),
        language=language_tag(read("language")),
        published=_moment(record, names["published"], zone, now),
        updated=_moment(record, names["updated"], zone, now),
        origin=origin,
    )


def summary(dek: str, title: str, body: str) -> str:
    """Return the dek, or nothing if it repeats the title or the start of the body."""
    start = dek.rstrip(" .…")
    return "" if start == title.rstrip(" .") or body.startswith(start) else dek


@lru_cache(maxsize=64)
def _names(own: tuple[tuple[str, str], ...]) -> Names:
    """Return the keys by field, with a source's own path in place of the usual keys."""
    return {**NAMES, **{field: (path,) for field, path in own}}


def _first(record: Mapping[str, Json], names: Iterable[str]) -> Json:
    """Return the first value that is not empty under these names, else None."""
    for name in names:
        if value := record.get(name):
            return value
    return None


def _inside(record: dict[str, Json], path: str) -> Json:
    """Return the value at a dotted path, or None; a number is the index of an item of a list."""
    if path in record:
        return record[path]
    value: Json = record
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _moment(
    record: Mapping[str, Json], names: Iterable[str], zone: tzinfo, now: datetime
) -> Moment | None:
    """Return the first moment under these names that can be parsed."""
    for name in names:
        if value := record.get(name):
            text = words(value)
            if isinstance(value, float):
                text = text.partition(".")[0]
            if moment := parse_date(text, zone=zone, now=now):
                return moment
    return None


def _inline(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    if "<" in text and _MARKUP.search(text):
        text = _TAG.sub("", text)
    return line(text)


def _body(value: Json) -> str:
    """Return the paragraphs of a text, of markup, or of a list of either."""
    if isinstance(value, list):
        return "\n\n".join(part for item in value if (part := _body(words(item))))
    text = words(value)
    if "<" in text and _MARKUP.search(text):
        return _from_markup(text)
    if "&" in text:
        text = html.unescape(text)
        if "<" in text and _MARKUP.search(text):
            return _from_markup(text)
    return "\n\n".join(paragraphs(text))


def _from_markup(text: str) -> str:
    # Beautiful Soup is slow to import, and most records contain plain text.
    from indexer.clean.markup import markup_paragraphs

    return "\n\n".join(markup_paragraphs(text))
