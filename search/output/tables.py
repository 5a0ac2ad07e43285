"""Hits as a table: CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from search.output.as_json import moment_text
from search.results.answer import Hit
from search.text.escaping import replace_unsafe

_COLUMNS = (
    "id", "title", "dek", "published", "source", "section", "authors", "language", "url", "score",
    "snippet",
)  # fmt: skip


def render_table(hits: Iterable[Hit]) -> str:
    """Render hits as CSV. Text like a formula gets an apostrophe before it."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(_COLUMNS)
    for hit in hits:
        article = hit.article
        rows.writerow(
            [
                *map(_escape, (article.id, article.title, article.dek)),
                moment_text(article.published) or "",
                *map(_escape, (article.source, article.section, "; ".join(article.authors))),
                *map(_escape, (article.language, article.url)),
                round(hit.score, 4),
                _escape(" … ".join(snippet.text for snippet in hit.snippets)),
            ]
        )
    return out.getvalue()


def _escape(text: str) -> str:
    shown = replace_unsafe(text)
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@", "\t", "\r")) else shown
