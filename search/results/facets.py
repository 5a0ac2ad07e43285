"""What a query finds, counted by the values of fields."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from indexer.schema import FACET_FIELDS
from search.config.config import Config
from search.engines.searcher import Facet, Searcher
from search.query.query_errors import UnknownFacetError
from search.results.execute import Request, notes, read


@dataclass(frozen=True, slots=True)
class Facets:
    """Facets by field, of `total` articles. The other fields are as in an Answer."""

    total: int
    interpreted: str
    warnings: tuple[str, ...]
    took_ms: float
    facets: dict[str, Facet]
    partial: bool = False


def facets(
    request: Request,
    fields: Sequence[str] = FACET_FIELDS,
    limit: int = 10,
    *,
    searcher: Searcher,
    config: Config,
    now: datetime,
) -> Facets:
    """Count what a query finds by each of some fields. Raises QueryError."""
    began = time.perf_counter()
    check_fields(fields)
    reading = read(replace(request, limit=0, offset=0), searcher, config, now)
    counted = {field: searcher.facet(reading.query, field, limit) for field in fields}
    return Facets(
        total=reading.matches.total,
        interpreted=reading.interpreted,
        warnings=notes(reading, searcher),
        facets=counted,
        partial=searcher.partial,
        took_ms=round((time.perf_counter() - began) * 1_000, 3),
    )


def check_fields(fields: Sequence[str]) -> None:
    """Raises UnknownFacetError for the first that articles cannot be counted by."""
    for field in fields:
        if field not in FACET_FIELDS:
            near = get_close_matches(field, FACET_FIELDS, 1, 0.6)
            raise UnknownFacetError(field, near[0] if near else "", ", ".join(FACET_FIELDS))
