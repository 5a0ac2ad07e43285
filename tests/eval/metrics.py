"""How right a title, a body or a date is.

Bodies are compared as the article extraction benchmark of Zyte does
(https://github.com/scrapinghub/article-extraction-benchmark): the shingles of four words
(`\\w+`) of both texts as multisets; per page, precision is the share of the extracted
shingles that are right and recall the share of the right ones that were extracted; each is
averaged over pages, every page weighing the same, and F1 is made of the two averages. A page
from which nothing was extracted has no precision, and a recall of 0. Case counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean

from corpus.article import Moment

_WORD = re.compile(r"\w+")
_SHINGLE = 4
_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛`´", "'") | dict.fromkeys("“”„‟«»", '"'))


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, each from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of what was found is right, and how much was not found."""

    right: int
    wrong: int
    missed: int

    @property
    def score(self) -> Score:
        found, wanted = self.right + self.wrong, self.right + self.missed
        return Score(self.right / found if found else 0.0, self.right / wanted if wanted else 0.0)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Every run of four words, or all words of a shorter text as one."""
    words = _WORD.findall(text)
    starts = range(max(1, len(words) - _SHINGLE + 1)) if words else ()
    return Counter(tuple(words[start : start + _SHINGLE]) for start in starts)


def body_overlap(gold: str, found: str, spare: str = "") -> Overlap:
    """The shingles of two bodies. What stands in `spare` is neither wanted nor wrong."""
    wanted, given = shingles(gold), shingles(found)
    right = (wanted & given).total()
    wrong = (given - wanted - shingles(spare)).total()
    return Overlap(right, wrong, wanted.total() - right)


def averaged(pages: Iterable[Overlap]) -> Score:
    """The average over pages; pages without a body to find do not belong here."""
    pages = list(pages)
    precisions = [page.score.precision for page in pages if page.right + page.wrong]
    recalls = [page.score.recall for page in pages]
    return Score(fmean(precisions) if precisions else 0.0, fmean(recalls) if recalls else 0.0)


def same_line(text: str) -> str:
    """A title for comparison: single spaces, straight quotes, composed accents."""
    composed = unicodedata.normalize("NFC", text).translate(_QUOTES)
    return " ".join(composed.split())


def same_names(names: Sequence[str]) -> frozenset[str]:
    """Authors for comparison: a set, whatever their order and capitals."""
    return frozenset(same_line(name).casefold() for name in names)


def right_day(gold: date, found: Moment) -> bool:
    """Whether it is the day of the gold, in the gold's zone if both have a zone and a time."""
    if not isinstance(gold, datetime):
        return gold == found.at.date()
    zone = None if found.day_only else gold.tzinfo
    return gold.date() == (found.at.astimezone(zone) if zone else found.at).date()


def right_minute(gold: datetime, found: Moment) -> bool:
    """Whether it is the minute of the gold; a gold without a zone is read on the same clock."""
    if found.day_only:
        return False
    at = found.at if gold.tzinfo else found.at.replace(tzinfo=None)
    return gold.replace(second=0, microsecond=0) == at.replace(second=0, microsecond=0)
