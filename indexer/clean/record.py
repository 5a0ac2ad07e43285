"""Cleaning of JSON records: one object for each article, with usual keys or a source's own."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from corpus.article import Moment, RawArticle
from corpus.encodings.decoding import convert_to_utf8
from indexer.clean.dates.date_reader import DateReader
from indexer.clean.fields import ArticleFields, CleanError
from indexer.clean.metadata import (
    FIELD_KEYS,
    Json,
    get_value_text,
    normalize_language_tag,
    parse_authors,
    unescape_entities,
    validate_web_url,
)
from indexer.clean.paragraphs import clean_line, split_paragraphs

FieldKeys = Mapping[str, tuple[str, ...]]

_TAG_NAMES = (
    "a|abbr|article|b|big|blockquote|br|center|cite|code|del|div|em|figcaption|figure|font"
    "|h[1-6]|hr|i|img|ins|li|mark|ol|p|q|s|section|small|span|strong|sub|sup|table|td|tr|u|ul"
)
# In plain text a name may be in angle brackets, such as <SRD> or <P> for a share: the text is
# markup only with an end tag, or with a start tag in a form that only markup has.
_MARKUP = re.compile(
    rf"</(?i:{_TAG_NAMES})\s*>|<(?i:br)\s*/?>|<(?:p|div|li|h[1-6]|img|figure|hr)\b[^<>]{{0,500}}>"
)
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})\b[^<>]{{0,300}}>", re.I)
# "Image copyright Reuters Image caption The bridge": a paragraph, or the start of one.
_CAPTION = re.compile(
    r"(?:Image|Media|Video|Picture|Photo) (?:copyright|source|caption|credit)\b"
    r"(?!\s(?:is|was|are|were|has|had|law|laws)\b)[^.!?]{0,200}(?:[.!?][^.!?]{0,100})?"
)
_PICTURE_CREDIT = re.compile(
    r"(?:Image|Media|Video) (?:copyright|source),? [^.!?]{1,60}?(?= Image caption| Media caption)"
)
# A longer summary without a body is the body.
_MAX_DEK_CHARS = 400  # characters


def clean_record(raw: RawArticle, now: datetime) -> ArticleFields:
    """Extract the fields of a record. Raises CleanError if it is no JSON object."""
    try:
        record: Json = _load_json(raw)
    except RecursionError as err:
        raise CleanError("JSON that is nested too deeply") from err
    except ValueError as err:
        raise CleanError(f"not JSON: {err}") from err
    if not isinstance(record, dict):
        raise CleanError("not a JSON object")
    source = raw.source
    reader = DateReader(ZoneInfo(source.timezone), now).set_language(source.language, "")
    names = _map_field_keys(source.fields)
    origin = raw.origin or "record"
    if source.fields:
        record = {**record, **{path: _follow_path(record, path) for _, path in source.fields}}
    fields = extract_record_fields(record, origin=origin, keys=names, reader=reader)
    if not fields.body and not fields.title:
        # Exports of spreadsheets have the keys Title, Body, Date.
        record = {name.lower(): value for name, value in record.items()}
        fields = extract_record_fields(record, origin=origin, keys=names, reader=reader)
    if not fields.body and (not fields.title or len(fields.dek) > _MAX_DEK_CHARS):
        return replace(fields, body=_read_body(_get_first_value(record, names["dek"])), dek="")
    return fields


def _load_json(raw: RawArticle) -> Json:
    try:
        record: Json = json.loads(raw.content)
    except UnicodeDecodeError:
        record = json.loads(convert_to_utf8(raw.content, raw.source.language, raw.charset))
    return record


def extract_record_fields(
    record: Mapping[str, Json],
    *,
    origin: str,
    reader: DateReader,
    keys: FieldKeys = FIELD_KEYS,
) -> ArticleFields:
    """Extract the fields of an object that is already parsed."""

    def read(field: str) -> str:
        return get_value_text(_get_first_value(record, keys[field]))

    language, url = normalize_language_tag(read("language")), validate_web_url(read("url"))
    reader = reader.set_language(language, urlsplit(url).hostname or "")
    title = _clean_inline_text(read("title"))
    body = _read_body(_get_first_value(record, keys["body"]))
    return ArticleFields(
        title=title,
        body=body,
        dek=remove_repeated_dek(_clean_inline_text(read("dek")), title, body),
        url=url,
        own_id=clean_line(read("id")),
        source=_clean_inline_text(read("source")),
        authors=parse_authors(_get_first_value(record, keys["authors"])),
        section=_clean_inline_text(read("section")),
        language=language,
        published=_read_moment(record, keys["published"], reader),
        updated=_read_moment(record, keys["updated"], reader),
        origin=origin,
    )


def remove_repeated_dek(dek: str, title: str, body: str) -> str:
    """Return the dek, or nothing if it repeats the title or the start of the body."""
    start = dek.rstrip(" .…")
    return "" if start == title.rstrip(" .") or body.startswith(start) else dek


@lru_cache(maxsize=64)
def _map_field_keys(own_paths: tuple[tuple[str, str], ...]) -> FieldKeys:
    """Return the keys by field, with a source's own path in place of the usual keys."""
    return {**FIELD_KEYS, **{field: (path,) for field, path in own_paths}}


def _get_first_value(record: Mapping[str, Json], keys: Iterable[str]) -> Json:
    """Return the first value that is not empty under these names, else None."""
    for name in keys:
        if value := record.get(name):
            return value
    return None


def _follow_path(record: dict[str, Json], path: str) -> Json:
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


def _read_moment(
    record: Mapping[str, Json], keys: Iterable[str], reader: DateReader
) -> Moment | None:
    """Return the first moment under these names that can be parsed."""
    for name in keys:
        if value := record.get(name):
            text = get_value_text(value)
            if isinstance(value, float):
                text = text.partition(".")[0]
            if moment := reader.parse(text):
                return moment
    return None


def _clean_inline_text(text: str) -> str:
    if "&" in text:
        text = unescape_entities(html.unescape(text))
    if "<" in text and _MARKUP.search(text):
        text = _TAG.sub("", text)
    return clean_line(text)


def _read_body(value: Json) -> str:
    """Return the paragraphs of a text, of markup, or of a list of either."""
    if isinstance(value, list):
        return "\n\n".join(part for item in value if (part := _read_body(get_value_text(item))))
    text = get_value_text(value)
    if "<" in text and _MARKUP.search(text):
        return _read_markup_body(text)
    if "&" in text:
        text = unescape_entities(html.unescape(text))
        if "<" in text and _MARKUP.search(text):
            return _read_markup_body(text)
    return _join_paragraphs(split_paragraphs(text))


def _read_markup_body(markup: str) -> str:
    # Beautiful Soup is slow to import, and most records contain plain text.
    from indexer.clean.markup import extract_paragraphs

    return _join_paragraphs(extract_paragraphs(markup))


def _join_paragraphs(paragraphs: Iterable[str]) -> str:
    """Join paragraphs, without the captions and credits of pictures that texts of pages have."""
    texts = (_PICTURE_CREDIT.sub("", paragraph).strip() for paragraph in paragraphs)
    return "\n\n".join(text for text in texts if text and not _CAPTION.fullmatch(text))
