"""Rendering of an answer in the requested format."""

from __future__ import annotations

from search.output.feed_formats import render_atom, render_json_feed, render_rss
from search.output.formats import NO_LINKS, FeedLinks, FeedRequest, OutputFormat
from search.output.serialization import dump_json, serialize_hit
from search.output.tables import render_table
from search.results.answer import Answer


def render_answer(
    answer: Answer, output_format: OutputFormat, request: FeedRequest, links: FeedLinks = NO_LINKS
) -> str:
    """Render an answer's hits in a format; the text ends with a line break."""
    match output_format:
        case OutputFormat.ATOM:
            return render_atom(answer, request, links)
        case OutputFormat.RSS:
            return render_rss(answer, request, links)
        case OutputFormat.JSONFEED:
            return render_json_feed(answer, request, links)
        case OutputFormat.CSV:
            return render_table(answer.hits)
        case OutputFormat.NDJSON:
            return "".join(f"{dump_json(serialize_hit(hit))}\n" for hit in answer.hits)
