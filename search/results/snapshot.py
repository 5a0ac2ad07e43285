"""A project as one commit of its index shows it: whatever is asked of a view agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from corpus.article import Article
from corpus.store import Store
from indexer.schema import FACET_FIELDS
from search.config.config import Config
from search.engines.searcher import Searcher
from search.results.answer import Answer, Request, answer
from search.results.facets import Facets, facets
from search.results.similar import Similar, similar
from search.results.suggest import Suggestion, suggest
from search.results.timeline import Interval, Timeline, timeline


@dataclass(frozen=True, slots=True)
class View:
    """One snapshot of the index, and the moment at which it is asked. Threads may share it.

    `state` tells views apart that may answer differently: the index's generation and commit.
    """

    state: str
    searcher: Searcher
    store: Store
    config: Config
    now: datetime

    def search(self, request: Request) -> Answer:
        """Answer a query. Raises QueryError."""
        return answer(
            request,
            searcher=self.searcher,
            store=self.store,
            config=self.config,
            now=self.now,
            state=self.state,
        )

    def facets(
        self, request: Request, fields: Sequence[str] = FACET_FIELDS, *, limit: int = 10
    ) -> Facets:
        """Count what a query finds by the values of fields. Raises QueryError."""
        return facets(
            request, fields, limit, searcher=self.searcher, config=self.config, now=self.now
        )

    def timeline(self, request: Request, interval: Interval | None = None) -> Timeline:
        """Count what a query finds by time; the interval is chosen if not given.

        Raises QueryError.
        """
        return timeline(request, interval, searcher=self.searcher, config=self.config, now=self.now)

    def suggest(self, text: str, *, limit: int = 10) -> tuple[Suggestion, ...]:
        """Words and names that a text may end in, the most frequent first."""
        return suggest(text, limit, searcher=self.searcher)

    def similar(self, article: Article, *, limit: int = 10) -> Similar:
        """Articles like one."""
        return similar(article, limit, searcher=self.searcher, store=self.store)
