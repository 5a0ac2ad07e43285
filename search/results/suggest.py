"""Completion: what a query that is being typed may become, by how many articles have it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.analysis import tokenize
from indexer.schema import COMPLETION_SEPARATOR, COMPLETIONS
from search.engines.searcher import Searcher
from search.query.nodes import make_value_query
from search.query.parser import MAX_QUERY_CHARS
from search.results.corrections import VOCABULARY
from search.results.snapshot import Snapshot

# The last words of a text that may together begin a name.
_MAX_NAME_WORDS = 4
# What stands before the word that is being typed: words, quotes, fields, a hyphen.
_TYPED = re.compile(r"(?P<before>.*[\s\"“”„‟«»＂():=-]|)(?P<word>.*)", re.S)
_LAST_WORDS = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word or a name, and how many articles have it, about.

    `field` is the facet that a name is of, or "" for a word. `query` is the whole text with it
    in the place of what was typed.
    """

    text: str
    field: str
    count: int
    query: str


def suggest_completions(
    text: str, snapshot: Snapshot, *, limit: int = 10
) -> tuple[Suggestion, ...]:
    """Suggest words and names that a text may end in, the most frequent first.

    Case and accents do not matter. A name is found by the beginning of any word of it. Where
    there are enough of both, half are words and half are names. Names that begin with several
    words as they are typed go before the others.
    """
    if not text.strip() or len(text) > MAX_QUERY_CHARS:
        return ()
    long, names = _complete_names(text, limit, snapshot.searcher)
    words = _complete_words(text, limit, snapshot.searcher)
    names = names[: limit if long else max(limit // 2, limit - len(words))]
    words = words[: limit - len(names)]
    if long:
        return (*names, *words)
    return tuple(sorted([*names, *words], key=lambda one: (-one.count, one.text, one.field)))


def _complete_words(text: str, limit: int, searcher: Searcher) -> list[Suggestion]:
    typed = _TYPED.fullmatch(text)
    begun = tokenize(typed["word"]) if typed else []
    if typed is None or len(begun) != 1:
        return []
    counts: dict[str, int] = {}
    for name in VOCABULARY:
        for bucket in searcher.list_terms(name, begun[0], limit):
            counts[bucket.value] = max(bucket.count, counts.get(bucket.value, 0))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    before, whole = typed["before"], typed["word"].strip().lower()
    # A Chinese character is a word, and stays the traditional one if it was typed.
    shown = {begun[0]: whole} if len(whole) == len(begun[0]) else {}
    texts = [(shown.get(word, word), count) for word, count in ordered[:limit]]
    return [Suggestion(word, "", count, before + word) for word, count in texts]


def _complete_names(text: str, limit: int, searcher: Searcher) -> tuple[bool, list[Suggestion]]:
    """Return names that begin with a text's last words, and whether with more than one of them."""
    for before, begun in _list_endings(text):
        if found := _find_names(begun, limit, searcher):
            return " " in begun.strip(), [
                Suggestion(name, field, count, f"{before}{make_value_query(field, name)}")
                for field, name, count in found
            ]
    return False, []


def _list_endings(text: str) -> Iterator[tuple[str, str]]:
    """Yield the last words of a text, analyzed, and what stands before them, most words first."""
    for word in list(_LAST_WORDS.finditer(text))[-_MAX_NAME_WORDS:]:
        typed = text[word.start() :]
        if begun := " ".join(tokenize(typed)):
            ended = " " if typed[-1].isspace() else ""
            yield text[: word.start()], begun + ended


def _find_names(begun: str, limit: int, searcher: Searcher) -> Sequence[tuple[str, str, int]]:
    """Return field, name and count. A name may have several words that begin so."""
    counts: dict[tuple[str, str], int] = {}
    for bucket in searcher.list_terms(COMPLETIONS, begun, 2 * limit):
        _, field, name = bucket.value.split(COMPLETION_SEPARATOR, 2)
        counts.setdefault((field, name), bucket.count)
    return [(field, name, count) for (field, name), count in counts.items()][:limit]
