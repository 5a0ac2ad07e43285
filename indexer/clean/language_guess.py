"""The likely language of a short text: by its script, its letters, and a few common words.

It is for texts whose language nothing states and which are too short to be sure of it. Their words
are then stemmed in that language.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection

from corpus.encodings.legacy_encodings import FREQUENT_LETTERS
from indexer.clean.languages import LANGUAGES_BY_WORD, are_similar
from indexer.function_words import FUNCTION_WORDS

_MAX_SAMPLE_CHARS = 700
# What a guess needs: points, one for a common word or a letter of that language alone, and so many
# times the points of the next language.
_MIN_POINTS = 1.5
_MIN_LEAD_RATIO = 1.1

# Scripts other than Latin: their letters, and the languages that some letters tell; the last is for
# texts that have none of these.
_SCRIPTS = (
    (re.compile("[\u3041-\u30ff]"), (("", "ja"),)),
    (re.compile("[\uac00-\ud7a3]"), (("", "ko"),)),
    (re.compile("[\u4e00-\u9fff]"), (("", "zh"),)),
    (re.compile("[\u0370-\u03ff]"), (("", "el"),)),
    (re.compile("[\u05d0-\u05ea]"), (("ײױװ", "yi"), ("", "he"))),
    (re.compile("[\u0600-\u06ff]"), (("ٹڈڑں", "ur"), ("پچژگیک", "fa"), ("", "ar"))),
    (
        re.compile("[\u0400-\u04ff]"),
        (("ў", "be"), ("іїєґ", "uk"), ("ѓќѕ", "mk"), ("ђћљњџј", "sr"), ("ыэё", "ru"), ("", "ru")),
    ),
    (re.compile("[\u0530-\u058f]"), (("", "hy"),)),
    (re.compile("[\u10a0-\u10ff]"), (("", "ka"),)),
    (re.compile("[\u0900-\u097f]"), (("", "hi"),)),
    (re.compile("[\u0980-\u09ff]"), (("", "bn"),)),
    (re.compile("[\u0b80-\u0bff]"), (("", "ta"),)),
    (re.compile("[\u0e01-\u0e4e]"), (("", "th"),)),
)
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
# A letter of an acronym (U.S.) or of a contraction is no word.
_WORD = re.compile(r"(?<![\w.'’])[^\W\d_]+(?![\w'’])(?!\.\w)")
_ACCENTED_LETTER = re.compile("[\u00df-\u00f6\u00f8-\u024f\u1e00-\u1eff]")


def _index_letters() -> dict[str, frozenset[str]]:
    languages: dict[str, set[str]] = defaultdict(set)
    for language, letters in FREQUENT_LETTERS.items():
        for letter in letters:
            languages[letter].add("nb" if language == "no" else language)
    return {letter: frozenset(named) for letter, named in languages.items()}


_LANGUAGES_BY_LETTER = _index_letters()


def guess_language(text: str) -> str:
    """Return the code of the likely language of a text, or nothing if little tells it."""
    sample = text[:_MAX_SAMPLE_CHARS]
    counts = [len(letters.findall(sample)) for letters, _ in _SCRIPTS]
    most = max(counts)
    if most > len(_LATIN_LETTER.findall(sample)):
        # Japanese has more Han characters than kana.
        place = 0 if counts[0] else counts.index(most)
        return next(
            language
            for letters, language in _SCRIPTS[place][1]
            if not letters or not set(letters).isdisjoint(sample)
        )
    return _guess_latin_language(sample.lower())


def _guess_latin_language(sample: str) -> str:
    points = _count_points(sample)
    best = min(points, key=lambda language: (-points[language], language), default="")
    others = [points[language] for language in points if not are_similar(language, best)]
    is_likely = best and points[best] >= max(_MIN_POINTS, _MIN_LEAD_RATIO * max(others, default=0))
    return best if is_likely else ""


def _count_points(sample: str) -> dict[str, float]:
    """Return the points of each language: what several have in common counts less for each."""
    points: dict[str, float] = defaultdict(float)
    for word in set(_WORD.findall(sample)):
        _add_points(points, _list_languages(word))
    for letter in set(_ACCENTED_LETTER.findall(sample)):
        _add_points(points, _LANGUAGES_BY_LETTER.get(letter, frozenset()))
    return points


def _add_points(points: dict[str, float], languages: Collection[str]) -> None:
    for language in languages:
        points[language] += 1 / len(languages)


def _list_languages(word: str) -> set[str]:
    """Return the languages in which a word is common."""
    return {*LANGUAGES_BY_WORD.get(word, ()), *(("en",) if word in FUNCTION_WORDS else ())}
