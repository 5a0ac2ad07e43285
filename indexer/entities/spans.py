"""Runs of capitalised words, and the tokens in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.entities import cues, gazetteer, organizations

_UPPER = "A-Z" + "".join(char for char in map(chr, range(0xC0, 0x250)) if char.isupper())
# After a capital: the rest of initials or U.S., of a title with its dot, or of any word.
# Repeats are bounded, so that no text makes a span that is costly to read or to remember.
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
CUT = ""  # a token across which no name goes
LISTED = organizations.ORGS | gazetteer.PLACES
LISTED_OR_ADJECTIVE = LISTED | gazetteer.DEMONYMS
_STARTS = frozenset(name.split(" ")[0] for name in LISTED if " " in name)
# Behind a hyphen, these say something of the name before it.
_TRAILS = frozenset(
    {"based", "led", "backed", "listed", "born", "owned", "area", "style", "era", "controlled",
     "educated", "made", "run", "held", "occupied", "bound", "linked", "affiliated", "trained",
     "funded", "sponsored", "dominated", "appointed", "brokered"}
)  # fmt: skip


def without_shouting(parts: list[str]) -> list[str]:
    """A span cut behind the two or more words in capitals that it begins with: JUST IN Palin."""
    loud = 0
    while loud < len(parts) and parts[loud].isupper() and len(parts[loud]) > 2:
        loud += 1
    return parts[loud:] if 2 <= loud < len(parts) else parts


def tokens_of(parts: list[str]) -> Iterator[str]:
    """Words, and listed names as one token each; CUT after a possessive."""
    index = 0
    while index < len(parts):
        size = _listed_size(parts, index)
        text = " ".join(parts[index : index + size])
        kept = plain(text) in LISTED or plain(text) in cues.POSSESSED
        word = text if kept else without_possessive(text)
        yield from _unhyphened(word)
        if word != text:
            yield CUT
        index += size


def _unhyphened(word: str) -> tuple[str, ...]:
    """U.S.-Japan is two names, Tokyo-based has one; Asia-Pacific stays one word."""
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
    """A word or name without its possessive, and without stray marks at its end."""
    return _POSSESSIVE.sub("", text) if text.endswith(_POSSESSIVE_ENDS) else text


def plain(text: str) -> str:
    return text.replace("’", "'")


def _listed_size(parts: list[str], index: int) -> int:
    """How many words the longest listed name has that starts there; else 1."""
    if parts[index] in _STARTS:
        for size in range(min(_MOST_LISTED, len(parts) - index), 1, -1):
            text = plain(" ".join(parts[index : index + size]))
            if text in LISTED or without_possessive(text) in LISTED:
                return size
    return 1
