from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Moment
from indexer.clean.dates.date_reader import DateReader

NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YORK = ZoneInfo("America/New_York")
DELHI = ZoneInfo("Asia/Kolkata")


def read(text: str, zone: tzinfo = UTC) -> str | None:
    """The instant in UTC, or the day, that a text is read as."""
    moment = DateReader(zone, NOW).parse(text)
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


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("15. listopada 2023.", "hr", "2023-10-15"),
        ("15 listopada 2023", "pl", "2023-11-15"),
        ("15. listopadu 2023", "cs", "2023-11-15"),
        ("15. srpna 2023", "cs", "2023-08-15"),
        ("15. srpnja 2023.", "hr", "2023-07-15"),
        ("15 maj 2023", "sv", "2023-05-15"),
        ("15. maja 2023", "sl", "2023-05-15"),
        ("MAJ le 15 mai 2023", "fr", "2023-05-15"),
        ("22.10.23", "de", "2023-10-22"),
        ("22.10.23, 14:05 Uhr", "de", "2023-10-22"),
        ("22/10/23", "fr", "2023-10-22"),
        ("22/10/23", "en-GB", "2023-10-22"),
        ("10/22/23", "en-US", "2023-10-22"),
        ("23.10.22", "ko", "2023-10-22"),
        ("23/10/22", "ja", "2023-10-22"),
        ("03/04/2023", "it", "2023-04-03"),
        ("الأحد 15 أكتوبر/تشرين الأول 2023", "ar", "2023-10-15"),
        ("١٥ أكتوبر ٢٠٢٣", "ar", "2023-10-15"),
        ("15 تشرين الثاني 2023", "ar", "2023-11-15"),
        ("15 أوت 2023", "ar", "2023-08-15"),
        ("15 באוקטובר 2023", "he", "2023-10-15"),
        ("יום ראשון, 15 באוקטובר 2023", "he", "2023-10-15"),
        ("15 ΟΚΤΩΒΡΙΟΥ 2023", "el", "2023-10-15"),
        ("Κυριακή 15 Οκτωβρίου 2023", "el", "2023-10-15"),
        ("15 EKİM 2023", "tr", "2023-10-15"),
        ("15 Kasım 2023", "tr", "2023-11-15"),
        ("15 ตุลาคม 2566", "th", "2023-10-15"),
        ("15 ต.ค. 66", "th", "2023-10-15"),
        ("15/10/2566", "th", "2023-10-15"),
        ("๑๕ ตุลาคม ๒๕๖๖", "th", "2023-10-15"),
        ("۲۳ مهر ۱۴۰۲", "fa", "2023-10-15"),
        ("1402/07/23", "fa", "2023-10-15"),
        ("۱۴۰۲/۰۷/۲۳", "", "2023-10-15"),
        ("1402-07-23", "fa", "2023-10-15"),
        ("1 ربيع الآخر 1445 هـ", "ar", "2023-10-16"),
        ("1445/04/01", "ar", "2023-10-16"),
        ("1 ربيع الآخر 1445 هـ الموافق 16 أكتوبر 2023 م", "ar", "2023-10-16"),
        ("令和5年10月15日", "ja", "2023-10-15"),
        ("平成31年4月30日", "ja", "2019-04-30"),
        ("令和元年5月1日", "ja", "2019-05-01"),
        ("民國112年10月15日", "zh-TW", "2023-10-15"),
        ("二〇二三年十月十五日", "zh", "2023-10-15"),
        ("2019年05月15日", "zh", "2019-05-15"),
        ("15 mrt. 2023", "nl", "2023-03-15"),
        ("15 de setiembre de 2023", "es", "2023-09-15"),
        ("15 d’octubre de 2023", "ca", "2023-10-15"),
        ("15 ottobre 2023", "it", "2023-10-15"),
        ("1º de outubro de 2023", "pt", "2023-10-01"),
        ("15 октября 2023 г.", "ru", "2023-10-15"),
        ("15 жовтня 2023", "uk", "2023-10-15"),
        ("15. октобра 2023.", "sr", "2023-10-15"),
        ("2023. október 15.", "hu", "2023-10-15"),
        ("2023. gada 15. oktobris", "lv", "2023-10-15"),
        ("2023 m. spalio 15 d.", "lt", "2023-10-15"),
        ("15. lokakuuta 2023", "fi", "2023-10-15"),
        ("15 tháng 10, 2023", "vi", "2023-10-15"),
        ("Chủ nhật, 15 tháng 10 năm 2023", "vi", "2023-10-15"),
        ("15 अक्टूबर 2023", "hi", "2023-10-15"),
        ("১৫ অক্টোবর ২০২৩", "bn", "2023-10-15"),
        ("15 ოქტომბერი, 2023", "ka", "2023-10-15"),
        ("15 octombrie 2023", "ro", "2023-10-15"),
        ("15 Nopember 2023", "id", "2023-11-15"),
        ("Mo, 08 Mai 2023", "de", "2023-05-08"),
        ("22-10-23", "nl", "2023-10-22"),
        ("22/10 2023", "da", "2023-10-22"),
        ("15-oktabr 2023-yil", "uz", "2023-10-15"),
        ("2023 оны 10-р сарын 15", "mn", "2023-10-15"),
        ("2023ko urriaren 15a", "eu", "2023-10-15"),
        ("15 ta’ Ottubru 2023", "mt", "2023-10-15"),
        ("112年10月15日", "zh-TW", "2023-10-15"),
        ("២០២៣ តុលា ១៥", "km", "2023-10-15"),
        ("ថ្ងៃទី១៥ ខែតុលា ឆ្នាំ២០២៣", "km", "2023-10-15"),
        ("วันอาทิตย์ที่ 15 ตุลาคม พ.ศ. 2566", "th", "2023-10-15"),
        ("تشرين الأول 15, 2023", "ar", "2023-10-15"),
        ("15 أكتوبر , 2023", "ar", "2023-10-15"),
        ("Oct-15-2023", "en", "2023-10-15"),
        ("15OCT2023", "en", "2023-10-15"),
        ("15 Oct ’23", "en", "2023-10-15"),
        ("mar. 15 nov. 2022", "fr", "2022-11-15"),
    ],
)
def test_languages_and_calendars(text: str, language: str, expected: str) -> None:
    assert read_in(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2023年10月15日 15時12分", "ja", "2023-10-15T15:12:00"),
        ("2023年10月15日 午後3時12分", "ja", "2023-10-15T15:12:00"),
        ("2023年10月15日下午3:12", "zh", "2023-10-15T15:12:00"),
        ("2023년 10월 15일 오후 3:12", "ko", "2023-10-15T15:12:00"),
        ("2023.10.15. 오전 3:12", "ko", "2023-10-15T03:12:00"),
        ("입력 2023.10.15 15:12 수정 2023.10.16 09:00", "ko", "2023-10-15T15:12:00"),
        ("15 Οκτωβρίου 2023, 3:12 μ.μ.", "el", "2023-10-15T15:12:00"),
        ("15 de octubre de 2023, 3:12 p. m.", "es", "2023-10-15T15:12:00"),
        ("15 أكتوبر 2023 3:12 م", "ar", "2023-10-15T15:12:00"),
        ("15 octobre 2023 à 15 h 12", "fr", "2023-10-15T15:12:00"),
        ("15 oktober 2023 15u12", "nl", "2023-10-15T15:12:00"),
        ("15 ต.ค. 2566 เวลา 15.12 น.", "th", "2023-10-15T15:12:00"),
        ("Oct. 15, 2023, 5:00 a.m. ET", "en", "2023-10-15T09:00:00"),
        ("5:00 a.m. ET Oct. 15, 2023", "en", "2023-10-15T09:00:00"),
        ("Mo, 08 Mai 2023 10:00:00 +0200", "de", "2023-05-08T08:00:00"),
        ("le 15/10/2023 à 15:12, mis à jour le 16/10/2023", "fr", "2023-10-15T15:12:00"),
        ("15 октября 2023, 18:12 МСК", "ru", "2023-10-15T15:12:00"),
        ("15/10/2023 22:12 GMT+7", "vi", "2023-10-15T15:12:00"),
        ("Mon, 08 May 23 10:00:00 GMT", "en", "2023-05-08T10:00:00"),
        ("lun, 08 may 2023 10:00:00 +0000", "es", "2023-05-08T10:00:00"),
        ("Пн, 08 мая 2023 10:00:00 +0300", "ru", "2023-05-08T07:00:00"),
    ],
)
def test_clocks(text: str, language: str, expected: str) -> None:
    assert read_in(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("15 listopada 2023", ""),  # October or November
        ("22.10.23", ""),
        ("22-10-23", ""),
        ("112年10月15日", "ja"),
        ("05/06/23", "en"),
        ("15 ตุลาคม 2600", "th"),
        ("31 Mehr 1402", "fa"),
        ("1402-07-23", "en"),
        ("30 محرم 1445", "ar"),  # it had 29 days
        ("1970-01-01T00:00:00Z", "en"),
        ("1970-01-01T01:00:00+01:00", "en"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "en"),
        ("0", "en"),
        ("0000000000000", "en"),
        ("1900-01-01T00:00:00", "en"),
        ("1601-01-01T00:00:00Z", "en"),
        ("0001-01-01T00:00:00Z", "en"),
    ],
)
def test_a_doubtful_date_is_none(text: str, language: str) -> None:
    assert read_in(text, language) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Updated 5 March 2023, published 1 March 2023", "2023-03-01"),
        ("Last updated: 5 March 2023 | First published: 1 March 2023", "2023-03-01"),
        ("Aktualisiert am 5. März 2023, veröffentlicht am 1. März 2023", "2023-03-01"),
        ("Mis à jour le 5 mars 2023 - Publié le 1 mars 2023", "2023-03-01"),
        ("Actualizado 5 marzo 2023 Publicado 1 marzo 2023", "2023-03-01"),
        ("更新 2023年3月5日 公開 2023年3月1日", "2023-03-01"),
        ("2023年3月5日 更新 2023年3月1日 公開", "2023-03-01"),
        ("1 March 2023, updated 5 March 2023", "2023-03-01"),
        ("Updated 5 March 2023", "2023-03-05"),
    ],
)
def test_an_update_does_not_count_before_a_publication(text: str, expected: str) -> None:
    assert read(text) == expected


