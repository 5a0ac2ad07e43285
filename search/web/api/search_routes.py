"""Search over HTTP: one question in many forms."""

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
from search.results.answer import Answer, Hit
from search.results.snapshot import View
from search.web.api import models, parameters
from search.web.caching import tag
from search.web.negotiation import JSON, accepted
from search.web.responses import address, article_path, caching, here, json_reply, not_modified
from search.web.state import DeskOf

router = APIRouter(tags=["search"])

_FORMS = {media_type: form for form, media_type in MEDIA_TYPES.items()}
_OFFERED = (JSON, *_FORMS)


def _of(media_types: Sequence[str]) -> models.Responses:
    kinds = {each: "object" if each.endswith("json") else "string" for each in media_types}
    kinds[MEDIA_TYPES[Format.NDJSON]] = "string"
    return {200: {"content": {each: {"schema": {"type": kind}} for each, kind in kinds.items()}}}


@router.get("/v1/search", response_model=models.SearchAnswer, responses=_of(tuple(_FORMS)))
async def search(http: HttpRequest, desk: DeskOf, asked: parameters.Asked) -> Response:
    """Find articles. `Accept` chooses the form: JSON, a feed, a table, or JSON lines."""
    form = _FORMS.get(accepted(http.headers.get("accept"), _OFFERED))
    response = await desk.ask(partial(_answered, http, asked, form))
    response.headers["Vary"] = "Accept"
    return response


@router.get(
    "/v1/search.{form}", response_class=Response, responses=_of(tuple(MEDIA_TYPES.values()))
)
async def search_in_a_form(
    http: HttpRequest,
    desk: DeskOf,
    form: Annotated[Format, Path(description="The form of the answer.")],
    asked: parameters.Asked,
) -> Response:
    """Find articles, the newest first: a search to be followed in a feed reader, or a table."""
    return await desk.ask(partial(_answered, http, asked, form))


def _answered(
    http: HttpRequest, asked: parameters.SearchParameters, form: Format | None, view: View
) -> Response:
    request = asked.search(view, Sort.RELEVANCE if form is None else Sort.NEWEST)
    current = tag(view, request, form=form or "")
    if response := not_modified(http, current):
        return response
    answer = view.search(request)
    following = here(http, cursor=answer.cursor) if answer.cursor else ""
    if form is None:
        response = json_reply(search_json(answer, asked.fields), current)
    else:
        links = _links(http, asked.q, following)
        content = render_answer(answer, form, Asked(asked.q, view.now), links)
        response = Response(
            content.encode("utf-8", "replace"), 200, caching(current), MEDIA_TYPES[form]
        )
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def search_json(answer: Answer, fields: Sequence[str]) -> Json:
    """The answer as `--json` prints it, its hits with the fields that are asked for."""
    found = answer_json(answer)
    if fields:
        found["hits"] = [
            _narrowed(hit, one, fields) for hit, one in zip(answer.hits, found["hits"], strict=True)
        ]
    return found


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
