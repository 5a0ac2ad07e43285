"""Mails and wire messages among texts: their headers are fields, and no part of the text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corpus.article import MediaType, RawArticle, Source
from indexer.clean import clean

NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
TEXT = (
    "The harbour bridge reopened on Monday morning after two weeks of repairs, the works "
    "department said.\n\nEngineers replaced eleven steel plates.\n"
)
MAIL = (
    "From: Desk <desk@paper.example>\nSubject: Harbour bridge reopens\n"
    "Date: Mon, 8 May 2023 10:00:00 +0200\n"
)
RECEIVED = "Return-Path: <a@b.example>\nReceived: from a by b\n\twith ESMTP\n"
PARTS = (
    "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=X\n\n--X\nContent-Type:"
    f" text/plain\n\n{TEXT}--X\nContent-Type: text/html\n\n<p>Other</p>\n--X--\n"
)
PAGE = "<div><p>" + TEXT.replace("\n\n", "</p><p>")
TITLE = "Harbour bridge reopens"
WIRE = (
    f"\x01dpa0123 4 pl 234  dpa 0456\n\nVerkehr/Hafen/\n\x02{TITLE} =\n\n{TEXT}\x03\n"
    "080800 GMT Mai 23\n\x04"
)


@pytest.mark.parametrize(
    "content",
    [
        f"{MAIL}\n{TEXT}",
        f"{MAIL}To: all@paper.example\nMessage-ID: <1@paper.example>\n\n{TEXT}",
        f"{RECEIVED}{MAIL}X-Mailer: Y\n\n{TEXT}",
        f"From a@b.example Mon May  8 10:00:00 2023\n{MAIL}\n{TEXT}",
        f"{MAIL.replace('bridge', '=?utf-8?q?bridge?=')}MIME-Version: 1.0\n\n{TEXT}",
        f"{MAIL}{PARTS}",
        f"{MAIL}MIME-Version: 1.0\nContent-Type: text/html\n\n{PAGE}",
        WIRE,
        f"afp0123 4 pl 234\nbridge/harbour\n\n{TITLE}\n\n{TEXT}\n080800 GMT May 23\n",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_headers_are_fields(content: str, newline: str) -> None:
    content = content.replace("\n", newline)
    article = clean(
        RawArticle(Source("s", "/"), "x.txt", MediaType.TEXT, content.encode()), now=NOW
    )

    assert (TITLE, TEXT.strip()) == (article.title, article.body)
    assert article.published is not None
    assert article.published.at == datetime(2023, 5, 8, 8, tzinfo=UTC)


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "windows-1252"])
def test_a_mail_is_decoded(charset: str) -> None:
    text = "Die Brücke ist für Fußgänger offen."
    quoted = "".join(
        chr(byte) if 32 <= byte < 127 and byte != ord("=") else f"={byte:02X}"
        for byte in text.encode(charset)
    )
    mail = (
        f"From: a@b.example\nSubject: Offen\nMIME-Version: 1.0\nContent-Type: text/plain;"
        f" charset={charset}\nContent-Transfer-Encoding: quoted-printable\n\n{quoted}\n"
    )
    article = clean(RawArticle(Source("s", "/"), "x", MediaType.TEXT, mail.encode()), now=NOW)

    assert ("Offen", text) == (article.title, article.body)


@pytest.mark.parametrize(
    "head", ["Mayor: hello there, this is text.\nPress: what is that?\n", "Note: it rains.\n"]
)
def test_what_looks_like_a_header_is_text(head: str) -> None:
    content = f"{head}\n{TEXT}".encode()
    article = clean(RawArticle(Source("s", "/"), "x.txt", MediaType.TEXT, content), now=NOW)

    assert head.partition("\n")[0] in f"{article.title}\n{article.body}"
