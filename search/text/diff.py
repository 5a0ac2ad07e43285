"""Word-level differences between two versions of an article.

Paragraphs are aligned first, then the words of paragraphs that correspond.
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

# Paragraphs correspond if the words that they share contain this share of their letters.
_ALIKE = 0.4
# Fewer equal letters than this between two changes count as changed: two wordings side by side
# are easier to read than one that changes at every second word.
_TOO_FEW = 4


class Change(StrEnum):
    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, not empty, that is in both versions, only in the old or only in the new."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of either version or both, with the blank line after it, in pieces.

    Pieces that are not inserted make the old text, pieces that are not deleted the new text.
    """

    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether a change is visible: a change of white space is not."""
        return any(
            piece.change is not Change.SAME and not piece.text.isspace() for piece in self.pieces
        )


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field other than the body that differs."""

    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The changes from one version to another. `paragraphs` contains the unchanged ones too."""

    fields: tuple[FieldChange, ...]
    paragraphs: tuple[Paragraph, ...]

    def __bool__(self) -> bool:
        return bool(self.fields) or any(paragraph.is_changed for paragraph in self.paragraphs)


def difference(old: Article, new: Article, date: Callable[[Moment], str]) -> Difference:
    """Compare two versions of an article; `date` formats dates."""
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
    """Compare two texts word by word."""
    return _words(old, new, Budget(len(old) + len(new)))


def paragraphs(old: str, new: str) -> tuple[Paragraph, ...]:
    """Compare two texts by paragraphs, the changed ones word by word."""
    budget = Budget(len(old) + len(new))
    before, after = _split(old), _split(new)
    pairs = aligned([text.strip() for text in before], [text.strip() for text in after], budget)
    compared: list[Paragraph] = []
    for (low, first), (high, last) in gaps(pairs, len(before), len(after)):
        compared += _rewritten(before[low:high], after[first:last], budget)
        if high < len(before):
            compared.append(Paragraph(_words(before[high], after[last], budget)))
    return tuple(compared)


def _rewritten(old: list[str], new: list[str], budget: Budget) -> Iterator[Paragraph]:
    """Compare paragraphs that differ: similar ones word by word, others as deleted or inserted."""
    for (low, first), (high, last) in gaps(_alike(old, new, budget), len(old), len(new)):
        yield from (Paragraph((Piece(Change.DELETED, text),)) for text in old[low:high])
        yield from (Paragraph((Piece(Change.INSERTED, text),)) for text in new[first:last])
        if high < len(old):
            yield Paragraph(_words(old[high], new[last], budget))


def _alike(old: list[str], new: list[str], budget: Budget) -> list[Pair]:
    """Return the pairs of paragraphs that correspond, in order."""
    before, after = ([_letters(text) for text in side] for side in (old, new))
    steps = len(new) * sum(map(len, before)) + len(old) * sum(map(len, after))
    if not budget.allows(steps):
        return []

    def calculate_similarity(i: int, j: int) -> float:
        shared = 2 * (before[i] & after[j]).total()
        share = shared / (before[i].total() + after[j].total() or 1)
        return share if share >= _ALIKE else 0.0

    return worthiest(len(old), len(new), calculate_similarity)


def _letters(text: str) -> Counter[str]:
    """Count the letters of a text in each of its words, so that long words weigh more."""
    return Counter({word: times * len(word) for word, times in Counter(_tokens(text)).items()})


def _words(old: str, new: str, budget: Budget) -> tuple[Piece, ...]:
    if old == new:
        return tuple(_joined([(Change.SAME, old)]))
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pairs = aligned(_tokens(old), _tokens(new), budget)
    parts: list[tuple[Change, str]] = []
    kept = _readable(pairs, before, after)
    for (low, first), (high, last) in gaps(kept, len(before), len(after)):
        parts += [(Change.DELETED, text) for text in before[low:high]]
        parts += [(Change.INSERTED, text) for text in after[first:last]]
        if high < len(before):
            parts += _one_word(before[high], after[last])
    return tuple(_joined(parts))


def _one_word(old: str, new: str) -> Iterator[tuple[Change, str]]:
    """Yield a word of both versions, then the space after it if that differs."""
    if old == new:
        yield Change.SAME, old
        return
    word = old.rstrip()
    yield Change.SAME, word
    yield Change.DELETED, old[len(word) :]
    yield Change.INSERTED, new[len(word) :]


def _readable(pairs: list[Pair], before: list[str], after: list[str]) -> list[Pair]:
    """Remove the runs of equal words between changes that have too few letters to read."""
    kept: list[Pair] = []
    numbered = enumerate(pairs)
    for _, group in groupby(numbered, lambda item: (item[1][0] - item[0], item[1][1] - item[0])):
        run = [pair for _, pair in group]
        inside = run[0] != (0, 0) and run[-1] != (len(before) - 1, len(after) - 1)
        if not inside or sum(len(before[i].strip()) for i, _ in run) >= _TOO_FEW:
            kept += run
    return kept


def _joined(parts: list[tuple[Change, str]]) -> Iterator[Piece]:
    """Merge adjacent parts of one kind; a deletion precedes the insertion that replaces it."""
    for same, run in groupby(parts, lambda part: part[0] is Change.SAME):
        texts = list(run)
        for change in (Change.SAME,) if same else (Change.DELETED, Change.INSERTED):
            if text := "".join(text for kind, text in texts if kind is change):
                yield Piece(change, text)


def _replaced(old: str, new: str) -> tuple[Piece, ...]:
    return tuple(_joined([(Change.DELETED, old), (Change.INSERTED, new)]))


def _split(text: str) -> list[str]:
    """Split a text into paragraphs, each with the blank lines after it."""
    ends = [match.end() for match in _BLANK.finditer(text)]
    starts = [0, *ends]
    return [
        text[start:end]
        for start, end in zip(starts, [*ends, len(text)], strict=True)
        if start < end
    ]


def _tokens(text: str) -> list[str]:
    return [token.rstrip() for token in _TOKEN.findall(text)]


_BLANK = re.compile(r"\n{2,}")
# Scripts that are written without spaces are compared by letters.
_LETTER = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_SIGN = r"!-/:-@\[-`{-~\xa1-\xbf\u2010-\u205e\u3000-\u303f"
_RUN = rf"[^\s{_LETTER}{_SIGN}]+"
# A word, number, letter or sign, with the space after it.
_TOKEN = re.compile(rf"(?:{_RUN}(?:[.,:'’-]{_RUN})*|[{_LETTER}]|[{_SIGN}])\s*|\s+")
