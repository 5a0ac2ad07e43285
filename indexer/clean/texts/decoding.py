"""Bytes to text: UTF-8, or what else is declared or certain enough."""

from __future__ import annotations

import codecs
import re

from indexer.clean.fields import CleanError
from indexer.clean.texts.legacy_encodings import (
    ENCODINGS,
    fits,
    is_plausible,
    plausibility,
    told_encoding,
)
from indexer.clean.texts.mojibake import mended

_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"ID3", "a sound file"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
# Labels mean the encodings that Windows made of them: https://encoding.spec.whatwg.org/
_ON_THE_WEB = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
}
# Codecs such as `hex` or `unicode_escape` are no encodings that a text is published in.
_PUBLISHED = frozenset(
    ("utf-8", "iso2022_jp", "iso2022_kr", "hz", "mac-roman", "mac-cyrillic", "cp850", "cp437",
     "cp1258", "iso8859-3", "iso8859-4", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-10",
     "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", *ENCODINGS)
)  # fmt: skip
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|"""
    rb"""<meta\b[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.I,
)
_LANG = re.compile(rb"""<html\b[^>]{0,500}?\blang\s*=\s*["']?([a-zA-Z]{2,3})\b""", re.I)
_HEAD = 8_192  # bytes in which a page says what it is written in
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WINDOWS = re.compile(rb"[\x80-\x9f]")
_ASCII = bytes(range(0x80))
_STRAYS = re.compile("[\udc80-\udcff]+")
_LOST = "\ufffd"


def decode(content: bytes, language: str, charset: str = "") -> str:
    """The text of a file. Raises CleanError if no encoding fits.

    `language` is what the source is said to be in; it counts between old encodings.
    `charset` is the encoding that came with the file: it is believed if it fits.
    """
    text = _unicode(content)
    if text is None:
        return _legacy(content, stated_encoding(charset), language)
    return _sound(text, content, len(text) // 1_000)


def decoded_page(content: bytes, charset: str, language: str = "") -> str:
    """The markup of a page; `charset` is the encoding that came with it."""
    text = _unicode(content)
    if text is not None:
        # Scripts and comments may be spoilt where the article is not.
        return _sound(text, content, 5 + len(text) // 10_000)
    head = content[:_HEAD]
    if spoken := _LANG.search(head):
        language = spoken[1].decode("ascii")
    return _legacy(content, _stated(head, charset), language)


def _stated(head: bytes, charset: str) -> tuple[str, ...]:
    """The encodings that came with a page and that it declares."""
    declared = [found[1] or found[2] for found in _DECLARED.finditer(head)]
    labels = (charset, *(label.decode("ascii") for label in declared))
    return tuple(dict.fromkeys(name for label in labels for name in stated_encoding(label)))


def _sound(text: str, content: bytes, few: int) -> str:
    """The text with what can be mended; no more than a few characters of it may be lost."""
    # Without ASCII so little is left of most pages that looking through it costs nothing.
    beyond = content.translate(None, _ASCII)
    if not beyond:
        return text
    lost = beyond.count(_LOST.encode())
    if lost > 1 + few:
        raise CleanError(f"{lost} characters were lost before it came here (U+FFFD)")
    return mended(text, beyond)


def stated_encoding(charset: str) -> tuple[str, ...]:
    """The encoding that a label such as `ISO-8859-1` stands for on the web, if any is known."""
    label = charset.strip().lower()
    try:
        name = codecs.lookup(_ON_THE_WEB.get(label, label)).name
    except (LookupError, ValueError):
        return ()
    name = _ON_THE_WEB.get(name, name)
    return (name,) if name in _PUBLISHED else ()


def _unicode(content: bytes) -> str | None:
    """The text, if it is in one of the encodings of Unicode without a fault.

    Raises CleanError for what is no text at all, and says what it looks like.
    """
    start = content[:64].lstrip()
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise CleanError(f"looks like {what}")
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _marked(content[len(mark) :], encoding)
    # Strict UTF-8 is never wrong by chance; ISO-2022-JP is the one that passes for ASCII.
    text = _read(content, "iso2022_jp") if 0x1B in content and b"\x1b$" in content else None
    if text is None:
        text = _read(content, "utf-8")
    if 0 not in content[:_HEAD]:
        return text
    head = content[:_HEAD]
    binary = len(_CONTROL.findall(head)) > len(head) // 8
    if text is None or binary:
        text = _wide(content)
    if text is None and binary:
        raise CleanError("looks like binary data")
    return text


def _marked(data: bytes, encoding: str) -> str | None:
    """What a byte order mark says, which is never there by chance in front of wide characters."""
    text = _read(data, encoding)
    if text is not None or encoding == "utf-8":
        return text
    text = data.decode(encoding, "replace")
    if text.count(_LOST) > 1 + len(text) // 1_000:
        raise CleanError(f"marked as {encoding[:-3].upper()}, but it is not")
    return text


def _wide(content: bytes) -> str | None:
    """The text of two or four bytes a character without a mark, where it is one."""
    texts = [text for each in _WIDE if (text := _read(content, each)) and _is_written(text)]
    return max(texts, key=lambda text: plausibility(text[:_HEAD]), default=None)


def _is_written(text: str) -> bool:
    start = text[:_HEAD]
    return not any(char < " " and not char.isspace() for char in start) and is_plausible(start)


def _read(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _legacy(content: bytes, stated: tuple[str, ...], language: str) -> str:
    """The text in an encoding that fits: one that is stated before one that is told."""
    content = content.removeprefix(codecs.BOM_UTF8)
    named = [name for name in stated if name != "utf-8"]
    # Windows-1252 is declared of everything, mostly by programs that know of nothing else.
    for name in named:
        if name != "cp1252" and fits(content, name, language) and (text := _nearly(content, name)):
            return text
    if text := _mixed(content):
        return text
    told = told_encoding(content, language)
    if told == "cp1252" and b"\xa4" in content and not _WINDOWS.search(content):
        # Nobody writes a sign for any currency; it is where Latin-9 put the euro.
        told = "iso8859-15"
    # With nothing to tell by, what is stated is as good as its bytes.
    for name in (told,) if told else named:
        if text := _nearly(content, name):
            return text
    raise CleanError("not UTF-8 and no other encoding fits")


def _nearly(content: bytes, encoding: str) -> str:
    """The text, but for a stray byte in a thousand; nothing if there are more."""
    text = content.decode(encoding, "replace")
    return text if text.count(_LOST) <= 1 + len(text) // 1_000 else ""


def _mixed(content: bytes) -> str:
    """UTF-8 with some bytes of Windows, such as comments and advertisements bring into pages.

    Nothing, if those are not few beside the characters that are sound, or make no text.
    """
    text = content.decode("utf-8", "surrogateescape")
    sound = sum("\x7f" < char < "\ud800" or char > "\udfff" for char in text)
    whole, strays = _STRAYS.subn(_stray, text)
    if not sound or (strays * 4 > sound and not is_plausible(whole)):
        return ""
    return whole if whole.count(_LOST) <= 1 + len(whole) // 1_000 else ""


def _stray(found: re.Match[str]) -> str:
    """One byte is a character of Windows; several may be the rest of one that was cut."""
    data = found[0].encode("utf-8", "surrogateescape")
    return data.decode("cp1252", "replace") if len(data) == 1 else _LOST
