"""The names of months and parts of the day, replaced by one character each.

So the patterns of dates need no names. A name belongs to a language: `listopada` is October in
Croatian and November in Polish. In a text of another or no known language, it counts if it is the
same in all languages. `tests/train/date_words.py` makes the lists from the CLDR.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from indexer.clean.dates.folding import fold_name

WORDS_PATH = Path(__file__).with_suffix(".json")

# Characters for private use: a month is the first of its calendar plus its number.
GREGORIAN, HIJRI, PERSIAN = 0xE000, 0xE010, 0xE020
MONTH = f"[{chr(GREGORIAN + 1)}-{chr(PERSIAN + 12)}]"
AM, PM, NIGHT = "\ue030", "\ue031", "\ue032"
PERIOD = f"[{AM}{PM}{NIGHT}]"
# One month by two names, as in Arabic: أكتوبر/تشرين الأول.
_TWICE_NAMED = re.compile(rf"({MONTH})\s*/\s*\1")
_PERIODS = {"am": AM, "pm": PM, "night": NIGHT}

# The months of the Persian calendar in Persian, in Dari and in Pashto.
_PERSIAN_MONTHS = (
    "فروردین حمل وری|اردیبهشت ثور غویی|خرداد جوزا غبرګولی|تیر سرطان چنګاښ|مرداد امرداد اسد زمری"
    "|شهریور سنبله وږی|مهر میزان تله|آبان عقرب لړم|آذر قوس لیندۍ|دی جدی مرغومی|بهمن دلو سلواغه"
    "|اسفند حوت کب"
)
# Those of the Hijri calendar in Arabic and Persian, and in English as far as it is certain.
_HIJRI_MONTHS = (
    "محرم|محرم_الحرام|muharram",
    "صفر",
    "ربيع_الأول|ربيع_أول|ربیع‌الاول",
    "ربيع_الآخر|ربيع_الثاني|ربيع_ثاني|ربیع‌الثانی",
    "جمادى_الأولى|جمادى_الاول|جمادی‌الاول|جمادی_الاول",
    "جمادى_الآخرة|جمادى_الثانية|جمادى_الثاني|جمادی‌الثانی",
    "رجب",
    "شعبان",
    "رمضان|ramadan|ramadhan",
    "شوال|shawwal",
    "ذو_القعدة|ذي_القعدة|ذوالقعدة|ذیقعده",
    "ذو_الحجة|ذي_الحجة|ذوالحجة|ذیحجه",
)

# Abbreviations of other words than months: "mise à jour".
_NO_MONTHS = {"fr": "maj"}

# Languages by their other codes.
_LANGUAGE_ALIASES = {"no": "nb", "iw": "he", "in": "id", "tl": "fil", "sh": "sr", "mo": "ro"}
# Letters, with the vowel signs of the Indic scripts, and what joins the parts of a word.
_WORD = re.compile(r"(?:[^\W\d_]|[\u0900-\u1cff])+(?:\.(?:[^\W\d_]|[\u0900-\u1cff])+)*")
_LETTERS = re.compile(r"(?:[^\W\d_]|[\u0900-\u1cff])+")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’׳](?=[^\W\d_])")
_ELISION = re.compile(r"\b[dDlL]['’](?=[^\W\d_])")
# Scripts that do not separate words by spaces.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]"
)
_HALF_DAY = re.compile(r"(?<=\d)\s*([ap])\.?\s?m\b\.?", re.I)
_MIN_COMMON_PERIOD_CHARS = 2
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class DateWords:
    """The characters for the names of a language.

    The patterns find the names that are not one word, in texts of ASCII and in others.
    """

    symbols: Mapping[str, str]
    ascii_phrases: re.Pattern[str]
    phrases: re.Pattern[str]


def replace_words(text: str, language: str) -> str:
    """Replace the names of months and parts of the day in a folded text by their characters."""
    words = load_words(language.partition("-")[0].lower())
    if not language.startswith("de"):  # where "am" is "on the"
        text = _HALF_DAY.sub(lambda match: AM if match[1] in "aA" else PM, text)
    text = _APOSTROPHE.sub("", _ELISION.sub(" ", text))
    phrases = words.ascii_phrases if text.isascii() else words.phrases
    text = phrases.sub(
        lambda match: words.symbols.get(" ".join(fold_name(match[0]).split()), match[0]), text
    )
    text = _WORD.sub(lambda match: _replace_word(match[0], words), text)
    return _TWICE_NAMED.sub(r"\1", text)


def _replace_word(word: str, words: DateWords) -> str:
    if symbol := words.symbols.get(fold_name(word)):
        return symbol
    if "." not in word:
        return word
    return _LETTERS.sub(lambda part: words.symbols.get(fold_name(part[0]), part[0]), word)


def find_month(name: str, language: str = "") -> int:
    """Return the number of a month of the Gregorian calendar; 0 if it is none."""
    words = load_words(language.partition("-")[0].lower())
    symbol = words.symbols.get(fold_name(name), "")
    return ord(symbol) - GREGORIAN if symbol and ord(symbol) < HIJRI else 0


@lru_cache(maxsize=128)
def load_words(language: str) -> DateWords:
    """Return the names of a language, and those of others that mean the same in all of them."""
    lists = _load_lists()
    language = _LANGUAGE_ALIASES.get(language, language)
    symbols = {
        **_list_common_symbols(),
        **dict(_iterate_months(lists["months"].get(language, ()))),
        **dict(_iterate_periods(lists["periods"].get(language, {}))),
    }
    symbols.pop(_NO_MONTHS.get(language, ""), None)
    phrases = [name for name in symbols if " " in name or _UNSPACED.search(name)]
    return DateWords(
        symbols, _compile_phrases(filter(str.isascii, phrases)), _compile_phrases(phrases)
    )


def load_weekdays() -> frozenset[str]:
    """Return the words in the names of weekdays in all languages, folded."""
    return frozenset(_load_lists()["weekdays"].split())


def load_umm_al_qura() -> tuple[int, int, str]:
    """Return the first year of the Umm al-Qura calendar, its first day, and lengths of months."""
    table = _load_lists()["umm_al_qura"]
    return table["first_year"], table["first_day"], table["lengths"]


@lru_cache(maxsize=1)
def _load_lists() -> dict[str, Any]:
    lists: dict[str, Any] = json.loads(WORDS_PATH.read_text("utf-8"))
    return lists


@lru_cache(maxsize=1)
def _list_common_symbols() -> Mapping[str, str]:
    """Return the names that mean the same in all languages, and those of other calendars."""
    lists = _load_lists()
    pairs = {pair for names in lists["months"].values() for pair in _iterate_months(names)}
    pairs |= {
        (name, symbol)
        for names in lists["periods"].values()
        for name, symbol in _iterate_periods(names)
        if not name.isascii() and len(name) >= _MIN_COMMON_PERIOD_CHARS
    }
    counts = Counter(name for name, _ in pairs)
    common = {name: symbol for name, symbol in pairs if counts[name] == 1}
    hijri = [names.replace("_", " ").replace("|", ", ") for names in _HIJRI_MONTHS]
    persian = [names.replace(" ", ", ") for names in _PERSIAN_MONTHS.split("|")]
    for calendar, months in ((HIJRI, hijri), (PERSIAN, persian)):
        for number, names in enumerate(months, 1):
            common |= {fold_name(name): chr(calendar + number) for name in names.split(", ")}
    return common


def _iterate_months(months: Iterable[str]) -> Iterator[tuple[str, str]]:
    for number, names in enumerate(months, 1):
        for name in filter(None, names.split("|")):
            yield name, chr(GREGORIAN + number)


def _iterate_periods(periods: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for period, names in periods.items():
        for name in filter(None, names.split("|")):
            yield name, _PERIODS[period]


def _compile_phrases(names: Iterable[str]) -> re.Pattern[str]:
    """Compile a pattern of names: of whole words, in scripts that separate words by spaces."""
    longest_first = sorted(names, key=len, reverse=True)
    if not longest_first:
        return _NOTHING
    first = "".join(sorted({name[0] for name in longest_first}))
    patterns = (
        r"\s+".join(map(re.escape, name.split(" "))) + ("" if _UNSPACED.search(name) else r"(?!\w)")
        for name in longest_first
    )
    # Most positions end at the first character.
    return re.compile(rf"(?=[{first}])(?:(?<!\w)|(?=[ก-龥가-힣]))(?:{'|'.join(patterns)})", re.I)
