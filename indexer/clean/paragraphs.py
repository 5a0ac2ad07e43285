"""Splitting of plain text into paragraphs, each a line with single spaces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from unicodedata import normalize

from indexer.clean.texts.mojibake import mended

# Control characters, lone surrogates, soft hyphens, zero-width spaces, and the marks that
# change the direction of writing. Joiners stay: emoji and several scripts need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)
_ITEM = re.compile(r"\s*(?:[-*+•‣◦–—]|\d{1,3}[.)])\s")
_SENTENCE = re.compile(r"(?<=[.!?。！？])[\"'”’)]*(?:\s|$)")
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’)\]]*$")
# Text is wrapped by hand at 60 to 100 characters; a longer line is a paragraph.
_WIDEST = 140
_HEADLINE = 100
_INDENT = re.compile(r"(?: {2,}|\t|\u3000)\s*\S")
_SPEAKER = re.compile(r"[A-Z][A-Z.'’ -]{1,40}(?:,? \([^()]{1,40}\)|, [A-Z][A-Z .,-]{1,60})?: ")
_CUT_END = re.compile(r"[-\xad][ \t]*\n[ \t]*[a-zß-ÿ]")
# Only from the start of a word: an attempt at each letter takes time quadratic in its length.
_CUT = re.compile(
    r"(?<![^\W\d_])([^\W\d_]*[a-zß-ÿ])(-|\xad)[ \t]*\n[ \t]*([a-zß-ÿ][^\W\d_]*)(\S*)[ \t]*\n?"
)
_LOWER = re.compile(r"[a-zß-ÿ][^\W\d_]*(?:-[^\W\d_]+)*")
_SEVERAL = 3  # cut words
_SYLLABLE = 3  # characters
_BETWEEN = frozenset(("and", "or", "to", "und", "oder", "et", "y"))  # "short- and long-term"
# Words that are often before a hyphen that belongs to the word.
_STARTS = frozenset(
    ("all", "anti", "co", "cross", "ex", "far", "fast", "first", "five", "four", "full", "half",
     "hard", "high", "ill", "last", "left", "long", "low", "mid", "much", "near", "new", "non",
     "off", "old", "one", "part", "post", "pre", "pro", "real", "right", "second", "self", "short",
     "so", "then", "third", "three", "two", "vice", "well", "year")
)  # fmt: skip
# This many lines of about one width are the result of wrapping.
_FEWEST_LINES = 6


def line(text: str) -> str:
    """Return a text in NFC on one line, with single spaces and no invisible characters."""
    if not text.isascii():
        # U+FFFD replaces a character that was lost in an earlier decoding.
        text = normalize("NFC", text.replace("\ufffd", " "))
        if "â€" in text:
            text = mended(text)
    # Tabs, newlines and no-break spaces are not printable either.
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return " ".join(_INVISIBLE.sub("", text).split())


def paragraphs(text: str) -> list[str]:
    """Split a plain text into paragraphs, each on one line.

    Blank lines separate them. Lines within one are joined, unless they are items of a list
    or too long to be wrapped by hand. Without blank lines each line is a paragraph.
    """
    return [paragraph for block in blocks(text) for paragraph in unwrapped(block)]


def blocks(text: str) -> list[list[str]]:
    """Return the runs of lines between blank lines; without blank lines, each line as a run.

    Lines that were wrapped stay together, up to the next that is indented.
    """
    runs: list[list[str]] = [[]]
    for row in text.splitlines():
        if row and not row.isspace():
            runs[-1].append(row)
        elif runs[-1]:
            runs.append([])
    if not runs[-1]:
        runs.pop()
    if len(runs) != 1:
        return runs
    return _indented(runs[0]) or _filled(runs[0]) or [[row] for row in runs[0]]


def unwrapped(block: list[str]) -> list[str]:
    """Return the paragraphs of one block."""
    if len(block) == 1:
        return [clean] if (clean := line(block[0])) else []
    if _stands_by_line(block):
        return [clean for row in block if (clean := line(row))]
    parts = _indented(block) or _spoken(block) or [block]
    return [clean for part in parts if (clean := line(" ".join(part)))]


def rejoined(text: str) -> str:
    """Join the words that were hyphenated at the ends of lines, where that is certain.

    It is certain if the whole word is elsewhere in the text, or if several words are cut and
    there is no sign that the hyphen belongs to this one.
    """
    if not _CUT_END.search(text):
        return text
    ends = list(_CUT.finditer(text))
    words = Counter(_LOWER.findall(text))

    def join_word(match: re.Match[str]) -> str:
        first, hyphen, second, rest = match.groups()
        if second in _BETWEEN:
            word = f"{first}- {second}"
        elif hyphen == "\xad" or words[first + second]:
            word = first + second
        else:
            own = words[f"{first}-{second}"] or (
                (len(second) > _SYLLABLE and first in _STARTS)
                or (words[first] > 1 and words[second] > 1)
            )
            word = f"{first}-{second}" if own or len(ends) < _SEVERAL else first + second
        return f"{word}{rest}\n"

    return _CUT.sub(join_word, text)


def is_sentence(text: str) -> bool:
    """Return whether a text ends with the punctuation of a sentence."""
    return _SENTENCE_END.search(text) is not None


def headline(body: str) -> str:
    """Make a headline for an article without one: its first sentence, or as much as fits."""
    first = body.partition("\n\n")[0]
    if end := _SENTENCE.search(first, 20, _HEADLINE):
        return first[: end.end()].strip()
    if len(first) <= _HEADLINE:
        return first
    return first[:_HEADLINE].rsplit(" ", 1)[0] + " …"


def _indented(lines: list[str]) -> list[list[str]]:
    """Split lines into paragraphs if only the first line of each is indented; else nothing."""
    starts = [index for index, row in enumerate(lines) if _INDENT.match(row)]
    wrapped = len(lines) > 2 and max(map(len, lines)) <= _WIDEST
    if not wrapped or not starts or 2 * len(starts) > len(lines):
        return []
    head = lines[: starts[0]]
    # Lines above the first indented one are a head, each of them a paragraph.
    return [
        *([row] for row in head),
        *_cut(lines[starts[0] :], lambda _, here: _INDENT.match(here)),
    ]


def _filled(lines: list[str]) -> list[list[str]]:
    """Split lines into paragraphs if all but the last of each fill one width; else nothing."""
    width = max(map(len, lines))
    full = [row for row in lines if len(row) > width * 0.85]
    if len(lines) < _FEWEST_LINES or width > _WIDEST or 2 * len(full) < len(lines):
        return []

    def is_end(before: str, _: str) -> bool:
        return len(before) < width * 0.85 and (
            is_sentence(before.rstrip()) or len(before) < width / 2
        )

    first = next((index for index, row in enumerate(lines) if len(row) > width * 0.85), 0)
    return [*([row] for row in lines[:first]), *_cut(lines[first:], is_end)]


def _spoken(lines: list[str]) -> list[list[str]]:
    """Split a transcript into the turns of its speakers; nothing if there is only one turn."""
    turns = _cut(lines, lambda _, here: _SPEAKER.match(here))
    return turns if len(turns) > 1 and _SPEAKER.match(lines[0]) else []


def _cut(lines: list[str], starts: Callable[[str, str], object]) -> list[list[str]]:
    """Split lines into parts before each line for which `starts(previous, line)` is true."""
    parts = [lines[:1]]
    for before, here in pairwise(lines):
        if starts(before, here):
            parts.append([])
        parts[-1].append(here)
    return parts


def _stands_by_line(block: list[str]) -> bool:
    return max(map(len, block)) > _WIDEST or all(map(_ITEM.match, block))
