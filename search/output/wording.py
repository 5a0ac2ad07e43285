"""Wording: numbers of things and queries, as people are told of them."""

from __future__ import annotations

import re


def count_noun(number: int, noun: str) -> str:
    """Write a number of things: `1 article`, `2,000 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def is_read_as_written(text: str, interpreted: str) -> bool:
    """Return whether a query was read as anybody expects, so that nothing need be said."""
    return _normalize(text) == _normalize(interpreted)


def _normalize(query: str) -> str:
    """Drop what changes nothing: case, kinds of quotes, AND, punctuation at ends."""
    text = re.sub(r"\bNOT\s+(?=\w)", "-", re.sub(r"\bAND\b", " ", query))
    words = text.translate(_STRAIGHT_QUOTES).split()
    return " ".join(word.rstrip(".,;:!?") for word in words).casefold()


_STRAIGHT_QUOTES = {ord(quote): '"' for quote in "“”„‟«»＂"}
