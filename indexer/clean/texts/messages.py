"""Mails and wire messages among text files: their headers as fields, and the text in them.

https://www.rfc-editor.org/rfc/rfc5322 https://iptc.org/standards/iptc-7901/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email import message_from_bytes, message_from_string, policy
from email.errors import MessageError

from corpus.encodings.decoding import decode_text
from indexer.clean.metadata import Json

Fields = Mapping[str, Json]

_HEADER_LINES = re.compile(
    r"\s*(?:From .{1,200}\r?\n)?(?P<head>"
    r"(?:[A-Za-z][\w-]{1,40}:.{0,2000}\r?\n(?:[ \t].{0,2000}\r?\n)*){2,200})\s*\r?\n"
)
_HEADER_NAME = re.compile(r"^([A-Za-z][\w-]{1,40}):", re.M)
# Of these a mail has two, and one that no other head of a text has.
_MAIL_HEADERS = frozenset(
    ("from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version",
     "delivered-to", "reply-to", "content-type", "sender", "cc")
)  # fmt: skip
_OWN_HEADERS = frozenset(
    ("from", "to", "message-id", "received", "return-path", "mime-version", "delivered-to")
)
_MIN_MAIL_HEADERS = 2

# dpa0123 4 pl 234: source and number, priority, category, number of words.
_WIRE_HEAD = re.compile(
    r"\s*+\x01?\s*+[A-Za-z]{2,4}\d{3,4} [1-9] [A-Za-z]{1,3} \d{1,5}\b[^\r\n]{0,100}\r?\n"
)
_WIRE_KEYWORDS = re.compile(r"\s*[^\s\x02]{1,100}/[^\r\n\x02]{0,100}(?=[\r\n\x02])")
_WIRE_DATE = re.compile(
    r"\s*+(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?:\s*+(?P<zone>[A-Z]{1,4}))?\s++"
    r"(?P<month>[^\W\d_]{3,4})\.?\s++(?P<year>\d\d(?:\d\d)?)\s*+\x04?\s*+"
)
_MAX_WIRE_TAIL_CHARS = 100
# German agencies end headlines with it.
_LINE_END_MARK = re.compile(r"(?<![ \t])[ \t]++=(?=[ \t]*+\r?\n)")


def read_message(content: bytes, text: str, language: str) -> tuple[Fields, str] | None:
    """Return the fields in the headers of a mail or a wire message, and its text; else None.

    `text` is the content, decoded. Raises DecodingError.
    """
    return _read_wire_message(text) or _read_mail(content, text, language)


def _read_mail(content: bytes, text: str, language: str) -> tuple[Fields, str] | None:
    match = _HEADER_LINES.match(text)
    if match is None:
        return None
    names = {name.lower() for name in _HEADER_NAME.findall(match["head"])}
    if len(names & _MAIL_HEADERS) < _MIN_MAIL_HEADERS or not names & _OWN_HEADERS:
        return None
    try:
        # Headers may be in any encoding; in the bytes they would be cut.
        head = message_from_string(match["head"], policy=policy.default)
        fields: dict[str, Json] = {
            "title": str(head["subject"] or "").strip(),
            "date": str(head["date"] or head["sent"] or "").strip(),
        }
        body = _read_mail_body(content, language) if "mime-version" in names else None
    except (MessageError, ValueError, LookupError, AttributeError, TypeError):
        # The parser of headers fails on some that are malformed.
        return None
    return fields, text[match.end() :] if body is None else body


def _read_mail_body(content: bytes, language: str) -> str | None:
    """Return the text of a mail, of several forms the plain one."""
    start = content.lstrip()
    mail = message_from_bytes(start, policy=policy.default)
    part = mail.get_body(("plain", "html"))
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes):
        return None
    text = decode_text(payload, language, part.get_content_charset(""))
    if part.get_content_type() != "text/html":
        return text
    # Beautiful Soup is slow to import, and most mails have a plain text.
    from indexer.clean.markup import extract_paragraphs

    return "\n\n".join(extract_paragraphs(text))


def _read_wire_message(text: str) -> tuple[Fields, str] | None:
    """Parse a message of IPTC 7901, with its control characters or without."""
    match = _WIRE_HEAD.match(text)
    if match is None:
        return None
    head, mark, rest = text[match.end() :].partition("\x02")
    if not mark:
        keywords = _WIRE_KEYWORDS.match(head)
        rest = head[keywords.end() :] if keywords else head
    body, _, tail = rest.partition("\x03")
    if not tail:
        body, tail = _split_last_line(body)
    fields: dict[str, Json] = {}
    if date := _WIRE_DATE.fullmatch(tail[:_MAX_WIRE_TAIL_CHARS]):
        year = date["year"] if len(date["year"]) > 2 else f"20{date['year']}"
        clock = f"{date['hour']}:{date['minute']} {date['zone'] or ''}".strip()
        fields["date"] = f"{date['day']} {date['month']} {year} {clock}"
    return fields, _LINE_END_MARK.sub("", body)


def _split_last_line(text: str) -> tuple[str, str]:
    """Return a text without its last line, and that line, if it is the date of a message."""
    before, _, last = text.rstrip().rpartition("\n")
    return (before, last) if _WIRE_DATE.fullmatch(last) else (text, "")
