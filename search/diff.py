"""What has changed between two versions of an article, in words.

Paragraphs are aligned first, then the words of those that belong together. Both are aligned in
the same way: what begins and ends alike is the same; items that each side has once hold the
rest in place (patience diff); what lies between these is compared pair by pair. All of it has a
budget, so that the time it takes grows with the texts and not with their product.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from corpus.article import Article, Moment

# Steps that a comparison may take, and so many more for each letter: a tenth of a second, and one
# for a megabyte. What has not been compared by then counts as changed.
_STEPS = 500_000
_STEPS_PER_LETTER = 1
# Paragraphs belong together if they share so much of their words, where 1 is all.
_ALIKE = 0.35
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
    return _words(old, new, _Budget(len(old) + len(new)))


def paragraphs(old: str, new: str) -> tuple[Paragraph, ...]:
    """Two texts by paragraphs, those that have changed in pieces of words."""
    budget = _Budget(len(old) + len(new))
    before, after = _split(old), _split(new)
    pairs = _aligned([each.strip() for each in before], [each.strip() for each in after], budget)
    found: list[Paragraph] = []
    for (low, first), (high, last) in _gaps(pairs, len(before), len(after)):
        found += _rewritten(before[low:high], after[first:last], budget)
        if high < len(before):
            found.append(Paragraph(_words(before[high], after[last], budget)))
    return tuple(found)


def _rewritten(old: list[str], new: list[str], budget: _Budget) -> Iterator[Paragraph]:
    """Paragraphs that differ: word by word where two are alike, else out with one, in another."""
    for (low, first), (high, last) in _gaps(_alike(old, new, budget), len(old), len(new)):
        yield from (Paragraph((Piece(Change.DELETED, text),)) for text in old[low:high])
        yield from (Paragraph((Piece(Change.INSERTED, text),)) for text in new[first:last])
        if high < len(old):
            yield Paragraph(_words(old[high], new[last], budget))


def _alike(old: list[str], new: list[str], budget: _Budget) -> list[_Pair]:
    """Which paragraphs became which, in order."""
    before, after = ([Counter(_tokens(text)) for text in side] for side in (old, new))
    steps = len(new) * sum(map(len, before)) + len(old) * sum(map(len, after))
    if not budget.allows(steps):
        return []

    def likeness(i: int, j: int) -> float:
        shared = (before[i] & after[j]).total() * 2 / (before[i].total() + after[j].total())
        return shared if shared >= _ALIKE else 0.0

    return _worthiest(len(old), len(new), likeness)


def _words(old: str, new: str, budget: _Budget) -> tuple[Piece, ...]:
    if old == new:
        return tuple(_joined([(Change.SAME, old)]))
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pairs = _aligned(_tokens(old), _tokens(new), budget)
    found: list[tuple[Change, str]] = []
    gaps = _gaps(_readable(pairs, before, after), len(before), len(after))
    for (low, first), (high, last) in gaps:
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


def _readable(pairs: list[_Pair], before: list[str], after: list[str]) -> list[_Pair]:
    """Pairs without those that stand alone between changes and are hardly a word."""
    kept: list[_Pair] = []
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


# -- aligning

# Places in the old and the new sequence.
_Pair = tuple[int, int]


class _Budget:
    """How many steps may still be taken."""

    def __init__(self, letters: int) -> None:
        self._left = _STEPS + _STEPS_PER_LETTER * letters

    def allows(self, steps: int) -> bool:
        """Whether so many more are allowed; if so, they are taken."""
        allowed = steps <= self._left
        self._left -= steps if allowed else 0
        return allowed


def _aligned(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[_Pair]:
    """The places of items that are equal and in the same order on both sides."""
    found: list[_Pair] = []
    regions = [(0, len(old), 0, len(new))]
    while regions:
        low, high, first, last = regions.pop()
        if not budget.allows(high - low + last - first):
            continue
        while low < high and first < last and old[low] == new[first]:
            found.append((low, first))
            low, first = low + 1, first + 1
        while low < high and first < last and old[high - 1] == new[last - 1]:
            high, last = high - 1, last - 1
            found.append((high, last))
        anchors = _anchors(old[low:high], new[first:last])
        moved = [(low + i, first + j) for i, j in anchors]
        if moved:
            found += moved
            regions += [
                (start[0] + 1, end[0], start[1] + 1, end[1])
                for start, end in zip(
                    [(low - 1, first - 1), *moved], [*moved, (high, last)], strict=True
                )
            ]
        elif budget.allows((high - low) * (last - first)):
            equal = _equal(old[low:high], new[first:last])
            found += [(low + i, first + j) for i, j in equal]
    return sorted(found)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[_Pair]:
    """Items that both sides have once, as many of them as are in the same order."""
    times, others = Counter(old), Counter(new)
    places = {item: j for j, item in enumerate(new) if others[item] == 1}
    once = [(i, places[item]) for i, item in enumerate(old) if times[item] == 1 and item in places]
    return _increasing(once)


def _increasing(pairs: list[_Pair]) -> list[_Pair]:
    """The longest run of pairs, left out what is between, whose second places increase too."""
    ends: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(tops[length - 1] if length else -1)
        if length == len(ends):
            ends.append(j)
            tops.append(number)
        ends[length], tops[length] = j, number
    found: list[_Pair] = []
    at = tops[-1] if tops else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _equal(old: Sequence[str], new: Sequence[str]) -> list[_Pair]:
    return _worthiest(len(old), len(new), lambda i, j: len(old[i]) if old[i] == new[j] else 0)


def _worthiest(rows: int, columns: int, worth: Callable[[int, int], float]) -> list[_Pair]:
    """The pairs in order that are worth most together."""
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            both = best[i + 1][j + 1] + worth(i, j)
            best[i][j] = max(best[i + 1][j], best[i][j + 1], both)
    found: list[_Pair] = []
    i = j = 0
    while i < rows and j < columns:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            found.append((i, j))
            i, j = i + 1, j + 1
    return found


def _gaps(pairs: list[_Pair], rows: int, columns: int) -> Iterator[tuple[_Pair, _Pair]]:
    """What lies before each pair and after the last: where it begins, and the pair.

    The last pair is the ends of both sides.
    """
    low = first = 0
    for i, j in [*pairs, (rows, columns)]:
        yield (low, first), (i, j)
        low, first = i + 1, j + 1


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
