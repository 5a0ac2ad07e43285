"""ninjs, the JSON format of news agencies: versions 1 (`headline`, `body_xhtml`), 2, 3 (`bodies`).

Version 3 writes `versionCreated` where the others write `versioncreated`, so all names are
converted to lower case. https://iptc.org/standards/ninjs/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Json = dict[str, object]

# A story with one of these statuses must not be published, even if it has a text: a cancelled
# story is often sent again in full. Wire formats in XML use the same values.
HELD_BACK = frozenset(("canceled", "cancelled", "withheld", "embargoed"))

_SIGNS = frozenset(
    ("versioncreated", "pubstatus", "headlines", "bodies", "body_text", "body_xhtml", "body_html")
)
# The roles of headlines and descriptions that are meant for readers, best first.
_ROLES = ("main", "summary", "text", "caption")
_BODIES = ("body_xhtml", "body_html", "body_html5", "body_text")
_HEAD = re.compile(r"<head\b.*?</head>", re.I | re.S)


def is_ninjs(value: Json) -> bool:
    """Return whether an object is a ninjs item: it has a `uri`, and names that only ninjs uses."""
    return isinstance(value.get("uri"), str) and not _SIGNS.isdisjoint(map(str.lower, value))


def story(item: Json) -> Json | None:
    """Convert a story, photo or other item to a record; return None if it is withheld.

    Its `uri` is often a web address, and is then also the article's URL.
    """
    value = {name.lower(): inner for name, inner in item.items()}
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
    for element in value if isinstance(value, list) else ():
        if isinstance(element, dict):
            yield {str(name).lower(): inner for name, inner in element.items()}


def _best(value: object) -> object:
    """Return the text for readers from `[{"role": "main", "value": ...}, ...]`."""

    def rank(entry: Json) -> int:
        role = entry.get("role")
        return _ROLES.index(role) if role in _ROLES else len(_ROLES)

    return min(_objects(value), key=rank, default={}).get("value")


def _named(value: object) -> object:
    return next(filter(None, (entry.get("name") for entry in _objects(value))), None)


def _body(value: Json) -> str:
    """Return the body as markup, which marks paragraphs best, or as plain text if there is none."""
    texts = [(key != "body_text", value.get(key)) for key in _BODIES]
    texts += [
        ("html" in f"{entry.get('contenttype')} {entry.get('role')}", entry.get("value"))
        for entry in _objects(value.get("bodies"))
    ]
    bodies = [(markup, text) for markup, text in texts if isinstance(text, str) and text.strip()]
    if not bodies:
        return ""
    markup, text = max(bodies, key=lambda body: body[0])
    # Markup may be a sentence without a tag, whose lines are not paragraphs.
    return f"<div>{_HEAD.sub('', text)}</div>" if markup else text
