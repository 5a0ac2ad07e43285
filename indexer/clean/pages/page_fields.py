"""The fields of a page from its JSON-LD, its meta tags, its URL and its visible text.

Most fields are taken from the first of these that contains them. The title, the date and the
authors are chosen among several candidates, each in a module of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from unicodedata import combining, normalize
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.article import RawArticle
from indexer.clean.dates.date_reader import DateReader
from indexer.clean.fields import ArticleFields, merge_fields
from indexer.clean.metadata import (
    Json,
    get_value_text,
    normalize_language_tag,
    unescape_entities,
    validate_web_url,
)
from indexer.clean.pages.bylines import find_shown_authors
from indexer.clean.pages.date_places import DatePlaces
from indexer.clean.pages.jsonld import find_article_record
from indexer.clean.pages.page_dates import (
    DateCandidate,
    choose_publication_date,
    find_marked_dates,
    find_only_date,
    find_script_date,
    find_shown_dates,
    find_url_day,
)
from indexer.clean.pages.page_elements import PageElements, collect_elements, get_node_text
from indexer.clean.pages.titles import SiteNames, TitleCandidate, choose_title, is_same_title
from indexer.clean.paragraphs import clean_line
from indexer.clean.record import extract_record_fields

_META_KEYS: Mapping[str, tuple[str, ...]] = {
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
_NON_AUTHORS = frozenset(
    ("admin", "administrator", "webmaster", "guest", "user", "root", "none", "null")
)
_PUBLISHED_META = re.compile(
    r"(?:.*[-_.:])?(?:(?:first)?publi(?:sh(?:ed)?|cation)[-_.:]?(?:date|time|on|at)?|pub[-_.]?date"
    r"|(?:release|issued?|creat(?:ed|ion))[-_.]?date|date[-_.:]?(?:published|created|issued))"
    r"(?:[-_.:]?(?:time|iso|utc|gmt))?"
)


def extract_page_fields(page: LexborHTMLParser, raw: RawArticle, now: datetime) -> ArticleFields:
    """Extract the fields of a page; its body is that of its JSON-LD."""
    elements = collect_elements(page)
    metas = _collect_metas(elements)
    url, language = _find_canonical_url(elements, raw.url), _read_language(elements)
    reader = DateReader(ZoneInfo(raw.source.timezone), now)
    reader = reader.set_language(language or raw.source.language, _get_host(url or raw.url))
    json_ld = extract_record_fields(
        find_article_record(elements.scripts), origin="json-ld", reader=reader
    )
    meta = extract_record_fields(metas, origin="meta", keys=_META_KEYS, reader=reader)
    shown = ArticleFields("", "", url=url, language=language, origin="page")
    fields = merge_fields(json_ld, meta, shown)
    fields = replace(fields, url=_choose_url((shown.url, meta.url, json_ld.url), raw.url))
    sites = _collect_site_names(fields, raw)
    fields, heading = _set_title(fields, elements, (json_ld, meta), sites)
    fields = _set_authors(fields, elements, heading, sites, (json_ld, meta))
    reader = reader.set_language(fields.language, _get_host(fields.url or raw.url))
    return _set_dates(fields, page, elements, heading, (json_ld, meta), reader, raw.url)


def _collect_metas(elements: PageElements) -> dict[str, Json]:
    """Return the metas of a page, with any other that names a publication date as `published`."""
    metas: dict[str, Json] = dict(elements.metas)
    others = (name for name in metas if _PUBLISHED_META.fullmatch(name))
    return {"published": next((metas[name] for name in others), None), **metas}


def _find_canonical_url(elements: PageElements, base_url: str) -> str:
    """Return the canonical URL that a page states, made absolute."""
    link = elements.links.get("canonical", "")
    try:
        return urljoin(base_url, link) if link else ""
    except ValueError:
        return ""


def _read_language(elements: PageElements) -> str:
    return normalize_language_tag(next(iter(elements.languages), ""))


def _choose_url(urls: tuple[str, ...], fetched_url: str) -> str:
    """Return the first URL that can be an article's; that of a home page cannot."""
    usable = (validate_web_url(url) for url in urls)
    return next(filter(_is_article_url, usable), "") or validate_web_url(fetched_url)


