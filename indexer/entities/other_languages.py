"""Names in texts that are not English: only those that are certain in most languages.

German capitalises every noun and no language shares the English cues. So a person is a
common given name with a surname, and organizations and places are those on the lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from corpus.article import EntityKind
from indexer.entities import cues, gazetteer, organizations
from indexer.entities.features import longest_known
from indexer.entities.gazetteer import names
from indexer.entities.lexicon import is_word, lexicon
from indexer.entities.mentions import is_given
from indexer.entities.spans import SPAN, without_possessive

_ENGLISH = names(
    "the, of, and, to, in, a, that, is, was, for, on, with, said, by, he, it, as, at, from"
)
_LOOKED_AT: Final = 2_000  # characters
_FEWEST: Final = 40  # words; the language of fewer cannot be detected
_SHARE: Final = 0.12  # of the words of an English text
# On the lists of given names, but ordinary words in other languages.
_NO_GIVEN_NAMES = names("""
Einer, Von, Van, Der, Roman, Den, Juli, Los, Las, Le, La, El, Dalla, Reino, Cruz, Irish
""")
# Surnames begin with them, often with a capital: Le Pen, Van Peteghem, Abu Hilal.
_PARTICLES = cues.PARTICLES | names("le, les, abu, ben, ter, ten, della, dalla")
_SHORTEST: Final = 4  # letters of a place
_LONGEST_ACRONYM: Final = 6
_MOST_LISTED: Final = 3  # words of a listed name


def is_english(language: str, body: str) -> bool:
    """Return whether a text is processed as English; a tag of another language decides."""
    if language and language.partition("-")[0].lower() not in {"en", "und"}:
        return False
    words = body[:_LOOKED_AT].lower().split()
    return len(words) < _FEWEST or sum(word in _ENGLISH for word in words) >= _SHARE * len(words)


def names_in(body: str, known: Mapping[str, str]) -> dict[str, EntityKind]:
    """Return the names that are certain in any language, by first appearance."""
    kinds: dict[str, EntityKind] = {}
    for span in dict.fromkeys(SPAN.findall(body)):
        for kind, name in _sure(span.split(" "), known):
            kinds.setdefault(name, kind)
    return kinds


def _sure(parts: list[str], known: Mapping[str, str]) -> Iterator[tuple[EntityKind, str]]:
    index = 0
    while index < len(parts):
        size, kind = _size(parts, index, known)
        if kind:
            yield kind, without_possessive(" ".join(parts[index : index + size]))
        index += size


def _size(parts: list[str], index: int, known: Mapping[str, str]) -> tuple[int, EntityKind | None]:
    """Return the words and the kind of the name that starts there, or 1 and None."""
    if size := longest_known(parts, index, known):
        return size, _listed(" ".join(parts[index : index + size])) or EntityKind.ORG
    for size in range(min(_MOST_LISTED, len(parts) - index), 0, -1):
        if kind := _listed(" ".join(parts[index : index + size])):
            return size, kind
    if size := _person(parts, index):
        return size, EntityKind.PERSON
    return 1, None


def _person(parts: list[str], index: int) -> int:
    end = index
    while end < len(parts) and is_given(parts[end]) and parts[end] not in _NO_GIVEN_NAMES:
        end += 1
    given_count = end - index
    while given_count and end + 1 < len(parts) and parts[end].lower() in _PARTICLES:
        end += 1
    if not given_count or end == len(parts):
        return given_count if given_count > 1 else 0
    surname = without_possessive(parts[end])
    is_surname = len(surname) > 1 and not surname.isupper() and surname not in gazetteer.PLACES
    # Martín de Pedro, but Hassan Abu Ali.
    after_particle = end > index + given_count and parts[end - 1].islower()
    return end + 1 - index if is_surname and not (after_particle and is_given(surname)) else 0


def _listed(name: str) -> EntityKind | None:
    name = without_possessive(name)
    if name in organizations.ORGS:
        is_acronym = name.isupper() and 2 < len(name) <= _LONGEST_ACRONYM
        return EntityKind.ORG if is_acronym or not _ordinary(name) else None
    is_long_enough = len(name) >= _SHORTEST
    if is_long_enough and (name in gazetteer.COUNTRIES or name in lexicon().metropolises):
        return EntityKind.PLACE if not _ordinary(name) or name in gazetteer.COUNTRIES else None
    return None


def _ordinary(name: str) -> bool:
    return name.isupper() or any(is_word(part.lower()) for part in name.split(" "))
