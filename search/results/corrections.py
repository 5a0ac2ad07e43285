"""Did you mean: words near those of a query that no article has.

A word is offered, never put in place of the one that was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from string import ascii_lowercase

from indexer.analysis import tokenize
from indexer.schema import FIELDS, FieldKind
from search.engines.searcher import Bucket, Searcher
from search.query.nodes import Near, Phrase, Query, Term, is_value_query, iterate_positive_leaves
from search.text.matching import calculate_edit_distance

# The vocabulary that is looked in: words as they are written, lower-cased and without accents.
VOCABULARY = ("title", "body")

_MAX_WORDS = 20
_MIN_WORD_CHARS = 3
# Longer words may have two typos.
_MAX_ONE_TYPO_CHARS = 5
_MAX_TERMS = 20_000


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of a query that no article has, and the nearest one that articles have."""

    written: str
    instead: str

    def __str__(self) -> str:
        return f"No article has {self.written}; did you mean {self.instead}?"


def find_corrections(
    query: Query, known: Iterable[str], searcher: Searcher
) -> tuple[Correction, ...]:
    """Find what to offer for the words of a query; not for those of `known` names."""
    named = {token for name in known for token in tokenize(name)}
    absent = (
        token
        for token in dict.fromkeys(_list_words(query))
        if token not in named and not searcher.count_documents(token)
    )
    nearest = ((token, _find_nearest(token, searcher)) for token in islice(absent, _MAX_WORDS))
    return tuple(Correction(token, instead) for token, instead in nearest if instead)


def apply_corrections(text: str, offered: Sequence[Correction]) -> str:
    """Put the offered words into a query's text."""
    for correction in offered:
        pattern = rf"(?i)(?<!\w){re.escape(correction.written)}(?!\w)"
        text = re.sub(pattern, correction.instead, text)
    return text


def _list_words(query: Query) -> Iterator[str]:
    """Yield the words that a query asks for in text or names; not those it excludes."""
    for leaf in iterate_positive_leaves(query):
        if (
            leaf.field in FIELDS and FIELDS[leaf.field].kind is FieldKind.KEYWORD
        ) or is_value_query(leaf):
            continue
        match leaf:
            case Term(text) | Phrase(text):
                yield from tokenize(text)
            case Near(words):
                yield from words


def _find_nearest(token: str, searcher: Searcher) -> str:
    """Return the word with the fewest typos, then the most frequent, or ""."""
    if len(token) < _MIN_WORD_CHARS or not token.isalpha():
        return ""
    # Few people misspell how a word begins, and few words begin with the same two letters.
    likely = _find_near(token, 1, [token[:2]], searcher)
    if likely or len(token) <= _MAX_ONE_TYPO_CHARS:
        return likely or _find_near(token, 1, _list_beginnings(token), searcher)
    return _find_near(token, 2, [*_list_beginnings(token), token[0]], searcher)


def _list_beginnings(token: str) -> list[str]:
    """List how words may begin that have one typo among their first two letters."""
    first, second, rest = token[0], token[1], token[2:4]
    others = [letter + token[1:3] for letter in ascii_lowercase]
    more = [letter + token[:2] for letter in ascii_lowercase]
    inner = [first + letter + rest for letter in ascii_lowercase]
    between = [first + letter + token[1:3] for letter in ascii_lowercase]
    swapped = second + first + rest[:1]
    return [*others, *more, *inner, *between, swapped, token[1:3], first + rest]


def _find_near(token: str, distance: int, beginnings: Sequence[str], searcher: Searcher) -> str:
    letters = set(token)
    found: list[tuple[int, int, str]] = []
    for bucket in _iterate_vocabulary(beginnings, searcher):
        word = bucket.value
        # An edit brings or takes at most one letter each; most words fail this at once.
        if abs(len(word) - len(token)) > distance or len(letters ^ set(word)) > 2 * distance:
            continue
        if word.isalpha() and (away := calculate_edit_distance(token, word)) <= distance:
            found.append((away, -bucket.count, word))
    return min(found)[2] if found else ""


def _iterate_vocabulary(beginnings: Sequence[str], searcher: Searcher) -> Iterator[Bucket]:
    for name in VOCABULARY:
        for beginning in beginnings:
            yield from searcher.list_terms(name, beginning, _MAX_TERMS)
