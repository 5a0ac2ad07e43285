"""Verification: comparison of an index with the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from corpus.store import Store
from corpus.store_check import DamagedVersion
from indexer.generations import Generation
from indexer.indexer_errors import RebuildFailedError
from indexer.schema import get_last_change_seconds
from search.engines import open_searcher
from search.engines.searcher import Searcher
from search.query.nodes import Or, Term

# Articles looked up by one query.
_ARTICLES_PER_LOOKUP = 500


@dataclass(frozen=True, slots=True)
class Verification:
    """The number of articles, of those missing in the index and of surplus or outdated ones.

    These are put right. `damaged` versions, `tables` of the corpus and `files` of the index are
    not, but by a repair; `actions` are sentences about what else was done.
    """

    articles: int
    missing: int = 0
    surplus: int = 0
    damaged: tuple[DamagedVersion, ...] = ()
    tables: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether no damage is left."""
        return not (self.damaged or self.tables or self.files)


def find_differences(store: Store, searcher: Searcher) -> tuple[set[int], set[int]]:
    """Return the versions missing in an index, and those outdated in it or there more than once."""
    indexed = Counter(searcher.iterate_version_keys())
    wanted = {version for _, version in store.read_current_versions()}
    surplus = {version for version, count in indexed.items() if count > 1 or version not in wanted}
    missing = wanted - indexed.keys()
    return missing - _find_superseded(store, searcher, sorted(missing)), surplus


def _find_superseded(store: Store, searcher: Searcher, versions: Sequence[int]) -> set[int]:
    """Return versions for which a shared index has another store's version, as new or newer."""
    superseded = set[int]()
    for start in range(0, len(versions), _ARTICLES_PER_LOOKUP):
        ours = store.read_articles(versions[start : start + _ARTICLES_PER_LOOKUP])
        query = Or(tuple(Term(article.id, "id") for article in ours.values()))
        page = searcher.search(query, limit=len(ours)).page
        theirs = {
            match.article.id: get_last_change_seconds(match.article)
            for match in page
            if match.article and not match.version_key
        }
        superseded.update(
            version
            for version, article in ours.items()
            if theirs.get(article.id, -1) >= get_last_change_seconds(article)
        )
    return superseded


def check_new_index(
    store: Store, generation: Generation, rejected_count: int, *, shared: bool
) -> None:
    """Check that a new index contains as many articles as the store, and a sample of them.

    Except for those that it rejected. Raises RebuildFailedError.
    """
    wanted = store.collect_stats().articles - rejected_count
    with open_searcher(generation) as searcher:
        # A shared index also contains the articles of other stores.
        if searcher.document_count < wanted or (searcher.document_count > wanted and not shared):
            raise RebuildFailedError(
                f"the new index has {searcher.document_count:,} of {wanted:,} articles"
            )
        sample = islice(store.read_current_versions(), 0, None, wanted // 100 + 1)
        missing = [
            article_id
            for article_id, _ in sample
            if searcher.search(Term(article_id, "id"), limit=1).total != 1
        ]
        if len(missing) > rejected_count:
            raise RebuildFailedError(f"article {missing[0]} is not in the new index")
