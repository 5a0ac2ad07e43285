"""The orders in which the numbers of dates stand, in texts whose names are replaced."""

from __future__ import annotations

import re

from indexer.clean.dates.date_words import MONTH

_TIME_MARK = "\ue040"
# Between day, month and year: "of", "de", the years' own words.
_OF = r"(?:(?:of|de|del|do|da|di|d|of the|i|ta['’]?)\s+|ខែ\s*|เดือน\s*)?"
_ERA = r"(?:(?:พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|ปี|ឆ្នាំ)\s*)?"
_YEAR_WORD = r"(?:\s?(?:m|e|г|ж|gada|roku|жылғы|жылы|оны|թ|year|yil|yilning|йил|წლის|ko))?\b"
DATE = re.compile(
    rf"""
      (?<![\d.])(?P<day>\d{{1,2}})(?:(?:st|nd|rd|th|er|o|a|e|ste|de)\b|\.)?,?[\s/-]*{_OF}
        (?P<month>{MONTH})\.?\s?[,،]?(?P<joint>[\s/-]*){_OF}{_ERA}
        (?:(?P<year>\d{{4}})
          |(?P<apostrophe>['’])?(?P<short>\d\d)(?P<clock>(?=,?\s*{_TIME_MARK}))?)(?![\d:])
    | (?P<month2>{MONTH})\.?[\s/-]*(?P<day2>\d{{1,2}})(?:st|nd|rd|th|an|a|ean|e)?
        (?:[,،]\s*|[\s/{_TIME_MARK}-]+)(?P<year2>\d{{4}})(?![\d:])
    | (?<![\d.])(?P<year3>\d{{4}})(?P<point>[-/.])\s?(?P<month3>\d{{1,2}})(?P=point)\s?
        (?P<day3>\d{{1,2}})(?:Z\b|[+-]\d\d:\d\d)?(?!\d)
    | (?P<year4>\d{{4}})\s*[年년]\s*(?P<month4>\d{{1,2}})\s*[月월]\s*(?P<day4>\d{{1,2}})
        \s*[日號号일]
    | (?<![\d.])(?P<year6>\d{{4}})[.,]?{_YEAR_WORD}[.,]?[\s/-]*(?P<month6>{MONTH})\.?[\s/-]*
        (?P<day6>\d{{1,2}})(?!\d)
    | (?<![\d.])(?P<year8>\d{{4}})[.,]?-?{_YEAR_WORD}[.,]?\s*(?P<day8>\d{{1,2}})[.-]?\s*
        (?P<month8>{MONTH})
    | (?<![\d.])(?P<year9>\d{{4}})\s*оны\s*(?P<month9>\d{{1,2}})(?:\s*-?р)?\s*сарын\s*
        (?P<day9>\d{{1,2}})
    | (?<![\d.])(?P<day7>\d{{1,2}})\s+(?:thang|thg)\s+(?P<month7>\d{{1,2}})(?:,|\s+nam)?\s+
        (?P<year7>\d{{4}})(?!\d)
    | (?<![\d.])(?P<one>\d{{1,2}})(?P<mark>[-/.])\s?(?P<two>\d{{1,2}})(?:(?P=mark)\s?|(?<!-)\s)
        (?P<last>\d{{4}})(?!\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Numbers with a year of two digits.
SHORT_DATE = re.compile(
    r"(?<![\d.,/:-])(?P<a>\d{1,2})(?P<sign>[./-])\s?(?P<b>\d{1,2})(?P=sign)\s?(?P<c>\d\d)(?![\d/:-]|\.\d)"
)
# A day and a year, or a timestamp.
_NUMBERS = re.compile(r"\d\D+\d|\d{8}")
_HAN_DAY = re.compile(r"[一二三四五六七八九十][日號号]")


def has_date_digits(text: str) -> bool:
    """Return whether a text has the digits of a date, in any script."""
    return _NUMBERS.search(text) is not None or _HAN_DAY.search(text) is not None
