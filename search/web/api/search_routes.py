"""Routes that search, with the answer in one of several formats."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from search.engines.searcher import Sort
from search.output.formats import MEDIA_TYPES, FeedLinks, FeedRequest, OutputFormat
from search.output.render import render_answer
from search.output.serialization import Json, serialize_answer, serialize_article
from search.results.answer import Answer, Hit, answer_request
from search.results.snapshot import Snapshot
from search.web.api import models, parameters
from search.web.caching import make_etag
from search.web.negotiation import JSON, negotiate_media_type
from search.web.responses import (
    check_not_modified,
    make_article_path,
    make_cache_headers,
    make_current_url,
    make_json_response,
    make_url,
)
from search.web.state import StateDependency

router = APIRouter(tags=["search"])

_FORMATS_BY_MEDIA_TYPE = {media_type: form for form, media_type in MEDIA_TYPES.items()}
_OFFERED_MEDIA_TYPES = (JSON, *_FORMATS_BY_MEDIA_TYPE)


def _describe_responses(media_types: Sequence[str]) -> models.Responses:
    kinds = {name: "object" if name.endswith("json") else "string" for name in media_types}
    kinds[MEDIA_TYPES[OutputFormat.NDJSON]] = "string"
    return {200: {"content": {name: {"schema": {"type": kind}} for name, kind in kinds.items()}}}


@router.get(
    "/v1/search",
    name="search",
    response_model=models.SearchAnswer,
    responses=_describe_responses(tuple(_FORMATS_BY_MEDIA_TYPE)),
)
async def search_articles(
    http: HttpRequest, state: StateDependency, params: parameters.SearchQueryString
) -> Response:
    """Find articles. `Accept` selects the format: JSON, a feed, a table, or JSON lines."""
    form = _FORMATS_BY_MEDIA_TYPE.get(
        negotiate_media_type(http.headers.get("accept"), _OFFERED_MEDIA_TYPES)
    )
    response = await state.run_on_snapshot(partial(_answer_search, http, params, form))
    response.headers["Vary"] = "Accept"
    return response


@router.get(
    "/v1/search.{form}",
    name="search_in_a_form",
    response_class=Response,
    responses=_describe_responses(tuple(MEDIA_TYPES.values())),
)
async def search_articles_in_format(
    http: HttpRequest,
    state: StateDependency,
    form: Annotated[OutputFormat, Path(description="The form of the answer.")],
    params: parameters.SearchQueryString,
) -> Response:
    """Find articles, the newest first, as a feed to subscribe to, a table, or JSON lines."""
    return await state.run_on_snapshot(partial(_answer_search, http, params, form))


def _answer_search(
    http: HttpRequest,
    params: parameters.SearchParameters,
    form: OutputFormat | None,
    snapshot: Snapshot,
) -> Response:
    request = params.make_search_request(snapshot, Sort.RELEVANCE if form is None else Sort.NEWEST)
    current = make_etag(snapshot, request, form=form or "")
    if response := check_not_modified(http, current):
        return response
    answer = answer_request(request, snapshot)
    following = make_current_url(http, cursor=answer.cursor) if answer.cursor else ""
    if form is None:
        response = make_json_response(build_search_json(answer, params.fields), current)
    else:
        links = _make_links(http, params.q, following)
        content = render_answer(answer, form, FeedRequest(params.q, snapshot.now), links)
        response = Response(
            content.encode("utf-8", "replace"), 200, make_cache_headers(current), MEDIA_TYPES[form]
        )
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def build_search_json(answer: Answer, fields: Sequence[str]) -> Json:
    """Return the answer as `--json` prints it, its hits with the requested fields."""
    content = serialize_answer(answer)
    if fields:
        pairs = zip(answer.hits, content["hits"], strict=True)
        content["hits"] = [_select_fields(hit, entry, fields) for hit, entry in pairs]
    return content


def _select_fields(hit: Hit, entry: Json, fields: Sequence[str]) -> Json:
    whole = {**serialize_article(hit.article), **entry}
    explained = [name for name in ("recency", "reasons") if name in entry]
    return {name: whole[name] for name in (*dict.fromkeys(fields), *explained)}


def _make_links(http: HttpRequest, text: str, following: str) -> FeedLinks:
    return FeedLinks(
        page_url=make_url(http, "/", q=text),
        feed_url=make_current_url(http),
        next_url=following,
        make_article_url=lambda key: make_url(http, make_article_path(key)),
    )
