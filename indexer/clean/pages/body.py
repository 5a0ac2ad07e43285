"""The body of a page: the blocks that two logistic models classify as the article's.

The first model scores each block by itself. The second adds context features: the
probabilities of the blocks beside it, around it and of its kind by the first model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, islice, repeat
from math import exp
from operator import mul
from pathlib import Path
from typing import TypedDict

from indexer.clean.pages.block_context import calculate_context
from indexer.clean.pages.block_cues import find_roles, is_credit
from indexer.clean.pages.block_features import BlockFeatures, PageBlocks, PageMetadata
from indexer.clean.pages.data_tables import find_data_tables, is_in_text, join_rows
from indexer.clean.pages.dom_tree import PageTree
from indexer.clean.paragraphs import split_paragraphs

# Each feature with its weight per standard deviation, so that weights can be compared.
WEIGHTS_PATH = Path(__file__).with_name("blocks.json")
_HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MAX_LINKED_SHARE = 0.5
_TEXT_TAGS = frozenset(("p", "li", "blockquote", "pre", "dd"))
_MAX_QUOTES = 100
_MAX_QUOTE_BLOCKS = 6  # blocks on either side of a quote, one of them likely
_TEXT_ROLES = frozenset(("article", "body", "summary"))
_SIDE_FEATURES = ("linked", "offers", "more", "pictures", "by", "copies", "bar")


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a logistic model: what each feature adds to the log of the odds."""

    bias: float
    by_name: Mapping[str, float]

    def sum_weights(
        self, rows: Sequence[BlockFeatures], contexts: Sequence[Mapping[str, float]] = ()
    ) -> list[float]:
        """Return the log of the odds of each block, by its features and, if given, its context."""
        if not rows:
            return []
        marked = {marks: self._weigh_marks(marks) for marks in {row.marks for row in rows}}
        values = self._weigh_values([row.values for row in rows])
        others = self._weigh_values(contexts) if contexts else repeat(0.0)
        return [
            marked[row.marks] + own + other
            for row, own, other in zip(rows, values, others, strict=False)
        ]

    def _weigh_values(self, rows: Sequence[Mapping[str, float]]) -> Iterator[float]:
        """Weigh rows that have the same names in the same order."""
        weights = [self.by_name.get(name, 0.0) for name in rows[0]]
        return (sum(map(mul, weights, row.values())) for row in rows)

    def _weigh_marks(self, marks: frozenset[str]) -> float:
        return self.bias + sum(self.by_name.get(name, 0.0) for name in marks)


class _TrainedModel(TypedDict):
    bias: float
    features: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class ExtractedBody:
    """The paragraphs of an article.

    `doubt` is the expected number of misclassified characters, divided by the expected number
    of characters in the body.
    """

    text: str
    doubt: float


def extract_body(tree: PageTree, metadata: PageMetadata) -> ExtractedBody:
    """Return the paragraphs that are most likely the article's."""
    page = PageBlocks(tree, metadata)
    rows = page.calculate_features()
    odds = score_blocks(page, rows)
    likely = [score > 0 and not is_teaser(row) for score, row in zip(odds, rows, strict=True)]
    likely = _add_quotes(page, rows, _add_short_sentences(page, rows, likely))
    likely_at = compress(page.candidates, likely)
    kept = [at for at in likely_at if not is_credit(page.texts[at])]
    kept = _remove_last_headings(tree, kept)
    kept = kept or _remove_last_headings(tree, _choose_fallback_blocks(page, rows))
    text = "\n\n".join(text for text in _list_paragraphs(page, kept) if text != metadata.title)
    sizes = [len(page.texts[at]) for at in page.candidates]
    return ExtractedBody(
        text, _calculate_doubt(sizes, [calculate_probability(score) for score in odds])
    )


