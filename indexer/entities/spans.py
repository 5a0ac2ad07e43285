"""Spans: runs of capitalised words, and their tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.entities import cues, gazetteer, organizations

_UPPERCASE_CHARS = "A-Z" + "".join(char for char in map(chr, range(0xC0, 0x250)) if char.isupper())
# After a capital: the rest of initials or U.S., of a title with its dot, or of any word.
# Repeats are bounded, so that no text yields a span that is costly to parse or to cache.
_REST_OF_WORD = (
    rf"(?:(?:\.[{_UPPERCASE_CHARS}]){{0,5}}\.(?:-[{_UPPERCASE_CHARS}][\w’'-]{{0,40}})?"
    r"|(?:r|rs|s|en|ep|ov|ol|t|gt|apt|rof|ev|dm|aj|res)\.|[\w’'&-]{0,40}(?:\.com\b)?)"
)
_INNER_WORD = "|".join(sorted(cues.INNER_WORDS, key=len, reverse=True))
NAME_SPAN = re.compile(
    # The look-behind stands after the first letter so that the search can jump to capitals.
    rf"[{_UPPERCASE_CHARS}](?<!\w.){_REST_OF_WORD}"
    rf"(?: (?:(?:{_INNER_WORD}) (?:the )?|(?:al|el|ul|d)[-'’])?"
    rf"[{_UPPERCASE_CHARS}]{_REST_OF_WORD}){{0,15}}"
)
_POSSESSIVE = re.compile(r"['’]s?$|(?<![-&'’])[-&'’]+$")
_POSSESSIVE_SUFFIXES = ("'", "’", "'s", "’s", "-", "&")

_MAX_LISTED_WORDS = 5  # words of a listed name
CUT_TOKEN = ""  # a token that no name spans
LISTED_NAMES = organizations.KNOWN_ORGS | gazetteer.PLACES
LISTED_NAMES_OR_DEMONYMS = LISTED_NAMES | gazetteer.DEMONYMS
_LISTED_FIRST_WORDS = frozenset(name.split(" ")[0] for name in LISTED_NAMES if " " in name)
# After a hyphen, these qualify the name before it: Tokyo-based.
_QUALIFYING_SUFFIXES = frozenset(
    {"based", "led", "backed", "listed", "born", "owned", "area", "style", "era", "controlled",
     "educated", "made", "run", "held", "occupied", "bound", "linked", "affiliated", "trained",
     "funded", "sponsored", "dominated", "appointed", "brokered"}
)  # fmt: skip


def strip_leading_capitals(parts: list[str]) -> list[str]:
    """Remove two or more leading words in capitals from a span: JUST IN Palin."""
    count = 0
    while count < len(parts) and parts[count].isupper() and len(parts[count]) > 2:
        count += 1
    return parts[count:] if 2 <= count < len(parts) else parts


def tokenize_span(parts: list[str]) -> Iterator[str]:
    """Yield words, listed names as one token each, and CUT_TOKEN after a possessive."""
    index = 0
    while index < len(parts):
        size = _measure_listed_name(parts, index)
        text = " ".join(parts[index : index + size])
        is_kept = (
            straighten_apostrophes(text) in LISTED_NAMES
            or straighten_apostrophes(text) in cues.POSSESSIVE_NAMES
        )
        word = text if is_kept else strip_possessive(text)
        yield from _split_hyphenated_word(word)
        if word != text:
            yield CUT_TOKEN
        index += size


def _split_hyphenated_word(word: str) -> tuple[str, ...]:
    """Split a word at its hyphen.

    U.S.-Japan is two names, Tokyo-based contains one, and Asia-Pacific stays one word.
    """
    first, hyphen, rest = word.partition("-")
    if hyphen and len(first) == 1 and first in "RD" and rest[:1].isupper():
        return (CUT_TOKEN, rest, CUT_TOKEN)  # R-Utah
    if not hyphen or word in LISTED_NAMES:
        return (word,)
    if rest in _QUALIFYING_SUFFIXES:
        return (first, CUT_TOKEN)
    if first not in LISTED_NAMES_OR_DEMONYMS:
        return (word,)
    if rest.islower():
        return (first, CUT_TOKEN)
    return (first, CUT_TOKEN, rest, CUT_TOKEN) if rest in LISTED_NAMES_OR_DEMONYMS else (word,)


def strip_possessive(text: str) -> str:
    """Remove the possessive of a word or name, and stray marks at its end."""
    return _POSSESSIVE.sub("", text) if text.endswith(_POSSESSIVE_SUFFIXES) else text


def straighten_apostrophes(text: str) -> str:
    return text.replace("’", "'")


def _measure_listed_name(parts: list[str], index: int) -> int:
    """Return the number of words of the longest listed name that starts there, or 1."""
    if parts[index] in _LISTED_FIRST_WORDS:
        for size in range(min(_MAX_LISTED_WORDS, len(parts) - index), 1, -1):
            text = straighten_apostrophes(" ".join(parts[index : index + size]))
            if text in LISTED_NAMES or strip_possessive(text) in LISTED_NAMES:
                return size
    return 1
