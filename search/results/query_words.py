"""The words of a query, apart from its filters: what is ranked, counted and relaxed.

Function words do not count, unless a query has nothing else. A pasted post is told by its
addresses, handles and hashtags: it means one known article.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum

from indexer.analysis import tokenize, tokenize_word
from indexer.function_words import is_function_word
from indexer.schema import FIELDS, FieldKind
from indexer.stemming import stem
from search.engines.hit_order import has_scores
from search.query.nodes import (
    And,
    AtLeast,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Term,
    is_value_query,
)
from search.results.rerank import QueryWords, WordGroup

_POST_MARK = re.compile(r"(?<!\w)[@#]\w|https?://|\bwww\.|\w\.[a-z]{2,12}/", re.IGNORECASE)
# A longer one is a quotation, of which an article has parts.
_MAX_WHOLE_PHRASE_WORDS = 5
_SMALL_LETTER = re.compile("[a-z]")
_ENGLISH = ""


@dataclass(frozen=True, slots=True)
class QueryParts:
    """A query as its words, which may be relaxed, and its filters, which always hold.

    A pasted post quotes other people's words rather than asking for a phrase.
    """

    words: tuple[Query, ...]
    filters: tuple[Query, ...]
    is_pasted: bool = False

    @property
    def all_words(self) -> Query:
        """The query for articles with every word."""
        return _join_all((*self.words, *self.filters))

    @property
    def some_words(self) -> Query:
        """The query for articles with at least one word, but not with all."""
        return And((self.any_word, Not(_join_all(self.words))))

    @property
    def any_word(self) -> Query:
        """The query for articles with at least one word; one of a long quotation is enough."""
        return _join_all(
            (Or(tuple(_split_words(self.words, keep_phrases=not self.is_pasted))), *self.filters)
        )

    def at_least(self, number: int) -> Query:
        """Return the query for articles with at least so many of the words."""
        words: Query = Or(self.words) if number == 1 else AtLeast(self.words, number)
        return _join_all((words, *self.filters))

    def without(self, word: Query) -> Query:
        """Return the query for articles with every word but one."""
        return _join_all((*(other for other in self.words if other != word), *self.filters))


def _join_all(clauses: tuple[Query, ...]) -> Query:
    return clauses[0] if len(clauses) == 1 else And(clauses)


def split_query(query: Query, text: str) -> QueryParts:
    """Split a query, written as `text`, into the words that count and its filters."""
    clauses = query.clauses if isinstance(query, And) else (query,)
    words = tuple(clause for clause in clauses if has_scores(clause))
    content = drop_function_words(words, text)
    filters = tuple(clause for clause in clauses if not has_scores(clause))
    return QueryParts(content, filters, is_pasted_post(text))


def drop_function_words(words: tuple[Query, ...], text: str) -> tuple[Query, ...]:
    """Drop the function words of a query, written as `text`, unless it has nothing else."""
    among_small_letters = bool(_SMALL_LETTER.search(text))
    content = tuple(word for word in words if not _is_function_term(word, among_small_letters))
    return content or words


def _split_words(words: Sequence[Query], *, keep_phrases: bool) -> Iterator[Query]:
    """Yield words one by one, those of compounds such as `post-war` and of long quotations too.

    With `keep_phrases`, a short phrase stays whole: its words mean something else apart.
    """
    for word in words:
        if not isinstance(word, Term | Phrase) or word.exact or word.field:
            yield word
            continue
        tokens = tokenize(word.text)
        is_short = isinstance(word, Phrase) and len(tokens) <= _MAX_WHOLE_PHRASE_WORDS
        if (is_short and keep_phrases) or len(tokens) < 2:
            yield word
        else:
            if isinstance(word, Term) and word.variants:
                yield word
            tokens = tokenize_word(word.text)
            yield from drop_function_words(tuple(map(Term, tokens)), word.text)


def _is_function_term(word: Query, among_small_letters: bool) -> bool:
    return (
        isinstance(word, Term)
        and not word.field
        and not word.exact
        and is_function_word(word.text, among_small_letters=among_small_letters)
    )


def is_pasted_post(text: str) -> bool:
    """Return whether a query is a pasted post: it has an address, a handle or a hashtag."""
    return _POST_MARK.search(text) is not None


# -- for the second stage of ranking


# The tokens of one alternative to a word, each with its idf.
_WeighedTokens = list[tuple[str, float]]


def weigh_words(
    words: Sequence[Query], languages: Sequence[str], calculate_idf: Callable[[str], float]
) -> QueryWords:
    """Weigh the words of a query for reranking, as English and articles in `languages` have them.

    The idf of a token that no article has is 0.
    """
    weighed = [
        alternatives for word in words if (alternatives := _weigh_alternatives(word, calculate_idf))
    ]
    return QueryWords.of(
        [
            [WordGroup(_stem_alternatives(alternatives, language)) for alternatives in weighed]
            for language in (_ENGLISH, *languages)
        ]
    )


def _weigh_alternatives(word: Query, calculate_idf: Callable[[str], float]) -> list[_WeighedTokens]:
    weighed = [
        [(token, calculate_idf(token)) for token in tokens] for tokens in _list_alternatives(word)
    ]
    has_variants = isinstance(word, Term | Phrase) and bool(word.variants)
    return _weigh_alike(weighed) if has_variants else weighed


def _weigh_alike(spellings: Sequence[_WeighedTokens]) -> list[_WeighedTokens]:
    """Let each spelling of a word weigh as much as the most frequent one."""
    totals = [fsum(idf for _, idf in tokens) for tokens in spellings]
    lowest = min(filter(None, totals), default=0.0)
    return [
        [(token, idf * lowest / (total or 1.0)) for token, idf in tokens]
        for tokens, total in zip(spellings, totals, strict=True)
    ]


def _stem_alternatives(
    alternatives: Sequence[_WeighedTokens], language: str
) -> tuple[dict[str, float], ...]:
    return tuple({stem(token, language): idf for token, idf in tokens} for tokens in alternatives)


def _list_alternatives(word: Query) -> Iterator[list[str]]:
    """Yield the tokens of a word; of alternatives, those of each."""
    match word:
        case Or(clauses):
            for clause in clauses:
                yield from _list_alternatives(clause)
        case And(clauses) | AtLeast(clauses):
            tokens = [next(_list_alternatives(clause), []) for clause in clauses]
            yield [token for part in tokens for token in part]
        case Term(text, field) | Phrase(text, field) if _is_text(field) and not is_value_query(
            word
        ):
            split = tokenize if isinstance(word, Phrase) else tokenize_word
            yield from map(split, word.variants or (text,))
        case Near(words, _, field) if _is_text(field):
            yield list(words)
        case _:
            return


def _is_text(field: str) -> bool:
    return not field or (field in FIELDS and FIELDS[field].kind is FieldKind.TEXT)
