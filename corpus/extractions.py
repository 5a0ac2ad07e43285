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

Groups = tuple[tuple[str, ...], ...]  # each group: the names of one entity

_BEHIND = (
    "FROM articles WHERE version IS NOT NULL AND extractor IN"
    " (SELECT id FROM extractors WHERE name <> ?1 AND name = coalesce(?2, name))"
)


class Extractions:
    """The part of a store for extractors. Call writing methods inside its `transaction`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db = store.database

    def count_behind(self, extractor: str, of: str | None = None) -> int:
        """Count the articles whose entities are from another extractor, or only those from `of`."""
        ((count,),) = self._db.rows(f"SELECT count(*) {_BEHIND}", extractor, of)
        return int(count)

    def behind(self, extractor: str, limit: int, of: str | None = None) -> dict[int, Article]:
        """Return at most `limit` of these articles, by version key."""
        rows = self._db.rows(f"SELECT version {_BEHIND} LIMIT ?3", extractor, of, limit)
        return self._store.articles([version for (version,) in rows])

    def record(
        self, extractor: str, version: int, article: Article, entities: tuple[Entity, ...]
    ) -> None:
        """Store the entities that an extractor found in a version; if they differ, reindex it."""
        if entities != article.entities:
            self._store.rewrite(version, replace(article, entities=entities))
            self._store.touch([version])
        self._db.rows(
            "UPDATE articles SET extractor = ? WHERE id = ? AND version = ?",
            self._store.extractor_key(extractor),
            article.id,
            version,
        )

    def doubt(self, versions: Iterable[int]) -> None:
        """Mark the entities of some versions as outdated, whichever extractor found them."""
        for version in versions:
            self._db.rows(
                "UPDATE articles SET extractor = 0"
                " WHERE id = (SELECT article_id FROM versions WHERE version = ?1) AND version = ?1",
                version,
            )

    def names(self) -> Groups:
        """Return the groups of known names that were stored last."""
        rows = self._db.rows("SELECT names FROM known_names ORDER BY names")
        return tuple(tuple(json.loads(names)) for (names,) in rows)

    def set_names(self, groups: Sequence[Sequence[str]]) -> None:
        self._db.rows("DELETE FROM known_names")
        for group in groups:
            self._db.rows(
                "INSERT OR IGNORE INTO known_names VALUES (?)",
                json.dumps(group, ensure_ascii=False),
            )
