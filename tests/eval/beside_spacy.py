"""Entities of GUM's news by the rules, by spaCy, and by what both or either of them find."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.article import Article, Entity
from indexer.entities.extractor import build_rule_extractor, merge_spacy_names
from indexer.entities.spacy_model import (
    SpacyMissingError,
    find_names_with_spacy,
    read_model_version,
)
from tests.eval import gum
from tests.eval.metrics import Overlap, Score

Found = Sequence[tuple[Entity, ...]]


def table(folder: Path) -> str:
    """Lines for `--compare`: precision, recall and F1, typed, and how fast each is."""
    documents = list(gum.read(folder))
    try:
        return "\n".join(_lines(documents))
    except SpacyMissingError as err:
        return f"skipped: {err}"


def _lines(documents: Sequence[gum.Document]) -> Iterator[str]:
    model = read_model_version()
    find_names_with_spacy(["It is read in before it is timed."])
    articles = [Article(id="", title=each.title, body=each.body) for each in documents]
    words = sum(article.word_count for article in articles)
    begun = time.process_time()
    ours = build_rule_extractor().extract(articles)
    read = time.process_time()
    names = find_names_with_spacy([article.body for article in articles])
    done = time.process_time()
    alone: Found = [merge_spacy_names((), each) for each in names]
    either: Found = [merge_spacy_names(*each) for each in zip(ours, names, strict=True)]
    both: Found = [tuple(entity for entity in each if entity.sure) for each in either]
    yield f"gum, typed{'precision':>20}{'recall':>10}{'F1':>10}"
    for name, found in (("rules", ours), ("spaCy", alone), ("both", both), ("either", either)):
        score = _score(documents, found)
        yield f"{name:10}{score.precision:20.3f}{score.recall:10.3f}{score.f1:10.3f}"
    yield (
        f"words/s on one core: rules {words / (read - begun):,.0f}, "
        f"spaCy {words / (done - read):,.0f} ({model})\n"
    )


def _score(documents: Sequence[gum.Document], found: Found) -> Score:
    overlaps = [
        gum.overlap(document, entities, typed=True)
        for document, entities in zip(documents, found, strict=True)
    ]
    return Overlap(
        sum(each.right for each in overlaps),
        sum(each.wrong for each in overlaps),
        sum(each.missed for each in overlaps),
    ).score
