"""The values of the page that compares versions, ready for its template."""

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
    """Adjacent paragraphs that have all changed, or all have not.

    A long passage without changes is folded.
    """

    is_changed: bool
    is_folded: bool
    words: int
    paragraphs: tuple[tuple[Shown, ...], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes between two versions: fields, the text, and numbers of words."""

    fields: tuple[Field, ...]
    passages: tuple[Passage, ...]
    deleted: int
    inserted: int


def changes(difference: Difference) -> Changes:
    paragraphs = difference.paragraphs
    return Changes(
        fields=tuple(
            Field(FIELD_LABELS.get(change.field, change.field).capitalize(), _shown(change.pieces))
            for change in difference.fields
        ),
        passages=tuple(
            _passage(is_changed, list(run))
            for is_changed, run in groupby(paragraphs, lambda paragraph: paragraph.is_changed)
        ),
        deleted=_words(paragraphs, Change.DELETED),
        inserted=_words(paragraphs, Change.INSERTED),
    )


def _passage(is_changed: bool, run: list[Paragraph]) -> Passage:
    words = _words(run, Change.SAME)
    texts = (_shown(paragraph.pieces) for paragraph in run)
    return Passage(
        is_changed=is_changed,
        is_folded=not is_changed and words > _FOLDED,
        words=words,
        paragraphs=tuple(filter(None, texts)),
    )


def _shown(pieces: Iterable[Piece]) -> tuple[Shown, ...]:
    """Convert pieces to parts; the space after a change is a part of its own."""
    shown: list[Shown] = []
    for piece in pieces:
        text = replace_unsafe(piece.text)
        word = text if piece.change is Change.SAME else text.rstrip()
        if word:
            shown.append(Shown("" if piece.change is Change.SAME else piece.change.value, word))
        if len(word) < len(text):
            shown.append(Shown("", text[len(word) :]))
    while shown and not shown[-1].text.strip():
        shown.pop()
    if shown:
        shown[-1] = replace(shown[-1], text=shown[-1].text.rstrip())
    return tuple(shown)


def _words(paragraphs: Iterable[Paragraph], change: Change) -> int:
    return sum(
        len(piece.text.split())
        for paragraph in paragraphs
        for piece in paragraph.pieces
        if piece.change is change
    )
