"""Execute a request: read its text, widen it by aliases and variants, rank what has its words.

Answers, facets and timelines of one text count the same query, so their counts agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from search.engines.hit_order import calculate_recency_steps
from search.engines.searcher import (
    RecencyStep,
    Searcher,
    Sort,
    TooManyTermsError,
    calculate_idf,
)
from search.query.aliases import Aliases, AppliedAlias
from search.query.interpretation import interpret_query
from search.query.nodes import And, AtLeast, Or, Phrase, Query, Term, iterate_positive_leaves
from search.query.parser import parse_query
from search.query.query_errors import QueryLimitError
from search.query.variants import add_variants
from search.results.corrections import Correction, find_corrections
from search.results.notes import AliasNote, Note, PartialNote, UnmatchedNote, VariantNote
from search.results.query_words import (
    QueryParts,
    is_pasted_post,
    split_query,
    weigh_words,
)
from search.results.ranked_hits import RankedHits, Tier
from search.results.request import MatchMode, Request
from search.results.snapshot import Snapshot

# A project's groups are analyzed once, not for each query.
_compile_aliases = lru_cache(maxsize=8)(Aliases)


@dataclass(frozen=True, slots=True)
class Execution:
    """A query that was read and is ready to be ranked and counted.

    `query` finds what is counted: `total` articles. `highlighted` is what is marked in a hit, and
    `interpreted` the query as text. `corrections` are words near those that no article has; the
    query is without them.
    """

    query: Query
    highlighted: Query
    interpreted: str
    hits: RankedHits
    total: int
    steps: tuple[RecencyStep, ...]
    notes: tuple[Note, ...]
    corrections: tuple[Correction, ...]

    @property
    def unmatched(self) -> UnmatchedNote | None:
        """Why no article has all words of the query, if none has."""
        return next((note for note in self.notes if isinstance(note, UnmatchedNote)), None)

    def count_some(self) -> int:
        """Count the articles that are ranked below those that `total` counts."""
        return self.hits.count(Tier.SOME)


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
    widened, used, spellings = _widen(parsed, request, snapshot)
    parts = split_query(widened, request.text)
    query = _choose_query(parts, request.match, searcher)
    hits = _rank(query, parts, request, snapshot)
    total = hits.count(Tier.ALL)
    # Where articles have every word, none need be looked for.
    sure = total and request.match in {MatchMode.BEST, MatchMode.ALL} and _asks_for_all(parsed)
    near = (
        ()
        if sure or not request.advice
        else find_corrections(parsed, _list_known(widened, used), searcher)
    )
    explains = request.advice and not total and request.match is not MatchMode.MOST
    zero = _explain_zero(parts, snapshot) if explains else ()
    aliases = (AliasNote(alias.text, tuple(alias.other_names)) for alias in used)
    variants = [VariantNote(spellings)] if spellings else []
    partial = [PartialNote()] if searcher.is_partial else []
    return Execution(
        query=query,
        highlighted=_choose_highlighted(parts),
        interpreted=interpret_query(
            query if request.match is MatchMode.MOST else widened, config.zone
        ),
        hits=hits,
        total=total,
        steps=_list_recency_steps(request, snapshot),
        notes=(*partial, *aliases, *variants, *zero, *near),
        corrections=near,
    )


def _explain_zero(parts: QueryParts, snapshot: Snapshot) -> tuple[Note, ...]:
    # Few searches need it.
    from search.results.zero_results import explain_zero

    return explain_zero(parts, snapshot)


def _choose_query(parts: QueryParts, match: MatchMode, searcher: Searcher) -> Query:
    """Return the query that is counted, with its words joined as `match` says."""
    if len(parts.words) < 2:
        return parts.all_words
    match match:
        case MatchMode.ANY:
            return parts.any_word
        case MatchMode.MOST:
            return parts.at_least(max(_count_most(parts, searcher), 1))
        case MatchMode.BEST | MatchMode.ALL:
            return parts.all_words


def _choose_highlighted(parts: QueryParts) -> Query:
    """Return what is marked in hits: the words that count, and what the filters match."""
    return And((*parts.words, *parts.filters))


def _rank(query: Query, parts: QueryParts, request: Request, snapshot: Snapshot) -> RankedHits:
    tiers = [(Tier.ALL, query)]
    has_tiers = request.match is MatchMode.BEST and len(parts.words) > 1
    if has_tiers:
        tiers.append((Tier.SOME, parts.some_words))
    return RankedHits(
        tiers,
        snapshot,
        any_word=parts.any_word if has_tiers else None,
        sort=request.sort,
        steps=_list_recency_steps(request, snapshot),
        words=weigh_words(
            parts.words,
            snapshot.searcher.languages,
            lambda token: _calculate_idf(token, snapshot.searcher),
        ),
        wanted=(request.offset, request.limit),
        smooth=snapshot.config.ranking.smoothing and not is_pasted_post(request.text),
    )


def _calculate_idf(token: str, searcher: Searcher) -> float:
    frequency = searcher.count_documents(token)
    return calculate_idf(frequency, searcher.document_count) if frequency else 0.0


def _count_most(parts: QueryParts, searcher: Searcher) -> int:
    """Count the words to ask for: more than half, or as many as any article has."""
    low, high = 0, len(parts.words) // 2 + 1
    while low < high:
        middle = (low + high + 1) // 2
        if searcher.search(parts.at_least(middle), limit=1).total:
            low = middle
        else:
            high = middle - 1
    return low


def parse_request(request: Request, snapshot: Snapshot) -> Query:
    """Parse a request's query as it is written, before it is widened. Raises QueryError."""
    query = parse_query(request.text, now=snapshot.now, zone=snapshot.config.zone)
    if request.dates is None:
        return query
    return And((*(query.clauses if isinstance(query, And) else (query,)), request.dates))


def parse_marked_query(request: Request, snapshot: Snapshot) -> Query:
    """Parse what of a request is marked in articles: its query as widened. Raises QueryError."""
    query = _widen(parse_request(request, snapshot), request, snapshot)[0]
    return _choose_highlighted(split_query(query, request.text))


def _widen(
    parsed: Query, request: Request, snapshot: Snapshot
) -> tuple[Query, tuple[AppliedAlias, ...], tuple[str, ...]]:
    """Return a query with aliases and variants added, these aliases, and these variants."""
    groups = snapshot.config.aliases if request.aliases else ()
    query, used = _compile_aliases(groups).expand_query(parsed)
    spellings: tuple[str, ...] = ()
    if request.variants:
        query, spellings = add_variants(query, request.text, snapshot.searcher.count_each)
    return query, used, spellings


def _list_known(widened: Query, used: tuple[AppliedAlias, ...]) -> list[str]:
    """List what needs no correction: names with aliases, and words with variants."""
    leaves = iterate_positive_leaves(widened)
    spelled = [leaf.text for leaf in leaves if isinstance(leaf, Term | Phrase) and leaf.variants]
    return [*(alias.text for alias in used), *spelled]


def _asks_for_all(query: Query) -> bool:
    """Return whether what this finds has every word of it that need not be absent."""
    match query:
        case And(clauses):
            return all(map(_asks_for_all, clauses))
        case Or() | AtLeast():
            return False
        case _:
            return True


def _list_recency_steps(request: Request, snapshot: Snapshot) -> tuple[RecencyStep, ...]:
    if request.sort is not Sort.RELEVANCE:
        return ()
    ranking = snapshot.config.ranking
    half_life = ranking.recency_half_life
    return (
        calculate_recency_steps(snapshot.now, half_life, ranking.recency_weight)
        if half_life
        else ()
    )
