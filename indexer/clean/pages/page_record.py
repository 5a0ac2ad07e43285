"""The fields of a page from its JSON-LD, its meta tags, its URL and its visible text.

Most fields are taken from the first of these that contains them. The title, the date and the
authors are chosen among several candidates, each in a module of its own.
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
    """Extract the fields of a page; its body is that of its JSON-LD."""
    zone = ZoneInfo(raw.source.timezone)
    elements = marks_of(page)
    metas = _metas(elements)
    json_ld = from_record(article_record(elements.scripts), origin="json-ld", zone=zone, now=now)
    meta = from_record(metas, origin="meta", names=_META, zone=zone, now=now)
    url, language = _canonical(elements, raw.url), _language(elements)
    shown = Found("", "", url=url, language=language, origin="page")
    fields = merged(json_ld, meta, shown)
    fields = replace(fields, url=_address((shown.url, meta.url, json_ld.url), raw.url))
    sites = _sites(fields, raw)
    fields, heading = _with_title(fields, elements, (json_ld, meta), sites)
    fields = _with_authors(fields, elements, heading, sites)
    reader = Reader(zone, now, writes_day_first(fields.language, _host(fields.url or raw.url)))
    return _with_dates(fields, page, elements, heading, (json_ld, meta), reader, raw.url)


def _metas(marks: Marks) -> dict[str, Json]:
    """Return the metas of a page, with any other that names a publication date as `published`."""
    metas: dict[str, Json] = dict(marks.metas)
    others = (name for name in metas if _PUBLISHED.fullmatch(name))
    return {"published": next((metas[name] for name in others), None), **metas}


def _canonical(marks: Marks, address: str) -> str:
    """Return the canonical URL that a page states, made absolute."""
    link = marks.links.get("canonical", "")
    try:
        return urljoin(address, link) if link else ""
    except ValueError:
        return ""


def _language(marks: Marks) -> str:
    return language_tag(next(iter(marks.languages), ""))


def _address(told: tuple[str, ...], fetched: str) -> str:
    """Return the first URL that can be an article's; that of a home page cannot."""
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
    """Return the fields with the best title, and the heading that shows it or else the first."""
    shown = [(node, text) for node in marks.headings if (text := text_of(node))]
    titles = [Told(stated.title, stated.origin) for stated in told if stated.title]
    for name in ("og:title", "twitter:title"):
        titles += [Told(words(value), "meta") for value in marks.metas.get(name, ())[:1]]
    titles += [Told(text_of(node), "page") for node in marks.titles[:1]]
    best = best_title([text for _, text in shown], titles, sites)
    nodes = [node for node, text in shown if same_title(text, best.text)]
    # If no h1 is the headline, an h2 may be.
    nodes += [
        node for node in marks.subheadings if not nodes and same_title(text_of(node), best.text)
    ]
    heading = next(iter((*nodes, *(node for node, _ in shown))), None)
    return replace(found.placed("title", best.origin), title=best.text), heading


def _with_authors(found: Found, marks: Marks, heading: LexborNode | None, sites: Sites) -> Found:
    """Set the authors to those in the metadata, or to those shown if it names only the site."""
    stated = tuple(name for name in found.authors if name.casefold() not in _NOBODY)
    if stated and not all(map(sites.has, stated)):
        return replace(found, authors=stated)
    shown = shown_authors(marks, heading)
    if not shown:
        return replace(found, authors=stated)
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
    dates = [Dated(stated.published, stated.origin) for stated in told if stated.published]
    dates += marked_dates(marks, "datePublished", reader)
    day = day_in_address(address, reader) or day_in_address(found.url, reader)
    best = published(dates, shown_dates(marks, heading, reader), day, found.updated)
    if best is None:
        # Searching all scripts is slow, and most pages have another date.
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
