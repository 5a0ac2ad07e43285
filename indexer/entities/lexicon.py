"""The large lists of names and words, loaded at their first use.

`names.NOTICE` names their sources; `tests/train/names.py` builds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import zstandard

LEXICON_PATH: Final = Path(__file__).with_name("names.zst")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Lists of names as written and of words in lower case. A name may be on several lists.

    A metropolis has a million people or more, a city 100,000, a town 15,000.
    """

    given: frozenset[str]
    surnames: frozenset[str]
    metropolises: frozenset[str]
    cities: frozenset[str]
    towns: frozenset[str]
    regions: frozenset[str]
    frequent_words: frozenset[str]
    words: frozenset[str]


@cache
def load_lexicon() -> Lexicon:
    text = zstandard.decompress(LEXICON_PATH.read_bytes()).decode()
    lists = (part.split("\n") for part in text.split("\n\n"))
    return Lexicon(**{name: frozenset(items) for name, *items in lists})


def is_english_word(word: str) -> bool:
    """Return whether `word`, in lower case, is an ordinary English word."""
    lists = load_lexicon()
    return word in lists.frequent_words or word in lists.words
