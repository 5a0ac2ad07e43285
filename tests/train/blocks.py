"""Learns the weights of `indexer/clean/pages/blocks.json` and measures them on unseen publishers.

    python -m tests.train.blocks

Needs numpy and scikit-learn. Publishers fall into folds by a hash of their name; one fold and
the publishers of the sets that judge whole are never seen here. Each other fold is read with
weights that the rest gave: by these scores the second step learns, the threshold is chosen,
and the figures in the file are measured.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from sklearn.linear_model import LogisticRegression

from indexer.clean.pages.block_context import calculate_context
from indexer.clean.pages.body import WEIGHTS_PATH, calculate_probability, is_teaser
from indexer.clean.paragraphs import clean_line
from tests.eval.metrics import Score, averaged, body_overlap
from tests.train.labels import UNKNOWN
from tests.train.pages import SETS, Learnt, jobs, learnt

Vector: TypeAlias = np.ndarray
THRESHOLDS: Final = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)
STRENGTH: Final = 0.05  # of the weights: more fits them closer to these pages
LEAST: Final = 0.02  # of a feature's weight by its standard deviation; others are dropped
NEWS: Final = 2.0  # how many other pages one of news counts as
NEARLY: Final = 0.001
SNIPPETS: Final = 0.5  # how many a page counts as of which only snippets are known


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression over named features, each by its standard deviation."""

    names: list[str]
    mean: Vector
    scale: Vector
    weights: Vector
    bias: float

    def scores(self, features: Vector) -> Vector:
        found: Vector = ((features - self.mean) / self.scale) @ self.weights + self.bias
        return found

    def record(self, threshold: float = 0.0) -> dict[str, object]:
        terms = zip(self.names, self.weights, self.mean, self.scale, strict=True)
        kept = [term for term in terms if abs(term[1]) >= LEAST]
        features = {
            name: {"weight": round(float(weight), 4), "mean": round(float(mean), 5),
                   "scale": round(float(scale), 5)}
            for name, weight, mean, scale in sorted(kept, key=lambda term: -abs(term[1]))
        }  # fmt: skip
        return {"bias": round(self.bias - threshold, 4), "features": features}


class Blocks:
    """The blocks of all pages, what each weighs and whether it is of an article."""

    def __init__(self, pages: Sequence[Learnt]) -> None:
        self.pages = pages
        self.labels = np.array([max(label, 0) for page in pages for label in page.labels])
        self.weights = np.concatenate([_weights(page) for page in pages])
        self.shown = self._shown()
        self.folds = np.repeat([page.fold for page in pages], [len(page.rows) for page in pages])
        self.names = sorted({mark for page in pages for row in page.rows for mark in row.marks})
        self.names += list(pages[0].rows[0].values)
        self.alone = self._alone()

    def _shown(self) -> Vector:
        """Of the many blocks that are no article's, every fourth is learnt from, for four."""
        others = self.labels == 0
        spared = others & (np.cumsum(others) % 4 != 0)
        self.weights[others] *= 4
        shown: Vector = (self.weights > 0) & ~spared
        return shown

    def _alone(self) -> Vector:
        at = {name: column for column, name in enumerate(self.names)}
        found = np.zeros((len(self.labels), len(self.names)), np.float32)
        for number, row in enumerate(row for page in self.pages for row in page.rows):
            found[number, [at[mark] for mark in row.marks]] = 1
            found[number, -len(row.values) :] = list(row.values.values())
        return found

    def together(self, scores: Vector) -> tuple[list[str], Vector]:
        """The features of the second step, by the scores of the first."""
        rows: list[dict[str, float]] = []
        for page in self.pages:
            mine = scores[len(rows) : len(rows) + len(page.rows)]
            rows += calculate_context(
                page.page, [calculate_probability(each) for each in mine.tolist()]
            )
        beside = np.array([list(row.values()) for row in rows], np.float32)
        return [*self.names, *rows[0]], np.hstack([self.alone, beside])

    def fit(self, names: list[str], features: Vector, rows: Vector) -> Model:
        rows = rows & self.shown
        mean, scale = features[rows].mean(0), features[rows].std(0) + 1e-6
        model = LogisticRegression(solver="newton-cholesky", C=STRENGTH)
        scaled = (features[rows] - mean) / scale
        model.fit(scaled, self.labels[rows], sample_weight=self.weights[rows])
        return Model(names, mean, scale, model.coef_[0], float(model.intercept_[0]))

    def held_out(self, names: list[str], features: Vector) -> Vector:
        """The score of each block with the weights that other publishers' pages gave."""
        scores = np.zeros(len(features))
        for fold in sorted(set(self.folds.tolist())):
            model = self.fit(names, features, self.folds != fold)
            scores[self.folds == fold] = model.scores(features[self.folds == fold])
        return scores

    def measured(self, scores: Vector) -> tuple[dict[str, float], dict[str, float]]:
        """How right the bodies are that the scores give: of all whose body is known, of news."""
        overlaps, news, start = [], [], 0
        for page in self.pages:
            mine = scores[start : start + len(page.rows)]
            start += len(page.rows)
            if page.body:
                kept = zip(page.texts, page.rows, mine > 0, strict=True)
                text = "\n".join(
                    clean_line(text) for text, row, likely in kept if likely and not is_teaser(row)
                )
                overlaps.append(body_overlap(page.body, text))
                news += overlaps[-1:] if page.news else []
        return _figures(averaged(overlaps)), _figures(averaged(news))


def _figures(score: Score) -> dict[str, float]:
    figures = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    return {name: round(value, 4) for name, value in figures.items()}


def _weights(page: Learnt) -> Vector:
    """Longer texts matter more, but not by all of their length; pages matter the same.

    Where only snippets are known, those of the article matter as much as the others.
    """
    labels = np.array(page.labels)
    sizes = np.sqrt(np.array(page.sizes) + 2.0)
    sizes[labels == UNKNOWN] = 0
    if not page.body:
        for label in (0, 1):
            sizes[labels == label] /= sizes[labels == label].sum() or 1
    share = (NEWS if page.news else 1.0) * (1.0 if page.body else SNIPPETS)
    weights: Vector = sizes * (100 * share / (sizes.sum() or 1))
    return weights


def main() -> None:
    with ProcessPoolExecutor() as pool:
        blocks = Blocks([page for page in pool.map(learnt, jobs(), chunksize=20) if page])
    every = np.ones(len(blocks.labels), bool)
    alone = blocks.held_out(blocks.names, blocks.alone)
    names, together = blocks.together(alone)
    scores = blocks.held_out(names, together)
    found = {each: blocks.measured(scores - each) for each in THRESHOLDS}
    for each, (whole, news) in found.items():
        print(each, whole, news)
    f1 = {each: sum(figures["f1"] for figures in both) / 2 for each, both in found.items()}
    # Less text is better than wrong text.
    best = max(each for each in found if f1[each] >= max(f1.values()) - NEARLY)
    whole, news = found[best]
    record = {
        "script": "python -m tests.train.blocks",
        "data": SETS,
        "pages": len(blocks.pages),
        "held_out": {"folds": len(set(blocks.folds.tolist())), "wcxb": whole, "of_them_news": news},
        "alone": blocks.fit(blocks.names, blocks.alone, every).record(),
        "company": blocks.fit(names, together, every).record(best),
    }
    WEIGHTS_PATH.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
