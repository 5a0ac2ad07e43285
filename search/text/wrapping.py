"""Line wrapping for a terminal, by columns: marks around matches take none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.query.caret import measure_columns

# Marks around a match while its line is not yet known: private characters, replaced in any text.
MARK_OPEN, MARK_CLOSE = "\ue000", "\ue001"
# A space at which no line breaks, as within a date.
HARD_SPACE = "\ue002"
RESERVED_MARKS = (MARK_OPEN, MARK_CLOSE, HARD_SPACE)

# Scripts written without spaces break anywhere but before closing or after opening punctuation.
_UNSPACED_SCRIPTS = r"[\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]"
_OPENING, _CLOSING = r"[「『（《【〈]", r"[、。，．」』）》】〉！？：；ー々]"
_PIECE = re.compile(
    rf"{_OPENING}*+(?:{MARK_OPEN}{_OPENING}*+)?{_UNSPACED_SCRIPTS}(?:{MARK_CLOSE}|{_CLOSING})*|(?:(?!{MARK_OPEN}?{_UNSPACED_SCRIPTS}).)+",
    re.S,
)


def measure_width(text: str) -> int:
    """Return how many columns of a terminal a text takes; marks take none."""
    return measure_columns(text.replace(MARK_OPEN, "").replace(MARK_CLOSE, ""))


def wrap_text(text: str, columns: int, label: str = "") -> Iterator[str]:
    """Wrap a text at `columns`: the first line begins with `label`, the others are indented by it.

    A word that is longer than a line gets a line of its own, unbroken, so that addresses can
    be copied. A match that spans lines is marked on each of them.
    """
    indent = " " * measure_width(label)
    lines = _break_lines(text, max(columns - len(indent), 1)) or [""]
    marked = False
    for number, line in enumerate(lines):
        shown = f"{MARK_OPEN if marked else ''}{line}"
        marked = shown.rfind(MARK_OPEN) > shown.rfind(MARK_CLOSE)
        text = f"{shown}{MARK_CLOSE if marked else ''}".replace(HARD_SPACE, " ")
        yield f"{indent if number else label}{text}"


def _break_lines(text: str, max_columns: int) -> list[str]:
    lines: list[str] = []
    used = 0
    for space, piece in _split_pieces(text):
        columns = measure_width(piece)
        if lines and used + len(space) + columns <= max_columns:
            lines[-1] += space + piece
            used += len(space) + columns
        else:
            lines.append(piece)
            used = columns
    return lines


def _split_pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces that a line may break before, each preceded by its space if it does not."""
    for word in text.split():
        if word.isascii():
            yield " ", word
            continue
        for number, piece in enumerate(_PIECE.findall(word)):
            yield "" if number else " ", piece
