"""Syntax of other places: operators of other search engines, and marks of pasted posts."""

from __future__ import annotations

import re

# A web address with a scheme, or a host with a path, as `pic.twitter.com/3S32De8ekP`.
ADDRESS = re.compile(
    r"https?://[^\s\"]*|www\.[^\s\"]+|[\w-]++(?:\.[\w-]++)*\.[a-z]{2,12}/[^\s\"]*", re.IGNORECASE
)
_MARKED_WORD = re.compile(r"[@#](\w+)")
_CAMEL_CASE_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\WA-Za-z\d_]+")

_NEAR_HINT = "write Japan w/5 alliance for words at most five apart"
# Patterns of a whole word, what it is elsewhere, and what to write here.
_OPERATORS = (
    (re.compile(r"w/\D\w*", re.I), "w/ needs a number here", _NEAR_HINT),
    (re.compile(r"/(?:p|s|\d{1,3})", re.I), "this is no operator here", _NEAR_HINT),
    (
        re.compile(r"(?:NEAR|PRE|ONEAR|ADJ|WITHIN|NOT?W)/?\d+"),
        "this is no operator here",
        _NEAR_HINT,
    ),
    (
        re.compile(r"[^\W_][\w.'-]*\^\d+(?:\.\d+)?"),
        "words cannot be weighed",
        "leave out ^ and the number",
    ),
)
_FUNCTION = re.compile(r"(?:atl|atleast|near|onear|pre|adj|within)\d*", re.I)


def find_foreign_operator(word: str, *, opens_parenthesis: bool) -> tuple[str, str] | None:
    """Return what is wrong with a word that is an operator elsewhere, and what to write."""
    if opens_parenthesis and _FUNCTION.fullmatch(word):
        return f"there is no {word.lower()}(…)", "put the words in quotes, or a space before ("
    return next(
        ((message, hint) for pattern, message, hint in _OPERATORS if pattern.fullmatch(word)),
        None,
    )


def split_marked_word(word: str) -> list[str]:
    """Split a handle or hashtag into its words: `#TheTag` is The and Tag; [] for other words."""
    marked = _MARKED_WORD.fullmatch(word)
    return _CAMEL_CASE_PART.findall(marked[1]) if marked else []


# A name such as C++; its symbols are no syntax.
_KEPT = re.compile(rf"{ADDRESS.pattern}|(?<!\w)[A-Z]\+\+(?!\+)", re.IGNORECASE)
_SYNTAX = re.compile(r"[\"“”„‟«»＂():*~^\[\]{}=<>/\\|+]|(?<!\S)-+")


def strip_syntax(text: str) -> str:
    """Return a text as a query of its words alone: nothing in it is syntax any more.

    Addresses, handles, hashtags and the symbols of names stay what they are.
    """
    parts = []
    start = 0
    for kept in _KEPT.finditer(text):
        parts += [_SYNTAX.sub(" ", text[start : kept.start()]), kept[0]]
        start = kept.end()
    words = " ".join([*parts, _SYNTAX.sub(" ", text[start:])]).split()
    return " ".join(word.lower() if word in {"AND", "OR", "NOT"} else word for word in words)
