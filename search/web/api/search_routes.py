"""Routes that search, with the answer in one of several formats."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from search.engines.searcher import Sort
from search.output.as_json import Json, answer_json, article_json
from search.output.formats import MEDIA_TYPES, Asked, Format, Links
from search.output.render import render_answer
from search.results.answer import Answer, Hit, answer_request
from search.results.snapshot import Snapshot
from search.web.api import models, parameters
from search.web.caching import tag
from search.web.negotiation import JSON, accepted
from search.web.responses import address, article_path, caching, here, json_reply, not_modified
from search.web.state import DeskOf

router = APIRouter(tags=["search"])

_FORMS = {media_type: form for form, media_type in MEDIA_TYPES.items()}
_OFFERED = (JSON, *_FORMS)


def _of(media_types: Sequence[str]) -> models.Responses:
    kinds = {name: "object" if name.endswith("json") else "string" for name in media_types}
    kinds[MEDIA_TYPES[Format.NDJSON]] = "string"
    return {200: {"content": {name: {"schema": {"type": kind}} for name, kind in kinds.items()}}}


@router.get(
    "/v1/search", name="search", response_model=models.SearchAnswer, responses=_of(tuple(_FORMS))
)
async def search(http: HttpRequest, desk: DeskOf, asked: parameters.Asked) -> Response:
    """Find articles. `Accept` selects the format: JSON, a feed, a table, or JSON lines."""
    form = _FORMS.get(accepted(http.headers.get("accept"), _OFFERED))
    response = await desk.ask(partial(_answered, http, asked, form))
    response.headers["Vary"] = "Accept"
    return response


@router.get(
    "/v1/search.{form}",
    name="search_in_a_form",
    response_class=Response,
    responses=_of(tuple(MEDIA_TYPES.values())),
)
async def search_in_a_form(
    http: HttpRequest,
    desk: DeskOf,
    form: Annotated[Format, Path(description="The form of the answer.")],
    asked: parameters.Asked,
) -> Response:
    """Find articles, the newest first, as a feed to subscribe to, a table, or JSON lines."""
    return await desk.ask(partial(_answered, http, asked, form))


def _answered(
    http: HttpRequest, asked: parameters.SearchParameters, form: Format | None, snapshot: Snapshot
) -> Response:
    request = asked.search(snapshot, Sort.RELEVANCE if form is None else Sort.NEWEST)
    current = tag(snapshot, request, form=form or "")
    if response := not_modified(http, current):
        return response
    answer = answer_request(request, snapshot)
    following = here(http, cursor=answer.cursor) if answer.cursor else ""
    if form is None:
        response = json_reply(search_json(answer, asked.fields), current)
    else:
        links = _links(http, asked.q, following)
        content = render_answer(answer, form, Asked(asked.q, snapshot.now), links)
        response = Response(
            content.encode("utf-8", "replace"), 200, caching(current), MEDIA_TYPES[form]
        )
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def search_json(answer: Answer, fields: Sequence[str]) -> Json:
    """Return the answer as `--json` prints it, its hits with the requested fields."""
    content = answer_json(answer)
    if fields:
        pairs = zip(answer.hits, content["hits"], strict=True)
        content["hits"] = [_narrowed(hit, entry, fields) for hit, entry in pairs]
    return content


def _narrowed(hit: Hit, found: Json, fields: Sequence[str]) -> Json:
    whole = {**article_json(hit.article), **found}
    explained = [name for name in ("recency", "reasons") if name in found]
    return {name: whole[name] for name in (*dict.fromkeys(fields), *explained)}


def _links(http: HttpRequest, text: str, following: str) -> Links:
    return Links(
        page=address(http, "/", q=text),
        this=here(http),
        next=following,
        article=lambda key: address(http, article_path(key)),
    )
