"""What has changed between two versions of an article, in words.

Paragraphs are aligned first, then the words of those that belong together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from corpus.article import Article, Moment
from search.text.alignment import Budget, Pair, aligned, gaps, worthiest

# Paragraphs belong together if they share words with so many of their letters, where 1 is all.
_ALIKE = 0.4
# Fewer equal letters than this between changes are shown as changed: two wordings side by side
# are read more easily than one that is mended at every second word.
_TOO_FEW = 4


class Change(StrEnum):
    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, not empty, that stands in both versions, in the old or in the new one."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of either version or both, with the blank line after it, in pieces.

    All that is not inserted is the old text, all that is not deleted the new one.
    """

    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether a reader can see a change: white space is none."""
        return any(
            piece.change is not Change.SAME and not piece.text.isspace() for piece in self.pieces
        )


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field beside the text that differs."""

    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What has changed from one version to another. `paragraphs` has the unchanged ones too."""

    fields: tuple[FieldChange, ...]
    paragraphs: tuple[Paragraph, ...]

    def __bool__(self) -> bool:
        return bool(self.fields) or any(each.is_changed for each in self.paragraphs)


def difference(old: Article, new: Article, date: Callable[[Moment], str]) -> Difference:
    """What has changed from one version of an article to another; `date` writes dates."""
    before, after = _fields(old, date), _fields(new, date)
    return Difference(
        fields=tuple(
            FieldChange(
                name,
                words(text, after[name]) if name in _IN_WORDS else _replaced(text, after[name]),
            )
            for name, text in before.items()
            if text != after[name]
        ),
        paragraphs=paragraphs(old.body, new.body),
    )


_IN_WORDS = {"title", "dek", "authors"}


def _fields(article: Article, date: Callable[[Moment], str]) -> dict[str, str]:
    return {
        "title": article.title,
        "dek": article.dek,
        "authors": ", ".join(article.authors),
        "published": date(article.published) if article.published else "",
        "updated": date(article.updated) if article.updated else "",
        "section": article.section,
        "source": article.source,
        "language": article.language,
        "url": article.url,
    }


def words(old: str, new: str) -> tuple[Piece, ...]:
    """Two texts in pieces of words."""
    return _words(old, new, Budget(len(old) + len(new)))


def paragraphs(old: str, new: str) -> tuple[Paragraph, ...]:
    """Two texts by paragraphs, those that have changed in pieces of words."""
    budget = Budget(len(old) + len(new))
    before, after = _split(old), _split(new)
    pairs = aligned([each.strip() for each in before], [each.strip() for each in after], budget)
    found: list[Paragraph] = []
    for (low, first), (high, last) in gaps(pairs, len(before), len(after)):
        found += _rewritten(before[low:high], after[first:last], budget)
        if high < len(before):
            found.append(Paragraph(_words(before[high], after[last], budget)))
    return tuple(found)


def _rewritten(old: list[str], new: list[str], budget: Budget) -> Iterator[Paragraph]:
    """Paragraphs that differ: word by word where two are alike, else out with one, in another."""
    for (low, first), (high, last) in gaps(_alike(old, new, budget), len(old), len(new)):
        yield from (Paragraph((Piece(Change.DELETED, text),)) for text in old[low:high])
        yield from (Paragraph((Piece(Change.INSERTED, text),)) for text in new[first:last])
        if high < len(old):
            yield Paragraph(_words(old[high], new[last], budget))


def _alike(old: list[str], new: list[str], budget: Budget) -> list[Pair]:
    """Which paragraphs became which, in order."""
    before, after = ([_letters(text) for text in side] for side in (old, new))
    steps = len(new) * sum(map(len, before)) + len(old) * sum(map(len, after))
    if not budget.allows(steps):
        return []

    def likeness(i: int, j: int) -> float:
        shared = 2 * (before[i] & after[j]).total()
        share = shared / (before[i].total() + after[j].total() or 1)
        return share if share >= _ALIKE else 0.0

    return worthiest(len(old), len(new), likeness)


def _letters(text: str) -> Counter[str]:
    """How many letters of a text are in each word: long words say more."""
    return Counter({word: times * len(word) for word, times in Counter(_tokens(text)).items()})


def _words(old: str, new: str, budget: Budget) -> tuple[Piece, ...]:
    if old == new:
        return tuple(_joined([(Change.SAME, old)]))
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pairs = aligned(_tokens(old), _tokens(new), budget)
    found: list[tuple[Change, str]] = []
    kept = _readable(pairs, before, after)
    for (low, first), (high, last) in gaps(kept, len(before), len(after)):
        found += [(Change.DELETED, text) for text in before[low:high]]
        found += [(Change.INSERTED, text) for text in after[first:last]]
        if high < len(before):
            found += _one_word(before[high], after[last])
    return tuple(_joined(found))


def _one_word(old: str, new: str) -> Iterator[tuple[Change, str]]:
    """A word of both versions; the space after it may differ."""
    if old == new:
        yield Change.SAME, old
        return
    word = old.rstrip()
    yield Change.SAME, word
    yield Change.DELETED, old[len(word) :]
    yield Change.INSERTED, new[len(word) :]


def _readable(pairs: list[Pair], before: list[str], after: list[str]) -> list[Pair]:
    """Pairs without those that stand alone between changes and are hardly a word."""
    kept: list[Pair] = []
    for _, group in groupby(enumerate(pairs), lambda one: (one[1][0] - one[0], one[1][1] - one[0])):
        run = [pair for _, pair in group]
        inside = run[0] != (0, 0) and run[-1] != (len(before) - 1, len(after) - 1)
        if not inside or sum(len(before[i].strip()) for i, _ in run) >= _TOO_FEW:
            kept += run
    return kept


def _joined(found: list[tuple[Change, str]]) -> Iterator[Piece]:
    """Neighbours of one kind as one piece; between what is the same, deletions first."""
    for same, run in groupby(found, lambda one: one[0] is Change.SAME):
        texts = list(run)
        for change in (Change.SAME,) if same else (Change.DELETED, Change.INSERTED):
            if text := "".join(text for kind, text in texts if kind is change):
                yield Piece(change, text)


def _replaced(old: str, new: str) -> tuple[Piece, ...]:
    return tuple(_joined([(Change.DELETED, old), (Change.INSERTED, new)]))


def _split(text: str) -> list[str]:
    """Paragraphs, each with the blank lines after it."""
    ends = [found.end() for found in _BLANK.finditer(text)]
    starts = [0, *ends]
    return [
        text[start:end]
        for start, end in zip(starts, [*ends, len(text)], strict=True)
        if start < end
    ]


def _tokens(text: str) -> list[str]:
    return [token.rstrip() for token in _TOKEN.findall(text)]


_BLANK = re.compile(r"\n{2,}")
# Scripts that are written without spaces go by letters.
_LETTER = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_SIGN = r"!-/:-@\[-`{-~\xa1-\xbf\u2010-\u205e\u3000-\u303f"
_RUN = rf"[^\s{_LETTER}{_SIGN}]+"
# A word, number, letter or sign, with the space after it.
_TOKEN = re.compile(rf"(?:{_RUN}(?:[.,:'’-]{_RUN})*|[{_LETTER}]|[{_SIGN}])\s*|\s+")
