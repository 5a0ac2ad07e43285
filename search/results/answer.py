"""A query's text to its answer: read and run, its hits highlighted, counted and explained."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime

from corpus.article import Article
from corpus.store import Store
from search.config.config import Config
from search.engines.searcher import Facet, RecencyStep, Searcher, matched
from search.results.corrections import Correction
from search.results.execute import Joined, Reading, Request, notes, read
from search.results.facets import check_fields
from search.results.paging import MAX_WINDOW, Place, check_window, offset_after, place
from search.text.snippets import Highlighter, Reason, Snippet

__all__ = ["MAX_WINDOW", "Answer", "Explanation", "Hit", "Joined", "Request", "answer"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article was found: what stands where in it, and what its date added to its score."""

    reasons: tuple[Reason, ...]
    recency: float


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found: its score, highlighted title and snippets, and why if asked for."""

    article: Article
    score: float
    title: Snippet
    snippets: tuple[Snippet, ...] = ()
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of hits of `total` in all.

    `interpreted` is the query as it was read, `warnings` what its author may not expect.
    `corrections` are offered for words that no article has; the query is without them. `next` is
    the offset of the next page and `cursor` where it begins, whatever changes meanwhile; None on
    the last. A `partial` answer is of what could be asked of the index, and may lack hits.
    """

    total: int
    interpreted: str
    warnings: tuple[str, ...]
    corrections: tuple[Correction, ...]
    took_ms: float
    hits: tuple[Hit, ...]
    facets: dict[str, Facet]
    next: int | None
    cursor: str | None
    partial: bool = False


def answer(
    request: Request,
    *,
    searcher: Searcher,
    store: Store,
    config: Config,
    now: datetime,
    state: str = "",
) -> Answer:
    """Answer a query. `state` tells snapshots of an index apart, for cursors. Raises QueryError."""
    began = time.perf_counter()
    check_fields(request.facets)
    if ended := place(request):
        offset = _offset(ended, request, searcher, store, config, now, state)
        request = replace(request, offset=offset)
    check_window(request.offset)
    reading = read(request, searcher, config, now)
    hits = _hits(request, reading, searcher, store)
    last = request.offset + len(hits)
    more = bool(hits) and last < reading.matches.total
    found_facets = {field: searcher.facet(reading.query, field, 10) for field in request.facets}
    return Answer(
        total=reading.matches.total,
        interpreted=reading.interpreted,
        warnings=notes(reading, searcher),
        corrections=reading.corrections,
        hits=hits,
        facets=found_facets,
        next=last if more and last <= MAX_WINDOW else None,
        cursor=_cursor(hits, last, request, state) if more else None,
        partial=searcher.partial,
        took_ms=round((time.perf_counter() - began) * 1_000, 3),
    )


def _offset(
    ended: Place,
    request: Request,
    searcher: Searcher,
    store: Store,
    config: Config,
    now: datetime,
    state: str,
) -> int:
    """Where a page begins that comes after a place."""
    # Recency moves hits by itself, as time goes on.
    if ended.state == state and not config.ranking.recency_half_life:
        return ended.offset
    reading = read(replace(request, limit=0, offset=0), searcher, config, now)
    return offset_after(ended, reading, request.sort, searcher=searcher, store=store)


def _cursor(hits: tuple[Hit, ...], last: int, request: Request, state: str) -> str:
    return str(Place.after([hit.article for hit in hits], last, request, state))


def _hits(request: Request, reading: Reading, searcher: Searcher, store: Store) -> tuple[Hit, ...]:
    page = reading.matches.page
    found = [
        (article, match.score) for article, match in zip(matched(page, store), page, strict=True)
    ]
    if not request.highlight:
        return tuple(
            Hit(article, score, Snippet(article.title, (), "title")) for article, score in found
        )
    highlighter = Highlighter(reading.query, frequency=searcher.frequency, count=searcher.count)
    return tuple(
        Hit(
            article=article,
            score=score,
            title=highlighter.title(article),
            snippets=highlighter.snippets(article),
            explanation=_explanation(article, highlighter, reading.steps)
            if request.explain
            else None,
        )
        for article, score in found
    )


def _explanation(
    article: Article, highlighter: Highlighter, steps: tuple[RecencyStep, ...]
) -> Explanation:
    published = article.published.seconds if article.published else None
    bonuses = (step.bonus for step in steps if published is not None and published >= step.since)
    return Explanation(highlighter.reasons(article), sum(bonuses))
