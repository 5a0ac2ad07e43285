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
from search.text.alignment import (
    IndexPair,
    StepBudget,
    align_sequences,
    find_best_alignment,
    iterate_gaps,
)

# Paragraphs correspond if the words that they share contain this share of their letters.
_MIN_SHARED_LETTER_SHARE = 0.4
# Fewer equal letters than this between two changes count as changed: two wordings side by side
# are easier to read than one that changes at every second word.
_MIN_EQUAL_LETTERS = 4


class ChangeKind(StrEnum):
    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A part of a text, not empty, that is in both versions, only in the old or only in the new."""

    change: ChangeKind
    text: str


@dataclass(frozen=True, slots=True)
class ParagraphDiff:
    """A paragraph of either version or both, with the blank line after it, in pieces.

    Pieces that are not inserted make the old text, pieces that are not deleted the new text.
    """

    pieces: tuple[DiffPiece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether a change is visible: a change of white space is not."""
        return any(
            piece.change is not ChangeKind.SAME and not piece.text.isspace()
            for piece in self.pieces
        )


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field other than the body that differs."""

    field: str
    pieces: tuple[DiffPiece, ...]


@dataclass(frozen=True, slots=True)
class ArticleDiff:
    """The changes from one version to another. `paragraphs` contains the unchanged ones too."""

    fields: tuple[FieldChange, ...]
    paragraphs: tuple[ParagraphDiff, ...]

    def __bool__(self) -> bool:
        return bool(self.fields) or any(paragraph.is_changed for paragraph in self.paragraphs)


def compare_articles(
    old: Article, new: Article, format_date: Callable[[Moment], str]
) -> ArticleDiff:
    """Compare two versions of an article; `date` formats dates."""
    before, after = _format_fields(old, format_date), _format_fields(new, format_date)
    return ArticleDiff(
        fields=tuple(
            FieldChange(
                name,
                compare_words(text, after[name])
                if name in _WORD_DIFF_FIELDS
                else _make_replacement(text, after[name]),
            )
            for name, text in before.items()
            if text != after[name]
        ),
        paragraphs=compare_paragraphs(old.body, new.body),
    )


_WORD_DIFF_FIELDS = {"title", "dek", "authors"}


def _format_fields(article: Article, format_date: Callable[[Moment], str]) -> dict[str, str]:
    return {
        "title": article.title,
        "dek": article.dek,
        "authors": ", ".join(article.authors),
        "published": format_date(article.published) if article.published else "",
        "updated": format_date(article.updated) if article.updated else "",
        "section": article.section,
        "source": article.source,
        "language": article.language,
        "url": article.url,
    }


def compare_words(old: str, new: str) -> tuple[DiffPiece, ...]:
    """Compare two texts word by word."""
    return _diff_words(old, new, StepBudget(len(old) + len(new)))


def compare_paragraphs(old: str, new: str) -> tuple[ParagraphDiff, ...]:
    """Compare two texts by paragraphs, the changed ones word by word."""
    budget = StepBudget(len(old) + len(new))
    before, after = _split_paragraphs(old), _split_paragraphs(new)
    pairs = align_sequences(
        [text.strip() for text in before], [text.strip() for text in after], budget
    )
    compared: list[ParagraphDiff] = []
    for (low, first), (high, last) in iterate_gaps(pairs, len(before), len(after)):
        compared += _compare_changed_paragraphs(before[low:high], after[first:last], budget)
        if high < len(before):
            compared.append(ParagraphDiff(_diff_words(before[high], after[last], budget)))
    return tuple(compared)


def _compare_changed_paragraphs(
    old: list[str], new: list[str], budget: StepBudget
) -> Iterator[ParagraphDiff]:
    """Compare paragraphs that differ: similar ones word by word, others as deleted or inserted."""
    for (low, first), (high, last) in iterate_gaps(
        _match_paragraphs(old, new, budget), len(old), len(new)
    ):
        yield from (ParagraphDiff((DiffPiece(ChangeKind.DELETED, text),)) for text in old[low:high])
        yield from (
            ParagraphDiff((DiffPiece(ChangeKind.INSERTED, text),)) for text in new[first:last]
        )
        if high < len(old):
            yield ParagraphDiff(_diff_words(old[high], new[last], budget))


def _match_paragraphs(old: list[str], new: list[str], budget: StepBudget) -> list[IndexPair]:
    """Return the pairs of paragraphs that correspond, in order."""
    before, after = ([_count_word_letters(text) for text in side] for side in (old, new))
    steps = len(new) * sum(map(len, before)) + len(old) * sum(map(len, after))
    if not budget.try_spend(steps):
        return []

    def calculate_similarity(i: int, j: int) -> float:
        shared = 2 * (before[i] & after[j]).total()
        share = shared / (before[i].total() + after[j].total() or 1)
        return share if share >= _MIN_SHARED_LETTER_SHARE else 0.0

    return find_best_alignment(len(old), len(new), calculate_similarity)


def _count_word_letters(text: str) -> Counter[str]:
    """Count the letters of a text in each of its words, so that long words weigh more."""
    return Counter(
        {word: times * len(word) for word, times in Counter(_tokenize_text(text)).items()}
    )


def _diff_words(old: str, new: str, budget: StepBudget) -> tuple[DiffPiece, ...]:
    if old == new:
        return tuple(_merge_parts([(ChangeKind.SAME, old)]))
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pairs = align_sequences(_tokenize_text(old), _tokenize_text(new), budget)
    parts: list[tuple[ChangeKind, str]] = []
    kept = _remove_short_matches(pairs, before, after)
    for (low, first), (high, last) in iterate_gaps(kept, len(before), len(after)):
        parts += [(ChangeKind.DELETED, text) for text in before[low:high]]
        parts += [(ChangeKind.INSERTED, text) for text in after[first:last]]
        if high < len(before):
            parts += _diff_word_spacing(before[high], after[last])
    return tuple(_merge_parts(parts))


def _diff_word_spacing(old: str, new: str) -> Iterator[tuple[ChangeKind, str]]:
    """Yield a word of both versions, then the space after it if that differs."""
    if old == new:
        yield ChangeKind.SAME, old
        return
    word = old.rstrip()
    yield ChangeKind.SAME, word
    yield ChangeKind.DELETED, old[len(word) :]
    yield ChangeKind.INSERTED, new[len(word) :]


def _remove_short_matches(
    pairs: list[IndexPair], before: list[str], after: list[str]
) -> list[IndexPair]:
    """Remove the runs of equal words between changes that have too few letters to read."""
    kept: list[IndexPair] = []
    numbered = enumerate(pairs)
    for _, group in groupby(numbered, lambda item: (item[1][0] - item[0], item[1][1] - item[0])):
        run = [pair for _, pair in group]
        inside = run[0] != (0, 0) and run[-1] != (len(before) - 1, len(after) - 1)
        if not inside or sum(len(before[i].strip()) for i, _ in run) >= _MIN_EQUAL_LETTERS:
            kept += run
    return kept


def _merge_parts(parts: list[tuple[ChangeKind, str]]) -> Iterator[DiffPiece]:
    """Merge adjacent parts of one kind; a deletion precedes the insertion that replaces it."""
    for same, run in groupby(parts, lambda part: part[0] is ChangeKind.SAME):
        texts = list(run)
        for change in (ChangeKind.SAME,) if same else (ChangeKind.DELETED, ChangeKind.INSERTED):
            if text := "".join(text for kind, text in texts if kind is change):
                yield DiffPiece(change, text)


def _make_replacement(old: str, new: str) -> tuple[DiffPiece, ...]:
    return tuple(_merge_parts([(ChangeKind.DELETED, old), (ChangeKind.INSERTED, new)]))


def _split_paragraphs(text: str) -> list[str]:
    """Split a text into paragraphs, each with the blank lines after it."""
    ends = [match.end() for match in _BLANK_LINES.finditer(text)]
    starts = [0, *ends]
    return [
        text[start:end]
        for start, end in zip(starts, [*ends, len(text)], strict=True)
        if start < end
    ]


def _tokenize_text(text: str) -> list[str]:
    return [token.rstrip() for token in _TOKEN.findall(text)]


_BLANK_LINES = re.compile(r"\n{2,}")
# Scripts that are written without spaces are compared by letters.
_LETTER = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_SIGN = r"!-/:-@\[-`{-~\xa1-\xbf\u2010-\u205e\u3000-\u303f"
_WORD_CHARS = rf"[^\s{_LETTER}{_SIGN}]+"
# A word, number, letter or sign, with the space after it.
_TOKEN = re.compile(rf"(?:{_WORD_CHARS}(?:[.,:'’-]{_WORD_CHARS})*|[{_LETTER}]|[{_SIGN}])\s*|\s+")
