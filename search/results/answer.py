"""From a request to its answer: executed, its hits highlighted, counted and explained."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.article import Article
from corpus.article_codec import DamagedArticleError
from search.engines.searcher import Facet, read_matched_articles
from search.results.corrections import Correction
from search.results.execute import Execution, execute
from search.results.notes import DamagedNote, Note, UnmatchedNote
from search.results.paging import MAX_WINDOW, PageEnd, check_window, find_offset, read_cursor
from search.results.ranked_hits import RankedHit, Tier
from search.results.request import Request
from search.results.rerank import ScoreParts
from search.results.snapshot import Snapshot
from search.text.snippets import Highlighter, Reason, Snippet


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article was found and stands where it does.

    `reasons` are what stands where in it, `recency` what its date added to the engine's score, and
    `parts` what its score is made of; None where it has the engine's own.
    """

    reasons: tuple[Reason, ...]
    recency: float
    parts: ScoreParts | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found: its score, highlighted title and snippets, and why if asked for.

    `matched` is whether it has all words of the query or some.
    """

    article: Article
    score: float
    title: Snippet
    snippets: tuple[Snippet, ...] = ()
    explanation: Explanation | None = None
    matched: Tier = Tier.ALL


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of hits: of `total` articles with all words of the query, then `total_some` others.

    What facets, timelines and feeds count is `total`. `interpreted` is the query as it was read,
    `notes` what its author may not expect, and `unmatched` why no article has all of its words.
    `corrections` are offered for words that no article has; the query is without them. `next` is
    the offset of the next page and `cursor` where it begins, whatever changes meanwhile; None on
    the last. A `partial` answer is of what could be asked of the index and read, and may lack hits.
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
    total_some: int = 0
    unmatched: UnmatchedNote | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """The notes as sentences."""
        return tuple(map(str, self.notes))


def answer_request(request: Request, snapshot: Snapshot) -> Answer:
    """Answer a request. Raises QueryError."""
    began = time.perf_counter()
    if request.facets:
        from search.results.facets import check_fields

        check_fields(request.facets)
    if end := read_cursor(request):
        request = replace(request, offset=_find_offset(end, request, snapshot))
    check_window(request.offset)
    execution = execute(request, snapshot)
    ranked = execution.hits.read_page(request.offset, request.limit)
    articles = read_matched_articles([hit.match for hit in ranked], snapshot.store)
    damaged = tuple(
        err.article_id or f"version {err.version_key}"
        for err in articles
        if not isinstance(err, Article)
    )
    hits = _highlight_hits(request, execution, snapshot, ranked, articles)
    some = execution.count_some()
    last = request.offset + len(ranked)
    more = bool(ranked) and last < execution.total + some
    searcher = snapshot.searcher
    facets = {field: searcher.count_facet(execution.query, field, 10) for field in request.facets}
    return Answer(
        total=execution.total,
        total_some=some,
        interpreted=execution.interpreted,
        notes=(*execution.notes, *([DamagedNote(damaged)] if damaged else ())),
        corrections=execution.corrections,
        hits=hits,
        facets=facets,
        next=last if more and last <= MAX_WINDOW else None,
        cursor=_make_cursor(hits, last, request, snapshot) if more and hits else None,
        partial=searcher.is_partial or bool(damaged),
        unmatched=execution.unmatched,
        took_ms=round((time.perf_counter() - began) * 1_000, 3),
    )


def rank_article_ids(request: Request, snapshot: Snapshot) -> list[str]:
    """Return the ids of a page of hits, for whom their order is enough. Raises QueryError."""
    execution = execute(replace(request, advice=False), snapshot)
    ranked = execution.hits.read_page(request.offset, request.limit)
    matches = [hit.match for hit in ranked]
    stored = [match.version_key for match in matches if match.read_article is None]
    ids = snapshot.store.read_article_ids(stored)
    return [
        match.read_article().id if match.read_article else ids[match.version_key]
        for match in matches
        if match.read_article or match.version_key in ids
    ]


def _find_offset(end: PageEnd, request: Request, snapshot: Snapshot) -> int:
    """Return where the page after `end` begins."""
    # Recency moves hits by itself, as time goes on.
    if end.state == snapshot.state and not snapshot.config.ranking.recency_half_life:
        return end.offset
    execution = execute(replace(request, limit=0, offset=0), snapshot)
    return find_offset(end, execution, request.sort, snapshot)


def _make_cursor(hits: tuple[Hit, ...], last: int, request: Request, snapshot: Snapshot) -> str:
    return str(PageEnd.after([hit.article for hit in hits], last, request, snapshot.state))


def _highlight_hits(
    request: Request,
    execution: Execution,
    snapshot: Snapshot,
    ranked: Sequence[RankedHit],
    articles: Sequence[Article | DamagedArticleError],
) -> tuple[Hit, ...]:
    pairs = [
        (article, hit)
        for article, hit in zip(articles, ranked, strict=True)
        if isinstance(article, Article)
    ]
    searcher = snapshot.searcher
    if not request.highlight:
        return tuple(
            Hit(article, hit.score, Snippet(article.title, (), "title"), matched=hit.tier)
            for article, hit in pairs
        )
    highlighter = Highlighter(
        execution.highlighted,
        doc_frequency=searcher.count_documents,
        doc_count=searcher.document_count,
    )
    return tuple(
        Hit(
            article=article,
            score=hit.score,
            title=highlighter.highlight_title(article),
            snippets=highlighter.select_snippets(article),
            explanation=_explain(article, hit, highlighter, execution) if request.explain else None,
            matched=hit.tier,
        )
        for article, hit in pairs
    )


def _explain(
    article: Article, hit: RankedHit, highlighter: Highlighter, execution: Execution
) -> Explanation:
    published = article.published.epoch_seconds if article.published else None
    bonuses = (
        step.bonus
        for step in execution.steps
        if published is not None and published >= step.since_seconds
    )
    return Explanation(highlighter.explain_matches(article), sum(bonuses), hit.parts)
