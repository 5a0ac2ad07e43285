"""Hits as a table: CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from search.output.serialization import format_moment
from search.results.answer import Hit
from search.text.escaping import replace_unsafe

_COLUMNS = (
    "id", "title", "dek", "published", "source", "section", "authors", "language", "url", "score",
    "snippet",
)  # fmt: skip


def render_table(hits: Iterable[Hit]) -> str:
    """Render hits as CSV. An apostrophe precedes text that a spreadsheet would run as a formula."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(_COLUMNS)
    for hit in hits:
        article = hit.article
        rows.writerow(
            [
                *map(_escape_cell, (article.id, article.title, article.dek)),
                format_moment(article.published) or "",
                *map(_escape_cell, (article.source, article.section, "; ".join(article.authors))),
                *map(_escape_cell, (article.language, article.url)),
                round(hit.score, 4),
                _escape_cell(" … ".join(snippet.text for snippet in hit.snippets)),
            ]
        )
    return out.getvalue()


def _escape_cell(text: str) -> str:
    cell = replace_unsafe(text)
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
