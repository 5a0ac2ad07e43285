"""Decoding of bytes to text: UTF-8, a declared encoding, or one detected with certainty."""

from __future__ import annotations

import codecs
import re

from corpus.encodings.legacy_encodings import (
    LEGACY_ENCODINGS,
    detect_encoding,
    is_encoded_in,
    is_plausible_text,
    score_plausibility,
)
from corpus.encodings.mojibake import repair_mojibake
from corpus.errors import SourceError


class DecodingError(SourceError):
    """Content is not text, or in no encoding that fits; the message is the reason."""


_MAGIC_NUMBERS = (
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
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_ENCODINGS = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
# Labels stand for the Windows supersets of their encodings: https://encoding.spec.whatwg.org/
_WEB_ALIASES = {
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
    "utf8mb4": "utf-8",
    "unicode": "utf-16",
}
# Labels as people write them: cp-1251, win1251, windows_1251, x-cp1251, cp 1251, iso_8859_2.
_CODE_PAGE = re.compile(r"(?:x-)?(?:ms-?)?(?:cp|win|windows)[-_ ]?(\d{3,4})")
_ISO_PART = re.compile(r"iso[-_ ]?8859[-_ ]?(\d{1,2})(?:[-_ :]?(?:e|i|\d{4}))?")
# Codecs such as `hex` or `unicode_escape` are not text encodings and are not accepted.
_ACCEPTED_ENCODINGS = frozenset(
    ("utf-8", "iso2022_jp", "iso2022_kr", "hz", "mac-roman", "mac-cyrillic", "cp850", "cp437",
     "cp1258", "iso8859-3", "iso8859-4", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-10",
     "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", *LEGACY_ENCODINGS)
)  # fmt: skip
_DECLARED_CHARSET = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|"""
    rb"""<meta\b[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.I,
)
_XML_DECLARATION = re.compile(r"<\?xml\b[^>]{0,500}>")
_HTML_LANGUAGE = re.compile(rb"""<html\b[^>]{0,500}?\blang\s*=\s*["']?([a-zA-Z]{2,3})\b""", re.I)
_HEAD_BYTES = 8_192  # bytes of a page that are searched for its declared encoding and language
_CONTROL_BYTE = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WINDOWS_BYTE = re.compile(rb"[\x80-\x9f]")
_ASCII_BYTES = bytes(range(0x80))
_STRAY_BYTES = re.compile("[\udc80-\udcff]+")
_REPLACEMENT_CHAR = "\ufffd"


def decode_text(content: bytes, language: str, charset: str = "") -> str:
    """Return the text of a file; raise DecodingError if no encoding fits.

    `language` is the declared language of the source; it helps to choose between legacy
    encodings. `charset` is the encoding that came with the file; it is used if it fits.
    """
    text = _decode_unicode(content)
    if text is None:
        return _decode_legacy(content, resolve_charset(charset), language)
    return _repair_text(text, content, len(text) // 1_000)


def decode_page(content: bytes, charset: str, language: str = "") -> str:
    """Return the markup of a page; raise DecodingError if no encoding fits.

    `charset` is the encoding that came with the page.
    """
    text = _decode_unicode(content)
    if text is not None:
        # Scripts and comments may be damaged where the article is not.
        return _repair_text(text, content, 5 + len(text) // 10_000)
    head = content[:_HEAD_BYTES]
    if match := _HTML_LANGUAGE.search(head):
        language = match[1].decode("ascii")
    return _decode_legacy(content, _find_declared_encodings(head, charset), language)


def convert_to_utf8(content: bytes, language: str, charset: str = "") -> bytes:
    """Return XML or JSON in UTF-8, without an XML declaration; raise DecodingError.

    `charset` is the encoding that came with it; like the one that it declares, it is used if it
    fits. Misread text is repaired; lost characters are reported where a record is cleaned.
    """
    text = _decode_unicode(content)
    if text is None:
        head = content[:_HEAD_BYTES]
        text = _decode_legacy(content, _find_declared_encodings(head, charset), language)
    else:
        text = repair_mojibake(text, content.translate(None, _ASCII_BYTES))
    return _XML_DECLARATION.sub("", text, count=1).encode("utf-8", "surrogatepass")


def _find_declared_encodings(head: bytes, charset: str) -> tuple[str, ...]:
    """Return the encoding that came with a page and those that it declares, in this order."""
    declared = [match[1] or match[2] for match in _DECLARED_CHARSET.finditer(head)]
    labels = (charset, *(label.decode("ascii") for label in declared))
    return tuple(dict.fromkeys(name for label in labels for name in resolve_charset(label)))


def _repair_text(text: str, content: bytes, tolerance: int) -> str:
    """Return the text with its mojibake repaired.

    Raise DecodingError if more than `tolerance` + 1 characters are U+FFFD.
    """
    # Most pages are nearly all ASCII, so searching the rest costs nothing.
    non_ascii = content.translate(None, _ASCII_BYTES)
    if not non_ascii:
        return text
    lost = non_ascii.count(_REPLACEMENT_CHAR.encode())
    if lost > 1 + tolerance:
        raise DecodingError(f"{lost} characters were lost before it came here (U+FFFD)")
    return repair_mojibake(text, non_ascii)


def resolve_charset(charset: str) -> tuple[str, ...]:
    """Return the encoding that a label such as `ISO-8859-1` stands for on the web.

    The tuple is empty if the label is unknown.
    """
    label = charset.strip().lower()
    if match := _CODE_PAGE.fullmatch(label):
        label = f"cp{match[1]}"
    elif match := _ISO_PART.fullmatch(label):
        label = f"iso8859-{match[1]}"
    try:
        name = codecs.lookup(_WEB_ALIASES.get(label, label)).name
    except (LookupError, ValueError):
        return ()
    name = _WEB_ALIASES.get(name, name)
    return (name,) if name in _ACCEPTED_ENCODINGS else ()


def _decode_unicode(content: bytes) -> str | None:
    """Return the text if it is valid in an encoding of Unicode or in ISO-2022-JP, else None.

    Raise DecodingError for binary content, with the type that it looks like.
    """
    start = content[:64].lstrip()
    for magic, file_type in _MAGIC_NUMBERS:
        if start.startswith(magic):
            raise DecodingError(f"looks like {file_type}")
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode_after_mark(content[len(mark) :], encoding)
    # Valid UTF-8 is never a coincidence, but ISO-2022-JP is valid ASCII, so it is tried first.
    text = _try_decode(content, "iso2022_jp") if 0x1B in content and b"\x1b$" in content else None
    if text is None:
        text = _try_decode(content, "utf-8")
    if 0 not in content[:_HEAD_BYTES]:
        return text
    head = content[:_HEAD_BYTES]
    binary = len(_CONTROL_BYTE.findall(head)) > len(head) // 8
    if text is None or binary:
        text = _decode_wide(content)
    if text is None and binary:
        raise DecodingError("looks like binary data")
    return text


def _decode_after_mark(data: bytes, encoding: str) -> str | None:
    """Decode the content that follows a byte order mark.

    A mark of UTF-16 or UTF-32 is never a coincidence, so a few errors are replaced by U+FFFD
    and more raise DecodingError.
    """
    text = _try_decode(data, encoding)
    if text is not None or encoding == "utf-8":
        return text
    text = data.decode(encoding, "replace")
    if text.count(_REPLACEMENT_CHAR) > 1 + len(text) // 1_000:
        raise DecodingError(f"marked as {encoding[:-3].upper()}, but it is not")
    return text


def _decode_wide(content: bytes) -> str | None:
    """Decode UTF-16 or UTF-32 without a byte order mark; return None if it is neither."""
    decoded = (_try_decode(content, encoding) for encoding in _WIDE_ENCODINGS)
    texts = [text for text in decoded if text and _is_readable(text)]
    return max(texts, key=lambda text: score_plausibility(text[:_HEAD_BYTES]), default=None)


def _is_readable(text: str) -> bool:
    start = text[:_HEAD_BYTES]
    return not any(char < " " and not char.isspace() for char in start) and is_plausible_text(start)


def _try_decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _decode_legacy(content: bytes, declared: tuple[str, ...], language: str) -> str:
    """Decode a legacy encoding that fits: a declared one before a detected one."""
    content = content.removeprefix(codecs.BOM_UTF8)
    candidates = [name for name in declared if name != "utf-8"]
    # Windows-1252 is often declared by default, whatever the encoding is.
    for name in candidates:
        if (
            name != "cp1252"
            and is_encoded_in(content, name, language)
            and (text := _decode_with_losses(content, name))
        ):
            return text
    if text := _decode_mixed(content):
        return text
    detected = detect_encoding(content, language)
    if detected == "cp1252" and b"\xa4" in content and not _WINDOWS_BYTE.search(content):
        # The generic currency sign (U+00A4) is never used; Latin-9 has the euro in its place.
        detected = "iso8859-15"
    # If nothing is detected, any declared encoding that decodes the bytes is accepted.
    for name in (detected,) if detected else candidates:
        if text := _decode_with_losses(content, name):
            return text
    raise DecodingError("not UTF-8 and no other encoding fits")


def _decode_with_losses(content: bytes, encoding: str) -> str:
    """Decode with at most one invalid byte in a thousand; return "" if there are more."""
    text = content.decode(encoding, "replace")
    return text if text.count(_REPLACEMENT_CHAR) <= 1 + len(text) // 1_000 else ""


def _decode_mixed(content: bytes) -> str:
    """Decode UTF-8 with stray bytes of Windows-1252, as comments and advertisements have them.

    Return "" if the stray bytes are many beside the valid characters and the text is not
    plausible.
    """
    text = content.decode("utf-8", "surrogateescape")
    valid = sum("\x7f" < char < "\ud800" or char > "\udfff" for char in text)
    repaired, strays = _STRAY_BYTES.subn(_decode_stray_bytes, text)
    if not valid or (strays * 4 > valid and not is_plausible_text(repaired)):
        return ""
    return repaired if repaired.count(_REPLACEMENT_CHAR) <= 1 + len(repaired) // 1_000 else ""


def _decode_stray_bytes(match: re.Match[str]) -> str:
    """Decode one stray byte as Windows-1252; replace several, the rest of a cut character."""
    data = match[0].encode("utf-8", "surrogateescape")
    return data.decode("cp1252", "replace") if len(data) == 1 else _REPLACEMENT_CHAR
