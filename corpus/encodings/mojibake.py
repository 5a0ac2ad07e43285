"""Repair of mojibake: text that was decoded wrongly before ingest ("donâ€™t" for "don’t").

A line is repaired only if all its non-ASCII characters are those of misread UTF-8, and is
left unchanged otherwise: an author may write "Ã©".
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def _map_chars_to_bytes(encoding: str) -> Mapping[str, int]:
    """Map each character of an encoding to its byte; C1 controls stand for undefined bytes."""
    decoded = {bytes([byte]).decode(encoding, "replace"): byte for byte in range(0x80, 0x100)}
    return {chr(byte): byte for byte in range(0x80, 0xA0)} | decoded


_CP1252_BYTES = _map_chars_to_bytes("cp1252")
_CP1251_BYTES = _map_chars_to_bytes("cp1251")
# A misread quote or dash: three characters, of which no text has the first two in a row.
_MISREAD_QUOTE = re.compile("â[€\x80][\x80-\x9f\u0152-\u2122\xa0-\xbf]")
_NON_ASCII_RUN = re.compile("[^\0-\x7f]+")
# The second byte of "à" is a no-break space, which may have become a plain one.
_MISREAD_A_GRAVE = re.compile("Ã (?=[\\s\\w])")
# Sequences of nearly every European or Japanese text misread as Windows-1252, in UTF-8:
# Ã Â â€ Å‚ Ä™ Å¡ Ä› Ð° Ñ‚ Î± ã‚ and the same misread as Latin-1.
_MISREAD_WESTERN = re.compile(
    rb"\xc3(?:[\x82\x83]|\xa2(?:\xe2\x82\xac|\xc2\x80)|\x85(?:\xe2\x80\x9a|\xc2[\x82\xa1])"
    rb"|\x84(?:\xe2\x84\xa2|\xc2\x99|\xe2\x80\xba|\xc2\x9b)|\x90\xc2\xb0"
    rb"|\x91(?:\xe2\x80\x9a|\xc2\x82)|\x8e\xc2\xb1|\xa3(?:\xe2\x80\x9a|\xc2[\x81\x82]))"
)
_MISREAD_CYRILLIC = re.compile(rb"\xd0\xa0(?:\xc2\xb0|\xd1\x95)")
_UTF8_C1_CONTROL = re.compile(rb"\xc2[\x91-\x97]")
# Characters that a typographic filter adds after the misreading.
_TYPOGRAPHIC_MARKS = frozenset("‘’“”–—…")
_MIN_MISREAD_RUNS = 2
# Windows-1252 misread as Latin-1; U+0085 is also a line end.
_C1_CONTROL = re.compile("[\x80-\x9f]")
_C1_AS_CP1252 = {chr(byte): bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}


def repair_mojibake(text: str, non_ascii: bytes = b"") -> str:
    """Return the text with its mojibake repaired, where the misreading is certain.

    `non_ascii` is the non-ASCII part of the text in UTF-8, if the caller has it already.
    """
    non_ascii = non_ascii or text.encode("utf-8", "surrogatepass")
    if _MISREAD_WESTERN.search(non_ascii):
        text = _MISREAD_QUOTE.sub(_repair_quote, _repair_lines(text, _CP1252_BYTES))
    if _MISREAD_CYRILLIC.search(non_ascii):
        text = _repair_lines(text, _CP1251_BYTES)
    if _UTF8_C1_CONTROL.search(non_ascii):
        text = _C1_CONTROL.sub(lambda match: _C1_AS_CP1252[match[0]], text)
    return text


def _repair_quote(match: re.Match[str]) -> str:
    return _decode_again(match[0], _CP1252_BYTES) or match[0]


def _repair_lines(text: str, table: Mapping[str, int]) -> str:
    lines = text.split("\n")
    repairs = [None if line.isascii() else _repair_line(line, table) for line in lines]
    if sum(repair[1] for repair in repairs if repair) < _MIN_MISREAD_RUNS:
        return text
    pairs = zip(lines, repairs, strict=True)
    return "\n".join(repair[0] if repair else line for line, repair in pairs)


def _repair_line(line: str, table: Mapping[str, int]) -> tuple[str, int] | None:
    """Return a line decoded again and its number of misread runs, or None if one is valid."""
    line = _MISREAD_A_GRAVE.sub("Ã\xa0 ", line)
    runs = _NON_ASCII_RUN.findall(line)
    repaired = [
        _decode_again(run, table) or (run if run in _TYPOGRAPHIC_MARKS else "") for run in runs
    ]
    if not all(repaired):
        return None
    replacements = iter(repaired)
    misread = sum(before != after for before, after in zip(runs, repaired, strict=True))
    return _NON_ASCII_RUN.sub(lambda _: next(replacements), line), misread


def _decode_again(run: str, table: Mapping[str, int]) -> str:
    """Decode the bytes of a run of characters as UTF-8; return "" if they are invalid."""
    try:
        return bytes([table[char] for char in run]).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return ""
