"""The headline of a page: the heading that agrees with the title in its metadata.

The metadata often adds the site's name to the title, and sometimes has another title for search
engines; the page shows its title in a heading, among headings that are no title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_TITLE_SEPARATOR = re.compile(
    r"(?<!\s)\s+[|–—·•:»«/~<>‹›*-]+\s+|(?:(?<!\s)\s+)?[|｜＿]\s*|(?<!\s)\s+[|–—-]+(?=\w)|\s::\s"
)
# Texts in scripts without spaces are compared by character.
_WORD = re.compile(r"[\u0e00-\u0eff\u3005-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*")
# Minimum shares of the words of the shorter of two titles that the other contains.
_MIN_SAME_SHARE = 0.75
_MIN_SIMILAR_SHARE = 0.4
_MIN_LONE_WORDS = 5
_MAX_KICKER_WORDS = 3
_MIN_TITLE_WORDS = 2
_MAX_TITLE_CHARS = 400  # characters
_MAX_SHORT_NAME_CHARS = 3  # characters; names up to this may be in other words by chance


@dataclass(frozen=True, slots=True)
class TitleCandidate:
    """A title of a page, and its origin."""

    text: str
    origin: str


@dataclass(frozen=True, slots=True)
class SiteNames:
    """The names of the site of a page, among them the labels of its domain, and its section."""

    names: frozenset[str]
    section: str = ""

    @classmethod
    def of(cls, names: Iterable[str], section: str, host: str) -> SiteNames:
        # "www" and "com" are no names.
        labels = [label for label in host.split(".")[:-1] if len(label) > _MAX_SHORT_NAME_CHARS]
        known = (_compact_text(name) for name in (*names, *labels, host.removeprefix("www.")))
        return cls(frozenset(known) - {""}, _compact_text(section))

    def is_site_name(self, text: str) -> bool:
        """Return whether a text is a name of the site or its section, or a part of a name."""
        name = _compact_text(text)
        if not name or name == self.section or name in self.names:
            return True
        return len(name) > _MAX_SHORT_NAME_CHARS and any(name in known for known in self.names)

    def is_site_suffix(self, text: str) -> bool:
        """Return whether the end of a title is such a name, alone or with a few more words."""
        name = _compact_text(text)
        return self.is_site_name(text) or any(
            len(known) > _MAX_SHORT_NAME_CHARS and known in name and len(name) < 3 * len(known)
            for known in self.names
        )


def choose_title(
    shown: Sequence[str], stated: Sequence[TitleCandidate], sites: SiteNames
) -> TitleCandidate:
    """Choose the heading that readers see as the title, else the title in the metadata.

    `shown` are the headings in order, `stated` the titles in the metadata, the most reliable
    first. The heading is the one that is most like these. Its own words are preferred to those
    for search engines or for sharing, but not to the headline in JSON-LD.
    """
    stated = [
        TitleCandidate(text, title.origin)
        for title in stated
        if (text := title.text[:_MAX_TITLE_CHARS])
    ]
    plain = [
        TitleCandidate(text, title.origin)
        for title in stated
        if (text := remove_site_name(title.text, sites, stated))
    ]
    headings = [
        _remove_kicker(remove_site_name(text, sites) or text, plain)
        for text in dict.fromkeys(shown)
        if text and not sites.is_site_name(text)
    ]
    likest = max(
        headings,
        key=lambda text: (_find_best_similarity(plain, text), not _is_short(text)),
        default="",
    )
    if not likest or not plain:
        return (
            TitleCandidate(likest, "page")
            if likest
            else next(iter((*plain, *stated)), TitleCandidate("", ""))
        )
    same = next((title for title in plain if is_same_title(title.text, likest)), None)
    lone = all(text == likest or _is_short(text) for text in headings)
    if not _is_title(likest, plain, agreed=same is not None, lone=lone):
        return plain[0]
    if same is None:
        return TitleCandidate(likest, "page")
    return TitleCandidate(likest, same.origin) if _is_set_as_written(likest, same.text) else same


def _is_set_as_written(shown: str, stated: str) -> bool:
    """Return whether a heading differs from a title in capitals alone, and they are no style.

    Headings are often in capitals, or have stray spaces between their parts.
    """
    same = shown.casefold() == stated.casefold()
    return same and not shown.isupper() and not shown.islower()


def _remove_kicker(shown: str, stated: Iterable[TitleCandidate]) -> str:
    """Return a title in the metadata that a heading repeats below a few other words.

    These are a kicker ("Opinion"), a section or a label, and have no digits.
    """
    for title in stated:
        kicker = shown.removesuffix(title.text)
        words = _WORD.findall(kicker) if kicker != shown else []
        if (
            words
            and len(words) <= _MAX_KICKER_WORDS < len(_split_words(title.text))
            and not any(word.isdecimal() for word in words)
        ):
            return title.text
    return shown


def _is_short(text: str) -> bool:
    """Return whether a heading is so short that it is more likely that of a section."""
    return len(_split_words(text)) < _MIN_TITLE_WORDS


def _find_best_similarity(titles: Sequence[TitleCandidate], text: str) -> float:
    return max((calculate_similarity(text, title.text) for title in titles), default=0.0)


def _is_title(text: str, titles: Sequence[TitleCandidate], *, agreed: bool, lone: bool) -> bool:
    """Return whether a heading is the title, even if its words differ from the metadata.

    `agreed` is whether a title in the metadata is the same. A `lone` heading of a sentence's
    length is the title; a shorter one may be that of a section.
    """
    if not agreed and _is_short(text):
        return False
    first = titles[0]
    if first.origin != "json-ld":
        return (
            agreed
            or (lone and len(_split_words(text)) >= _MIN_LONE_WORDS)
            or _find_best_similarity(titles, text) >= _MIN_SIMILAR_SHARE
        )
    short, whole = _compact_text(text), _compact_text(first.text)
    parted = not agreed and (short in whole or whole in short)
    return calculate_similarity(text, first.text) >= _MIN_SAME_SHARE and not parted


def is_same_title(title: str, other: str) -> bool:
    """Return whether two titles differ only in case, spaces and punctuation."""
    return _compact_text(title) == _compact_text(other)


def calculate_similarity(title: str, other: str) -> float:
    """Return the share of the shorter title's words that are in the other, from 0 to 1."""
    first, second = _split_words(title), _split_words(other)
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def remove_site_name(title: str, sites: SiteNames, stated: Sequence[TitleCandidate] = ()) -> str:
    """Remove the name of its site from a title ("Quake hits coast | Daily Example").

    A separate part at either end is removed if it names the site, or if the remainder is
    another of the titles in the metadata.
    """
    for _ in range(3):
        shorter = _remove_site_part(title, sites, stated)
        if shorter == title:
            break
        title = shorter
    return title


def _remove_site_part(title: str, sites: SiteNames, stated: Sequence[TitleCandidate]) -> str:
    cuts = list(_TITLE_SEPARATOR.finditer(title))
    if not cuts:
        return "" if _compact_text(title) in sites.names else title
    others = {_compact_text(title.text) for title in stated}
    first, last = cuts[0], cuts[-1]
    for rest, end in (
        (title[: last.start()], title[last.end() :]),
        (title[first.end() :], title[: first.start()]),
    ):
        if rest and (sites.is_site_suffix(end) or _compact_text(rest) in others):
            return rest.strip()
    return title


# The few titles of a page are compared with each other many times.
@lru_cache(maxsize=64)
def _split_words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _compact_text(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
