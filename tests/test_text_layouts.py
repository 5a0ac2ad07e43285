"""Plain-text articles in the layouts that they are kept in, each with what it should give."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from corpus.article import Article, MediaType, RawArticle, Source
from indexer.clean import clean

NOW = datetime(2025, 4, 2, 12, tzinfo=UTC)

ONE = (
    "The harbor authority closed both piers on Friday after divers found that the pilings below"
    " them had rotted through, and said that ferries would land at the old fish market until the"
    " repairs are done."
)
TWO = '"Nobody asked us," said one of the shopkeepers, whose summer was lost before it had begun.'
BODY = f"{ONE}\n\n{TWO}"


@dataclass(frozen=True, slots=True)
class Layout:
    name: str
    text: str
    title: str = "Harbor Piers Closed"
    dek: str = ""
    authors: tuple[str, ...] = ("Jane Doe",)
    day: str = "2025-03-28"
    section: str = ""
    source: str = "texts"
    body: str = BODY


LAYOUTS = (
    Layout(
        "a newspaper's page, its name above the date",
        "THE HARBOR HERALD\nFriday, March 28, 2025\n\nHarbor Piers Closed\nDivers find rotten"
        f" pilings\n\nBy JANE DOE\nStaff Writer\n\n{ONE}\n\n{TWO}",
        dek="Divers find rotten pilings",
        source="THE HARBOR HERALD",
    ),
    Layout(
        "a date, a section and a title without blank lines",
        f"28 March 2025\nNEWS\nHarbor Piers Closed\nBy Jane Doe\n\n{ONE}\n\n{TWO}",
        section="NEWS",
    ),
    Layout(
        "a date above a section and a title, and no byline",
        f"28 March 2025\nNEWS\nHarbor Piers Closed\n\n{ONE}\n\n{TWO}",
        section="NEWS",
        authors=(),
    ),
    Layout(
        "a page's title with the newspaper behind it, which also stands behind the names",
        "Harbor Piers Closed | Harbor Herald\nBy Jane Doe and John Roe, The Harbor Herald\n"
        f"March 28, 2025\n\n{ONE}\n\n{TWO}",
        source="Harbor Herald",
        authors=("Jane Doe", "John Roe"),
    ),
    Layout(
        "a wire's copy",
        f"JAPAN-HARBOR/PIERS (URGENT)\n\nHarbor Piers Closed\n\n28 March 2025\n\nBy Jane Doe\n\n"
        f"OSAKA, March 28 (Reuters) - {ONE}\n\n{TWO}\n\n"
        "(Reporting by Jane Doe; Editing by John Roe)\n",
        body=f"OSAKA, March 28 (Reuters) - {BODY}",
    ),
    Layout(
        "a wire's copy with a slug line and no byline",
        f"BC-JAPAN-HARBOR-PIERS\n\nHarbor Piers Closed\n\nOSAKA, March 28, 2025 (Reuters) - {ONE}\n\n"
        f"{TWO} (Reporting by Jane Doe and John Roe; Editing by Ann Poe)",
        authors=("Jane Doe", "John Roe"),
        body=f"OSAKA, March 28, 2025 (Reuters) - {BODY}",
    ),
    Layout(
        "an agency's copy with a dateline",
        "AP-AS--Japan-Piers,1st Ld-Writethru,312\n\nHarbor Piers Closed\n\n"
        "By JANE DOE\nAssociated Press\n\nMarch 28, 2025\n\n"
        f"OSAKA, Japan (AP) — {ONE}\n\n{TWO}\n\n___\n\n"
        "Copyright 2025 The Associated Press. All rights reserved.",
        body=f"OSAKA, Japan (AP) — {BODY}",
    ),
    Layout(
        "a press release",
        "FOR IMMEDIATE RELEASE\n\nMarch 28, 2025\n\nContact: Jane Doe, 555-0100\n\n"
        f"Harbor Piers Closed\n\nFerries move to the fish market\n\nOSAKA, Japan -- {ONE}\n\n{TWO}\n\n###\n\n"
        "About the Harbor Authority\n\nIt keeps the harbor.",
        dek="Ferries move to the fish market",
        authors=(),
        body=f"OSAKA, Japan -- {BODY}",
    ),
    Layout(
        "a press release of a distributor",
        f"Harbor Piers Closed\n\nOSAKA, Japan, March 28, 2025 /PRNewswire/ -- {ONE}\n\n{TWO}\n\n-- ENDS --\n\n"
        "Notes to editors: pictures are to be had.",
        authors=(),
        body=f"OSAKA, Japan, March 28, 2025 /PRNewswire/ -- {BODY}",
    ),
    Layout(
        "a database's export with labels",
        "Copyright 2025 The Daily Example\nAll Rights Reserved\nThe Daily Example\n\n"
        "March 28, 2025 Friday\nFinal Edition\n\nSECTION: METRO; Pg. B1\n\nLENGTH: 312 words\n\n"
        "HEADLINE: Harbor Piers Closed\n\nBYLINE: Jane Doe, Staff Writer\n\nDATELINE: OSAKA\n\n"
        f"BODY:\n\n{BODY}\n\nLOAD-DATE: March 29, 2025\n\nLANGUAGE: ENGLISH\n\n"
        "PUBLICATION-TYPE: Newspaper",
        section="METRO",
        source="The Daily Example",
    ),
    Layout(
        "a database's newer export",
        "Harbor Piers Closed\n\nThe Daily Example\n\nMarch 28, 2025 Friday\n\n"
        "Copyright 2025 The Daily Example All Rights Reserved\n\nSection: METRO; Pg. B1\n"
        f"Length: 312 words\nByline: Jane Doe\n\nBody\n\n{BODY}\n\nLoad-Date: March 29, 2025\n\nEnd of Document",
        section="METRO",
        source="The Daily Example",
    ),
    Layout(
        "a database's export without labels",
        "Harbor Piers Closed\nBy Jane Doe\n312 words\n28 March 2025\nThe Daily Example\nDAYEX\n"
        "English\nCopyright 2025. The Daily Example. All rights reserved.\n\n"
        f"{BODY}\n\nDocument DAYEX00020250328el3s0001a\n",
        source="The Daily Example",
    ),
    Layout(
        "a database's export with labels for all",
        "Title: Harbor Piers Closed\nAuthor: Doe, Jane\nPublication title: The Daily Example\n"
        "Publication date: Mar 28, 2025\nSection: Metro\nDocument type: News\n"
        f"ProQuest document ID: 1234567\n\nFull text: {BODY}\n\nCopyright: Copyright 2025 Example\n",
        section="Metro",
        source="The Daily Example",
    ),
    Layout(
        "a copied web page",
        "Skip to main content\nHome\nSubscribe\n\nWorld\n\nHarbor Piers Closed\n\n"
        "Ferries move to the fish market\n\nBy Jane Doe\n\nPublished March 28, 2025\n\n3 min read\n\n"
        f"Share\n\nAdvertisement\n\n{ONE}\n\nAdvertisement\n\n{TWO}\n\nShare this article\n\n"
        "© 2025 The Daily Example. All rights reserved.",
        dek="Ferries move to the fish market",
        section="World",
    ),
    Layout(
        "a newsletter",
        "From: The Daily Example <news@example.org>\nSent: Friday, March 28, 2025\n"
        f"To: readers@example.org\nSubject: Harbor Piers Closed\n\nView in browser\n\nBy Jane Doe\n\n{BODY}\n\n"
        "You are receiving this e-mail because you asked for it.\nUnsubscribe",
    ),
    Layout(
        "Markdown with front matter",
        "---\ntitle: Harbor Piers Closed\ndate: 2025-03-28\nauthor: Jane Doe\n---\n\n"
        f"{ONE}\n\n## Ferries move\n\n{TWO}",
        body=f"{ONE}\n\nFerries move\n\n{TWO}",
    ),
    Layout(
        "lines wrapped at 72, the first indented",
        "HARBOR PIERS CLOSED\nBy Jane Doe\nMarch 28, 2025\n\n"
        "    The harbor authority closed both piers on Friday after divers\n"
        "found that the pilings below them had rotted through, and said that\n"
        "ferries would land at the old fish market until the repairs are done.\n"
        '    "Nobody asked us," said one of the shopkeepers, whose summer was\n'
        "lost before it had begun.\n",
        title="HARBOR PIERS CLOSED",
    ),
    Layout(
        "lines wrapped without any blank",
        "Harbor Piers Closed\nBy Jane Doe\nMarch 28, 2025\n"
        "The harbor authority closed both piers on Friday after divers found\n"
        "that the pilings below them had rotted through, and said that ferries\n"
        "would land at the old fish market until the repairs are done.\n"
        '"Nobody asked us," said one of the shopkeepers, whose summer was lost\n'
        "before it had begun. The shops of the piers had been let for the year,\n"
        "and most of what they had bought for the summer cannot be returned.\n",
        body=f"{ONE} {TWO} The shops of the piers had been let for the year, and most of what they"
        " had bought for the summer cannot be returned.",
    ),
    Layout(
        "a headline in capitals, with all in another order",
        "March 28, 2025\nBy JANE DOE\n\nHARBOR PIERS CLOSED\n\nFerries move to the fish market\n\n"
        + BODY,
        title="HARBOR PIERS CLOSED",
        dek="Ferries move to the fish market",
    ),
    Layout(
        "an underlined title",
        f"Harbor Piers Closed\n===================\n\nBy Jane Doe, March 28, 2025\n\n{BODY}",
    ),
    Layout(
        "a title between lines",
        f"-------------------\nHarbor Piers Closed\n-------------------\nJane Doe | 28 March 2025\n\n{BODY}",
    ),
    Layout(
        "a title on two lines",
        "Harbor Piers Closed and Ferries Moved to the\nOld Fish Market After Divers' Find\n\nBy Jane Doe\n"
        f"28 March 2025\n\n{BODY}",
        title="Harbor Piers Closed and Ferries Moved to the Old Fish Market After Divers' Find",
    ),
    Layout(
        "Spanish",
        "Cerrados los muelles del puerto\n\nPor María Pérez\n\n28 de marzo de 2025\n\n"
        f"MADRID, 28 mar (EFE).- {BODY}",
        title="Cerrados los muelles del puerto",
        authors=("María Pérez",),
        body=f"MADRID, 28 mar (EFE).- {BODY}",
    ),
    Layout(
        "German",
        "Beide Piers geschlossen\n\nFähren legen am Fischmarkt an\n\nVon Max Muster\n\n28. März 2025\n\n"
        f"Hamburg (dpa) - {BODY}",
        title="Beide Piers geschlossen",
        dek="Fähren legen am Fischmarkt an",
        authors=("Max Muster",),
        body=f"Hamburg (dpa) - {BODY}",
    ),
    Layout(
        "French",
        f"Le port ferme ses quais\n\nPar Jeanne Dupont\n\n28 mars 2025\n\nPARIS, 28 mars (AFP) - {BODY}",
        title="Le port ferme ses quais",
        authors=("Jeanne Dupont",),
        body=f"PARIS, 28 mars (AFP) - {BODY}",
    ),
    Layout(
        "Japanese",
        "港の桟橋を閉鎖\n\n2025年3月28日\n\n記者：山田太郎\n\n【大阪時事】港の当局は金曜日、二つの桟橋を閉鎖した。\n\n"
        "再開の時期は未定。",
        title="港の桟橋を閉鎖",
        authors=("山田太郎",),
        body="【大阪時事】港の当局は金曜日、二つの桟橋を閉鎖した。\n\n再開の時期は未定。",
    ),
    Layout(
        "no head at all",
        BODY,
        title="The harbor authority closed both piers on Friday after divers found that the pilings below them had …",
        authors=(),
        day="",
    ),
    Layout(
        "an old page, read by a machine",
        "HARBOR PIERS CLOSED\n\nThe harbor authority closed both piers on Fri-\n"
        "day after divers found that the pilings be-\nlow them had rotted through, and said that\n"
        "ferries would land at the old fish mar-\nket until the repairs are done.\n\n"
        '"Nobody asked us," said one of the shop-\nkeepers, whose summer was lost before it had\nbegun.',
        title="HARBOR PIERS CLOSED",
        authors=(),
        day="",
    ),
    Layout(
        "a transcript",
        "Harbor Piers Closed\n\nMarch 28, 2025\n\nJANE DOE, HOST: Both piers are closed.\n"
        "JOHN ROE: Nobody asked us.\nDOE: Why not?\n\nROE: Nobody knows.",
        authors=(),
        body="JANE DOE, HOST: Both piers are closed.\n\nJOHN ROE: Nobody asked us.\n\nDOE: Why not?\n\n"
        "ROE: Nobody knows.",
    ),
)  # fmt: skip


def read(text: str) -> Article:
    raw = RawArticle(Source("texts", "/texts"), "story.txt", MediaType.TEXT, text.encode())
    return clean(raw, now=NOW)


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout.name for layout in LAYOUTS])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_layouts(layout: Layout, ends: str) -> None:
    article = read(layout.text.replace("\n", ends))
    day = article.published.at.date().isoformat() if article.published else ""

    assert layout.body == article.body
    assert (layout.title, layout.dek, layout.authors) == (
        article.title,
        article.dek,
        article.authors,
    )
    assert (layout.day, layout.section, layout.source) == (day, article.section, article.source)


@pytest.mark.parametrize(
    "paragraph",
    [
        "By the sea there is no end of it.",
        "Copyright law was changed in 1998.",
        "(Editing by hand takes years.)",
        "Contact: that is what they lack.",
        "Share prices fell.",
        "From: here to there.",
        "End of story, he said.",
        "312 words were all that he wrote.",
        "Home is where they went.",
        "Pier 39-A-12 was the last.",
    ],
)
def test_what_only_begins_as_a_line_of_a_head_or_tail_stays(paragraph: str) -> None:
    article = read(f"Harbor Piers Closed\n\n{ONE}\n\n{paragraph}\n\n{TWO}\n\n{paragraph}")

    assert f"{ONE}\n\n{paragraph}\n\n{TWO}\n\n{paragraph}" == article.body


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("The govern-\nment and the\ngovernment.", "The government and the government."),
        ("A long-\nterm plan.", "A long-term plan."),
        ("A free-\nstanding wall.", "A free-standing wall."),
        ("A wall-\nless wall, a free-\nstanding house, a lea-\nning tower.", "A wallless wall, a freestanding house, a leaning tower."),
        ("The govern\u00ad\nment.", "The government."),
        ("From A-\nB to C.", "From A- B to C."),
    ],
)  # fmt: skip
def test_words_cut_at_the_ends_of_lines(text: str, body: str) -> None:
    assert body == read(f"Harbor Piers Closed\n\n{text}\n\n{TWO}").body.split("\n\n")[0]
