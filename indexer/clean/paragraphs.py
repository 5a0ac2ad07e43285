"""Splitting of plain text into paragraphs, each a line with single spaces."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from unicodedata import normalize

from corpus.encodings.mojibake import repair_mojibake

# Control characters, lone surrogates, soft hyphens, zero-width spaces, and the marks that
# change the direction of writing. Joiners stay: emoji and several scripts need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)
_LIST_ITEM = re.compile(r"\s*(?:[-*+•‣◦–—]|\d{1,3}[.)])\s")
_SENTENCE_BREAK = re.compile(r"(?<=[.!?。！？])[\"'”’)]*(?:\s|$)")
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’)\]]*$")
# Text is wrapped by hand at 60 to 100 characters; a longer line is a paragraph.
_MAX_WRAPPED_CHARS = 140
_MAX_HEADLINE_CHARS = 100
_INDENT = re.compile(r"(?: {2}|\t|\u3000)\s*\S")
_SPEAKER = re.compile(r"[A-Z][A-Z.'’ -]{1,40}(?:,? \([^()]{1,40}\)|, [A-Z][A-Z .,-]{1,60})?: ")
_HYPHENATED_LINE_END = re.compile(r"[-\xad][ \t]*\n[ \t]*[a-zß-ÿ]")
# Only from the start of a word: an attempt at each letter takes time quadratic in its length.
_HYPHENATED_WORD = re.compile(
    r"(?<![^\W\d_])([^\W\d_]*[a-zß-ÿ])(-|\xad)[ \t]*\n[ \t]*([a-zß-ÿ][^\W\d_]*)(\S*)[ \t]*\n?"
)
_LOWERCASE_WORD = re.compile(r"[a-zß-ÿ][^\W\d_]*(?:-[^\W\d_]+)*")
_MIN_HYPHENATED_WORDS = 3  # cut words
_MAX_SYLLABLE_CHARS = 3  # characters
_CONJUNCTIONS = frozenset(("and", "or", "to", "und", "oder", "et", "y"))  # "short- and long-term"
# Words that are often before a hyphen that belongs to the word.
_COMPOUND_STARTS = frozenset(
    ("all", "anti", "co", "cross", "ex", "far", "fast", "first", "five", "four", "full", "half",
     "hard", "high", "ill", "last", "left", "long", "low", "mid", "much", "near", "new", "non",
     "off", "old", "one", "part", "post", "pre", "pro", "real", "right", "second", "self", "short",
     "so", "then", "third", "three", "two", "vice", "well", "year")
)  # fmt: skip
_MIN_REPEATED_CHARS = 60  # characters; shorter texts may be repeated on purpose
_CUT_ENDS = ("…", "...", "[…]", "[...]")
# This many lines of about one width are the result of wrapping.
_MIN_FILLED_LINES = 6


def clean_line(text: str) -> str:
    """Return a text in NFC on one line, with single spaces and no invisible characters."""
    if not text.isascii():
        # U+FFFD replaces a character that was lost in an earlier decoding.
        text = normalize("NFC", text.replace("\ufffd", " "))
        if "â€" in text:
            text = repair_mojibake(text)
    # Tabs, newlines and no-break spaces are not printable either.
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return " ".join(_INVISIBLE.sub("", text).split())


def split_paragraphs(text: str) -> list[str]:
    """Split a plain text into paragraphs, each on one line.

    Blank lines separate them. Lines within one are joined, unless they are items of a list
    or too long to be wrapped by hand. Without blank lines each line is a paragraph.
    """
    return [paragraph for block in split_blocks(text) for paragraph in unwrap_block(block)]


def split_blocks(text: str) -> list[list[str]]:
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
    return _split_at_indents(runs[0]) or _split_filled_lines(runs[0]) or [[row] for row in runs[0]]


def unwrap_block(block: list[str]) -> list[str]:
    """Return the paragraphs of one block."""
    if len(block) == 1:
        return [clean] if (clean := clean_line(block[0])) else []
    if _has_line_paragraphs(block):
        return [clean for row in block if (clean := clean_line(row))]
    parts = _split_at_indents(block) or _split_at_speakers(block) or [block]
    return [clean for part in parts if (clean := clean_line(" ".join(part)))]


def join_hyphenated_words(text: str) -> str:
    """Join the words that were hyphenated at the ends of lines, where that is certain.

    It is certain if the whole word is elsewhere in the text, or if several words are cut and
    there is no sign that the hyphen belongs to this one.
    """
    if not _HYPHENATED_LINE_END.search(text):
        return text
    ends = list(_HYPHENATED_WORD.finditer(text))
    words = Counter(_LOWERCASE_WORD.findall(text))

    def join_word(match: re.Match[str]) -> str:
        first, hyphen, second, rest = match.groups()
        if second in _CONJUNCTIONS:
            word = f"{first}- {second}"
        elif hyphen == "\xad" or words[first + second]:
            word = first + second
        else:
            own = words[f"{first}-{second}"] or (
                (len(second) > _MAX_SYLLABLE_CHARS and first in _COMPOUND_STARTS)
                or (words[first] > 1 and words[second] > 1)
            )
            word = (
                f"{first}-{second}" if own or len(ends) < _MIN_HYPHENATED_WORDS else first + second
            )
        return f"{word}{rest}\n"

    return _HYPHENATED_WORD.sub(join_word, text)


def is_sentence(text: str) -> bool:
    """Return whether a text ends with the punctuation of a sentence."""
    return _SENTENCE_END.search(text) is not None


def make_headline(body: str) -> str:
    """Make a headline for an article without one: its first sentence, or as much as fits."""
    first = body.partition("\n\n")[0]
    if end := _SENTENCE_BREAK.search(first, 20, _MAX_HEADLINE_CHARS):
        return first[: end.end()].strip()
    if len(first) <= _MAX_HEADLINE_CHARS:
        return first
    return first[:_MAX_HEADLINE_CHARS].rsplit(" ", 1)[0] + " …"


def _split_at_indents(lines: list[str]) -> list[list[str]]:
    """Split lines into paragraphs if only the first line of each is indented; else nothing."""
    starts = [index for index, row in enumerate(lines) if _INDENT.match(row)]
    wrapped = len(lines) > 2 and max(map(len, lines)) <= _MAX_WRAPPED_CHARS
    if not wrapped or not starts or 2 * len(starts) > len(lines):
        return []
    head = lines[: starts[0]]
    # Lines above the first indented one are a head, each of them a paragraph.
    return [
        *([row] for row in head),
        *_split_lines(lines[starts[0] :], lambda _, here: _INDENT.match(here)),
    ]


def _split_filled_lines(lines: list[str]) -> list[list[str]]:
    """Split lines into paragraphs if all but the last of each fill one width; else nothing."""
    width = max(map(len, lines))
    full = [row for row in lines if len(row) > width * 0.85]
    if len(lines) < _MIN_FILLED_LINES or width > _MAX_WRAPPED_CHARS or 2 * len(full) < len(lines):
        return []

    def is_end(before: str, _: str) -> bool:
        return len(before) < width * 0.85 and (
            is_sentence(before.rstrip()) or len(before) < width / 2
        )

    first = next((index for index, row in enumerate(lines) if len(row) > width * 0.85), 0)
    return [*([row] for row in lines[:first]), *_split_lines(lines[first:], is_end)]


def _split_at_speakers(lines: list[str]) -> list[list[str]]:
    """Split a transcript into the turns of its speakers; nothing if there is only one turn."""
    turns = _split_lines(lines, lambda _, here: _SPEAKER.match(here))
    return turns if len(turns) > 1 and _SPEAKER.match(lines[0]) else []


def _split_lines(lines: list[str], starts: Callable[[str, str], object]) -> list[list[str]]:
    """Split lines into parts before each line for which `starts(previous, line)` is true."""
    parts = [lines[:1]]
    for before, here in pairwise(lines):
        if starts(before, here):
            parts.append([])
        parts[-1].append(here)
    return parts


def _has_line_paragraphs(block: list[str]) -> bool:
    return max(map(len, block)) > _MAX_WRAPPED_CHARS or all(map(_LIST_ITEM.match, block))


def remove_repeats(paragraphs: Sequence[str]) -> list[str]:
    """Return paragraphs without the long ones that are there twice, and what is between these.

    A page repeats its lead, has a copy for small screens, or prints all of a text twice; a cut
    copy ("The harbor closed both…") is one, too.
    """
    keys = [_make_repeat_key(text) for text in paragraphs]
    whole = sorted(key for key, text in zip(keys, paragraphs, strict=True) if not _is_cut(text))
    seen: set[str] = set()
    kept, repeated = [], False
    for text, key in zip(paragraphs, keys, strict=True):
        long = len(text) >= _MIN_REPEATED_CHARS
        again = key in seen or (long and _is_cut(text) and _has_prefix(whole, key))
        repeated = again and (long or repeated)
        seen.add(key)
        if not repeated:
            kept.append(text)
    return kept


def _make_repeat_key(text: str) -> str:
    """Return the letters and digits of a text; the text itself if it has none."""
    return "".join(filter(str.isalnum, text.casefold())) or text


def _has_prefix(keys: Sequence[str], prefix: str) -> bool:
    """Return whether any of some sorted keys starts with a prefix."""
    at = bisect_left(keys, prefix)
    return at < len(keys) and keys[at].startswith(prefix)


def _is_cut(text: str) -> bool:
    return text.endswith(_CUT_ENDS)
