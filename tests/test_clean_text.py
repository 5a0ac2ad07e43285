from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.article import Article, MediaType, RawArticle, Source
from indexer.clean import CleanError, clean

SEED = Path(__file__).resolve().parents[2] / "shared" / "seed-article.txt"
NOW = datetime(2025, 4, 2, 12, tzinfo=UTC)

# Two paragraphs that no layout takes for anything else.
BODY = (
    "The harbor authority closed both piers on Friday after divers found that the pilings below"
    " them had rotted through, and said that ferries would land at the old fish market until the"
    " repairs are done. Shopkeepers said that the summer was lost before it had begun.\n\n"
    '"Nobody asked us," said one of them.'
)
FIRST = BODY.split("\n\n")[0]


def read(content: str | bytes, *, path: str = "story.txt", source: Source | None = None) -> Article:
    data = content if isinstance(content, bytes) else content.encode()
    raw = RawArticle(source or Source("texts", "/texts"), path, MediaType.TEXT, data)
    return clean(raw, now=NOW)


def day(article: Article) -> str:
    if article.published is None:
        return ""
    written = article.published.at.isoformat(timespec="minutes")
    return written[:10] if article.published.day_only else written


@pytest.mark.skipif(not SEED.exists(), reason="the shared sample is not here")
def test_an_article_below_a_masthead() -> None:
    article = read(SEED.read_bytes())

    assert article.title == "U.S. Defense Secretary Affirms Japan Alliance At Iwojima Ceremony"
    assert article.dek == (
        "Hegseth and Ishiba highlight peace and security at historic memorial service"
    )
    assert article.section == "World News"
    assert day(article) == "2025-03-29"
    assert article.published is not None
    assert article.published.day_only
    assert article.body.startswith("On March 29, 2025, U.S. Defense Secretary Pete Hegseth")
    assert article.body.endswith("peace and security in the region.")
    assert len(article.body.split("\n\n")) == 11
    assert (article.authors, article.url) == ((), "")
    assert dict(article.provenance)["published"] == "text"


@pytest.mark.parametrize(
    "head",
    [
        "Piers Closed\n\nDEK\n\nBy Jane Doe\n\nMarch 28, 2025",
        "Piers Closed\n\nDEK\n\nMarch 28, 2025\n\nBy Jane Doe",
        "March 28, 2025\n\nPiers Closed\n\nDEK\n\nBy Jane Doe",
        "28 March 2025\nPiers Closed\nDEK\nBy Jane Doe",
        "Piers Closed\nDEK\nBy Jane Doe, Staff Writer\n2025-03-28",
        "Piers Closed\nBy JANE DOE\nPublished: 28 March 2025\n\nDEK",
        "Piers Closed\nDEK\nBy Jane Doe | March 28, 2025",
        "Piers Closed\nDEK\nJane Doe | March 28, 2025",
        "Piers Closed\nDEK\nBy Jane Doe, March 28, 2025",
        "Piers Closed\nDEK\nPosted on March 28, 2025 by Jane Doe",
        "Piers Closed\n\nDEK.\n\nBy Jane Doe\nMarch 28, 2025",
        "Title: Piers Closed\nDate: 2025-03-28\nAuthor: Jane Doe\n\nDEK",
        "Headline: Piers Closed\nDek: DEK\nBy: Jane Doe\nDate: 28 Mar 2025",
        "---\ntitle: Piers Closed\ndate: 2025-03-28\nby: Jane Doe\ndek: DEK\n---",
        "---\nheadline: Piers Closed\ndate: 28 Mar 2025\nby: [Jane Doe]\n---\n# Piers Closed\nDEK",
        "# Piers Closed\n\n*DEK*\n\nBy **Jane Doe**\n\nMarch 28, 2025",
        "Piers Closed\n=====\n\n[DEK](/a)\n\nBy [Jane Doe](/jane)\n\nMarch 28, 2025",
    ],
)  # fmt: skip
def test_heads(head: str) -> None:
    head = head.replace("DEK", "Ferries move to the fish market")
    article = read(f"{head}\n\n{BODY}", path="story.md" if "==" in head else "story.txt")

    assert article.title == "Piers Closed"
    assert article.dek.rstrip(".") == "Ferries move to the fish market"
    assert article.authors == ("Jane Doe",)
    assert day(article) == "2025-03-28"
    assert article.body == BODY


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("by Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("By JANE DOE and JOHN ROE, Staff Writers", ("Jane Doe", "John Roe")),
        ("By Jane Doe, John Roe and Ann Poe", ("Jane Doe", "John Roe", "Ann Poe")),
        ("By Jane Doe, The Associated Press", ("Jane Doe",)),
        ("By Jane Doe in Osaka", ("Jane Doe",)),
        ("Written by Jane van der Doe", ("Jane van der Doe",)),
        ("By J. B. O'Doe, Jr.", ("J. B. O'Doe Jr.",)),
        ("By Reuters", ("Reuters",)),
        ("By the sea", ()),
        ("By Land and Sea, Refugees Flee", ()),
    ],
)
def test_bylines(byline: str, authors: tuple[str, ...]) -> None:
    article = read(f"Piers Closed\n\n{byline}\n\n{BODY}")

    assert article.authors == authors
    assert article.title == "Piers Closed"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"TOKYO, March 28, 2025 (Reuters) - {BODY}", "2025-03-28"),
        (f"TOKYO, March 28 (Reuters) - {BODY}", ""),
        (f"Today: April 1, 2025\n\nPiers\n\nTOKYO, March 28 - {BODY}", "2025-03-28"),
        (f"Today: January 2, 2025\n\nPiers\n\nTOKYO, Dec. 30 (AP) -- {BODY}", "2024-12-30"),
        (f"Today: April 1, 2025\n\nPiers\n\nTOKYO, May 28 - {BODY}", ""),
        (f"27 March 2025\n\nPiers\n\nTOKYO, March 28, 2025 - {BODY}", "2025-03-27"),
        (f"Piers\n\nTOKYO (Reuters) - {BODY}", ""),
    ],
)
def test_a_dateline_stays_and_may_tell_the_day(text: str, expected: str) -> None:
    article = read(text)

    assert day(article) == expected
    assert article.body.startswith("TOKYO")
    assert article.body.endswith(BODY)


