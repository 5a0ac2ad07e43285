"""Which blocks of a page are of its article, by what is known of it (1, 0 or UNKNOWN)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tests.eval.metrics import shingles

UNKNOWN: Final = -1
_MARKED: Final = 8  # characters; shorter texts are in many others
_WHOLE: Final = 25  # characters by which a text that is within another is known
_SHORT: Final = 6  # words
_OPINIONS: Final = 2
_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def of_body(texts: Sequence[str], body: str) -> list[int]:
    """A long block is of the body if half of its shingles are, a short one if it is a line."""
    joined = " ".join(words(body))
    held = shingles(joined).keys()
    lines = {" ".join(words(each)) for each in body.split("\n")}
    labels = []
    for tokens in map(words, texts):
        text = " ".join(tokens)
        if len(tokens) >= _SHORT:
            found = shingles(text)
            same = sum(count for each, count in found.items() if each in held)
            labels.append(int(same * 2 >= found.total()))
        elif not tokens or (text not in lines and len(tokens) > 2 and f" {text} " in f" {joined} "):
            labels.append(UNKNOWN)
        else:
            labels.append(int(text in lines))
    return labels


def of_snippets(
    texts: Sequence[str], inside: Sequence[str], outside: Sequence[str], bodies: Sequence[str]
) -> list[int]:
    """A block is of the article if it has a snippet that is, and none that is not.

    Of the others, those are told that others (`bodies`) agree about.
    """
    agreed = _agreed(texts, bodies)
    known = _snippets(texts, inside, outside)
    return [label if own == UNKNOWN else own for own, label in zip(known, agreed, strict=True)]


def _agreed(texts: Sequence[str], bodies: Sequence[str]) -> list[int]:
    if len(bodies) < _OPINIONS:
        return [UNKNOWN] * len(texts)
    opinions = zip(*(of_body(texts, body) for body in bodies), strict=True)
    return [labels[0] if len(set(labels)) == 1 else UNKNOWN for labels in opinions]


def _snippets(texts: Sequence[str], inside: Sequence[str], outside: Sequence[str]) -> list[int]:
    """A snippet that must not be there says nothing of a block that is more than twice as long."""
    wanted, unwanted = (
        [text for each in snippets if (text := " ".join(words(each)))]
        for snippets in (inside, outside)
    )
    labels = []
    for text in (" ".join(words(each)) for each in texts):
        within_one = len(text) > _WHOLE
        good = any(each in text or (within_one and text in each) for each in wanted)
        bad = any(
            (each in text and len(each) * 2 > len(text)) or (within_one and text in each)
            for each in unwanted
        )
        known = len(text) >= _MARKED and good != bad
        labels.append(int(good) if known else UNKNOWN)
    return labels
