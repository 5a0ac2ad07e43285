"""The entities of an article: people, organizations, places, with all names of one merged.

`english` finds the names of an English text and their kinds, `other_languages` those of
other texts. A name without a clear kind counts only as a short form of a clear one: Ishiba,
where the article has Shigeru Ishiba. The headline and the dek have capitals for other
reasons, so only such short forms are taken from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from itertools import islice
from types import MappingProxyType
from typing import Final

from corpus.article import Entity, EntityKind
from indexer.entities import cues, gazetteer, organizations, other_languages
from indexer.entities.english import ORDINARY_NAME_WORDS, NameKinds, find_names_in_english
from indexer.entities.gazetteer import PLACE_SYNONYMS
from indexer.entities.lexicon import is_english_word
from indexer.entities.mentions import find_listed_kind, find_mentions, is_given_name
from indexer.entities.other_languages import is_english
from indexer.entities.spans import NAME_SPAN, strip_possessive

# Part of the version of an article's entities; increase it when the rules change.
EXTRACTOR_VERSION = 2

NO_ALIASES: Final[Mapping[str, str]] = MappingProxyType({})

_PERSON, _ORG, _PLACE = EntityKind.PERSON, EntityKind.ORG, EntityKind.PLACE
_KINDS = (_PERSON, _ORG, _PLACE)

# Credits name reporters and editors, who are not entities of the article.
_CREDIT_LINE = re.compile(
    r"\((?:Additional )?(?:Reporting|reporting|Writing|Editing) by [^()]{1,500}\)"
)
_ACRONYM_AFTER_NAME = re.compile(r" \(([A-Z][A-Z&-]{1,8})\)")
_ALSO_KNOWN_AS = re.compile(r",? \(?(?:also|formerly|previously) known as (?:the )?")
_SYNONYMS = PLACE_SYNONYMS | organizations.ORG_SYNONYMS
# New York is also a state, America also a continent.
_AMBIGUOUS_PLACES = frozenset(("New York", "America"))
_MAX_ACRONYM_LETTERS = 3  # letters; longer words may be capitalised because of the headline
_MAX_ALIAS_MATCHES = 1_000  # matches of each pattern
_MAX_ALIASED_NAME_CHARS = 100  # characters of a name that has an alias
_ORG_PREFIXES = gazetteer.PLACES | gazetteer.DEMONYMS


def extract_entities(
    title: str, dek: str, body: str, *, language: str = "", known: Mapping[str, str] = NO_ALIASES
) -> tuple[Entity, ...]:
    """Return the entities of an article: people, organizations, places, in order of appearance.

    A name belongs to one entity at most. Every name is in the texts as written, except for
    names of datelines and headlines, which lose their capitals, and the canonical name of a
    place that has several: U.S. is also United States, which comes first.

    `language` is a BCP 47 tag, or empty; few entities are found in texts that are not English.
    `known` maps names of the user's groups to the first name of their group: they are always
    names, those of one group are one entity, and its first name comes first.
    """
    body = _CREDIT_LINE.sub("\n", body)
    groups = _NameGroups()
    if is_english(language, body):
        kinds = find_names_in_english(body, known)
        for name, other in (*_find_aliases(body, kinds), *_find_synonyms(kinds)):
            groups.join(other, name)
        for name in _split_headline_words(f"{title}\n{dek}"):
            kinds.setdefault(name, None)
    else:
        kinds = dict(other_languages.find_names_in_other_languages(body, known))
    _join_known_groups(kinds, groups, known)
    _join_short_forms(kinds, groups)
    return tuple(_build_entities(kinds, groups, known))


def _build_entities(
    kinds: NameKinds, groups: _NameGroups, known: Mapping[str, str]
) -> Iterator[Entity]:
    names_by_head: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        if kind:
            names_by_head.setdefault(groups.find_head(name), []).append(name)
    for kind in _KINDS:
        for names in names_by_head.values():
            if kinds[names[0]] is kind:
                firsts = (
                    known.get(name) or _find_canonical_name(name, kind, kinds) for name in names
                )
                first = next(filter(None, firsts), None)
                longest = sorted(names, key=len, reverse=True)
                yield Entity(kind, tuple(dict.fromkeys([first, *longest] if first else longest)))


def _find_canonical_name(name: str, kind: EntityKind, kinds: NameKinds) -> str | None:
    """Return the canonical name of a place, so that it is one in all articles, or None."""
    canonical = (
        PLACE_SYNONYMS.get(name) if kind is _PLACE and name not in _AMBIGUOUS_PLACES else None
    )
    return None if canonical in kinds else canonical


def _split_headline_words(text: str) -> Iterator[str]:
    for span in NAME_SPAN.findall(text):
        for part in span.split(" "):
            word = strip_possessive(part)
            yield word
            if len(word) > _MAX_ACRONYM_LETTERS and word.isupper():
                yield word.capitalize()


def _join_known_groups(kinds: NameKinds, groups: _NameGroups, known: Mapping[str, str]) -> None:
    """Join the names of one group into one entity.

    Its kind is that of the first of the group's names that has one by itself, or else that of
    the group's first name in the text.
    """
    firsts = {known[name] for name, kind in kinds.items() if kind and name in known}
    group_kinds = _find_group_kinds(firsts, known) if firsts else {}
    heads: dict[str, str] = {}
    for name, kind in kinds.items():
        if kind and name in known:
            first = known[name]
            if first not in heads:
                heads[first] = name
                kinds[name] = group_kinds.get(first, kind)
            kinds[name] = kinds[heads[first]]
            groups.join(name, heads[first])


def _find_group_kinds(firsts: Set[str], known: Mapping[str, str]) -> dict[str, EntityKind]:
    """Map the first name of a group to the kind of its first name that has one by itself."""
    kinds: dict[str, EntityKind] = {}
    for name, first in known.items():
        if first in firsts and first not in kinds and (kind := _find_own_kind(name)):
            kinds[first] = kind
    return kinds


def _find_own_kind(name: str) -> EntityKind | None:
    """Return the kind of a name by the lists, or by its last word: Harbor Holdings."""
    _, _, last = name.rpartition(" ")
    is_company = last != name and last in cues.ORG_LAST_WORDS_NOT_TOPICS
    return find_listed_kind(name) or (_ORG if is_company else None)


class _NameGroups:
    """The sets of names that are one entity (union-find). A name not joined is alone."""

    def __init__(self) -> None:
        self._next: dict[str, str] = {}

    def find_head(self, name: str) -> str:
        top = name
        while top in self._next:
            top = self._next[top]
        while name != top:
            self._next[name], name = top, self._next[name]
        return top

    def join(self, name: str, other: str) -> None:
        name, other = self.find_head(name), self.find_head(other)
        if name != other:
            self._next[name] = other


def _find_aliases(body: str, kinds: NameKinds) -> Iterator[tuple[str, str]]:
    """Yield the pairs of `Forces Japan (USFJ)` and `Iwoto, also known as Iwojima`.

    The second name gets the kind of the first.
    """
    for match in islice(_ACRONYM_AFTER_NAME.finditer(body), _MAX_ALIAS_MATCHES):
        name = _find_name_before(body, match.start(), kinds)
        if name and kinds[name] is _ORG and _is_acronym_of(match[1], name):
            kinds[match[1]] = _ORG
            yield name, match[1]
    for match in islice(_ALSO_KNOWN_AS.finditer(body), _MAX_ALIAS_MATCHES):
        name = _find_name_before(body, match.start(), kinds)
        span = NAME_SPAN.match(body, match.end())
        aliases = find_mentions(span[0]) if span else ()
        if name and aliases:
            kinds[aliases[0].name] = kinds[name]
            yield name, aliases[0].name


def _find_name_before(body: str, end: int, kinds: NameKinds) -> str:
    """Return the longest name of a clear kind that ends there, or ""."""
    parts = body[max(end - _MAX_ALIASED_NAME_CHARS, 0) : end].split(" ")
    names = (" ".join(parts[start:]).lstrip('"“(') for start in range(len(parts)))
    return next((name for name in names if kinds.get(name)), "")


def _is_acronym_of(acronym: str, name: str) -> bool:
    """Return whether the letters of an acronym occur in the name in order, one at a word's start.

    That one is the first letter.
    """
    letters = iter(name.upper())
    return any(word[0] == acronym[0] for word in name.split(" ")) and all(
        char in letters for char in acronym if char.isalpha()
    )


def _find_synonyms(kinds: NameKinds) -> Iterator[tuple[str, str]]:
    """Yield the pairs of names that are synonyms by the lists: U.S. and United States."""
    firsts: dict[tuple[EntityKind, str], str] = {}
    for name, kind in kinds.items():
        if kind is _ORG or kind is _PLACE:
            bare = _strip_company_suffixes(name).replace("’", "'")
            canonical = _SYNONYMS.get(name) or _SYNONYMS.get(bare, bare)
            first = firsts.setdefault((kind, canonical), name)
            if first != name:
                yield first, name


def _strip_company_suffixes(name: str) -> str:
    parts = name.split(" ")
    while len(parts) > 1 and parts[-1] in cues.COMPANY_SUFFIXES:
        parts.pop()
    return " ".join(parts)


def _join_short_forms(kinds: NameKinds, groups: _NameGroups) -> None:
    """Join each short form to the only entity that has it; one of several entities stays alone."""
    owners: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        if kind:
            for short in _list_short_forms(name, kind, kinds):
                if short in kinds and short != name:
                    owners.setdefault(short, []).append(name)
    # Longest first: George Bush must be resolved before Bush.
    for short in sorted(owners, key=len, reverse=True):
        kind = _resolve_short_form_kind(short, kinds, owners[short])
        heads = {groups.find_head(owner) for owner in owners[short] if kinds[owner] is kind}
        kinds[short] = kind
        if len(heads) == 1:
            groups.join(short, heads.pop())
        elif short in cues.GENERIC_ORG_WORDS:
            kinds[short] = None
    for name in cues.GENERIC_ORG_WORDS.intersection(kinds).difference(owners):
        kinds[name] = None


def _resolve_short_form_kind(short: str, kinds: NameKinds, owners: list[str]) -> EntityKind | None:
    """Return the kind of a short form: its own, or else that of the entities that have it.

    It is theirs if its own is unclear, and if it is a place that is not a country and one of
    them is a person, or a place that is not on the lists and one is an organization.
    """
    own_kind, owner_kinds = kinds[short], {kinds[owner] for owner in owners}
    certain_places = gazetteer.COUNTRIES if _PERSON in owner_kinds else gazetteer.PLACES
    if own_kind is None or (own_kind is _PLACE and short not in certain_places):
        return next(kind for kind in _KINDS if kind in owner_kinds)
    return own_kind


def _list_short_forms(name: str, kind: EntityKind, kinds: NameKinds) -> Iterator[str]:
    """Yield the short forms in which a text may repeat a name."""
    parts = name.split(" ")
    if len(parts) == 1:
        return
    if kind is _PERSON:
        yield from _list_short_person_forms(parts, kinds)
    elif kind is _ORG:
        yield from _list_short_org_forms(name, parts)
    elif parts[-1] in cues.PLACE_LAST_WORDS:
        bare = " ".join(parts[:-1])
        if bare not in ORDINARY_NAME_WORDS:
            yield bare


def _list_short_person_forms(parts: list[str], kinds: NameKinds) -> Iterator[str]:
    last = parts[-2] if parts[-1].rstrip(".") in {"Jr", "Sr", "II", "III"} else parts[-1]
    yield f"{parts[0]} {last}"
    yield last
    yield re.sub(r"^(?:al|el|ul)-", "", last)
    if len(parts) > 2:
        yield " ".join(parts[1:])  # Take Paul Ryan
    if parts[0] in gazetteer.LEADING_FAMILY_NAMES or kinds.get(parts[0]) is _PERSON:
        yield parts[0]


def _list_short_org_forms(name: str, parts: list[str]) -> Iterator[str]:
    if parts[-1] in cues.COMPANY_SUFFIXES:
        yield _strip_company_suffixes(name)
    if parts[0] not in ORDINARY_NAME_WORDS and parts[0] not in cues.ORDINARY_FIRST_WORDS:
        is_company = parts[-1] in cues.COMPANY_SUFFIXES
        if is_company or not (is_english_word(parts[0].lower()) or is_given_name(parts[0])):
            yield parts[0]
    if parts[0] in _ORG_PREFIXES:
        yield " ".join(parts[1:])  # U.S. Justice Department
    if parts[-1] in cues.GENERIC_ORG_WORDS:
        yield parts[-1]
