"""Whether an index holds what the store does."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from corpus.store import Store
from indexer.generations import Generation, RebuildFailedError
from search.engines import open_searcher
from search.query import Term
from search.searcher import Searcher


@dataclass(frozen=True, slots=True)
class Verification:
    """How many articles there are, and which the index lacked or had too many or too old."""

    articles: int
    missing: int
    surplus: int


def differing(store: Store, searcher: Searcher) -> tuple[set[int], set[int]]:
    """Versions that an index lacks, and those that it has wrongly or more than once."""
    held = Counter(searcher.versions())
    wanted = {version for _, version in store.current()}
    surplus = {version for version, count in held.items() if count > 1 or version not in wanted}
    return wanted - held.keys(), surplus


def check(store: Store, generation: Generation, *, shared: bool) -> None:
    """Whether a new index has as many articles as the store, and a sample of them.

    Raises RebuildFailedError.
    """
    wanted = store.counts().articles
    with open_searcher(generation) as searcher:
        # In a shared index other stores have theirs, too.
        if searcher.count < wanted or (searcher.count > wanted and not shared):
            raise RebuildFailedError(f"the new index has {searcher.count:,} of {wanted:,} articles")
        for each, _ in islice(store.current(), 0, None, wanted // 100 + 1):
            if searcher.search(Term(each, "id"), limit=1).total != 1:
                raise RebuildFailedError(f"article {each} is not in the new index")
