"""The protocol of an engine's searcher, and its results."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol, Self

from corpus.article import Article
from corpus.article_codec import DamagedArticleError
from corpus.store import Store
from indexer.stemming import (
    STEMMING_LANGUAGES,
    find_shared_prefix,
    make_language_prefix,
    stem,
)
from search.query.clauses import IndexField, PrefixClause
from search.query.nodes import Query
from search.query.query_errors import QueryPartError

# The most terms that a prefix may expand to.
MAX_PREFIX_TERMS = 1_000
# Stems whose tokens an engine keeps for each snapshot.
MAX_CACHED_FORMS = 10_000


class TooManyTermsError(QueryPartError):
    """A prefix expands to more terms than an engine looks up."""

    def __init__(self, text: str, limit: int) -> None:
        super().__init__(f"more than {limit:,} words begin with {text!r}; add letters")
        self.text = text
        self.limit = limit


def expand_prefix(
    clause: PrefixClause, list_terms: Callable[[str, str, int], Collection[str]]
) -> dict[IndexField, Collection[str]]:
    """Return the terms that a prefix expands to in each of its fields.

    `list_terms(field, prefix, limit)` looks them up. Raises TooManyTermsError.
    """
    limit = MAX_PREFIX_TERMS + 1
    terms = {field: list_terms(field.name, clause.text, limit) for field in clause.fields}
    if len(set().union(*terms.values())) > MAX_PREFIX_TERMS:
        raise TooManyTermsError(clause.text, MAX_PREFIX_TERMS)
    return terms


def list_forms(stemmed: str, list_terms: Callable[[str], Iterable[str]]) -> list[str]:
    """Return a field's tokens that have this stem, in order.

    `list_terms` returns the field's tokens with a prefix. Tokens of a stem of one letter, whose
    shared prefix is empty, begin with it.
    """
    prefix = find_shared_prefix(stemmed) or stemmed
    return sorted(token for token in list_terms(prefix) if stem(token) == stemmed)


def list_languages(has_terms: Callable[[str], object]) -> tuple[str, ...]:
    """Return the languages whose stems a field has, which `has_terms` looks up by their prefix."""
    return tuple(
        language for language in STEMMING_LANGUAGES if has_terms(make_language_prefix(language))
    )


def calculate_idf(frequency: int, articles: int) -> float:
    """Return how rare a word is, as BM25 weighs it."""
    return math.log(1 + (max(articles - frequency, 0) + 0.5) / (frequency + 0.5))


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Match(NamedTuple):
    """A document that a query found: the store's key of its version, and its score.

    An index that several stores share gives the article itself, unpacked when it is read, and its
    signature; and 0 as the key of one that is another store's.
    """

    version_key: int
    score: float
    read_article: Callable[[], Article] | None = None
    signature: bytes = b""

    @property
    def key(self) -> int | str:
        """The key that tells the document from others, whose store's it may be."""
        return self.version_key or (self.read_article().id if self.read_article else 0)

    @property
    def article(self) -> Article | None:
        """The article, if the index gives it."""
        return self.read_article() if self.read_article else None


@dataclass(frozen=True, slots=True)
class Matches:
    """One page of matches, best first, of `total` in all."""

    total: int
    page: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet, and the number of matches that have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of a field, ties by value, of `value_count` different ones in all.

    Very many values are not all counted: without `all_counted` there are more.
    """

    buckets: tuple[Bucket, ...]
    value_count: int
    all_counted: bool = True


@dataclass(frozen=True, slots=True)
class DateSummary:
    """The number of matches, of dated ones, and their first and last date (seconds)."""

    total: int
    dated_count: int
    first_seconds: int
    last_seconds: int


@dataclass(frozen=True, slots=True)
class RecencyStep:
    """A bonus that is added to the score of articles published at `since` (seconds) or later."""

    since_seconds: int
    bonus: float


class Searcher(Protocol):
    """A snapshot of an index: its last commit when it was opened. Threads may share it.

    Order: by score downwards (RELEVANCE), by date downwards (NEWEST) or upwards (OLDEST),
    articles without a date last; ties by date downwards, then by id upwards. A query in
    which nothing has a score (filters only) is ordered as NEWEST under RELEVANCE.
    """

    def search(
        self,
        query: Query,
        *,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 10,
        offset: int = 0,
        recency: tuple[RecencyStep, ...] = (),
    ) -> Matches:
        """Return one page of matches. Raises TooManyTermsError if a prefix expands to too many."""

    def count_facet(self, query: Query, field: str, limit: int) -> Facet:
        """Count the values of a facet field among the matches; returns at most `limit` of them.

        A bucket's count is the number of matches of `make_value_query(field, value)` and the query.
        """

    def summarize_dates(self, query: Query) -> DateSummary:
        """Return the first and last date of the matches; zeros if none is dated."""

    def calculate_histogram(self, query: Query, edges: Sequence[int]) -> tuple[int, ...]:
        """Count the matches published from each edge (seconds) until the next."""

    def list_terms(self, index_field: str, prefix: str, limit: int) -> tuple[Bucket, ...]:
        """Return terms of a field with a prefix, and about how many documents have each.

        The most frequent first, ties by term. The field is the index's.
        """

    def count_documents(self, token: str) -> int:
        """Return about how many documents have a form of a token in the text of a default field."""

    def count_each(self, tokens: Sequence[str]) -> dict[str, int]:
        """Count the documents of each token as `count_documents` does, all at once."""

    def iterate_version_keys(self) -> Iterator[int]:
        """Yield the version keys of all the store's documents in the snapshot, in no order."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages besides English in which documents are stemmed."""

    @property
    def is_partial(self) -> bool:
        """Whether a part of the index was not reachable, so that results may lack hits.

        It stays so until the index is opened again.
        """

    @property
    def document_count(self) -> int:
        """Documents in the snapshot."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...


def read_matched_articles(
    page: Sequence[Match], store: Store
) -> list[Article | DamagedArticleError]:
    """Return the articles of a page of matches: from the index, or else from the store.

    One that is damaged there is its error.
    """
    keys = [match.version_key for match in page if match.read_article is None]
    articles: dict[int, Article | DamagedArticleError] = {**store.read_articles(keys)}
    if damaged := set(keys) - articles.keys():
        # Few searches need it.
        from corpus.store_check import find_damaged_versions

        for err in find_damaged_versions(store, sorted(damaged)):
            articles[err.version_key] = err
    return [match.article or articles[match.version_key] for match in page]
