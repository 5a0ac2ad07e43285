"""The caret under a place in a query, in the columns that characters take on a terminal."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_AROUND_CHARS = 120


@dataclass(frozen=True, slots=True)
class Pointed:
    """A place in a query, with what stands before and after it."""

    before: str
    meant: str
    after: str

    @classmethod
    def at(cls, query: str, start: int, end: int) -> Pointed:
        """Take the place from `start` to `end`, and up to 120 characters around it."""
        text = "".join(map(_make_printable, query))
        first = max(0, start - _AROUND_CHARS // 2)
        meant = text[start : min(end, first + _AROUND_CHARS)]
        return cls(
            before=f"{'…' if first else ''}{text[first:start]}",
            meant=meant,
            after=text[start + len(meant) : first + _AROUND_CHARS],
        )

    @property
    def caret(self) -> str:
        """The line below that points at the place."""
        return " " * measure_columns(self.before) + "^" * max(1, measure_columns(self.meant))

    def lines(self) -> tuple[str, str]:
        return f"{self.before}{self.meant}{self.after}", self.caret


def _make_printable(char: str) -> str:
    return char if char.isprintable() else " " if char.isspace() else "\ufffd"


def measure_columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for wide characters."""
    if text.isascii():
        return len(text)
    return sum(map(_count_columns, text))


def _count_columns(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
