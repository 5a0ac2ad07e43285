"""JSON Feed: entries as records, with the fields of the feed that they lack.

https://www.jsonfeed.org/version/1.1/
"""

from __future__ import annotations

from typing import TypeGuard

from corpus.sources.formats.raw_record import resolve_link

Json = dict[str, object]


def is_json_feed(value: object) -> TypeGuard[Json]:
    """Return whether a JSON value is a JSON Feed, by its `version`."""
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        return False
    return "jsonfeed.org/version/" in str(value.get("version"))


def convert_entries(feed: Json, publisher: str) -> list[object]:
    """Return the entries of a feed as records. `publisher`, if set, overrides the feed's title."""
    items = feed["items"]
    assert isinstance(items, list)  # noqa: S101 - is_feed has checked it
    return [
        _convert_entry(item, feed, publisher) if isinstance(item, dict) else item for item in items
    ]


def _convert_entry(item: Json, feed: Json, publisher: str) -> Json:
    tags = item.get("tags")
    return {
        "id": item.get("id"),
        "url": resolve_link(
            str(feed.get("home_page_url") or feed.get("feed_url") or ""),
            str(item.get("url") or item.get("external_url") or ""),
        ),
        "title": item.get("title"),
        "body": item.get("content_html") or item.get("content_text"),
        "dek": item.get("summary"),
        "authors": _find_authors(item) or _find_authors(feed),
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
        "section": tags[0] if isinstance(tags, list) and tags else None,
        "language": item.get("language") or feed.get("language"),
        "source": publisher or feed.get("title"),
    }


def _find_authors(holder: Json) -> object:
    """Return `authors`, or the single `author` of version 1.0."""
    return holder.get("authors") or holder.get("author")
