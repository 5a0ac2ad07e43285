"""Queries of several kinds, chosen from the corpus itself by how many articles have a word."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from tests.bench.stories import Story

_WORD = re.compile(r"(?<![\w.'’-])[a-z]{4,}(?![\w.'’-])")
# Shares of the articles that have a word: rare, uncommon, common, everywhere.
_BANDS = ((0.0004, 0.002), (0.002, 0.01), (0.01, 0.08), (0.08, 0.4))
_A_BAND = 3
_PREFIX = 5  # letters
_SEED = 1987


class Kind(StrEnum):
    WORD = "1 word"
    AND = "2 words AND"
    OR = "5 words OR"
    PHRASE = "phrase"
    DATED = "AND + date range"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True)
class Search:
    """One query. With `since`, only articles from then until before `until` (days, UTC)."""

    kind: Kind
    words: tuple[str, ...]
    since: datetime | None = None
    until: datetime | None = None


def choose(stories: Sequence[Story]) -> list[Search]:
    """About twelve queries a kind, the same for the same stories."""
    # Not for secrets: the same seed gives the same queries.
    chance = random.Random(_SEED)
    frequency = Counter(word for story in stories for word in set(_words(story)))
    bands = [_band(frequency, len(stories), *band) for band in _BANDS]
    picked = [chance.sample(band, min(_A_BAND, len(band))) for band in bands]
    words = [word for some in picked for word in some]
    pairs = list(_pairs(stories, bands, chance))
    years = _years(stories)
    return [
        *(Search(Kind.WORD, (word,)) for word in words),
        *(Search(Kind.AND, pair) for pair in pairs),
        *(Search(Kind.OR, tuple(chance.sample(words, min(5, len(words))))) for _ in words),
        *(Search(Kind.PHRASE, pair) for pair in _neighbours(stories, len(words), chance)),
        *(Search(Kind.DATED, pair, *chance.choice(years)) for pair in pairs if years),
        *(Search(Kind.PREFIX, (word[:_PREFIX],)) for word in words),
    ]


def _words(story: Story) -> list[str]:
    return _WORD.findall(f"{story.title} {story.body}".lower())


def _band(frequency: Counter[str], articles: int, low: float, high: float) -> list[str]:
    """The words of a band; of a few articles, any word if there is none."""
    words = sorted(
        word for word, number in frequency.items() if low * articles <= number < high * articles
    )
    return words or sorted(frequency)


def _pairs(
    stories: Sequence[Story], bands: Sequence[list[str]], chance: random.Random
) -> Iterator[tuple[str, str]]:
    """Two words of one story, from each band and the one above it."""
    sets = [set(band) for band in bands]
    for number in range(_A_BAND * len(bands)):
        lower, upper = sets[number % len(bands)], sets[min(number % len(bands) + 1, len(bands) - 1)]
        for _ in range(200):
            words = sorted(set(_words(chance.choice(stories))))
            first = [word for word in words if word in lower]
            second = [word for word in words if word in upper]
            if first and second:
                pair = chance.choice(first), chance.choice(second)
                if pair[0] != pair[1]:
                    yield pair
                    break


def _neighbours(
    stories: Sequence[Story], number: int, chance: random.Random
) -> Iterator[tuple[str, str]]:
    """Two words that follow each other in a story."""
    pair = re.compile(rf"{_WORD.pattern} {_WORD.pattern}")
    found = 0
    while found < number:
        text = chance.choice(stories).body.lower()
        if matches := pair.findall(text):
            first, second = chance.choice(matches).split()
            yield first, second
            found += 1


def _years(stories: Sequence[Story]) -> list[tuple[datetime, datetime]]:
    """The years in which at least one article in fifty was published, as half-open spans."""
    years = Counter(int(story.date[:4]) for story in stories if story.date)
    return [
        (datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
        for year, number in sorted(years.items())
        if number * 50 >= len(stories)
    ]
