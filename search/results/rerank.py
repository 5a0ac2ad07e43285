"""The second stage of ranking, the same for every engine: nearness, then smoothing.

An engine's best hits come in with their scores and signatures, and the first thirty are put in a
better order. An article rises if the query's words stand close together, in the query's order,
or in its headline and first words; and if the articles most like it score high, too. Articles
after the thirtieth keep the engine's order.

Weights and sizes were chosen on five collections of judged queries (`python -m tests.eval
relevance`), each left out in turn; docs/ranking.md has what was tried.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from indexer.signatures import NO_SIGNATURE, Signature, encode_word

# Hits that are asked of the engine, and of these how many are put in a new order.
POOL_HITS = 100
RERANKED_HITS = 30
# A hit below this share of the best score is nobody's neighbor.
_MIN_POOL_SHARE = 0.3
_NEIGHBORS = 5
_SMOOTHING = 0.4

_WINDOW_WORDS, _WINDOW_WEIGHT = 20, 0.2
_ORDER_REACH_WORDS, _ORDER_WEIGHT = 2, 0.15
_LEAD_WEIGHT = 0.1

# The lowest bits of a packed cosine are the place of the other hit; above it, 25 bits are left.
_PLACE_BITS = 7
_LANE_BITS = 32


@dataclass(frozen=True, slots=True)
class WordGroup:
    """A word of a query and the alternatives to it, each as its stems with their idf.

    A stem that no article has weighs nothing.
    """

    alternatives: tuple[Mapping[str, float], ...]

    @property
    def weight(self) -> float:
        return max(math.fsum(stems.values()) for stems in self.alternatives)


@dataclass(frozen=True, slots=True)
class QueryWords:
    """A query's words as openings have them: characters, with their shares of the query's idf.

    Alternatives share what their group weighs. `pairs` are neighboring words in order, each with
    its share by the rarer word's idf.
    """

    shares: Mapping[str, float]
    pairs: tuple[tuple[str, str, float], ...]
    groups: int

    @classmethod
    def of(cls, readings: Sequence[Sequence[WordGroup]]) -> QueryWords:
        """Weigh the words of a query, in their order, as one or more languages read them."""
        shares: dict[str, float] = {}
        pairs: dict[tuple[str, str], float] = {}
        for groups in readings:
            for char, share in _weigh_stems(groups):
                shares[char] = max(shares.get(char, 0.0), share)
            pairs |= {(first, second): share for first, second, share in _weigh_pairs(groups)}
        weighed = tuple((first, second, share) for (first, second), share in pairs.items())
        return cls(shares, weighed, max(map(len, readings), default=0))


def _weigh_stems(groups: Sequence[WordGroup]) -> Iterator[tuple[str, float]]:
    total = math.fsum(group.weight for group in groups) or 1.0
    for group in groups:
        for stems in group.alternatives:
            scale = group.weight / total / (math.fsum(stems.values()) or 1.0)
            yield from ((encode_word(stem), idf * scale) for stem, idf in stems.items() if idf)


def _weigh_pairs(groups: Sequence[WordGroup]) -> tuple[tuple[str, str, float], ...]:
    written = [item for group in groups for item in group.alternatives[0].items()]
    rarer = {
        (first, second): max(first_idf, second_idf)
        for (first, first_idf), (second, second_idf) in pairwise(written)
        if first != second and first_idf and second_idf
    }
    total = math.fsum(rarer.values()) or 1.0
    return tuple(
        (encode_word(first), encode_word(second), idf / total)
        for (first, second), idf in rarer.items()
    )


class ScoreParts(NamedTuple):
    """The parts of a hit's score, as they were added up.

    `engine` is its share of the best hit's score; `window`, `order` and `lead` what nearness
    adds, and `neighbors` what smoothing adds, below zero where the articles like it score lower.
    """

    engine: float
    window: float = 0.0
    order: float = 0.0
    lead: float = 0.0
    neighbors: float = 0.0

    @property
    def nearness(self) -> float:
        """The score before smoothing."""
        return self.engine + self.window + self.order + self.lead

    @property
    def score(self) -> float:
        return self.nearness + self.neighbors


class RankedPlace(NamedTuple):
    """A hit in its new place: its row in the engine's order, and the parts of its score."""

    row: int
    parts: ScoreParts


def rerank(
    scores: Sequence[float],
    signatures: Sequence[bytes],
    words: QueryWords,
    *,
    smooth: bool = True,
) -> list[RankedPlace]:
    """Put the first of an engine's hits, best first, in their final order.

    `signatures` belong to the first hits, at most `POOL_HITS` of them; an empty one stands for
    an article that has none.
    """
    best = max(scores, default=0.0)
    if best <= 0:
        return [
            RankedPlace(row, ScoreParts(score)) for row, score in enumerate(scores[:RERANKED_HITS])
        ]
    shares = [score / best for score in scores]
    pool = _count_pool(shares, len(signatures))
    unpacked = [Signature.from_bytes(content) for content in signatures[:pool]]
    head = min(RERANKED_HITS, len(shares), len(signatures))
    parts = [
        _measure_nearness(share, signature, words)
        for share, signature in zip(shares[:head], unpacked, strict=False)
    ]
    if smooth and pool > _NEIGHBORS:
        parts = _smooth(parts, shares, unpacked)
    places = [RankedPlace(row, part) for row, part in enumerate(parts)]
    places.sort(key=lambda place: -place.parts.score)
    return places


