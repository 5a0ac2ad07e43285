"""Answers as responses: JSON, or another form, with what caches and pagers need."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlencode

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from search.output.as_json import Json, json_text
from search.results.execute import Request
from search.results.snapshot import View
from search.web.caching import CACHE_CONTROL, content_tag, is_held, tag
from search.web.negotiation import JSON
from search.web.state import Desk


async def reply(
    desk: Desk,
    http: HttpRequest,
    work: Callable[[View], Json],
    request: Callable[[View], Request | None] = lambda view: None,
) -> Response:
    """What work gives on one snapshot, as JSON; nothing is done if the client has it already."""

    def answered(view: View) -> Response:
        current = tag(view, request(view))
        return not_modified(http, current) or json_reply(work(view), current)

    return await desk.ask(answered)


def not_modified(http: HttpRequest, current: str) -> Response | None:
    """The response to a client that has what is current; None if it has not."""
    if not is_held(http.headers.get("if-none-match"), current):
        return None
    return Response(status_code=304, headers=caching(current))


def json_reply(content: Json, current: str = "", status: int = 200) -> Response:
    return Response(json_text(content), status, caching(current), JSON)


def kept_reply(http: HttpRequest, content: Json) -> Response:
    """JSON of what does not depend on an index; nothing of it if the client has it already."""
    current = content_tag(repr(content))
    return not_modified(http, current) or json_reply(content, current)


def caching(current: str) -> dict[str, str]:
    return {"ETag": current, "Cache-Control": CACHE_CONTROL} if current else {}


def article_path(article_id: str) -> str:
    """The path of an article's page."""
    return f"/articles/{quote(article_id.encode('utf-8', 'replace'))}"


def address(http: HttpRequest, path: str, **parameters: str) -> str:
    """An address on this server."""
    query = f"?{urlencode(parameters, quote_via=quote)}" if parameters else ""
    return f"{http.url.scheme}://{http.url.netloc}{http.scope.get('root_path', '')}{path}{query}"


def here(http: HttpRequest, **changed: str) -> str:
    """The address that is asked, with some of its parameters changed."""
    kept = [(name, value) for name, value in http.query_params.multi_items() if name not in changed]
    pairs = [*kept, *((name, value) for name, value in changed.items() if value)]
    return str(http.url.replace(query=urlencode(pairs, quote_via=quote)))
