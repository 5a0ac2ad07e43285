"""JSON records: one object an article, under the names that the world uses or a source's own."""

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
# In plain text a name may stand in angle brackets, such as <SRD> or <P> for a share: that is
# no markup unless something is closed, or opened as only markup is.
_MARKUP = re.compile(
    rf"</(?i:{_TAGS})\s*>|<(?i:br)\s*/?>|<(?:p|div|li|h[1-6]|img|figure|hr)\b[^<>]{{0,500}}>"
)
_TAG = re.compile(rf"</?(?:{_TAGS})\b[^<>]{{0,300}}>", re.I)
# A summary longer than this, with no body beside it, is the body.
_LONGEST_DEK = 400


def clean_record(raw: RawArticle, now: datetime) -> Found:
    """The fields of a record. Raises CleanError if it is no JSON object."""
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
    found = from_record(record, origin=origin, names=names, zone=zone, now=now)
    if not found.body and not found.title:
        # Exports of spreadsheets write Title, Body, Date.
        record = {name.lower(): value for name, value in record.items()}
        found = from_record(record, origin=origin, names=names, zone=zone, now=now)
    if not found.body and (not found.title or len(found.dek) > _LONGEST_DEK):
        return replace(found, body=_body(_first(record, names["dek"])), dek="")
    return found


def from_record(
    record: Mapping[str, Json], *, origin: str, zone: tzinfo, now: datetime, names: Names = NAMES
) -> Found:
    """The fields of an object that is already loaded."""

    def text(field: str) -> str:
        return words(_first(record, names[field]))

    title = _inline(text("title"))
    body = _body(_first(record, names["body"]))
    return Found(
        title=title,
        body=body,
        dek=summary(_inline(text("dek")), title, body),
        url=web_url(text("url")),
        own_id=line(text("id")),
        source=_inline(text("source")),
        authors=authors(_first(record, names["authors"])),
        section=_inline(text("section")),
        language=language_tag(text("language")),
        published=_moment(record, names["published"], zone, now),
        updated=_moment(record, names["updated"], zone, now),
        origin=origin,
    )


def summary(dek: str, title: str, body: str) -> str:
    """The dek, unless it repeats the title or how the body begins."""
    start = dek.rstrip(" .…")
    return "" if start == title.rstrip(" .") or body.startswith(start) else dek


@lru_cache(maxsize=64)
def _names(own: tuple[tuple[str, str], ...]) -> Names:
    """The names by field, where a source's own path stands in place of the usual ones."""
    return {**NAMES, **{field: (path,) for field, path in own}}


def _first(record: Mapping[str, Json], names: Iterable[str]) -> Json:
    """What stands under the first of these names that has anything."""
    for name in names:
        if value := record.get(name):
            return value
    return None


def _inside(record: dict[str, Json], path: str) -> Json:
    """What a dotted path leads to; a number counts the items of a list."""
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
    """The first moment under these names that can be read."""
    for name in names:
        if value := record.get(name):
            written = words(value)
            if isinstance(value, float):
                written = written.partition(".")[0]
            if moment := parse_date(written, zone=zone, now=now):
                return moment
    return None


def _inline(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    if "<" in text and _MARKUP.search(text):
        text = _TAG.sub("", text)
    return line(text)


def _body(value: Json) -> str:
    """The paragraphs of a text, of markup, or of a list of either."""
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
    # Most records hold plain text; Beautiful Soup is loaded when one does not.
    from indexer.clean.markup import markup_paragraphs

    return "\n\n".join(markup_paragraphs(text))
