"""Cleaning: the conversion of a raw article to an article of fields.

Each media type has its own module, which returns the fields that it extracts. The steps that
are the same for all of them (ids, fallbacks, entities) are here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.article import (
    Article,
    MediaType,
    RawArticle,
    canonicalize_url,
    make_article_id,
    remove_tracking,
)
from corpus.encodings.decoding import DecodingError
from indexer.clean.fields import ArticleFields, CleanError, merge_fields
from indexer.clean.language_guess import guess_language
from indexer.clean.languages import correct_language
from indexer.clean.record import clean_record
from indexer.clean.texts.plain_text import clean_text

if TYPE_CHECKING:
    from indexer.entities.extractor import KnownNames

__all__ = ["CleanError", "clean"]

# Records label their fields, and so do the selectors of a source. Of the dates in the text of
# a page, one in ten is that of something else. Origins that are not here are `high`.
_CONFIDENCE_BY_ORIGIN = {
    "selector": "high",
    "json-ld": "medium",
    "meta": "medium",
    "url": "medium",
    "time": "medium",
    "text": "low",
}

# In characters. "War and Peace" has 3.2 million; a longer text is no article.
_MAX_ARTICLE_CHARS = 4_000_000


def clean(
    raw: RawArticle, *, now: datetime, careful: bool = False, names: KnownNames | None = None
) -> Article:
    """Convert a raw article. Raises CleanError, with the reason, if it contains no article.

    `now` is when it was fetched or read: later dates are rejected. `careful` is for content
    that has ended a process, and skips every step that is not necessary. `names` are the
    user's names for the rules of entity extraction.
    """
    if not raw.content or raw.content.isspace():
        raise CleanError("empty file")
    # Its tables of names are slow to load, and not needed where cleaning fails.
    from indexer.entities.extractor import NO_KNOWN_NAMES, extract_by_rules

    source, fields = raw.source, _extract_fields(raw, now)
    language = fields.language or source.language
    origin = fields.get_origin("published")
    return Article(
        id=make_article_id(
            url=fields.url, external_id=fields.own_id, source=source.name, path=raw.path
        ),
        title=fields.title,
        body=fields.body,
        dek=fields.dek,
        url=remove_tracking(fields.url),
        source=_get_publisher(fields) or source.publisher or _get_domain(fields.url) or source.name,
        authors=fields.authors,
        section=fields.section,
        language=language,
        published=fields.published,
        updated=fields.updated,
        confidence=_rate_confidence(origin, agreed=fields.agreed) if fields.published else "",
        entities=extract_by_rules(
            fields.title, fields.dek, fields.body, language=language, names=names or NO_KNOWN_NAMES
        ),
        provenance=fields.provenance,
    )


def _extract_fields(raw: RawArticle, now: datetime) -> ArticleFields:
    """Extract and complete the fields of an article. Raises CleanError if it is none."""
    fields = _extract_by_media_type(raw, now)
    if raw.feed_record:
        fields = _complete_from_feed(fields, raw, now)
    if not fields.title and not fields.body:
        raise CleanError("no text found")
    if (length := len(fields.title) + len(fields.dek) + len(fields.body)) > _MAX_ARTICLE_CHARS:
        raise CleanError(f"too long for an article: {length:,} characters")
    return _set_language(fields, raw)


def _set_language(fields: ArticleFields, raw: RawArticle) -> ArticleFields:
    """Set the language to that of the text, where none is stated or a page states a wrong one."""
    stated = fields.language or raw.source.language
    if stated and raw.media_type is not MediaType.HTML:
        return fields
    language = correct_language(stated, fields.body) or guess_language(
        f"{fields.title}\n{fields.dek}\n{fields.body}"
    )
    if language == stated:
        return fields
    return replace(fields.replace_origin("language", "text"), language=language)


def _complete_from_feed(fields: ArticleFields, page: RawArticle, now: datetime) -> ArticleFields:
    """Add to the fields of a page those that only the feed that linked to it states."""
    entry = replace(page, media_type=MediaType.RECORD, content=page.feed_record, origin="feed")
    feed_fields = clean_record(entry, now)
    # A summary in a feed usually repeats the start of the text.
    return merge_fields(fields, replace(feed_fields, dek="") if fields.body else feed_fields)


def _extract_by_media_type(raw: RawArticle, now: datetime) -> ArticleFields:
    try:
        return _choose_cleaner(raw.media_type)(raw, now)
    except DecodingError as err:
        raise CleanError(str(err)) from err


def _choose_cleaner(media_type: MediaType) -> Callable[[RawArticle, datetime], ArticleFields]:
    match media_type:
        case MediaType.RECORD:
            return clean_record
        case MediaType.TEXT:
            return clean_text
        case MediaType.HTML:
            # This import is slow, and not needed for texts and records.
            from indexer.clean.pages.html import clean_html

            return clean_html


def _get_publisher(fields: ArticleFields) -> str:
    """Return the publisher that the article states, or its domain if it states a URL."""
    return _get_domain(fields.source) or fields.source


def _get_domain(url: str) -> str:
    host = urlsplit(url.strip()).hostname if canonicalize_url(url) else ""
    return (host or "").removeprefix("www.")


def _rate_confidence(origin: str, *, agreed: bool) -> str:
    """Return `high`, `medium` or `low`; `agreed` is whether another place states the same day."""
    return "high" if agreed else _CONFIDENCE_BY_ORIGIN.get(origin, "high")
