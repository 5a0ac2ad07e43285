"""A query's text and a place in it: what the parser reads with."""

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
    """Steps through a text from left to right. `at` is where the next thing begins."""

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
        """Whether a text stands here."""
        return self.text.startswith(text, self.at)

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What a pattern matches here, stepped over; None leaves the place as it is."""
        if match := pattern.match(self.text, self.at):
            self.at = match.end()
        return match

    def word(self) -> str:
        """All up to the next space, quote or parenthesis; may be nothing."""
        match = self.match(_WORD)
        return match[0] if match else ""

    def peek_word(self) -> str:
        match = _WORD.match(self.text, self.at)
        return match[0] if match else ""

    def quoted(self) -> str:
        """What stands between the quote here and the next one like it."""
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
        """What stands in quotes here, where two quotes in a row stand for the first of them."""
        start = self.at + 1
        if not (match := self.match(_AS_WRITTEN)):
            return self.quoted()
        found, at = "", 0
        while at < len(match[1]):
            found += self.original[start + at]
            at += 2 if match[1].startswith('""', at) else 1
        return found

    def value(self) -> str:
        """The value of a date or number field: quoted, bracketed, or a word."""
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
        """From an earlier place to here."""
        return start, self.at

    def problem(self, message: str, place: Place, hint: str = "") -> QueryError:
        return SyntaxProblemError(message, self.original, *place, hint)

    def bad_value(self, message: str, place: Place, expected: str) -> QueryError:
        return BadValueError(message, self.original, *place, f"expected {expected}")
