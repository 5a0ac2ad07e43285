from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Moment
from indexer.clean.dates import parse_date

NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YORK = ZoneInfo("America/New_York")
DELHI = ZoneInfo("Asia/Kolkata")


def read(text: str, zone: tzinfo = UTC) -> str | None:
    """The instant in UTC, or the day, that a text is read as."""
    moment = parse_date(text, zone=zone, now=NOW)
    if moment is None:
        return None
    if moment.day_only:
        assert (moment.at.tzinfo, moment.at.hour, moment.at.minute) == (zone, 0, 0)
        return moment.at.date().isoformat()
    return moment.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-29",
        " 2025-03-29\n",
        "20250329",
        "2025/03/29",
        "2025/3/29",
        "2025.03.29",
        "2025-3-29",
        "2025-03-29Z",
        "2025-03-29+09:00",
        "29 March 2025",
        "29 MARCH 2025",
        "29 Mar 2025",
        "29-Mar-2025",
        "29-Mar-25",
        "29/Mar/2025",
        "29th March 2025",
        "29th of March, 2025",
        "29. März 2025",
        "29 mars 2025",
        "29 de marzo de 2025",
        "Samedi 29 mars 2025",
        "2025年3月29日",
        "2025년 3월 29일",
        "29 marca 2025",
        "2025. március 29.",
        "29 tháng 3, 2025",
        "March 29, 2025",
        "March 29 2025",
        "March 29th, 2025",
        "Mar. 29, 2025",
        "Mar 29,2025",
        "29.03.2025",
        "29.3.2025",
        "29/03/2025",
        "03/29/2025",
        "29-03-2025",
        "Saturday, March 29, 2025",
        "Sat 29 Mar 2025",
        "Published: 29 March 2025",
        "Published on March 29, 2025",
        "Date: 2025-03-29",
        "Published March 29, 2025, last updated March 31, 2025",
        "Published March 29, 2025, updated March 31, 2025 10:15",
        "March 29, 2025 10:15 XYZ",
        "March 29, 2025 10:15 IST",
        "2025-03-29T25:00:00",
        "March 29, 2025 at 25:15",
    ],
)
def test_day(text: str) -> None:
    assert read(text) == "2025-03-29"
    assert read(text, TOKYO) == "2025-03-29"


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-29T14:15:00Z",
        "2025-03-29T14:15:00.999Z",
        "2025-03-29T14:15:00,123456789Z",
        "2025-03-29t14:15:00+00:00",
        "2025-03-29 14:15:00+0000",
        "2025-03-29 14:15:00 +0000",
        "2025-03-29 14:15:00 UTC",
        "2025-03-29 14:15:00.250 UTC",
        "2025-03-29T23:15:00+09:00",
        "2025-03-29T23:15:00+0900",
        "2025-03-29T23:15+09",
        "20250329T141500Z",
        "1743257700",
        "1743257700000",
        "Sat, 29 Mar 2025 14:15:00 GMT",
        "Sat, 29 Mar 2025 10:15:00 -0400",
        "Sat, 29 Mar 2025 10:15:00 -0400 (EDT)",
        "29 Mar 2025 10:15:00 EDT",
        "Saturday, 29-Mar-25 14:15:00 GMT",
        "Sat Mar 29 14:15:00 UTC 2025",
        "Sat Mar 29 14:15:00 +0000 2025",
        "Sat Mar 29 2025 23:15:00 GMT+0900 (Japan Standard Time)",
        "Mar. 29, 2025 10:15 a.m. EDT",
        "March 29, 2025, 10:15 AM ET",
        "March 29, 2025 10:15am ET",
        "March 29, 2025 at 7:15 a.m. PT",
        "10:15 AM ET, Sat March 29, 2025",
        "Updated 10:15 AM ET, Sat March 29, 2025",
        "Updated 1415 GMT (2215 HKT) March 29, 2025",
        "Sat 29 Mar 2025 14.15 GMT",
        "14:15 29 March 2025",
        "29/03/2025 14:15",
        "29.03.2025, 14:15 Uhr",
        "29.03.2025 - 15:15 CET",
        "29. März 2025, 15.15 Uhr MEZ",
        "Publié le 29 mars 2025 à 14h15",
        "Published: 2025-03-29 14:15",
        "Posted on March 29, 2025 2:15 PM",
        "2025年3月29日 14:15",
    ],
)
def test_instant(text: str) -> None:
    assert read(text) == "2025-03-29T14:15:00"


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2025-03-29T10:15", NEW_YORK, "2025-03-29T14:15:00"),
        ("20250329101500", NEW_YORK, "2025-03-29T14:15:00"),
        ("March 29, 2025 10:15 a.m.", NEW_YORK, "2025-03-29T14:15:00"),
        ("March 29, 2025 12:15 a.m.", UTC, "2025-03-29T00:15:00"),
        ("March 29, 2025 12:15 p.m.", UTC, "2025-03-29T12:15:00"),
        ("March 29, 2025 3 PM ET", UTC, "2025-03-29T19:00:00"),
        ("January 29, 2025 3 PM ET", UTC, "2025-01-29T20:00:00"),
        ("March 29, 2025 Updated 3:14 PM ET", UTC, "2025-03-29T19:14:00"),
        ("29 March 2025 19:45 IST", DELHI, "2025-03-29T14:15:00"),
        ("29 March 2025 22:15 CST", ZoneInfo("Asia/Shanghai"), "2025-03-29T14:15:00"),
        ("29 March 2025 08:15 CST", UTC, "2025-03-29T14:15:00"),
        ("26-FEB-1987 15:01:01.79", UTC, "1987-02-26T15:01:01"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", UTC, "1994-11-06T08:49:37"),
        ("1843-09-02", UTC, "1843-09-02"),
        ("03/03/2025", UTC, "2025-03-03"),
        ("01.02.2025", UTC, "2025-02-01"),
        ("2025-04-02T11:59:00Z", UTC, "2025-04-02T11:59:00"),
        ("10:15 June 5, 2024", UTC, "2024-06-05T10:15:00"),
        ("10:15 MARCH 5, 2024", UTC, "2024-03-05T10:15:00"),
    ],
)
def test_zones_and_times(text: str, zone: tzinfo, expected: str) -> None:
    assert read(text, zone) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "yesterday",
        "2 hours ago",
        "2025",
        "March 2025",
        "29 March",
        "3:14 PM ET",
        "Updated 3:14 PM ET",
        "03/04/2025",
        "3-4-2025",
        "2025-02-30",
        "2025-13-01",
        "31 June 2024",
        "32 March 2025",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "1599-12-31",
        "2025-04-02T12:01:00Z",
        "2026-01-01",
        "9999-12-31T23:59:59-23:59",
        "99999999999999",
        "1234567",
        "12345678901234567890",
        "-1743257700",
        "²⁰²⁵",
        "The 29 March 2025 meeting",
        "On March 29, 2025, U.S. Defense Secretary Pete Hegseth affirmed",
        "Today : Apr 01, 2025",
        "Article 29.03.2025.17",
        "March 29, 2025 " + "x" * 1000,
        "1:1:" * 40,
    ],
)
def test_no_date(text: str) -> None:
    assert read(text) is None


def test_an_offset_is_kept() -> None:
    moment = parse_date("2025-03-29T10:15:00-04:00", zone=UTC, now=NOW)

    assert moment is not None
    assert (moment.at.hour, moment.at.utcoffset()) == (10, NEW_YORK.utcoffset(moment.at))


@given(st.datetimes(datetime(1700, 1, 1), datetime(2025, 3, 31), timezones=st.just(UTC)))
def test_what_is_written_in_many_ways_is_read_back(at: datetime) -> None:
    at = at.replace(microsecond=0)
    expected = Moment(at)

    for form in (
        at.isoformat(),
        at.strftime("%d %B %Y %H:%M:%S UTC"),
        at.strftime("%a %b %d %X UTC %Y"),
    ):
        assert parse_date(form, zone=TOKYO, now=NOW) == expected


@given(
    st.text(
        alphabet="0123456789:-/.,+ TZzAaPpMmGgarchbu年月日\u0660\u00b2\0", min_size=4, max_size=40
    )
)
def test_any_text_is_read_or_not(text: str) -> None:
    moment = parse_date(text, zone=UTC, now=NOW)

    assert moment is None or 1600 <= moment.at.year <= 2025
