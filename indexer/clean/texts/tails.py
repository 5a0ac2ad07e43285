"""The lines below an article's text: credits, copyright, end marks, database labels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.clean.paragraphs import clean_line, is_sentence

_MARKS = r"[-–—*#=_\s]*"
# "ENDS", "- 30 -", with any marks around them. No part is tried again with fewer marks.
_END_WORD = re.compile(
    rf"{_MARKS}+\bENDS?\b{_MARKS}|(?:[–—*#=_\s]*-)++\s*(?i:ends?|30)\s*-{_MARKS}"
)
_MARKS_ONLY = re.compile(_MARKS)
_RULE = re.compile(r"##|\*\s*\*\s*\*")
_COPYRIGHT = re.compile(
    r"(?:\(c\)|©)\s*\S|copyright\s*(?:\d{4}|\(c\)|©|by\b|:)|all rights reserved"
    r"|alle rechte vorbehalten|tous droits r[ée]serv[ée]s|(?:todos los )?derechos reservados"
    r"|tutti i diritti riservati|無断転載",
    re.I,
)
_CREDIT_ROLES = (
    r"(?:additional\s+)?(?:reporting|reported|writing|written|editing|edited|compiled|translated"
    r"|screening|graphics?|photography)(?:\s+and\s+(?:writing|editing|reporting))?"
)
_NAME_START = r"(?-i:[A-ZÀ-Þ])"
_CREDIT = re.compile(rf"[\(\[*]?\s*{_CREDIT_ROLES}\s+by\b:?\s+{_NAME_START}[^()]*[\)\]*]?\.?", re.I)
_TRAILING_CREDIT = re.compile(
    rf"(?:(?<!\s)\s+)?[\(\[]\s*{_CREDIT_ROLES}\s+by\b:?\s+{_NAME_START}[^()\[\]]{{2,400}}[\)\]]\.?$",
    re.I,
)
_REPORTERS = re.compile(
    r"(?<!additional )\b(?:reporting|reported)(?:\s+and\s+(?:writing|editing))?\s+by\s+(.+?)"
    r"(?=\s*(?:[;()\[\]*]|,?\s+(?:additional|editing|edited|writing|written)\b|\.?$))",
    re.I,
)
_DATABASE_LABEL = re.compile(
    r"(?:load-?date|publication-?type|journal-?code|document(?:\s+id)?|proquest document id|graphic"
    r"|type|acc-?no|database|credit|last updated|links?|provider of|number of pages)\s*:.*"
    r"|language\s*:.{2,30}|[a-z-]+(?:\s*/\s*[a-z-]+)?\s*:.*\(\d\d%\).*|end of document"
    r"|Document [A-Za-z]+\d{10,}\w*",
    re.I,
)
_BOILERPLATE = re.compile(
    r"(?:(?:click here to )?unsubscribe\b.*|you(?:['’]re| are) receiving this\b.*|view (?:this "
    r"(?:e-?mail|message) )?in (?:your |a )?browser.*"
    r"|manage (?:your )?(?:subscriptions?|preferences).*|advertisement|print"
    r"|share(?: this(?: article| story)?)?|(?:sign up|subscribe)(?: now)?"
    r"|back to top|tweet|(?:read|show|load) (?:more )?comments|our standards: .*)",
    re.I,
)
_ADVERTISEMENT = re.compile(
    r"-? ?advertisement ?-?|anzeige|werbung|publicidad|publicité|広告", re.I
)
_MAX_TAIL_LINE_CHARS = 400  # characters; a longer line is text
_TAIL_BLOCKS = (
    3  # an end mark counts in the last 3 blocks, or in the last 1/3 of them if that is more
)


def split_tail(blocks: Sequence[list[str]]) -> tuple[list[list[str]], str]:
    """Return the blocks of lines above the tail, and the reporters that its credits name."""
    kept = [
        list(block)
        for block in blocks
        if len(block) > 1 or not _ADVERTISEMENT.fullmatch(clean_line(block[0]))
    ]
    tail = [raw_line for block in _cut_at_end_mark(kept) for raw_line in block]
    while len(kept) > 1 and kept[-1]:
        if not _has_tail_line(kept[-1]) and not _is_wrapped_tail_line(kept[-1]):
            break
        removed = kept[-1] if _is_wrapped_tail_line(kept[-1]) else kept[-1][-1:]
        kept[-1] = kept[-1][: -len(removed)]
        tail = [*removed, *tail]
        if not kept[-1]:
            kept.pop()
    return kept, extract_reporters(" ".join(map(clean_line, tail)))


def split_credit(paragraph: str) -> tuple[str, str]:
    """Return the last paragraph without its trailing credit, and the reporters named there."""
    credit = _TRAILING_CREDIT.search(paragraph)
    if credit is None or not credit.start():
        return paragraph, ""
    return paragraph[: credit.start()], extract_reporters(credit[0])


def extract_reporters(text: str) -> str:
    """Return the reporters of a credit ("Reporting by Jane Doe; Editing by John Roe"), or ""."""
    match = _REPORTERS.search(text)
    return match[1] if match else ""


def is_tail_line(text: str) -> bool:
    """Return whether a line belongs to the tail below an article."""
    if len(text) > _MAX_TAIL_LINE_CHARS:
        return False
    patterns = (_CREDIT, _DATABASE_LABEL, _BOILERPLATE)
    return (
        _is_end_mark(text)
        or _COPYRIGHT.match(text) is not None
        or any(pattern.fullmatch(text) for pattern in patterns)
    )


def _is_end_mark(text: str) -> bool:
    """Return whether a line marks the end: "ENDS", "- 30 -", "###", "* * *"."""
    if _MARKS_ONLY.fullmatch(text):
        return _RULE.search(text) is not None
    return _END_WORD.fullmatch(text) is not None


def _has_tail_line(block: Sequence[str]) -> bool:
    """Return whether the last line is one of the tail and not the end of a wrapped line."""
    previous = clean_line(block[-2]) if len(block) > 1 else "."
    return (is_sentence(previous) or is_tail_line(previous)) and is_tail_line(clean_line(block[-1]))


def _is_wrapped_tail_line(block: Sequence[str]) -> bool:
    """Return whether the lines, joined again after wrapping, are one line of the tail."""
    return is_tail_line(" ".join(map(clean_line, block)))


def _cut_at_end_mark(blocks: list[list[str]]) -> list[list[str]]:
    """Remove the end mark and everything below it from `blocks`, and return the removed blocks."""
    first = max(1, len(blocks) - max(_TAIL_BLOCKS, len(blocks) // _TAIL_BLOCKS))
    for index in range(first, len(blocks)):
        if len(blocks[index]) == 1 and _is_end_mark(clean_line(blocks[index][0])):
            removed = blocks[index:]
            del blocks[index:]
            return removed
    return []
