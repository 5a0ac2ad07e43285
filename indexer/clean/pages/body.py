"""The body of a page: the blocks that two logistic models classify as the article's.

The first model scores each block by itself. The second adds context features: the
probabilities of the blocks beside it, around it and of its kind by the first model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, repeat
from math import exp
from operator import mul
from pathlib import Path
from typing import TypedDict

from indexer.clean.pages.block_context import company
from indexer.clean.pages.block_features import Page, Row, Told
from indexer.clean.pages.dom_tree import Block, Tree
from indexer.clean.paragraphs import paragraphs

# Each feature with its weight per standard deviation, so that weights can be compared.
WEIGHTS = Path(__file__).with_name("blocks.json")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LINKED = 0.5
_TEXT = frozenset(("p", "li", "blockquote", "pre", "dd"))


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a logistic model: what each feature adds to the log of the odds."""

    bias: float
    by_name: Mapping[str, float]

    def sums(self, rows: Sequence[Row], beside: Sequence[Mapping[str, float]] = ()) -> list[float]:
        """Return the log of the odds of each block, by its features and, if given, its context."""
        if not rows:
            return []
        marked = {marks: self._marked(marks) for marks in {row.marks for row in rows}}
        values = self._weighed([row.values for row in rows])
        others = self._weighed(beside) if beside else repeat(0.0)
        return [
            marked[row.marks] + own + other
            for row, own, other in zip(rows, values, others, strict=False)
        ]

    def _weighed(self, rows: Sequence[Mapping[str, float]]) -> Iterator[float]:
        """Weigh rows that have the same names in the same order."""
        weights = [self.by_name.get(name, 0.0) for name in rows[0]]
        return (sum(map(mul, weights, row.values())) for row in rows)

    def _marked(self, marks: frozenset[str]) -> float:
        return self.bias + sum(self.by_name.get(name, 0.0) for name in marks)


class _Step(TypedDict):
    bias: float
    features: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs of an article.

    `doubt` is the expected number of misclassified characters, divided by the expected number
    of characters in the body.
    """

    text: str
    doubt: float


def body_of(tree: Tree, told: Told) -> Body:
    """Return the paragraphs that are most likely the article's."""
    page = Page(tree, told)
    rows = page.rows()
    odds = scores(page, rows)
    candidates = [tree.blocks[at] for at in page.candidates]
    likely = [score > 0 and not leads_on(row) for score, row in zip(odds, rows, strict=True)]
    kept = _without_last_headings(tree, list(compress(candidates, likely)))
    kept = kept or _without_last_headings(tree, _of_few_words(tree, candidates, rows))
    texts = (text for block in kept for text in paragraphs(block.text))
    text = "\n\n".join(text for text in texts if text != told.title)
    sizes = [len(page.texts[at]) for at in page.candidates]
    return Body(text, _doubt(sizes, [chance(score) for score in odds]))


def _without_last_headings(tree: Tree, blocks: list[Block]) -> list[Block]:
    while blocks and tree.elements[blocks[-1].element].tag in _HEADINGS:
        blocks.pop()
    return blocks


def leads_on(row: Row) -> bool:
    """Return whether a block leads to another article, to an author's articles or to an offer."""
    values = row.values
    if values["more"] and values["linked"] > _LINKED:
        return True
    if values["offers"] and not values["over_25"]:
        return True
    if "in_called_ad" in row.marks and not values["over_80"]:
        return True
    short = not (values["sentence"] or values["over_80"])
    return bool(values["by"] and values["linked"] and short)


def _doubt(sizes: Sequence[int], chances: Sequence[float]) -> float:
    likely = sum(map(mul, sizes, chances))
    doubtful = (min(probability, 1 - probability) for probability in chances)
    unsure = sum(map(mul, sizes, doubtful))
    return unsure / likely if likely else 1.0


def _of_few_words(tree: Tree, candidates: Sequence[Block], rows: Sequence[Row]) -> list[Block]:
    """Choose blocks where none is likely the article's: those with few links, if possible texts."""
    plain = [
        block
        for block, row in zip(candidates, rows, strict=True)
        if row.values["linked"] < _LINKED and not leads_on(row)
    ]
    kept = plain or list(candidates) or tree.blocks
    texts = [block for block in kept if tree.elements[block.element].tag in _TEXT]
    return texts or kept


def scores(page: Page, rows: Sequence[Row]) -> list[float]:
    """Return the log of the odds that each candidate is the article's."""
    alone, together = _weights()
    chances = [chance(odds) for odds in alone.sums(rows)]
    return together.sums(rows, company(page, chances))


def chance(odds: float) -> float:
    """Convert the log of the odds to a probability, from 0 to 1."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))


@cache
def _weights() -> tuple[Weights, Weights]:
    record = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return _read(record["alone"]), _read(record["company"])


def _read(step: _Step) -> Weights:
    weights, bias = {}, step["bias"]
    for name, term in step["features"].items():
        weights[name] = term["weight"] / term["scale"]
        bias -= weights[name] * term["mean"]
    return Weights(bias, weights)
