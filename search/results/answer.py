"""From a request to its answer: executed, its hits highlighted, counted and explained."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from corpus.article import Article
from search.engines.searcher import Facet, RecencyStep, matched
from search.results.corrections import Correction
from search.results.execute import Execution, execute
from search.results.facets import check_fields
from search.results.notes import Note, RelaxedNote
from search.results.paging import MAX_WINDOW, PageEnd, check_window, find_offset, read_cursor
from search.results.request import Request
from search.results.snapshot import Snapshot
from search.text.snippets import Highlighter, Reason, Snippet


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

    `interpreted` is the query as it was read, `notes` what its author may not expect, and
    `relaxed` how it was relaxed if no article has all of its words.
    `corrections` are offered for words that no article has; the query is without them. `next` is
    the offset of the next page and `cursor` where it begins, whatever changes meanwhile; None on
    the last. A `partial` answer is of what could be asked of the index, and may lack hits.
    """

    total: int
    interpreted: str
    notes: tuple[Note, ...]
    corrections: tuple[Correction, ...]
    took_ms: float
    hits: tuple[Hit, ...]
    facets: dict[str, Facet]
    next: int | None
    cursor: str | None
    partial: bool = False
    relaxed: RelaxedNote | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """The notes as sentences."""
        return tuple(map(str, self.notes))


def answer_request(request: Request, snapshot: Snapshot) -> Answer:
    """Answer a request. Raises QueryError."""
    began = time.perf_counter()
    check_fields(request.facets)
    if end := read_cursor(request):
        request = replace(request, offset=_find_offset(end, request, snapshot))
    check_window(request.offset)
    execution = execute(request, snapshot)
    hits = _highlight_hits(request, execution, snapshot)
    last = request.offset + len(hits)
    more = bool(hits) and last < execution.matches.total
    searcher = snapshot.searcher
    facets = {field: searcher.facet(execution.query, field, 10) for field in request.facets}
    return Answer(
        total=execution.matches.total,
        interpreted=execution.interpreted,
        notes=execution.notes,
        corrections=execution.corrections,
        hits=hits,
        facets=facets,
        next=last if more and last <= MAX_WINDOW else None,
        cursor=_make_cursor(hits, last, request, snapshot) if more else None,
        partial=searcher.partial,
        relaxed=execution.relaxed,
        took_ms=round((time.perf_counter() - began) * 1_000, 3),
    )


def _find_offset(end: PageEnd, request: Request, snapshot: Snapshot) -> int:
    """Return where the page after `end` begins."""
    # Recency moves hits by itself, as time goes on.
    if end.state == snapshot.state and not snapshot.config.ranking.recency_half_life:
        return end.offset
    execution = execute(replace(request, limit=0, offset=0), snapshot)
    return find_offset(end, execution, request.sort, snapshot)


def _make_cursor(hits: tuple[Hit, ...], last: int, request: Request, snapshot: Snapshot) -> str:
    return str(PageEnd.after([hit.article for hit in hits], last, request, snapshot.state))


def _highlight_hits(request: Request, execution: Execution, snapshot: Snapshot) -> tuple[Hit, ...]:
    page, searcher = execution.matches.page, snapshot.searcher
    scored = [
        (article, match.score)
        for article, match in zip(matched(page, snapshot.store), page, strict=True)
    ]
    if not request.highlight:
        return tuple(
            Hit(article, score, Snippet(article.title, (), "title")) for article, score in scored
        )
    highlighter = Highlighter(
        execution.query, doc_frequency=searcher.frequency, doc_count=searcher.count
    )
    return tuple(
        Hit(
            article=article,
            score=score,
            title=highlighter.highlight_title(article),
            snippets=highlighter.select_snippets(article),
            explanation=_explain(article, highlighter, execution.steps)
            if request.explain
            else None,
        )
        for article, score in scored
    )


def _explain(
    article: Article, highlighter: Highlighter, steps: tuple[RecencyStep, ...]
) -> Explanation:
    published = article.published.epoch_seconds if article.published else None
    bonuses = (step.bonus for step in steps if published is not None and published >= step.since)
    return Explanation(highlighter.explain_matches(article), sum(bonuses))
