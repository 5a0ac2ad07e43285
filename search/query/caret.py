"""The caret under a span of a query, measured in terminal columns."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_MAX_EXCERPT_CHARS = 120


@dataclass(frozen=True, slots=True)
class QueryExcerpt:
    """A span of a query, with the text before and after it."""

    before: str
    marked: str
    after: str

    @classmethod
    def at(cls, query: str, start: int, end: int) -> QueryExcerpt:
        """Return the span from `start` to `end`, with up to 120 characters of context."""
        text = "".join(map(_make_printable, query))
        first = max(0, start - _MAX_EXCERPT_CHARS // 2)
        meant = text[start : min(end, first + _MAX_EXCERPT_CHARS)]
        before = f"{'…' if first else ''}{text[first:start]}"
        return cls(before, meant, text[start + len(meant) : first + _MAX_EXCERPT_CHARS])

    @property
    def caret(self) -> str:
        """The line below the query that points at the span."""
        return " " * measure_columns(self.before) + "^" * max(1, measure_columns(self.marked))

    def format_lines(self) -> tuple[str, str]:
        return f"{self.before}{self.marked}{self.after}", self.caret


def _make_printable(char: str) -> str:
    return char if char.isprintable() else " " if char.isspace() else "\ufffd"


def measure_columns(text: str) -> int:
    """Return the width of a text in terminal columns: two for wide characters."""
    if text.isascii():
        return len(text)
    return sum(map(_count_columns, text))


def _count_columns(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
