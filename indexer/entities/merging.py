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
from indexer.entities.english import ORDINARY, Found, read
from indexer.entities.gazetteer import SAME_PLACE
from indexer.entities.lexicon import is_word
from indexer.entities.mentions import is_given, listed_kind, mentions
from indexer.entities.other_languages import is_english
from indexer.entities.spans import SPAN, without_possessive

# Part of the version of an article's entities; increase it when the rules change.
EXTRACTOR_VERSION = 2

NOBODY: Final[Mapping[str, str]] = MappingProxyType({})

_PERSON, _ORG, _PLACE = EntityKind.PERSON, EntityKind.ORG, EntityKind.PLACE
_KINDS = (_PERSON, _ORG, _PLACE)

# Credits name reporters and editors, who are not entities of the article.
_CREDITS = re.compile(
    r"\((?:Additional )?(?:Reporting|reporting|Writing|Editing) by [^()]{1,500}\)"
)
_ACRONYM = re.compile(r" \(([A-Z][A-Z&-]{1,8})\)")
_ALSO = re.compile(r",? \(?(?:also|formerly|previously) known as (?:the )?")
_SAME = SAME_PLACE | organizations.SAME_ORG
# New York is also a state, America also a continent.
_AMBIGUOUS = frozenset(("New York", "America"))
_LONGEST_ACRONYM = 3  # letters; longer words may be capitalised because of the headline
_MOST_ALIASES = 1_000  # matches of each pattern
_LONGEST = 100  # characters of a name that has an alias
_BEFORE_ORGS = gazetteer.PLACES | gazetteer.DEMONYMS


def extract(
    title: str, dek: str, body: str, *, language: str = "", known: Mapping[str, str] = NOBODY
) -> tuple[Entity, ...]:
    """Return the entities of an article: people, organizations, places, in order of appearance.

    A name belongs to one entity at most. Every name is in the texts as written, except for
    names of datelines and headlines, which lose their capitals, and the canonical name of a
    place that has several: U.S. is also United States, which comes first.

    `language` is a BCP 47 tag, or empty; few entities are found in texts that are not English.
    `known` maps names of the user's groups to the first name of their group: they are always
    names, those of one group are one entity, and its first name comes first.
    """
    body = _CREDITS.sub("\n", body)
    groups = _Groups()
    if is_english(language, body):
        kinds = read(body, known)
        for name, other in (*_aliases(body, kinds), *_equals(kinds)):
            groups.join(other, name)
        for name in _headline_words(f"{title}\n{dek}"):
            kinds.setdefault(name, None)
    else:
        kinds = dict(other_languages.names_in(body, known))
    _join_known(kinds, groups, known)
    _join_shorter(kinds, groups)
    return tuple(_entities(kinds, groups, known))


def _entities(found: Found, groups: _Groups, known: Mapping[str, str]) -> Iterator[Entity]:
    names_by_head: dict[str, list[str]] = {}
    for name, kind in found.items():
        if kind:
            names_by_head.setdefault(groups.head(name), []).append(name)
    for kind in _KINDS:
        for names in names_by_head.values():
            if found[names[0]] is kind:
                firsts = (known.get(name) or _usual(name, kind, found) for name in names)
                first = next(filter(None, firsts), None)
                longest = sorted(names, key=len, reverse=True)
                yield Entity(kind, tuple(dict.fromkeys([first, *longest] if first else longest)))


def _usual(name: str, kind: EntityKind, found: Found) -> str | None:
    """Return the canonical name of a place, so that it is one in all articles, or None."""
    canonical = SAME_PLACE.get(name) if kind is _PLACE and name not in _AMBIGUOUS else None
    return None if canonical in found else canonical


def _headline_words(text: str) -> Iterator[str]:
    for span in SPAN.findall(text):
        for part in span.split(" "):
            word = without_possessive(part)
            yield word
            if len(word) > _LONGEST_ACRONYM and word.isupper():
                yield word.capitalize()


def _join_known(found: Found, groups: _Groups, known: Mapping[str, str]) -> None:
    """Join the names of one group into one entity.

    Its kind is that of the first of the group's names that has one by itself, or else that of
    the group's first name in the text.
    """
    firsts = {known[name] for name, kind in found.items() if kind and name in known}
    group_kinds = _kinds_of_groups(firsts, known) if firsts else {}
    heads: dict[str, str] = {}
    for name, kind in found.items():
        if kind and name in known:
            first = known[name]
            if first not in heads:
                heads[first] = name
                found[name] = group_kinds.get(first, kind)
            found[name] = found[heads[first]]
            groups.join(name, heads[first])


def _kinds_of_groups(firsts: Set[str], known: Mapping[str, str]) -> dict[str, EntityKind]:
    """Map the first name of a group to the kind of its first name that has one by itself."""
    kinds: dict[str, EntityKind] = {}
    for name, first in known.items():
        if first in firsts and first not in kinds and (kind := _own_kind(name)):
            kinds[first] = kind
    return kinds


def _own_kind(name: str) -> EntityKind | None:
    """Return the kind of a name by the lists, or by its last word: Harbor Holdings."""
    _, _, last = name.rpartition(" ")
    is_company = last != name and last in cues.ORG_TAILS_ONLY
    return listed_kind(name) or (_ORG if is_company else None)


class _Groups:
    """The sets of names that are one entity (union-find). A name not joined is alone."""

    def __init__(self) -> None:
        self._next: dict[str, str] = {}

    def head(self, name: str) -> str:
        top = name
        while top in self._next:
            top = self._next[top]
        while name != top:
            self._next[name], name = top, self._next[name]
        return top

    def join(self, name: str, other: str) -> None:
        name, other = self.head(name), self.head(other)
        if name != other:
            self._next[name] = other


