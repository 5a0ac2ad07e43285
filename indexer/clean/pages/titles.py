"""The headline of a page: the one it shows, where that is the one it tells.

A page tells its title in its metadata, often with the site's name and sometimes in other
words made for search engines; it shows it in a heading, among headings that are no title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_CUT = re.compile(r"\s+[|–—·•:»«/~<>‹›*-]+\s+|\s*[|｜＿]\s*|\s+[|–—-]+(?=\w)|\s::\s")
# Scripts without spaces are compared by character.
_PART = re.compile(r"[\u0e00-\u0eff\u3005-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*")
# Of the words of the shorter of two titles, how many the other has.
_SAME = 0.75
_ALIKE = 0.4
_FEWEST_WORDS = 2
_LONGEST = 400
_SHORT = 3  # characters of a name that may stand in other words by chance


@dataclass(frozen=True, slots=True)
class Told:
    """A title in the page's metadata, and where that is."""

    text: str
    origin: str


@dataclass(frozen=True, slots=True)
class Sites:
    """What the site of a page is called, in words and by its address, and its section."""

    names: frozenset[str]
    section: str = ""

    @classmethod
    def of(cls, names: Iterable[str], section: str, host: str) -> Sites:
        # Of an address "www" and "com" are no names.
        labels = [label for label in host.split(".")[:-1] if len(label) > _SHORT]
        known = (_compact(name) for name in (*names, *labels, host.removeprefix("www.")))
        return cls(frozenset(known) - {""}, _compact(section))

    def has(self, text: str) -> bool:
        """Whether a text is a name of the site or its section, or a part of one."""
        name = _compact(text)
        if not name or name == self.section or name in self.names:
            return True
        return len(name) > _SHORT and any(name in known for known in self.names)

    def has_end(self, text: str) -> bool:
        """Whether the end of a title is such a name, with some more beside it or not."""
        name = _compact(text)
        return self.has(text) or any(
            len(known) > _SHORT and known in name and len(name) < 3 * len(known)
            for known in self.names
        )


def best_title(shown: Sequence[str], told: Sequence[Told], sites: Sites) -> Told:
    """The title that a page shows, where it tells the same, else the one it tells.

    `shown` are its headings in order, `told` what its metadata has, the surest first. A
    heading in other words counts before a title for search engines or for sharing, but not
    before the headline of a record of the article.
    """
    told = [Told(text, each.origin) for each in told if (text := each.text[:_LONGEST])]
    plain = [
        Told(text, each.origin) for each in told if (text := without_site(each.text, sites, told))
    ]
    headings = [text for text in shown if text and not sites.has(text)]
    likest = max(headings, key=lambda text: (_likest(plain, text), not _is_short(text)), default="")
    if not likest or not plain:
        return Told(likest, "page") if likest else next(iter((*plain, *told)), Told("", ""))
    # Headings are often all in capitals, or have stray spaces where their parts meet.
    same = next((each for each in plain if _compact(each.text) == _compact(likest)), None)
    if _counts(likest, plain, agreed=same is not None):
        return same or Told(likest, "page")
    return plain[0]


def _is_short(text: str) -> bool:
    """Whether a heading is more likely that of a section."""
    return len(_words(text)) < _FEWEST_WORDS


def _likest(told: Sequence[Told], text: str) -> float:
    return max((likeness(text, each.text) for each in told), default=0.0)


def _counts(text: str, told: Sequence[Told], *, agreed: bool) -> bool:
    """Whether a heading is the title, in words of its own too."""
    first = told[0]
    if not agreed and _is_short(text):
        return False
    if first.origin != "json-ld":
        return agreed or _likest(told, text) >= _ALIKE
    short, whole = _compact(text), _compact(first.text)
    parted = not agreed and (short in whole or whole in short)
    return likeness(text, first.text) >= _SAME and not parted


def same_title(one: str, other: str) -> bool:
    """Whether two titles differ at most in capitals, spaces and marks."""
    return _compact(one) == _compact(other)


def likeness(one: str, other: str) -> float:
    """How much of the shorter title's words are in the other, from 0 to 1."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def without_site(title: str, sites: Sites, told: Sequence[Told] = ()) -> str:
    """A title without the name of its site ("Quake hits coast | Daily Example").

    What stands apart at an end is dropped if it names the site, or if another of the
    titles that are told is the rest alone.
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
    others = {_compact(each.text) for each in told}
    first, last = cuts[0], cuts[-1]
    for rest, end in (
        (title[: last.start()], title[last.end() :]),
        (title[first.end() :], title[: first.start()]),
    ):
        if rest and (sites.has_end(end) or _compact(rest) in others):
            return rest.strip()
    return title


# A page's few titles are compared with each other again and again.
@lru_cache(maxsize=64)
def _words(text: str) -> frozenset[str]:
    return frozenset(_PART.findall(text.casefold()))


def _compact(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
