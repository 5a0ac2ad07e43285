"""A query as it is run: its text read, widened by aliases, relaxed if nothing has all words.

Answers, facets and timelines of one text are of the same query, so their counts agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from indexer.schema import FIELDS, Kind
from search.config.config import Config
from search.engines.ranking import recency_steps
from search.engines.searcher import Matches, RecencyStep, Searcher, Sort, TooManyTermsError
from search.query.aliases import Aliases, Used
from search.query.interpretation import interpret
from search.query.nodes import All, And, AtLeast, Missing, Not, Or, Query, Range, is_value
from search.query.parser import parse
from search.query.query_errors import QueryLimitError
from search.results.corrections import Correction, corrections

# A project's groups are analyzed once, not for each query.
_aliases = lru_cache(maxsize=8)(Aliases)


class Joined(StrEnum):
    """How the words of a query are joined.

    ALL asks for every word, and falls back to MOST if no article has them all. MOST asks
    for more than half of them, or as many as any article has. ANY asks for one.
    """

    ALL = "all"
    MOST = "most"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Request:
    """A query's text and what to do with it. Without `highlight`, hits have no snippets.

    `dates` narrows it beside its text. With a `cursor`, `offset` does not count.
    """

    text: str
    sort: Sort = Sort.RELEVANCE
    joined: Joined = Joined.ALL
    limit: int = 10
    offset: int = 0
    cursor: str = ""
    dates: Range | None = None
    aliases: bool = True
    facets: tuple[str, ...] = ()
    explain: bool = False
    highlight: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """A query, what it is as text, its page of matches, and what its author may not expect.

    `corrections` are words near those that no article has; the query is without them.
    """

    query: Query
    interpreted: str
    matches: Matches
    steps: tuple[RecencyStep, ...]
    warnings: tuple[str, ...]
    corrections: tuple[Correction, ...]


def read(request: Request, searcher: Searcher, config: Config, now: datetime) -> Reading:
    """Read a query and run it. Raises QueryError."""
    try:
        return _read(request, searcher, config, now)
    except TooManyTermsError as err:
        start = max(request.text.lower().find(f"{err.text}*"), 0)
        raise QueryLimitError(str(err), request.text, start, start + len(err.text) + 1) from err


def _read(request: Request, searcher: Searcher, config: Config, now: datetime) -> Reading:
    parsed = parsed_query(request, now, config)
    widened, used = _widened(parsed, request, config)
    steps = _recency(config, now) if request.sort is Sort.RELEVANCE else ()
    query, matches, relaxed = _search(request, widened, searcher, steps)
    # Where articles have every word, none need be looked for.
    sure = matches.total and query == widened and _asks_for_all(parsed)
    near = () if sure else corrections(parsed, [each.written for each in used], searcher)
    return Reading(
        query=query,
        interpreted=interpret(query, config.zone),
        matches=matches,
        steps=steps,
        warnings=(*map(_alias_note, used), *relaxed, *map(str, near)),
        corrections=near,
    )


def parsed_query(request: Request, now: datetime, config: Config) -> Query:
    """A request's query as it is written, before it is widened. Raises QueryError."""
    query = parse(request.text, now=now, zone=config.zone)
    if request.dates is None:
        return query
    return And((*(query.clauses if isinstance(query, And) else (query,)), request.dates))


_PARTIAL = "A part of the index cannot be asked now; there may be more than this."


def notes(reading: Reading, searcher: Searcher) -> tuple[str, ...]:
    """What the author of a query may not expect of an answer, when all of it has been found."""
    return (_PARTIAL, *reading.warnings) if searcher.partial else reading.warnings


def marked_query(request: Request, now: datetime, config: Config) -> Query:
    """What of a request is marked in articles: its query with aliases. Raises QueryError."""
    return _widened(parsed_query(request, now, config), request, config)[0]


def _widened(parsed: Query, request: Request, config: Config) -> tuple[Query, tuple[Used, ...]]:
    return _aliases(config.aliases if request.aliases else ()).widen(parsed)


def _asks_for_all(query: Query) -> bool:
    """Whether what this finds has every word of it that need not be absent."""
    match query:
        case And(clauses):
            return all(map(_asks_for_all, clauses))
        case Or() | AtLeast():
            return False
        case _:
            return True


def _recency(config: Config, now: datetime) -> tuple[RecencyStep, ...]:
    half_life = config.ranking.recency_half_life
    return recency_steps(now, half_life, config.ranking.recency_weight) if half_life else ()


def _search(
    request: Request, query: Query, searcher: Searcher, steps: tuple[RecencyStep, ...]
) -> tuple[Query, Matches, tuple[str, ...]]:
    """Search, with the words joined as asked for. Returns the query that was run, and notes."""

    def run(wanted: Query) -> Matches:
        return searcher.search(
            wanted, sort=request.sort, limit=request.limit, offset=request.offset, recency=steps
        )

    words, filters = _split(query)
    if len(words) < 2:
        return query, run(query), ()
    if request.joined is Joined.ANY:
        query = _at_least(words, 1, filters)
        return query, run(query), ()
    if request.joined is Joined.ALL and (matches := run(query)).total:
        return query, matches, ()
    number = _most(words, filters, searcher)
    relaxed = _at_least(words, max(number, 1), filters)
    notes = (_relaxed_note(words, number, filters, searcher),) if number else ()
    return relaxed, run(relaxed), notes if request.joined is Joined.ALL else ()


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
            keyword = leaf.field in FIELDS and FIELDS[leaf.field].kind is Kind.KEYWORD
            return keyword or is_value(leaf)


def _at_least(words: list[Query], number: int, filters: list[Query]) -> Query:
    some: Query = Or(tuple(words)) if number == 1 else AtLeast(tuple(words), number)
    return And((some, *filters)) if filters else some


def _most(words: list[Query], filters: list[Query], searcher: Searcher) -> int:
    """How many of the words to ask for: more than half, or as many as any article has."""
    low, high = 0, len(words) // 2 + 1
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
    wanted = "both words" if len(words) == 2 else f"all {len(words)} words"
    # With more than half of the words asked for, some articles may have more still.
    more = len(words) // 2 < number < len(words) - 1
    these = "one" if number == 1 else f"{number} or more" if more else str(number)
    note = f"No article has {wanted}; these have {these} of them."
    return f"{note} Not found: {', '.join(absent)}." if absent else note


def _alias_note(used: Used) -> str:
    return f"Searched for {used.written} also as {', '.join(used.others)}."
