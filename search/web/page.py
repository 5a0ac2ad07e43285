"""The page: a search, an article, and the files that belong to both."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from search.web.caching import is_held
from search.web.problems import ProblemError
from search.web.rendering import Site, html_response, rendered, static_response, statics
from search.web.results import Field

router = APIRouter(include_in_schema=False)


@router.get("/")
async def search_page(http: HttpRequest, q: str = "") -> Response:
    return html_response(rendered(Site.of(http), "base.html", field=Field(q)))


@router.get("/static/{name}")
async def static(http: HttpRequest, name: str, v: str = "") -> Response:
    """A stylesheet or script."""
    found = statics().get(name)
    if found is None:
        raise ProblemError("not-found", f"there is no file {name!r}")
    if is_held(http.headers.get("if-none-match"), f'"{found.version}"'):
        return Response(status_code=304)
    return static_response(found, v)
