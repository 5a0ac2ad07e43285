"""Labels for pages: dates in words, names of fields and languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from corpus.article import Moment
from search.query.nodes import Range
from search.query.periods import Period, describe

FIELD_LABELS = {
    "org": "organization", "dek": "line below the headline", "body": "text", "words": "length",
    "title": "headline",
}  # fmt: skip

_LANGUAGE_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili",
    "ta": "Tamil", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Some sources have keys of sections instead of names.
_SECTION_KEY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MomentLabel:
    """A moment in words, in full, and in ISO 8601 for machines. Empty if it is unknown."""

    words: str = ""
    exact: str = ""
    machine: str = ""


def label_moment(moment: Moment | None, now: datetime, zone: tzinfo) -> MomentLabel:
    """Describe a moment in the reader's time zone. A day without a time is the source's own day."""
    if moment is None:
        return MomentLabel()
    at = moment.at if moment.day_only else moment.at.astimezone(zone)
    day = format_day(at.date())
    relative = {0: "today", 1: "yesterday"}.get((now.astimezone(zone).date() - at.date()).days)
    exact = f"{_WEEKDAYS[at.weekday()]} {day}"
    if moment.day_only:
        return MomentLabel(relative or day, exact, at.date().isoformat())
    machine = at.isoformat(timespec="seconds")
    return MomentLabel(relative or day, f"{exact}, {at:%H:%M} {_format_offset(at)}", machine)


def format_day(day: date) -> str:
    """Format a day: `29 March 2025`."""
    start = datetime.combine(day, time(), UTC)
    return describe(Period(start, start + timedelta(days=1)), UTC)


def format_date_range(dates: Range, zone: tzinfo) -> str:
    """Format a range of dates: `1 to 29 March 2025`, `March 2025`, `2020 to 2024`."""
    period = Period(convert_to_datetime(dates.low), convert_to_datetime(dates.high))
    return _format_whole_period(period, zone) or describe(period, zone)


def _format_whole_period(period: Period, zone: tzinfo) -> str:
    """Format a period of whole years or months; "" for any other."""
    if period.start is None or period.end is None:
        return ""
    start, end = period.start.astimezone(zone), period.end.astimezone(zone)
    if any((at.day, at.time()) != (1, time()) for at in (start, end)):
        return ""
    last = end.replace(tzinfo=None) - timedelta(days=1)
    first_month, last_month = (format_day(at.date()).partition(" ")[2] for at in (start, last))
    if start.month == end.month == 1:
        return f"{start.year}" if start.year == last.year else f"{start.year} to {last.year}"
    if first_month == last_month:
        return first_month
    first = first_month.split()[0] if start.year == last.year else first_month
    return f"{first} to {last_month}"


def convert_to_datetime(seconds: int | None) -> datetime | None:
    return None if seconds is None else _EPOCH + timedelta(seconds=seconds)


def label_value(field: str, value: str) -> str:
    """Return the label of a facet's value."""
    if field == "language":
        name = _LANGUAGE_NAMES.get(value.lower().split("-")[0], "")
        return f"{name} ({value})" if name and "-" in value else name or value
    if field == "section" and _SECTION_KEY.fullmatch(value):
        return f"{value[0].upper()}{value[1:]}".replace("_", " ")
    return value


def clean_language_tag(language: str) -> str:
    """Return a language for a `lang` attribute, or "" if it is no language tag."""
    return language if _LANGUAGE_TAG.fullmatch(language) else ""


_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def _format_offset(at: datetime) -> str:
    offset = at.strftime("%z")
    return "UTC" if offset in {"+0000", ""} else f"UTC{offset[:3]}:{offset[3:5]}"
