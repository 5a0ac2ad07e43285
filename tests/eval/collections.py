"""Relevance collections in TREC's form: articles, queries, and which articles answer which."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.eval.pages import DATA

FOLDER = DATA / "relevance"
NAMES = ("fnc1", "cranfield", "cacm", "med", "checkthat-dev")
MAX_HITS = 100

# The ids of the hits of each query, best first.
RankedRun = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Collection:
    """Judged queries over the articles of a file. A grade above 0 is an answer."""

    name: str
    articles: Path
    queries: tuple[tuple[str, str], ...]
    grades: Mapping[str, Mapping[str, int]]

    def read_articles(self) -> Iterator[tuple[str, str, str]]:
        """Yield the id, headline and text of each article."""
        with self.articles.open("rb") as lines:
            for line in lines:
                article = json.loads(line)
                yield article["id"], article.get("title") or "", article.get("body") or ""


def load_collections() -> list[Collection]:
    """Load the collections that are there."""
    return [_load(FOLDER / name) for name in NAMES if (FOLDER / name / "qrels.txt").exists()]


def _load(folder: Path) -> Collection:
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.txt").read_text("utf-8").splitlines():
        query_id, _, article_id, grade = line.split()
        if int(grade) > 0:
            grades[query_id][article_id] = int(grade)
    lines = (folder / "queries.tsv").read_text("utf-8").splitlines()
    queries = (line.split("\t", 1) for line in lines)
    return Collection(
        folder.name,
        folder / "docs.jsonl",
        tuple((query_id, text) for query_id, text in queries if query_id in grades),
        grades,
    )


@dataclass(frozen=True, slots=True)
class Relevance:
    """How good a run is, each figure a mean over the queries.

    `ndcg` is at 10 with gains of 2^grade - 1 (Järvelin and Kekäläinen 2002), `precision` mean
    average precision, and `recall` at 100.
    """

    ndcg: float
    precision: float
    recall: float


def judge(collection: Collection, run: Mapping[str, Sequence[str]]) -> Relevance:
    """Judge a run against a collection's grades."""
    judged = [_judge_query(collection.grades[query], run.get(query, ())) for query, _ in
              collection.queries]  # fmt: skip
    means = (sum(values) / len(judged) for values in zip(*judged, strict=True))
    return Relevance(*means)


def _judge_query(grades: Mapping[str, int], ids: Sequence[str]) -> tuple[float, float, float]:
    gain = _discount([grades.get(article_id, 0) for article_id in ids[:10]])
    ideal = _discount(sorted(grades.values(), reverse=True)[:10])
    places = [place for place, article_id in enumerate(ids, 1) if article_id in grades]
    precision = sum(number / place for number, place in enumerate(places, 1)) / len(grades)
    return gain / ideal, precision, sum(place <= MAX_HITS for place in places) / len(grades)


def _discount(grades: Sequence[int]) -> float:
    return math.fsum(
        (2.0**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1)
    )
