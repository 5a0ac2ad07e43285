"""Routes for the browser's own search box: OpenSearch 1.1 description and suggestions."""

from __future__ import annotations

import json
from typing import Annotated
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from search.output.formats import MEDIA_TYPES, Format
from search.results.snapshot import Snapshot
from search.results.suggest import suggest_completions
from search.web.api import parameters
from search.web.caching import CACHE_CONTROL, tag
from search.web.responses import address, caching, not_modified
from search.web.state import DeskOf

router = APIRouter(tags=["opensearch"])

DESCRIPTION_TYPE = "application/opensearchdescription+xml"
SUGGESTIONS_TYPE = "application/x-suggestions+json"

_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
_TERMS = "{searchTerms}"


@router.get(
    "/opensearch.xml",
    name="description",
    response_class=Response,
    responses={200: {"content": {DESCRIPTION_TYPE: {"schema": {"type": "string"}}}}},
)
async def description(http: HttpRequest, desk: DeskOf, _: parameters.AskedNothing) -> Response:
    """Return the OpenSearch description document; pages link to it with rel="search"."""
    root = Element("OpenSearchDescription", {"xmlns": _NAMESPACE})
    # A short name has at most 16 characters.
    SubElement(root, "ShortName").text = desk.project.config.root.name[:16] or "dateline"
    SubElement(root, "Description").text = "Search this archive of news"
    SubElement(root, "InputEncoding").text = "UTF-8"
    SubElement(root, "OutputEncoding").text = "UTF-8"
    templates = (
        ("results", "text/html", address(http, "/")),
        ("results", MEDIA_TYPES[Format.ATOM], address(http, "/v1/search.atom")),
        ("results", MEDIA_TYPES[Format.RSS], address(http, "/v1/search.rss")),
        ("suggestions", SUGGESTIONS_TYPE, address(http, "/opensearch/suggestions")),
    )
    for relation, kind, path in templates:
        template = f"{path}?q={_TERMS}"
        SubElement(root, "Url", {"rel": relation, "type": kind, "template": template})
    own_url = {"rel": "self", "type": DESCRIPTION_TYPE, "template": address(http, http.url.path)}
    SubElement(root, "Url", own_url)
    content = f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'
    return Response(content, 200, {"Cache-Control": CACHE_CONTROL}, DESCRIPTION_TYPE)


@router.get(
    "/opensearch/suggestions",
    name="suggestions",
    response_class=Response,
    responses={
        200: {
            "content": {
                SUGGESTIONS_TYPE: {
                    "schema": {"type": "array", "description": "What was typed, completions, notes"}
                }
            }
        }
    },
)
async def suggestions(
    http: HttpRequest, desk: DeskOf, asked: Annotated[parameters.SuggestParameters, Query()]
) -> Response:
    """Complete a word or name, in the format that browsers read."""

    def suggest(snapshot: Snapshot) -> Response:
        current = tag(snapshot)
        if response := not_modified(http, current):
            return response
        terms = suggest_completions(asked.q, snapshot, limit=asked.limit)
        notes = [f"{term.field or 'word'}, {term.count:,}" for term in terms]
        content = json.dumps([asked.q, [term.query for term in terms], notes])
        return Response(content, 200, caching(current), SUGGESTIONS_TYPE)

    return await desk.ask(suggest)
