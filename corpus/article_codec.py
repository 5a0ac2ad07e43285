"""Serialization of articles for the store: JSON without the empty fields."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from corpus.article import Article, Entity, EntityKind, Moment

# Read for every entity of every hit; the enum's own look-up is slow.
_KINDS_BY_MARK = {
    mark + kind.value: (kind, sure)
    for kind in EntityKind
    for mark, sure in (("", True), ("?", False))
}


def encode_article(article: Article) -> bytes:
    """Encode an article in UTF-8, with a lone surrogate, which UTF-8 forbids, as three bytes."""
    fields: dict[str, Any] = {
        name: value
        for name in (
            "id",
            "title",
            "body",
            "dek",
            "url",
            "source",
            "section",
            "language",
            "confidence",
        )
        if (value := getattr(article, name))
    }
    fields["authors"] = article.authors
    for name in ("published", "updated"):
        if moment := getattr(article, name):
            fields[name] = [moment.at.isoformat(), moment.day_only]
    fields["entities"] = [
        (entity.kind if entity.sure else f"?{entity.kind}", *entity.names)
        for entity in article.entities
    ]
    fields["provenance"] = article.provenance
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def decode_article(content: bytes) -> Article:
    fields: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    for name in ("published", "updated"):
        if moment := fields.get(name):
            fields[name] = Moment(datetime.fromisoformat(moment[0]), moment[1])
    fields["authors"] = tuple(fields["authors"])
    fields["entities"] = tuple(_decode_entity(*packed) for packed in fields["entities"])
    fields["provenance"] = tuple(map(tuple, fields["provenance"]))
    return Article(**{"id": "", "title": "", "body": "", **fields})


def _decode_entity(mark: str, *names: str) -> Entity:
    kind, sure = _KINDS_BY_MARK[mark]
    return Entity(kind, names, sure)
