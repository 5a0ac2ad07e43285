"""What a page says of itself: its JSON-LD, its meta tags, its address and what it shows.

For most fields the first of these that has it gives it. A title, a date and authors are
weighed, each in a module of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.article import RawArticle
from indexer.clean.fields import Found, merged
from indexer.clean.languages import writes_day_first
from indexer.clean.metadata import Json, language_tag, web_url, words
from indexer.clean.pages.bylines import shown_authors
from indexer.clean.pages.jsonld import article_record
from indexer.clean.pages.marks import Marks, marks_of, text_of
from indexer.clean.pages.page_dates import (
    Dated,
    Reader,
    day_in_address,
    marked_dates,
    published,
    scripted_date,
    shown_dates,
)
from indexer.clean.pages.titles import Sites, Told, best_title, same_title
from indexer.clean.record import from_record

_META: Mapping[str, tuple[str, ...]] = {
    "title": ("og:title", "twitter:title", "headline", "dc.title", "dcterms.title"),
    "body": (),
    "dek": ("og:description", "description", "twitter:description", "dc.description"),
    "published": (
        "article:published_time", "og:published_time", "article:published", "datepublished",
        "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "publishdate",
        "publish-date", "pubdate", "pub_date", "publication_date", "article.published",
        "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date", "date",
        "published",
    ),
    "updated": (
        "article:modified_time", "og:updated_time", "article:modified", "datemodified",
        "article.updated", "dcterms.modified", "lastmod", "last-modified",
    ),
    "url": ("og:url",),
    "authors": (
        "author", "article:author", "parsely-author", "sailthru.author", "dc.creator",
        "dcterms.creator", "byl",
    ),
    "section": ("article:section", "parsely-section", "section"),
    "source": ("og:site_name", "application-name"),
    "language": ("og:locale", "content-language", "dc.language"),
    "id": (),
}  # fmt: skip
_NOBODY = frozenset(
    ("admin", "administrator", "webmaster", "guest", "user", "root", "none", "null")
)
_PUBLISHED = re.compile(
    r"(?:.*[-_.:])?(?:(?:first)?publi(?:sh(?:ed)?|cation)[-_.:]?(?:date|time|on|at)?|pub[-_.]?date"
    r"|(?:release|issued?|creat(?:ed|ion))[-_.]?date|date[-_.:]?(?:published|created|issued))"
    r"(?:[-_.:]?(?:time|iso|utc|gmt))?"
)


def page_fields(page: LexborHTMLParser, raw: RawArticle, now: datetime) -> Found:
    """The fields that the page says it has; its body is what JSON-LD tells."""
    zone = ZoneInfo(raw.source.timezone)
    marks = marks_of(page)
    metas = _metas(marks)
    told = from_record(article_record(marks.scripts), origin="json-ld", zone=zone, now=now)
    meta = from_record(metas, origin="meta", names=_META, zone=zone, now=now)
    shown = Found("", "", url=_canonical(marks, raw.url), language=_language(marks), origin="page")
    found = merged(told, meta, shown)
    found = replace(found, url=_address((shown.url, meta.url, told.url), raw.url))
    sites = _sites(found, raw)
    found, heading = _with_title(found, marks, (told, meta), sites)
    found = _with_authors(found, marks, heading, sites)
    reader = Reader(zone, now, writes_day_first(found.language, _host(found.url or raw.url)))
    return _with_dates(found, page, marks, heading, (told, meta), reader, raw.url)


def _metas(marks: Marks) -> dict[str, Json]:
    """The page's metas, with what any other is called that tells the date of publication."""
    metas: dict[str, Json] = dict(marks.metas)
    others = (name for name in metas if _PUBLISHED.fullmatch(name))
    return {"published": next((metas[name] for name in others), None), **metas}


def _canonical(marks: Marks, address: str) -> str:
    """The address that the page says is its own."""
    link = marks.links.get("canonical", "")
    try:
        return urljoin(address, link) if link else ""
    except ValueError:
        return ""


def _language(marks: Marks) -> str:
    return language_tag(next(iter(marks.languages), ""))


def _address(told: tuple[str, ...], fetched: str) -> str:
    """The first that can be an article's: that of a whole site names none."""
    usable = (web_url(url) for url in told)
    return next(filter(_is_articles, usable), "") or web_url(fetched)


def _is_articles(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _sites(found: Found, raw: RawArticle) -> Sites:
    return Sites.of((found.source, raw.source.publisher), found.section, _host(found.url))


def _with_title(
    found: Found, marks: Marks, told: tuple[Found, Found], sites: Sites
) -> tuple[Found, LexborNode | None]:
    """The fields with the best title, and the heading that shows it or may."""
    shown = [(node, text) for node in marks.headings if (text := text_of(node))]
    titles = [Told(each.title, each.origin) for each in told if each.title]
    for name in ("og:title", "twitter:title"):
        titles += [Told(words(value), "meta") for value in marks.metas.get(name, ())[:1]]
    titles += [Told(text_of(node), "page") for node in marks.titles[:1]]
    best = best_title([text for _, text in shown], titles, sites)
    nodes = [node for node, text in shown if same_title(text, best.text)]
    # Where no h1 is the headline, an h2 may show it.
    nodes += [
        node for node in marks.subheadings if not nodes and same_title(text_of(node), best.text)
    ]
    heading = next(iter((*nodes, *(node for node, _ in shown))), None)
    return replace(found.placed("title", best.origin), title=best.text), heading


def _with_authors(found: Found, marks: Marks, heading: LexborNode | None, sites: Sites) -> Found:
    """The authors that are told, or where that is only the site, those who are shown."""
    told = tuple(name for name in found.authors if name.casefold() not in _NOBODY)
    if told and not all(map(sites.has, told)):
        return replace(found, authors=told)
    shown = shown_authors(marks, heading)
    if not shown:
        return replace(found, authors=told)
    return replace(found.placed("authors", "page"), authors=shown)


def _with_dates(
    found: Found,
    page: LexborHTMLParser,
    marks: Marks,
    heading: LexborNode | None,
    told: tuple[Found, Found],
    reader: Reader,
    address: str,
) -> Found:
    dates = [Dated(each.published, each.origin) for each in told if each.published]
    dates += marked_dates(marks, "datePublished", reader)
    day = day_in_address(address, reader) or day_in_address(found.url, reader)
    best = published(dates, shown_dates(marks, heading, reader), day, found.updated)
    if best is None:
        # Most pages need not look through all their scripts.
        best = scripted_date((tag.text() for tag in page.css("script")), reader)
    if best is None:
        return found
    updated = found.updated
    if updated is None:
        marked = next(marked_dates(marks, "dateModified", reader), None)
        updated = marked.moment if marked else None
        found = replace(found.placed("updated", "time"), updated=updated)
    if updated is not None and updated.at.date() < best.moment.at.date():
        found = replace(found, updated=None)
    return replace(
        found.placed("published", best.origin), published=best.moment, agreed=best.agreed
    )
