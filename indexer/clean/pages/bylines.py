"""Authors in the visible text of a page: marked authors, bylines, "By Jane Doe"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from selectolax.lexbor import LexborNode

from indexer.clean.metadata import is_person, parse_authors
from indexer.clean.pages.page_elements import (
    PageElements,
    find_labelled_elements,
    get_attribute,
    get_short_text,
    list_texts,
    walk_after,
)
from indexer.clean.paragraphs import clean_line

_MAX_BYLINE_CHARS = 150  # characters of a byline
_MAX_NEAR_NODES = 120  # nodes after the headline that are searched
_MAX_NAMES = 8
_BYLINE_START = re.compile(
    r"(?:(?:written|words|story|text|reported|posted|published|article|medically reviewed)\s+)?"
    r"(?:by|von|par|por|di|door|av|af|autor(?:e|a)?|auteur|author|автор|текст|penulis|oleh|przez"
    r"|reporter|yazar)\b(?:\s*:)?\s+(?=\w)",
    re.I,
)
_PROFILE_PATH = re.compile(
    r"/(?:authors?|autor(?:e|en|es|a)?|auteurs?|people|person|staff|profiles?"
    r"|team|contributors?|writers?|journalists?|reporters?|columnists?|by)/",
    re.I,
)
# Other text in a byline after a name, with or without an element of its own.
_NAMES_END = re.compile(
    r"\b(?:about the authors?|read more|follow|share|updated|published|posted|on|in|at|am|um|"
    r"reviewed|fact[- ]checked|edited|min(?:ute)?s? read|contributor)\b.*|[|•·–—:].*|\d.*",
    re.I,
)
_CONJUNCTION = re.compile(
    r"^(?:and|with|und|mit|et|avec|y|con|e|com|en|met|og|och|med|i|z|a|ja|и|с|і|та|ve|&|,)\s*$",
    re.I,
)
_MAX_UNSPACED_NAME_CHARS = 12  # characters of a name without spaces
_MAX_BYLINES = 10
_UNCASED_SCRIPT = re.compile(r"[\u0590-\u0dff\u0e00-\u0fff\u3040-\u9fff\uac00-\ud7af]{2}")
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’-]*|&")
_PARTICLES = frozenset(
    ("de", "da", "do", "dos", "das", "del", "della", "di", "la", "le", "van", "von", "der", "den",
     "ter", "ten", "el", "al", "bin", "ben", "y", "e", "af", "av", "zu", "zur", "und", "and", "&",
     "st.", "dr.", "mc", "abu", "ibn")
)  # fmt: skip
_NON_NAME_WORDS = frozenset(
    ("about", "all", "and", "author", "authors", "by", "comments", "day", "editorial", "guest",
     "image", "photo", "photos", "tips", "contact", "contributor", "copyright", "editor", "follow",
     "from", "home", "latest", "login", "menu", "more", "news", "newsletter", "posted", "read",
     "related", "search", "see", "share", "sign", "subscribe", "team", "the", "this", "topics",
     "trending", "update", "updated", "view", "with", "written", "your")
)  # fmt: skip


def find_shown_authors(elements: PageElements, heading: LexborNode | None) -> tuple[str, ...]:
    """Return the names of the authors that a page shows."""
    if names := _find_authors_near(heading):
        return names
    bylines = find_labelled_elements(elements.page).bylines
    return _find_marked_authors(elements, bylines) or _find_byline_authors(bylines)


def is_person_name(text: str) -> bool:
    """Return whether a text can be a person's name: a few words, most of them capitalized."""
    words = text.split()
    if len(words) == 1:
        # Names of one word are only those in scripts without spaces and capitals.
        return (
            len(text) <= _MAX_UNSPACED_NAME_CHARS
            and text.isalpha()
            and _UNCASED_SCRIPT.match(text) is not None
        )
    if not 2 <= len(words) <= 5 or not _NON_NAME_WORDS.isdisjoint(
        word.casefold().strip(".,") for word in words
    ):
        return False
    return all(
        _NAME_WORD.fullmatch(word) and (not word[0].islower() or word.casefold() in _PARTICLES)
        for word in words
    )


def _find_marked_authors(elements: PageElements, bylines: Iterable[LexborNode]) -> tuple[str, ...]:
    """Return the names in elements with the microdata or the link type of an author."""
    names: list[str] = []
    for node in elements.items.get("author", ()):
        content = get_attribute(node, "content")
        names += _parse_names(
            [content] if content else list_texts(node.css_first("[itemprop=name]") or node)
        )
    for node in bylines:
        if "author" in get_attribute(node, "rel").lower():
            names += _parse_names(list_texts(node))
    return tuple(dict.fromkeys(names[:_MAX_NAMES]))


def _find_byline_authors(bylines: Sequence[LexborNode]) -> tuple[str, ...]:
    """Return the names in the first element labelled as byline or author that contains any."""
    for node in bylines[:_MAX_BYLINES]:
        links = [
            link
            for link in node.css("a[href]")
            if _PROFILE_PATH.search(get_attribute(link, "href"))
        ]
        linked = [name for link in links[:_MAX_NAMES] for name in _parse_names(list_texts(link))]
        if linked:
            return tuple(dict.fromkeys(linked))
        if get_short_text(node, _MAX_BYLINE_CHARS) and (names := _parse_names(list_texts(node))):
            return tuple(names)
    return ()


def _find_authors_near(heading: LexborNode | None) -> tuple[str, ...]:
    """Return the names in the first line after a headline that begins like a byline."""
    nodes = islice(walk_after(heading), _MAX_NEAR_NODES) if heading is not None else ()
    for node in nodes:
        text = clean_line(node.text_content or "") if node.tag == "-text" else ""
        by, parent = _BYLINE_START.match(f"{text} x"), node.parent
        if not by or parent is None:
            continue
        if by.end() > len(text) and get_short_text(parent, _MAX_BYLINE_CHARS) == text:
            # The name is in another element than the "By".
            parent = parent.parent
        if parent is not None and get_short_text(parent, _MAX_BYLINE_CHARS):
            return tuple(_parse_names(list_texts(parent)))
    return ()


def _parse_names(parts: Iterable[str]) -> list[str]:
    """Return the names at the start of a byline in parts, up to the first part without a name."""
    names: list[str] = []
    for part in parts:
        plain = _strip_byline(part)
        if not plain:
            continue
        more = [name for name in parse_authors(plain) if is_person_name(name) and is_person(name)]
        if names and not more:
            break
        names += more
    return list(dict.fromkeys(names))[:_MAX_NAMES]


def _strip_byline(text: str) -> str:
    """Return a part of a byline without its "By" and without the text after the names."""
    by = _BYLINE_START.match(f"{text} x")
    rest = text[by.end() :] if by else _CONJUNCTION.sub("", text)
    return _NAMES_END.sub("", rest).strip(" ,;-")
