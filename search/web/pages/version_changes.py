"""The values of the page that compares versions, ready for its template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from search.text.diff import ArticleDiff, ChangeKind, DiffPiece, ParagraphDiff
from search.text.escaping import replace_unsafe
from search.web.pages.labels import FIELD_LABELS

# Unchanged text of more words than this is folded.
_MAX_UNFOLDED_WORDS = 40


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a text: `change` is empty, `deleted` or `inserted`."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that has changed."""

    label: str
    parts: tuple[TextPart, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Adjacent paragraphs that have all changed, or all have not.

    A long passage without changes is folded.
    """

    is_changed: bool
    is_folded: bool
    words: int
    paragraphs: tuple[tuple[TextPart, ...], ...]


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """The changes between two versions: fields, the text, and numbers of words."""

    fields: tuple[ChangedField, ...]
    passages: tuple[Passage, ...]
    deleted: int
    inserted: int


def build_version_changes(difference: ArticleDiff) -> VersionChanges:
    paragraphs = difference.paragraphs
    return VersionChanges(
        fields=tuple(
            ChangedField(
                FIELD_LABELS.get(change.field, change.field).capitalize(),
                _convert_pieces(change.pieces),
            )
            for change in difference.fields
        ),
        passages=tuple(
            _build_passage(is_changed, list(run))
            for is_changed, run in groupby(paragraphs, lambda paragraph: paragraph.is_changed)
        ),
        deleted=_count_words(paragraphs, ChangeKind.DELETED),
        inserted=_count_words(paragraphs, ChangeKind.INSERTED),
    )


def _build_passage(is_changed: bool, run: list[ParagraphDiff]) -> Passage:
    words = _count_words(run, ChangeKind.SAME)
    texts = (_convert_pieces(paragraph.pieces) for paragraph in run)
    return Passage(
        is_changed=is_changed,
        is_folded=not is_changed and words > _MAX_UNFOLDED_WORDS,
        words=words,
        paragraphs=tuple(filter(None, texts)),
    )


def _convert_pieces(pieces: Iterable[DiffPiece]) -> tuple[TextPart, ...]:
    """Convert pieces to parts; the space after a change is a part of its own."""
    shown: list[TextPart] = []
    for piece in pieces:
        text = replace_unsafe(piece.text)
        word = text if piece.change is ChangeKind.SAME else text.rstrip()
        if word:
            shown.append(
                TextPart("" if piece.change is ChangeKind.SAME else piece.change.value, word)
            )
        if len(word) < len(text):
            shown.append(TextPart("", text[len(word) :]))
    while shown and not shown[-1].text.strip():
        shown.pop()
    if shown:
        shown[-1] = replace(shown[-1], text=shown[-1].text.rstrip())
    return tuple(shown)


def _count_words(paragraphs: Iterable[ParagraphDiff], change: ChangeKind) -> int:
    return sum(
        len(piece.text.split())
        for paragraph in paragraphs
        for piece in paragraph.pieces
        if piece.change is change
    )
