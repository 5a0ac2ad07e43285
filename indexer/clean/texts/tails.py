"""The lines below an article's text: credits, copyright, end marks, database labels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.clean.paragraphs import is_sentence, line

_END = re.compile(
    r"[-–—*#=_\s]*(?:\bENDS?\b|-\s*(?i:ends?|30)\s*-|#{2,}|(?:\*\s*){3,})[-–—*#=_\s]*"
)
_RIGHTS = re.compile(
    r"(?:\(c\)|©)\s*\S|copyright\s*(?:\d{4}|\(c\)|©|by\b|:)|all rights reserved"
    r"|alle rechte vorbehalten|tous droits r[ée]serv[ée]s|(?:todos los )?derechos reservados"
    r"|tutti i diritti riservati|無断転載",
    re.I,
)
_ROLES = (
    r"(?:additional\s+)?(?:reporting|reported|writing|written|editing|edited|compiled|translated"
    r"|screening|graphics?|photography)(?:\s+and\s+(?:writing|editing|reporting))?"
)
_NAME = r"(?-i:[A-ZÀ-Þ])"
_CREDIT = re.compile(rf"[\(\[*]?\s*{_ROLES}\s+by\b:?\s+{_NAME}[^()]*[\)\]*]?\.?", re.I)
_CREDIT_INSIDE = re.compile(
    rf"\s*[\(\[]\s*{_ROLES}\s+by\b:?\s+{_NAME}[^()\[\]]{{2,400}}[\)\]]\.?$", re.I
)
_REPORTERS = re.compile(
    r"(?<!additional )\b(?:reporting|reported)(?:\s+and\s+(?:writing|editing))?\s+by\s+(.+?)"
    r"(?=\s*(?:[;()\[\]*]|,?\s+(?:additional|editing|edited|writing|written)\b|\.?$))",
    re.I,
)
_KEPT = re.compile(
    r"(?:load-?date|publication-?type|journal-?code|document(?:\s+id)?|proquest document id|graphic"
    r"|type|acc-?no|database|credit|last updated|links?|provider of|number of pages)\s*:.*"
    r"|language\s*:.{2,30}|[a-z-]+(?:\s*/\s*[a-z-]+)?\s*:.*\(\d\d%\).*|end of document"
    r"|Document [A-Za-z]+\d{10,}\w*",
    re.I,
)
_ROUND = re.compile(
    r"(?:(?:click here to )?unsubscribe\b.*|you(?:['’]re| are) receiving this\b.*|view (?:this "
    r"(?:e-?mail|message) )?in (?:your |a )?browser.*"
    r"|manage (?:your )?(?:subscriptions?|preferences).*|advertisement|print"
    r"|share(?: this(?: article| story)?)?|(?:sign up|subscribe)(?: now)?"
    r"|back to top|tweet|(?:read|show|load) (?:more )?comments|our standards: .*)",
    re.I,
)
_BREAK = re.compile(r"-? ?advertisement ?-?|anzeige|werbung|publicidad|publicité|広告", re.I)
_LONGEST = 400  # characters; a longer line is text
_LAST = 3  # an end mark counts in the last 3 blocks, or in the last 1/3 of them if that is more


def without_tail(runs: Sequence[list[str]]) -> tuple[list[list[str]], str]:
    """Return the blocks of lines above the tail, and the reporters that its credits name."""
    kept = [list(block) for block in runs if len(block) > 1 or not _BREAK.fullmatch(line(block[0]))]
    tail = [raw_line for block in _after_mark(kept) for raw_line in block]
    while len(kept) > 1 and kept[-1]:
        if not _ends_with_tail(kept[-1]) and not _is_whole_tail(kept[-1]):
            break
        removed = kept[-1] if _is_whole_tail(kept[-1]) else kept[-1][-1:]
        kept[-1] = kept[-1][: -len(removed)]
        tail = [*removed, *tail]
        if not kept[-1]:
            kept.pop()
    return kept, reporters(" ".join(map(line, tail)))


def without_credit(paragraph: str) -> tuple[str, str]:
    """Return the last paragraph without its trailing credit, and the reporters named there."""
    credit = _CREDIT_INSIDE.search(paragraph)
    if credit is None or not credit.start():
        return paragraph, ""
    return paragraph[: credit.start()], reporters(credit[0])


def reporters(text: str) -> str:
    """Return the reporters of a credit ("Reporting by Jane Doe; Editing by John Roe"), or ""."""
    match = _REPORTERS.search(text)
    return match[1] if match else ""


def is_tail(text: str) -> bool:
    """Return whether a line belongs to the tail below an article."""
    if len(text) > _LONGEST:
        return False
    patterns = (_END, _CREDIT, _KEPT, _ROUND)
    return _RIGHTS.match(text) is not None or any(pattern.fullmatch(text) for pattern in patterns)


def _ends_with_tail(run: Sequence[str]) -> bool:
    """Return whether the last line is one of the tail and not the end of a wrapped line."""
    previous = line(run[-2]) if len(run) > 1 else "."
    return (is_sentence(previous) or is_tail(previous)) and is_tail(line(run[-1]))


def _is_whole_tail(run: Sequence[str]) -> bool:
    """Return whether the lines, joined again after wrapping, are one line of the tail."""
    return is_tail(" ".join(map(line, run)))


def _after_mark(runs: list[list[str]]) -> list[list[str]]:
    """Remove the end mark and everything below it from `blocks`, and return the removed blocks."""
    first = max(1, len(runs) - max(_LAST, len(runs) // _LAST))
    for index in range(first, len(runs)):
        if len(runs[index]) == 1 and _END.fullmatch(line(runs[index][0])):
            removed = runs[index:]
            del runs[index:]
            return removed
    return []
