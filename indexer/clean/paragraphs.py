"""Paragraphs of clean lines: single spaces, nothing invisible, a blank line between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from unicodedata import normalize

from indexer.clean.texts.mojibake import mended

# Control characters, lone surrogates, soft hyphens, zero-width spaces, and the marks that
# turn the direction of writing. Joiners stay: emoji and several scripts need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)
_ITEM = re.compile(r"\s*(?:[-*+•‣◦–—]|\d{1,3}[.)])\s")
_SENTENCE = re.compile(r"(?<=[.!?。！？])[\"'”’)]*(?:\s|$)")
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’)\]]*$")
# Text is wrapped by hand at 60 to 100 characters; what is longer is a paragraph to a line.
_WIDEST = 140
_HEADLINE = 100
_INDENT = re.compile(r"(?: {2,}|\t|\u3000)\s*\S")
_SPEAKER = re.compile(r"[A-Z][A-Z.'’ -]{1,40}(?:,? \([^()]{1,40}\)|, [A-Z][A-Z .,-]{1,60})?: ")
_CUT_END = re.compile(r"[-\xad][ \t]*\n[ \t]*[a-zß-ÿ]")
# From the start of a word alone: a try at each of its letters takes time by its length squared.
_CUT = re.compile(
    r"(?<![^\W\d_])([^\W\d_]*[a-zß-ÿ])(-|\xad)[ \t]*\n[ \t]*([a-zß-ÿ][^\W\d_]*)(\S*)[ \t]*\n?"
)
_LOWER = re.compile(r"[a-zß-ÿ][^\W\d_]*(?:-[^\W\d_]+)*")
_SEVERAL = 3
_SYLLABLE = 3
_BETWEEN = frozenset(("and", "or", "to", "und", "oder", "et", "y"))  # "short- and long-term"
# What commonly stands before a hyphen that is the word's own.
_STARTS = frozenset(
    ("all", "anti", "co", "cross", "ex", "far", "fast", "first", "five", "four", "full", "half",
     "hard", "high", "ill", "last", "left", "long", "low", "mid", "much", "near", "new", "non",
     "off", "old", "one", "part", "post", "pre", "pro", "real", "right", "second", "self", "short",
     "so", "then", "third", "three", "two", "vice", "well", "year")
)  # fmt: skip
# So many lines of about one width were filled by wrapping.
_FEWEST_LINES = 6


def line(text: str) -> str:
    """The text on one line and composed (NFC), with single spaces and nothing invisible."""
    if not text.isascii():
        # U+FFFD stands for a character that was lost before the text came here.
        text = normalize("NFC", text.replace("\ufffd", " "))
        if "â€" in text:
            text = mended(text)
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
    """The runs of lines between blank lines; without blank lines, each line for itself.

    Lines that were cut by wrapping stay together, up to the next that is indented.
    """
    runs: list[list[str]] = [[]]
    for each in text.splitlines():
        if each and not each.isspace():
            runs[-1].append(each)
        elif runs[-1]:
            runs.append([])
    if not runs[-1]:
        runs.pop()
    if len(runs) != 1:
        return runs
    return _indented(runs[0]) or _filled(runs[0]) or [[alone] for alone in runs[0]]


def unwrapped(block: list[str]) -> list[str]:
    """The paragraphs of one block."""
    if len(block) == 1:
        return [clean] if (clean := line(block[0])) else []
    if _stands_by_line(block):
        return [clean for each in block if (clean := line(each))]
    parts = _indented(block) or _spoken(block) or [block]
    return [clean for part in parts if (clean := line(" ".join(part)))]


def rejoined(text: str) -> str:
    """The text with the words that were cut at the ends of lines, where that is sure.

    It is, where the whole word stands elsewhere in the text, or where several words are cut
    and nothing speaks for a hyphen of this one's own.
    """
    if not _CUT_END.search(text):
        return text
    ends = list(_CUT.finditer(text))
    words = Counter(_LOWER.findall(text))

    def whole(found: re.Match[str]) -> str:
        first, hyphen, second, rest = found.groups()
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

    return _CUT.sub(whole, text)


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


def _indented(lines: list[str]) -> list[list[str]]:
    """The paragraphs of lines whose first is indented and others are not; else nothing."""
    starts = [index for index, each in enumerate(lines) if _INDENT.match(each)]
    wrapped = len(lines) > 2 and max(map(len, lines)) <= _WIDEST
    if not wrapped or not starts or 2 * len(starts) > len(lines):
        return []
    head = lines[: starts[0]]
    # What is not indented above is a head, whose lines stand for themselves.
    return [
        *([each] for each in head),
        *_cut(lines[starts[0] :], lambda _, here: _INDENT.match(here)),
    ]


def _filled(lines: list[str]) -> list[list[str]]:
    """The paragraphs of lines that fill one width but for the last of each; else nothing."""
    width = max(map(len, lines))
    full = [each for each in lines if len(each) > width * 0.85]
    if len(lines) < _FEWEST_LINES or width > _WIDEST or 2 * len(full) < len(lines):
        return []

    def ends(before: str, _: str) -> bool:
        return len(before) < width * 0.85 and (
            is_sentence(before.rstrip()) or len(before) < width / 2
        )

    first = next((index for index, each in enumerate(lines) if len(each) > width * 0.85), 0)
    return [*([each] for each in lines[:first]), *_cut(lines[first:], ends)]


def _spoken(lines: list[str]) -> list[list[str]]:
    """What each speaker of a transcript says; nothing if there is but one."""
    said = _cut(lines, lambda _, here: _SPEAKER.match(here))
    return said if len(said) > 1 and _SPEAKER.match(lines[0]) else []


def _cut(lines: list[str], starts: Callable[[str, str], object]) -> list[list[str]]:
    """Lines in parts, each of which begins where a line and the one before it say so."""
    parts = [lines[:1]]
    for before, here in pairwise(lines):
        if starts(before, here):
            parts.append([])
        parts[-1].append(here)
    return parts


def _stands_by_line(block: list[str]) -> bool:
    return max(map(len, block)) > _WIDEST or all(map(_ITEM.match, block))
