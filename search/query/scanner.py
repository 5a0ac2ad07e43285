"""The scanner of a query's text, which the parser reads from."""

from __future__ import annotations

import re

from search.query.nodes import QUOTE_CHARS
from search.query.query_errors import (
    BadValueError,
    QueryError,
    SyntaxProblemError,
    UnclosedQuoteError,
)

TextSpan = tuple[int, int]

_QUOTE_TABLE = {ord(char): '"' for char in QUOTE_CHARS}
_VERBATIM_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_WORD = re.compile(r"""[^\s"()]+""")
_CLOSING_BRACKET = re.compile(r"[\]}]")


class Scanner:
    """Reads a text from left to right. `at` is the offset of the next character."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.text = text.translate(_QUOTE_TABLE)
        self.position = 0

    @property
    def is_at_end(self) -> bool:
        return self.position >= len(self.text)

    def skip_space(self) -> None:
        while not self.is_at_end and self.text[self.position].isspace():
            self.position += 1

    def has_next(self, text: str) -> bool:
        """Whether the rest begins with a text."""
        return self.text.startswith(text, self.position)

    def match_pattern(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match a pattern here and move past it; without a match the position stays."""
        if match := pattern.match(self.text, self.position):
            self.position = match.end()
        return match

    def read_word(self) -> str:
        """Read up to the next space, quote or parenthesis; may be empty."""
        match = self.match_pattern(_WORD)
        return match[0] if match else ""

    def peek_word(self) -> str:
        match = _WORD.match(self.text, self.position)
        return match[0] if match else ""

    def read_quoted(self) -> str:
        """Read the text between the quote here and the next one like it."""
        opened, quote = self.position, self.text[self.position]
        closed = self.text.find(quote, opened + 1)
        if closed < 0:
            raise UnclosedQuoteError(
                "this quote is never closed",
                self.original,
                opened,
                opened + 1,
                f"close it with {quote}",
            )
        self.position = closed + 1
        return self.text[opened + 1 : closed]

    def read_verbatim_quoted(self) -> str:
        """Read the quoted text here as typed; of two quotes in a row the first is kept."""
        start = self.position + 1
        if not (match := self.match_pattern(_VERBATIM_QUOTED)):
            return self.read_quoted()
        text, offset = "", 0
        while offset < len(match[1]):
            text += self.original[start + offset]
            offset += 2 if match[1].startswith('""', offset) else 1
        return text

    def read_value(self) -> str:
        """Read the value of a date or number field: quoted, bracketed, or a word."""
        opened = self.position
        if self.text[opened] in "\"'":
            return self.read_quoted().strip()
        if self.text[opened] not in "[{":
            return self.read_word()
        closing = _CLOSING_BRACKET.search(self.text, opened)
        if not closing:
            raise self.make_syntax_error("this bracket is never closed", (opened, opened + 1))
        self.position = closing.end()
        return self.text[opened : self.position]

    def get_span_from(self, start: int) -> TextSpan:
        """Return the span from an earlier position to here."""
        return start, self.position

    def make_syntax_error(self, message: str, span: TextSpan, hint: str = "") -> QueryError:
        return SyntaxProblemError(message, self.original, *span, hint)

    def make_value_error(self, message: str, span: TextSpan, expected: str) -> QueryError:
        return BadValueError(message, self.original, *span, f"expected {expected}")
