"""Context features of a block: how likely the blocks beside it, around it and of its kind are.

They are calculated from the probability that the first model gave each block by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import log1p

from indexer.clean.pages.block_features import Page

_CLOSE = 5  # blocks on either side
_MOST = 0.8  # share of the likely characters that the article's own element contains
_EDGE = 0.02  # share of the likely characters
_LIKELY = 0.5


def company(page: Page, chances: Sequence[float]) -> list[dict[str, float]]:
    """Calculate the context features of each candidate from the probabilities (0 to 1) of all.

    The names are in the same order for every candidate.
    """
    by_block = [0.0] * len(page.texts)
    for at, probability in zip(page.candidates, chances, strict=True):
        by_block[at] = probability
    return _Company(page, by_block).rows()


class _Company:
    def __init__(self, page: Page, chances: Sequence[float]) -> None:
        self.page, self.chances = page, chances
        self.sizes = page.sizes
        mass = [size * likely for size, likely in zip(self.sizes, chances, strict=True)]
        self.total = sum(mass) or 1.0
        self.held, self.all = page.held(mass), page.held(self.sizes)
        self.before = [0.0, *accumulate(mass)]
        self.until = [0, *accumulate(self.sizes)]
        self.kinds = [[0.0, 1.0] for _ in range(max(page.kinds, default=-1) + 1)]
        for kind, likely, size in zip(page.kinds, mass, self.sizes, strict=True):
            self.kinds[kind][0] += likely
            self.kinds[kind][1] += size
        self.within = self._within()

    def rows(self) -> list[dict[str, float]]:
        padded = [0.0, 0.0, *self.chances, 0.0, 0.0]
        count = range(len(self.chances))
        before, after = self._gaps(count), self._gaps(reversed(count))[::-1]
        rows = []
        for at in self.page.candidates:
            row = self._beside(at, padded)
            row.update(self._around(at))
            row["gap_before"], row["gap_after"] = before[at], after[at]
            rows.append(row)
        return rows

    def _within(self) -> list[bool]:
        """Return whether each element is in the smallest that contains most of the likely text."""
        threshold = _MOST * self.total
        core = max((at for at, likely in enumerate(self.held) if likely >= threshold), default=0)
        in_core: list[bool] = []
        for at, element in enumerate(self.page.tree.elements):
            in_core.append(at == core or (element.above >= 0 and in_core[element.above]))
        return in_core

    def _gaps(self, order: Iterable[int]) -> list[float]:
        """Return the log of the characters between each block and the likely one before it."""
        gap, gaps = 0, []
        for at in order:
            gaps.append(log1p(gap))
            gap = 0 if self.chances[at] > _LIKELY else gap + self.sizes[at]
        return gaps

    def _beside(self, at: int, beside: Sequence[float]) -> dict[str, float]:
        low, high = max(0, at - _CLOSE), min(len(self.chances), at + _CLOSE + 1)
        close = self.until[high] - self.until[low] or 1
        return {
            "chance": self.chances[at],
            "before": beside[at + 1],
            "after": beside[at + 3],
            "before2": beside[at],
            "after2": beside[at + 4],
            "between": min(beside[at + 1], beside[at + 3]),
            "close": (self.before[high] - self.before[low]) / close,
            "likely_before": self.before[at] / self.total,
            "is_first": float(self.before[at] < _EDGE * self.total),
            "is_last": float(self.before[at + 1] > (1 - _EDGE) * self.total),
        }

    def _around(self, at: int) -> dict[str, float]:
        page, elements = self.page, self.page.tree.elements
        element = page.tree.blocks[at].element
        parent = max(elements[element].above, 0)
        grandparent = max(elements[parent].above, 0)
        mass, size = self.kinds[page.kinds[at]]
        return {
            "in_core": float(self.within[element]),
            "around": self.held[parent] / (self.all[parent] or 1),
            "around_share": self.held[parent] / self.total,
            "higher": self.held[grandparent] / (self.all[grandparent] or 1),
            "higher_share": self.held[grandparent] / self.total,
            "kind": mass / size,
            "kind_share": mass / self.total,
        }
