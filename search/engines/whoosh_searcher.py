"""The searcher half of the Whoosh engine: queries evaluated over Whoosh's posting lists.

Each leaf of a query gives the documents that it matches with their scores, and operators
join those. Whoosh's own matchers are not used: they cost a call for each document and
position, and what they save by skipping is lost to the exact totals that are asked for.

Opening an index unpickles some of it: one from a stranger must not be opened.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest, nsmallest
from itertools import accumulate, chain, pairwise
from math import inf
from pathlib import Path
from threading import Lock
from typing import Self

from indexer.engines.whoosh_writer import ABSENT, ID, VERSION
from indexer.schema import get_facet_field
from search.engines.ranking import has_scores, stable_page
from search.engines.searcher import Bucket, Dates, Facet, Match, Matches, RecencyStep, Sort
from search.engines.whoosh_snapshot import Snapshot
from search.engines.whoosh_words import Scores, WordScorer, added
from search.query.clauses import (
    AllClause,
    AnyClause,
    BooleanClause,
    Clause,
    NothingClause,
    RangeClause,
    ValueClause,
)
from search.query.lowering import lower, lower_token
from search.query.nodes import Query


def open_searcher(folder: Path) -> WhooshSearcher:
    """Open the last commit of an index. Raises IndexDamagedError."""
    return WhooshSearcher(folder)


class WhooshSearcher:
    """See Searcher. Whoosh's readers are not made for threads, so one at a time has them."""

    partial = False

    def __init__(self, folder: Path) -> None:
        self._snapshot = Snapshot(folder)
        self._words = WordScorer(self._snapshot)
        self._lock = Lock()
        self._last: tuple[Query, Scores] | None = None

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
            scores = self._score(lower(query))
            if limit < 1:
                return Matches(len(scores), ())
            by_score = sort is Sort.RELEVANCE and has_scores(query)
            values = self._fresh(scores, recency) if by_score else self._dated(scores, sort)
            rows = [(value, document) for document, value in values.items()]
            page = stable_page(
                lambda wanted: nlargest(wanted, rows), self._in_order, offset=offset, limit=limit
            )
            versions = self._snapshot.numbers(VERSION)
        found = (Match(versions[one], value if by_score else 0.0) for value, one in page)
        return Matches(len(scores), tuple(found))

    def facet(self, query: Query, field: str, limit: int) -> Facet:
        with self._lock:
            values = self._snapshot.values(get_facet_field(field))
            counts = Counter(chain.from_iterable(values[one] for one in self._found(query)))
        return Facet(_most_frequent(counts.items(), limit), len(counts))

    def dates(self, query: Query) -> Dates:
        with self._lock:
            found = self._found(query)
            dates = self._snapshot.numbers("date")
            known = [dates[one] for one in found if dates[one] != ABSENT]
        return Dates(len(found), len(known), min(known, default=0), max(known, default=0))

    def histogram(self, query: Query, edges: Sequence[int]) -> tuple[int, ...]:
        with self._lock:
            dates = self._snapshot.numbers("date")
            places = Counter(bisect_right(edges, dates[one]) for one in self._found(query))
        return tuple(places[place] for place, _ in enumerate(pairwise(edges), 1))

    def _found(self, query: Query) -> Scores:
        """Return the matches of a query. Several fields count the same one, so the last is kept."""
        if self._last is None or self._last[0] != query:
            self._last = query, self._score(lower(query))
        return self._last[1]

    def terms(self, name: str, beginning: str, limit: int) -> tuple[Bucket, ...]:
        with self._lock:
            return _most_frequent(self._snapshot.frequencies(name, beginning), limit)

    def frequency(self, token: str) -> int:
        with self._lock:
            term = lower_token(token)
            return self._snapshot.frequency(term.field.name, term.token)

    def versions(self) -> Iterator[int]:
        with self._lock:
            numbers = self._snapshot.numbers(VERSION)
            return iter([numbers[document] for document in self._snapshot.live])

    @property
    def count(self) -> int:
        return self._snapshot.size

    def close(self) -> None:
        with self._lock:
            self._snapshot.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    # -- order

    def _fresh(self, scores: Scores, recency: tuple[RecencyStep, ...]) -> Scores:
        if not recency:
            return scores
        steps = sorted(recency, key=lambda step: step.since)
        since = [step.since for step in steps]
        bonus = [0.0, *accumulate(step.bonus for step in steps)]
        dates = self._snapshot.numbers("date")
        return {
            one: score + bonus[bisect_right(since, dates[one])] for one, score in scores.items()
        }

    def _dated(self, documents: Iterable[int], sort: Sort) -> Scores:
        dates = self._snapshot.numbers("date")
        sign = -1 if sort is Sort.OLDEST else 1
        return {one: -inf if dates[one] == ABSENT else sign * dates[one] for one in documents}

    def _in_order(self, equals: Sequence[int]) -> list[int]:
        dates, ids = self._snapshot.numbers("date"), self._snapshot.blobs(ID)
        return sorted(equals, key=lambda one: (-dates[one], ids(one).decode()))

    # -- queries

    def _score(self, clause: Clause) -> Scores:
        match clause:
            case BooleanClause(must, must_not):
                return self._score_all(must, must_not)
            case AnyClause(clauses, minimum):
                return _score_any([self._score(part) for part in clauses], minimum)
            case ValueClause(field, value):
                return dict.fromkeys(self._snapshot.having(field, value), 0.0)
            case RangeClause(field, low, high):
                return dict.fromkeys(self._snapshot.by_value(field).between(low, high), 0.0)
            case AllClause():
                return dict.fromkeys(self._snapshot.live, 0.0)
            case NothingClause():
                return {}
            case words:
                return self._words.score(words)

    def _score_all(self, must: Iterable[Clause], must_not: Iterable[Clause]) -> Scores:
        wanted = [self._score(clause) for clause in must]
        unwanted = [self._score(clause) for clause in must_not]
        smallest = min(wanted, key=len) if wanted else self._snapshot.live
        common = set(smallest).intersection(*wanted).difference(*unwanted)
        return {one: sum((scores[one] for scores in wanted), 0.0) for one in common}


def _most_frequent(counts: Iterable[tuple[str, int]], limit: int) -> tuple[Bucket, ...]:
    found = nsmallest(limit, counts, key=lambda item: (-item[1], item[0]))
    return tuple(Bucket(value, count) for value, count in found)


def _score_any(parts: Sequence[Scores], minimum: int) -> Scores:
    total = added(parts)
    if minimum == 1:
        return total
    matched = Counter(document for part in parts for document in part)
    return {one: score for one, score in total.items() if matched[one] >= minimum}