def _add_short_sentences(
    page: PageBlocks, rows: Sequence[BlockFeatures], likely: Sequence[bool]
) -> list[bool]:
    """Return the likely blocks with the short sentences beside them, and any between two of them.

    A sentence of few words, such as "The hearing continues.", shows by itself no more than a
    caption does; that it is a paragraph among the article's shows what it is.
    """
    added = list(likely)
    for order in (range(1, len(rows)), range(len(rows) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for at in order:
            if (
                not added[at]
                and added[at + step]
                and _is_sibling(page, at, at + step)
                and _is_sentence_of_text(page.texts[page.candidates[at]], rows[at])
                and (not rows[at].values["over_80"] or _is_between(page, added, at))
            ):
                added[at] = True
    return added


def _is_between(page: PageBlocks, likely: Sequence[bool], at: int) -> bool:
    """Return whether the candidates right before and after one are likely, and in its element."""
    return all(
        0 <= other < len(likely)
        and likely[other]
        and (_is_sibling(page, at, other) or _is_heading_beside(page, at, other))
        for other in (at - 1, at + 1)
    )


def _is_heading_beside(page: PageBlocks, at: int, other: int) -> bool:
    elements, blocks = page.tree.elements, page.tree.blocks
    here, beside = (elements[blocks[page.candidates[place]].element] for place in (at, other))
    return beside.tag in _HEADING_TAGS and here.parent == beside.parent


def _add_quotes(
    page: PageBlocks, rows: Sequence[BlockFeatures], likely: Sequence[bool]
) -> list[bool]:
    """Return the likely blocks with the quotes among them, as of an embedded post.

    A quote that is pulled out of a paragraph is there already.
    """
    added = list(likely)
    quotes = (
        at
        for at, row in enumerate(rows)
        if not likely[at]
        and "in_blockquote" in row.marks
        and row.values["over_25"]
        and not row.values["linked"]
    )
    for at in islice(quotes, _MAX_QUOTES):
        around = likely[max(0, at - _MAX_QUOTE_BLOCKS) : at], likely[at : at + _MAX_QUOTE_BLOCKS]
        text = page.texts[page.candidates[at]].strip("\"'“”„«»‘’ .")
        added[at] = all(map(any, around)) and sum(text in other for other in page.texts) == 1
    return added


def _is_sibling(page: PageBlocks, at: int, other: int) -> bool:
    """Return whether two candidates are one after the other, of one kind, in one element."""
    first, second = page.candidates[at], page.candidates[other]
    elements = page.tree.elements
    here, beside = (elements[page.tree.blocks[block].element] for block in (first, second))
    if abs(first - second) != 1 or here.parent != beside.parent or here.tag != beside.tag:
        return False
    if here.tag in _TEXT_TAGS:
        return here.label == beside.label or not find_roles(here.label) - _TEXT_ROLES
    return here.tag == "div" and here.label == beside.label


def _is_sentence_of_text(text: str, row: BlockFeatures) -> bool:
    values = row.values
    return (
        bool(values["sentence"])
        and not values["cut"]
        and not any(values[name] for name in _SIDE_FEATURES)
        and not is_credit(text)
    )


def _list_paragraphs(page: PageBlocks, kept: Sequence[int]) -> Iterator[str]:
    """Yield the paragraphs of the kept blocks, and the rows of the tables beside them."""
    tree = page.tree
    tables = find_data_tables(tree, page.candidates)
    tables = [table for table in tables if is_in_text(tree, table, kept)]
    rows = join_rows(tree, tables)
    cells = {at for table in tables for at in table.blocks}
    for at in sorted({*kept, *rows} - (cells - rows.keys())):
        if at in rows:
            yield rows[at]
        else:
            yield from split_paragraphs(tree.blocks[at].text)


def _remove_last_headings(tree: PageTree, kept: list[int]) -> list[int]:
    while kept and tree.elements[tree.blocks[kept[-1]].element].tag in _HEADING_TAGS:
        kept.pop()
    return kept


def is_teaser(row: BlockFeatures) -> bool:
    """Return whether a block leads to another article, to an author's articles or to an offer."""
    values = row.values
    if values["more"] and values["linked"] > _MAX_LINKED_SHARE:
        return True
    if values["offers"] and not values["over_25"]:
        return True
    if "in_called_ad" in row.marks and not values["over_80"]:
        return True
    short = not (values["sentence"] or values["over_80"])
    return bool(values["by"] and values["linked"] and short)


def _calculate_doubt(sizes: Sequence[int], probabilities: Sequence[float]) -> float:
    likely = sum(map(mul, sizes, probabilities))
    doubtful = (min(probability, 1 - probability) for probability in probabilities)
    unsure = sum(map(mul, sizes, doubtful))
    return unsure / likely if likely else 1.0


def _choose_fallback_blocks(page: PageBlocks, rows: Sequence[BlockFeatures]) -> list[int]:
    """Choose blocks where none is likely the article's: those with few links, if possible texts."""
    tree = page.tree
    plain = [
        at
        for at, row in zip(page.candidates, rows, strict=True)
        if row.values["linked"] < _MAX_LINKED_SHARE and not is_teaser(row)
    ]
    kept = plain or page.candidates or range(len(tree.blocks))
    texts = [at for at in kept if tree.elements[tree.blocks[at].element].tag in _TEXT_TAGS]
    return texts or list(kept)


def score_blocks(page: PageBlocks, rows: Sequence[BlockFeatures]) -> list[float]:
    """Return the log of the odds that each candidate is the article's."""
    alone, together = _load_weights()
    chances = [calculate_probability(odds) for odds in alone.sum_weights(rows)]
    return together.sum_weights(rows, calculate_context(page, chances))


def calculate_probability(odds: float) -> float:
    """Convert the log of the odds to a probability, from 0 to 1."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))


@cache
def _load_weights() -> tuple[Weights, Weights]:
    record = json.loads(WEIGHTS_PATH.read_text(encoding="utf-8"))
    return _read_model(record["alone"]), _read_model(record["company"])


def _read_model(model: _TrainedModel) -> Weights:
    weights, bias = {}, model["bias"]
    for name, term in model["features"].items():
        weights[name] = term["weight"] / term["scale"]
        bias -= weights[name] * term["mean"]
    return Weights(bias, weights)
