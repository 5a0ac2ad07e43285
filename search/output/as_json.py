"""Answers and articles as JSON: what `--json` prints, and what an API answers with."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from corpus.article import Article, Moment
from corpus.store import Failure, Version
from search.engines.searcher import Facet
from search.query.nodes import having
from search.results.answer import Answer, Hit
from search.text.escaping import render_html
from search.text.snippets import Snippet

if TYPE_CHECKING:
    from indexer.generations import Servers
    from search.project.status import Status
    from search.results.facets import Facets
    from search.results.similar import Similar
    from search.results.suggest import Suggestion
    from search.results.timeline import Timeline
    from search.text.diff import Difference, Piece

Json = dict[str, Any]


def json_text(value: Json, indent: int | None = None) -> str:
    """JSON with other scripts as they are, and nothing in it that steers a terminal."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # Translating takes as long as all else, and few texts need it.
    return text.translate(_ESCAPED) if _HARMFUL.search(text) else text


# Controls that JSON lets stand, and halves of pairs that no encoding takes.
_HARMFUL = re.compile("[\x7f-\x9f\ud800-\udfff]")
_ESCAPED = {point: f"\\u{point:04x}" for point in (*range(0x7F, 0xA0), *range(0xD800, 0xE000))}


def answer_json(answer: Answer) -> Json:
    """One object a search."""
    return {
        **_head(answer),
        "did_you_mean": [
            {"written": each.written, "instead": each.instead} for each in answer.corrections
        ],
        "hits": [hit_json(hit) for hit in answer.hits],
        "facets": {field: _facet(field, facet) for field, facet in answer.facets.items()},
        "next": answer.next,
        "cursor": answer.cursor,
    }


def facets_json(found: Facets) -> Json:
    """What a query finds, counted."""
    return {
        **_head(found),
        "facets": {field: _facet(field, facet) for field, facet in found.facets.items()},
    }


def timeline_json(found: Timeline) -> Json:
    """What a query finds, by time. Starts and ends are ISO 8601 in the reader's zone."""
    return {
        **_head(found),
        "interval": found.interval.value,
        "undated": found.undated,
        "buckets": [
            {
                "label": found.label(bucket),
                "start": bucket.start.isoformat(),
                "end": bucket.end.isoformat(),
                "count": bucket.count,
                "query": bucket.query,
            }
            for bucket in found.buckets
        ],
    }


def _head(found: Answer | Facets | Timeline) -> Json:
    """What every answer to a query begins with."""
    return {
        "total": found.total,
        "total_exact": not found.partial,
        "partial": found.partial,
        "interpreted": found.interpreted,
        "warnings": list(found.warnings),
        "took_ms": found.took_ms,
    }


def suggestions_json(found: Sequence[Suggestion]) -> Json:
    """Words and names; `field` is null for a word."""
    return {
        "suggestions": [
            {"text": one.text, "field": one.field or None, "count": one.count, "query": one.query}
            for one in found
        ]
    }


def similar_json(found: Similar) -> Json:
    """Articles like one, and what they were found by."""
    return {
        "id": found.article.id,
        "words": list(found.words),
        "names": list(found.names),
        "took_ms": found.took_ms,
        "articles": [
            {**_brief(one.article), "score": round(one.score, 4)} for one in found.articles
        ],
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


def servers_json(servers: Servers) -> Json:
    """How a cluster is, and its indices; bytes are of all copies."""
    return {
        "name": servers.name,
        "health": servers.health,
        "nodes": servers.nodes,
        "unassigned_shards": servers.unassigned,
        "indices": [
            {
                "name": each.name,
                "health": each.health,
                "documents": each.documents,
                "bytes": each.bytes,
            }
            for each in servers.indices
        ],
    }


def difference_json(difference: Difference) -> Json:
    """What has changed: fields, and every paragraph in pieces that are the same or not."""
    return {
        "fields": [
            {"field": each.field, "pieces": _pieces(each.pieces)} for each in difference.fields
        ],
        "paragraphs": [_pieces(each.pieces) for each in difference.paragraphs],
    }


def _pieces(pieces: Sequence[Piece]) -> list[Json]:
    return [{"change": piece.change.value, "text": piece.text} for piece in pieces]


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
        "cluster": servers_json(status.servers) if status.servers else None,
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


def _brief(article: Article) -> Json:
    """An article as it stands in a list."""
    return {
        "id": article.id,
        "title": article.title,
        "dek": article.dek or None,
        "published": moment_text(article.published),
        "source": article.source or None,
        "section": article.section or None,
        "url": article.url or None,
    }


def hit_json(hit: Hit) -> Json:
    """An article as it was found."""
    article = hit.article
    found: Json = {
        **_brief(article),
        "title_ranges": hit.title.ranges,
        "title_html": render_html(hit.title),
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
    return {
        "text": snippet.text,
        "ranges": snippet.ranges,
        "html": render_html(snippet),
        "field": snippet.field,
    }


def _facet(field: str, facet: Facet) -> Json:
    return {
        "values": facet.values,
        "all_counted": facet.all_counted,
        "buckets": [
            {"value": each.value, "count": each.count, "query": str(having(field, each.value))}
            for each in facet.buckets
        ],
    }
