"""Paragraphs of clean lines: single spaces, nothing invisible, a blank line between them."""

from __future__ import annotations

import re

# Control characters, lone surrogates, soft hyphens, zero-width spaces, and the marks that
# turn the direction of writing. Joiners stay: emoji and several scripts need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufff9-\ufffb]"
)
_ITEM = re.compile(r"\s*(?:[-*+•‣◦–—]|\d{1,3}[.)])\s")
_SENTENCE = re.compile(r"(?<=[.!?。！？])[\"'”’)]*(?:\s|$)")
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’)\]]*$")
# Text is wrapped by hand at 60 to 100 characters; what is longer is a paragraph to a line.
_WIDEST = 140
_HEADLINE = 100


def line(text: str) -> str:
    """The text on one line, with single spaces and nothing invisible."""
    # Tabs, newlines and no-break spaces are not printable either.
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return " ".join(_INVISIBLE.sub("", text).split())


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text, each on one line.

    Blank lines separate them. Lines within one are joined, unless they are items of a list
    or too long to be wrapped by hand. Without blank lines each line is a paragraph.
    """
    return [paragraph for block in blocks(text) for paragraph in unwrapped(block)]


def blocks(text: str) -> list[list[str]]:
    """The runs of lines between blank lines; without blank lines, each line for itself."""
    runs: list[list[str]] = [[]]
    for each in text.splitlines():
        if each and not each.isspace():
            runs[-1].append(each)
        elif runs[-1]:
            runs.append([])
    if not runs[-1]:
        runs.pop()
    return [[alone] for alone in runs[0]] if len(runs) == 1 else runs


def unwrapped(block: list[str]) -> list[str]:
    """The paragraphs of one block."""
    if len(block) == 1:
        return [clean] if (clean := line(block[0])) else []
    if not _stands_by_line(block):
        block = [" ".join(block)]
    return [clean for each in block if (clean := line(each))]


def is_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return _SENTENCE_END.search(text) is not None


def headline(body: str) -> str:
    """A headline for an article that has none: its first sentence, or as much as fits."""
    first = body.partition("\n\n")[0]
    if end := _SENTENCE.search(first, 20, _HEADLINE):
        return first[: end.end()].strip()
    if len(first) <= _HEADLINE:
        return first
    return first[:_HEADLINE].rsplit(" ", 1)[0] + " …"


def _stands_by_line(block: list[str]) -> bool:
    return max(map(len, block)) > _WIDEST or all(map(_ITEM.match, block))
