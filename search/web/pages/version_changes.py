"""What the page of an article's versions shows, ready for its template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from search.text.diff import Change, Difference, Paragraph, Piece
from search.text.escaping import replace_unsafe
from search.web.pages.labels import FIELD_LABELS

# Unchanged text of more words than this is folded.
_FOLDED = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a text: `change` is empty, `deleted` or `inserted`."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field that has changed."""

    label: str
    parts: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Paragraphs side by side that have changed, or have not.

    What is long and has not is folded.
    """

    is_changed: bool
    is_folded: bool
    words: int
    paragraphs: tuple[tuple[Shown, ...], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed: fields, the text, and how many words of it."""

    fields: tuple[Field, ...]
    passages: tuple[Passage, ...]
    deleted: int
    inserted: int


def changes(difference: Difference) -> Changes:
    paragraphs = difference.paragraphs
    return Changes(
        fields=tuple(
            Field(FIELD_LABELS.get(each.field, each.field).capitalize(), _shown(each.pieces))
            for each in difference.fields
        ),
        passages=tuple(
            _passage(is_changed, list(run))
            for is_changed, run in groupby(paragraphs, lambda each: each.is_changed)
        ),
        deleted=_words(paragraphs, Change.DELETED),
        inserted=_words(paragraphs, Change.INSERTED),
    )


def _passage(is_changed: bool, run: list[Paragraph]) -> Passage:
    words = _words(run, Change.SAME)
    texts = (_shown(each.pieces) for each in run)
    return Passage(
        is_changed=is_changed,
        is_folded=not is_changed and words > _FOLDED,
        words=words,
        paragraphs=tuple(filter(None, texts)),
    )


def _shown(pieces: Iterable[Piece]) -> tuple[Shown, ...]:
    """Pieces as they are seen: the space after what has changed is no part of it."""
    found: list[Shown] = []
    for piece in pieces:
        text = replace_unsafe(piece.text)
        word = text if piece.change is Change.SAME else text.rstrip()
        if word:
            found.append(Shown("" if piece.change is Change.SAME else piece.change.value, word))
        if len(word) < len(text):
            found.append(Shown("", text[len(word) :]))
    while found and not found[-1].text.strip():
        found.pop()
    if found:
        found[-1] = replace(found[-1], text=found[-1].text.rstrip())
    return tuple(found)


def _words(paragraphs: Iterable[Paragraph], change: Change) -> int:
    return sum(
        len(piece.text.split())
        for paragraph in paragraphs
        for piece in paragraph.pieces
        if piece.change is change
    )
