"""The lines below an article's text: credits, rights, marks of its end, what databases add."""

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
_LONGEST = 400  # characters; what is longer is text
_LAST = 3  # a mark ends an article in the last part of so many of its blocks


def without_tail(runs: Sequence[list[str]]) -> tuple[list[list[str]], str]:
    """The blocks of lines of a text that are its own, and who is said to have reported it."""
    kept = [list(run) for run in runs if len(run) > 1 or not _BREAK.fullmatch(line(run[0]))]
    below = [each for run in _after_mark(kept) for each in run]
    while len(kept) > 1 and kept[-1]:
        if not _ends_with_tail(kept[-1]) and not _is_whole_tail(kept[-1]):
            break
        taken = kept[-1] if _is_whole_tail(kept[-1]) else kept[-1][-1:]
        kept[-1] = kept[-1][: -len(taken)]
        below = [*taken, *below]
        if not kept[-1]:
            kept.pop()
    return kept, reporters(" ".join(map(line, below)))


def without_credit(paragraph: str) -> tuple[str, str]:
    """A last paragraph without the credit behind it, and who is said to have reported it."""
    found = _CREDIT_INSIDE.search(paragraph)
    if found is None or not found.start():
        return paragraph, ""
    return paragraph[: found.start()], reporters(found[0])


def reporters(text: str) -> str:
    """The names in a credit ("Reporting by Jane Doe; Editing by John Roe")."""
    found = _REPORTERS.search(text)
    return found[1] if found else ""


def is_tail(text: str) -> bool:
    """Whether a line stands below an article and is not of it."""
    if len(text) > _LONGEST:
        return False
    exact = (_END, _CREDIT, _KEPT, _ROUND)
    return _RIGHTS.match(text) is not None or any(each.fullmatch(text) for each in exact)


def _ends_with_tail(run: Sequence[str]) -> bool:
    """Whether the last line is one of the tail, and no rest of a line that was wrapped."""
    before = line(run[-2]) if len(run) > 1 else "."
    return (is_sentence(before) or is_tail(before)) and is_tail(line(run[-1]))


def _is_whole_tail(run: Sequence[str]) -> bool:
    """Whether lines that were cut by wrapping are one of the tail."""
    return is_tail(" ".join(map(line, run)))


def _after_mark(runs: list[list[str]]) -> list[list[str]]:
    """Takes what stands below the mark of an end, with the mark, out of the blocks."""
    first = max(1, len(runs) - max(_LAST, len(runs) // _LAST))
    for index in range(first, len(runs)):
        if len(runs[index]) == 1 and _END.fullmatch(line(runs[index][0])):
            below = runs[index:]
            del runs[index:]
            return below
    return []
