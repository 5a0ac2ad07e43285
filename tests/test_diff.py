from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Moment
from search.text import diff
from search.text.diff import ChangeKind, DiffPiece, ParagraphDiff

_SIGNS = {ChangeKind.SAME: "{}", ChangeKind.DELETED: "[-{}-]", ChangeKind.INSERTED: "[+{}+]"}


def drawn(pieces: tuple[DiffPiece, ...]) -> str:
    return "".join(_SIGNS[piece.change].format(piece.text) for piece in pieces)


def side(pieces: tuple[DiffPiece, ...], other: ChangeKind) -> str:
    return "".join(piece.text for piece in pieces if piece.change is not other)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("", "new", "[+new+]"),
        ("old", "", "[-old-]"),
        ("The ferry is late.", "The ferry is late.", "The ferry is late."),
        ("The ferry is late.", "The ferry is back.", "The ferry is [-late-][+back+]."),
        ("Two were hurt.", "Two people were hurt.", "Two [+people +]were hurt."),
        ("Two people were hurt.", "Two were hurt.", "Two [-people -]were hurt."),
        ("from 10 to 12 men", "from 11 to 13 men", "from [-10 to 12 -][+11 to 13 +]men"),
        ("It cost 3,000 dollars", "It cost 3,500 dollars", "It cost [-3,000 -][+3,500 +]dollars"),
        ("said Mr. O'Neill", "said Ms. O'Neill", "said [-Mr-][+Ms+]. O'Neill"),
        ("a harbor", "a harbor  ", "a harbor[+  +]"),
        ("渡船が戻った", "渡船が帰った", "渡船が[-戻-][+帰+]った"),
        ("عادت العبارة اليوم", "عادت السفينة اليوم", "عادت [-العبارة -][+السفينة +]اليوم"),
    ],
)
def test_words(old: str, new: str, expected: str) -> None:
    assert expected == drawn(diff.compare_words(old, new))


FERRY = "The ferry between the islands stopped on Monday after a pump failed."
MAYOR = "The mayor said that a second boat would come from the mainland by Friday."
SCHOOL = "Schools on the smaller island will stay closed until then."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([], [], []),
        ([FERRY, MAYOR], [FERRY, MAYOR], [FERRY, MAYOR]),
        ([FERRY], [FERRY, MAYOR], [FERRY, f"[+{MAYOR}+]"]),
        ([FERRY, SCHOOL, MAYOR], [FERRY, MAYOR], [FERRY, f"[-{SCHOOL}-]", MAYOR]),
        (
            [FERRY, SCHOOL],
            [FERRY.replace("Monday", "Tuesday"), SCHOOL],
            [FERRY.replace("Monday ", "[-Monday -][+Tuesday +]"), SCHOOL],
        ),
        ([FERRY], [SCHOOL], [f"[-{FERRY}-]", f"[+{SCHOOL}+]"]),
        (
            [SCHOOL, MAYOR],
            [FERRY, MAYOR.replace("Friday", "Sunday")],
            [f"[-{SCHOOL}-]", f"[+{FERRY}+]", MAYOR.replace("Friday", "[-Friday-][+Sunday+]")],
        ),
    ],
)
def test_paragraphs(old: list[str], new: list[str], expected: list[str]) -> None:
    found = diff.compare_paragraphs("\n\n".join(old), "\n\n".join(new))
    shown = [ParagraphDiff(tuple(p for p in each.pieces if not p.text.isspace())) for each in found]
    assert expected == [drawn(each.pieces).replace("\n\n", "") for each in shown]


def test_a_blank_line_more_is_no_change() -> None:
    found = diff.compare_paragraphs(FERRY, f"{FERRY}\n\n{MAYOR}")
    assert [False, True] == [each.is_changed for each in found]


_TEXTS = st.lists(
    st.sampled_from(["ferry ", "late", "the ", "a", ", ", "3,000", "\n\n", "\n", "渡", " ", "é."])
    | st.text(max_size=3),
    max_size=60,
).map("".join)


@given(_TEXTS, _TEXTS)
def test_both_versions_can_be_made_of_the_pieces(old: str, new: str) -> None:
    for pieces in (
        diff.compare_words(old, new),
        tuple(piece for each in diff.compare_paragraphs(old, new) for piece in each.pieces),
    ):
        assert old == side(pieces, ChangeKind.INSERTED)
        assert new == side(pieces, ChangeKind.DELETED)
        assert all(piece.text for piece in pieces)


@given(_TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert not any(each.is_changed for each in diff.compare_paragraphs(text, text))


PARTS = 20_000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * PARTS, "b a " * PARTS),
        ("a\n\nb\n\n" * PARTS, "b\n\na\n\n" * PARTS),
        ("a " * PARTS, "\n\n".join("b" * PARTS)),
        ("".join(f"{n} " for n in range(PARTS)), "".join(f"{-n} " for n in range(PARTS))),
        ("\n\n".join(map(str, range(PARTS))), "\n\n".join(map(str, reversed(range(PARTS))))),
        ("x" * PARTS, "x" * PARTS + "y"),
        (" \n" * PARTS, "\n " * PARTS),
        ("," * PARTS, ".," * PARTS),
    ],
)
def test_texts_made_to_take_long_are_compared_in_bounded_time(old: str, new: str) -> None:
    found = [piece for each in diff.compare_paragraphs(old, new) for piece in each.pieces]
    assert new == side(tuple(found), ChangeKind.DELETED)


# -- articles


def written(moment: Moment) -> str:
    return f"{moment.at:%Y-%m-%d}"


def test_fields_beside_the_text() -> None:
    day = Moment(datetime(2025, 3, 29, tzinfo=UTC), day_only=True)
    old = Article("a", "Ferry late", FERRY, authors=("Ana Roe",), section="Local")
    new = Article("a", "Ferry back", FERRY, authors=("Ana Roe", "Bo Lind"), published=day)
    found = diff.compare_articles(old, new, written)
    assert [
        ("title", "Ferry [-late-][+back+]"),
        ("authors", "Ana Roe[+, Bo Lind+]"),
        ("published", "[+2025-03-29+]"),
        ("section", "[-Local-]"),
    ] == [(each.field, drawn(each.pieces)) for each in found.fields]
    assert found


def test_an_article_does_not_differ_from_itself() -> None:
    article = Article("a", "Ferry late", FERRY)
    assert not diff.compare_articles(article, article, written)
