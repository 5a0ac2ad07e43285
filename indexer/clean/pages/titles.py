"""The headline of a page: the heading that agrees with the title in its metadata.

The metadata often adds the site's name to the title, and sometimes has another title for search
engines; the page shows its title in a heading, among headings that are no title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_CUT = re.compile(r"\s+[|–—·•:»«/~<>‹›*-]+\s+|\s*[|｜＿]\s*|\s+[|–—-]+(?=\w)|\s::\s")
# Texts in scripts without spaces are compared by character.
_PART = re.compile(r"[\u0e00-\u0eff\u3005-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*")
# Minimum shares of the words of the shorter of two titles that the other contains.
_SAME = 0.75
_ALIKE = 0.4
_FEWEST_WORDS = 2
_LONGEST = 400  # characters
_SHORT = 3  # characters; names up to this may be in other words by chance


@dataclass(frozen=True, slots=True)
class Told:
    """A title of a page, and its origin."""

    text: str
    origin: str


@dataclass(frozen=True, slots=True)
class Sites:
    """The names of the site of a page, among them the labels of its domain, and its section."""

    names: frozenset[str]
    section: str = ""

    @classmethod
    def of(cls, names: Iterable[str], section: str, host: str) -> Sites:
        # "www" and "com" are no names.
        labels = [label for label in host.split(".")[:-1] if len(label) > _SHORT]
        known = (_compact(name) for name in (*names, *labels, host.removeprefix("www.")))
        return cls(frozenset(known) - {""}, _compact(section))

    def has(self, text: str) -> bool:
        """Return whether a text is a name of the site or its section, or a part of a name."""
        name = _compact(text)
        if not name or name == self.section or name in self.names:
            return True
        return len(name) > _SHORT and any(name in known for known in self.names)

    def has_end(self, text: str) -> bool:
        """Return whether the end of a title is such a name, alone or with a few more words."""
        name = _compact(text)
        return self.has(text) or any(
            len(known) > _SHORT and known in name and len(name) < 3 * len(known)
            for known in self.names
        )


def best_title(shown: Sequence[str], told: Sequence[Told], sites: Sites) -> Told:
    """Choose the heading that agrees with the metadata, else the title in the metadata.

    `shown` are the headings in order, `stated` the titles in the metadata, the most reliable
    first. A heading in other words is preferred to a title for search engines or for sharing,
    but not to the headline in JSON-LD.
    """
    told = [Told(text, title.origin) for title in told if (text := title.text[:_LONGEST])]
    plain = [
        Told(text, title.origin)
        for title in told
        if (text := without_site(title.text, sites, told))
    ]
    headings = [text for text in shown if text and not sites.has(text)]
    likest = max(headings, key=lambda text: (_likest(plain, text), not _is_short(text)), default="")
    if not likest or not plain:
        return Told(likest, "page") if likest else next(iter((*plain, *told)), Told("", ""))
    # Headings are often in capitals, or have stray spaces between their parts.
    same = next((title for title in plain if _compact(title.text) == _compact(likest)), None)
    if _counts(likest, plain, agreed=same is not None):
        return same or Told(likest, "page")
    return plain[0]


def _is_short(text: str) -> bool:
    """Return whether a heading is so short that it is more likely that of a section."""
    return len(_words(text)) < _FEWEST_WORDS


def _likest(told: Sequence[Told], text: str) -> float:
    return max((likeness(text, title.text) for title in told), default=0.0)


def _counts(text: str, told: Sequence[Told], *, agreed: bool) -> bool:
    """Return whether a heading is the title, even if its words differ from the metadata."""
    first = told[0]
    if not agreed and _is_short(text):
        return False
    if first.origin != "json-ld":
        return agreed or _likest(told, text) >= _ALIKE
    short, whole = _compact(text), _compact(first.text)
    parted = not agreed and (short in whole or whole in short)
    return likeness(text, first.text) >= _SAME and not parted


def same_title(one: str, other: str) -> bool:
    """Return whether two titles differ only in case, spaces and punctuation."""
    return _compact(one) == _compact(other)


def likeness(one: str, other: str) -> float:
    """Return the share of the shorter title's words that are in the other, from 0 to 1."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def without_site(title: str, sites: Sites, told: Sequence[Told] = ()) -> str:
    """Remove the name of its site from a title ("Quake hits coast | Daily Example").

    A separate part at either end is removed if it names the site, or if the remainder is
    another of the titles in the metadata.
    """
    for _ in range(3):
        shorter = _shorter(title, sites, told)
        if shorter == title:
            break
        title = shorter
    return title


def _shorter(title: str, sites: Sites, told: Sequence[Told]) -> str:
    cuts = list(_CUT.finditer(title))
    if not cuts:
        return "" if _compact(title) in sites.names else title
    others = {_compact(title.text) for title in told}
    first, last = cuts[0], cuts[-1]
    for rest, end in (
        (title[: last.start()], title[last.end() :]),
        (title[first.end() :], title[: first.start()]),
    ):
        if rest and (sites.has_end(end) or _compact(rest) in others):
            return rest.strip()
    return title


# The few titles of a page are compared with each other many times.
@lru_cache(maxsize=64)
def _words(text: str) -> frozenset[str]:
    return frozenset(_PART.findall(text.casefold()))


def _compact(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
