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
# Labels mean the encodings that Windows made of them: https://encoding.spec.whatwg.org/
_ON_THE_WEB = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
}


def refuse_binary(content: bytes) -> None:
    """Raises CleanError for what is no text at all, and says what it looks like."""
    start = content[:1024].lstrip()
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise CleanError(f"looks like {what}")
    if not content.startswith(_UTF16) and start.count(0) > len(start) // 8:
        raise CleanError("looks like binary data")


def stated_encoding(charset: str) -> tuple[str, ...]:
    """The encoding that a label such as `ISO-8859-1` stands for on the web, if any is known."""
    try:
        name = codecs.lookup(_ON_THE_WEB.get(charset.lower(), charset)).name
    except (LookupError, ValueError):
        return ()
    return (_ON_THE_WEB.get(name, name),)


def decode(content: bytes, language: str, charset: str = "") -> str:
    """The text of a file. Raises CleanError if no encoding fits.

    `language` is what the source is said to be in; it decides between old encodings, unless
    one of them is stated by the `charset` that came with the file.
    """
    refuse_binary(content)
    if content.startswith(_UTF16):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        usual = _LEGACY.get(language.partition("-")[0].lower(), ())
        encodings = ("utf-8-sig", *stated_encoding(charset), *usual, "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        # Codecs such as `hex` are no encodings of text.
        except (UnicodeDecodeError, LookupError):
            continue
    raise CleanError("not UTF-8 and no other encoding fits")
