"""Query text to tree: a table of readings, of errors, and what holds for any text."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.article import make_article_id
from indexer.schema import FACET_FIELDS
from search.query.foreign_syntax import strip_syntax
from search.query.nodes import (
    All,
    And,
    Fuzzy,
    Missing,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Term,
    make_value_query,
)
from search.query.parser import MAX_CLAUSES, MAX_DEPTH, MAX_QUERY_CHARS, parse_query, split_query
from search.query.query_errors import (
    BadValueError,
    EmptyQueryError,
    QueryError,
    QueryLimitError,
    SyntaxProblemError,
    UnclosedQuoteError,
    UnknownFieldError,
)
from tests.strategies import QUERIES

NOW = datetime(2025, 4, 1, 12, 0, tzinfo=UTC)


def read(text: str, zone: str = "UTC") -> Query:
    return parse_query(text, now=NOW, zone=ZoneInfo(zone))


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


A, B, C = Term("a"), Term("b"), Term("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Iwojima", Term("Iwojima")),
        ("Iwojima alliance", And((Term("Iwojima"), Term("alliance")))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("(a b) c", And((A, B, C))),
        ("a and b or not c", And((A, Term("and"), B, Term("or"), Term("not"), C))),
        ("a -b", And((A, Not(B)))),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a -(b OR c)", And((A, Not(Or((B, C)))))),
        ("-a", And((All(), Not(A)))),
        ("a OR -b", Or((A, And((All(), Not(B)))))),
        ("NOT -a", A),
        ("post-war", Term("post-war")),
        ("U.S.-Japan", Term("U.S.-Japan")),
        ("a - b", And((A, B))),
        ("*", All()),
        ("* -a", And((All(), Not(A)))),
        ('"Iwo Jima" veterans', And((Phrase("Iwo Jima"), Term("veterans")))),
        ("“Iwo Jima”", Phrase("Iwo Jima")),
        ("«Iwo  Jima»", Phrase("Iwo Jima")),
        ('="expenses"', Phrase("expenses", exact=True)),
        ("=expenses", Term("expenses", exact=True)),
        ("title:alliance", Term("alliance", "title")),
        ("intitle:alliance", Term("alliance", "title")),
        ("Title:alliance", Term("alliance", "title")),
        ('title:"trade war"', Phrase("trade war", "title")),
        ('title:="trade"', Phrase("trade", "title", exact=True)),
        ("title:(a OR b)", Or((Term("a", "title"), Term("b", "title")))),
        ("title:(a body:b)", And((Term("a", "title"), Term("b", "body")))),
        ("-title:a b", And((Not(Term("a", "title")), B))),
        ("source:apnews.com", Term("apnews.com", "source")),
        ("site:apnews.com", Term("apnews.com", "source")),
        ('entity:"Iwo Jima"', Phrase("Iwo Jima", "entity")),
        ("person:Ishiba", Term("Ishiba", "person")),
        ('"Japan alliance"~5', Near(("japan", "alliance"), 5)),
        ("Japan w/5 alliance", Near(("japan", "alliance"), 5)),
        ("Japan W/5 alliance", Near(("japan", "alliance"), 5)),
        ("a w/3 b w/3 c", Near(("a", "b", "c"), 3)),
        ("title:a w/3 b", Near(("a", "b"), 3, "title")),
        ("x a w/3 b y", And((Term("x"), Near(("a", "b"), 3), Term("y")))),
        ('"a"~5', A),
        ("secur*", Prefix("secur")),
        ("title:Secur*", Prefix("secur", "title")),
        ("Hegsteh~", Fuzzy("hegsteh", 1)),
        ("Hegsteh~2", Fuzzy("hegsteh", 2)),
        ("lead:earthquake", Term("earthquake", "lead")),
        ("words:>=600", Range("words", 600, None)),
        ("words:<600", Range("words", None, 600)),
        ("words:<=600", Range("words", None, 601)),
        ("words:>600", Range("words", 601, None)),
        ("words:600", Range("words", 600, 601)),
        ("words:300..600", Range("words", 300, 601)),
        ("words:300..", Range("words", 300, None)),
        ("words:[300 TO 600]", Range("words", 300, 601)),
        ("words:[300 TO 600}", Range("words", 300, 600)),
        ("words:[* TO 600]", Range("words", None, 601)),
        ("date:none", Missing("date")),
        ("10:30", Term("10:30")),
        ("AT&T", Term("AT&T")),
        ("AT & T bid", And((Phrase("AT & T"), Term("bid")))),
        ("source:AT & T", Phrase("AT & T", "source")),
        ("Marks & Spencer", And((Term("Marks"), Term("Spencer")))),
        ("C++", Term("C++")),
        ("(C++), C#.", And((Term("C++"), Term("C#")))),
        ("title:=C#", Term("C#", "title", exact=True)),
        ("-.NET,", And((All(), Not(Term(".NET"))))),
        ("C++* C++~1", And((Prefix("c++"), Fuzzy("c++", 1)))),
        ("C+ a# ...b +++ #5 5+", And((Term("C"), Term("a#"), B, Term("5"), Term("5")))),
        ("who won?", And((Term("who"), Term("won")))),
        ("'title:a'", Phrase("title:a")),
        ("'AND", Phrase("AND")),
        ("riots: woman", And((Term("riots"), Term("woman")))),
    ],
)
def test_reads(text: str, tree: Query) -> None:
    assert tree == read(text)


def test_a_web_address_is_the_article_there() -> None:
    expected = Term(
        make_article_id(url="https://example.com/a", external_id="", source="", path=""), "id"
    )
    assert expected == read("http://EXAMPLE.com/a/?utm_source=x")
    assert expected == read("url:https://example.com/a#top")


@pytest.mark.parametrize(
    ("text", "zone", "start", "end"),
    [
        ("date:2025-03", "UTC", "2025-03-01T00:00Z", "2025-04-01T00:00Z"),
        ("date:2025-03", "Asia/Tokyo", "2025-03-01T00:00+09:00", "2025-04-01T00:00+09:00"),
        ("date:2025-03", "America/New_York", "2025-03-01T00:00-05:00", "2025-04-01T00:00-04:00"),
        ("date:[20250301 TO 20250331]", "UTC", "2025-03-01T00:00Z", "2025-04-01T00:00Z"),
        ("date:2025-03..2025-04", "UTC", "2025-03-01T00:00Z", "2025-05-01T00:00Z"),
        ("date:'last month'", "UTC", "2025-03-01T00:00Z", "2025-04-01T00:00Z"),
        ('date:"last month"', "UTC", "2025-03-01T00:00Z", "2025-04-01T00:00Z"),
        ("date:yesterday", "UTC", "2025-03-31T00:00Z", "2025-04-01T00:00Z"),
        ("updated:2025-03-29", "UTC", "2025-03-29T00:00Z", "2025-03-30T00:00Z"),
    ],
)
def test_reads_dates(text: str, zone: str, start: str, end: str) -> None:
    field = text.partition(":")[0]
    assert Range(field, seconds(start), seconds(end)) == read(text, zone)


def test_after_is_from_that_day_on_and_before_until_the_day_before() -> None:
    expected = And(
        (
            Range("date", seconds("2025-03-01T00:00Z"), None),
            Range("date", None, seconds("2025-04-01T00:00Z")),
        )
    )
    assert expected == read("after:2025-03-01 before:2025-04-01")
    assert Range("date", seconds("2025-03-29T00:00Z"), None) == read("date:>=2025-03-29")


@pytest.mark.parametrize(
    ("text", "error", "place", "says"),
    [
        ("", EmptyQueryError, 0, "nothing to search for"),
        ("   ", EmptyQueryError, 0, "nothing to search for"),
        ("& -- !", EmptyQueryError, 0, "nothing to search for"),
        ('""', EmptyQueryError, 0, "nothing to search for"),
        ("titel:flood", UnknownFieldError, 0, "did you mean title:?"),
        ("flood xyzzy:a", UnknownFieldError, 6, "fields: title"),
        ('"Iwo Jima', UnclosedQuoteError, 0, "close it"),
        ("flood “Iwo Jima", UnclosedQuoteError, 6, "close it"),
        ("(a b", SyntaxProblemError, 0, "never closed"),
        ("a b)", SyntaxProblemError, 3, "closes nothing"),
        ("a AND", SyntaxProblemError, 2, "nothing follows AND"),
        ("AND a", SyntaxProblemError, 0, "between two things"),
        ("a OR", SyntaxProblemError, 2, "nothing follows OR"),
        ("OR a", SyntaxProblemError, 0, "between two things"),
        ("a NOT", SyntaxProblemError, 2, "nothing follows NOT"),
        ("title: flood", SyntaxProblemError, 0, "without a space"),
        ("a w/5", SyntaxProblemError, 2, "nothing follows w/"),
        ("a w/0 b", SyntaxProblemError, 2, "a distance is"),
        ("a w/5 b w/6 c", SyntaxProblemError, 8, "one distance"),
        ('a w/5 "b c"', SyntaxProblemError, 0, "two single words"),
        ("title:a w/5 body:b", SyntaxProblemError, 0, "one field"),
        ("se*ure", SyntaxProblemError, 0, "end of a word"),
        ("*ure", SyntaxProblemError, 0, "end of a word"),
        ("post-war*", SyntaxProblemError, 0, "one single word"),
        ("all-star*", SyntaxProblemError, 0, "one single word"),
        ("UN-led w/5 talks", SyntaxProblemError, 0, "two single words"),
        ("word~3", SyntaxProblemError, 0, "1 or 2 typos"),
        ("source:ap*", SyntaxProblemError, 7, "whole values"),
        ("date:2025-13", BadValueError, 5, "expected"),
        ("date:2025-02-30", BadValueError, 5, "expected"),
        ("date:2025-04..2025-03", BadValueError, 5, "expected"),
        ("date:[2025-03 TO", SyntaxProblemError, 5, "never closed"),
        ("date:soonish", BadValueError, 5, "expected"),
        ("words:many", BadValueError, 6, "600"),
        ("words:600..300", BadValueError, 6, "no number"),
        ("words:" + "9" * 30, BadValueError, 6, "too large"),
        ("url:nothing", BadValueError, 4, "web address"),
        ("x" * (MAX_QUERY_CHARS + 1), QueryLimitError, MAX_QUERY_CHARS, "longer than"),
        ("(" * (MAX_DEPTH + 1), QueryLimitError, MAX_DEPTH, "deep"),
        ("a " * (MAX_CLAUSES + 1), QueryLimitError, None, "words"),
    ],
)
def test_errors_point_at_their_place(
    text: str, error: type[QueryError], place: int | None, says: str
) -> None:
    with pytest.raises(error) as caught:
        read(text)
    assert says in str(caught.value)
    if place is not None:
        assert place == caught.value.start


def test_an_error_shows_a_caret_under_its_place() -> None:
    with pytest.raises(UnknownFieldError) as caught:
        read("flood titel:x")
    lines = str(caught.value).splitlines()
    assert "  flood titel:x" == lines[1]
    assert "        ^^^^^" == lines[2]


def read_or_error(text: str, zone: str = "UTC") -> Query | QueryError:
    try:
        return read(text, zone)
    except QueryError as err:
        return err


@given(QUERIES)
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    result = read_or_error(text)
    if isinstance(result, QueryError):
        assert str(result)
        assert 0 <= result.start <= len(text)


@given(QUERIES, st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York"]))
def test_a_query_printed_and_read_again_is_the_same(text: str, zone: str) -> None:
    query = read_or_error(text, zone)
    if not isinstance(query, QueryError):
        assert query == read(str(query), zone)


@given(value=st.text(min_size=1, max_size=60), field=st.sampled_from(FACET_FIELDS))
@example(value='"', field="source")
@example(value='“Weird” "Al"', field="person")
@example(value=" two  spaces\n", field="org")
def test_any_value_of_a_facet_can_be_written_down(value: str, field: str) -> None:
    narrowed = make_value_query(field, value)
    assert narrowed == parse_query(str(narrowed), now=NOW, zone=UTC)
    assert And((Term("ferry"), narrowed)) == parse_query(f"ferry {narrowed}", now=NOW, zone=UTC)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a b", ["a", "b"]),
        ("a AND  b", ["a", "b"]),
        ("a OR b", ["(a OR b)"]),
        ("(a OR b)", ["(a OR b)"]),
        ("(a b) c", ["(a b)", "c"]),
        ("NOT x a", ["NOT x", "a"]),
        ("-x", ["-x"]),
        ("a w/5 b date:'last month'", ["a w/5 b", "date:'last month'"]),
        ("“Iwo Jima” source:=x", ["“Iwo Jima”", "source:=x"]),
        ("* a", ["a"]),
        ("*", []),
        (" — a", ["a"]),
    ],
)
def test_what_a_query_asks_for_together(text: str, pieces: list[str]) -> None:
    found = split_query(text, now=NOW, zone=ZoneInfo("UTC"))
    assert pieces == [one.text for one in found]


@given(text=QUERIES)
def test_the_pieces_of_any_query_ask_for_the_same_side_by_side(text: str) -> None:
    query = read_or_error(text)
    if isinstance(query, QueryError):
        return
    pieces = split_query(text, now=NOW, zone=ZoneInfo("UTC"))
    again = read(" ".join(one.text for one in pieces) or "*")
    assert without_all(query) == without_all(again)


def without_all(query: Query) -> Query:
    """A query without the `*` beside what narrows it, which changes nothing."""
    if not isinstance(query, And):
        return query
    left = tuple(each for each in query.clauses if not isinstance(each, All))
    return left[0] if len(left) == 1 else And(left) if left else All()


def test_pasted_text_keeps_the_symbols_of_names() -> None:
    assert "C++ C# a b or c" == strip_syntax("C++: C# a+b OR (c+++")
