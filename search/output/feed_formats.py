"""Hits as feeds: Atom (RFC 4287), RSS 2.0, JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from corpus.article import Article
from search.output.formats import MEDIA_TYPES, FeedLinks, FeedRequest, OutputFormat
from search.output.serialization import dump_json, format_moment
from search.results.answer import Answer, Hit
from search.text.escaping import render_html, replace_unsafe

_ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE_NAMESPACE = "http://purl.org/dc/elements/1.1/"
_GENERATOR = "dateline"


def render_atom(answer: Answer, request: FeedRequest, links: FeedLinks) -> str:
    feed = Element("feed", {"xmlns": _ATOM_NAMESPACE})
    _add_text_element(feed, "title", _format_title(request))
    _add_text_element(feed, "subtitle", _format_description(answer))
    _add_text_element(feed, "id", links.feed_url or f"urn:dateline:search:{quote(request.text)}")
    _add_text_element(feed, "updated", _find_last_change(answer, request).isoformat())
    _add_text_element(feed, "generator", _GENERATOR)
    _add_text_element(SubElement(feed, "author"), "name", _GENERATOR)
    for relation, address, kind in _list_relations(links, OutputFormat.ATOM):
        SubElement(feed, "link", {"rel": relation, "href": address, "type": kind})
    for hit in answer.hits:
        feed.append(_build_atom_entry(hit, links))
    return _render_document(feed)


def _build_atom_entry(hit: Hit, links: FeedLinks) -> Element:
    article = hit.article
    entry = Element("entry")
    _add_text_element(entry, "id", _make_urn(article))
    _add_text_element(entry, "title", article.title)
    # Atom requires a date; an unknown one becomes the epoch.
    _add_text_element(entry, "updated", _find_change_time(article).isoformat())
    if article.published:
        _add_text_element(entry, "published", article.published.instant.isoformat())
    for name in article.authors or (article.source,):
        if name:
            _add_text_element(SubElement(entry, "author"), "name", name)
    if address := _find_address(article, links):
        SubElement(entry, "link", {"rel": "alternate", "href": replace_unsafe(address)})
    if article.section:
        SubElement(entry, "category", {"term": replace_unsafe(article.section)})
    if snippets := _render_snippets(hit):
        _add_text_element(entry, "summary", snippets).set("type", "html")
    return entry


def render_rss(answer: Answer, request: FeedRequest, links: FeedLinks) -> str:
    feed = Element(
        "rss", {"version": "2.0", "xmlns:atom": _ATOM_NAMESPACE, "xmlns:dc": _DUBLIN_CORE_NAMESPACE}
    )
    channel = SubElement(feed, "channel")
    _add_text_element(channel, "title", _format_title(request))
    _add_text_element(channel, "link", links.page_url or "urn:dateline:search")
    _add_text_element(channel, "description", _format_description(answer))
    _add_text_element(channel, "lastBuildDate", format_datetime(_find_last_change(answer, request)))
    _add_text_element(channel, "generator", _GENERATOR)
    for relation, address, kind in _list_relations(links, OutputFormat.RSS):
        SubElement(channel, "atom:link", {"rel": relation, "href": address, "type": kind})
    for hit in answer.hits:
        channel.append(_build_rss_item(hit, links))
    return _render_document(feed)


def _build_rss_item(hit: Hit, links: FeedLinks) -> Element:
    article = hit.article
    item = Element("item")
    _add_text_element(item, "title", article.title)
    if address := _find_address(article, links):
        _add_text_element(item, "link", address)
    _add_text_element(item, "guid", _make_urn(article)).set("isPermaLink", "false")
    if article.published:
        _add_text_element(
            item, "pubDate", format_datetime(article.published.instant.astimezone(UTC))
        )
    for name in article.authors:
        _add_text_element(item, "dc:creator", name)
    if article.source:
        _add_text_element(item, "dc:publisher", article.source)
    if article.section:
        _add_text_element(item, "category", article.section)
    if snippets := _render_snippets(hit):
        _add_text_element(item, "description", snippets)
    return item


def render_json_feed(answer: Answer, request: FeedRequest, links: FeedLinks) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": replace_unsafe(_format_title(request)),
        "description": replace_unsafe(_format_description(answer)),
        "home_page_url": links.page_url,
        "feed_url": links.feed_url,
        "next_url": links.next_url,
    }
    items = [
        {
            "id": _make_urn(article),
            "url": _find_address(article, links),
            "title": replace_unsafe(article.title),
            "content_html": _render_snippets(hit) or replace_unsafe(article.title),
            "summary": replace_unsafe(article.dek),
            "date_published": moment and moment.instant.isoformat(),
            "date_modified": format_moment(article.updated),
            "authors": [{"name": replace_unsafe(name)} for name in article.authors],
            "tags": [replace_unsafe(article.section)] if article.section else [],
            "language": article.language,
            "_dateline": {"id": article.id, "source": article.source},
        }
        for hit in answer.hits
        for article in (hit.article,)
        for moment in (article.published,)
    ]
    filled = [{name: value for name, value in item.items() if value} for item in items]
    return dump_json({**{k: value for k, value in feed.items() if value}, "items": filled}) + "\n"


def _format_title(request: FeedRequest) -> str:
    return f"{request.text} · dateline"


def _format_description(answer: Answer) -> str:
    count = "1 article" if answer.total == 1 else f"{answer.total:,} articles"
    return " ".join([f"{answer.interpreted}: {count}.", *answer.warnings])


def _list_relations(links: FeedLinks, feed_format: OutputFormat) -> Iterator[tuple[str, str, str]]:
    pairs = (
        ("self", links.feed_url, MEDIA_TYPES[feed_format]),
        ("alternate", links.page_url, "text/html"),
        ("next", links.next_url, MEDIA_TYPES[feed_format]),
    )
    return ((relation, address, kind) for relation, address, kind in pairs if address)


def _find_last_change(answer: Answer, request: FeedRequest) -> datetime:
    """Return the newest change of the articles of a feed; now for an empty one."""
    return max(
        (_find_change_time(hit.article) for hit in answer.hits), default=request.now.astimezone(UTC)
    )


def _find_change_time(article: Article) -> datetime:
    moments = [moment.instant for moment in (article.updated, article.published) if moment]
    return max(moments).astimezone(UTC) if moments else datetime(1970, 1, 1, tzinfo=UTC)


def _make_urn(article: Article) -> str:
    # Ids may contain lone surrogates, which cannot be encoded.
    return f"urn:dateline:article:{quote(article.id.encode('utf-8', 'replace'))}"


def _find_address(article: Article, links: FeedLinks) -> str:
    return article.url or links.make_article_url(article.id)


def _render_snippets(hit: Hit) -> str:
    """Render a hit's snippets as HTML. Feed readers remove `<mark>` but keep `<b>`."""
    snippets = "".join(f"<p>{render_html(snippet)}</p>" for snippet in hit.snippets)
    return snippets.replace("<mark>", "<b>").replace("</mark>", "</b>")


def _add_text_element(parent: Element, tag: str, text: str) -> Element:
    element = SubElement(parent, tag)
    element.text = replace_unsafe(text)
    return element


def _render_document(root: Element) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'
