"""The scanner of a query's text, which the parser reads from."""

from __future__ import annotations

import re

from search.query.nodes import QUOTES
from search.query.query_errors import (
    BadValueError,
    QueryError,
    SyntaxProblemError,
    UnclosedQuoteError,
)

Place = tuple[int, int]

_QUOTES = {ord(char): '"' for char in QUOTES}
_AS_WRITTEN = re.compile(r'"((?:[^"]|"")*)"')
_WORD = re.compile(r"""[^\s"()]+""")
_BRACKET = re.compile(r"[\]}]")


class Scanner:
    """Reads a text from left to right. `at` is the offset of the next character."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.text = text.translate(_QUOTES)
        self.at = 0

    @property
    def ended(self) -> bool:
        return self.at >= len(self.text)

    def skip_space(self) -> None:
        while not self.ended and self.text[self.at].isspace():
            self.at += 1

    def stands(self, text: str) -> bool:
        """Whether the rest begins with a text."""
        return self.text.startswith(text, self.at)

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match a pattern here and move past it; without a match the position stays."""
        if match := pattern.match(self.text, self.at):
            self.at = match.end()
        return match

    def word(self) -> str:
        """Read up to the next space, quote or parenthesis; may be empty."""
        match = self.match(_WORD)
        return match[0] if match else ""

    def peek_word(self) -> str:
        match = _WORD.match(self.text, self.at)
        return match[0] if match else ""

    def quoted(self) -> str:
        """Read the text between the quote here and the next one like it."""
        opened, quote = self.at, self.text[self.at]
        closed = self.text.find(quote, opened + 1)
        if closed < 0:
            raise UnclosedQuoteError(
                "this quote is never closed",
                self.original,
                opened,
                opened + 1,
                f"close it with {quote}",
            )
        self.at = closed + 1
        return self.text[opened + 1 : closed]

    def quoted_as_written(self) -> str:
        """Read the quoted text here as typed; of two quotes in a row the first is kept."""
        start = self.at + 1
        if not (match := self.match(_AS_WRITTEN)):
            return self.quoted()
        text, offset = "", 0
        while offset < len(match[1]):
            text += self.original[start + offset]
            offset += 2 if match[1].startswith('""', offset) else 1
        return text

    def value(self) -> str:
        """Read the value of a date or number field: quoted, bracketed, or a word."""
        opened = self.at
        if self.text[opened] in "\"'":
            return self.quoted().strip()
        if self.text[opened] not in "[{":
            return self.word()
        closing = _BRACKET.search(self.text, opened)
        if not closing:
            raise self.problem("this bracket is never closed", (opened, opened + 1))
        self.at = closing.end()
        return self.text[opened : self.at]

    def since(self, start: int) -> Place:
        """Return the span from an earlier position to here."""
        return start, self.at

    def problem(self, message: str, place: Place, hint: str = "") -> QueryError:
        return SyntaxProblemError(message, self.original, *place, hint)

    def bad_value(self, message: str, place: Place, expected: str) -> QueryError:
        return BadValueError(message, self.original, *place, f"expected {expected}")