def _aliases(body: str, found: Found) -> Iterator[tuple[str, str]]:
    """Yield the pairs of `Forces Japan (USFJ)` and `Iwoto, also known as Iwojima`.

    The second name gets the kind of the first.
    """
    for match in islice(_ACRONYM.finditer(body), _MOST_ALIASES):
        name = _name_before(body, match.start(), found)
        if name and found[name] is _ORG and _abbreviates(match[1], name):
            found[match[1]] = _ORG
            yield name, match[1]
    for match in islice(_ALSO.finditer(body), _MOST_ALIASES):
        name = _name_before(body, match.start(), found)
        span = SPAN.match(body, match.end())
        aliases = mentions(span[0]) if span else ()
        if name and aliases:
            found[aliases[0].name] = found[name]
            yield name, aliases[0].name


def _name_before(body: str, end: int, found: Found) -> str:
    """Return the longest name of a clear kind that ends there, or ""."""
    parts = body[max(end - _LONGEST, 0) : end].split(" ")
    names = (" ".join(parts[start:]).lstrip('"“(') for start in range(len(parts)))
    return next((name for name in names if found.get(name)), "")


def _abbreviates(acronym: str, name: str) -> bool:
    """Return whether the letters of an acronym occur in the name in order, one at a word's start.

    That one is the first letter.
    """
    letters = iter(name.upper())
    return any(word[0] == acronym[0] for word in name.split(" ")) and all(
        char in letters for char in acronym if char.isalpha()
    )


def _equals(found: Found) -> Iterator[tuple[str, str]]:
    """Yield the pairs of names that are synonyms by the lists: U.S. and United States."""
    firsts: dict[tuple[EntityKind, str], str] = {}
    for name, kind in found.items():
        if kind is _ORG or kind is _PLACE:
            bare = _without_company_tail(name).replace("’", "'")
            canonical = _SAME.get(name) or _SAME.get(bare, bare)
            first = firsts.setdefault((kind, canonical), name)
            if first != name:
                yield first, name


def _without_company_tail(name: str) -> str:
    parts = name.split(" ")
    while len(parts) > 1 and parts[-1] in cues.COMPANY_TAILS:
        parts.pop()
    return " ".join(parts)


def _join_shorter(found: Found, groups: _Groups) -> None:
    """Join each short form to the only entity that has it; one of several entities stays alone."""
    owners: dict[str, list[str]] = {}
    for name, kind in found.items():
        if kind:
            for short in _shorter(name, kind, found):
                if short in found and short != name:
                    owners.setdefault(short, []).append(name)
    # Longest first: George Bush must be resolved before Bush.
    for short in sorted(owners, key=len, reverse=True):
        kind = _kind_of_short(short, found, owners[short])
        heads = {groups.head(owner) for owner in owners[short] if found[owner] is kind}
        found[short] = kind
        if len(heads) == 1:
            groups.join(short, heads.pop())
        elif short in cues.BARE_ORGS:
            found[short] = None
    for name in cues.BARE_ORGS.intersection(found).difference(owners):
        found[name] = None


def _kind_of_short(short: str, found: Found, owners: list[str]) -> EntityKind | None:
    """Return the kind of a short form: its own, or else that of the entities that have it.

    It is theirs if its own is unclear, and if it is a place that is not a country and one of
    them is a person, or a place that is not on the lists and one is an organization.
    """
    own_kind, owner_kinds = found[short], {found[owner] for owner in owners}
    certain_places = gazetteer.COUNTRIES if _PERSON in owner_kinds else gazetteer.PLACES
    if own_kind is None or (own_kind is _PLACE and short not in certain_places):
        return next(kind for kind in _KINDS if kind in owner_kinds)
    return own_kind


def _shorter(name: str, kind: EntityKind, found: Found) -> Iterator[str]:
    """Yield the short forms in which a text may repeat a name."""
    parts = name.split(" ")
    if len(parts) == 1:
        return
    if kind is _PERSON:
        yield from _shorter_person(parts, found)
    elif kind is _ORG:
        yield from _shorter_org(name, parts)
    elif parts[-1] in cues.PLACE_TAILS:
        bare = " ".join(parts[:-1])
        if bare not in ORDINARY:
            yield bare


def _shorter_person(parts: list[str], found: Found) -> Iterator[str]:
    last = parts[-2] if parts[-1].rstrip(".") in {"Jr", "Sr", "II", "III"} else parts[-1]
    yield f"{parts[0]} {last}"
    yield last
    yield re.sub(r"^(?:al|el|ul)-", "", last)
    if len(parts) > 2:
        yield " ".join(parts[1:])  # Take Paul Ryan
    if parts[0] in gazetteer.FAMILY_FIRST or found.get(parts[0]) is _PERSON:
        yield parts[0]


def _shorter_org(name: str, parts: list[str]) -> Iterator[str]:
    if parts[-1] in cues.COMPANY_TAILS:
        yield _without_company_tail(name)
    if parts[0] not in ORDINARY and parts[0] not in cues.STARTS_OF_NAMES:
        is_company = parts[-1] in cues.COMPANY_TAILS
        if is_company or not (is_word(parts[0].lower()) or is_given(parts[0])):
            yield parts[0]
    if parts[0] in _BEFORE_ORGS:
        yield " ".join(parts[1:])  # U.S. Justice Department
    if parts[-1] in cues.BARE_ORGS:
        yield parts[-1]