def _count_pool(shares: Sequence[float], signed: int) -> int:
    """Count the hits that are compared: the reranked ones, and those that score enough."""
    enough = sum(share >= _MIN_POOL_SHARE for share in shares[:POOL_HITS])
    return min(max(enough, RERANKED_HITS), len(shares), signed)


# -- nearness


def _measure_nearness(share: float, signature: Signature, words: QueryWords) -> ScoreParts:
    if signature is NO_SIGNATURE:
        return ScoreParts(share)
    opening = signature.opening
    lead = opening[: signature.lead_words]
    return ScoreParts(
        engine=share,
        window=_WINDOW_WEIGHT * min(_find_best_window(opening, words.shares), 1.0),
        order=_ORDER_WEIGHT * _sum_ordered(opening, words.pairs),
        lead=_LEAD_WEIGHT
        * min(math.fsum([part for char, part in words.shares.items() if char in lead]), 1.0),
    )


def _find_best_window(opening: str, shares: Mapping[str, float]) -> float:
    """Return the largest share of the query's idf that any window of an opening has."""
    present = [char for char in shares if char in opening]
    if len(present) < 2:
        return sum(shares[char] for char in present)
    places = _list_places(opening, present)
    best = within = 0.0
    counts: dict[str, int] = {}
    first = 0
    for at, char in places:
        if not counts.get(char):
            within += shares[char]
        counts[char] = counts.get(char, 0) + 1
        while at - places[first][0] >= _WINDOW_WORDS:
            left = places[first][1]
            counts[left] -= 1
            if not counts[left]:
                within -= shares[left]
            first += 1
        best = max(best, within)
    return best


def _list_places(opening: str, chars: Iterable[str]) -> list[tuple[int, str]]:
    places: list[tuple[int, str]] = []
    for char in chars:
        at = opening.find(char)
        while at >= 0:
            places.append((at, char))
            at = opening.find(char, at + 1)
    places.sort()
    return places


def _sum_ordered(opening: str, pairs: Iterable[tuple[str, str, float]]) -> float:
    """Sum the shares of the query's neighboring words that stand so in an opening."""
    total = 0.0
    for first, second, share in pairs:
        at = opening.find(first) if second in opening else -1
        while at >= 0:
            if second in opening[at + 1 : at + 1 + _ORDER_REACH_WORDS]:
                total += share
                break
            at = opening.find(first, at + 1)
    return total


# -- smoothing


def _smooth(
    parts: Sequence[ScoreParts], shares: Sequence[float], signatures: Sequence[Signature]
) -> list[ScoreParts]:
    """Move each score towards the mean of its nearest neighbors' scores."""
    scores = [*(part.nearness for part in parts), *shares[len(parts) :]]
    nearest = _find_neighbors(signatures, len(parts))
    return [
        ScoreParts(
            part.engine,
            part.window,
            part.order,
            part.lead,
            _SMOOTHING * (math.fsum(scores[row] for row in rows) / len(rows) - part.nearness),
        )
        for part, rows in zip(parts, nearest, strict=True)
    ]


def _find_neighbors(signatures: Sequence[Signature], head: int) -> list[list[int]]:
    """Return for each of the first `head` signatures the rows of the nearest others, by cosine.

    The weights of a term in all of the head stand side by side in one long integer, 32 bits
    each, so that one multiplication takes them all. The lowest seven bits of a cosine are the
    other's row: sorted cosines tell whose they are, and equal ones prefer the later row.
    """
    columns = _pack_columns(signatures[:head])
    ones = sum(1 << _LANE_BITS * row for row in range(head))
    lanes = []
    for row, signature in enumerate(signatures):
        cosines = ones * row
        for term, weight in zip(signature.terms, signature.weights, strict=True):
            if term in columns:
                cosines += columns[term] * weight
        lanes.append(memoryview(cosines.to_bytes(4 * head, sys.byteorder)).cast("I"))
    if sys.byteorder == "big":
        lanes = [lane[::-1] for lane in lanes]
    return [
        _pick_neighbors(row, cosines_of_row)
        for row, cosines_of_row in enumerate(zip(*lanes, strict=True))
    ]


def _pack_columns(signatures: Sequence[Signature]) -> dict[int, int]:
    columns: dict[int, int] = {}
    shift = _PLACE_BITS
    for signature in signatures:
        for term, weight in zip(signature.terms, signature.weights, strict=True):
            columns[term] = columns.get(term, 0) | weight << shift
        shift += _LANE_BITS
    return columns


def _pick_neighbors(row: int, packed: Sequence[int]) -> list[int]:
    mask = (1 << _PLACE_BITS) - 1
    nearest = (cosine & mask for cosine in sorted(packed)[-_NEIGHBORS - 1 :])
    return [other for other in nearest if other != row][-_NEIGHBORS:]
