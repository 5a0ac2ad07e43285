"""Spans: runs of capitalised words, and their tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.entities import cues, gazetteer, organizations

_UPPER = "A-Z" + "".join(char for char in map(chr, range(0xC0, 0x250)) if char.isupper())
# After a capital: the rest of initials or U.S., of a title with its dot, or of any word.
# Repeats are bounded, so that no text yields a span that is costly to parse or to cache.
_REST = (
    rf"(?:(?:\.[{_UPPER}]){{0,5}}\.(?:-[{_UPPER}][\w’'-]{{0,40}})?"
    r"|(?:r|rs|s|en|ep|ov|ol|t|gt|apt|rof|ev|dm|aj|res)\.|[\w’'&-]{0,40}(?:\.com\b)?)"
)
_INNER = "|".join(sorted(cues.INNER, key=len, reverse=True))
SPAN = re.compile(
    # The look-behind stands after the first letter so that the search can jump to capitals.
    rf"[{_UPPER}](?<!\w.){_REST}"
    rf"(?: (?:(?:{_INNER}) (?:the )?|(?:al|el|ul|d)[-'’])?[{_UPPER}]{_REST}){{0,15}}"
)
_POSSESSIVE = re.compile(r"['’]s?$|[-&'’]+$")
_POSSESSIVE_ENDS = ("'", "’", "'s", "’s", "-", "&")

_MOST_LISTED = 5  # words of a listed name
CUT = ""  # a token that no name spans
LISTED = organizations.ORGS | gazetteer.PLACES
LISTED_OR_ADJECTIVE = LISTED | gazetteer.DEMONYMS
_STARTS = frozenset(name.split(" ")[0] for name in LISTED if " " in name)
# After a hyphen, these qualify the name before it: Tokyo-based.
_TRAILS = frozenset(
    {"based", "led", "backed", "listed", "born", "owned", "area", "style", "era", "controlled",
     "educated", "made", "run", "held", "occupied", "bound", "linked", "affiliated", "trained",
     "funded", "sponsored", "dominated", "appointed", "brokered"}
)  # fmt: skip


def without_shouting(parts: list[str]) -> list[str]:
    """Remove two or more leading words in capitals from a span: JUST IN Palin."""
    count = 0
    while count < len(parts) and parts[count].isupper() and len(parts[count]) > 2:
        count += 1
    return parts[count:] if 2 <= count < len(parts) else parts


def tokens_of(parts: list[str]) -> Iterator[str]:
    """Yield words, listed names as one token each, and CUT_TOKEN after a possessive."""
    index = 0
    while index < len(parts):
        size = _listed_size(parts, index)
        text = " ".join(parts[index : index + size])
        is_kept = plain(text) in LISTED or plain(text) in cues.POSSESSED
        word = text if is_kept else without_possessive(text)
        yield from _unhyphened(word)
        if word != text:
            yield CUT
        index += size


def _unhyphened(word: str) -> tuple[str, ...]:
    """Split a word at its hyphen.

    U.S.-Japan is two names, Tokyo-based contains one, and Asia-Pacific stays one word.
    """
    first, hyphen, rest = word.partition("-")
    if hyphen and len(first) == 1 and first in "RD" and rest[:1].isupper():
        return (CUT, rest, CUT)  # R-Utah
    if not hyphen or word in LISTED:
        return (word,)
    if rest in _TRAILS:
        return (first, CUT)
    if first not in LISTED_OR_ADJECTIVE:
        return (word,)
    if rest.islower():
        return (first, CUT)
    return (first, CUT, rest, CUT) if rest in LISTED_OR_ADJECTIVE else (word,)


def without_possessive(text: str) -> str:
    """Remove the possessive of a word or name, and stray marks at its end."""
    return _POSSESSIVE.sub("", text) if text.endswith(_POSSESSIVE_ENDS) else text


def plain(text: str) -> str:
    return text.replace("’", "'")


def _listed_size(parts: list[str], index: int) -> int:
    """Return the number of words of the longest listed name that starts there, or 1."""
    if parts[index] in _STARTS:
        for size in range(min(_MOST_LISTED, len(parts) - index), 1, -1):
            text = plain(" ".join(parts[index : index + size]))
            if text in LISTED or without_possessive(text) in LISTED:
                return size
    return 1
