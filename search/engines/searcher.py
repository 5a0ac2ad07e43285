"""The contract of an engine's searcher, and its answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self

from corpus.article import Article
from corpus.store import Store
from search.query.clauses import IndexField, PrefixClause
from search.query.nodes import Query
from search.query.query_errors import QueryPartError

# The most words that a prefix may stand for.
MAX_PREFIX_TERMS = 1_000


class TooManyTermsError(QueryPartError):
    """A prefix stands for more words than an engine looks up."""

    def __init__(self, text: str, limit: int) -> None:
        super().__init__(f"more than {limit:,} words begin with {text!r}; add letters")
        self.text = text
        self.limit = limit


def expand_prefix(
    clause: PrefixClause, list_terms: Callable[[str, str, int], Collection[str]]
) -> dict[IndexField, Collection[str]]:
    """Return the tokens that a prefix stands for in each of its fields.

    `list_terms(field, prefix, limit)` looks them up. Raises TooManyTermsError.
    """
    limit = MAX_PREFIX_TERMS + 1
    terms = {field: list_terms(field.name, clause.text, limit) for field in clause.fields}
    if len(set().union(*terms.values())) > MAX_PREFIX_TERMS:
        raise TooManyTermsError(clause.text, MAX_PREFIX_TERMS)
    return terms


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Match:
    """A document that a query found: the store's key of its version, and its score.

    An index that several stores share gives the article itself, and 0 as the key of one that
    is another store's.
    """

    version: int
    score: float
    article: Article | None = None


@dataclass(frozen=True, slots=True)
class Matches:
    """One page of what a query found, best first, of `total` in all."""

    total: int
    page: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet and how many of the found articles have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of a field, ties by value, of `values` different ones in all.

    Very many values are not counted to the end: without `all_counted` there are more.
    """

    buckets: tuple[Bucket, ...]
    values: int
    all_counted: bool = True


@dataclass(frozen=True, slots=True)
class Dates:
    """How many articles a query finds, how many of them are dated, and between which seconds."""

    total: int
    dated: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class RecencyStep:
    """Articles published at `since` (seconds) or later get `bonus` added to their score."""

    since: int
    bonus: float


class Searcher(Protocol):
    """A snapshot of an index: what was committed when it was opened. Threads may share it.

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
        """Return one page of matches. Raises TooManyTermsError if a prefix stands for too many."""

    def facet(self, query: Query, field: str, limit: int) -> Facet:
        """Count the values of a facet field among what the query finds, at most `limit` shown.

        A bucket's count is what `having(field, value)` beside the query finds.
        """

    def dates(self, query: Query) -> Dates:
        """Return between which dates of publication the matches lie; zeros if there are none."""

    def histogram(self, query: Query, edges: Sequence[int]) -> tuple[int, ...]:
        """Count the matches published from each edge (seconds) until the next."""

    def terms(self, name: str, beginning: str, limit: int) -> tuple[Bucket, ...]:
        """Return terms of an index's field that begin so, and about how many documents have each.

        The most frequent first, ties by term. `name` is the index's: `exact("body")`.
        """

    def frequency(self, token: str) -> int:
        """Return about how many documents have a token's stem in the text of any default field."""

    def versions(self) -> Iterator[int]:
        """Yield the store's keys of all its documents in the snapshot, in no order."""

    @property
    def partial(self) -> bool:
        """Whether a part of the index could not be asked, so that an answer may lack hits.

        It stays so until the index is opened again.
        """

    @property
    def count(self) -> int:
        """Documents in the snapshot."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...


def matched(page: Sequence[Match], store: Store) -> list[Article]:
    """Return the articles of a page of matches: the index's own, or else the store's."""
    kept = store.read_articles([match.version for match in page if match.article is None])
    return [match.article or kept[match.version] for match in page]
