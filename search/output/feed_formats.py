"""Hits as feeds that readers follow: Atom (RFC 4287), RSS 2.0, JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from corpus.article import Article
from search.output.as_json import json_text, moment_text
from search.output.formats import MEDIA_TYPES, Asked, Format, Links
from search.results.answer import Answer, Hit
from search.text.escaping import render_html, replace_unsafe

_ATOM = "http://www.w3.org/2005/Atom"
_CORE = "http://purl.org/dc/elements/1.1/"
_GENERATOR = "dateline"


def atom(answer: Answer, asked: Asked, links: Links) -> str:
    feed = Element("feed", {"xmlns": _ATOM})
    _text(feed, "title", _title(asked))
    _text(feed, "subtitle", _description(answer))
    _text(feed, "id", links.this or f"urn:dateline:search:{quote(asked.text)}")
    _text(feed, "updated", _latest(answer, asked).isoformat())
    _text(feed, "generator", _GENERATOR)
    _text(SubElement(feed, "author"), "name", _GENERATOR)
    for relation, address, kind in _relations(links, Format.ATOM):
        SubElement(feed, "link", {"rel": relation, "href": address, "type": kind})
    for hit in answer.hits:
        feed.append(_entry(hit, links))
    return _document(feed)


def _entry(hit: Hit, links: Links) -> Element:
    article = hit.article
    entry = Element("entry")
    _text(entry, "id", _urn(article))
    _text(entry, "title", article.title)
    # An entry needs a date; one that is not known is the oldest there is.
    _text(entry, "updated", _changed(article).isoformat())
    if article.published:
        _text(entry, "published", article.published.at.isoformat())
    for name in article.authors or (article.source,):
        if name:
            _text(SubElement(entry, "author"), "name", name)
    if address := _address(article, links):
        SubElement(entry, "link", {"rel": "alternate", "href": replace_unsafe(address)})
    if article.section:
        SubElement(entry, "category", {"term": replace_unsafe(article.section)})
    if shown := _shown(hit):
        _text(entry, "summary", shown).set("type", "html")
    return entry


def rss(answer: Answer, asked: Asked, links: Links) -> str:
    feed = Element("rss", {"version": "2.0", "xmlns:atom": _ATOM, "xmlns:dc": _CORE})
    channel = SubElement(feed, "channel")
    _text(channel, "title", _title(asked))
    _text(channel, "link", links.page or "urn:dateline:search")
    _text(channel, "description", _description(answer))
    _text(channel, "lastBuildDate", format_datetime(_latest(answer, asked)))
    _text(channel, "generator", _GENERATOR)
    for relation, address, kind in _relations(links, Format.RSS):
        SubElement(channel, "atom:link", {"rel": relation, "href": address, "type": kind})
    for hit in answer.hits:
        channel.append(_item(hit, links))
    return _document(feed)


def _item(hit: Hit, links: Links) -> Element:
    article = hit.article
    item = Element("item")
    _text(item, "title", article.title)
    if address := _address(article, links):
        _text(item, "link", address)
    _text(item, "guid", _urn(article)).set("isPermaLink", "false")
    if article.published:
        _text(item, "pubDate", format_datetime(article.published.at.astimezone(UTC)))
    for name in article.authors:
        _text(item, "dc:creator", name)
    if article.source:
        _text(item, "dc:publisher", article.source)
    if article.section:
        _text(item, "category", article.section)
    if shown := _shown(hit):
        _text(item, "description", shown)
    return item


def json_feed(answer: Answer, asked: Asked, links: Links) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": replace_unsafe(_title(asked)),
        "description": replace_unsafe(_description(answer)),
        "home_page_url": links.page,
        "feed_url": links.this,
        "next_url": links.next,
    }
    items = [
        {
            "id": _urn(article),
            "url": _address(article, links),
            "title": replace_unsafe(article.title),
            "content_html": _shown(hit) or replace_unsafe(article.title),
            "summary": replace_unsafe(article.dek),
            "date_published": moment and moment.at.isoformat(),
            "date_modified": moment_text(article.updated),
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
    return json_text({**{k: value for k, value in feed.items() if value}, "items": filled}) + "\n"


def _title(asked: Asked) -> str:
    return f"{asked.text} · dateline"


def _description(answer: Answer) -> str:
    found = "1 article" if answer.total == 1 else f"{answer.total:,} articles"
    return " ".join([f"{answer.interpreted}: {found}.", *answer.warnings])


def _relations(links: Links, form: Format) -> Iterator[tuple[str, str, str]]:
    pairs = (
        ("self", links.this, MEDIA_TYPES[form]),
        ("alternate", links.page, "text/html"),
        ("next", links.next, MEDIA_TYPES[form]),
    )
    return ((relation, address, kind) for relation, address, kind in pairs if address)


def _latest(answer: Answer, asked: Asked) -> datetime:
    """When a feed last changed, as far as its articles tell; now for an empty one."""
    return max((_changed(hit.article) for hit in answer.hits), default=asked.now.astimezone(UTC))


def _changed(article: Article) -> datetime:
    moments = [moment.at for moment in (article.updated, article.published) if moment]
    return max(moments).astimezone(UTC) if moments else datetime(1970, 1, 1, tzinfo=UTC)


def _urn(article: Article) -> str:
    # Ids may hold halves of pairs, which no encoding takes.
    return f"urn:dateline:article:{quote(article.id.encode('utf-8', 'replace'))}"


def _address(article: Article, links: Links) -> str:
    return article.url or links.article(article.id)


def _shown(hit: Hit) -> str:
    """A hit's snippets as HTML. Of what marks, feed readers let bold type pass."""
    shown = "".join(f"<p>{render_html(snippet)}</p>" for snippet in hit.snippets)
    return shown.replace("<mark>", "<b>").replace("</mark>", "</b>")


def _text(parent: Element, tag: str, text: str) -> Element:
    element = SubElement(parent, tag)
    element.text = replace_unsafe(text)
    return element


def _document(root: Element) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'
