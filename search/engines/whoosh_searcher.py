"""The searcher half of the Whoosh engine: queries evaluated over Whoosh's posting lists.

Each leaf of a query returns the documents that it matches with their scores, and operators
combine those. Whoosh's own matchers are not used: they cost a call for each document and
position, and exact totals leave nothing to be saved by skipping.

Opening an index unpickles some of it: one from a stranger must not be opened.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import nlargest, nsmallest
from itertools import accumulate, chain, pairwise
from math import inf
from pathlib import Path
from threading import RLock
from typing import Self

from indexer.engines import convert_damage
from indexer.engines.whoosh_writer import ABSENT_NUMBER, ID_FIELD, VERSION_FIELD
from indexer.schema import ALL_TEXT, get_facet_field
from search.engines.hit_order import has_scores, select_stable_page
from search.engines.searcher import (
    Bucket,
    DateSummary,
    Facet,
    Match,
    Matches,
    RecencyStep,
    Sort,
    list_languages,
)
from search.engines.whoosh_snapshot import WhooshSnapshot
from search.engines.whoosh_words import Scores, WordScorer, add_scores
from search.query.clauses import (
    AllClause,
    AnyClause,
    BooleanClause,
    Clause,
    NothingClause,
    RangeClause,
    UnscoredClause,
    ValueClause,
)
from search.query.lowering import list_token_terms, lower_query
from search.query.nodes import Query

# Damaged files can raise anything in code that trusts them.
_guard = convert_damage(Exception)


def open_searcher(folder: Path) -> WhooshSearcher:
    """Open the last commit of an index. Raises IndexDamagedError."""
    return WhooshSearcher(folder)


class WhooshSearcher:
    """See Searcher. Whoosh's readers are not thread-safe; a lock guards them."""

    is_partial = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._snapshot = WhooshSnapshot(folder)
        self._word_scorer = WordScorer(self._snapshot)
        self._lock = RLock()
        self._last_scores: tuple[Query, Scores] | None = None

    @cached_property
    def languages(self) -> tuple[str, ...]:
        with self._lock:
            return list_languages(
                lambda prefix: self._snapshot.find_prefix_terms(ALL_TEXT, prefix, 1)
            )

    @_guard
    def search(
        self,
        query: Query,
        *,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 10,
        offset: int = 0,
        recency: tuple[RecencyStep, ...] = (),
    ) -> Matches:
        with self._lock:
            scores = self._score_clause(lower_query(query, self.languages))
            if limit < 1:
                return Matches(len(scores), ())
            by_score = sort is Sort.RELEVANCE and has_scores(query)
            values = (
                self._add_recency(scores, recency)
                if by_score
                else self._score_by_date(scores, sort)
            )
            rows = [(value, document) for document, value in values.items()]
            page = select_stable_page(
                lambda wanted: nlargest(wanted, rows), self._sort_equals, offset=offset, limit=limit
            )
            versions = self._snapshot.read_numbers(VERSION_FIELD)
        matches = (
            Match(versions[document], value if by_score else 0.0) for value, document in page
        )
        return Matches(len(scores), tuple(matches))

    @_guard
    def count_facet(self, query: Query, field: str, limit: int) -> Facet:
        with self._lock:
            values = self._snapshot.read_values(get_facet_field(field))
            documents = self._find_matches(query)
            counts = Counter(chain.from_iterable(values[document] for document in documents))
        return Facet(_select_most_frequent(counts.items(), limit), len(counts))

    @_guard
    def summarize_dates(self, query: Query) -> DateSummary:
        with self._lock:
            matches = self._find_matches(query)
            numbers = self._snapshot.read_numbers("date")
            dates = [
                numbers[document] for document in matches if numbers[document] != ABSENT_NUMBER
            ]
        return DateSummary(len(matches), len(dates), min(dates, default=0), max(dates, default=0))

    @_guard
    def calculate_histogram(self, query: Query, edges: Sequence[int]) -> tuple[int, ...]:
        with self._lock:
            dates = self._snapshot.read_numbers("date")
            documents = self._find_matches(query)
            counts = Counter(bisect_right(edges, dates[document]) for document in documents)
        return tuple(counts[number] for number, _ in enumerate(pairwise(edges), 1))

    def _find_matches(self, query: Query) -> Scores:
        """Return the matches of a query. The last are kept: several facets count the same query."""
        if self._last_scores is None or self._last_scores[0] != query:
            self._last_scores = query, self._score_clause(lower_query(query, self.languages))
        return self._last_scores[1]

    @_guard
    def list_terms(self, index_field: str, prefix: str, limit: int) -> tuple[Bucket, ...]:
        with self._lock:
            return _select_most_frequent(
                self._snapshot.count_documents_by_term(index_field, prefix), limit
            )

    @_guard
    def count_documents(self, token: str) -> int:
        with self._lock:
            terms = list_token_terms(token, self.languages)
            return sum(
                self._snapshot.count_documents(term.field.name, term.token) for term in terms
            )

    def count_each(self, tokens: Sequence[str]) -> dict[str, int]:
        return {token: self.count_documents(token) for token in tokens}

    @_guard
    def iterate_version_keys(self) -> Iterator[int]:
        with self._lock:
            numbers = self._snapshot.read_numbers(VERSION_FIELD)
            return iter([numbers[document] for document in self._snapshot.live_documents])

    @property
    def document_count(self) -> int:
        return self._snapshot.document_count

    def close(self) -> None:
        with self._lock:
            self._snapshot.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    # -- order

    def _add_recency(self, scores: Scores, recency: tuple[RecencyStep, ...]) -> Scores:
        if not recency:
            return scores
        steps = sorted(recency, key=lambda step: step.since_seconds)
        since = [step.since_seconds for step in steps]
        bonus = [0.0, *accumulate(step.bonus for step in steps)]
        dates = self._snapshot.read_numbers("date")
        return {
            document: score + bonus[bisect_right(since, dates[document])]
            for document, score in scores.items()
        }

    def _score_by_date(self, documents: Iterable[int], sort: Sort) -> Scores:
        dates = self._snapshot.read_numbers("date")
        sign = -1 if sort is Sort.OLDEST else 1
        return {
            document: -inf if dates[document] == ABSENT_NUMBER else sign * dates[document]
            for document in documents
        }

    def _sort_equals(self, equals: Sequence[int]) -> list[int]:
        dates, ids = self._snapshot.read_numbers("date"), self._snapshot.get_blob_reader(ID_FIELD)
        return sorted(equals, key=lambda document: (-dates[document], ids(document).decode()))

    # -- queries

    def _score_clause(self, clause: Clause) -> Scores:
        match clause:
            case BooleanClause(must, must_not):
                return self._score_all(must, must_not)
            case AnyClause(clauses, minimum):
                return _score_any([self._score_clause(part) for part in clauses], minimum)
            case UnscoredClause(part):
                return dict.fromkeys(self._score_clause(part), 0.0)
            case ValueClause(field, value):
                return dict.fromkeys(self._snapshot.find_documents(field, value), 0.0)
            case RangeClause(field, low, high):
                return dict.fromkeys(self._snapshot.sort_column(field).find_between(low, high), 0.0)
            case AllClause():
                return dict.fromkeys(self._snapshot.live_documents, 0.0)
            case NothingClause():
                return {}
            case words:
                return self._word_scorer.score_clause(words)

    def _score_all(self, must: Iterable[Clause], must_not: Iterable[Clause]) -> Scores:
        wanted = [self._score_clause(clause) for clause in must]
        unwanted = [self._score_clause(clause) for clause in must_not]
        smallest = min(wanted, key=len) if wanted else self._snapshot.live_documents
        common = set(smallest).intersection(*wanted).difference(*unwanted)
        return {document: sum((scores[document] for scores in wanted), 0.0) for document in common}


def _select_most_frequent(counts: Iterable[tuple[str, int]], limit: int) -> tuple[Bucket, ...]:
    most_frequent = nsmallest(limit, counts, key=lambda item: (-item[1], item[0]))
    return tuple(Bucket(value, count) for value, count in most_frequent)


def _score_any(parts: Sequence[Scores], minimum: int) -> Scores:
    total = add_scores(parts)
    if minimum == 1:
        return total
    counts = Counter(document for part in parts for document in part)
    return {document: score for document, score in total.items() if counts[document] >= minimum}
