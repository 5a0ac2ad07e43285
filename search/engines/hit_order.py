"""The order of hits: ties, pages, recency. Boosts stand in the schema's table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from indexer.schema import FIELDS, FieldKind
from search.engines.searcher import RecencyStep
from search.query.nodes import All, And, AtLeast, Missing, Not, Or, Query, Range, is_value_query

Ref = TypeVar("Ref")  # an engine's own reference to a document


def has_scores(query: Query) -> bool:
    """Whether a query gives its matches scores; a query of filters or keywords only does not."""
    match query:
        case And(clauses) | Or(clauses) | AtLeast(clauses):
            return any(map(has_scores, clauses))
        case Not() | All() | Range() | Missing():
            return False
        case leaf:
            is_keyword = leaf.field in FIELDS and FIELDS[leaf.field].kind is FieldKind.KEYWORD
            return not is_keyword and not is_value_query(leaf)


def select_stable_page(
    find_rows: Callable[[int], Sequence[tuple[Any, Ref]]],
    sort_equals: Callable[[Sequence[Ref]], Sequence[Ref]],
    *,
    offset: int,
    limit: int,
) -> list[tuple[Any, Ref]]:
    """Return rows `offset` to `offset + limit` of a ranking, with ties in one fixed order.

    `find_rows(n)` returns the first n rows as (value, reference), best first; rows of equal value
    may be in any order. `sort_equals` sorts ties, and is called only for ties that are on the page,
    even in part.
    """
    end = offset + limit
    wanted = end + 1
    rows = find_rows(wanted)
    if limit == 0:
        return []
    # Ties that cross the end of the page must be complete before they are sorted.
    while len(rows) == wanted and rows[-1][0] == rows[end - 1][0]:
        wanted *= 8
        rows = find_rows(wanted)
    ordered = list(rows)
    first = 0
    for last in range(1, len(rows) + 1):
        if last < len(rows) and rows[last][0] == rows[first][0]:
            continue
        if last - first > 1 and last > offset and first < end:
            equals = sort_equals([reference for _, reference in rows[first:last]])
            ordered[first:last] = [(rows[first][0], tie) for tie in equals]
        first = last
    return ordered[offset:end]


def calculate_recency_steps(
    now: datetime, half_life: timedelta, weight: float
) -> tuple[RecencyStep, ...]:
    """Return a bonus that halves with each half-life of age, as steps of half a half-life.

    An article published at `now` gets about `weight` added to its score, one half-life ago
    half of that; after six half-lives nothing. Steps are cumulative: an article gets the
    bonus of each step that it is younger than. Articles from after `now` count as new.
    """
    ages = [number / 2 for number in range(1, 13)]
    levels = [weight * 0.5 ** (age - 0.25) for age in ages] + [0.0]
    return tuple(
        RecencyStep(int((now - half_life * age).timestamp()), levels[step] - levels[step + 1])
        for step, age in enumerate(ages)
    )
