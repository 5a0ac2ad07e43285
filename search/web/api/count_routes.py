"""Counts, times, completions, and how the server is."""

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
from search.results.snapshot import View
from search.web.api import models, parameters
from search.web.responses import json_reply, kept_reply, reply
from search.web.state import DeskOf

router = APIRouter(tags=["counts"])


@router.get("/v1/facets", response_model=models.FacetsAnswer)
async def facets(http: HttpRequest, desk: DeskOf, asked: parameters.AskedFacets) -> Response:
    """Count what a query finds by source, author, person and more."""

    def counted(view: View) -> Json:
        fields = tuple(dict.fromkeys(asked.field)) or FACET_FIELDS
        return facets_json(view.facets(asked.request(view), fields, limit=asked.limit))

    return await reply(desk, http, counted, asked.request)


@router.get("/v1/timeline", response_model=models.TimelineAnswer)
async def timeline(http: HttpRequest, desk: DeskOf, asked: parameters.AskedTimeline) -> Response:
    """Count what a query finds by when it was published; empty buckets are there too."""

    def drawn(view: View) -> Json:
        return timeline_json(view.timeline(asked.request(view), asked.interval))

    return await reply(desk, http, drawn, asked.request)


@router.get("/v1/suggest", response_model=models.Suggestions)
async def suggest(http: HttpRequest, desk: DeskOf, asked: parameters.AskedSuggestions) -> Response:
    """Words and names that begin so, with about how many articles have them."""

    def suggested(view: View) -> Json:
        began = time.perf_counter()
        found = suggestions_json(view.suggest(asked.q, limit=asked.limit))
        return {**found, "took_ms": round((time.perf_counter() - began) * 1_000, 3)}

    return await reply(desk, http, suggested)


@router.get("/v1/status", response_model=models.StatusModel)
async def status(http: HttpRequest, desk: DeskOf, _: parameters.AskedNothing) -> Response:
    """What is held. Folders and reasons are told by `dateline status` only."""
    return kept_reply(http, await desk.look_up(_status_apart))


def _status_apart(project: Project) -> Json:
    # Counting all takes a while in large corpora, and threads take turns at one connection.
    with project.again() as other:
        return _status(other)


def _status(project: Project) -> Json:
    state = project.view().state
    found = project.status()
    return {
        "engine": found.engine,
        "state": state,
        **_counts(found.counts),
        "behind": found.behind,
        "to_extract": found.to_extract,
        "store_bytes": found.store_bytes,
        "index_bytes": found.index_bytes,
        "sources": [source.name for source in found.sources],
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


@router.get("/healthz", response_model=models.Health)
async def healthz(desk: DeskOf, _: parameters.AskedNothing) -> Response:
    """Whether searches can be answered."""
    count = await desk.ask(lambda view: view.searcher.count)
    response = json_reply({"status": "ok", "articles": count})
    response.headers["Cache-Control"] = "no-store"
    return response
