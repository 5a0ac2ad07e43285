"""Answers and articles as JSON, for `--json` and the HTTP API."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from corpus.article import Article, Moment
from corpus.store import ArticleVersion, Failure
from search.engines.searcher import Facet
from search.query.nodes import make_value_query
from search.results.answer import Answer, Hit
from search.results.rerank import ScoreParts
from search.text.escaping import render_html
from search.text.snippets import Snippet

if TYPE_CHECKING:
    from indexer.generations import ServerStatus
    from search.project.status import ProjectStatus
    from search.results.facets import Facets
    from search.results.similar import Similar
    from search.results.suggest import Suggestion
    from search.results.timeline import Timeline
    from search.text.diff import ArticleDiff, DiffPiece

Json = dict[str, Any]


def dump_json(value: Json, indent: int | None = None) -> str:
    """Dump JSON: other scripts unescaped, control characters of terminals escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # Translation takes as long as the dump, and few texts need it.
    return text.translate(_CHAR_ESCAPES) if _UNSAFE_CHARS.search(text) else text


# Control characters that JSON allows, and lone surrogates, which cannot be encoded.
_UNSAFE_CHARS = re.compile("[\x7f-\x9f\ud800-\udfff]")
_CHAR_ESCAPES = {point: f"\\u{point:04x}" for point in (*range(0x7F, 0xA0), *range(0xD800, 0xE000))}


def serialize_answer(answer: Answer) -> Json:
    """Serialize an answer as one object."""
    return {
        **_serialize_head(answer),
        "total_some": answer.total_some,
        "did_you_mean": [
            {"written": correction.written, "instead": correction.instead}
            for correction in answer.corrections
        ],
        "hits": [serialize_hit(hit) for hit in answer.hits],
        "facets": {field: _serialize_facet(field, facet) for field, facet in answer.facets.items()},
        "next": answer.next,
        "cursor": answer.cursor,
    }


def serialize_facets(facets: Facets) -> Json:
    """Serialize counts by the values of fields."""
    return {
        **_serialize_head(facets),
        "facets": {field: _serialize_facet(field, facet) for field, facet in facets.facets.items()},
    }


def serialize_timeline(timeline: Timeline) -> Json:
    """Serialize counts by time. Starts and ends are ISO 8601 in the project's time zone."""
    return {
        **_serialize_head(timeline),
        "interval": timeline.interval.value,
        "undated": timeline.undated,
        "buckets": [
            {
                "label": timeline.label(bucket),
                "start": bucket.start.isoformat(),
                "end": bucket.end.isoformat(),
                "count": bucket.count,
                "query": bucket.query,
            }
            for bucket in timeline.buckets
        ],
    }


def _serialize_head(answer: Answer | Facets | Timeline) -> Json:
    """Serialize the part that all answers to a query share."""
    return {
        "total": answer.total,
        "total_exact": not answer.partial,
        "partial": answer.partial,
        "interpreted": answer.interpreted,
        "warnings": list(answer.warnings),
        "took_ms": answer.took_ms,
    }


def serialize_suggestions(suggestions: Sequence[Suggestion]) -> Json:
    """Serialize suggested words and names; `field` is null for a word."""
    return {
        "suggestions": [
            {
                "text": suggestion.text,
                "field": suggestion.field or None,
                "count": suggestion.count,
                "query": suggestion.query,
            }
            for suggestion in suggestions
        ]
    }


def serialize_similar(similar: Similar) -> Json:
    """Serialize articles like one, the words that found them, and the names among those."""
    return {
        "id": similar.article.id,
        "words": list(similar.words),
        "names": list(similar.names),
        "took_ms": similar.took_ms,
        "articles": [
            {**_serialize_brief(match.article), "score": round(match.score, 4)}
            for match in similar.articles
        ],
    }


def serialize_article(article: Article) -> Json:
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
        "published": format_moment(article.published),
        "updated": format_moment(article.updated),
        "entities": [
            {"kind": entity.kind.value, "names": list(entity.names), "sure": entity.sure}
            for entity in article.entities
        ],
        "confidence": article.confidence or None,
        "provenance": dict(article.provenance),
    }


