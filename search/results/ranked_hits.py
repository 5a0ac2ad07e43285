"""The ranked hits of a query: those with all of its words, then those with some, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from search.engines.hit_order import has_scores
from search.engines.searcher import Match, Matches, RecencyStep, Sort
from search.query.nodes import Query
from search.results.rerank import POOL_HITS, RERANKED_HITS, QueryWords, ScoreParts, rerank
from search.results.snapshot import Snapshot


class Tier(StrEnum):
    """Whether an article has all words of a query, or some."""

    ALL = "all"
    SOME = "some"


class RankedHit(NamedTuple):
    """A match in its place: its tier, its final score, and the parts of one that was reranked."""

    match: Match
    tier: Tier
    score: float
    parts: ScoreParts | None = None


class RankedHits:
    """The hits of one query or of two tiers, read when a page is asked for."""

    def __init__(
        self,
        tiers: Sequence[tuple[Tier, Query]],
        snapshot: Snapshot,
        *,
        sort: Sort,
        steps: tuple[RecencyStep, ...],
        words: QueryWords,
        smooth: bool,
        any_word: Query | None = None,
        wanted: tuple[int, int] = (0, 0),
    ) -> None:
        """`any_word` finds what both tiers have, which is faster than to ask for the second.

        `wanted` is the place and the length of the page that will be read.
        """
        self.tiers = tuple(tiers)
        self._any_word = any_word
        self._snapshot = snapshot
        self._sort = sort
        self._steps = steps
        self._words = words
        self._smooth = smooth and words.groups > 1
        self._totals: dict[Tier, int] = {}
        self._wanted = wanted if wanted[1] else None
        self._wanted_rows: list[RankedHit] | None = None

    def count(self, tier: Tier) -> int:
        """Count the hits of a tier; 0 if the query has no such tier."""
        query = dict(self.tiers).get(tier)
        if query is None:
            return 0
        if tier not in self._totals and self._wanted:
            # The page that is wanted counts on the way.
            self._read_wanted()
        if tier not in self._totals:
            self._totals[tier] = self._count_matches(tier, query)
        return self._totals[tier]

    def _count_matches(self, tier: Tier, query: Query) -> int:
        count = self._snapshot.searcher.search
        if tier is Tier.SOME and self._any_word:
            return count(self._any_word, limit=0).total - self.count(Tier.ALL)
        return count(query, limit=0).total

    def read_page(self, offset: int, limit: int) -> list[RankedHit]:
        """Read some hits from a place in the ranking on. Raises TooManyTermsError."""
        if not self._is_reranked:
            return self._read_rows(offset, limit)
        head = self._head if offset < RERANKED_HITS else []
        page = head[offset : offset + limit]
        start = offset + len(page)
        return [*page, *map(self._scale, self._read_rest(start, offset + limit - start))]

    def _read_rest(self, start: int, limit: int) -> list[RankedHit]:
        """Read rows in the engine's order: from the pool if it has them, or all there are."""
        pool = self._pool
        if start + limit <= len(pool) or len(pool) < self._pool_size:
            return pool[start : start + limit]
        return self._read_rows(start, limit)

    @property
    def _pool_size(self) -> int:
        return POOL_HITS if self._smooth else RERANKED_HITS

    @property
    def _is_reranked(self) -> bool:
        scored = any(has_scores(query) for _, query in self.tiers)
        return (
            self._sort is Sort.RELEVANCE
            and scored
            and bool(self._words.shares)
            and self._snapshot.signatures is not None
        )

    @cached_property
    def _pool(self) -> list[RankedHit]:
        return self._read_rows(0, self._pool_size)

    @cached_property
    def _head(self) -> list[RankedHit]:
        """The first hits in their final order: by tier, then by score."""
        pool = self._pool
        signatures = self._snapshot.read_signatures([hit.match for hit in pool])
        places = rerank([hit.score for hit in pool], signatures, self._words, smooth=self._smooth)
        head = [
            RankedHit(pool[place.row].match, pool[place.row].tier, place.parts.score, place.parts)
            for place in places
        ]
        return sorted(head, key=lambda hit: hit.tier is Tier.SOME)

    @cached_property
    def _best(self) -> float:
        return max((hit.score for hit in self._pool), default=0.0)

    def _scale(self, hit: RankedHit) -> RankedHit:
        """Bring an engine's score onto the scale of the reranked ones: a share of the best."""
        score = hit.score / self._best if self._best > 0 else hit.score
        return RankedHit(hit.match, hit.tier, score)

    def _read_wanted(self) -> None:
        """Read the rows of the page that is wanted, once."""
        if self._wanted is None:
            return
        offset, limit = self._wanted
        if self._is_reranked and offset < RERANKED_HITS:
            _ = self._pool
        elif self._wanted_rows is None:
            self._wanted_rows = self._search_rows(offset, limit)

    def _read_rows(self, offset: int, limit: int) -> list[RankedHit]:
        if (offset, limit) == self._wanted and self._wanted_rows is not None:
            return self._wanted_rows
        return self._search_rows(offset, limit)

    def _search_rows(self, offset: int, limit: int) -> list[RankedHit]:
        """Read hits in the engine's order, the tiers one after the other."""
        if self._any_word and offset == 0:
            return self._search_first_rows(self._any_word, limit)
        rows: list[RankedHit] = []
        start = 0
        for tier, query in self.tiers:
            wanted = limit - len(rows)
            if wanted <= 0:
                break
            matches = self._search(tier, query, max(offset - start, 0), wanted)
            rows += [RankedHit(match, tier, match.score) for match in matches.page]
            start += matches.total
        return rows

    def _search_first_rows(self, any_word: Query, limit: int) -> list[RankedHit]:
        matches = self._search(Tier.ALL, self.tiers[0][1], 0, limit)
        rows = [RankedHit(match, Tier.ALL, match.score) for match in matches.page]
        if len(rows) < limit:
            known = {match.key for match in matches.page}
            wider = self._search(Tier.SOME, any_word, 0, limit)
            self._totals[Tier.SOME] -= matches.total
            rows += [
                RankedHit(match, Tier.SOME, match.score)
                for match in wider.page
                if match.key not in known
            ]
        return rows[:limit]

    def _search(self, tier: Tier, query: Query, offset: int, limit: int) -> Matches:
        matches = self._snapshot.searcher.search(
            query, sort=self._sort, limit=limit, offset=offset, recency=self._steps
        )
        self._totals[tier] = matches.total
        return matches
