"""The forms in which hits are written for other programs: feeds, tables, JSON lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from search.output.as_json import hit_json, json_text, moment_text
from search.results.answer import Answer, Hit
from search.text.snippets import plain


class Format(StrEnum):
    """A form of an answer, by its suffix."""

    ATOM = "atom"
    RSS = "rss"
    JSONFEED = "jsonfeed"
    CSV = "csv"
    NDJSON = "ndjson"


MEDIA_TYPES = {
    Format.ATOM: "application/atom+xml",
    Format.RSS: "application/rss+xml",
    Format.JSONFEED: "application/feed+json",
    Format.CSV: "text/csv",
    Format.NDJSON: "application/x-ndjson",
}


@dataclass(frozen=True, slots=True)
class Links:
    """Where a feed and what belongs to it is found; "" where there is no server.

    `article` makes the address of an article's page of its id.
    """

    page: str = ""
    this: str = ""
    next: str = ""
    article: Callable[[str], str] = lambda article_id: ""


NOWHERE = Links()


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is to, and when it was asked."""

    text: str
    now: datetime


def written(answer: Answer, form: Format, asked: Asked, links: Links = Links()) -> str:
    """An answer's hits in a form, ending with a line break."""
    # What feeds need is loaded only for them.
    from search.output.feed_formats import atom, json_feed, rss

    match form:
        case Format.ATOM:
            return atom(answer, asked, links)
        case Format.RSS:
            return rss(answer, asked, links)
        case Format.JSONFEED:
            return json_feed(answer, asked, links)
        case Format.CSV:
            return table(answer.hits)
        case Format.NDJSON:
            return "".join(f"{json_text(hit_json(hit))}\n" for hit in answer.hits)


_COLUMNS = (
    "id", "title", "dek", "published", "source", "section", "authors", "language", "url", "score",
    "snippet",
)  # fmt: skip


def table(hits: Iterable[Hit]) -> str:
    """RFC 4180. Text that spreadsheets would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(_COLUMNS)
    for hit in hits:
        article = hit.article
        rows.writerow(
            [
                *map(_no_formula, (article.id, article.title, article.dek)),
                moment_text(article.published) or "",
                *map(_no_formula, (article.source, article.section, "; ".join(article.authors))),
                *map(_no_formula, (article.language, article.url)),
                round(hit.score, 4),
                _no_formula(" … ".join(snippet.text for snippet in hit.snippets)),
            ]
        )
    return out.getvalue()


def _no_formula(text: str) -> str:
    shown = plain(text)
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@", "\t", "\r")) else shown
