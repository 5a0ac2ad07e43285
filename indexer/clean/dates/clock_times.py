"""Times of day beside dates, with their zones: 14.15 Uhr, 5 p.m. ET, 午後3時12分, 오후 3:12."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from indexer.clean.dates.date_words import AM, NIGHT, PERIOD, PM

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
        (1, "CET BST WEST MEZ WAT"),
        (2, "CEST EET SAST MESZ CAT"),
        (3, "EEST MSK МСК EAT"),
        (3.5, "IRST"),
        (4, "GST"),
        (5, "PKT UZT"),
        (5.5, "SLST"),
        (5.75, "NPT"),
        (6.5, "MMT"),
        (7, "WIB"),
        (8, "HKT SGT AWST MYT PHT WITA"),
        (9, "JST KST WIT"),
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

# Words in capitals that are no zones.
_NO_ZONES = "ON|UM|DE|UHR|LE|IL|EL|OF|IN|MON|TUE|WED|THU|FRI|SAT|SUN|BY|AM|PM"
TIME = re.compile(
    rf"""
    (?<![\d.:+-])
    (?:(?P<before>{PERIOD})\s*)?
    (?:
        (?P<hour>\d{{1,2}})(?::|\s?h\s?|u|\.(?!\d{{1,2}}\.\d))(?P<minute>\d{{2}})
          (?::(?P<second>\d{{2}})(?:[.,]\d+)?)?(?!\d|\.\d|:)
      | (?P<hour2>\d{{1,2}})(?=\s*[{AM}{PM}])
      | (?P<hour3>\d{{2}})(?P<minute3>\d{{2}})(?=\s*(?:GMT|UTC)\b)
      | (?P<hour4>\d{{1,2}})\s*(?:[時时點点시]|gio\b|h(?![a-z]))
          (?:\s*(?P<minute4>\d{{1,2}})\s*(?:[分분]|phut\b)(?:\s*\d{{1,2}}\s*[秒초])?)?
    )
    (?:\s*(?P<after>{PERIOD}))?
    (?:\s*Uhr)?
    (?:\s*(?P<zone>(?!(?:{_NO_ZONES})\b)(?-i:[A-Z]{{1,5}}|МСК|utc|gmt)\b))?
    (?:\s*(?P<sign>[+-])(?P<off_h>\d{{1,2}})(?::?(?P<off_m>\d{{2}}))?(?!\d))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOON = 12  # hours
_NIGHT_END = 6  # hours; a clock of the night that shows less is after midnight


def combine_time(day: date, match: re.Match[str], zone: tzinfo) -> datetime | None:
    """Return the instant of a time on a day; None if the time or its zone is not valid."""
    hour = int(_get_group(match, "hour"))
    period = match["before"] or match["after"]
    if period and hour <= _NOON:
        is_late = period == PM or (period == NIGHT and _NIGHT_END <= hour < _NOON)
        hour = hour % _NOON + (_NOON if is_late else 0)
    try:
        clock = time(hour, int(_get_group(match, "minute")), int(match["second"] or 0))
        at = datetime.combine(day, clock, zone)
        own = _resolve_zone(match, at)
    except ValueError:
        return None
    return at.replace(tzinfo=own) if own else None


def _get_group(match: re.Match[str], name: str) -> str:
    """Return the first group that matched of those whose names begin with `name`, or 0."""
    return next(
        (text for key, text in match.groupdict().items() if text and key.startswith(name)), "0"
    )


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
