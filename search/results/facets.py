"""What a query finds, counted by the values of fields."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from indexer.schema import FACET_FIELDS
from search.engines.searcher import Facet
from search.query.query_errors import UnknownFacetError
from search.results.execute import execute
from search.results.notes import Note
from search.results.request import Request
from search.results.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Facets:
    """Facets by field, of `total` articles. The other fields are as in an Answer."""

    total: int
    interpreted: str
    notes: tuple[Note, ...]
    took_ms: float
    facets: dict[str, Facet]
    partial: bool = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """The notes as sentences."""
        return tuple(map(str, self.notes))


def count_facets(
    request: Request,
    snapshot: Snapshot,
    fields: Sequence[str] = FACET_FIELDS,
    *,
    limit: int = 10,
) -> Facets:
    """Count what a query finds by each of some fields. Raises QueryError."""
    began = time.perf_counter()
    check_fields(fields)
    execution = execute(replace(request, limit=0, offset=0), snapshot)
    searcher = snapshot.searcher
    return Facets(
        total=execution.matches.total,
        interpreted=execution.interpreted,
        notes=execution.notes,
        facets={field: searcher.facet(execution.query, field, limit) for field in fields},
        partial=searcher.partial,
        took_ms=round((time.perf_counter() - began) * 1_000, 3),
    )


def check_fields(fields: Sequence[str]) -> None:
    """Raise UnknownFacetError for the first that articles cannot be counted by."""
    for field in fields:
        if field not in FACET_FIELDS:
            near = get_close_matches(field, FACET_FIELDS, 1, 0.6)
            raise UnknownFacetError(field, near[0] if near else "", ", ".join(FACET_FIELDS))
