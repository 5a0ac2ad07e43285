"""Routes for facets, timelines, suggestions, and the status of the corpus and server."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from corpus.store import StoreStats
from indexer.schema import FACET_FIELDS
from search.output.serialization import (
    Json,
    serialize_facets,
    serialize_suggestions,
    serialize_timeline,
)
from search.project.project import Project
from search.results.facets import count_facets
from search.results.snapshot import Snapshot
from search.results.suggest import suggest_completions
from search.results.timeline import build_timeline
from search.web.api import models, parameters
from search.web.responses import answer_conditionally, answer_from_snapshot, make_json_response
from search.web.state import StateDependency

router = APIRouter(tags=["counts"])


@router.get("/v1/facets", name="facets", response_model=models.FacetsAnswer)
async def get_facets(
    http: HttpRequest, state: StateDependency, params: parameters.FacetsQueryString
) -> Response:
    """Count the articles of a query by source, author, person and more."""

    def count(snapshot: Snapshot) -> Json:
        fields = tuple(dict.fromkeys(params.field)) or FACET_FIELDS
        return serialize_facets(
            count_facets(params.make_request(snapshot), snapshot, fields, limit=params.limit)
        )

    return await answer_from_snapshot(state, http, count, params.make_request)


@router.get("/v1/timeline", name="timeline", response_model=models.TimelineAnswer)
async def get_timeline(
    http: HttpRequest, state: StateDependency, params: parameters.TimelineQueryString
) -> Response:
    """Count the articles of a query by date of publication, with empty buckets."""

    def count(snapshot: Snapshot) -> Json:
        return serialize_timeline(
            build_timeline(params.make_request(snapshot), snapshot, params.interval)
        )

    return await answer_from_snapshot(state, http, count, params.make_request)


@router.get("/v1/suggest", name="suggest", response_model=models.Suggestions)
async def get_suggestions(
    http: HttpRequest, state: StateDependency, params: parameters.SuggestQueryString
) -> Response:
    """Complete a word or name, with the approximate number of articles that contain it."""

    def complete(snapshot: Snapshot) -> Json:
        began = time.perf_counter()
        content = serialize_suggestions(suggest_completions(params.q, snapshot, limit=params.limit))
        return {**content, "took_ms": round((time.perf_counter() - began) * 1_000, 3)}

    return await answer_from_snapshot(state, http, complete)


@router.get("/v1/status", name="status", response_model=models.StatusModel)
async def get_status(
    http: HttpRequest, state: StateDependency, _: parameters.EmptyQueryString
) -> Response:
    """Report the size of the corpus. Only `dateline status` reports folders and failures."""
    return answer_conditionally(http, await state.run_on_project(_read_status_apart))


def _read_status_apart(project: Project) -> Json:
    # Counting is slow in a large corpus, and would block the threads that share a connection.
    with project.reopen() as other:
        return _read_status(other)


def _read_status(project: Project) -> Json:
    state = project.snapshot().state
    status = project.status()
    return {
        "engine": status.engine,
        "state": state,
        **_format_counts(status.counts),
        "behind": status.behind,
        "to_extract": status.to_extract,
        "store_bytes": status.store_bytes,
        "index_bytes": status.index_bytes,
        "sources": [source.name for source in status.sources],
    }


def _format_counts(counts: StoreStats) -> Json:
    return {
        "articles": counts.articles,
        "versions": counts.versions,
        "undated": counts.undated,
        "first": _format_date(counts.first_published),
        "last": _format_date(counts.last_published),
        "failures": counts.failures,
    }


def _format_date(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


@router.get("/healthz", name="healthz", response_model=models.Health)
async def get_health(state: StateDependency, _: parameters.EmptyQueryString) -> Response:
    """Check that the server can answer searches."""
    count = await state.run_on_snapshot(lambda snapshot: snapshot.searcher.count)
    response = make_json_response({"status": "ok", "articles": count})
    response.headers["Cache-Control"] = "no-store"
    return response