@pytest.mark.parametrize(
    ("lines", "published", "updated"),
    [
        ("Published March 28, 2025\nUpdated March 29, 2025", "2025-03-28", 29),
        ("March 28, 2025 | Updated March 29, 2025", "2025-03-28", 29),
        ("Published March 28, 2025, last updated March 29, 2025", "2025-03-28", 29),
        ("Updated: March 29, 2025", "", 29),
        ("March 28, 2025 10:15 UTC", "2025-03-28T10:15+00:00", None),
        ("Date: 03/04/2025", "", None),
    ],
)
def test_published_and_updated(lines: str, published: str, updated: int | None) -> None:
    article = read(f"Piers Closed\n{lines}\n\n{BODY}")

    assert day(article) == published
    assert (article.updated and article.updated.at.day) == updated
    assert article.body == BODY


@pytest.mark.parametrize(
    "text",
    [
        f"Piers Closed\nSource: The Daily Example\nhttps://news.example/piers\n\n{BODY}",
        f"Piers Closed\n\n{BODY}\n\nSource: The Daily Example\nURL: https://news.example/piers",
        f"Piers Closed\nURL: https://news.example/piers\n\n{BODY}\n\nSource: The Daily Example",
        f"---\ntitle: Piers Closed\nsite: The Daily Example\nurl: https://news.example/piers\n---\n{BODY}",
    ],
)
def test_source_and_address(text: str) -> None:
    article = read(text)

    assert article.source == "The Daily Example"
    assert article.url == "https://news.example/piers"
    assert article.body == BODY


def test_hard_wrapped_lines_become_paragraphs() -> None:
    words = FIRST.split()
    wrapped = "\n".join(" ".join(words[start : start + 10]) for start in range(0, len(words), 10))

    article = read(f"Piers Closed\n\n{wrapped}\n\nThe end.\n")

    assert article.body == f"{FIRST}\n\nThe end."


def test_without_blank_lines_each_line_is_a_paragraph() -> None:
    article = read(f"Piers Closed\r\n{FIRST}\r\nFerries moved.\r\nShops closed.\r\n")

    assert article.title == "Piers Closed"
    assert article.body == f"{FIRST}\n\nFerries moved.\n\nShops closed."


def test_a_long_title_may_be_wrapped() -> None:
    article = read(
        "Harbor Authority Closes Both Piers and Moves All\nFerries to the Old Fish Market\n\n"
        + BODY
    )

    assert article.title == (
        "Harbor Authority Closes Both Piers and Moves All Ferries to the Old Fish Market"
    )
    assert article.body == BODY


