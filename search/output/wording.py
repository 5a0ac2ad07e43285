"""Wording of messages: counts with nouns, and whether to report how a query was read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.results.answer import Answer


def format_count(number: int, noun: str) -> str:
    """Format a count with its noun: `1 article`, `2,000 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def format_some(answer: Answer) -> str:
    """Format how many articles have some of the words: `and 1,204 with some of the words`."""
    count = format_count(answer.total_some, "article") if not answer.total else answer.total_some
    number = count if isinstance(count, str) else f"and {count:,}"
    return f"{number} with some of the words"


def is_read_as_written(text: str, interpreted: str) -> bool:
    """Return whether a query was read as expected, so that its reading need not be reported."""
    return _normalize_query(text) == _normalize_query(interpreted)


def _normalize_query(query: str) -> str:
    """Remove differences without meaning: case, kinds of quotes, AND, punctuation at ends."""
    text = re.sub(r"\bNOT\s+(?=\w)", "-", re.sub(r"\bAND\b", " ", query))
    words = text.translate(_STRAIGHT_QUOTES).split()
    return " ".join(word.rstrip(".,;:!?") for word in words).casefold()


_STRAIGHT_QUOTES = {ord(quote): '"' for quote in "“”„‟«»＂"}
