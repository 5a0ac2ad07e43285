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
WITHHELD_STATUSES = frozenset(("canceled", "cancelled", "withheld", "embargoed"))

_DISTINCTIVE_NAMES = frozenset(
    ("versioncreated", "pubstatus", "headlines", "bodies", "body_text", "body_xhtml", "body_html")
)
# The roles of headlines and descriptions that are meant for readers, best first.
_ROLE_ORDER = ("main", "summary", "text", "caption")
_BODY_FIELDS = ("body_xhtml", "body_html", "body_html5", "body_text")
_HEAD_START = re.compile(r"<head\b", re.I)
_HEAD_END = re.compile(r"</head>", re.I)


def is_ninjs(value: Json) -> bool:
    """Return whether an object is a ninjs item: it has a `uri`, and names that only ninjs uses."""
    return isinstance(value.get("uri"), str) and not _DISTINCTIVE_NAMES.isdisjoint(
        map(str.lower, value)
    )


def convert_story(item: Json) -> Json | None:
    """Convert a story, photo or other item to a record; return None if it is withheld.

    Its `uri` is often a web address, and is then also the article's URL.
    """
    value = {name.lower(): inner for name, inner in item.items()}
    if str(value.get("pubstatus")).lower() in WITHHELD_STATUSES:
        return None
    return {
        "id": value["uri"],
        "url": value.get("url") or value["uri"],
        "title": value.get("headline")
        or _choose_text(value.get("headlines"))
        or value.get("title"),
        "body": _choose_body(value),
        "dek": value.get("description_text") or _choose_text(value.get("descriptions")),
        "authors": value.get("byline") or value.get("by"),
        "published": value.get("firstcreated") or value.get("versioncreated"),
        "updated": value.get("versioncreated"),
        "section": _find_name(value.get("subject") or value.get("subjects")),
        "source": _find_name(value.get("infosource") or value.get("infosources"))
        or value.get("copyrightholder"),
        "language": value.get("language"),
    }


def _iterate_objects(value: object) -> Iterator[Json]:
    for element in value if isinstance(value, list) else ():
        if isinstance(element, dict):
            yield {str(name).lower(): inner for name, inner in element.items()}


def _choose_text(value: object) -> object:
    """Return the text for readers from `[{"role": "main", "value": ...}, ...]`."""

    def rank(entry: Json) -> int:
        role = entry.get("role")
        return _ROLE_ORDER.index(role) if role in _ROLE_ORDER else len(_ROLE_ORDER)

    return min(_iterate_objects(value), key=rank, default={}).get("value")


def _find_name(value: object) -> object:
    return next(filter(None, (entry.get("name") for entry in _iterate_objects(value))), None)


def _choose_body(value: Json) -> str:
    """Return the body as markup, which marks paragraphs best, or as plain text if there is none."""
    texts = [(key != "body_text", value.get(key)) for key in _BODY_FIELDS]
    texts += [
        ("html" in f"{entry.get('contenttype')} {entry.get('role')}", entry.get("value"))
        for entry in _iterate_objects(value.get("bodies"))
    ]
    bodies = [(markup, text) for markup, text in texts if isinstance(text, str) and text.strip()]
    if not bodies:
        return ""
    markup, text = max(bodies, key=lambda body: body[0])
    # Markup may be a sentence without a tag, whose lines are not paragraphs.
    return f"<div>{_remove_head(text)}</div>" if markup else text


def _remove_head(markup: str) -> str:
    """Remove the head of a page; there is one, so a second is not looked for."""
    start = _HEAD_START.search(markup)
    end = _HEAD_END.search(markup, start.end()) if start else None
    return markup[: start.start()] + markup[end.end() :] if start and end else markup
