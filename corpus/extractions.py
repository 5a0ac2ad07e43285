"""What found the entities of each article held, and what is to be found anew.

An extractor is known by its version, a line of text. Entities are no part of an article's
versions: finding others in the same text makes no new one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.article import Article, Entity
from corpus.store import Store

Groups = tuple[tuple[str, ...], ...]  # names of one thing each

_BEHIND = (
    "FROM articles WHERE version IS NOT NULL AND extractor IN"
    " (SELECT id FROM extractors WHERE name <> ?1 AND name = coalesce(?2, name))"
)


class Extractions:
    """The part of a store that knows extractors. Writing belongs inside its `transaction`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db = store.database

    def count_behind(self, extractor: str, of: str | None = None) -> int:
        """How many articles have their entities from another extractor, or from `of`."""
        ((count,),) = self._db.rows(f"SELECT count(*) {_BEHIND}", extractor, of)
        return int(count)

    def behind(self, extractor: str, limit: int, of: str | None = None) -> dict[int, Article]:
        """Some of those articles, by version."""
        rows = self._db.rows(f"SELECT version {_BEHIND} LIMIT ?3", extractor, of, limit)
        return self._store.articles([version for (version,) in rows])

    def record(
        self, extractor: str, version: int, article: Article, entities: tuple[Entity, ...]
    ) -> None:
        """Keep what an extractor found in a version of an article; indexes follow if it differs."""
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
        """Have the entities of some versions found anew, whatever found them."""
        for version in versions:
            self._db.rows(
                "UPDATE articles SET extractor = 0"
                " WHERE id = (SELECT article_id FROM versions WHERE version = ?1) AND version = ?1",
                version,
            )

    def names(self) -> Groups:
        """The groups of names that extractors knew when this was last noted."""
        rows = self._db.rows("SELECT names FROM known_names ORDER BY names")
        return tuple(tuple(json.loads(names)) for (names,) in rows)

    def set_names(self, groups: Sequence[Sequence[str]]) -> None:
        self._db.rows("DELETE FROM known_names")
        for group in groups:
            self._db.rows(
                "INSERT OR IGNORE INTO known_names VALUES (?)",
                json.dumps(group, ensure_ascii=False),
            )
