"""Cleaning: a raw article becomes an article of fields.

Each media type has its own module, which gives what it finds; what holds for all of them
(ids, fallbacks, entities) is done here, once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from corpus.article import Article, MediaType, RawArticle, article_id, canonical_url
from indexer.clean.confidence import confidence
from indexer.clean.fields import CleanError, Found, merged
from indexer.clean.languages import checked_language
from indexer.clean.record import clean_record
from indexer.clean.texts.plain_text import clean_text

if TYPE_CHECKING:
    from indexer.entities.extractor import KnownNames

__all__ = ["CleanError", "clean"]

# "War and Peace" has 3.2 million characters; what is longer than that is no article.
_LONGEST = 4_000_000


def clean(
    raw: RawArticle, *, now: datetime, careful: bool = False, names: KnownNames | None = None
) -> Article:
    """The article in a raw one. Raises CleanError, with the reason, if there is none.

    `now` is when it was fetched or read: later dates are not believed. It is `careful` with
    what has ended a process, and leaves out what it can do without. `names` are those that
    the rules for entities know from the user.
    """
    if not raw.content or raw.content.isspace():
        raise CleanError("empty file")
    # Its tables of names take time to load, which a cleaning that fails need not wait for.
    from indexer.entities.extractor import NO_NAMES, found_by_rules

    source, found = raw.source, _found(raw, now)
    language = found.language or source.language
    place = found.place("published")
    return Article(
        id=article_id(url=found.url, own_id=found.own_id, source=source.name, path=raw.path),
        title=found.title,
        body=found.body,
        dek=found.dek,
        url=found.url,
        source=_publisher(found) or source.publisher or _domain(found.url) or source.name,
        authors=found.authors,
        section=found.section,
        language=language,
        published=found.published,
        updated=found.updated,
        confidence=confidence(place, agreed=found.agreed) if found.published else "",
        entities=found_by_rules(
            found.title, found.dek, found.body, language=language, names=names or NO_NAMES
        ),
        provenance=found.provenance,
    )


def _found(raw: RawArticle, now: datetime) -> Found:
    """All that is found of an article. Raises CleanError if it is none."""
    found = _find(raw, now)
    if raw.told:
        found = _completed(found, raw, now)
    if not found.title and not found.body:
        raise CleanError("no text found")
    if (length := len(found.title) + len(found.dek) + len(found.body)) > _LONGEST:
        raise CleanError(f"too long for an article: {length:,} characters")
    return _with_language(found, raw)


def _with_language(found: Found, raw: RawArticle) -> Found:
    """The fields with the language of the text, where none is stated or a page is wrong."""
    stated = found.language or raw.source.language
    if stated and raw.media_type is not MediaType.HTML:
        return found
    real = checked_language(stated, found.body)
    return found if real == stated else replace(found.placed("language", "text"), language=real)


def _completed(found: Found, page: RawArticle, now: datetime) -> Found:
    """What was found in a page, and what it lacks from the feed that it was found through."""
    entry = replace(page, media_type=MediaType.RECORD, content=page.told, origin="feed")
    told = clean_record(entry, now)
    # A summary beside the text mostly repeats how that begins.
    return merged(found, replace(told, dek="") if found.body else told)


def _find(raw: RawArticle, now: datetime) -> Found:
    match raw.media_type:
        case MediaType.RECORD:
            return clean_record(raw, now)
        case MediaType.TEXT:
            return clean_text(raw, now)
        case MediaType.HTML:
            # What reads pages takes time to load, and texts and records do without.
            from indexer.clean.pages.html import clean_html

            return clean_html(raw, now)


def _publisher(found: Found) -> str:
    """The source in the article's own words; some give an address for a name."""
    return _domain(found.source) or found.source


def _domain(url: str) -> str:
    host = canonical_url(url).removeprefix("https://").partition("/")[0]
    return host.partition(":")[0].removeprefix("www.")
