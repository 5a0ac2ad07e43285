"""Lines of text for a terminal: by the columns that characters take, with marks that take none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.query.caret import measure_columns

# Around a match while its line is not yet known; private characters, so no text has them.
OPEN, CLOSE = "\ue000", "\ue001"
# A space at which no line ends, as within a date.
HARD_SPACE = "\ue002"
RESERVED = (OPEN, CLOSE, HARD_SPACE)

# Scripts written without spaces may break anywhere but before what closes or after what opens.
_WIDE = r"[\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]"
_OPENING, _CLOSING = r"[「『（《【〈]", r"[、。，．」』）》】〉！？：；ー々]"
_PIECE = re.compile(
    rf"{_OPENING}*{OPEN}?{_OPENING}*{_WIDE}(?:{CLOSE}|{_CLOSING})*|(?:(?!{OPEN}?{_WIDE}).)+", re.S
)


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes; marks take none."""
    return measure_columns(text.replace(OPEN, "").replace(CLOSE, ""))


def wrap(text: str, columns: int, label: str = "") -> Iterator[str]:
    """A text's lines of at most so many columns: the first after `label`, the others under it.

    A word that is longer than a line stands on one of its own, whole, so that addresses can
    be copied. A match that goes over lines is marked on each of them.
    """
    indent = " " * width(label)
    lines = _lines(text, max(columns - len(indent), 1)) or [""]
    marked = False
    for number, line in enumerate(lines):
        shown = f"{OPEN if marked else ''}{line}"
        marked = shown.rfind(OPEN) > shown.rfind(CLOSE)
        text = f"{shown}{CLOSE if marked else ''}".replace(HARD_SPACE, " ")
        yield f"{indent if number else label}{text}"


def _lines(text: str, room: int) -> list[str]:
    lines: list[str] = []
    used = 0
    for space, piece in _pieces(text):
        columns = width(piece)
        if lines and used + len(space) + columns <= room:
            lines[-1] += space + piece
            used += len(space) + columns
        else:
            lines.append(piece)
            used = columns
    return lines


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """What a line may break before, each with the space that stands before it otherwise."""
    for word in text.split():
        if word.isascii():
            yield " ", word
            continue
        for number, piece in enumerate(_PIECE.findall(word)):
            yield "" if number else " ", piece
