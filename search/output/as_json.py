"""Answers and articles as JSON, for `--json` and the HTTP API."""

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
    """Dump JSON: other scripts unescaped, control characters of terminals escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # Translation takes as long as the dump, and few texts need it.
    return text.translate(_ESCAPED) if _HARMFUL.search(text) else text


# Control characters that JSON allows, and lone surrogates, which cannot be encoded.
_HARMFUL = re.compile("[\x7f-\x9f\ud800-\udfff]")
_ESCAPED = {point: f"\\u{point:04x}" for point in (*range(0x7F, 0xA0), *range(0xD800, 0xE000))}


def answer_json(answer: Answer) -> Json:
    """Serialize an answer as one object."""
    return {
        **_head(answer),
        "did_you_mean": [
            {"written": correction.written, "instead": correction.instead}
            for correction in answer.corrections
        ],
        "hits": [hit_json(hit) for hit in answer.hits],
        "facets": {field: _facet(field, facet) for field, facet in answer.facets.items()},
        "next": answer.next,
        "cursor": answer.cursor,
    }


def facets_json(found: Facets) -> Json:
    """Serialize counts by the values of fields."""
    return {
        **_head(found),
        "facets": {field: _facet(field, facet) for field, facet in found.facets.items()},
    }


def timeline_json(found: Timeline) -> Json:
    """Serialize counts by time. Starts and ends are ISO 8601 in the project's time zone."""
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
    """Serialize the part that all answers to a query share."""
    return {
        "total": found.total,
        "total_exact": not found.partial,
        "partial": found.partial,
        "interpreted": found.interpreted,
        "warnings": list(found.warnings),
        "took_ms": found.took_ms,
    }


def suggestions_json(found: Sequence[Suggestion]) -> Json:
    """Serialize suggested words and names; `field` is null for a word."""
    return {
        "suggestions": [
            {
                "text": suggestion.text,
                "field": suggestion.field or None,
                "count": suggestion.count,
                "query": suggestion.query,
            }
            for suggestion in found
        ]
    }


def similar_json(found: Similar) -> Json:
    """Serialize articles like one, and the words and names that found them."""
    return {
        "id": found.article.id,
        "words": list(found.words),
        "names": list(found.names),
        "took_ms": found.took_ms,
        "articles": [
            {**_brief(match.article), "score": round(match.score, 4)} for match in found.articles
        ],
    }


def article_json(article: Article) -> Json:
    """Serialize all fields of an article; missing ones are null or empty."""
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
    """Serialize all fields of one version of an article, and when it was ingested."""
    recorded = datetime.fromtimestamp(version.recorded, UTC).isoformat()
    return {"version": version.number, "recorded": recorded, **article_json(version.article)}


def servers_json(servers: Servers) -> Json:
    """Serialize the health of a cluster, and its indices; bytes are of all copies."""
    return {
        "name": servers.name,
        "health": servers.health,
        "nodes": servers.nodes,
        "unassigned_shards": servers.unassigned,
        "indices": [
            {
                "name": index.name,
                "health": index.health,
                "documents": index.documents,
                "bytes": index.bytes,
            }
            for index in servers.indices
        ],
    }


def difference_json(difference: Difference) -> Json:
    """Serialize changes: changed fields, and all paragraphs in pieces, changed or not."""
    return {
        "fields": [
            {"field": change.field, "pieces": _pieces(change.pieces)}
            for change in difference.fields
        ],
        "paragraphs": [_pieces(paragraph.pieces) for paragraph in difference.paragraphs],
    }


def _pieces(pieces: Sequence[Piece]) -> list[Json]:
    return [{"change": piece.change.value, "text": piece.text} for piece in pieces]


def status_json(status: Status, failures: Sequence[Failure]) -> Json:
    """Serialize the status of a project."""
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
        "sources": [
            {"name": source.name, "location": source.location} for source in status.sources
        ],
        "failures": [
            {"source": failure.source, "path": failure.path, "reason": failure.reason}
            for failure in failures
        ],
    }


def moment_text(moment: Moment | None) -> str | None:
    """Format a moment as ISO 8601: a date alone where the source has no time."""
    if moment is None:
        return None
    return moment.at.date().isoformat() if moment.day_only else moment.at.isoformat()


def _brief(article: Article) -> Json:
    """Serialize an article for a list."""
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
    """Serialize a hit: its article in brief, highlights, score and reasons."""
    article = hit.article
    fields: Json = {
        **_brief(article),
        "title_ranges": hit.title.ranges,
        "title_html": render_html(hit.title),
        "score": round(hit.score, 4),
        "snippets": [_snippet(snippet) for snippet in hit.snippets],
    }
    if hit.explanation:
        fields["recency"] = round(hit.explanation.recency, 4)
        fields["reasons"] = [
            {"clause": reason.leaf, "field": reason.field, "times": reason.times}
            for reason in hit.explanation.reasons
        ]
    return fields


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
            {
                "value": bucket.value,
                "count": bucket.count,
                "query": str(having(field, bucket.value)),
            }
            for bucket in facet.buckets
        ],
    }
