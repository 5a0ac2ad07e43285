"""Wording of messages: counts with nouns, and whether to report how a query was read."""

from __future__ import annotations

import re


def format_count(number: int, noun: str) -> str:
    """Format a count with its noun: `1 article`, `2,000 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def is_read_as_written(text: str, interpreted: str) -> bool:
    """Return whether a query was read as expected, so that its reading need not be reported."""
    return _normalize_query(text) == _normalize_query(interpreted)


def _normalize_query(query: str) -> str:
    """Remove differences without meaning: case, kinds of quotes, AND, punctuation at ends."""
    text = re.sub(r"\bNOT\s+(?=\w)", "-", re.sub(r"\bAND\b", " ", query))
    words = text.translate(_STRAIGHT_QUOTES).split()
    return " ".join(word.rstrip(".,;:!?") for word in words).casefold()


_STRAIGHT_QUOTES = {ord(quote): '"' for quote in "“”„‟«»＂"}
