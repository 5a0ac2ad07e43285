"""RSS, RSS 1.0 and Atom feeds, well-formed or damaged, parsed by feedparser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from re import Match
from typing import Any

import feedparser

from corpus.article import RawArticle, Source
from corpus.sources.formats.raw_record import FEED_ORIGIN, make_record, resolve_link
from corpus.sources.formats.xml_tree import XmlError, repair_xml
from corpus.sources.item import ReadFailure

# feedparser's dictionaries, which compute some keys on access.
_Parsed = Any
# Large feeds have a fifth of this; feedparser reads 60,000 a second.
_MAX_TAGS = 250_000
_ABSOLUTE = re.compile(r"https?://[^/]", re.I)
_ITEM_TAG = re.compile(rb"<(/?)(?:\w+:)?(?:item|entry)\b")
_CLOSING_TAG = re.compile(rb"</(?:\w+:)?(?:rss|rdf|feed)\s*>", re.I)


def read_feed(source: Source, path: str, content: bytes) -> Iterator[RawArticle | ReadFailure]:
    """Yield one article per entry, numbered in the feed's order. Raises XmlError."""
    if content.count(b"<") > _MAX_TAGS:
        raise XmlError(f"the feed has more than {_MAX_TAGS:,} tags")
    well_formed, reason = repair_xml(content)
    parsed = _parse_feed(well_formed)
    entries = parsed.entries
    cut = reason and not _CLOSING_TAG.search(content)
    if cut and _is_cut_within_item(content):
        entries = entries[:-1]
    atom = parsed.version.startswith("atom")
    base = _find_base(parsed.feed, path, source.location)
    for number, entry in enumerate(entries, 1):
        fields = _extract_fields(entry, parsed.feed, atom, source.publisher)
        fields["url"] = resolve_link(base, str(fields["url"] or ""))
        yield make_record(source, f"{path}#{number}", fields, FEED_ORIGIN)
    if cut:
        yield ReadFailure(path, "the feed is cut off")
    elif reason and not entries:
        yield ReadFailure(path, f"the feed is damaged: {reason}")


def _find_base(feed: _Parsed, *places: str) -> str:
    """Return the address of the site, else that of the feed, to which links are relative."""
    links = [link.get("href") for link in feed.get("links", ()) if link.get("rel") == "self"]
    addresses = (str(address or "") for address in (feed.get("link"), *links, *places))
    return next((address for address in addresses if _ABSOLUTE.match(address)), "")


def _parse_feed(content: bytes) -> _Parsed:
    try:
        # Plain bytes would be interpreted as a file name. Cleaning extracts text from all
        # markup, so it need not be sanitized, which takes four times as long.
        return feedparser.parse(BytesIO(content), sanitize_html=False, resolve_relative_uris=False)
    except Exception as err:
        # feedparser is meant not to raise, but does for bad encodings, bad addresses and more.
        raise XmlError(f"the feed cannot be read: {type(err).__name__}: {err}") from err


def _is_cut_within_item(content: bytes) -> bool:
    last = max(_ITEM_TAG.finditer(content), key=Match.start, default=None)
    return last is not None and not last[1]


def _extract_fields(entry: _Parsed, feed: _Parsed, atom: bool, publisher: str) -> dict[str, object]:
    content = _extract_content(entry)
    summary = entry.get("summary") or ""
    updated = _get_date(entry, "updated")
    authors = _extract_authors(entry, atom=atom)
    if atom and not authors:
        authors = _extract_authors(feed, atom=atom)
    return {
        "id": entry.get("id"),
        "url": entry.get("feedburner_origlink") or entry.get("link"),
        "title": entry.get("title"),
        "body": content,
        # If there is only one of them, feedparser returns it as both.
        "dek": "" if summary == content else summary,
        "authors": authors,
        "published": _get_date(entry, "published") or updated,
        "updated": updated,
        "section": _choose_section(entry.get("tags", ())),
        # An entry that is copied from another feed names its source.
        "source": entry.get("source", {}).get("title") or publisher or feed.get("title"),
        "language": entry.get("title_detail", {}).get("language") or feed.get("language"),
    }


def _extract_content(entry: _Parsed) -> str:
    texts = [str(part.get("value") or "") for part in entry.get("content", ())]
    return max(texts, key=len, default="")


def _extract_authors(holder: _Parsed, *, atom: bool) -> list[str]:
    """Return the authors; those of RSS with an address as written, as feedparser cuts them."""
    written = str(holder.get("author") or "")
    authors = holder.get("authors", ())
    if not atom and any(author.get("email") for author in authors):
        authors = [author for author in authors if not author.get("email")]
        return [*(str(author.get("name") or "") for author in authors), written]
    names = [str(author.get("name") or "") for author in authors]
    return list(filter(None, names)) or list(filter(None, [written]))


def _choose_section(tags: Iterable[_Parsed]) -> str:
    """Return the first category that is not an address, as it is in some feeds."""
    terms = (str(tag.get("label") or tag.get("term") or "") for tag in tags)
    return next((term for term in terms if term and "://" not in term), "")


def _get_date(entry: _Parsed, key: str) -> str:
    """Return a date as written: cleaning parses it, with the feed's language and zone."""
    # For a missing date, feedparser returns another one and warns.
    return str(entry[key]) if key in entry else ""
