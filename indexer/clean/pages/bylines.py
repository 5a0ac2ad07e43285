"""Authors in the visible text of a page: marked authors, bylines, "By Jane Doe"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from selectolax.lexbor import LexborNode

from indexer.clean.metadata import authors, is_person
from indexer.clean.pages.marks import Marks, after, attribute, called_of, short_text, texts
from indexer.clean.paragraphs import line

_LONGEST = 150  # characters of a byline
_NEAR = 120  # nodes after the headline that are searched
_MOST_NAMES = 8
_BY = re.compile(
    r"(?:(?:written|words|story|text|reported|posted|published|article|medically reviewed)\s+)?"
    r"(?:by|von|par|por|di|door|av|af|autor(?:e|a)?|auteur|author|автор|текст|penulis|oleh|przez"
    r"|reporter|yazar)\b\s*:?\s+(?=\w)",
    re.I,
)
_PROFILE = re.compile(
    r"/(?:authors?|autor(?:e|en|es|a)?|auteurs?|people|person|staff|profiles?"
    r"|team|contributors?|writers?|journalists?|reporters?|columnists?|by)/",
    re.I,
)
# Other text in a byline after a name, with or without an element of its own.
_REST = re.compile(
    r"\b(?:about the authors?|read more|follow|share|updated|published|posted|on|in|at|am|um|"
    r"reviewed|fact[- ]checked|edited|min(?:ute)?s? read|contributor)\b.*|[|•·–—:].*|\d.*",
    re.I,
)
_AND = re.compile(r"^(?:and|und|et|y|e|&|,)\s*$", re.I)
_LONGEST_ALONE = 12  # characters of a name without spaces
_MOST_BYLINES = 10
_UNCASED = re.compile(r"[\u0590-\u0dff\u0e00-\u0fff\u3040-\u9fff\uac00-\ud7af]{2}")
_WORD = re.compile(r"[^\W\d_][\w.'’-]*|&")
_PARTICLES = frozenset(
    ("de", "da", "do", "dos", "das", "del", "della", "di", "la", "le", "van", "von", "der", "den",
     "ter", "ten", "el", "al", "bin", "ben", "y", "e", "af", "av", "zu", "zur", "und", "and", "&",
     "st.", "dr.", "mc", "abu", "ibn")
)  # fmt: skip
_NO_NAME = frozenset(
    ("about", "all", "and", "author", "authors", "by", "comments", "day", "editorial", "guest",
     "image", "photo", "photos", "tips", "contact", "contributor", "copyright", "editor", "follow",
     "from", "home", "latest", "login", "menu", "more", "news", "newsletter", "posted", "read",
     "related", "search", "see", "share", "sign", "subscribe", "team", "the", "this", "topics",
     "trending", "update", "updated", "view", "with", "written", "your")
)  # fmt: skip


def shown_authors(marks: Marks, heading: LexborNode | None) -> tuple[str, ...]:
    """Return the names of the authors that a page shows."""
    if names := _near(heading):
        return names
    bylines = called_of(marks.page).bylines
    return _marked(marks, bylines) or _in_bylines(bylines)


def is_name(text: str) -> bool:
    """Return whether a text can be a person's name: a few words, most of them capitalized."""
    words = text.split()
    if len(words) == 1:
        # Names of one word are only those in scripts without spaces and capitals.
        return len(text) <= _LONGEST_ALONE and text.isalpha() and _UNCASED.match(text) is not None
    if not 2 <= len(words) <= 5 or not _NO_NAME.isdisjoint(
        word.casefold().strip(".,") for word in words
    ):
        return False
    return all(
        _WORD.fullmatch(word) and (not word[0].islower() or word.casefold() in _PARTICLES)
        for word in words
    )


def _marked(marks: Marks, bylines: Iterable[LexborNode]) -> tuple[str, ...]:
    """Return the names in elements with the microdata or the link type of an author."""
    names: list[str] = []
    for node in marks.items.get("author", ()):
        content = attribute(node, "content")
        names += _names([content] if content else texts(node.css_first("[itemprop=name]") or node))
    for node in bylines:
        if "author" in attribute(node, "rel").lower():
            names += _names(texts(node))
    return tuple(dict.fromkeys(names[:_MOST_NAMES]))


def _in_bylines(bylines: Sequence[LexborNode]) -> tuple[str, ...]:
    """Return the names in the first element labelled as byline or author that contains any."""
    for node in bylines[:_MOST_BYLINES]:
        links = [link for link in node.css("a[href]") if _PROFILE.search(attribute(link, "href"))]
        linked = [name for link in links[:_MOST_NAMES] for name in _names(texts(link))]
        if linked:
            return tuple(dict.fromkeys(linked))
        if short_text(node, _LONGEST) and (names := _names(texts(node))):
            return tuple(names)
    return ()


def _near(heading: LexborNode | None) -> tuple[str, ...]:
    """Return the names in the first line after a headline that begins like a byline."""
    nodes = islice(after(heading), _NEAR) if heading is not None else ()
    for node in nodes:
        text = line(node.text_content or "") if node.tag == "-text" else ""
        by, parent = _BY.match(f"{text} x"), node.parent
        if not by or parent is None:
            continue
        if by.end() > len(text) and short_text(parent, _LONGEST) == text:
            # The name is in another element than the "By".
            parent = parent.parent
        if parent is not None and short_text(parent, _LONGEST):
            return tuple(_names(texts(parent)))
    return ()


def _names(parts: Iterable[str]) -> list[str]:
    """Return the names at the start of a byline in parts, up to the first part without a name."""
    names: list[str] = []
    for part in parts:
        plain = _plain(part)
        if not plain:
            continue
        more = [name for name in authors(plain) if is_name(name) and is_person(name)]
        if names and not more:
            break
        names += more
    return list(dict.fromkeys(names))[:_MOST_NAMES]


def _plain(text: str) -> str:
    """Return a part of a byline without its "By" and without the text after the names."""
    by = _BY.match(f"{text} x")
    rest = text[by.end() :] if by else _AND.sub("", text)
    return _REST.sub("", rest).strip(" ,;-")
