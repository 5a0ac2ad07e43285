"""The body of a page: the blocks that learned weights call the article's.

Each block is first weighed by itself, then by the company it keeps: how likely the blocks
beside it, around it and of its kind seemed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from math import exp
from operator import mul
from pathlib import Path
from typing import TypedDict

from indexer.clean.blocks import Page, Row, Told
from indexer.clean.company import company
from indexer.clean.paragraphs import paragraphs
from indexer.clean.tree import Block, Tree

# Each feature with its weight by the standard deviation, so that one sees which decide.
WEIGHTS = Path(__file__).with_name("blocks.json")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Never an article's, unless a page uses them for most that it has; few pages teach it.
_BESIDE = frozenset(
    ("in_nav", "in_footer", "in_aside", "in_hidden", "in_figcaption", "in_called_comments",
     "in_called_related")
)  # fmt: skip
_LINKED = 0.5
_TEXT = frozenset(("p", "li", "blockquote", "pre", "dd"))


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature adds to the log of the odds, and what all start from."""

    bias: float
    by_name: Mapping[str, float]

    def sums(self, rows: Sequence[Row]) -> list[float]:
        """The log of the odds of each block."""
        if not rows:
            return []
        # All rows have the same names in the same order, and few sets of marks.
        weights = [self.by_name.get(name, 0.0) for name in rows[0].values]
        marked = {marks: self._marked(marks) for marks in {row.marks for row in rows}}
        return [marked[row.marks] + sum(map(mul, weights, row.values.values())) for row in rows]

    def _marked(self, marks: frozenset[str]) -> float:
        return self.bias + sum(self.by_name.get(name, 0.0) for name in marks)


class _Step(TypedDict):
    bias: float
    features: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs of an article.

    `doubt` is how much text might as well be left out or in, as a share of what is likely.
    """

    text: str
    doubt: float


def body_of(tree: Tree, told: Told) -> Body:
    """The paragraphs that are most likely the article's."""
    page = Page(tree, told)
    rows = page.rows()
    beside = [_is_beside(row) for row in rows]
    odds = scores(page, rows)
    likely = [score > 0 and not left for score, left in zip(odds, beside, strict=True)]
    kept = list(compress(tree.blocks, likely)) or _of_few_words(tree, rows, beside)
    while kept and tree.elements[kept[-1].element].tag in _HEADINGS:
        kept.pop()
    texts = (text for block in kept for text in paragraphs(block.text))
    text = "\n\n".join(text for text in texts if text != told.title)
    return Body(text, _doubt(page.texts, [chance(score) for score in odds]))


def _is_beside(row: Row) -> bool:
    values = row.values
    leads_on = values["more"] > 0 and values["linked"] > _LINKED
    byline = (
        values["by"] > 0 and values["linked"] > 0 and not (values["sentence"] or values["over_80"])
    )
    return leads_on or byline or not _BESIDE.isdisjoint(row.marks)


def _doubt(texts: Sequence[str], chances: Sequence[float]) -> float:
    sizes = [len(text) for text in texts]
    likely = sum(map(mul, sizes, chances))
    unsure = sum(map(mul, sizes, (min(each, 1 - each) for each in chances)))
    return unsure / likely if likely else 1.0


def _of_few_words(tree: Tree, rows: Sequence[Row], beside: Sequence[bool]) -> list[Block]:
    """What a page shows that has nothing to tell its article by."""
    kept = [
        block
        for block, row, left in zip(tree.blocks, rows, beside, strict=True)
        if not left and row.values["linked"] < _LINKED
    ]
    kept = kept or tree.blocks
    texts = [block for block in kept if tree.elements[block.element].tag in _TEXT]
    return texts or kept


def scores(page: Page, rows: Sequence[Row]) -> list[float]:
    """How surely each block is of the article: the log of the odds."""
    alone, together = _weights()
    chances = [chance(odds) for odds in alone.sums(rows)]
    return together.sums(
        [
            Row(row.marks, row.values | beside)
            for row, beside in zip(rows, company(page, chances), strict=True)
        ]
    )


def chance(odds: float) -> float:
    """From 0 to 1, for the log of the odds."""
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
