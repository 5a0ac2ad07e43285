"""Alignment of two sequences: pairs of equal items, in order.

The common prefix and suffix are paired first; items that are unique on both sides anchor the
rest (patience diff); the regions between anchors are compared pair by pair. A budget of steps
bounds the time, so that it grows with the sequences and not with their product.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

# Comparison steps, and additional steps for each letter: about a tenth of a second, and one second
# for a megabyte. Items that have not been compared by then count as changed.
_STEPS = 500_000
_STEPS_PER_LETTER = 1
# Indexes into the old and the new sequence.
Pair = tuple[int, int]


class Budget:
    """The number of comparison steps that remain."""

    def __init__(self, letters: int) -> None:
        self._left = _STEPS + _STEPS_PER_LETTER * letters

    def allows(self, steps: int) -> bool:
        """Return whether so many more steps remain; if so, spend them."""
        allowed = steps <= self._left
        self._left -= steps if allowed else 0
        return allowed


def aligned(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Pair]:
    """Return the index pairs of items that are equal and in the same order on both sides."""
    pairs: list[Pair] = []
    regions = [(0, len(old), 0, len(new))]
    while regions:
        low, high, first, last = regions.pop()
        if not budget.allows(high - low + last - first):
            continue
        while low < high and first < last and old[low] == new[first]:
            pairs.append((low, first))
            low, first = low + 1, first + 1
        while low < high and first < last and old[high - 1] == new[last - 1]:
            high, last = high - 1, last - 1
            pairs.append((high, last))
        anchors = _anchors(old[low:high], new[first:last])
        moved = [(low + i, first + j) for i, j in anchors]
        if moved:
            pairs += moved
            regions += [
                (start[0] + 1, end[0], start[1] + 1, end[1])
                for start, end in zip(
                    [(low - 1, first - 1), *moved], [*moved, (high, last)], strict=True
                )
            ]
        elif budget.allows((high - low) * (last - first)):
            equal = _equal(old[low:high], new[first:last])
            pairs += [(low + i, first + j) for i, j in equal]
    return sorted(pairs)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the items that occur once on both sides, as many as are in the same order."""
    old_counts, new_counts = Counter(old), Counter(new)
    indexes = {item: j for j, item in enumerate(new) if new_counts[item] == 1}
    unique = [
        (i, indexes[item])
        for i, item in enumerate(old)
        if old_counts[item] == 1 and item in indexes
    ]
    return _increasing(unique)


def _increasing(pairs: list[Pair]) -> list[Pair]:
    """Return the longest subsequence of pairs whose second indexes increase."""
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
    subsequence: list[Pair] = []
    at = tops[-1] if tops else -1
    while at >= 0:
        subsequence.append(pairs[at])
        at = before[at]
    return subsequence[::-1]


def _equal(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    return worthiest(len(old), len(new), lambda i, j: len(old[i]) if old[i] == new[j] else 0)


def worthiest(rows: int, columns: int, worth: Callable[[int, int], float]) -> list[Pair]:
    """Return the pairs, in order, whose sum of `worth` is greatest."""
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            both = best[i + 1][j + 1] + worth(i, j)
            best[i][j] = max(best[i + 1][j], best[i][j + 1], both)
    pairs: list[Pair] = []
    i = j = 0
    while i < rows and j < columns:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def gaps(pairs: list[Pair], rows: int, columns: int) -> Iterator[tuple[Pair, Pair]]:
    """Yield the gap before each pair and after the last: its start, and the pair that ends it.

    The last pair is the lengths of both sides.
    """
    low = first = 0
    for i, j in [*pairs, (rows, columns)]:
        yield (low, first), (i, j)
        low, first = i + 1, j + 1
