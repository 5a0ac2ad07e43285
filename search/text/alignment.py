"""Two sequences side by side: what of the one is what of the other, in order.

What begins and ends alike is the same; items that each side has once hold the rest in place
(patience diff); what lies between these is compared pair by pair. All of it has a budget, so
that the time it takes grows with the sequences and not with their product.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

# Steps that a comparison may take, and so many more for each letter: a tenth of a second, and one
# for a megabyte. What has not been compared by then counts as changed.
_STEPS = 500_000
_STEPS_PER_LETTER = 1
# Places in the old and the new sequence.
Pair = tuple[int, int]


class Budget:
    """How many steps may still be taken."""

    def __init__(self, letters: int) -> None:
        self._left = _STEPS + _STEPS_PER_LETTER * letters

    def allows(self, steps: int) -> bool:
        """Whether so many more are allowed; if so, they are taken."""
        allowed = steps <= self._left
        self._left -= steps if allowed else 0
        return allowed


def aligned(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Pair]:
    """The places of items that are equal and in the same order on both sides."""
    found: list[Pair] = []
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


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Items that both sides have once, as many of them as are in the same order."""
    times, others = Counter(old), Counter(new)
    places = {item: j for j, item in enumerate(new) if others[item] == 1}
    once = [(i, places[item]) for i, item in enumerate(old) if times[item] == 1 and item in places]
    return _increasing(once)


def _increasing(pairs: list[Pair]) -> list[Pair]:
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
    found: list[Pair] = []
    at = tops[-1] if tops else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _equal(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    return worthiest(len(old), len(new), lambda i, j: len(old[i]) if old[i] == new[j] else 0)


def worthiest(rows: int, columns: int, worth: Callable[[int, int], float]) -> list[Pair]:
    """The pairs in order that are worth most together."""
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            both = best[i + 1][j + 1] + worth(i, j)
            best[i][j] = max(best[i + 1][j], best[i][j + 1], both)
    found: list[Pair] = []
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


def gaps(pairs: list[Pair], rows: int, columns: int) -> Iterator[tuple[Pair, Pair]]:
    """What lies before each pair and after the last: where it begins, and the pair.

    The last pair is the ends of both sides.
    """
    low = first = 0
    for i, j in [*pairs, (rows, columns)]:
        yield (low, first), (i, j)
        low, first = i + 1, j + 1
