from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.article import Moment
from search.query.periods import Period, PeriodError, describe_period, parse_period

NEW_YORK = ZoneInfo("America/New_York")
TOKYO = ZoneInfo("Asia/Tokyo")
BERLIN = ZoneInfo("Europe/Berlin")
SATURDAY = datetime(2025, 3, 29, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025", "1 January to 31 December 2025"),
        ("2025-03", "1 to 31 March 2025"),
        ("2024-02", "1 to 29 February 2024"),
        ("2025-03-29", "29 March 2025"),
        (" 20250329 ", "29 March 2025"),
        ("2025-03-29T10:15", "29 March 2025 10:15 to 10:16"),
        ("2025-03-29t10:15:30", "29 March 2025 10:15:30 to 10:15:31"),
        ("2025-03-29 23:59", "29 March 2025 23:59 to 30 March 2025 00:00"),
        ("2025-03-29T10:15Z", "29 March 2025 06:15 to 06:16"),
        ("2025-03-29T10:15:30+09:00", "28 March 2025 21:15:30 to 21:15:31"),
        ("march 2025", "1 to 31 March 2025"),
        ("29 March 2025", "29 March 2025"),
        ("29-mar-2025", "29 March 2025"),
        ("Sept 9, 2025", "9 September 2025"),
        ("2025-03..2025-04", "1 March to 30 April 2025"),
        ("2024-12 .. 2025-01", "1 December 2024 to 31 January 2025"),
        ("2025-03..", "from 1 March 2025"),
        ("..2025-03", "until 31 March 2025"),
        (">=2025-03-29", "from 29 March 2025"),
        ("> 2025-03-29", "from 30 March 2025"),
        ("<=2025-03-29", "until 29 March 2025"),
        ("<2025-03-29", "until 28 March 2025"),
        ("[20250301 TO 20250331]", "1 to 31 March 2025"),
        ("[2025-03 to 2025-04}", "1 to 31 March 2025"),
        ("{2025-03 TO 2025-04]", "1 to 30 April 2025"),
        ("[* TO 2025-03]", "until 31 March 2025"),
        ("{2025-03 TO *}", "from 1 April 2025"),
        ("[last month TO today]", "1 February to 29 March 2025"),
        ("*", "any time"),
        ("9999", "from 1 January 9999"),
        ("2024..9999", "from 1 January 2024"),
    ],
)
def test_reads_dates_and_ranges(text: str, expected: str) -> None:
    assert expected == describe_period(parse_period(text, now=SATURDAY, zone=NEW_YORK), NEW_YORK)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "29 March 2025 15:30 to 15:30:01"),
        ("Today", "29 March 2025"),
        ("yesterday", "28 March 2025"),
        ("tomorrow", "30 March 2025"),
        ("last day", "28 March 2025"),
        ("last week", "17 to 23 March 2025"),
        ("this week", "24 to 30 March 2025"),
        ("next week", "31 March to 6 April 2025"),
        ("LAST MONTH", "1 to 28 February 2025"),
        ("last_month", "1 to 28 February 2025"),
        ("this month", "1 to 31 March 2025"),
        ("last quarter", "1 October to 31 December 2024"),
        ("this quarter", "1 January to 31 March 2025"),
        ("next quarter", "1 April to 30 June 2025"),
        ("past year", "1 January to 31 December 2024"),
        ("last 7 days", "22 to 29 March 2025"),
        ("7d", "22 to 29 March 2025"),
        ("past 3 months", "29 December 2024 to 29 March 2025"),
        ("1m", "28 February to 29 March 2025"),
        ("2w", "15 to 29 March 2025"),
        ("1y", "29 March 2024 to 29 March 2025"),
        ("24h", "28 March 2025 15:30 to 29 March 2025 15:30"),
        ("last 30 minutes", "29 March 2025 15:00 to 15:30"),
        ("3 days ago", "26 March 2025"),
        ("1 month ago", "28 February 2025"),
        ("5 hours ago", "29 March 2025 10:30 to 11:30"),
        ("monday", "24 March 2025"),
        ("saturday", "22 March 2025"),
        ("last saturday", "22 March 2025"),
        ("this saturday", "29 March 2025"),
        ("next Saturday", "5 April 2025"),
        ("sun", "23 March 2025"),
        ("march", "1 to 31 March 2025"),
        ("april", "1 to 30 April 2024"),
        ("last march", "1 to 31 March 2024"),
        ("next march", "1 to 31 March 2026"),
        ("this december", "1 to 31 December 2025"),
    ],
)
def test_reads_times_relative_to_now(text: str, expected: str) -> None:
    assert expected == describe_period(parse_period(text, now=SATURDAY, zone=UTC), UTC)


