"""Errors in a query, each with its place and a suggestion. `corpus/errors.py` has the tree."""

from __future__ import annotations

from typing import ClassVar

from corpus.errors import DatelineError
from search.query.caret import Pointed


class QueryPartError(DatelineError):
    """A part of a query that cannot be read or run; with its place it becomes a QueryError."""


class QueryError(DatelineError):
    """A query that cannot be understood. `start` and `end` delimit the place in its text.

    Programs tell the kinds apart by `kind`, which is part of the HTTP API.
    """

    kind: ClassVar[str] = "query"

    def __init__(self, message: str, query: str, start: int, end: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.query = query
        self.start = start
        self.end = max(end, start + 1)
        self.hint = hint

    def __str__(self) -> str:
        """Return up to four lines: what is wrong, the query, a caret under the place, the hint."""
        shown = [f"  {line}" for line in self.pointed().lines()] if self.query.strip() else []
        return "\n".join([self.message, *shown, *([self.hint] if self.hint else [])])

    def pointed(self) -> Pointed:
        """Return the place in the query, and up to 120 characters around it."""
        return Pointed.at(self.query, self.start, self.end)


class EmptyQueryError(QueryError):
    """Nothing to search for."""

    kind = "empty-query"


class SyntaxProblemError(QueryError):
    """An operator, parenthesis, star or tilde where it cannot stand."""

    kind = "syntax"


class UnclosedQuoteError(QueryError):
    """A quote that never ends."""

    kind = "unclosed-quote"


class UnknownFieldError(QueryError):
    """A field that no article has. `did_you_mean` is the nearest field's name, or ""."""

    kind = "unknown-field"

    def __init__(self, name: str, query: str, start: int, did_you_mean: str, known: str) -> None:
        hint = f"did you mean {did_you_mean}:? " if did_you_mean else ""
        super().__init__(
            f"there is no field {name!r}",
            query,
            start,
            start + len(name),
            f'{hint}fields: {known}; for the words themselves use quotes: "{name}: …"',
        )
        self.did_you_mean = did_you_mean


class UnknownFacetError(QueryError):
    """A field that articles cannot be counted by. `did_you_mean` is as in UnknownFieldError."""

    kind = "unknown-facet"

    def __init__(self, name: str, did_you_mean: str, known: str) -> None:
        hint = f"did you mean {did_you_mean}? " if did_you_mean else ""
        super().__init__(f"there is no facet {name!r}", "", 0, 0, f"{hint}facets: {known}")
        self.did_you_mean = did_you_mean


class TooManyBucketsError(QueryError):
    """A timeline whose interval is too short for the dates of what was found."""

    kind = "too-many-buckets"

    def __init__(self, interval: str, most: int) -> None:
        super().__init__(
            f"counting by {interval} gives more than {most:,} buckets",
            "",
            0,
            0,
            "take a longer interval, or narrow the dates",
        )


class CursorError(QueryError):
    """Text that is no cursor, or one of another search."""

    kind = "bad-cursor"

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message, "", 0, 0, hint)


class WindowError(QueryError):
    """A page further down than pages reach."""

    kind = "window"

    def __init__(self, most: int) -> None:
        hint = "narrow the query, such as by its dates"
        super().__init__(f"pages end after {most:,} articles", "", 0, 0, hint)


class BadValueError(QueryError):
    """A date, range or number that cannot be read."""

    kind = "bad-value"


class QueryLimitError(QueryError):
    """A query too long, too deep or too broad."""

    kind = "query-limit"
