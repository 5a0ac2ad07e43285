"""Routes for the search page and for static files, and the pages of errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response

from search.engines.searcher import Sort
from search.query.query_errors import QueryError
from search.results.answer import answer_request
from search.results.facets import Facets, count_facets
from search.results.request import Request
from search.results.snapshot import Snapshot
from search.results.timeline import Timeline, build_timeline
from search.web.api.parameters import dates_between
from search.web.caching import Kept, tag
from search.web.pages.facet_links import MANY, SHOWN, groups
from search.web.pages.home import home
from search.web.pages.page_errors import steps, trouble
from search.web.pages.refinement import Narrowing
from search.web.pages.rendering import (
    Site,
    html_response,
    looks,
    rendered,
    static_response,
    statics,
)
from search.web.pages.result_list import PER_PAGE, SearchField, date_form, results, sort_parameter
from search.web.pages.timeline_chart import drawn
from search.web.problems import ERRORS, ProblemError, problem_of
from search.web.responses import here, not_modified
from search.web.state import Desk, DeskOf

router = APIRouter(include_in_schema=False)

_MOST_KEPT = 64
_ERRORS: tuple[type[Exception], ...] = (ProblemError, *ERRORS)


class Asked(BaseModel):
    """The parameters of the search page. An unknown order is the default one."""

    q: str = ""
    sort: str = ""
    cursor: str = ""
    since: str = Field("", alias="from")
    until: str = Field("", alias="to")

    @property
    def order(self) -> Sort:
        return Sort(self.sort) if self.sort in set(Sort) else Sort.RELEVANCE

    @property
    def field(self) -> SearchField:
        sort = sort_parameter(self.order)
        return SearchField(self.q, (("sort", sort),) if sort else ())


AskedPage = Annotated[Asked, Query()]


@dataclass(frozen=True, slots=True)
class _Counts:
    """The facets and timeline of a query; every page of its hits shows the same."""

    facets: Facets
    timeline: Timeline


_counts: Kept[_Counts] = Kept(_MOST_KEPT)
_homes: Kept[str] = Kept(_MOST_KEPT)


@router.get("/")
async def search_page(http: HttpRequest, desk: DeskOf, asked: AskedPage) -> Response:
    """Show the results of a query, or without one the home page."""
    return await answered(http, desk, asked.q, partial(_search_page, http, asked))


def _search_page(http: HttpRequest, asked: Asked, snapshot: Snapshot) -> Response:
    site = Site.of(http)
    if asked.since or asked.until:
        return RedirectResponse(_with_dates(asked, snapshot, site), 303)
    if not asked.q.strip():
        return _home(http, snapshot, site)
    request = Request(asked.q, sort=asked.order, limit=PER_PAGE, cursor=asked.cursor)
    current = tag(snapshot, request, form=_form(snapshot))
    return not_modified(http, current) or _results(http, asked, request, snapshot, current)


def _with_dates(asked: Asked, snapshot: Snapshot, site: Site) -> str:
    """Link to the query with its dates replaced."""
    wanted = dates_between(asked.since, asked.until, snapshot.now, snapshot.config.zone)
    narrowing = Narrowing.of(asked.q if asked.q.strip() else "*", snapshot)
    text = narrowing.between(wanted) if wanted else narrowing.text
    return site.search(text, sort=sort_parameter(asked.order))


def _home(http: HttpRequest, snapshot: Snapshot, site: Site) -> Response:
    current = tag(snapshot, form=_form(snapshot))
    if response := not_modified(http, current):
        return response
    key = (str(snapshot.config.root), site.root, current)
    field = SearchField(autofocus=True)
    return html_response(
        _homes.get(
            key, lambda: rendered(site, "home.html", field=field, home=home(snapshot, site))
        ),
        current,
    )


def _results(
    http: HttpRequest, asked: Asked, request: Request, snapshot: Snapshot, current: str
) -> Response:
    site, sort = Site.of(http), sort_parameter(request.sort)
    answer = answer_request(request, snapshot)
    narrowing = Narrowing.of(request.text, snapshot)
    counts = _counts.get(
        (str(snapshot.config.root), tag(snapshot, request)),
        lambda: _Counts(
            count_facets(request, snapshot, SHOWN, limit=MANY), build_timeline(request, snapshot)
        ),
    )
    response = html_response(
        rendered(
            site,
            "search.html" if answer.total else "nothing.html",
            field=asked.field,
            page=results(answer, request, narrowing, snapshot, site),
            groups=groups(counts.facets, narrowing, site, sort),
            timeline_drawing=drawn(counts.timeline, narrowing, site, sort),
            dates=date_form(narrowing, sort),
            steps=() if answer.total else steps(request, snapshot, site),
        ),
        current,
    )
    if answer.cursor:
        following = here(http, cursor=answer.cursor)
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _form(snapshot: Snapshot) -> str:
    """Return what a page depends on beside the index: its templates, and the current day."""
    return f"page {looks()} {snapshot.now.astimezone(snapshot.config.zone).date()}"


async def answered(
    http: HttpRequest, desk: Desk, text: str, work: Callable[[Snapshot], Response]
) -> Response:
    """Return a page made of one snapshot, or the page of an error. `text` is the query."""
    try:
        return await desk.ask(work)
    except _ERRORS as err:
        return problem_page(http, err, text)


def problem_page(http: HttpRequest, err: Exception, text: str = "") -> Response:
    """Return the page of an error, with the status of its problem document."""
    site, problem = Site.of(http), problem_of(err)
    is_invalid = isinstance(err, QueryError) and bool(text)
    field = SearchField(text, autofocus=is_invalid, invalid=is_invalid)
    message = trouble(problem, err, site)
    response = html_response(
        rendered(site, "problem.html", field=field, trouble=message), status=problem.status
    )
    headers = problem.response().headers
    for name in ("Cache-Control", "Retry-After"):
        if name in headers:
            response.headers[name] = headers[name]
    return response


@router.get("/static/{name}")
async def static(http: HttpRequest, name: str, v: str = "") -> Response:
    """Return a stylesheet or script."""
    file = statics().get(name)
    if file is None:
        raise ProblemError("not-found", f"there is no file {name!r}")
    return not_modified(http, f'"{file.version}"') or static_response(file, v)
