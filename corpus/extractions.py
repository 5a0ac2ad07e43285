"""The extractor that found each article's entities, and the articles to extract again.

An extractor is identified by its version, a line of text. Entities are not part of an article's
version: other entities in the same text make no new version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.article import Article, Entity
from corpus.store import Store

NameGroups = tuple[tuple[str, ...], ...]  # each group: the names of one entity

_FROM_OUTDATED = (
    "FROM articles WHERE version IS NOT NULL AND extractor IN"
    " (SELECT id FROM extractors WHERE name <> ?1 AND name = coalesce(?2, name))"
)


class Extractions:
    """The part of a store for extractors. Call writing methods inside its `transaction`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db = store.database

    def count_outdated(self, extractor: str, old_extractor: str | None = None) -> int:
        """Count the articles with entities of another extractor, or of `old_extractor` only."""
        ((count,),) = self._db.execute(
            f"SELECT count(*) {_FROM_OUTDATED}", extractor, old_extractor
        )
        return int(count)

    def read_outdated(
        self, extractor: str, limit: int, old_extractor: str | None = None
    ) -> dict[int, Article]:
        """Return at most `limit` of these articles, by version key."""
        while rows := self._db.execute(
            f"SELECT version {_FROM_OUTDATED} LIMIT ?3", extractor, old_extractor, limit
        ):
            versions = {version for (version,) in rows}
            articles = self._store.read_articles(sorted(versions))
            self._skip(versions - articles.keys(), extractor)
            if articles:
                return articles
        return {}

    def _skip(self, version_keys: Iterable[int], extractor: str) -> None:
        """Leave damaged versions as they are, so that they are not read again and again."""
        for version in version_keys:
            self._db.execute(
                "UPDATE articles SET extractor = ? WHERE version = ?",
                self._store.get_or_add_extractor(extractor),
                version,
            )

    def record_entities(
        self, extractor: str, version_key: int, article: Article, entities: tuple[Entity, ...]
    ) -> None:
        """Store the entities that an extractor found in a version; if they differ, reindex it."""
        if entities != article.entities:
            self._store.replace_entities(version_key, replace(article, entities=entities))
            self._store.mark_changed([version_key])
        self._db.execute(
            "UPDATE articles SET extractor = ? WHERE id = ? AND version = ?",
            self._store.get_or_add_extractor(extractor),
            article.id,
            version_key,
        )

    def mark_outdated(self, version_keys: Iterable[int]) -> None:
        """Mark the entities of some versions as outdated, whichever extractor found them."""
        for version in version_keys:
            self._db.execute(
                "UPDATE articles SET extractor = 0"
                " WHERE id = (SELECT article_id FROM versions WHERE version = ?1) AND version = ?1",
                version,
            )

    def read_known_names(self) -> NameGroups:
        """Return the groups of known names that were stored last."""
        rows = self._db.execute("SELECT names FROM known_names ORDER BY names")
        return tuple(tuple(json.loads(names)) for (names,) in rows)

    def set_known_names(self, groups: Sequence[Sequence[str]]) -> None:
        self._db.execute("DELETE FROM known_names")
        for group in groups:
            self._db.execute(
                "INSERT OR IGNORE INTO known_names VALUES (?)",
                json.dumps(group, ensure_ascii=False),
            )
