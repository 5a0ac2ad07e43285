"""A request: a query's text, and what is wanted of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search.engines.searcher import Sort
from search.query.nodes import Range


class MatchMode(StrEnum):
    """How the words of a query are joined.

    BEST ranks articles with every word first, and goes on with those that have some; the first are
    what is counted. ALL asks for every word. MOST asks for more than half of them, or as many as
    any article has. ANY asks for one, and ranks by score alone.
    """

    BEST = "best"
    ALL = "all"
    MOST = "most"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Request:
    """A query's text and what to do with it. Without `highlight`, hits have no snippets; without
    `advice`, corrections and reasons for finding nothing are not looked for.

    `dates` narrows it beside its text. With a `cursor`, `offset` does not count.
    """

    text: str
    sort: Sort = Sort.RELEVANCE
    match: MatchMode = MatchMode.BEST
    limit: int = 10
    offset: int = 0
    cursor: str = ""
    dates: Range | None = None
    aliases: bool = True
    variants: bool = True
    facets: tuple[str, ...] = ()
    explain: bool = False
    highlight: bool = True
    advice: bool = True
