"""Rendering: an answer in the form that is asked for."""

from __future__ import annotations

from search.output.as_json import hit_json, json_text
from search.output.feed_formats import atom, json_feed, rss
from search.output.formats import NOWHERE, Asked, Format, Links
from search.output.tables import render_table
from search.results.answer import Answer


def render_answer(answer: Answer, form: Format, asked: Asked, links: Links = NOWHERE) -> str:
    """Render an answer's hits in a form; the text ends with a line break."""
    match form:
        case Format.ATOM:
            return atom(answer, asked, links)
        case Format.RSS:
            return rss(answer, asked, links)
        case Format.JSONFEED:
            return json_feed(answer, asked, links)
        case Format.CSV:
            return render_table(answer.hits)
        case Format.NDJSON:
            return "".join(f"{json_text(hit_json(hit))}\n" for hit in answer.hits)
