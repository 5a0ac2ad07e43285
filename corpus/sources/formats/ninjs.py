"""ninjs, the agencies' JSON: versions 1 (`headline`, `body_xhtml`), 2 and 3 (`bodies`).

Version 3 writes `versionCreated` where the others write `versioncreated`, so all names are
read in lower case. https://iptc.org/standards/ninjs/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Json = dict[str, object]

# A story with one of these is not to be shown, whatever it holds: a cancelled one is often
# sent once more in whole. Wires in XML use the same words.
HELD_BACK = frozenset(("canceled", "cancelled", "withheld", "embargoed"))

_SIGNS = frozenset(
    ("versioncreated", "pubstatus", "headlines", "bodies", "body_text", "body_xhtml", "body_html")
)
# Which of several headlines or descriptions is meant for readers, best first.
_ROLES = ("main", "summary", "text", "caption")
_BODIES = ("body_xhtml", "body_html", "body_html5", "body_text")
_HEAD = re.compile(r"<head\b.*?</head>", re.I | re.S)


def is_ninjs(value: Json) -> bool:
    """Whether an object is a news item: it has a `uri`, and names that only ninjs has."""
    return isinstance(value.get("uri"), str) and not _SIGNS.isdisjoint(map(str.lower, value))


def story(item: Json) -> Json | None:
    """A story, photo or other item as a record; None if it is held back.

    Its `uri` is often an address of the web, and then the article's.
    """
    value = {name.lower(): each for name, each in item.items()}
    if str(value.get("pubstatus")).lower() in HELD_BACK:
        return None
    return {
        "id": value["uri"],
        "url": value.get("url") or value["uri"],
        "title": value.get("headline") or _best(value.get("headlines")) or value.get("title"),
        "body": _body(value),
        "dek": value.get("description_text") or _best(value.get("descriptions")),
        "authors": value.get("byline") or value.get("by"),
        "published": value.get("firstcreated") or value.get("versioncreated"),
        "updated": value.get("versioncreated"),
        "section": _named(value.get("subject") or value.get("subjects")),
        "source": _named(value.get("infosource") or value.get("infosources"))
        or value.get("copyrightholder"),
        "language": value.get("language"),
    }


def _objects(value: object) -> Iterator[Json]:
    for each in value if isinstance(value, list) else ():
        if isinstance(each, dict):
            yield {str(name).lower(): inner for name, inner in each.items()}


def _best(value: object) -> object:
    """The text that is for readers: `[{"role": "main", "value": ...}, ...]`."""

    def rank(each: Json) -> int:
        role = each.get("role")
        return _ROLES.index(role) if role in _ROLES else len(_ROLES)

    return min(_objects(value), key=rank, default={}).get("value")


def _named(value: object) -> object:
    return next(filter(None, (each.get("name") for each in _objects(value))), None)


def _body(value: Json) -> str:
    """Markup, which tells paragraphs best, or plain text if that is all there is."""
    texts = [(key != "body_text", value.get(key)) for key in _BODIES]
    texts += [
        ("html" in f"{each.get('contenttype')} {each.get('role')}", each.get("value"))
        for each in _objects(value.get("bodies"))
    ]
    told = [(markup, text) for markup, text in texts if isinstance(text, str) and text.strip()]
    if not told:
        return ""
    markup, text = max(told, key=lambda each: each[0])
    # Markup may be a sentence without a tag, whose lines are no paragraphs.
    return f"<div>{_HEAD.sub('', text)}</div>" if markup else text
