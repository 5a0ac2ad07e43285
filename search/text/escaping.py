"""Escaping of untrusted text for HTML, XML and terminals."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from search.text.snippets import Snippet
from search.text.wrapping import RESERVED_MARKS


def render_html(snippet: Snippet) -> str:
    """Render a fragment as HTML: everything escaped, matches in `<mark>`.

    Control characters, lone surrogates and marks that turn the reading direction become U+FFFD:
    HTML does not allow the first two, and the third could disguise the page around them.
    """
    return "".join(
        f"<mark>{html.escape(part)}</mark>" if marked else html.escape(part)
        for part, marked in split_marked(snippet)
    )


def replace_unsafe(text: str) -> str:
    """Replace the characters that `render_html` replaces and those that XML does not allow."""
    return (
        text.translate(_UNSAFE_REPLACEMENTS).translate(_XML_REPLACEMENTS)
        if _UNSAFE_XML_CHARS.search(text)
        else text
    )


def render_terminal(snippet: Snippet, *, start: str = "\x1b[1m", end: str = "\x1b[0m") -> str:
    """Render a fragment, matches between `start` and `end`; replace what `render_html` replaces."""
    return "".join(
        f"{start}{part}{end}" if marked else part for part, marked in split_marked(snippet)
    )


def split_marked(snippet: Snippet) -> Iterator[tuple[str, bool]]:
    """Yield a fragment's parts, each with whether it is a match, unsafe characters replaced."""
    text = (
        snippet.text.translate(_UNSAFE_REPLACEMENTS)
        if _UNSAFE_CHARS.search(snippet.text)
        else snippet.text
    )
    at = 0
    for start, end in snippet.ranges:
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False


_UNSAFE_CHARS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNSAFE_REPLACEMENTS = dict.fromkeys(
    (
        *(point for point in range(0xA0) if not 0x20 <= point < 0x7F and point not in b"\t\n"),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xD800, 0xE000),
    ),
    "\ufffd",
)
_UNSAFE_XML_CHARS = re.compile(f"{_UNSAFE_CHARS.pattern}|[\ufffe\uffff]")
_XML_REPLACEMENTS = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}


MARKS_AS_SPACES = {ord(mark): " " for mark in RESERVED_MARKS}


def escape_terminal(text: str) -> str:
    """Replace control characters and reserved marks, so that text cannot control a terminal."""
    return render_terminal(Snippet(text, (), "")).translate(MARKS_AS_SPACES)


def escape_line(text: str) -> str:
    """Escape a text that is a part of one line, such as the name of a file."""
    return escape_terminal(text).replace("\n", "\\n")
