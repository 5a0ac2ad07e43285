"""Entities found anew in text that is held, where another extractor found them before.

What is to be done stands in the store: whatever ends this, the next run goes on.
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
class Batch:
    """How many articles are done, and which of them keep the entities that they had, and why."""

    done: int = 0
    troubles: tuple[str, ...] = ()


def extract_again(store: Store, extractor: Extractor, of: str | None = None) -> Batch:
    """Find the entities of a batch of articles that have them from another extractor.

    With `of`, only of such as have them from that one. It is one transaction. Raises
    SpacyMissingError, StoreError.
    """
    extractions = Extractions(store)
    articles = extractions.behind(extractor.version, extractor.batch, of)
    found = list(_found(extractor, list(articles.values())))
    with store.transaction():
        for version, entities in zip(articles, found, strict=True):
            article = articles[version]
            kept = article.entities if isinstance(entities, str) else entities
            extractions.record(extractor.version, version, article, kept)
    return Batch(len(articles), tuple(each for each in found if isinstance(each, str)))


def _found(extractor: Extractor, articles: Sequence[Article]) -> Iterator[tuple[Entity, ...] | str]:
    """The entities of each article, or what went wrong with it."""
    try:
        yield from extractor.extract(articles)
    except SpacyMissingError:
        raise
    except Exception as err:
        # As in cleaning: what it is not ready for is told, and stops nothing else.
        if len(articles) == 1:
            yield f"{articles[0].id} keeps its entities: {type(err).__name__}: {err}"
        else:
            for article in articles:
                yield from _found(extractor, [article])
