"""Folding of the letters and digits of dates to forms that can be compared."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_APOSTROPHES = str.maketrans("", "", "'’׳״ʻʼ‘`´\u0640")
# Turkish dotless i; Persian forms of Arabic letters.
_LETTERS = {"ı": "i", "İ": "I", "ی": "ي", "ى": "ي", "ک": "ك"}
_NUKTAS = frozenset("\u093c\u09bc\u0a3c")
# Below it are the accents of Latin, Greek and Cyrillic and the vowel points of Arabic and Hebrew;
# above it, marks are the vowels of the Indic scripts.
_FIRST_VOWEL_SIGN = "\u0900"


def fold_text(text: str) -> str:
    """Return a text without accents and format characters, with the digits of ASCII.

    The case of letters remains, as names of time zones are in capitals.
    """
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(map(_fold_character, decomposed)))


def fold_name(name: str) -> str:
    """Return the key of a name: folded, in lower case, without apostrophes and last dots."""
    return fold_text(name).casefold().translate(_APOSTROPHES).strip(" .॰")


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf" or character in _NUKTAS:
        return ""
    if category[0] == "M" and character < _FIRST_VOWEL_SIGN:
        return ""
    return _LETTERS.get(character, character)
