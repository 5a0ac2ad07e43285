"""Text that was read in a wrong encoding before it came here ("donâ€™t" for "don’t").

It is mended where that is certain, in lines where everything beyond ASCII is what reading
UTF-8 wrongly makes, and left as it is everywhere else: an author may write "Ã©".
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def _bytes_of(encoding: str) -> Mapping[str, int]:
    """The byte of each character of an encoding; in its gaps, of the control character there."""
    read = {bytes([byte]).decode(encoding, "replace"): byte for byte in range(0x80, 0x100)}
    return {chr(byte): byte for byte in range(0x80, 0xA0)} | read


_WESTERN = _bytes_of("cp1252")
_CYRILLIC = _bytes_of("cp1251")
# A quote or a dash in three characters, of which the first two never stand together.
_QUOTE = re.compile("â[€\x80][\x80-\x9f\u0152-\u2122\xa0-\xbf]")
_RUN = re.compile("[^\0-\x7f]+")
# The second half of "à" was a no-break space, which may have become a plain one.
_SPACED = re.compile("Ã (?=[\\s\\w])")
# What UTF-8 misread as Windows-1252 has in nearly every text of Europe or Japan, as UTF-8:
# Ã Â â€ Å‚ Ä™ Å¡ Ä› Ð° Ñ‚ Î± ã‚ and the like where Latin-1 was read.
_MISREAD = re.compile(
    rb"\xc3(?:[\x82\x83]|\xa2(?:\xe2\x82\xac|\xc2\x80)|\x85(?:\xe2\x80\x9a|\xc2[\x82\xa1])"
    rb"|\x84(?:\xe2\x84\xa2|\xc2\x99|\xe2\x80\xba|\xc2\x9b)|\x90\xc2\xb0"
    rb"|\x91(?:\xe2\x80\x9a|\xc2\x82)|\x8e\xc2\xb1|\xa3(?:\xe2\x80\x9a|\xc2[\x81\x82]))"
)
_MISREAD_CYRILLIC = re.compile(rb"\xd0\xa0(?:\xc2\xb0|\xd1\x95)")
_CONTROL = re.compile(rb"\xc2[\x91-\x97]")
# What a program that makes quotes and dashes typographic adds afterwards.
_SOUND = frozenset("‘’“”–—…")
_FEWEST = 2
# Windows-1252 read as Latin-1; U+0085 is a line end as well.
_C1 = re.compile("[\x80-\x9f]")
_CONTROLS = {chr(byte): bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}


def mended(text: str, beyond: bytes = b"") -> str:
    """The text as it was meant, as far as it is certain that it came through a wrong encoding.

    `beyond` is what it has beyond ASCII, in UTF-8, where that is known already.
    """
    beyond = beyond or text.encode("utf-8", "surrogatepass")
    if _MISREAD.search(beyond):
        text = _QUOTE.sub(_quote, _mended(text, _WESTERN))
    if _MISREAD_CYRILLIC.search(beyond):
        text = _mended(text, _CYRILLIC)
    if _CONTROL.search(beyond):
        text = _C1.sub(lambda found: _CONTROLS[found[0]], text)
    return text


def _quote(found: re.Match[str]) -> str:
    return _again(found[0], _WESTERN) or found[0]


def _mended(text: str, table: Mapping[str, int]) -> str:
    lines = text.split("\n")
    again = [None if each.isascii() else _read_again(each, table) for each in lines]
    if sum(found[1] for found in again if found) < _FEWEST:
        return text
    return "\n".join(found[0] if found else each for each, found in zip(lines, again, strict=True))


def _read_again(line: str, table: Mapping[str, int]) -> tuple[str, int] | None:
    """A line as it was meant and how much of it was broken, or None if it was sound."""
    line = _SPACED.sub("Ã\xa0 ", line)
    runs = _RUN.findall(line)
    again = [_again(run, table) or (run if run in _SOUND else "") for run in runs]
    if not all(again):
        return None
    right = iter(again)
    broken = sum(run != meant for run, meant in zip(runs, again, strict=True))
    return _RUN.sub(lambda _: next(right), line), broken


def _again(run: str, table: Mapping[str, int]) -> str:
    """What a run of characters is in UTF-8, if its bytes are that."""
    try:
        return bytes([table[char] for char in run]).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return ""
