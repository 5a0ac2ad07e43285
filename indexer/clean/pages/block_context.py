"""Context features of a block: how likely the blocks beside it, around it and of its kind are.

They are calculated from the probability that the first model gave each block by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import log1p

from indexer.clean.pages.block_features import PageBlocks

_CLOSE_BLOCKS = 5  # blocks on either side
_MIN_CORE_SHARE = 0.8  # share of the likely characters that the article's own element contains
_EDGE_SHARE = 0.02  # share of the likely characters
_MIN_LIKELY_PROBABILITY = 0.5


def calculate_context(page: PageBlocks, probabilities: Sequence[float]) -> list[dict[str, float]]:
    """Calculate the context features of each candidate from the probabilities (0 to 1) of all.

    The names are in the same order for every candidate.
    """
    by_block = [0.0] * len(page.texts)
    for at, probability in zip(page.candidates, probabilities, strict=True):
        by_block[at] = probability
    return _ContextCalculator(page, by_block).calculate_rows()


class _ContextCalculator:
    def __init__(self, page: PageBlocks, probabilities: Sequence[float]) -> None:
        self.page, self.probabilities = page, probabilities
        self.sizes = page.sizes
        mass = [size * likely for size, likely in zip(self.sizes, probabilities, strict=True)]
        self.likely_total = sum(mass) or 1.0
        self.likely_by_element, self.chars_by_element = (
            page.sum_by_element(mass),
            page.sum_by_element(self.sizes),
        )
        self.likely_before = [0.0, *accumulate(mass)]
        self.chars_before = [0, *accumulate(self.sizes)]
        self.kind_sums = [[0.0, 1.0] for _ in range(max(page.kinds, default=-1) + 1)]
        for kind, likely, size in zip(page.kinds, mass, self.sizes, strict=True):
            self.kind_sums[kind][0] += likely
            self.kind_sums[kind][1] += size
        self.in_core = self._find_core_elements()

    def calculate_rows(self) -> list[dict[str, float]]:
        padded = [0.0, 0.0, *self.probabilities, 0.0, 0.0]
        count = range(len(self.probabilities))
        before, after = self._measure_gaps(count), self._measure_gaps(reversed(count))[::-1]
        rows = []
        for at in self.page.candidates:
            row = self._describe_adjacent(at, padded)
            row.update(self._describe_ancestors(at))
            row["gap_before"], row["gap_after"] = before[at], after[at]
            rows.append(row)
        return rows

    def _find_core_elements(self) -> list[bool]:
        """Return whether each element is in the smallest that contains most of the likely text."""
        threshold = _MIN_CORE_SHARE * self.likely_total
        core = max(
            (at for at, likely in enumerate(self.likely_by_element) if likely >= threshold),
            default=0,
        )
        in_core: list[bool] = []
        for at, element in enumerate(self.page.tree.elements):
            in_core.append(at == core or (element.parent >= 0 and in_core[element.parent]))
        return in_core

    def _measure_gaps(self, order: Iterable[int]) -> list[float]:
        """Return the log of the characters between each block and the likely one before it."""
        gap, gaps = 0, []
        for at in order:
            gaps.append(log1p(gap))
            gap = 0 if self.probabilities[at] > _MIN_LIKELY_PROBABILITY else gap + self.sizes[at]
        return gaps

    def _describe_adjacent(self, at: int, padded: Sequence[float]) -> dict[str, float]:
        low, high = max(0, at - _CLOSE_BLOCKS), min(len(self.probabilities), at + _CLOSE_BLOCKS + 1)
        close = self.chars_before[high] - self.chars_before[low] or 1
        return {
            "chance": self.probabilities[at],
            "before": padded[at + 1],
            "after": padded[at + 3],
            "before2": padded[at],
            "after2": padded[at + 4],
            "between": min(padded[at + 1], padded[at + 3]),
            "close": (self.likely_before[high] - self.likely_before[low]) / close,
            "likely_before": self.likely_before[at] / self.likely_total,
            "is_first": float(self.likely_before[at] < _EDGE_SHARE * self.likely_total),
            "is_last": float(self.likely_before[at + 1] > (1 - _EDGE_SHARE) * self.likely_total),
        }

    def _describe_ancestors(self, at: int) -> dict[str, float]:
        page, elements = self.page, self.page.tree.elements
        element = page.tree.blocks[at].element
        parent = max(elements[element].parent, 0)
        grandparent = max(elements[parent].parent, 0)
        mass, size = self.kind_sums[page.kinds[at]]
        return {
            "in_core": float(self.in_core[element]),
            "around": self.likely_by_element[parent] / (self.chars_by_element[parent] or 1),
            "around_share": self.likely_by_element[parent] / self.likely_total,
            "higher": self.likely_by_element[grandparent]
            / (self.chars_by_element[grandparent] or 1),
            "higher_share": self.likely_by_element[grandparent] / self.likely_total,
            "kind": mass / size,
            "kind_share": mass / self.likely_total,
        }
