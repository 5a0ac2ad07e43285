"""Bytes to text, for what is no HTML: UTF-8, or what else is certain enough."""

from __future__ import annotations

import codecs

from indexer.clean.fields import CleanError

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
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What texts were written in before UTF-8, by language.
_LEGACY = {
    "ja": ("shift_jis", "euc_jp"),
    "ko": ("cp949",),
    "zh": ("gb18030", "big5"),
    "ru": ("cp1251",),
    "uk": ("cp1251",),
    "bg": ("cp1251",),
    "pl": ("cp1250",),
    "cs": ("cp1250",),
    "hu": ("cp1250",),
    "el": ("cp1253",),
    "tr": ("cp1254",),
    "he": ("cp1255",),
    "ar": ("cp1256",),
}


def refuse_binary(content: bytes) -> None:
    """Raises CleanError for what is no text at all, and says what it looks like."""
    start = content[:1024].lstrip()
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise CleanError(f"looks like {what}")
    if not content.startswith(_UTF16) and start.count(0) > len(start) // 8:
        raise CleanError("looks like binary data")


def decode(content: bytes, language: str) -> str:
    """The text of a file. Raises CleanError if no encoding fits.

    `language` is what the source is said to be in; it decides between old encodings.
    """
    refuse_binary(content)
    if content.startswith(_UTF16):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", *_LEGACY.get(language.partition("-")[0].lower(), ()), "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CleanError("not UTF-8 and no other encoding fits")
