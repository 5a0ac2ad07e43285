"""The order of hits: ties, pages, recency. Boosts stand in the schema's table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, TypeVar

from search.engines.searcher import RecencyStep
from search.query.nodes import All, And, AtLeast, Missing, Not, Or, Query, Range, is_value

Ref = TypeVar("Ref")  # a document in an engine's own terms


def has_scores(query: Query) -> bool:
    """Whether anything in a query weighs one match more than another; filters do not."""
    match query:
        case And(clauses) | Or(clauses) | AtLeast(clauses):
            return any(map(has_scores, clauses))
        case Not() | All() | Range() | Missing():
            return False
        case leaf:
            return not is_value(leaf)


def stable_page(
    find: Callable[[int], Sequence[tuple[Any, Ref]]],
    in_order: Callable[[Sequence[Ref]], Sequence[Ref]],
    *,
    offset: int,
    limit: int,
) -> list[tuple[Any, Ref]]:
    """Rows `offset` to `offset + limit` of a ranking, with equal values in one fixed order.

    `find(n)` gives the first n rows as (value, reference), best first; rows of equal value
    may come in any order. `in_order` puts equals in theirs, and is asked only about equals
    that touch the page.
    """
    end = offset + limit
    wanted = end + 1
    rows = find(wanted)
    if limit == 0:
        return []
    # Equals that straddle the end of the page are needed whole to be put in order.
    while len(rows) == wanted and rows[-1][0] == rows[end - 1][0]:
        wanted *= 8
        rows = find(wanted)
    page: list[tuple[Any, Ref]] = []
    first = 0
    for value, run in groupby(rows, key=lambda row: row[0]):
        equals: Sequence[Ref] = [reference for _, reference in run]
        last = first + len(equals)
        if last > offset and first < end:
            if len(equals) > 1:
                equals = in_order(equals)
            page += [(value, one) for one in equals[max(offset - first, 0) : end - first]]
        first = last
    return page


def recency_steps(now: datetime, half_life: timedelta, weight: float) -> tuple[RecencyStep, ...]:
    """Return a bonus that halves with each half-life of age, in half steps, as engines can add it.

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
