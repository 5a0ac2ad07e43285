"""Names in texts that are not English: only those that are certain in most languages.

German capitalises every noun and no language shares the English cues. So a person is a
common given name with a surname, and organizations and places are those on the lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from corpus.article import EntityKind
from indexer.entities import cues, gazetteer, organizations
from indexer.entities.features import measure_known_name
from indexer.entities.gazetteer import parse_names
from indexer.entities.lexicon import is_english_word, load_lexicon
from indexer.entities.mentions import is_given_name
from indexer.entities.spans import NAME_SPAN, strip_possessive

_ENGLISH_WORDS = parse_names(
    "the, of, and, to, in, a, that, is, was, for, on, with, said, by, he, it, as, at, from"
)
_LANGUAGE_SAMPLE_CHARS: Final = 2_000  # characters
_MIN_SAMPLE_WORDS: Final = 40  # words; the language of fewer cannot be detected
_MIN_ENGLISH_SHARE: Final = 0.12  # of the words of an English text
# On the lists of given names, but ordinary words in other languages.
_EXCLUDED_GIVEN_NAMES = parse_names("""
Einer, Von, Van, Der, Roman, Den, Juli, Los, Las, Le, La, El, Dalla, Reino, Cruz, Irish
""")
# Surnames begin with them, often with a capital: Le Pen, Van Peteghem, Abu Hilal.
_SURNAME_PARTICLES = cues.PARTICLES | parse_names("le, les, abu, ben, ter, ten, della, dalla")
_MIN_PLACE_LETTERS: Final = 4  # letters of a place
_MAX_ACRONYM_LETTERS: Final = 6
_MAX_LISTED_WORDS: Final = 3  # words of a listed name


def is_english(language: str, body: str) -> bool:
    """Return whether a text is processed as English; a tag of another language decides."""
    if language and language.partition("-")[0].lower() not in {"en", "und"}:
        return False
    words = body[:_LANGUAGE_SAMPLE_CHARS].lower().split()
    return len(words) < _MIN_SAMPLE_WORDS or sum(
        word in _ENGLISH_WORDS for word in words
    ) >= _MIN_ENGLISH_SHARE * len(words)


def find_names_in_other_languages(body: str, known: Mapping[str, str]) -> dict[str, EntityKind]:
    """Return the names that are certain in any language, by first appearance."""
    kinds: dict[str, EntityKind] = {}
    for span in dict.fromkeys(NAME_SPAN.findall(body)):
        for kind, name in _find_names_in_span(span.split(" "), known):
            kinds.setdefault(name, kind)
    return kinds


def _find_names_in_span(
    parts: list[str], known: Mapping[str, str]
) -> Iterator[tuple[EntityKind, str]]:
    index = 0
    while index < len(parts):
        size, kind = _measure_name(parts, index, known)
        if kind:
            yield kind, strip_possessive(" ".join(parts[index : index + size]))
        index += size


def _measure_name(
    parts: list[str], index: int, known: Mapping[str, str]
) -> tuple[int, EntityKind | None]:
    """Return the words and the kind of the name that starts there, or 1 and None."""
    if size := measure_known_name(parts, index, known):
        return size, _find_listed_kind(" ".join(parts[index : index + size])) or EntityKind.ORG
    for size in range(min(_MAX_LISTED_WORDS, len(parts) - index), 0, -1):
        if kind := _find_listed_kind(" ".join(parts[index : index + size])):
            return size, kind
    if size := _count_person_words(parts, index):
        return size, EntityKind.PERSON
    return 1, None


def _count_person_words(parts: list[str], index: int) -> int:
    end = index
    while (
        end < len(parts) and is_given_name(parts[end]) and parts[end] not in _EXCLUDED_GIVEN_NAMES
    ):
        end += 1
    given_count = end - index
    while given_count and end + 1 < len(parts) and parts[end].lower() in _SURNAME_PARTICLES:
        end += 1
    if not given_count or end == len(parts):
        return given_count if given_count > 1 else 0
    surname = strip_possessive(parts[end])
    is_surname = len(surname) > 1 and not surname.isupper() and surname not in gazetteer.PLACES
    # Martín de Pedro, but Hassan Abu Ali.
    after_particle = end > index + given_count and parts[end - 1].islower()
    return end + 1 - index if is_surname and not (after_particle and is_given_name(surname)) else 0


def _find_listed_kind(name: str) -> EntityKind | None:
    name = strip_possessive(name)
    if name in organizations.KNOWN_ORGS:
        is_acronym = name.isupper() and 2 < len(name) <= _MAX_ACRONYM_LETTERS
        return EntityKind.ORG if is_acronym or not _is_ordinary(name) else None
    is_long_enough = len(name) >= _MIN_PLACE_LETTERS
    if is_long_enough and (name in gazetteer.COUNTRIES or name in load_lexicon().metropolises):
        return EntityKind.PLACE if not _is_ordinary(name) or name in gazetteer.COUNTRIES else None
    return None


def _is_ordinary(name: str) -> bool:
    return name.isupper() or any(is_english_word(part.lower()) for part in name.split(" "))
