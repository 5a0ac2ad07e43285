"""Builds `search/query/spellings.zst`: British, American and other spellings of one word.

    python -m tests.train.spellings VARCON

VARCON is the file varcon.txt of VarCon (https://wordlist.aspell.net/varcon/), whose README
describes its lines. It is not needed to run dateline; its terms are in
`search/query/spellings.NOTICE`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import zstandard

from indexer.function_words import FUNCTION_WORDS
from indexer.stemming import stem
from search.query.variants import SPELLINGS_PATH


def _list_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Levels of SCOWL: up to 60 a word is in ordinary dictionaries; up to 70, in a large one.
_MAX_LEVEL: Final = 60
_MAX_VERIFIED_LEVEL: Final = 70
# A tag is a variety of English and how usual the spelling is there: V, - and x are too rare.
_USUAL_TAG: Final = re.compile(r"[ABCDZ_][.v]?$")
_WORD: Final = re.compile(r"[a-z]+$")
# Words that mean something else, too, and are one word nevertheless.
_SAME: Final = _list_words("""
    aeon aeons analyses backward blond blonde blondes blonds breathalyser buses bused busing
    catalyses dialog dialyses digitalises draftsman draftsmen embed embeds gram grams gray grays
    hydrolyses meter meters micrometer micrometers mom moms ok paralyses partisan partisans program
    programs psychoanalyses reanalyses sheik sheiks spelled sulfur sulfured sulfuring sulfurs
    whiskey whiskeys absinthe absinthes
""")
# Spellings that are first of all names of others.
_NAMES: Final = _list_words("amir carney carneys chile mac mack macks macs")


@dataclass(frozen=True)
class _Line:
    """The usual spellings of one form of a word, in one meaning."""

    spellings: frozenset[str]
    is_common: bool
    meaning: str


def main() -> None:
    lines = list(_parse(Path(sys.argv[1]).read_text("utf-8").splitlines()))
    groups = _merge(group for group in _select(lines) if len({stem(word) for word in group}) > 1)
    rows = (" ".join((word, *sorted(group - {word}))) for group in groups for word in sorted(group))
    text = "".join(f"{line}\n" for line in sorted(rows, key=str.split))
    SPELLINGS_PATH.write_bytes(zstandard.ZstdCompressor(level=19).compress(text.encode()))
    print(f"{len(groups):,} words, {text.count(chr(10)):,} spellings")


def _parse(lines: Iterable[str]) -> Iterator[_Line]:
    is_common = False
    for line in lines:
        if line.startswith("#"):
            if found := re.search(r"\(level (\d+)\)", line):
                limit = _MAX_VERIFIED_LEVEL if "<verified>" in line else _MAX_LEVEL
                is_common = int(found[1]) <= limit
        elif line.strip():
            columns, *notes = line.partition("#")[0].split(" | ")
            # A part of speech alone is no other meaning, nor is what follows two hyphens.
            meaning = re.sub(r"<\w+>|--.*", "", " ".join(notes)).strip()
            listed = frozenset(_read_usual(columns))
            is_plain = not any("(-)" in note or "-- " in note for note in notes)
            yield _Line(listed, is_common and is_plain, meaning)


def _read_usual(columns: str) -> Iterator[str]:
    for column in columns.split(" / "):
        tags, _, word = column.strip().partition(": ")
        if any(map(_USUAL_TAG.match, tags.split())):
            yield word.lower()


def _select(lines: list[_Line]) -> Iterator[frozenset[str]]:
    """Yield spellings of one word, none of which is another word that is written so only."""
    by_word: dict[str, list[_Line]] = {}
    for line in lines:
        for word in line.spellings:
            by_word.setdefault(word, []).append(line)
    for line in lines:
        words = frozenset(filter(_WORD.match, line.spellings)) - FUNCTION_WORDS - _NAMES
        others = (other for word in words for other in by_word[word])
        has_other = any(not words <= other.spellings and _is_other(other) for other in others)
        if line.is_common and len(words) > 1 and (not has_other or words & _SAME):
            yield words


def _is_other(line: _Line) -> bool:
    return bool(line.meaning) or len(line.spellings) == 1


def _merge(groups: Iterable[frozenset[str]]) -> list[set[str]]:
    """Merge groups that share a word."""
    merged: dict[str, set[str]] = {}
    for group in groups:
        union = set(group).union(*(merged.get(word, ()) for word in group))
        merged |= dict.fromkeys(union, union)
    return list({id(group): group for group in merged.values()}.values())


if __name__ == "__main__":
    main()
