"""Names in texts that are not English: only what is a name in most languages.

German writes every noun with a capital and no language shares the English cues. So a person
is a usual given name with a surname, and an organization or a place is one on the lists.
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
_FEWEST: Final = 40  # words that show a language
_SHARE: Final = 0.12  # of English words in English
# On lists of given names, and ordinary words elsewhere.
_NO_GIVEN_NAMES = names("""
Einer, Von, Van, Der, Roman, Den, Juli, Los, Las, Le, La, El, Dalla, Reino, Cruz, Irish
""")
# Surnames begin with them, often with a capital: Le Pen, Van Peteghem, Abu Hilal.
_PARTICLES = cues.PARTICLES | names("le, les, abu, ben, ter, ten, della, dalla")
_SHORTEST: Final = 4  # letters of a place
_LONGEST_ACRONYM: Final = 6
_MOST_LISTED: Final = 3  # words of a listed name


def is_english(language: str, body: str) -> bool:
    """Whether a text may be read as English. A tag for another language is believed."""
    if language and language.partition("-")[0].lower() not in {"en", "und"}:
        return False
    words = body[:_LOOKED_AT].lower().split()
    return len(words) < _FEWEST or sum(word in _ENGLISH for word in words) >= _SHARE * len(words)


def names_in(body: str, known: Mapping[str, str]) -> dict[str, EntityKind]:
    """Names that are sure whatever the language, by first appearance."""
    found: dict[str, EntityKind] = {}
    for span in dict.fromkeys(SPAN.findall(body)):
        for kind, name in _sure(span.split(" "), known):
            found.setdefault(name, kind)
    return found


def _sure(parts: list[str], known: Mapping[str, str]) -> Iterator[tuple[EntityKind, str]]:
    index = 0
    while index < len(parts):
        size, kind = _size(parts, index, known)
        if kind:
            yield kind, without_possessive(" ".join(parts[index : index + size]))
        index += size


def _size(parts: list[str], index: int, known: Mapping[str, str]) -> tuple[int, EntityKind | None]:
    """How many words the name that starts there has, and its kind; one and None without."""
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
    given = end - index
    while given and end + 1 < len(parts) and parts[end].lower() in _PARTICLES:
        end += 1
    if not given or end == len(parts):
        return given if given > 1 else 0
    surname = without_possessive(parts[end])
    fits = len(surname) > 1 and not surname.isupper() and surname not in gazetteer.PLACES
    # Martín de Pedro, but Hassan Abu Ali.
    after_particle = end > index + given and parts[end - 1].islower()
    return end + 1 - index if fits and not (after_particle and is_given(surname)) else 0


def _listed(name: str) -> EntityKind | None:
    name = without_possessive(name)
    if name in organizations.ORGS:
        acronym = name.isupper() and 2 < len(name) <= _LONGEST_ACRONYM
        return EntityKind.ORG if acronym or not _ordinary(name) else None
    long = len(name) >= _SHORTEST
    if long and (name in gazetteer.COUNTRIES or name in lexicon().metropolises):
        return EntityKind.PLACE if not _ordinary(name) or name in gazetteer.COUNTRIES else None
    return None


def _ordinary(name: str) -> bool:
    return name.isupper() or any(is_word(part.lower()) for part in name.split(" "))
