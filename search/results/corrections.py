"""Did you mean: words near those of a query that no article has.

A word is offered, never put in place of the one that was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from string import ascii_lowercase

from indexer.analysis import tokens
from indexer.schema import FIELDS, Kind, exact
from search.engines.searcher import Bucket, Searcher
from search.query.nodes import Near, Phrase, Query, Term, is_value, positive_leaves
from search.text.matching import typos

# The vocabulary that is looked in: words as they are written, lower-cased and without accents.
VOCABULARY = (exact("title"), exact("body"))

_MOST_WORDS = 20
_SHORTEST = 3
# Longer words may have two typos.
_SHORT = 5
_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of a query that no article has, and the nearest one that articles have."""

    written: str
    instead: str

    def __str__(self) -> str:
        return f"No article has {self.written}; did you mean {self.instead}?"


def corrections(query: Query, known: Iterable[str], searcher: Searcher) -> tuple[Correction, ...]:
    """What to offer for the words of a query; not for those of `known` names."""
    named = {token for name in known for token in tokens(name)}
    absent = (
        token
        for token in dict.fromkeys(_words(query))
        if token not in named and not searcher.frequency(token)
    )
    nearest = ((token, _nearest(token, searcher)) for token in islice(absent, _MOST_WORDS))
    return tuple(Correction(token, instead) for token, instead in nearest if instead)


def corrected(text: str, offered: Sequence[Correction]) -> str:
    """A query's text with the words that are offered."""
    for each in offered:
        text = re.sub(rf"(?i)(?<!\w){re.escape(each.written)}(?!\w)", each.instead, text)
    return text


def _words(query: Query) -> Iterator[str]:
    """The words that a query asks for in text or names; not those that must be left out."""
    for leaf in positive_leaves(query):
        if (leaf.field in FIELDS and FIELDS[leaf.field].kind is Kind.KEYWORD) or is_value(leaf):
            continue
        match leaf:
            case Term(text) | Phrase(text):
                yield from tokens(text)
            case Near(words):
                yield from words


def _nearest(token: str, searcher: Searcher) -> str:
    """The word with the fewest typos, of these the one that most articles have; or nothing."""
    if len(token) < _SHORTEST or not token.isalpha():
        return ""
    # Few people misspell how a word begins, and few words begin with the same two letters.
    likely = _near(token, 1, [token[:2]], searcher)
    if likely or len(token) <= _SHORT:
        return likely or _near(token, 1, _beginnings(token), searcher)
    return _near(token, 2, [*_beginnings(token), token[0]], searcher)


def _beginnings(token: str) -> list[str]:
    """How words may begin that have one typo among their first two letters."""
    first, second, rest = token[0], token[1], token[2:4]
    others = [letter + token[1:3] for letter in ascii_lowercase]
    more = [letter + token[:2] for letter in ascii_lowercase]
    inner = [first + letter + rest for letter in ascii_lowercase]
    between = [first + letter + token[1:3] for letter in ascii_lowercase]
    swapped = second + first + rest[:1]
    return [*others, *more, *inner, *between, swapped, token[1:3], first + rest]


def _near(token: str, distance: int, beginnings: Sequence[str], searcher: Searcher) -> str:
    letters = set(token)
    found: list[tuple[int, int, str]] = []
    for bucket in _vocabulary(beginnings, searcher):
        word = bucket.value
        # An edit brings or takes at most one letter each; most words fail this at once.
        if abs(len(word) - len(token)) > distance or len(letters ^ set(word)) > 2 * distance:
            continue
        if word.isalpha() and (away := typos(token, word)) <= distance:
            found.append((away, -bucket.count, word))
    return min(found)[2] if found else ""


def _vocabulary(beginnings: Sequence[str], searcher: Searcher) -> Iterator[Bucket]:
    for name in VOCABULARY:
        for beginning in beginnings:
            yield from searcher.terms(name, beginning, _LOOKED_AT)
