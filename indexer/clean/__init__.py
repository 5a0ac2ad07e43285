"""Cleaning: a raw article becomes an article of fields.

Each media type has its own module, which gives what it finds; what holds for all of them
(ids, fallbacks, entities) is done here, once.
"""

from __future__ import annotations

from datetime import datetime

from corpus.article import Article, MediaType, RawArticle, article_id, canonical_url
from indexer.clean.fields import CleanError, Found
from indexer.clean.record import clean_record
from indexer.clean.text import clean_text

__all__ = ["CleanError", "clean"]


def clean(raw: RawArticle, *, now: datetime) -> Article:
    """The article in a raw one. Raises CleanError, with the reason, if there is none.

    `now` is when it was fetched or read: later dates are not believed.
    """
    if not raw.content or raw.content.isspace():
        raise CleanError("empty file")
    # Its tables of names take time to load, which a cleaning that fails need not wait for.
    from indexer.entities import extract

    found = _find(raw, now)
    if not found.title and not found.body:
        raise CleanError("no text found")
    source = raw.source
    return Article(
        id=article_id(url=found.url, own_id=found.own_id, source=source.name, path=raw.path),
        title=found.title,
        body=found.body,
        dek=found.dek,
        url=found.url,
        source=found.source or source.publisher or _domain(found.url) or source.name,
        authors=found.authors,
        section=found.section,
        language=found.language or source.language,
        published=found.published,
        updated=found.updated,
        entities=extract(found.title, found.dek, found.body),
        provenance=found.provenance,
    )


def _find(raw: RawArticle, now: datetime) -> Found:
    match raw.media_type:
        case MediaType.RECORD:
            return clean_record(raw, now)
        case MediaType.TEXT:
            return clean_text(raw, now)
        case MediaType.HTML:
            # Beautiful Soup takes a tenth of a second to load.
            from indexer.clean.html import clean_html

            return clean_html(raw, now)


def _domain(url: str) -> str:
    host = canonical_url(url).removeprefix("https://").partition("/")[0]
    return host.partition(":")[0].removeprefix("www.")
