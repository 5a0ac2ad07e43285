"""Feeds: RSS, RSS 1.0 and Atom, sound or broken, through feedparser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from re import Match
from time import struct_time
from typing import Any

import feedparser

from corpus.article import RawArticle, Source
from corpus.sources.formats.own_record import FEED, record
from corpus.sources.formats.xml_tree import XmlError, repaired
from corpus.sources.item import Unreadable

# feedparser's own dictionaries, whose keys it makes up as it reads.
_Parsed = Any
# Large feeds have a fifth of this; feedparser reads 60,000 a second.
_MOST_TAGS = 250_000
_ITEM = re.compile(rb"<(/?)(?:\w+:)?(?:item|entry)\b")
_CLOSED = re.compile(rb"</(?:\w+:)?(?:rss|rdf|feed)\s*>", re.I)


def read_feed(source: Source, path: str, content: bytes) -> Iterator[RawArticle | Unreadable]:
    """One article an entry, numbered in the feed's order; raises XmlError."""
    if content.count(b"<") > _MOST_TAGS:
        raise XmlError(f"the feed has more than {_MOST_TAGS:,} tags")
    sound, reason = repaired(content)
    parsed = _parsed(sound)
    entries = parsed.entries
    cut = reason and not _CLOSED.search(content)
    if cut and _ends_within_item(content):
        entries = entries[:-1]
    atom = parsed.version.startswith("atom")
    for number, entry in enumerate(entries, 1):
        fields = _fields(entry, parsed.feed, atom, source.publisher)
        yield record(source, f"{path}#{number}", fields, FEED)
    if cut:
        yield Unreadable(path, "the feed is cut off")
    elif reason and not entries:
        yield Unreadable(path, f"the feed is damaged: {reason}")


def _parsed(content: bytes) -> _Parsed:
    try:
        # Bytes by themselves it would take for the name of a file. Cleaning makes text of
        # all markup, so none needs to be made safe, which takes four times as long.
        return feedparser.parse(BytesIO(content), sanitize_html=False, resolve_relative_uris=False)
    except Exception as err:
        # It means never to raise, and does so in many ways: bad encodings, bad addresses.
        raise XmlError(f"the feed cannot be read: {type(err).__name__}: {err}") from err


def _ends_within_item(content: bytes) -> bool:
    last = max(_ITEM.finditer(content), key=Match.start, default=None)
    return last is not None and not last[1]


def _fields(entry: _Parsed, feed: _Parsed, atom: bool, publisher: str) -> dict[str, object]:
    content = _content(entry)
    summary = entry.get("summary") or ""
    updated = _when(entry, "updated")
    authors = _authors(entry)
    if atom and not authors:
        authors = _authors(feed)
    return {
        "id": entry.get("id"),
        "url": entry.get("feedburner_origlink") or entry.get("link"),
        "title": entry.get("title"),
        "body": content,
        # Where there is only one of them, feedparser gives it as both.
        "dek": "" if summary == content else summary,
        "authors": authors,
        "published": _when(entry, "published") or updated,
        "updated": updated,
        "section": _section(entry.get("tags", ())),
        # An entry taken over from elsewhere names its source.
        "source": entry.get("source", {}).get("title") or publisher or feed.get("title"),
        "language": entry.get("title_detail", {}).get("language") or feed.get("language"),
    }


def _content(entry: _Parsed) -> str:
    texts = [str(each.get("value") or "") for each in entry.get("content", ())]
    return max(texts, key=len, default="")


def _authors(holder: _Parsed) -> list[str]:
    named = [str(each.get("name") or "") for each in holder.get("authors", ())]
    return list(filter(None, named)) or list(filter(None, [str(holder.get("author") or "")]))


def _section(tags: Iterable[_Parsed]) -> str:
    """The first category; some feeds give addresses for categories."""
    terms = (str(tag.get("label") or tag.get("term") or "") for tag in tags)
    return next((term for term in terms if term and "://" not in term), "")


def _when(entry: _Parsed, key: str) -> str:
    """A date in ISO 8601 if it has a zone, else as it is written: cleaning knows the zone."""
    # Asked for a date that is not there, feedparser gives another and warns.
    if key not in entry:
        return ""
    written = str(entry[key])
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(written)
        except (ValueError, IndexError):
            continue
        return moment.isoformat() if moment.tzinfo else written
    parsed: struct_time | None = entry.get(f"{key}_parsed")
    try:
        return datetime(*parsed[:6], tzinfo=UTC).isoformat() if parsed else written
    except ValueError:
        return written
