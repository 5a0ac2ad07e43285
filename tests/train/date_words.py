"""Builds `indexer/clean/dates/date_words.json`: months, days and parts of the day in news.

    python -m tests.train.date_words

Needs Babel and hijridate in the versions of `SOURCES`; neither is needed to run dateline. What came
from where, and under which terms, stands in `date_words.NOTICE`, which this writes too.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import distribution
from itertools import pairwise
from typing import Any, Final

from indexer.clean.dates.date_words import WORDS_PATH
from indexer.clean.dates.folding import fold_name

SOURCES: Final = {
    "babel": "2.19.0",
    "hijridate": "2.6.0",
}
NOTICE: Final = """\
What date_words.json was built from, by tests/train/date_words.py:

Babel {babel}: names of months and weekdays and parts of the day in {languages} languages
    data of the Unicode CLDR, (c) Unicode, Inc., Unicode License V3
    (https://www.unicode.org/license.txt), selected and cut; code BSD, the Babel Team

hijridate {hijridate}: on which days the months of the Umm al-Qura calendar begin
    MIT, (c) Mohammed Alshehri

Unicode License V3: Permission is hereby granted, free of charge, to any person obtaining a copy of
data files and any associated documentation (the "Data Files") to deal in the Data Files without
restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, and/or sell copies of the Data Files, provided that either (a) this copyright and
permission notice appear with all copies of the Data Files, or (b) this copyright and permission
notice appear in associated Documentation. The Data Files are provided "as is", without warranty of
any kind.

MIT: Permission is hereby granted, free of charge, to any person obtaining a copy of this software
and associated documentation files, to deal in it without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies,
provided that the copyright notice and this permission notice are included in all copies or
substantial portions. It is provided "as is", without warranty of any kind.
"""
# Languages of newspapers, with the countries that have names of their own.
LOCALES: Final = [
    "af",
    "am",
    "ar",
    "ar_DZ",
    "ar_IQ",
    "ar_LB",
    "ar_MA",
    "ar_SA",
    "ar_SY",
    "ar_TN",
    "as",
    "az",
    "az_Cyrl",
    "be",
    "bg",
    "bn",
    "bs",
    "bs_Cyrl",
    "ca",
    "ckb",
    "cs",
    "cy",
    "da",
    "de",
    "de_AT",
    "el",
    "en",
    "en_AU",
    "en_CA",
    "en_GB",
    "en_IN",
    "es",
    "es_419",
    "es_MX",
    "es_PE",
    "es_UY",
    "et",
    "eu",
    "fa",
    "fa_AF",
    "fi",
    "fil",
    "fo",
    "fr",
    "fr_CA",
    "fr_CH",
    "fy",
    "ga",
    "gd",
    "gl",
    "gu",
    "ha",
    "he",
    "hi",
    "hr",
    "hu",
    "hy",
    "id",
    "is",
    "it",
    "ja",
    "ka",
    "kk",
    "km",
    "kn",
    "ko",
    "ku",
    "ky",
    "lb",
    "lo",
    "lt",
    "lv",
    "mk",
    "ml",
    "mn",
    "mr",
    "ms",
    "mt",
    "my",
    "nb",
    "ne",
    "nl",
    "nn",
    "or",
    "pa",
    "pl",
    "ps",
    "pt",
    "pt_PT",
    "ro",
    "ru",
    "rw",
    "sd",
    "si",
    "sk",
    "sl",
    "so",
    "sq",
    "sr",
    "sr_Latn",
    "sv",
    "sw",
    "ta",
    "te",
    "tg",
    "th",
    "ti",
    "tk",
    "tr",
    "uk",
    "ur",
    "uz",
    "uz_Cyrl",
    "vi",
    "yo",
    "zh",
    "zh_Hant",
    "zu",
]
# Forms of news that the CLDR lacks: older spellings, abbreviations, cases.
EXTRA_MONTHS: Final[Mapping[str, str]] = {
    "de": "mrz 3, maerz 3, jaenner 1, feber 2",
    "en": "sept 9",
    "es": "setiembre 9, set 9, sept 9",
    "eu": "urtarrilaren 1, otsailaren 2, martxoaren 3, apirilaren 4, maiatzaren 5, ekainaren 6,"
    " uztailaren 7, abuztuaren 8, irailaren 9, urriaren 10, azaroaren 11, abenduaren 12",
    "fr": "janv 1, fevr 2, fev 2, juil 7",
    "gu": "ઓક્ટોબર 10",
    "id": "nopember 11, nop 11, peb 2, pebruari 2, agt 8",
    "it": "febb 2, genn 1, sett 9",
    "lv": "janvari 1, februari 2, marta 3, aprili 4, maija 5, junija 6, julija 7, augusta 8,"
    " septembri 9, oktobri 10, novembri 11, decembri 12",
    "nl": "mrt 3, febr 2",
    "sk": "aprilu 4",
    "sr": "јануара 1, фебруара 2, марта 3, априла 4, маја 5, јуна 6, јула 7, августа 8,"
    " септембра 9, октобра 10, новембра 11, децембра 12, januara 1, februara 2, marta 3, aprila 4,"
    " maja 5, juna 6, jula 7, avgusta 8, septembra 9, oktobra 10, novembra 11, decembra 12",
}
_TABLE_YEAR: Final = 1343
FIRST_HIJRI_YEAR: Final = 1365
# Chinese and Japanese months are numbers.
_NUMERAL: Final = re.compile(r"[\d\u4e00-\u9fff]")
_ARTICLE: Final = re.compile(r"^(?:de |d’|d'|dhen |an t-|a’ |an )")
_HEBREW_PREPOSITION: Final = "ב"
_PERIODS: Final = {
    "am": "am", "morning1": "am", "morning2": "am", "pm": "pm", "noon": "pm", "afternoon1": "pm",
    "afternoon2": "pm", "evening1": "pm", "evening2": "pm", "night1": "night", "night2": "night",
}  # fmt: skip
# In German, "am" is "on the".
_UNUSED_PERIODS: Final = {("de", "am"), ("de", "pm")}


def main() -> None:
    check_versions()
    locales = dict(_group_locales())
    words = {
        "months": {language: _join_months(language, group) for language, group in locales.items()},
        "weekdays": " ".join(
            sorted({word for each in locales.values() for word in _list_weekdays(each)})
        ),
        "periods": {language: _join_periods(group) for language, group in locales.items()},
        "umm_al_qura": _list_umm_al_qura(),
    }
    text = json.dumps(words, ensure_ascii=False, indent=0, sort_keys=True)
    WORDS_PATH.write_text(text + "\n", "utf-8")
    notice = NOTICE.format(languages=len(locales), **SOURCES)
    WORDS_PATH.with_suffix(".NOTICE").write_text(notice, "utf-8")
    print(f"{len(locales)} languages, {WORDS_PATH.stat().st_size:,} bytes")


def check_versions() -> None:
    for name, version in SOURCES.items():
        if (installed := distribution(name).version) != version:
            raise SystemExit(f"{name} {installed} is installed; {version} is needed")


def _group_locales() -> Iterator[tuple[str, list[Any]]]:
    """Yield each language with its locales."""
    parse = importlib.import_module("babel").Locale.parse
    groups: dict[str, list[Any]] = {}
    for name in LOCALES:
        groups.setdefault(name.partition("_")[0], []).append(parse(name))
    yield from groups.items()


def _join_months(language: str, locales: Iterable[Any]) -> list[str]:
    """Return the names of each month from January on, joined by `|`; none that two months share."""
    names: dict[str, set[int]] = {}
    for name, number in (*_list_months(locales), *_list_extra_months(language)):
        names.setdefault(name, set()).add(number)
        if language == "he":
            names.setdefault(_HEBREW_PREPOSITION + name, set()).add(number)
    return [
        "|".join(sorted(name for name, numbers in names.items() if numbers == {month}))
        for month in range(1, 13)
    ]


def _list_months(locales: Iterable[Any]) -> Iterator[tuple[str, int]]:
    for locale in locales:
        for widths in locale.months.values():
            for width in ("wide", "abbreviated"):
                for number, name in widths[width].items():
                    key = fold_name(_ARTICLE.sub("", name))
                    if len(key) > 1 and not _NUMERAL.search(key):
                        yield key, number


def _list_extra_months(language: str) -> Iterator[tuple[str, int]]:
    for pair in filter(None, EXTRA_MONTHS.get(language, "").split(", ")):
        name, number = pair.split()
        yield name, int(number)


def _list_weekdays(locales: Iterable[Any]) -> Iterator[str]:
    """Yield the words of the names of weekdays."""
    for locale in locales:
        for widths in locale.days.values():
            for width in ("wide", "abbreviated", "short"):
                for name in widths.get(width, {}).values():
                    yield from re.findall(r"[^\W\d_]{2,}", fold_name(name))


def _join_periods(locales: Iterable[Any]) -> dict[str, str]:
    """Return the names of the parts of the day, joined by `|`."""
    names: dict[str, set[str]] = {}
    for locale in locales:
        for widths in locale.day_periods.values():
            for width in ("wide", "abbreviated"):
                for period, name in widths.get(width, {}).items():
                    key = fold_name(name)
                    if period in _PERIODS and key and (locale.language, key) not in _UNUSED_PERIODS:
                        names.setdefault(key, set()).add(_PERIODS[period])
    return {
        period: "|".join(sorted(name for name, periods in names.items() if periods == {period}))
        for period in ("am", "pm", "night")
    }


def _list_umm_al_qura() -> dict[str, object]:
    """Return the first year, its first day (1 is 1 January of year 1), and its months' lengths.

    Of each year three hexadecimal digits; the highest bit is that of the first month, 1 for 30
    days. Before the first year there are months of 28 and of 31 days.
    """
    starts = importlib.import_module("hijridate.ummalqura").MONTH_STARTS
    first = importlib.import_module("hijridate").Hijri(FIRST_HIJRI_YEAR, 1, 1).to_gregorian()
    begin = (FIRST_HIJRI_YEAR - _TABLE_YEAR) * 12
    bits = "".join(str(end - start - 29) for start, end in pairwise(starts[begin:]))
    return {
        "first_year": FIRST_HIJRI_YEAR,
        "first_day": first.toordinal(),
        "lengths": "".join(f"{int(bits[at : at + 12], 2):03x}" for at in range(0, len(bits), 12)),
    }


if __name__ == "__main__":
    main()
