"""A query's text to its answer: read, widened by aliases, searched, relaxed, highlighted."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from corpus.article import Article
from corpus.store import Store
from indexer.schema import FIELDS, Kind
from search.aliases import Aliases, Used
from search.config import Config
from search.interpretation import interpret
from search.parser import parse
from search.query import All, And, AtLeast, Missing, Not, Or, Query, Range
from search.ranking import recency_steps
from search.searcher import Bucket, Matches, Searcher, Sort
from search.snippets import Highlighter, Reason, Snippet

# Pages reach so far; further down, narrow the query.
MAX_WINDOW = 100_000


class Joined(StrEnum):
    """How the words of a query are joined.

    ALL asks for every word, and falls back to MOST if no article has them all. MOST asks
    for as many of them as any article has. ANY asks for one.
    """

    ALL = "all"
    MOST = "most"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Request:
    """A query's text and what to do with it."""

    text: str
    sort: Sort = Sort.RELEVANCE
    joined: Joined = Joined.ALL
    limit: int = 10
    offset: int = 0
    aliases: bool = True
    facets: tuple[str, ...] = ()
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found: its score, highlighted title and snippets, and why if asked for."""

    article: Article
    score: float
    title: Snippet
    snippets: tuple[Snippet, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of hits of `total` in all.

    `interpreted` is the query as it was read, `warnings` what its author may not expect.
    `next` is the offset of the next page, None on the last.
    """

    total: int
    interpreted: str
    warnings: tuple[str, ...]
    took_ms: float
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[Bucket, ...]]
    next: int | None


def answer(
    request: Request, *, searcher: Searcher, store: Store, config: Config, now: datetime
) -> Answer:
    """Answer a query. Raises QueryError, and TooManyTermsError for a prefix of too many words."""
    began = time.perf_counter()
    parsed = parse(request.text, now=now, zone=config.zone)
    query, used = Aliases(config.aliases if request.aliases else ()).widen(parsed)
    query, matches, relaxed = _search(request, query, searcher, config, now)
    hits = _hits(request, query, matches, searcher, store)
    last = request.offset + len(hits)
    return Answer(
        total=matches.total,
        interpreted=interpret(query, config.zone),
        warnings=(*map(_alias_note, used), *relaxed),
        hits=hits,
        facets={field: searcher.facet(query, field, 10) for field in request.facets},
        next=last if hits and last < matches.total else None,
        took_ms=round((time.perf_counter() - began) * 1_000, 3),
    )


def _search(
    request: Request, query: Query, searcher: Searcher, config: Config, now: datetime
) -> tuple[Query, Matches, tuple[str, ...]]:
    """Search, with the words joined as asked for. Returns the query that was run, and notes."""
    half_life = config.ranking.recency_half_life
    steps = recency_steps(now, half_life, config.ranking.recency_weight) if half_life else ()

    def run(wanted: Query) -> Matches:
        return searcher.search(
            wanted, sort=request.sort, limit=request.limit, offset=request.offset, recency=steps
        )

    words, filters = _split(query)
    if request.joined is Joined.ANY and len(words) > 1:
        query = _at_least(words, 1, filters)
        return query, run(query), ()
    matches = run(query)
    if matches.total or len(words) < 2:
        return query, matches, ()
    number = _most(words, filters, searcher)
    if not number:
        return query, matches, ()
    relaxed = _at_least(words, number, filters)
    return relaxed, run(relaxed), (_relaxed_note(words, number, filters, searcher),)


def _split(query: Query) -> tuple[list[Query], list[Query]]:
    """A query's words, which may be relaxed, and its filters, which always hold."""
    clauses = query.clauses if isinstance(query, And) else (query,)
    words = [clause for clause in clauses if not _filters(clause)]
    return words, [clause for clause in clauses if _filters(clause)]


def _filters(clause: Query) -> bool:
    match clause:
        case Not() | All() | Range() | Missing():
            return True
        case And(clauses) | Or(clauses) | AtLeast(clauses):
            return all(map(_filters, clauses))
        case leaf:
            return leaf.field in FIELDS and FIELDS[leaf.field].kind is Kind.KEYWORD


def _at_least(words: list[Query], number: int, filters: list[Query]) -> Query:
    some: Query = Or(tuple(words)) if number == 1 else AtLeast(tuple(words), number)
    return And((some, *filters)) if filters else some


def _most(words: list[Query], filters: list[Query], searcher: Searcher) -> int:
    """The largest number of the words that one article has."""
    low, high = 0, len(words) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if searcher.search(_at_least(words, middle, filters), limit=1).total:
            low = middle
        else:
            high = middle - 1
    return low


def _relaxed_note(words: list[Query], number: int, filters: list[Query], searcher: Searcher) -> str:
    absent = [
        str(word)
        for word in words[:20]
        if not searcher.search(And((word, *filters)), limit=1).total
    ]
    note = f"No article has all {len(words)} words; these have {number} of them."
    return f"{note} Not found: {', '.join(absent)}." if absent else note


def _alias_note(used: Used) -> str:
    return f"{used.written} also counts as {', '.join(used.others)}."


def _hits(
    request: Request, query: Query, matches: Matches, searcher: Searcher, store: Store
) -> tuple[Hit, ...]:
    highlighter = Highlighter(query, frequency=searcher.frequency, count=searcher.count)
    articles = store.articles([match.version for match in matches.page])
    return tuple(
        Hit(
            article=(article := articles[match.version]),
            score=match.score,
            title=highlighter.title(article),
            snippets=highlighter.snippets(article),
            reasons=highlighter.reasons(article) if request.explain else (),
        )
        for match in matches.page
    )
