"""Parsing of dates in the forms of news: `parse_date` parses a text that is only a date.

A date without a time is a day. A time with an unknown zone is ignored, and an ambiguous date
(03/04/2025) is rejected: a wrong date is worse than none. With dots (29.03.2025) the day comes
first.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from corpus.article import Moment
from indexer.clean.months import MONTHS_BY_NAME

_EARLIEST_MOMENT = datetime(1600, 1, 1, tzinfo=UTC)
_MAX_DATE_CHARS = 200  # characters of a date with its label

_ZONES_BY_NAME = {
    name: timezone(timedelta(hours=hours))
    for hours, names in (
        (-10, "HST"),
        (-9, "AKST"),
        (-8, "PST AKDT"),
        (-7, "MST PDT"),
        (-6, "CST MDT"),
        (-5, "EST CDT"),
        (-4, "EDT"),
        (-3, "BRT ART"),
        (0, "Z UTC GMT UT WET"),
        (1, "CET BST WEST MEZ"),
        (2, "CEST EET SAST MESZ"),
        (3, "EEST MSK EAT"),
        (5, "PKT"),
        (5.5, "SLST"),
        (7, "WIB"),
        (8, "HKT SGT AWST MYT"),
        (9, "JST KST"),
        (9.5, "ACST"),
        (10, "AEST"),
        (10.5, "ACDT"),
        (11, "AEDT"),
        (12, "NZST"),
        (13, "NZDT"),
    )
    for name in names.split()
}
# Names that stand for standard or summer time, whichever holds on the day.
_REGIONS_BY_ZONE_NAME = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}

# Words that may be beside a date in a label; others make it a sentence.
_FILLER_WORDS = (
    "published publication publish updated update posted post modified modification created"
    " issued released release edited filed first last latest on at date dated dateline time"
    " am um uhr vom veröffentlicht aktualisiert stand publié mis à jour le publicado"
    " actualizado el de del las a pubblicato aggiornato il alle geplaatst op of the th st nd rd"
    " monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs"
    " fri sat sun montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi"
    " mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado"
    " domingo opublikowano aktualizacja dodano publikováno aktualizováno julkaistu päivitetty"
    " publisert oppdatert publicerad uppdaterad publiceret udgivet opdateret yayınlanma giriş"
    " güncelleme tarihi опубликовано обновлено дата опубліковано оновлено dipublikasikan"
    " diterbitkan publicat actualitzat postado publicada atualizado em às modifié thứ ngày klo kl"
    " o g h r m d maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
)
_FILLER = frozenset(_FILLER_WORDS.split())

_MONTH_NAME = "|".join(sorted(MONTHS_BY_NAME, key=len, reverse=True))
_DATE = re.compile(
    rf"""
      (?<![\d.])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s/-]*(?:of\s+|de\s+)?
        (?P<month>{_MONTH_NAME})(?!\w)\.?,?[\s/-]*(?:de\s+|del\s+)?
        (?:(?P<year>\d{{4}})|(?<=-)(?P<short>\d\d))(?![\d:])
    | (?<!\w)(?=\S{{3,14}}\s{{0,3}}\d)(?P<month2>{_MONTH_NAME})(?!\w)\.?\s*(?P<day2>\d{{1,2}})
        (?:st|nd|rd|th)?(?:,\s*|\s+)(?P<year2>\d{{4}})(?![\d:])
    | (?<![\d.])(?P<year3>\d{{4}})[-/.](?P<month3>\d{{1,2}})[-/.](?P<day3>\d{{1,2}})
        (?:Z\b|[+-]\d\d:\d\d)?(?!\d)
    | (?P<year4>\d{{4}})\s*[年년]\s*(?P<month4>\d{{1,2}})\s*[月월]\s*(?P<day4>\d{{1,2}})\s*[日일]
    | (?<![\d.])(?P<year6>\d{{4}})(?:\.|\sm\.)?\s+(?P<month6>{_MONTH_NAME})(?!\w)\s+
        (?P<day6>\d{{1,2}})(?!\d)
    | (?<![\d.])(?P<day7>\d{{1,2}})\s+tháng\s+(?P<month7>\d{{1,2}})(?:,|\s+năm)?\s+
        (?P<year7>\d{{4}})(?!\d)
    | (?<![\d.])(?P<one>\d{{1,2}})(?P<mark>[-/.])\s?(?P<two>\d{{1,2}})(?P=mark)\s?
        (?P<year5>\d{{4}})(?![\d])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TIME = re.compile(
    rf"""
    (?<![\d.:+-])
    (?:
        (?P<hour>\d{{1,2}})(?::|h|\.(?!\d{{1,2}}\.\d))(?P<minute>\d{{2}})
          (?::(?P<second>\d{{2}})(?:[.,]\d+)?)?(?!\d|\.\d|:)
          (?:\s*(?P<half>[ap])\.?\s?m\b\.?)?
      | (?P<hour2>\d{{1,2}})\s*(?P<half2>[ap])\.?\s?m\b\.?
      | (?P<hour3>\d{{2}})(?P<minute3>\d{{2}})(?=\s*(?:GMT|UTC)\b)
    )
    (?:\s*Uhr)?
    (?:\s*(?P<zone>(?!(?:{_MONTH_NAME}|ON|UM|DE|UHR|LE|IL|EL|OF|MON|TUE|WED|THU|FRI|SAT|SUN)\b)
        (?-i:[A-Z]{{1,5}}|utc|gmt)\b))?
    (?:\s*(?P<sign>[+-])(?P<off_h>\d{{1,2}})(?::?(?P<off_m>\d{{2}}))?(?!\d))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PARENTHESIS = re.compile(r"\([^()]*\)")
_TIME_SEPARATOR = re.compile(r"(?<=\d)T(?=\d)")
_WORD = re.compile(r"[^\W\d_]+|\d+")


def parse_date(
    text: str, *, zone: tzinfo, now: datetime, day_first: bool | None = None
) -> Moment | None:
    """Parse a text that is a date; None if it is not, or the date is not plausible.

    Times without a zone are in `zone`. Dates before 1600 and later than a day after `now`
    are rejected. Of several dates the first counts. `day_first` is the order of 03/04/2025
    where the text comes from; None if that is not known.
    """
    text = text.strip()
    moment = _parse_iso(text, zone)
    if moment is None and len(text) <= _MAX_DATE_CHARS:
        if text.isascii() and text.isdigit():
            moment = _parse_digits(text, zone)
        else:
            moment = _parse_words(text, zone, day_first)
    return _reject_implausible(moment, now)


def find_date(
    text: str, *, zone: tzinfo, now: datetime, day_first: bool | None = None
) -> Moment | None:
    """Find the first date in a short text with other words.

    It is a day then, as a time may be that of something else.
    """
    if len(text) > _MAX_DATE_CHARS:
        return None
    if moment := parse_date(text, zone=zone, now=now, day_first=day_first):
        return moment
    return _reject_implausible(_parse_words(text, zone, day_first, among_words=True), now)


def _reject_implausible(moment: Moment | None, now: datetime) -> Moment | None:
    if moment is None or not _EARLIEST_MOMENT <= moment.at <= now + timedelta(days=1):
        return None
    return moment


def _parse_iso(text: str, zone: tzinfo) -> Moment | None:
    # `fromisoformat` accepts any character after the day as the separator of a time.
    spaced = text[4:5] == "-" and text[10:11] in {"", "T", "t", " "}
    if not spaced and text[8:9] != "T":
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) <= 10:
        return Moment(at.replace(tzinfo=zone), day_only=True)
    return Moment(at.replace(microsecond=0, tzinfo=at.tzinfo or zone))


def _parse_digits(text: str, zone: tzinfo) -> Moment | None:
    """Parse 20250329, 20250329101500, or seconds or milliseconds since 1970."""
    try:
        match len(text):
            case 8:
                at = datetime.strptime(text, "%Y%m%d").replace(tzinfo=zone)
                return Moment(at, day_only=True)
            case 14:
                return Moment(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=zone))
            case 9 | 10:
                return Moment(datetime.fromtimestamp(int(text), UTC))
            case 13:
                return Moment(datetime.fromtimestamp(int(text) // 1000, UTC))
    except ValueError:
        pass
    return None


def _parse_words(
    text: str, zone: tzinfo, day_first: bool | None, *, among_words: bool = False
) -> Moment | None:
    text = _TIME_SEPARATOR.sub(" ", _PARENTHESIS.sub(" ", text))
    timeless = _TIME.sub(" ", text)
    dates = list(_DATE.finditer(timeless))
    if not dates or not (among_words or _is_date_label(_DATE.sub(" ", timeless))):
        return None
    day = _read_day(dates[0], day_first)
    if day is None:
        return None
    times = [] if among_words else list(_TIME.finditer(text))
    if len(times) == len(dates) and (at := _combine_time(day, times[0], zone)):
        return Moment(at)
    return Moment(datetime.combine(day, time(), zone), day_only=True)


def _is_date_label(text: str) -> bool:
    return all(word.lower() in _FILLER for word in _WORD.findall(text))


def _read_day(match: re.Match[str], day_first: bool | None) -> date | None:
    group = match.groupdict()
    if group["one"]:
        numbers = _order_day_and_month(
            int(group["one"]), int(group["two"]), group["mark"], day_first
        )
        if numbers is None:
            return None
        day, month = numbers
    else:
        day = int(_get_group_text(group, "day"))
        name = _get_group_text(group, "month")
        month = int(name) if name.isdigit() else MONTHS_BY_NAME[name.lower()]
    try:
        return date(_read_year(group), month, day)
    except ValueError:
        return None


def _get_group_text(groups: dict[str, str | None], name: str) -> str:
    """Return the first group that matched of those whose names begin with `name`."""
    return next((text for key, text in groups.items() if text and key.startswith(name)), "")


def _read_year(groups: dict[str, str | None]) -> int:
    if digits := _get_group_text(groups, "year"):
        return int(digits)
    # Two digits as in RFC 850, by the rule of POSIX: 69 is 1969, 68 is 2068.
    short = int(groups["short"] or 0)
    return short + (1900 if short >= 69 else 2000)


def _order_day_and_month(
    first: int, second: int, separator: str, day_first: bool | None
) -> tuple[int, int] | None:
    if first > 12 or second > 12:
        return (second, first) if second > 12 and separator != "." else (first, second)
    if separator == "." or first == second or day_first:
        return first, second
    return None if day_first is None else (second, first)


def _combine_time(day: date, match: re.Match[str], zone: tzinfo) -> datetime | None:
    """Return the instant of a time on a day; None if the time or its zone is not valid."""
    hour = int(match["hour"] or match["hour2"] or match["hour3"])
    half = (match["half"] or match["half2"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        clock = time(hour, int(match["minute"] or match["minute3"] or 0), int(match["second"] or 0))
        at = datetime.combine(day, clock, zone)
        own = _resolve_zone(match, at)
    except ValueError:
        return None
    return at.replace(tzinfo=own) if own else None


def _resolve_zone(match: re.Match[str], at: datetime) -> tzinfo | None:
    """Return the zone written after a time, else that of `at`; None for an unknown name.

    An ambiguous name such as IST or CST is the source's own zone if that has the name on
    that day.
    """
    if match["sign"]:
        offset = timedelta(hours=int(match["off_h"]), minutes=int(match["off_m"] or 0))
        return timezone(offset if match["sign"] == "+" else -offset)
    name = (match["zone"] or "").upper()
    if not name or name == at.tzname():
        return at.tzinfo
    if name in _REGIONS_BY_ZONE_NAME:
        return ZoneInfo(_REGIONS_BY_ZONE_NAME[name])
    return _ZONES_BY_NAME.get(name)
