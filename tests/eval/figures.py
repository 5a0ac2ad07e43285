"""From what a system made of pages to figures, each from 0 to 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.eval.metrics import (
    Overlap,
    averaged,
    body_overlap,
    right_day,
    right_minute,
    same_line,
    same_names,
)
from tests.eval.pages import Page
from tests.eval.systems import Extracted


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured share.

    `of` is what it is a share of: pages, texts, names. `note` is for the reader.
    """

    data: str
    name: str
    value: float
    of: int
    note: str = ""


Pairs = Sequence[tuple[Page, Extracted]]


def page_figures(data: str, pairs: Pairs, gives: frozenset[str]) -> list[Figure]:
    """The figures of one set of pages, of those that the system gives and the set knows."""
    found: list[Figure] = []
    if "title" in gives:
        found += _titles(data, pairs)
    if "body" in gives:
        found += _bodies(data, pairs)
        found += _texts(data, pairs)
    if "day" in gives:
        found += _days(data, pairs)
    if "minute" in gives:
        found += _minutes(data, pairs)
    if "authors" in gives:
        found += _authors(data, pairs)
    return found


def _titles(data: str, pairs: Pairs) -> Iterator[Figure]:
    rights = [
        same_line(page.gold.title) == same_line(made.title)
        for page, made in pairs
        if page.gold.title
    ]
    yield from share(data, "title", rights)


def _bodies(data: str, pairs: Pairs) -> Iterator[Figure]:
    overlaps = [
        body_overlap(page.gold.body, made.body, page.gold.spare)
        for page, made in pairs
        if page.gold.body
    ]
    if overlaps:
        score = averaged(overlaps)
        empty = sum(not overlap.right + overlap.wrong for overlap in overlaps)
        note = f"{empty} empty, {sum(overlap.score.f1 < 0.5 for overlap in overlaps)} below 0.5"
        yield Figure(data, "body_precision", score.precision, len(overlaps))
        yield Figure(data, "body_recall", score.recall, len(overlaps))
        yield Figure(data, "body_f1", score.f1, len(overlaps), note)


def _texts(data: str, pairs: Pairs) -> Iterator[Figure]:
    """Texts that must be in an article, and that must not; its title and dek are of it."""
    inside: list[bool] = []
    outside: list[bool] = []
    for page, made in pairs:
        text = same_line(f"{made.title}\n{made.dek}\n{made.body}")
        inside += [same_line(wanted) in text for wanted in page.gold.inside]
        outside += [same_line(unwanted) not in text for unwanted in page.gold.outside]
    yield from share(data, "inside", inside)
    yield from share(data, "outside", outside)


def _days(data: str, pairs: Pairs) -> Iterator[Figure]:
    known = [(page.gold.published, made.published) for page, made in pairs if _dated(page)]
    if not known:
        return
    rights = [gold is not None and right_day(gold, moment) for gold, moment in known if moment]
    right, wrong = sum(rights), len(rights) - sum(rights)
    wanted = sum(gold is not None for gold, _ in known)
    score = Overlap(right, wrong, wanted - right).score
    yield Figure(data, "day_precision", score.precision, len(rights), f"{wrong} wrong")
    yield Figure(data, "day_recall", score.recall, wanted, f"{len(known) - len(rights)} none")
    yield Figure(data, "day_f1", score.f1, len(known))


def _dated(page: Page) -> bool:
    """Whether it is known when the page was published, or that it does not say."""
    return page.gold.published is not None or page.gold.undated


def _minutes(data: str, pairs: Pairs) -> Iterator[Figure]:
    rights = [
        made.published is not None and right_minute(gold, made.published)
        for page, made in pairs
        if isinstance(gold := page.gold.published, datetime)
    ]
    yield from share(data, "minute", rights)


def _authors(data: str, pairs: Pairs) -> Iterator[Figure]:
    rights = [
        same_names(page.gold.authors) == same_names(made.authors)
        for page, made in pairs
        if page.gold.authors
    ]
    yield from share(data, "authors", rights)


def share(data: str, name: str, rights: Sequence[bool]) -> Iterator[Figure]:
    """The share of what is right; of nothing, no figure."""
    if rights:
        right = sum(rights)
        yield Figure(data, name, right / len(rights), len(rights), f"{right} of {len(rights)}")
