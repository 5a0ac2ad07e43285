"""Term statistics: in how many articles each term is, for the weights of signatures.

They grow while articles are indexed and are kept with the signatures. What is kept is a snapshot,
renewed when the archive has grown by half: idf drifts slowly, and counting every update would
cost more than it is worth.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import chain

# Statistics are kept again when so many times the articles are known.
_GROWTH = 1.5
# Above so many new terms, those of a single article are dropped: signatures take them for rare.
_MAX_NEW_TERMS = 500_000


class TermStatistics:
    """Counts of articles by term number: those that were kept, and those that are new."""

    def __init__(self, articles: int = 0, terms: bytes = b"", counts: bytes = b"") -> None:
        self._kept_articles = articles
        self._terms, self._counts = array("I", terms), array("I", counts)
        self._new_articles = 0
        self._new: dict[int, int] = {}

    @property
    def articles(self) -> int:
        """How many articles were counted."""
        return self._kept_articles + self._new_articles

    @property
    def has_grown(self) -> bool:
        """Whether so many articles are new that the statistics should be kept again."""
        return bool(self._new_articles) and self.articles >= _GROWTH * self._kept_articles

    def add_article(self, terms: Iterable[int]) -> None:
        """Count an article with its different terms."""
        new = self._new
        for term in terms:
            new[term] = new.get(term, 0) + 1
        self._new_articles += 1
        if len(new) > _MAX_NEW_TERMS:
            self._new = {term: count for term, count in new.items() if count > 1}

    def frequency(self, term: int) -> int:
        """Return in how many articles a term is, about."""
        at = bisect_left(self._terms, term)
        known = at < len(self._terms) and self._terms[at] == term
        return (self._counts[at] if known else 0) + self._new.get(term, 0)

    def merge(self) -> tuple[int, bytes, bytes]:
        """Return what is to be kept: articles, term numbers in order, and their counts."""
        terms = array("I", sorted(set(chain(self._terms, self._new))))
        counts = array("I", map(self.frequency, terms))
        return self.articles, terms.tobytes(), counts.tobytes()
