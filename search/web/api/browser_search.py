"""Routes for the browser's own search box: OpenSearch 1.1 description and suggestions."""

from __future__ import annotations

import json
from typing import Annotated
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from search.output.formats import MEDIA_TYPES, OutputFormat
from search.results.snapshot import Snapshot
from search.results.suggest import suggest_completions
from search.web.api import parameters
from search.web.caching import CACHE_CONTROL, make_etag
from search.web.responses import check_not_modified, make_cache_headers, make_url
from search.web.state import StateDependency

router = APIRouter(tags=["opensearch"])

DESCRIPTION_MEDIA_TYPE = "application/opensearchdescription+xml"
SUGGESTIONS_MEDIA_TYPE = "application/x-suggestions+json"

_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
_TERMS_PLACEHOLDER = "{searchTerms}"


@router.get(
    "/opensearch.xml",
    name="description",
    response_class=Response,
    responses={200: {"content": {DESCRIPTION_MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def get_description(
    http: HttpRequest, state: StateDependency, _: parameters.EmptyQueryString
) -> Response:
    """Return the OpenSearch description document; pages link to it with rel="search"."""
    root = Element("OpenSearchDescription", {"xmlns": _NAMESPACE})
    # A short name has at most 16 characters.
    SubElement(root, "ShortName").text = state.project.config.root.name[:16] or "dateline"
    SubElement(root, "Description").text = "Search this archive of news"
    SubElement(root, "InputEncoding").text = "UTF-8"
    SubElement(root, "OutputEncoding").text = "UTF-8"
    templates = (
        ("results", "text/html", make_url(http, "/")),
        ("results", MEDIA_TYPES[OutputFormat.ATOM], make_url(http, "/v1/search.atom")),
        ("results", MEDIA_TYPES[OutputFormat.RSS], make_url(http, "/v1/search.rss")),
        ("suggestions", SUGGESTIONS_MEDIA_TYPE, make_url(http, "/opensearch/suggestions")),
    )
    for relation, kind, path in templates:
        template = f"{path}?q={_TERMS_PLACEHOLDER}"
        SubElement(root, "Url", {"rel": relation, "type": kind, "template": template})
    own_url = {
        "rel": "self",
        "type": DESCRIPTION_MEDIA_TYPE,
        "template": make_url(http, http.url.path),
    }
    SubElement(root, "Url", own_url)
    content = f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'
    return Response(content, 200, {"Cache-Control": CACHE_CONTROL}, DESCRIPTION_MEDIA_TYPE)


@router.get(
    "/opensearch/suggestions",
    name="suggestions",
    response_class=Response,
    responses={
        200: {
            "content": {
                SUGGESTIONS_MEDIA_TYPE: {
                    "schema": {"type": "array", "description": "What was typed, completions, notes"}
                }
            }
        }
    },
)
async def get_browser_suggestions(
    http: HttpRequest,
    state: StateDependency,
    params: Annotated[parameters.SuggestParameters, Query()],
) -> Response:
    """Complete a word or name, in the format that browsers read."""

    def suggest(snapshot: Snapshot) -> Response:
        current = make_etag(snapshot)
        if response := check_not_modified(http, current):
            return response
        terms = suggest_completions(params.q, snapshot, limit=params.limit)
        notes = [f"{term.field or 'word'}, {term.count:,}" for term in terms]
        content = json.dumps([params.q, [term.query for term in terms], notes])
        return Response(content, 200, make_cache_headers(current), SUGGESTIONS_MEDIA_TYPE)

    return await state.run_on_snapshot(suggest)
