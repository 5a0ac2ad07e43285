"""The analyzer of all engines, queries and snippets: from text to tokens.

A token is a run of letters and digits, joined by single inner dots and apostrophes
(`u.s`, `o'neill`), in lower case, without accents and without a possessive `'s`. A Han
character, kana or letter of a script written without spaces is a token by itself, so
that a word of several is found as a phrase. Stemmed fields contain the Porter2 stem of
each token. Every token has a position; no stop words are removed.

`analyze` does all of this except stemming and returns tokens separated by spaces. Engines
only split that text on spaces, so all of them index the same tokens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

import snowballstemmer

_APOSTROPHES = "'\u2018\u2019\u02bc\uff07"
_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th",
    "ı": "i", "ħ": "h", "ŋ": "n", "ĸ": "k", "ŧ": "t", "ё": "е", "ς": "σ", "ŉ": "n",
}  # fmt: skip
# Scripts without spaces between words, as inclusive ranges of code points.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x30FF),  # kana
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),  # Han
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# A dot or apostrophe that does not join letters, in a text that begins and ends with a space.
_LOOSE = re.compile(
    r"""
    ['.] (?:
        ['.]+ (?: (?<=\.') s (?=[ ]) )?                   # several, with the s of U.S.'s
        | (?=[ ])                                         # the last character of a word
        | (?<=[ ].)                                       # the first one
        | (?<=') s (?:'s)* (?= ['.]?[ ] | ['.]{2} )       # a possessive
    )
    """,
    re.VERBOSE,
)


def _fold_character(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    if char == ".":
        return "."
    if char in _LETTERS:
        return _LETTERS[char]
    point = ord(char)
    if any(low <= point <= high for low, high in _UNSPACED):
        return f" {char} " if unicodedata.category(char)[0] in "LMN" else " "
    base = unicodedata.normalize("NFKD", char)[0]
    if base != char and (base in _LETTERS or base in _APOSTROPHES):
        return _fold_character(base)
    if base.isalnum() and (base.isascii() or point < 0x0400):
        return base.lower()
    # Marks of Indic scripts are vowels and stay; those of Latin, Arabic, Hebrew are removed.
    if unicodedata.category(char).startswith("M"):
        return char if 0x0900 <= point <= 0x0DFF else ""
    return char if char.isalnum() else " "


class _Folding(dict[int, str]):
    """A table for str.translate that adds each character at its first use."""

    def __missing__(self, point: int) -> str:
        folded = self[point] = _fold_character(chr(point))
        return folded


_FOLDING = _Folding()
_FEW = 12  # distinct characters


def _folded(text: str) -> str:
    """Return a text in lower case with every character folded.

    `str.translate` is fast for ASCII only, and most texts are ASCII except for a few quotes,
    dashes and accents: these are replaced one by one before.
    """
    lowered = text.lower()
    if not lowered.isascii():
        chars = set(_NOT_ASCII.findall(lowered))
        for char in chars if len(chars) <= _FEW else ():
            plain = _FOLDING[ord(char)]
            if plain.isascii():
                lowered = lowered.replace(char, plain)
    return lowered.translate(_FOLDING)


def _without_loose_marks(folded: str) -> str:
    """Blank out dots and apostrophes that do not join, and possessives; the length stays."""
    return _LOOSE.sub(lambda marks: " " * len(marks[0]), f" {folded} ")[1:-1]


def analyze(text: str) -> str:
    """Return the tokens of a text in order, separated by one or more spaces, not stemmed."""
    return _without_loose_marks(_folded(text))


def tokens(text: str) -> list[str]:
    """Return the tokens of a text in order, not stemmed."""
    return analyze(text).split()


def aligned(text: str) -> tuple[str, Sequence[int] | None]:
    """Return `analyze(text)`, and for each of its characters the offset in `text` it came from.

    None is for the common case that both are aligned character by character. The list has
    one more item, for the end.
    """
    analyzed = analyze(text)
    if text.isascii() or all(_width(char) == 1 for char in set(_NOT_ASCII.findall(text))):
        return analyzed, None
    origins = [index for index, char in enumerate(text) for _ in range(_width(char))]
    origins.append(len(text))
    return analyzed, origins


def _width(char: str) -> int:
    """Return how many characters of the analyzed text one character of the text becomes."""
    return 1 if char.isascii() else len(char.lower().translate(_FOLDING))


class _Stems(dict[str, str]):
    """A cache of stems by token, which is cleared when it is full."""

    _MOST = 500_000

    def __init__(self) -> None:
        super().__init__()
        self._stemmer = snowballstemmer.stemmer("english")

    def __missing__(self, token: str) -> str:
        if len(self) >= self._MOST:
            self.clear()
        porter_stem: str = self._stemmer.stemWord(token)
        self[token] = porter_stem
        return porter_stem


_stems = _Stems()


def stem(token: str) -> str:
    """Return the Porter2 stem of a token, by Snowball's English stemmer."""
    return _stems[token]


def stems(found: Iterable[str]) -> list[str]:
    """Return the stems of many tokens."""
    return list(map(_stems.__getitem__, found))