def _is_article_url(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def _get_host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _collect_site_names(fields: ArticleFields, raw: RawArticle) -> SiteNames:
    return SiteNames.of(
        (fields.source, raw.source.publisher), fields.section, _get_host(fields.url)
    )


def _set_title(
    fields: ArticleFields,
    elements: PageElements,
    metadata: tuple[ArticleFields, ArticleFields],
    sites: SiteNames,
) -> tuple[ArticleFields, LexborNode | None]:
    """Return the fields with the best title, and the heading that shows it or else the first."""
    shown = [(node, text) for node in elements.headings if (text := _read_title(node))]
    titles = [TitleCandidate(stated.title, stated.origin) for stated in metadata if stated.title]
    for name in ("og:title", "twitter:title"):
        titles += [
            TitleCandidate(unescape_entities(get_value_text(value)), "meta")
            for value in elements.metas.get(name, ())[:1]
        ]
    titles += [TitleCandidate(_read_title(node), "page") for node in elements.titles[:1]]
    best = choose_title([text for _, text in shown], titles, sites)
    nodes = [node for node, text in shown if is_same_title(text, best.text)]
    # If no h1 is the headline, an h2 may be.
    nodes += [
        node
        for node in elements.subheadings
        if not nodes and is_same_title(_read_title(node), best.text)
    ]
    heading = next(iter((*nodes, *(node for node, _ in shown))), None)
    return replace(fields.replace_origin("title", best.origin), title=best.text), heading


def _read_title(node: LexborNode) -> str:
    return clean_line(unescape_entities(get_node_text(node)))


def _set_authors(
    fields: ArticleFields,
    elements: PageElements,
    heading: LexborNode | None,
    sites: SiteNames,
    metadata: tuple[ArticleFields, ArticleFields],
) -> ArticleFields:
    """Set the authors to those in the metadata, or to those shown if it names only the site."""
    stated = tuple(name for name in fields.authors if name.casefold() not in _NON_AUTHORS)
    people = tuple(name for name in stated if not sites.is_site_name(name))
    if people:
        return replace(fields, authors=_restore_accents(people, metadata))
    shown = find_shown_authors(elements, heading)
    if not shown:
        return replace(fields, authors=stated)
    return replace(fields.replace_origin("authors", "page"), authors=shown)


def _restore_accents(
    names: tuple[str, ...], metadata: tuple[ArticleFields, ArticleFields]
) -> tuple[str, ...]:
    """Return the names with the accents that they have in any place of the metadata."""
    accented = {
        _remove_accents(name): name
        for stated in metadata
        for name in stated.authors
        if not name.isascii()
    }
    return tuple(dict.fromkeys(accented.get(name, name) for name in names))


def _remove_accents(name: str) -> str:
    return "".join(char for char in normalize("NFD", name) if not combining(char))


def _set_dates(
    fields: ArticleFields,
    page: LexborHTMLParser,
    elements: PageElements,
    heading: LexborNode | None,
    metadata: tuple[ArticleFields, ArticleFields],
    reader: DateReader,
    fetched_url: str,
) -> ArticleFields:
    dates = [
        DateCandidate(stated.published, stated.origin) for stated in metadata if stated.published
    ]
    dates += find_marked_dates(elements, "datePublished", reader)
    day = find_url_day(fetched_url, reader) or find_url_day(fields.url, reader)
    places = DatePlaces.of(heading, fields.url or fetched_url)
    best = choose_publication_date(
        dates, find_shown_dates(elements, heading, places, reader), day, fields.updated
    )
    if best is None:
        # Searching all scripts is slow, and most pages have another date.
        best = find_script_date((tag.text() for tag in page.css("script")), reader)
    best = best or find_only_date(elements, places, reader)
    if best is None:
        return fields
    updated = fields.updated
    if updated is None:
        marked = next(find_marked_dates(elements, "dateModified", reader), None)
        updated = marked.moment if marked else None
        fields = replace(fields.replace_origin("updated", "time"), updated=updated)
    if updated is not None and updated.at.date() < best.moment.at.date():
        fields = replace(fields, updated=None)
    return replace(
        fields.replace_origin("published", best.origin), published=best.moment, agreed=best.agreed
    )
