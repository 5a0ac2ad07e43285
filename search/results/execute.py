"""Execute a request: read its text, widen it by aliases, relax it if nothing has all words.

Answers, facets and timelines of one text execute the same query, so their counts agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from indexer.schema import FIELDS, FieldKind
from search.config.config import Config
from search.engines.ranking import recency_steps
from search.engines.searcher import Matches, RecencyStep, Searcher, Sort, TooManyTermsError
from search.query.aliases import Aliases, Used
from search.query.interpretation import interpret
from search.query.nodes import All, And, AtLeast, Missing, Not, Or, Query, Range, is_value
from search.query.parser import parse
from search.query.query_errors import QueryLimitError
from search.results.corrections import Correction, find_corrections
from search.results.notes import AliasNote, Note, PartialNote, RelaxedNote
from search.results.request import MatchMode, Request
from search.results.snapshot import Snapshot

# A project's groups are analyzed once, not for each query.
_compile_aliases = lru_cache(maxsize=8)(Aliases)

# So many words of a relaxed query are looked up to report those that no article has.
_MAX_ABSENT_LOOKUPS = 20


@dataclass(frozen=True, slots=True)
class Execution:
    """The query that was run, what it is as text, and its page of matches.

    `corrections` are words near those that no article has; the query is without them.
    """

    query: Query
    interpreted: str
    matches: Matches
    steps: tuple[RecencyStep, ...]
    notes: tuple[Note, ...]
    corrections: tuple[Correction, ...]

    @property
    def relaxed(self) -> RelaxedNote | None:
        """How the query was relaxed, if no article has all of its words."""
        return next((note for note in self.notes if isinstance(note, RelaxedNote)), None)


def execute(request: Request, snapshot: Snapshot) -> Execution:
    """Read a query and run it. Raises QueryError."""
    try:
        return _execute(request, snapshot)
    except TooManyTermsError as err:
        start = max(request.text.lower().find(f"{err.text}*"), 0)
        raise QueryLimitError(str(err), request.text, start, start + len(err.text) + 1) from err


def _execute(request: Request, snapshot: Snapshot) -> Execution:
    config, searcher = snapshot.config, snapshot.searcher
    parsed = parse_request(request, snapshot)
    widened, used = _widen(parsed, request, config)
    steps = _list_recency_steps(snapshot) if request.sort is Sort.RELEVANCE else ()
    query, matches, relaxed = _search(request, widened, searcher, steps)
    # Where articles have every word, none need be looked for.
    sure = matches.total and query == widened and _asks_for_all(parsed)
    near = () if sure else find_corrections(parsed, [alias.written for alias in used], searcher)
    aliases = (AliasNote(alias.written, tuple(alias.others)) for alias in used)
    return Execution(
        query=query,
        interpreted=interpret(query, config.zone),
        matches=matches,
        steps=steps,
        notes=(
            *([PartialNote()] if searcher.partial else []),
            *aliases,
            *([relaxed] if relaxed else []),
            *near,
        ),
        corrections=near,
    )


def parse_request(request: Request, snapshot: Snapshot) -> Query:
    """Parse a request's query as it is written, before it is widened. Raises QueryError."""
    query = parse(request.text, now=snapshot.now, zone=snapshot.config.zone)
    if request.dates is None:
        return query
    return And((*(query.clauses if isinstance(query, And) else (query,)), request.dates))


def parse_marked_query(request: Request, snapshot: Snapshot) -> Query:
    """Parse what of a request is marked in articles: its query with aliases. Raises QueryError."""
    return _widen(parse_request(request, snapshot), request, snapshot.config)[0]


def _widen(parsed: Query, request: Request, config: Config) -> tuple[Query, tuple[Used, ...]]:
    return _compile_aliases(config.aliases if request.aliases else ()).widen(parsed)


def _asks_for_all(query: Query) -> bool:
    """Return whether what this finds has every word of it that need not be absent."""
    match query:
        case And(clauses):
            return all(map(_asks_for_all, clauses))
        case Or() | AtLeast():
            return False
        case _:
            return True


def _list_recency_steps(snapshot: Snapshot) -> tuple[RecencyStep, ...]:
    ranking = snapshot.config.ranking
    half_life = ranking.recency_half_life
    return recency_steps(snapshot.now, half_life, ranking.recency_weight) if half_life else ()


def _search(
    request: Request, query: Query, searcher: Searcher, steps: tuple[RecencyStep, ...]
) -> tuple[Query, Matches, RelaxedNote | None]:
    """Search with the words joined as `match` says. Return the query that was run, and a note."""

    def run(wanted: Query) -> Matches:
        return searcher.search(
            wanted, sort=request.sort, limit=request.limit, offset=request.offset, recency=steps
        )

    words, filters = _split(query)
    if len(words) < 2:
        return query, run(query), None
    if request.match is MatchMode.ANY:
        query = _at_least(words, 1, filters)
        return query, run(query), None
    if request.match is MatchMode.ALL and (matches := run(query)).total:
        return query, matches, None
    number = _count_most(words, filters, searcher)
    relaxed = _at_least(words, max(number, 1), filters)
    note = None
    if number and request.match is MatchMode.ALL:
        note = RelaxedNote(len(words), number, _find_absent(words, filters, searcher))
    return relaxed, run(relaxed), note


def _split(query: Query) -> tuple[list[Query], list[Query]]:
    """Split a query into its words, which may be relaxed, and its filters, which always hold."""
    clauses = query.clauses if isinstance(query, And) else (query,)
    words = [clause for clause in clauses if not _is_filter(clause)]
    return words, [clause for clause in clauses if _is_filter(clause)]


def _is_filter(clause: Query) -> bool:
    match clause:
        case Not() | All() | Range() | Missing():
            return True
        case And(clauses) | Or(clauses) | AtLeast(clauses):
            return all(map(_is_filter, clauses))
        case leaf:
            keyword = leaf.field in FIELDS and FIELDS[leaf.field].kind is FieldKind.KEYWORD
            return keyword or is_value(leaf)


def _at_least(words: list[Query], number: int, filters: list[Query]) -> Query:
    some: Query = Or(tuple(words)) if number == 1 else AtLeast(tuple(words), number)
    return And((some, *filters)) if filters else some


def _count_most(words: list[Query], filters: list[Query], searcher: Searcher) -> int:
    """Count the words to ask for: more than half, or as many as any article has."""
    low, high = 0, len(words) // 2 + 1
    while low < high:
        middle = (low + high + 1) // 2
        if searcher.search(_at_least(words, middle, filters), limit=1).total:
            low = middle
        else:
            high = middle - 1
    return low


def _find_absent(words: list[Query], filters: list[Query], searcher: Searcher) -> tuple[str, ...]:
    return tuple(
        str(word)
        for word in words[:_MAX_ABSENT_LOOKUPS]
        if not searcher.search(And((word, *filters)), limit=1).total
    )
