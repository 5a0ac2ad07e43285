"""The page: a search, an article, and the files that belong to both."""

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
from search.results.execute import Request
from search.results.facets import Facets
from search.results.snapshot import View
from search.results.timeline import Timeline
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
    """What the address of a search page says. An order that is not known is the usual one."""

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
        kept = sort_parameter(self.order)
        return SearchField(self.q, (("sort", kept),) if kept else ())


AskedPage = Annotated[Asked, Query()]


@dataclass(frozen=True, slots=True)
class _Counts:
    """What stands beside the hits, whichever of them are shown."""

    facets: Facets
    timeline: Timeline


_counts: Kept[_Counts] = Kept(_MOST_KEPT)
_homes: Kept[str] = Kept(_MOST_KEPT)


@router.get("/")
async def search_page(http: HttpRequest, desk: DeskOf, asked: AskedPage) -> Response:
    """The search page: what is held, or what a query finds."""
    return await answered(http, desk, asked.q, partial(_search_page, http, asked))


def _search_page(http: HttpRequest, asked: Asked, view: View) -> Response:
    site = Site.of(http)
    if asked.since or asked.until:
        return RedirectResponse(_with_dates(asked, view, site), 303)
    if not asked.q.strip():
        return _home(http, view, site)
    request = Request(asked.q, sort=asked.order, limit=PER_PAGE, cursor=asked.cursor)
    current = tag(view, request, form=_form(view))
    return not_modified(http, current) or _results(http, asked, request, view, current)


def _with_dates(asked: Asked, view: View, site: Site) -> str:
    """The query with dates in the place of its own, and nothing else changed."""
    wanted = dates_between(asked.since, asked.until, view.now, view.config.zone)
    narrowing = Narrowing.of(asked.q if asked.q.strip() else "*", view)
    text = narrowing.between(wanted) if wanted else narrowing.text
    return site.search(text, sort=sort_parameter(asked.order))


def _home(http: HttpRequest, view: View, site: Site) -> Response:
    current = tag(view, form=_form(view))
    if response := not_modified(http, current):
        return response
    key = (str(view.config.root), site.root, current)
    field = SearchField(autofocus=True)
    return html_response(
        _homes.get(key, lambda: rendered(site, "home.html", field=field, home=home(view, site))),
        current,
    )


def _results(
    http: HttpRequest, asked: Asked, request: Request, view: View, current: str
) -> Response:
    site, sort = Site.of(http), sort_parameter(request.sort)
    answer = view.search(request)
    narrowing = Narrowing.of(request.text, view)
    counts = _counts.get(
        (str(view.config.root), tag(view, request)),
        lambda: _Counts(view.facets(request, SHOWN, limit=MANY), view.timeline(request)),
    )
    response = html_response(
        rendered(
            site,
            "search.html" if answer.total else "nothing.html",
            field=asked.field,
            page=results(answer, request, narrowing, view, site),
            groups=groups(counts.facets, narrowing, site, sort),
            timeline_drawing=drawn(counts.timeline, narrowing, site, sort),
            dates=date_form(narrowing, sort),
            steps=() if answer.total else steps(request, view, site),
        ),
        current,
    )
    if answer.cursor:
        following = here(http, cursor=answer.cursor)
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _form(view: View) -> str:
    """What a page depends on beside the index: how it looks, and which day is today."""
    return f"page {looks()} {view.now.astimezone(view.config.zone).date()}"


async def answered(
    http: HttpRequest, desk: Desk, text: str, work: Callable[[View], Response]
) -> Response:
    """A page made of one snapshot, or one that says what is wrong. `text` is the query."""
    try:
        return await desk.ask(work)
    except _ERRORS as err:
        return problem_page(http, err, text)


def problem_page(http: HttpRequest, err: Exception, text: str = "") -> Response:
    """An error for people, with the status that programs are told."""
    site, problem = Site.of(http), problem_of(err)
    wrong = isinstance(err, QueryError) and bool(text)
    field = SearchField(text, autofocus=wrong, invalid=wrong)
    shown = trouble(problem, err, site)
    response = html_response(
        rendered(site, "problem.html", field=field, trouble=shown), status=problem.status
    )
    plain = problem.response()
    for name in ("Cache-Control", "Retry-After"):
        if name in plain.headers:
            response.headers[name] = plain.headers[name]
    return response


@router.get("/static/{name}")
async def static(http: HttpRequest, name: str, v: str = "") -> Response:
    """A stylesheet or script."""
    found = statics().get(name)
    if found is None:
        raise ProblemError("not-found", f"there is no file {name!r}")
    return not_modified(http, f'"{found.version}"') or static_response(found, v)