@pytest.mark.parametrize(
    ("text", "title", "dek", "body"),
    [
        ("Piers Closed", "Piers Closed", "", ""),
        ("Piers Closed\n\nFerries move.", "Piers Closed", "", "Ferries move."),
        ("Piers Closed\n\nOne.\n\nTwo.\n\nThree.", "Piers Closed", "", "One.\n\nTwo.\n\nThree."),
        (
            "Piers Closed\n\nFerries move.\n\nSource: The Daily Example",
            "Piers Closed", "", "Ferries move.",
        ),
        ("Two Lines\n\nNo more", "Two Lines", "", "No more"),
    ],
)  # fmt: skip
def test_short_texts(text: str, title: str, dek: str, body: str) -> None:
    article = read(text)

    assert (article.title, article.dek, article.body) == (title, dek, body)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (FIRST, FIRST.partition(" rotted")[0] + " …"),
        (f"The piers are closed for good. {FIRST}", "The piers are closed for good."),
    ],
)
def test_a_text_without_a_title_gets_its_beginning(body: str, title: str) -> None:
    article = read(body)

    assert (article.title, article.body) == (title, body)
    assert dict(article.provenance)["title"] == "body"


def test_what_looks_like_a_head_within_the_body_stays() -> None:
    body = f"{BODY}\n\n27 March 2025\n\nBy Jane Doe\n\nSource: nobody knows."

    assert read(f"Piers Closed\n\n{body}").body == body


def test_markdown_is_reduced_to_its_text() -> None:
    text = (
        "# Piers *Closed*\n\n"
        f"{FIRST}\n\n"
        "## What now ##\n"
        "See the **[report](https://a.example/x_(1))** by `harbor_watch` and ![a map](map.png).\n\n"
        "> Nobody asked\n> us.\n\n"
        "* One ferry\n* Two ferries\n1. Three\n\n"
        "---\n\n"
        "snake_case_name, 2 * 3 * 4 and \\*stars\\* stay. <!-- not this --><br>\n\n"
        "[1]: https://a.example/\n"
    )

    article = read(text, path="notes/piers.md")

    assert article.title == "Piers Closed"
    assert article.body.split("\n\n") == [
        FIRST,
        "What now",
        "See the report by harbor_watch and .",
        "Nobody asked us.",
        "One ferry",
        "Two ferries",
        "Three",
        "snake_case_name, 2 * 3 * 4 and *stars* stay.",
    ]


def test_front_matter_is_read_as_written() -> None:
    article = read(
        "---\ntitle: No\nid: 007\ndate: 2025-02-30\nlang: en_us\ncategory: [Sport, Sailing]\n---\n"
        + BODY
    )

    assert (article.title, article.id, article.published) == ("No", "007", None)
    assert (article.language, article.section) == ("en-US", "Sport")


def test_broken_front_matter_is_text() -> None:
    assert (
        "title: [" in read(f"---\ntitle: [\n---\n{BODY}").title + read(BODY + "\n\ntitle: [").body
    )


@pytest.mark.parametrize(
    ("content", "language"),
    [
        ("Café fermé\n\nLe port est fermé.".encode("cp1252"), ""),
        ("\ufeffCafé fermé\n\nLe port est fermé.".encode(), ""),
        ("Café fermé\n\nLe port est fermé.".encode("utf-16"), ""),
        ("Caf\u00ad\u00e9\0 ferm\u00e9\n\nLe\u00a0port  est\tferm\u00e9.".encode(), ""),
    ],
)
def test_encodings(content: bytes, language: str) -> None:
    article = read(content)

    assert (article.title, article.body) == ("Café fermé", "Le port est fermé.")


def test_the_language_of_a_source_tells_old_encodings() -> None:
    source = Source("texts", "/texts", language="ja")

    article = read("港の桟橋\n\n桟橋は閉鎖された。".encode("shift_jis"), source=source)

    assert (article.title, article.language) == ("港の桟橋", "ja")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (b" \n\t\n", "empty file"),
        (b"\xef\xbb\xbf\n", "no text found"),
        (b"%PDF-1.7\n...", "looks like a PDF"),
        (b"PK\x03\x04...", "looks like a ZIP archive or an office document"),
        (b"\x00\x01\x02\x00\x00", "looks like binary data"),
        (b"\x81\x8d\x8f", "not UTF-8 and no other encoding fits"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(CleanError, match=reason):
        read(content)


@pytest.mark.parametrize(
    "piece", ["**a ", "[a](", "<!--", "> ", "_a", "A, ", "By A, ", "\n", "- ", " " * 99]
)
def test_hostile_texts_take_no_time(piece: str) -> None:
    assert read("# x\n\n" + piece * 3_000 + "end\n\n## " + piece * 3_000 + "#").title == "x"
