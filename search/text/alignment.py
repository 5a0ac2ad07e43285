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
_BASE_STEPS = 500_000
_STEPS_PER_LETTER = 1
# Indexes into the old and the new sequence.
IndexPair = tuple[int, int]


class StepBudget:
    """The number of comparison steps that remain."""

    def __init__(self, letter_count: int) -> None:
        self._remaining_steps = _BASE_STEPS + _STEPS_PER_LETTER * letter_count

    def try_spend(self, steps: int) -> bool:
        """Return whether so many more steps remain; if so, spend them."""
        allowed = steps <= self._remaining_steps
        self._remaining_steps -= steps if allowed else 0
        return allowed


def align_sequences(
    old_items: Sequence[str], new_items: Sequence[str], budget: StepBudget
) -> list[IndexPair]:
    """Return the index pairs of items that are equal and in the same order on both sides."""
    pairs: list[IndexPair] = []
    regions = [(0, len(old_items), 0, len(new_items))]
    while regions:
        low, high, first, last = regions.pop()
        if not budget.try_spend(high - low + last - first):
            continue
        while low < high and first < last and old_items[low] == new_items[first]:
            pairs.append((low, first))
            low, first = low + 1, first + 1
        while low < high and first < last and old_items[high - 1] == new_items[last - 1]:
            high, last = high - 1, last - 1
            pairs.append((high, last))
        anchors = _find_anchors(old_items[low:high], new_items[first:last])
        moved = [(low + i, first + j) for i, j in anchors]
        if moved:
            pairs += moved
            regions += [
                (start[0] + 1, end[0], start[1] + 1, end[1])
                for start, end in zip(
                    [(low - 1, first - 1), *moved], [*moved, (high, last)], strict=True
                )
            ]
        elif budget.try_spend((high - low) * (last - first)):
            equal = _align_equal_items(old_items[low:high], new_items[first:last])
            pairs += [(low + i, first + j) for i, j in equal]
    return sorted(pairs)


def _find_anchors(old: Sequence[str], new: Sequence[str]) -> list[IndexPair]:
    """Return the items that occur once on both sides, as many as are in the same order."""
    old_counts, new_counts = Counter(old), Counter(new)
    indexes = {item: j for j, item in enumerate(new) if new_counts[item] == 1}
    unique = [
        (i, indexes[item])
        for i, item in enumerate(old)
        if old_counts[item] == 1 and item in indexes
    ]
    return _find_longest_increasing(unique)


def _find_longest_increasing(pairs: list[IndexPair]) -> list[IndexPair]:
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
    subsequence: list[IndexPair] = []
    at = tops[-1] if tops else -1
    while at >= 0:
        subsequence.append(pairs[at])
        at = before[at]
    return subsequence[::-1]


def _align_equal_items(old: Sequence[str], new: Sequence[str]) -> list[IndexPair]:
    return find_best_alignment(
        len(old), len(new), lambda i, j: len(old[i]) if old[i] == new[j] else 0
    )


def find_best_alignment(
    old_count: int, new_count: int, score_pair: Callable[[int, int], float]
) -> list[IndexPair]:
    """Return the pairs, in order, whose sum of `worth` is greatest."""
    best = [[0.0] * (new_count + 1) for _ in range(old_count + 1)]
    for i in reversed(range(old_count)):
        for j in reversed(range(new_count)):
            both = best[i + 1][j + 1] + score_pair(i, j)
            best[i][j] = max(best[i + 1][j], best[i][j + 1], both)
    pairs: list[IndexPair] = []
    i = j = 0
    while i < old_count and j < new_count:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def iterate_gaps(
    pairs: list[IndexPair], old_count: int, new_count: int
) -> Iterator[tuple[IndexPair, IndexPair]]:
    """Yield the gap before each pair and after the last: its start, and the pair that ends it.

    The last pair is the lengths of both sides.
    """
    low = first = 0
    for i, j in [*pairs, (old_count, new_count)]:
        yield (low, first), (i, j)
        low, first = i + 1, j + 1
