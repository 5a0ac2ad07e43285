"""Stemming by language: the terms under which the forms of a word meet.

An article's words are stemmed in its own language, and a term of another language than English
begins with that language (`:de:wahl`): a word of a query is looked up by its stem in every
language of an index, and no stem meets that of another language by chance. English stems, and
those of articles in languages without a stemmer, stand alone. So do words in another script than
their article's, such as names in Latin letters. Stems are Snowball's, and some ours: Korean
particles, Ukrainian endings, what Arabic writes before its article.

Tokens have no accents, but stemmers know endings by theirs (`eleição`, `eleições`). A word that
is written with accents has two stems where the two differ: without and with them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache

import snowballstemmer

from indexer.analysis import fold_word

# Before and after the language of a term; no token contains it.
_MARK = ":"
_ENGLISH = ""
# Snowball's algorithms by the primary subtags of languages that have one.
_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
# Languages with words of several endings, of which their stemmer takes one at a time.
_REPEATED = frozenset(("ar", "es", "eu", "hu", "hy", "id", "pt", "ro", "tr"))
_MAX_ENDINGS = 3
# Languages that are written alike enough for the stemmer of another.
_RELATIVES = {
    "nb": "no", "nn": "no", "hr": "sr", "bs": "sr", "me": "sr", "ms": "id", "gl": "pt", "sk": "cs",
    "iw": "he",
}  # fmt: skip
# The first and last letter of the scripts that are not Latin.
_SCRIPTS = {
    "ar": ("\u0600", "\u06ff"), "fa": ("\u0600", "\u06ff"), "el": ("\u0370", "\u03ff"),
    "hi": ("\u0900", "\u097f"), "ne": ("\u0900", "\u097f"), "hy": ("\u0530", "\u058f"),
    "ru": ("\u0400", "\u04ff"), "uk": ("\u0400", "\u04ff"), "sr": ("a", "\u04ff"),
    "ta": ("\u0b80", "\u0bff"), "yi": ("\u0590", "\u05ff"),
}  # fmt: skip
_LATIN = ("a", "\u024f")
_WORD = re.compile(r"[^\W\d_]+")
_MAX_CACHED_WORDS = 1 << 17
_TURKISH_CAPITALS = str.maketrans("I\u0130", "\u0131i")

STEMMING_LANGUAGES = (*_ALGORITHMS, "uk")


def get_stemming_language(tag: str) -> str:
    """Return the language in which an article with a BCP 47 tag is stemmed; "" is as English."""
    primary = tag.partition("-")[0].lower()
    language = _RELATIVES.get(primary, primary)
    return language if language in STEMMING_LANGUAGES else _ENGLISH


def make_language_prefix(language: str) -> str:
    """Return the beginning that the terms of a language have in common."""
    return f"{_MARK}{language}{_MARK}"


def stem(token: str, language: str = _ENGLISH) -> str:
    """Return the term of a token in a language of `STEMMING_LANGUAGES`, or as in English."""
    return _open_cache(language)[token]


def stem_tokens(tokens: Iterable[str], language: str = _ENGLISH) -> list[str]:
    """Return the terms of many tokens."""
    return list(map(_open_cache(language).__getitem__, tokens))


def list_stems(token: str, text: str, language: str) -> tuple[str, ...]:
    """Return the terms of a token, written as `text`: one, and another of its accents."""
    accented = (term for folded, term in stem_accented_words(text, language) if folded == token)
    return tuple(dict.fromkeys((stem(token, language), *accented)))


def stem_accented_words(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield each word with accents, as a token, whose term is another with them, and that term."""
    if language == _ENGLISH or text.isascii() or not _is_latin(language):
        return
    composed = unicodedata.normalize("NFC", text)
    for word in sorted(set(_WORD.findall(composed))):
        if word.isascii():
            continue
        token, term = _stem_accented_word(word, language)
        if term != stem(token, language):
            yield token, term


@lru_cache(maxsize=_MAX_CACHED_WORDS)
def _stem_accented_word(word: str, language: str) -> tuple[str, str]:
    lowered = (word.translate(_TURKISH_CAPITALS) if language == "tr" else word).lower()
    return fold_word(lowered), _make_term(_open_stemmer(language)(lowered), language)


class _StemCache(dict[str, str]):
    """A cache of terms by token, which is cleared when it is full."""

    _MAX_TOKENS = 500_000

    def __init__(self, stem_token: Callable[[str], str]) -> None:
        super().__init__()
        self._stem_token = stem_token

    def __missing__(self, token: str) -> str:
        if len(self) >= self._MAX_TOKENS:
            self.clear()
        term = self[token] = self._stem_token(token)
        return term