def serialize_version(version: ArticleVersion) -> Json:
    """Serialize all fields of one version of an article, and when it was ingested."""
    recorded = datetime.fromtimestamp(version.recorded_seconds, UTC).isoformat()
    return {
        "version": version.version_key,
        "recorded": recorded,
        **serialize_article(version.article),
    }


def serialize_servers(servers: ServerStatus) -> Json:
    """Serialize the health of a cluster, and its indices; bytes are of all copies."""
    return {
        "name": servers.name,
        "health": servers.health,
        "nodes": servers.nodes,
        "unassigned_shards": servers.unassigned_shards,
        "indices": [
            {
                "name": index.name,
                "health": index.health,
                "documents": index.documents,
                "bytes": index.size_bytes,
            }
            for index in servers.indices
        ],
    }


def serialize_difference(difference: ArticleDiff) -> Json:
    """Serialize changes: changed fields, and all paragraphs in pieces, changed or not."""
    return {
        "fields": [
            {"field": change.field, "pieces": _serialize_pieces(change.pieces)}
            for change in difference.fields
        ],
        "paragraphs": [_serialize_pieces(paragraph.pieces) for paragraph in difference.paragraphs],
    }


def _serialize_pieces(pieces: Sequence[DiffPiece]) -> list[Json]:
    return [{"change": piece.change.value, "text": piece.text} for piece in pieces]


def serialize_status(status: ProjectStatus, failures: Sequence[Failure]) -> Json:
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
        "cluster": serialize_servers(status.servers) if status.servers else None,
        "sources": [
            {"name": source.name, "location": source.location} for source in status.sources
        ],
        "failures": [
            {"source": failure.source, "path": failure.path, "reason": failure.reason}
            for failure in failures
        ],
    }


def format_moment(moment: Moment | None) -> str | None:
    """Format a moment as ISO 8601: a date alone where the source has no time."""
    if moment is None:
        return None
    return moment.at.date().isoformat() if moment.day_only else moment.at.isoformat()


def _serialize_brief(article: Article) -> Json:
    """Serialize an article for a list."""
    return {
        "id": article.id,
        "title": article.title,
        "dek": article.dek or None,
        "published": format_moment(article.published),
        "source": article.source or None,
        "section": article.section or None,
        "url": article.url or None,
    }


def serialize_hit(hit: Hit) -> Json:
    """Serialize a hit: its article in brief, highlights, score and reasons."""
    article = hit.article
    fields: Json = {
        **_serialize_brief(article),
        "title_ranges": hit.title.ranges,
        "title_html": render_html(hit.title),
        "score": round(hit.score, 4),
        "matched": hit.matched.value,
        "snippets": [_serialize_snippet(snippet) for snippet in hit.snippets],
    }
    if hit.explanation:
        fields["recency"] = round(hit.explanation.recency, 4)
        fields["reasons"] = [
            {"clause": reason.leaf, "field": reason.field, "times": reason.times}
            for reason in hit.explanation.reasons
        ]
        if hit.explanation.parts:
            fields["score_parts"] = _serialize_parts(hit.explanation.parts)
    return fields


def _serialize_parts(parts: ScoreParts) -> Json:
    return {
        "engine": round(parts.engine, 4),
        "window": round(parts.window, 4),
        "order": round(parts.order, 4),
        "lead": round(parts.lead, 4),
        "neighbors": round(parts.neighbors, 4),
    }


def _serialize_snippet(snippet: Snippet) -> Json:
    return {
        "text": snippet.text,
        "ranges": snippet.ranges,
        "html": render_html(snippet),
        "field": snippet.field,
    }


def _serialize_facet(field: str, facet: Facet) -> Json:
    return {
        "values": facet.value_count,
        "all_counted": facet.all_counted,
        "buckets": [
            {
                "value": bucket.value,
                "count": bucket.count,
                "query": str(make_value_query(field, bucket.value)),
            }
            for bucket in facet.buckets
        ],
    }
