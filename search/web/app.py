"""The application: its routes, its middleware, and its error handlers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Match, Route

from search.project.project import Project
from search.web.api import article_routes, browser_search, count_routes, search_routes
from search.web.api.openapi import make_openapi_function
from search.web.api.parameters import find_nearest_parameter
from search.web.limits import DEFAULT_LIMITS, ServerLimits
from search.web.middleware import GuardMiddleware, make_not_found_problem
from search.web.pages import article_page, search_page
from search.web.problems import EXPECTED_ERRORS, Problem, ProblemError, make_problem
from search.web.state import ServerState

LOCAL_HOSTS = frozenset({"localhost"})

_ROUTERS = (
    search_routes.router,
    count_routes.router,
    article_routes.router,
    browser_search.router,
    search_page.router,
    article_page.router,
)


def create_app(
    project: Project,
    *,
    token: str = "",
    hosts: Iterable[str] = (),
    limits: ServerLimits = DEFAULT_LIMITS,
) -> FastAPI:
    """Create the ASGI application that serves a project. The caller closes the project.

    With a token, articles can be written. `hosts` are the host names that it serves, beside
    localhost and IP addresses.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        state = app.state.server_state = ServerState.of(project, token, limits)
        yield
        state.close()

    app = FastAPI(
        title="dateline",
        summary="Full-text search for news.",
        version=version("dateline-search"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_name_operation,
    )
    for router in _ROUTERS:
        app.include_router(router)
    errors: tuple[type[Exception], ...] = (ProblemError, *EXPECTED_ERRORS)
    for error in errors:
        app.add_exception_handler(error, _answer_error)
    app.add_exception_handler(RequestValidationError, _answer_parameter_errors)
    app.add_exception_handler(HTTPException, _answer_http_error)
    names = frozenset(host.lower() for host in hosts)
    app.add_middleware(GuardMiddleware, hosts=LOCAL_HOSTS | names, limits=limits)
    app.openapi = make_openapi_function(app)  # type: ignore[method-assign]
    return app


def _name_operation(route: APIRoute) -> str:
    return route.name


async def _answer_error(http: HttpRequest, err: Exception) -> Response:
    return make_problem(err).make_response()


async def _answer_parameter_errors(http: HttpRequest, err: Exception) -> Response:
    errors = [
        _describe_parameter_error(error) for error in cast(RequestValidationError, err).errors()
    ]
    problem = Problem("bad-parameter", errors[0]["detail"], {**errors[0], "errors": errors})
    return _render_problem(http, problem)


def _describe_parameter_error(error: dict[str, object]) -> dict[str, str]:
    """Describe the error of one parameter, with the nearest known name for an unknown one."""
    location = cast(tuple[object, ...], error["loc"])
    name = str(location[1]) if len(location) > 1 else ""
    if error["type"] != "extra_forbidden":
        return {"parameter": name, "detail": f"{name}: {error['msg']}"}
    description = {"parameter": name, "detail": f"there is no parameter {name!r}"}
    return (
        {**description, "did_you_mean": near}
        if (near := find_nearest_parameter(name))
        else description
    )


async def _answer_http_error(http: HttpRequest, err: Exception) -> Response:
    status = cast(HTTPException, err).status_code
    if status == 405:
        allowed = ", ".join(sorted(_list_methods(http)))
        return Problem("method", f"allowed: {allowed}", headers={"Allow": allowed}).make_response()
    if status == 404:
        return _render_problem(http, make_not_found_problem(http.url.path))
    return Problem("bad-request", "the request cannot be read").make_response()


def _render_problem(http: HttpRequest, problem: Problem) -> Response:
    """Return a problem as a page to a client that accepts HTML, except below `/v1/`."""
    if "text/html" in http.headers.get("accept", "") and not http.url.path.startswith("/v1/"):
        return search_page.make_problem_page(http, ProblemError(problem.kind, problem.detail))
    return problem.make_response()


def _list_methods(http: HttpRequest) -> set[str]:
    """Return the methods that the routes of a path allow together."""
    routes = [route for router in _ROUTERS for route in router.routes if isinstance(route, Route)]
    matching = [route for route in routes if route.matches(http.scope)[0] is not Match.NONE]
    methods = {method for route in matching for method in route.methods or ()} or {"GET"}
    return methods | {"HEAD"} if "GET" in methods else methods
