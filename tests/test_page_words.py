from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from corpus.article import Moment
from search.query.nodes import Range
from search.query.parser import parse, placed
from search.web.pages.labels import format_date_range, label_moment, label_value
from search.web.pages.refinement import Narrowing, list_filters

NOW = datetime(2025, 4, 1, 1, 0, tzinfo=UTC)
TOKYO, UTC_ZONE = ZoneInfo("Asia/Tokyo"), ZoneInfo("UTC")


def narrowing(text: str) -> Narrowing:
    return Narrowing(placed(text, now=NOW, zone=UTC_ZONE), UTC_ZONE)


@pytest.mark.parametrize(
    ("text", "narrowed"),
    [
        ("ferry", 'ferry source:="AP"'),
        ("ferry fog", 'ferry fog source:="AP"'),
        ("ferry OR fog", '(ferry OR fog) source:="AP"'),
        ("*", 'source:="AP"'),
        ("-fog", '-fog source:="AP"'),
        ("when:7d ferry", 'when:7d ferry source:="AP"'),
    ],
)
def test_a_value_is_added_to_what_is_written(text: str, narrowed: str) -> None:
    assert narrowed == narrowing(text).add_value("source", "AP")


@pytest.mark.parametrize(
    ("text", "narrowed"),
    [
        ("ferry", "ferry date:2025-03"),
        ("date:2025 ferry", "ferry date:2025-03"),
        ("ferry after:2025-03-10", "ferry date:2025-03-10..2025-03-31"),
        ("after:2025-03-10 before:2025-03-12 ferry", "ferry date:2025-03-10..2025-03-11"),
        ("ferry -date:2025-03-10", "ferry -date:2025-03-10 date:2025-03"),
        ("*", "date:2025-03"),
    ],
)
def test_a_bar_narrows_the_dates_that_are_there(text: str, narrowed: str) -> None:
    march = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC)
    assert narrowed == narrowing(text).narrow_dates(*march)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ferry", []),
        ("ferry OR source:x", []),
        ("(ferry fog)", []),
        ('source:="AP News"', ["source AP News"]),
        ('place:"Gull Island"', ['place "Gull Island"']),
        ("intitle:fog", ["headline fog"]),
        ("language:=en-GB", ["language English (en-GB)"]),
        ("words:>=600", ["length >=600"]),
        ("date:none", ["date none"]),
        ("-fog", ["not fog"]),
        ("NOT (fog OR ice)", ["not (fog OR ice)"]),
        ("-person:Keel", ["not person Keel"]),
        ("title:(fog OR ice)", ["title:(fog OR ice)"]),
        ("-date:2024", ["not published 2024"]),
        ("after:2025-03-10", ["published from 10 March 2025"]),
    ],
)
def test_filters_are_told_apart_from_words(text: str, shown: list[str]) -> None:
    found = list_filters(narrowing(text))
    assert shown == [
        " ".join(filter(None, ["not" if one.negated else "", one.label, one.value]))
        for one in found
    ]


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ("2025", "2025"),
        ("2024..2025", "2024 to 2025"),
        ("2025-03", "March 2025"),
        ("2025-03..2025-04", "March to April 2025"),
        ("2024-12..2025-01", "December 2024 to January 2025"),
        ("2025-03-29", "29 March 2025"),
        ("2025-03-29..2025-04-02", "29 March to 2 April 2025"),
        ("<2025", "until 31 December 2024"),
    ],
)
def test_ranges_of_dates_in_words(dates: str, words: str) -> None:
    wanted = parse(f"date:{dates}", now=NOW, zone=TOKYO)
    assert isinstance(wanted, Range)
    assert words == format_date_range(wanted, TOKYO)


@pytest.mark.parametrize(
    ("at", "day_only", "words", "exact"),
    [
        ("2025-04-01T00:30:00Z", False, "today", "Tuesday 1 April 2025, 09:30 UTC+09:00"),
        ("2025-03-31T14:00:00Z", False, "yesterday", "Monday 31 March 2025, 23:00 UTC+09:00"),
        ("2025-03-31T15:00:00Z", False, "today", "Tuesday 1 April 2025, 00:00 UTC+09:00"),
        ("2025-03-31T00:00:00-04:00", True, "yesterday", "Monday 31 March 2025"),
        ("1907-03-29T00:00:00Z", True, "29 March 1907", "Friday 29 March 1907"),
        ("2025-04-02T12:00:00Z", False, "2 April 2025", "Wednesday 2 April 2025, 21:00 UTC+09:00"),
    ],
)
def test_moments_in_the_readers_words_and_exactly(
    at: str, day_only: bool, words: str, exact: str
) -> None:
    found = label_moment(Moment(datetime.fromisoformat(at), day_only), NOW, TOKYO)
    assert (words, exact) == (found.words, found.exact)


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("section", "gun_control", "Gun control"),
        ("section", "Sport", "Sport"),
        ("section", "World/Asia", "World/Asia"),
        ("language", "en", "English"),
        ("language", "pt-BR", "Portuguese (pt-BR)"),
        ("language", "tlh", "tlh"),
        ("source", "apnews.com", "apnews.com"),
    ],
)
def test_values_as_they_are_shown(field: str, value: str, shown: str) -> None:
    assert shown == label_value(field, value)