def test_a_day_without_a_time_is_that_day_in_almost_every_zone() -> None:
    days = [date(2025, month, 15) for month in range(1, 13)]
    exceptions = {
        zone
        for zone in available_timezones() - {"Factory", "localtime"}
        for day in days
        for moment in (Moment(datetime.combine(day, time(), TOKYO), day_only=True),)
        if moment.instant.astimezone(ZoneInfo(zone)).date() != day
    }
    offsets = {ZoneInfo(zone).utcoffset(datetime(2025, 3, 1)) for zone in exceptions}
    assert {-12, -11, 14} == {offset.total_seconds() / 3600 for offset in offsets if offset}


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        ("2025-03-29T06:00", "24h", "28 March 2025 06:00 to 30 March 2025 00:00"),
        ("2025-03-29T06:00", "6h", "29 March 2025"),
        ("2025-03-29T06:00", "5h", "29 March 2025 01:00 to 06:00"),
        ("2025-03-29T10:01", "24h", "28 March 2025 10:01 to 29 March 2025 10:01"),
        ("9999-12-31T06:00", "24h", "from 30 December 9999 06:00"),
    ],
)
def test_hours_include_the_day_that_has_no_time(now: str, text: str, expected: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert expected == describe_period(parse_period(text, now=at, zone=UTC), UTC)


@pytest.mark.parametrize(
    ("zone", "text", "start", "hours"),
    [
        (NEW_YORK, "2025-03-08", "2025-03-08T05:00Z", 24),
        (NEW_YORK, "2025-03-09", "2025-03-09T05:00Z", 23),
        (NEW_YORK, "2025-11-02", "2025-11-02T04:00Z", 25),
        (BERLIN, "2025-03-30", "2025-03-29T23:00Z", 23),
        (BERLIN, "2025-10-26", "2025-10-25T22:00Z", 25),
        (BERLIN, "2025-03", "2025-02-28T23:00Z", 31 * 24 - 1),
        (TOKYO, "2025-03-30", "2025-03-29T15:00Z", 24),
        (TOKYO, "2025-03-30T09:00+09:00", "2025-03-30T00:00Z", 1 / 60),
        (ZoneInfo("America/Havana"), "2025-03-09", "2025-03-09T05:00Z", 23),  # midnight is skipped
        (ZoneInfo("America/Havana"), "2025-11-02", "2025-11-02T04:00Z", 25),  # and comes twice
    ],
)
def test_days_are_as_long_as_clocks_make_them(
    zone: ZoneInfo, text: str, start: str, hours: float
) -> None:
    period = parse_period(text, now=SATURDAY, zone=zone)
    expected = datetime.fromisoformat(start)
    assert Period(expected, expected + timedelta(hours=hours)) == period


@pytest.mark.parametrize(
    ("zone", "expected"),
    [(NEW_YORK, "29 March 2025"), (BERLIN, "29 March 2025"), (TOKYO, "30 March 2025")],
)
def test_today_is_the_readers(zone: ZoneInfo, expected: str) -> None:
    assert expected == describe_period(parse_period("today", now=SATURDAY, zone=zone), zone)


def test_hours_are_exact_across_a_change_of_clocks() -> None:
    now = datetime(2025, 3, 9, 12, tzinfo=NEW_YORK)
    expected = Period(datetime(2025, 3, 8, 16, tzinfo=UTC), datetime(2025, 3, 9, 16, tzinfo=UTC))
    assert expected == parse_period("24h", now=now, zone=NEW_YORK)


@pytest.mark.parametrize("zone", [NEW_YORK, ZoneInfo("America/Havana")])
def test_days_of_changing_clocks_are_described_as_days(zone: ZoneInfo) -> None:
    for day in ("9 March 2025", "2 November 2025"):
        assert day == describe_period(parse_period(day, now=SATURDAY, zone=zone), zone)


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("", 0, "is no date"),
        ("  lst month", 2, "'lst month' is no date"),
        ("202503", 0, "2025-03"),
        ("2025-13", 5, "there is no month 13"),
        ("2025-02-30", 8, "February 2025 has 28 days"),
        ("30 february 2024", 0, "February 2024 has 29 days"),
        ("2025-03..2025-02-30", 17, "February 2025 has 28 days"),
        ("0999", 0, "from 1000 to 9999"),
        ("2025-03-29T24:60", 11, "there is no time 24:60"),
        ("2025-03-29T10:15+24:00", 11, "there is no time"),
        ("2025-04..2025-03", 9, "the range ends before it begins; swap them"),
        ("[20250331 TO 20250301]", 13, "swap them"),
        ("[2025 TO 2025}", 0, "empty"),
        ("[2025 TO 2026", 0, "is no date"),
        ("0h", 0, "empty"),
        (">9999", 0, "from 1000 to 9999"),
        ("1500y", 0, "from 1000 to 9999"),
        ("999999999d", 0, "from 1000 to 9999"),
        ("999999999h", 0, "from 1000 to 9999"),
        ("2025-03..foo", 9, "'foo' is no date"),
        (">=", 0, "is no date"),
    ],
)
def test_says_what_is_wrong_and_where(text: str, offset: int, words: str) -> None:
    with pytest.raises(PeriodError) as error:
        parse_period(text, now=SATURDAY, zone=UTC)
    assert words in str(error.value)
    assert offset == error.value.offset
    assert str(error.value).endswith(error.value.expected)


