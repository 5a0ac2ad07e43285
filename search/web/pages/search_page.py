"""Routes for the search page and for static files, and the pages of errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response

from search.engines.searcher import Sort
from search.query.query_errors import QueryError
from search.results.answer import answer_request
from search.results.facets import count_facets
from search.results.request import Request
from search.results.snapshot import Snapshot
from search.results.timeline import build_timeline
from search.web.api.parameters import parse_date_range
from search.web.caching import QueryCounts, make_etag
from search.web.pages.facet_links import MAX_VALUES, SIDEBAR_FIELDS, build_facet_groups
from search.web.pages.home import build_home_page
from search.web.pages.page_errors import describe_problem, find_relaxed_queries
from search.web.pages.refinement import Narrowing
from search.web.pages.rendering import (
    Site,
    digest_templates,
    load_static_files,
    make_html_response,
    make_static_response,
    render_page,
)
from search.web.pages.result_list import (
    HITS_PER_PAGE,
    SearchField,
    build_date_form,
    build_results_page,
    make_sort_parameter,
)
from search.web.pages.timeline_chart import draw_timeline
from search.web.problems import EXPECTED_ERRORS, ProblemError, make_problem
from search.web.responses import check_not_modified, make_current_url
from search.web.state import ServerState, StateDependency

router = APIRouter(include_in_schema=False)

_PAGE_ERRORS: tuple[type[Exception], ...] = (ProblemError, *EXPECTED_ERRORS)


class SearchPageParameters(BaseModel):
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
    def search_field(self) -> SearchField:
        sort = make_sort_parameter(self.order)
        return SearchField(self.q, (("sort", sort),) if sort else ())


SearchPageQueryString = Annotated[SearchPageParameters, Query()]


@router.get("/")
async def show_search_page(
    http: HttpRequest, state: StateDependency, params: SearchPageQueryString
) -> Response:
    """Show the results of a query, or without one the home page."""
    return await answer_page(
        http, state, params.q, partial(_answer_search_page, http, state, params)
    )


def _answer_search_page(
    http: HttpRequest, state: ServerState, params: SearchPageParameters, snapshot: Snapshot
) -> Response:
    site = Site.of(http)
    if params.since or params.until:
        return RedirectResponse(_link_with_dates(params, snapshot, site), 303)
    if not params.q.strip():
        return _answer_home(http, state, snapshot, site)
    request = Request(params.q, sort=params.order, limit=HITS_PER_PAGE, cursor=params.cursor)
    current = make_etag(snapshot, request, form=_describe_page_state(snapshot))
    return check_not_modified(http, current) or _answer_results(
        http, state, params, request, snapshot, current
    )


def _link_with_dates(params: SearchPageParameters, snapshot: Snapshot, site: Site) -> str:
    """Link to the query with its dates replaced."""
    wanted = parse_date_range(params.since, params.until, snapshot.now, snapshot.config.zone)
    narrowing = Narrowing.of(params.q if params.q.strip() else "*", snapshot)
    text = narrowing.replace_dates(wanted) if wanted else narrowing.text
    return site.link_to_search(text, sort=make_sort_parameter(params.order))


def _answer_home(http: HttpRequest, state: ServerState, snapshot: Snapshot, site: Site) -> Response:
    current = make_etag(snapshot, form=_describe_page_state(snapshot))
    if response := check_not_modified(http, current):
        return response
    field = SearchField(autofocus=True)
    return make_html_response(
        state.home_pages.get_or_make(
            current + site.root,
            lambda: render_page(
                site, "home.html", field=field, home=build_home_page(snapshot, site)
            ),
        ),
        current,
    )


def _answer_results(
    http: HttpRequest,
    state: ServerState,
    params: SearchPageParameters,
    request: Request,
    snapshot: Snapshot,
    etag: str,
) -> Response:
    site, sort = Site.of(http), make_sort_parameter(request.sort)
    answer = answer_request(request, snapshot)
    narrowing = Narrowing.of(request.text, snapshot)
    counts = state.query_counts.get_or_make(
        make_etag(snapshot, request),
        lambda: _count_query(replace(request, advice=False), snapshot),
    )
    response = make_html_response(
        render_page(
            site,
            "search.html" if answer.hits else "nothing.html",
            field=params.search_field,
            page=build_results_page(answer, request, narrowing, snapshot, site),
            groups=build_facet_groups(counts.facets, narrowing, site, sort),
            timeline_drawing=draw_timeline(counts.timeline, narrowing, site, sort),
            dates=build_date_form(narrowing, sort),
            steps=() if answer.hits else find_relaxed_queries(request, snapshot, site),
        ),
        etag,
    )
    if answer.cursor:
        following = make_current_url(http, cursor=answer.cursor)
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _count_query(request: Request, snapshot: Snapshot) -> QueryCounts:
    return QueryCounts(
        count_facets(request, snapshot, SIDEBAR_FIELDS, limit=MAX_VALUES),
        build_timeline(request, snapshot),
    )


def _describe_page_state(snapshot: Snapshot) -> str:
    """Return what a page depends on beside the index: its templates, and the current day."""
    return f"page {digest_templates()} {snapshot.now.astimezone(snapshot.config.zone).date()}"


async def answer_page(
    http: HttpRequest, state: ServerState, text: str, work: Callable[[Snapshot], Response]
) -> Response:
    """Return a page made of one snapshot, or the page of an error. `text` is the query."""
    try:
        return await state.run_on_snapshot(work)
    except _PAGE_ERRORS as err:
        return make_problem_page(http, err, text)


def make_problem_page(http: HttpRequest, err: Exception, text: str = "") -> Response:
    """Return the page of an error, with the status of its problem document."""
    site, problem = Site.of(http), make_problem(err)
    is_invalid = isinstance(err, QueryError) and bool(text)
    field = SearchField(text, autofocus=is_invalid, invalid=is_invalid)
    message = describe_problem(problem, err, site)
    response = make_html_response(
        render_page(site, "problem.html", field=field, trouble=message), status=problem.status
    )
    headers = problem.make_response().headers
    for name in ("Cache-Control", "Retry-After"):
        if name in headers:
            response.headers[name] = headers[name]
    return response


@router.get("/static/{name}")
async def get_static_file(http: HttpRequest, name: str, v: str = "") -> Response:
    """Return a stylesheet or script."""
    file = load_static_files().get(name)
    if file is None:
        raise ProblemError("not-found", f"there is no file {name!r}")
    return check_not_modified(http, f'"{file.version}"') or make_static_response(file, v)
