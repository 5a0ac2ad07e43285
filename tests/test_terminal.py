"""How answers look: wrapping, marks, dates, the summary, and when the reading is told."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Moment
from search.cli.terminal import BOLD, RESET, TerminalPage, format_summary
from search.output.wording import format_count, is_read_as_written
from search.results.answer import Answer, Explanation, Hit
from search.text.escaping import escape_terminal
from search.text.snippets import Reason, Snippet
from search.text.wrapping import HARD_SPACE, MARK_CLOSE, MARK_OPEN, measure_width, wrap_text


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("ferry", 5),
        ("硫黄島", 6),
        ("é", 1),
        ("e\u0301", 1),
        (f"{MARK_OPEN}a{MARK_CLOSE}", 1),
    ],
)
def test_width_is_in_columns(text: str, columns: int) -> None:
    assert columns == measure_width(text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [" 1  "]),
        ("the ferry", [" 1  the ferry"]),
        ("the ferry ran aground", [" 1  the ferry", "    ran", "    aground"]),
        ("a https://a.example/b c", [" 1  a", "    https://a.example/b", "    c"]),
        (f"the 1{HARD_SPACE}April 2025", [" 1  the", "    1 April", "    2025"]),
        ("硫黄島で慰霊式、参列", [" 1  硫黄島で", "    慰霊式、", "    参列"]),
        (
            f"on {MARK_OPEN}Iwo Jima island{MARK_CLOSE} now",
            [f" 1  on {MARK_OPEN}Iwo{MARK_CLOSE}", f"    {MARK_OPEN}Jima{MARK_CLOSE}",
             f"    {MARK_OPEN}island{MARK_CLOSE}",
             "    now"],
        ),
        (f"one {MARK_OPEN}ferry{MARK_CLOSE} two",
         [f" 1  one {MARK_OPEN}ferry{MARK_CLOSE}", "    two"]),
    ],
)  # fmt: skip
def test_wraps_by_columns_with_marks_on_each_line(text: str, lines: list[str]) -> None:
    assert lines == list(wrap_text(text, 13, " 1  "))


@given(st.text(st.sampled_from("ab 硫黄、「」é\u0301.\n" + MARK_OPEN + MARK_CLOSE), max_size=60))
def test_wrapping_loses_nothing_but_spaces(text: str) -> None:
    gone = {ord(char): "" for char in f" \n{MARK_OPEN}{MARK_CLOSE}"}
    assert text.translate(gone) == "".join(wrap_text(text, 10)).translate(gone)


def page(*, columns: int = 80, colour: bool = False, zone: str = "UTC") -> TerminalPage:
    return TerminalPage(columns=columns, colour=colour, zone=ZoneInfo(zone))


MORNING = Moment(datetime(2025, 3, 29, 0, 40, tzinfo=UTC))
DAY = Moment(datetime(2025, 3, 29, tzinfo=ZoneInfo("Asia/Tokyo")), day_only=True)
ARTICLE = Article(
    "id-1", "Ferry runs aground", "The ferry ran aground. Nobody was hurt.", "", "", "Courier",
    published=MORNING,
)  # fmt: skip


def answer(*hits: Hit, total: int | None = None, following: int | None = None) -> Answer:
    return Answer(
        total=len(hits) if total is None else total,
        interpreted="",
        notes=(),
        corrections=(),
        took_ms=1.25,
        hits=hits,
        facets={},
        next=following,
        cursor=None,
    )


HIT = Hit(
    ARTICLE,
    2.5,
    Snippet(ARTICLE.title, ((0, 5),), "title"),
    (Snippet("The ferry ran aground.", ((4, 9),), "body"),),
)


@pytest.mark.parametrize(
    ("moment", "zone", "shown"),
    [
        (MORNING, "UTC", "29 March 2025, 00:40"),
        (MORNING, "America/New_York", "28 March 2025, 20:40"),
        (DAY, "America/New_York", "29 March 2025"),
        (None, "UTC", "no date"),
    ],
)
def test_dates_are_in_the_project_s_zone_and_days_in_their_own(
    moment: Moment | None, zone: str, shown: str
) -> None:
    assert shown == page(zone=zone).format_date(moment)


def test_a_hit_is_title_source_and_date_then_snippets_then_id() -> None:
    assert [
        " 1  Ferry runs aground · Courier · 29 March 2025, 00:40",
        "    The ferry ran aground.",
        "    id-1",
        "",
    ] == list(page().render_answer(answer(HIT), 0))


def test_matches_are_bold_on_a_terminal() -> None:
    lines = list(page(colour=True).render_answer(answer(HIT), 0))
    assert f" 1  {BOLD}Ferry{RESET} runs aground · Courier · 29 March 2025, 00:40" == lines[0]
    assert f"    The {BOLD}ferry{RESET} ran aground." == lines[1]


def test_a_narrow_terminal_is_kept_to_and_dates_stay_whole() -> None:
    assert [
        " 1  Ferry runs aground · Courier ·",
        "    29 March 2025, 00:40",
    ] == list(page(columns=38).render_answer(answer(HIT), 0))[:2]


def test_numbers_of_a_later_page_are_aligned() -> None:
    lines = list(page().render_answer(answer(HIT, HIT), 98))
    assert [" 99  ", "     ", "     ", "", "100  "] == [line[:5] for line in lines[:5]]


@pytest.mark.parametrize(
    ("score", "explanation", "said"),
    [
        (
            2.5,
            Explanation((Reason("ferry", "title", 1), Reason("ferry", "body", 3)), 0.0),
            ["> ferry: once in the title (each counts 2 times), 3 times in the text",
             "> score 2.50"],
        ),
        (
            2.5,
            Explanation((Reason("lead:ferry", "title", 2), Reason("ran", "body", 2)), 1.0),
            ["> lead:ferry: twice in the title", "> ran: twice in the text",
             "> 1.00 added for being recent", "> score 2.50"],
        ),
        (0.0, Explanation((), 0.0), ["> ordered by date"]),
        (
            1.0,
            Explanation((), 0.0),
            ["> found by its fields; none of the words stand in its text", "> score 1.00"],
        ),
    ],
)  # fmt: skip
def test_an_explanation_is_in_words(
    score: float, explanation: Explanation, said: list[str]
) -> None:
    hit = Hit(ARTICLE, score, HIT.title, (), explanation)
    assert said == [line.strip() for line in list(page().render_answer(answer(hit), 0))[1:-2]]


@pytest.mark.parametrize(
    ("found", "offset", "said"),
    [
        (answer(), 0, "no article found (1.2 ms)"),
        (answer(HIT), 0, "1 article (1.2 ms)"),
        (answer(HIT, HIT), 0, "2 articles (1.2 ms)"),
        (answer(HIT, HIT, total=1200, following=2), 0,
         "1,200 articles, 1 to 2 shown; more with --offset 2 (1.2 ms)"),
        (answer(HIT, total=3, following=2), 1,
         "3 articles, number 2 shown; more with --offset 2 (1.2 ms)"),
        (answer(HIT, HIT, total=4), 2, "4 articles, 3 to 4 shown (1.2 ms)"),
        (answer(total=4), 900, "4 articles, none from number 901 on (1.2 ms)"),
    ],
)  # fmt: skip
def test_the_summary_counts_and_says_what_is_shown(found: Answer, offset: int, said: str) -> None:
    assert said == format_summary(found, offset)


@pytest.mark.parametrize(
    ("text", "interpreted", "plain"),
    [
        ("Iwojima  alliance", "Iwojima alliance", True),
        ("who won?", "who won", True),
        ("a AND b", "a b", True),
        ("a NOT b", "a -b", True),
        ("“Iwo Jima”", '"Iwo Jima"', True),
        ("date:2025-03", "date:2025-03", True),
        ("Iwojima", "Iwojima OR Iwoto", False),
        ("date:yesterday", "date:2025-03-31", False),
        ("ferry & bus", "ferry bus", False),
        ("a NOT (b c)", "a -(b c)", False),
    ],
)
def test_the_reading_is_told_only_if_it_is_not_obvious(
    text: str, interpreted: str, plain: bool
) -> None:
    assert plain is is_read_as_written(text, interpreted)


def test_nothing_that_steers_a_terminal_gets_through() -> None:
    assert "a\ufffd[31mb\ufffdc d" == escape_terminal(f"a\x1b[31mb\x9bc{MARK_OPEN}d")
    hostile = Article("x\x1b]0;", "\x1b[2Jtitle", "body", source="s\x07")
    hit = Hit(hostile, 1.0, Snippet(hostile.title, (), "title"))
    lines = [*page().render_answer(answer(hit), 0), *page().render_article(hostile)]
    assert all(char.isprintable() for line in lines for char in line)


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0 articles"), (1, "1 article"), (2000, "2,000 articles")]
)
def test_counts_things(number: int, shown: str) -> None:
    assert shown == format_count(number, "article")
