"""Routes for facets, timelines, suggestions, and the status of the corpus and server."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from corpus.store import Counts
from indexer.schema import FACET_FIELDS
from search.output.as_json import Json, facets_json, suggestions_json, timeline_json
from search.project.project import Project
from search.results.facets import count_facets
from search.results.snapshot import Snapshot
from search.results.suggest import suggest_completions
from search.results.timeline import build_timeline
from search.web.api import models, parameters
from search.web.responses import json_reply, kept_reply, reply
from search.web.state import DeskOf

router = APIRouter(tags=["counts"])


@router.get("/v1/facets", name="facets", response_model=models.FacetsAnswer)
async def facets(http: HttpRequest, desk: DeskOf, asked: parameters.AskedFacets) -> Response:
    """Count the articles of a query by source, author, person and more."""

    def count(snapshot: Snapshot) -> Json:
        fields = tuple(dict.fromkeys(asked.field)) or FACET_FIELDS
        return facets_json(
            count_facets(asked.request(snapshot), snapshot, fields, limit=asked.limit)
        )

    return await reply(desk, http, count, asked.request)


@router.get("/v1/timeline", name="timeline", response_model=models.TimelineAnswer)
async def timeline(http: HttpRequest, desk: DeskOf, asked: parameters.AskedTimeline) -> Response:
    """Count the articles of a query by date of publication, with empty buckets."""

    def count(snapshot: Snapshot) -> Json:
        return timeline_json(build_timeline(asked.request(snapshot), snapshot, asked.interval))

    return await reply(desk, http, count, asked.request)


@router.get("/v1/suggest", name="suggest", response_model=models.Suggestions)
async def suggest(http: HttpRequest, desk: DeskOf, asked: parameters.AskedSuggestions) -> Response:
    """Complete a word or name, with the approximate number of articles that contain it."""

    def complete(snapshot: Snapshot) -> Json:
        began = time.perf_counter()
        content = suggestions_json(suggest_completions(asked.q, snapshot, limit=asked.limit))
        return {**content, "took_ms": round((time.perf_counter() - began) * 1_000, 3)}

    return await reply(desk, http, complete)


@router.get("/v1/status", name="status", response_model=models.StatusModel)
async def status(http: HttpRequest, desk: DeskOf, _: parameters.AskedNothing) -> Response:
    """Report the size of the corpus. Only `dateline status` reports folders and failures."""
    return kept_reply(http, await desk.look_up(_status_apart))


def _status_apart(project: Project) -> Json:
    # Counting is slow in a large corpus, and would block the threads that share a connection.
    with project.again() as other:
        return _status(other)


def _status(project: Project) -> Json:
    state = project.snapshot().state
    status = project.status()
    return {
        "engine": status.engine,
        "state": state,
        **_counts(status.counts),
        "behind": status.behind,
        "to_extract": status.to_extract,
        "store_bytes": status.store_bytes,
        "index_bytes": status.index_bytes,
        "sources": [source.name for source in status.sources],
    }


def _counts(counts: Counts) -> Json:
    return {
        "articles": counts.articles,
        "versions": counts.versions,
        "undated": counts.undated,
        "first": _date(counts.first),
        "last": _date(counts.last),
        "failures": counts.failures,
    }


def _date(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


@router.get("/healthz", name="healthz", response_model=models.Health)
async def healthz(desk: DeskOf, _: parameters.AskedNothing) -> Response:
    """Check that the server can answer searches."""
    count = await desk.ask(lambda snapshot: snapshot.searcher.count)
    response = json_reply({"status": "ok", "articles": count})
    response.headers["Cache-Control"] = "no-store"
    return response
