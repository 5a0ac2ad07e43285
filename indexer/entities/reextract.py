"""Re-extraction of the entities of stored articles that another extractor found.

The store records which articles remain, so after an interruption the next run continues.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.article import Article, Entity
from corpus.extractions import Extractions
from corpus.store import Store
from indexer.entities.extractor import Extractor
from indexer.entities.spacy_model import SpacyMissingError


@dataclass(frozen=True, slots=True)
class ReextractionBatch:
    """The number of articles processed, and a message for each that keeps its old entities."""

    processed: int = 0
    failures: tuple[str, ...] = ()


def reextract_entities(
    store: Store, extractor: Extractor, old_version: str | None = None
) -> ReextractionBatch:
    """Extract the entities of a batch of articles that have them from another extractor.

    With `old_version`, process only articles with entities of that extractor version. It is one
    transaction. Raise SpacyMissingError or StoreError.
    """
    extractions = Extractions(store)
    articles = extractions.read_outdated(extractor.version, extractor.batch_size, old_version)
    outcomes = list(_extract_each(extractor, list(articles.values())))
    with store.transaction():
        for version, outcome in zip(articles, outcomes, strict=True):
            article = articles[version]
            entities = article.entities if isinstance(outcome, str) else outcome
            extractions.record_entities(extractor.version, version, article, entities)
    troubles = tuple(outcome for outcome in outcomes if isinstance(outcome, str))
    return ReextractionBatch(len(articles), troubles)


def _extract_each(
    extractor: Extractor, articles: Sequence[Article]
) -> Iterator[tuple[Entity, ...] | str]:
    """Yield the entities of each article, or an error message."""
    try:
        yield from extractor.extract(articles)
    except SpacyMissingError:
        raise
    except Exception as err:
        # As in cleaning: an unexpected error is reported and does not stop other articles.
        if len(articles) == 1:
            yield f"{articles[0].id} keeps its entities: {type(err).__name__}: {err}"
        else:
            for article in articles:
                yield from _extract_each(extractor, [article])