PIECES = st.sampled_from(
    ["2025", "9999", "1000", "-03", "-31", "T10:15", "Z", "+09:00", "..", ">", "<=", "[", "}", "]"]
) | st.sampled_from([" TO ", "*", "last ", "next ", "7", "d", " days", " ago", "month", "march"])
TEXTS = st.text() | st.lists(PIECES, max_size=8).map("".join)


@given(
    text=TEXTS,
    now=st.datetimes(datetime(1001, 1, 1), datetime(9998, 1, 1)),
    zone=st.sampled_from([NEW_YORK, TOKYO, BERLIN, ZoneInfo("Pacific/Apia")]),
)
@example(text="9999-12-31T20:00Z", now=datetime(2025, 1, 1), zone=TOKYO)
@example(text="1000-01-01T00:00Z", now=datetime(2025, 1, 1), zone=NEW_YORK)
@example(text="2011-12-30", now=datetime(2025, 1, 1), zone=ZoneInfo("Pacific/Apia"))
@example(text="ſunday", now=datetime(2025, 1, 1), zone=TOKYO)
def test_any_text_is_a_period_or_a_period_error(text: str, now: datetime, zone: ZoneInfo) -> None:
    try:
        period = parse_period(text, now=now.replace(tzinfo=zone), zone=zone)
    except PeriodError as error:
        offset = error.offset
    else:
        assert describe_period(period, zone)
        assert not (period.start and period.end) or period.start < period.end
        offset = 0
    assert 0 <= offset <= len(text)
