"""Whether an index holds what the store does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from corpus.store import Store
from indexer.generations import Generation
from indexer.indexer_errors import RebuildFailedError
from indexer.schema import stamp
from search.engines import open_searcher
from search.engines.searcher import Searcher
from search.query.nodes import Or, Term

# Articles that are looked up at a time.
_AT_ONCE = 500


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
    lacking = wanted - held.keys()
    return lacking - _superseded(store, searcher, sorted(lacking)), surplus


def _superseded(store: Store, searcher: Searcher, versions: Sequence[int]) -> set[int]:
    """Those in the place of which a shared index has another store's version, at least as late."""
    found = set[int]()
    for start in range(0, len(versions), _AT_ONCE):
        ours = store.articles(versions[start : start + _AT_ONCE])
        query = Or(tuple(Term(article.id, "id") for article in ours.values()))
        page = searcher.search(query, limit=len(ours)).page
        theirs = {
            match.article.id: stamp(match.article)
            for match in page
            if match.article and not match.version
        }
        found.update(
            version
            for version, article in ours.items()
            if theirs.get(article.id, -1) >= stamp(article)
        )
    return found


def check(store: Store, generation: Generation, refused: int, *, shared: bool) -> None:
    """Whether a new index has as many articles as the store, and a sample of them.

    But for those that it refused. Raises RebuildFailedError.
    """
    wanted = store.counts().articles - refused
    with open_searcher(generation) as searcher:
        # In a shared index other stores have theirs, too.
        if searcher.count < wanted or (searcher.count > wanted and not shared):
            raise RebuildFailedError(f"the new index has {searcher.count:,} of {wanted:,} articles")
        sample = islice(store.current(), 0, None, wanted // 100 + 1)
        lacking = [
            each for each, _ in sample if searcher.search(Term(each, "id"), limit=1).total != 1
        ]
        if len(lacking) > refused:
            raise RebuildFailedError(f"article {lacking[0]} is not in the new index")
