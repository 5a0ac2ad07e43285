"""Responses with ETags and 304, and the URLs that they link to."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlencode

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from search.output.as_json import Json, json_text
from search.results.request import Request
from search.results.snapshot import Snapshot
from search.web.caching import CACHE_CONTROL, content_tag, is_held, tag
from search.web.negotiation import JSON
from search.web.state import Desk


async def reply(
    desk: Desk,
    http: HttpRequest,
    work: Callable[[Snapshot], Json],
    request: Callable[[Snapshot], Request | None] = lambda snapshot: None,
) -> Response:
    """Return the result of work on one snapshot as JSON, or 304 without the work."""

    def answer(snapshot: Snapshot) -> Response:
        current = tag(snapshot, request(snapshot))
        return not_modified(http, current) or json_reply(work(snapshot), current)

    return await desk.ask(answer)


def not_modified(http: HttpRequest, current: str) -> Response | None:
    """Return a 304 response if the client has the current content, else None."""
    if not is_held(http.headers.get("if-none-match"), current):
        return None
    return Response(status_code=304, headers=caching(current))


def json_reply(content: Json, current: str = "", status: int = 200) -> Response:
    return Response(json_text(content), status, caching(current), JSON)


def kept_reply(http: HttpRequest, content: Json) -> Response:
    """Return JSON that does not depend on an index, or 304 if the client has it already."""
    current = content_tag(repr(content))
    return not_modified(http, current) or json_reply(content, current)


def caching(current: str) -> dict[str, str]:
    return {"ETag": current, "Cache-Control": CACHE_CONTROL} if current else {}


def article_path(article_id: str) -> str:
    """Return the path of an article's page."""
    return f"/articles/{quote(article_id.encode('utf-8', 'replace'))}"


def address(http: HttpRequest, path: str, **parameters: str) -> str:
    """Return an absolute URL on this server."""
    query = f"?{urlencode(parameters, quote_via=quote)}" if parameters else ""
    return f"{http.url.scheme}://{http.url.netloc}{http.scope.get('root_path', '')}{path}{query}"


def here(http: HttpRequest, **changed: str) -> str:
    """Return the URL of the request with some of its parameters changed; "" removes one."""
    pairs = [pair for pair in http.query_params.multi_items() if pair[0] not in changed]
    pairs += [(name, value) for name, value in changed.items() if value]
    return str(http.url.replace(query=urlencode(pairs, quote_via=quote)))
