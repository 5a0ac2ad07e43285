"""Answers and articles as JSON: what `--json` prints, and what an API answers with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from corpus.article import Article, Moment
from corpus.store import Failure, Version
from search.answer import Answer, Hit
from search.snippets import Snippet

if TYPE_CHECKING:
    from search.project import Status

Json = dict[str, Any]


def json_text(value: Json, indent: int | None = None) -> str:
    """JSON with other scripts as they are, and nothing in it that steers a terminal."""
    return json.dumps(value, ensure_ascii=False, indent=indent).translate(_ESCAPED)


# Controls that JSON lets stand, and halves of pairs that no encoding takes.
_ESCAPED = {point: f"\\u{point:04x}" for point in (*range(0x7F, 0xA0), *range(0xD800, 0xE000))}


def answer_json(answer: Answer) -> Json:
    """One object a search."""
    return {
        "total": answer.total,
        "interpreted": answer.interpreted,
        "warnings": list(answer.warnings),
        "took_ms": answer.took_ms,
        "hits": [_hit(hit) for hit in answer.hits],
        "facets": {
            field: [{"value": bucket.value, "count": bucket.count} for bucket in buckets]
            for field, buckets in answer.facets.items()
        },
        "next": answer.next,
    }


def article_json(article: Article) -> Json:
    """All fields of an article; what it does not have is null or empty."""
    return {
        "id": article.id,
        "url": article.url or None,
        "source": article.source or None,
        "title": article.title,
        "dek": article.dek or None,
        "body": article.body,
        "authors": list(article.authors),
        "section": article.section or None,
        "language": article.language or None,
        "published": moment_text(article.published),
        "updated": moment_text(article.updated),
        "entities": [
            {"kind": entity.kind.value, "names": list(entity.names), "sure": entity.sure}
            for entity in article.entities
        ],
        "confidence": article.confidence or None,
        "provenance": dict(article.provenance),
    }


def version_json(version: Version) -> Json:
    """All fields of one version of an article, and when it was taken in."""
    recorded = datetime.fromtimestamp(version.recorded, UTC).isoformat()
    return {"version": version.number, "recorded": recorded, **article_json(version.article)}


def status_json(status: Status, failures: Sequence[Failure]) -> Json:
    """What a project holds."""
    counts = status.counts
    return {
        "project": str(status.root),
        "engine": status.engine,
        "articles": counts.articles,
        "versions": counts.versions,
        "undated": counts.undated,
        "behind": status.behind,
        "trouble": status.trouble or None,
        "to_extract": status.to_extract,
        "store_bytes": status.store_bytes,
        "index_bytes": status.index_bytes,
        "sources": [{"name": each.name, "location": each.location} for each in status.sources],
        "failures": [
            {"source": each.source, "path": each.path, "reason": each.reason} for each in failures
        ],
    }


def moment_text(moment: Moment | None) -> str | None:
    """ISO 8601: a date alone where the source gave no time."""
    if moment is None:
        return None
    return moment.at.date().isoformat() if moment.day_only else moment.at.isoformat()


def _hit(hit: Hit) -> Json:
    article = hit.article
    found: Json = {
        "id": article.id,
        "title": article.title,
        "title_ranges": hit.title.ranges,
        "dek": article.dek or None,
        "published": moment_text(article.published),
        "source": article.source or None,
        "section": article.section or None,
        "url": article.url or None,
        "score": round(hit.score, 4),
        "snippets": [_snippet(snippet) for snippet in hit.snippets],
    }
    if hit.explanation:
        found["recency"] = round(hit.explanation.recency, 4)
        found["reasons"] = [
            {"clause": reason.leaf, "field": reason.field, "times": reason.times}
            for reason in hit.explanation.reasons
        ]
    return found


def _snippet(snippet: Snippet) -> Json:
    return {"text": snippet.text, "ranges": snippet.ranges, "field": snippet.field}
