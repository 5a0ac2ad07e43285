"""Classification of a name as a person, an organization, a place or nothing.

It is a linear model: `kinds.json` has a line for each feature, with its weights for person,
organization and place, each relative to nothing; `tests/train/kinds.py` trains it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from math import sqrt
from pathlib import Path
from typing import Final

from corpus.article import EntityKind
from indexer.entities.features import list_name_features

WEIGHTS_PATH: Final = Path(__file__).with_name("kinds.json")
KINDS: Final = (EntityKind.PERSON, EntityKind.ORG, EntityKind.PLACE)
# The minimum score of each of KINDS; organizations are wrong most often.
_MIN_SCORES: Final = (1.8, 2.5, 0.8)
_MIN_ACRONYM_SCORES: Final = (1.8, 1.2, 0.8)
_MAX_ACRONYM_CHARS: Final = 6
_MAX_CONTEXT_FACTOR: Final = 2.0  # times the weight of one context feature

KindScores = tuple[float, float, float]


@cache
def load_weights() -> Mapping[str, KindScores]:
    weights_by_feature = json.loads(WEIGHTS_PATH.read_text("utf-8"))["weights"]
    return {feature: tuple(values) for feature, values in weights_by_feature.items()}


def classify_name(
    name: str, article_features: Iterable[str], context_features: Sequence[str], *, sure: bool
) -> EntityKind | None:
    """Return the kind with the highest score above its minimum, or None.

    `article_features` are those of the name in the whole article, `context_features` those of the
    words beside it.
    A name that is `sure` to be one always has a kind.
    """
    own_scores, article_scores, context_scores = (
        _weigh_name(name),
        sum_weights(article_features),
        sum_weights(context_features),
    )
    share = calculate_context_share(context_features)
    is_acronym = name.isupper() and len(name) <= _MAX_ACRONYM_CHARS
    minimums = _MIN_ACRONYM_SCORES if is_acronym else _MIN_SCORES
    scores = [
        own_score + article_score + share * context_score - minimum
        for own_score, article_score, context_score, minimum in zip(
            own_scores, article_scores, context_scores, minimums, strict=True
        )
    ]
    best = max(scores)
    return KINDS[scores.index(best)] if sure or best > 0 else None


def calculate_context_share(context_features: Sequence[str]) -> float:
    """Return the factor of each context feature: 2 / sqrt(n) for n of them.

    Many mentions count more than one, but each of them less.
    """
    return _MAX_CONTEXT_FACTOR / sqrt(max(1, len(context_features)))


@lru_cache(maxsize=1 << 15)
def _weigh_name(name: str) -> KindScores:
    return sum_weights(list_name_features(name))


def sum_weights(features: Iterable[str]) -> KindScores:
    """Return the sums of the features' weights, for each of KINDS."""
    person = org = place = 0.0
    weights_by_feature = load_weights()
    for feature in features:
        if weight := weights_by_feature.get(feature):
            person += weight[0]
            org += weight[1]
            place += weight[2]
    return person, org, place