def read_in(text: str, language: str) -> str | None:
    """The instant in UTC, or the day, that a text in a language is read as."""
    moment = DateReader(UTC, NOW).set_language(language, "").parse(text)
    if moment is None:
        return None
    if moment.day_only:
        return moment.at.date().isoformat()
    return moment.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def test_an_offset_is_kept() -> None:
    moment = DateReader(UTC, NOW).parse("2025-03-29T10:15:00-04:00")

    assert moment is not None
    assert (moment.at.hour, moment.at.utcoffset()) == (10, NEW_YORK.utcoffset(moment.at))


@given(
    st.datetimes(datetime(1700, 1, 1), datetime(2025, 3, 31), timezones=st.just(UTC)).filter(
        lambda at: at.hour > 0  # the zeros of clocks are no dates
    )
)
def test_what_is_written_in_many_ways_is_read_back(at: datetime) -> None:
    at = at.replace(microsecond=0)
    expected = Moment(at)

    for form in (
        at.isoformat(),
        at.strftime("%d %B %Y %H:%M:%S UTC"),
        at.strftime("%a %b %d %X UTC %Y"),
    ):
        assert DateReader(TOKYO, NOW).parse(form) == expected


@given(
    st.text(
        alphabet="0123456789:-/.,+ TZzAaPpMmGgarchbu年月日\u0660\u00b2\0", min_size=4, max_size=40
    )
)
def test_any_text_is_read_or_not(text: str) -> None:
    moment = DateReader(UTC, NOW).parse(text)

    assert moment is None or 1600 <= moment.at.year <= 2025
