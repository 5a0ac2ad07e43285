"""Years and days of other calendars than the Gregorian: Persian, Hijri, Buddhist, and eras."""

from __future__ import annotations

import re
from datetime import date, timedelta

from indexer.clean.dates.date_words import load_umm_al_qura

# The years before the first of an era, of Japan and of the Republic of China.
_YEARS_BEFORE_ERA = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_YEARS_BEFORE_REPUBLIC = 1911
_ERA_YEAR = re.compile(r"(明治|大正|昭和|平成|令和|(?:中華)?民[國国])\s*(元|\d{1,3})\s*年")
# In Taiwan, years of the Republic need no name.
_TAIWANESE = frozenset(("zh-tw", "zh-hant", "zh-hant-tw"))
_BARE_YEAR = re.compile(r"(?<![\d國国])\d{2,3}(?=\s*年\s*\d{1,2}\s*月)")
_BUDDHIST_ERA = 543  # years
_BUDDHIST_YEARS = range(2400, 2700)
_HIJRI_MONTHS = 12
_SHORT_MONTH_DAYS = 29
# 1 January of year 1 is day 1; so that 1 Farvardin 1402 is 21 March 2023.
_PERSIAN_EPOCH_DAYS = -356_033

_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
_HAN_NUMBER = re.compile(r"[〇零一二三四五六七八九十]{1,4}(?=\s*[年月日号號])")


def replace_eras(text: str, language: str) -> str:
    """Replace the years of eras (令和5年, 民國112年) and numbers in Han characters by digits."""
    if "年" not in text and "月" not in text:
        return text
    text = _HAN_NUMBER.sub(lambda match: str(_parse_han_number(match[0])), text)
    if language.lower() in _TAIWANESE:
        text = _BARE_YEAR.sub(lambda match: f"民國{match[0]}", text)
    return _ERA_YEAR.sub(_replace_era, text)


def _replace_era(match: re.Match[str]) -> str:
    number = 1 if match[2] == "元" else int(match[2])
    return f"{_YEARS_BEFORE_ERA.get(match[1], _YEARS_BEFORE_REPUBLIC) + number}年"


def _parse_han_number(text: str) -> int:
    """Parse 二〇二三 or 十五."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(str(_HAN_DIGITS[char]) for char in text))
    digits = [_HAN_DIGITS.get(part, 0) for part in (tens or "一", ones or "〇")]
    return digits[0] * 10 + digits[1]


def convert_buddhist_year(year: int) -> int:
    """Return the Gregorian year of a year as Thailand counts them; others as they are."""
    return year - _BUDDHIST_ERA if year in _BUDDHIST_YEARS else year


def convert_persian_date(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a Persian one. Raises ValueError if there is none.

    Leap years are in a cycle of 33 years, which is exact from 1178 to 1633.
    """
    if not 1 <= month <= 12 or not 1 <= day <= (31 if month <= 6 else 30):
        raise ValueError(f"no Persian date: {year}-{month}-{day}")
    shifted = year + 1595
    leap_days = shifted // 33 * 8 + (shifted % 33 + 3) // 4
    month_days = (month - 1) * 31 if month <= 6 else (month - 7) * 30 + 186
    return date.fromordinal(_PERSIAN_EPOCH_DAYS + 365 * shifted + leap_days + month_days + day)


def convert_hijri_date(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of one of the Umm al-Qura calendar. Raises ValueError."""
    first_year, first_day, lengths = load_umm_al_qura()
    index = (year - first_year) * _HIJRI_MONTHS + month - 1
    bits = f"{int(lengths, 16):0{len(lengths) * 4}b}"
    if not 1 <= month <= _HIJRI_MONTHS or not 0 <= index < len(bits):
        raise ValueError(f"no known Hijri month: {year}-{month}")
    if not 1 <= day <= _SHORT_MONTH_DAYS + int(bits[index]):
        raise ValueError(f"no Hijri date: {year}-{month}-{day}")
    days = index * _SHORT_MONTH_DAYS + bits.count("1", 0, index) + day - 1
    return date.fromordinal(first_day) + timedelta(days=days)
