"""Whether a name is a person, an organization, a place or nothing: evidence, weighed.

`kinds.json` has a line a feature, with how much it speaks for a person, an organization and
a place, each against being nothing; `tests/train/kinds.py` learns it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from math import sqrt
from pathlib import Path
from typing import Final

from corpus.article import EntityKind
from indexer.entities.features import own

PATH: Final = Path(__file__).with_name("kinds.json")
KINDS: Final = (EntityKind.PERSON, EntityKind.ORG, EntityKind.PLACE)
# What a kind needs to be believed; organizations are named wrongly most often.
_LEAST: Final = (1.8, 2.5, 0.8)
_LEAST_OF_ACRONYMS: Final = (1.8, 1.2, 0.8)
_LONGEST_ACRONYM: Final = 6
_MOST_AROUND: Final = 2.0  # times the weight of one mention's surroundings

Totals = tuple[float, float, float]


@cache
def weights() -> Mapping[str, Totals]:
    learned = json.loads(PATH.read_text("utf-8"))["weights"]
    return {name: tuple(each) for name, each in learned.items()}


def judge(
    name: str, said: Iterable[str], around: Sequence[str], *, sure: bool
) -> EntityKind | None:
    """The kind for which a name, what is said of it and its surroundings speak, or nothing.

    What is `sure` to be a name is never nothing.
    """
    mine, article, beside = _own(name), weigh(said), weigh(around)
    share = around_share(around)
    acronym = name.isupper() and len(name) <= _LONGEST_ACRONYM
    needed = _LEAST_OF_ACRONYMS if acronym else _LEAST
    totals = [
        each + other + share * third - least
        for each, other, third, least in zip(mine, article, beside, needed, strict=True)
    ]
    best = max(totals)
    return KINDS[totals.index(best)] if sure or best > 0 else None


def around_share(around: Sequence[str]) -> float:
    """How much each of a name's surroundings counts: many mentions more than one, but less each."""
    return _MOST_AROUND / sqrt(max(1, len(around)))


@lru_cache(maxsize=1 << 15)
def _own(name: str) -> Totals:
    return weigh(own(name))


def weigh(features: Iterable[str]) -> Totals:
    """How much features speak for each of KINDS."""
    person = org = place = 0.0
    known = weights()
    for feature in features:
        if weight := known.get(feature):
            person += weight[0]
            org += weight[1]
            place += weight[2]
    return person, org, place
