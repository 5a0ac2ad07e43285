"""Responses with ETags and 304, and the URLs that they link to."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlencode

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from search.output.serialization import Json, dump_json
from search.results.request import Request
from search.results.snapshot import Snapshot
from search.web.caching import CACHE_CONTROL, has_matching_etag, make_content_etag, make_etag
from search.web.negotiation import JSON
from search.web.state import ServerState


async def answer_from_snapshot(
    state: ServerState,
    http: HttpRequest,
    work: Callable[[Snapshot], Json],
    request: Callable[[Snapshot], Request | None] = lambda snapshot: None,
) -> Response:
    """Return the result of work on one snapshot as JSON, or 304 without the work."""

    def answer(snapshot: Snapshot) -> Response:
        current = make_etag(snapshot, request(snapshot))
        return check_not_modified(http, current) or make_json_response(work(snapshot), current)

    return await state.run_on_snapshot(answer)


def check_not_modified(http: HttpRequest, etag: str) -> Response | None:
    """Return a 304 response if the client has the current content, else None."""
    if not has_matching_etag(http.headers.get("if-none-match"), etag):
        return None
    return Response(status_code=304, headers=make_cache_headers(etag))


def make_json_response(content: Json, etag: str = "", status: int = 200) -> Response:
    return Response(dump_json(content), status, make_cache_headers(etag), JSON)


def answer_conditionally(http: HttpRequest, content: Json) -> Response:
    """Return JSON that does not depend on an index, or 304 if the client has it already."""
    current = make_content_etag(repr(content))
    return check_not_modified(http, current) or make_json_response(content, current)


def make_cache_headers(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": CACHE_CONTROL} if etag else {}


def make_article_path(article_id: str) -> str:
    """Return the path of an article's page."""
    return f"/articles/{quote(article_id.encode('utf-8', 'replace'))}"


def make_url(http: HttpRequest, path: str, **parameters: str) -> str:
    """Return an absolute URL on this server."""
    query = f"?{urlencode(parameters, quote_via=quote)}" if parameters else ""
    return f"{http.url.scheme}://{http.url.netloc}{http.scope.get('root_path', '')}{path}{query}"


def make_current_url(http: HttpRequest, **changes: str) -> str:
    """Return the URL of the request with some of its parameters changed; "" removes one."""
    pairs = [pair for pair in http.query_params.multi_items() if pair[0] not in changes]
    pairs += [(name, value) for name, value in changes.items() if value]
    return str(http.url.replace(query=urlencode(pairs, quote_via=quote)))