@cache
def _open_cache(language: str) -> _StemCache:
    return _StemCache(_make_token_stemmer(language))


def _make_token_stemmer(language: str) -> Callable[[str], str]:
    """Return the function from a token to its term in a language."""
    stem_word = _open_stemmer(language)
    if language == _ENGLISH:
        return lambda token: _strip_particle(token) if _is_korean(token) else stem_word(token)
    stem_english = _open_cache(_ENGLISH).__getitem__
    first, last = _get_script(language)
    return lambda token: (
        _make_term(stem_word(token), language)
        if first <= token[0] <= last and not token[-1].isdigit()
        else stem_english(token)
    )


def _get_script(language: str) -> tuple[str, str]:
    return _SCRIPTS.get(language, _LATIN)


def _is_latin(language: str) -> bool:
    """Return whether a language is written in Latin letters, alone or beside others."""
    return _get_script(language)[0] == _LATIN[0]


def _make_term(stemmed: str, language: str) -> str:
    return make_language_prefix(language) + fold_word(stemmed)


@cache
def _open_stemmer(language: str) -> Callable[[str], str]:
    """Open Snowball's stemmer of a language, for words in small letters."""
    if language == "uk":
        return _strip_ukrainian_ending
    stemmer = snowballstemmer.stemmer(_ALGORITHMS.get(language, "english"))
    stem_word: Callable[[str], str] = stemmer.stemWord
    if language not in _REPEATED:
        return stem_word

    def stem_repeatedly(word: str) -> str:
        if language == "ar":
            word = _BEFORE_ARABIC_ARTICLE.sub("", word)
        for _ in range(_MAX_ENDINGS):
            word, before = stem_word(word), word
            if word == before:
                break
        return word

    return stem_repeatedly


# And, so, with, like: written together with the article.
_BEFORE_ARABIC_ARTICLE = re.compile("^[وفبك](?=ال...)")
# Endings of nouns, adjectives and the past of verbs.
_UKRAINIAN_ENDING = re.compile(
    "(?<=...)(?:ам|ям|ах|ях|ами|ями|ові|еві|єві|ого|ому|ими|ої|ою|ею|єю|ів|їв|ом|ем|єм|ий|ій|их|їй"
    "|ити|ати|яти|іти|ив|ав|яв|ила|ала|яла|іла|или|али|яли|іли|ило|ало|яло|іло|[аяуюиіїеєойь])$"
)


def _strip_ukrainian_ending(word: str) -> str:
    return _UKRAINIAN_ENDING.sub("", word)


def _is_korean(token: str) -> bool:
    return "\uac00" <= token[-1:] <= "\ud7a3"


# Particles that Korean writes together with the word before them, by the end of that word.
_PARTICLES = (
    "에서는", "에서도", "에게서", "에서", "에게", "에는", "에도", "까지", "부터", "처럼", "보다",
    "한테", "께서", "이나", "마다", "밖에", "의", "에", "도", "만",
)  # fmt: skip
_PARTICLES_AFTER_VOWEL = ("라고", "라는", "가", "는", "를", "와", "로")
_PARTICLES_AFTER_CONSONANT = ("이라고", "이라는", "으로", "이", "은", "을", "과")
_LONGEST_FIRST = sorted(
    (*_PARTICLES, *_PARTICLES_AFTER_VOWEL, *_PARTICLES_AFTER_CONSONANT), key=len, reverse=True
)
_MIN_KOREAN_STEM_CHARS = 2


def _strip_particle(token: str) -> str:
    """Return a Korean word without its particle: `대통령이` → `대통령`."""
    particle = next((ending for ending in _LONGEST_FIRST if token.endswith(ending)), "")
    word = token.removesuffix(particle)
    if not particle or len(word) < _MIN_KOREAN_STEM_CHARS:
        return token
    # A syllable is numbered by its three sounds; the last one is 0 if it ends with a vowel.
    ends_with_vowel = (ord(word[-1]) - 0xAC00) % 28 == 0
    fits = (
        ends_with_vowel
        if particle in _PARTICLES_AFTER_VOWEL
        else not ends_with_vowel or particle in _PARTICLES
    )
    return word if fits else token


def find_shared_prefix(stemmed: str) -> str:
    """Return the prefix of all words with this stem: the stem without the end that Porter2 adds.

    Porter2 adds letters only at a stem's end: skies → sky, happiness → happi, hoping →
    hope, dying → die, capability → capabl, nobility → nobl.
    """
    for ending, added in (("ie", 2), ("ble", 2), ("bl", 1), ("e", 1), ("i", 1), ("y", 1)):
        if stemmed.endswith(ending):
            return stemmed[:-added]
    return stemmed
