"""People, organizations and places in an article, by rules and word lists.

Capitalised spans of the body are cut at titles, possessives and common words; each piece
is a person, an organization, a place, or unclear. An unclear name counts only as a shorter
form of a clear one: Ishiba, where the article has Shigeru Ishiba. A headline has capitals
anyway, so it and the line under it give nothing but such shorter forms.

The rules are for English. Precision comes first: what no rule knows is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.article import Entity, EntityKind
from indexer import cues, gazetteer
from indexer.mentions import POSSESSIVE, SPAN, mentions

# Part of what an article's entities depend on: other rules, another version.
EXTRACTOR_VERSION = 1

_PERSON, _ORG, _PLACE = EntityKind.PERSON, EntityKind.ORG, EntityKind.PLACE
_KINDS = (_PERSON, _ORG, _PLACE)

# At the head of a body: NEW YORK/LONDON, Oct 3 (Reuters) -
_DATELINE = re.compile(
    r"\s*([A-Z][A-Z./ ]{1,60}[A-Z])\b(?:, [\w. ]{1,25})?(?: ?\([^)\n]{1,40}\))? ?[-–—]"
)
# Who wrote and edited an article is not whom it is about.
_CREDITS = re.compile(
    r"\((?:Additional )?(?:Reporting|reporting|Writing|Editing) by [^()]{1,500}\)"
)
_ACRONYM = re.compile(r" \(([A-Z][A-Z&-]{1,8})\)")
_ALSO = re.compile(r",? \(?(?:also|formerly|previously) known as (?:the )?")
_IN_CAPITALS = {name.upper(): name for name in gazetteer.PLACES}
_SAME = gazetteer.SAME_PLACE | gazetteer.SAME_ORG
_LONGEST = 100  # characters of a name that another name may explain
_ORDINARY = (
    cues.COMMON | gazetteer.DEMONYMS | cues.DIRECTIONS | gazetteer.GIVEN_NAMES | cues.TITLES
    | cues.TITLE_WORDS | cues.ORG_TAILS | cues.ORG_HEADS | gazetteer.PLACES | cues.TOPICS
)  # fmt: skip

_Found = dict[str, EntityKind | None]  # names by first appearance


def extract(title: str, dek: str, body: str) -> tuple[Entity, ...]:
    """The entities of an article: people, organizations, places, each by first appearance.

    A name belongs to one entity at most. Every name is in the texts as it stands, but for
    a dateline's, which loses its capitals.
    """
    body = _CREDITS.sub("\n", body)
    found = _read(body)
    _find_relatives(found)
    groups = _Groups()
    for name, other in (*_aliases(body, found), *_equals(found)):
        groups.join(other, name)
    for span in SPAN.findall(f"{title}\n{dek}"):
        for word in span.split(" "):
            found.setdefault(POSSESSIVE.sub("", word), None)
    _join_shorter(found, groups)
    gathered: dict[str, list[str]] = {}
    for name, kind in found.items():
        if kind:
            gathered.setdefault(groups.head(name), []).append(name)
    return tuple(
        Entity(kind, tuple(sorted(names, key=len, reverse=True)))
        for kind in _KINDS
        for names in gathered.values()
        if found[names[0]] is kind
    )


class _Groups:
    """Which names are one entity's. A name that was never joined is alone."""

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


def _read(body: str) -> _Found:
    found: _Found = dict.fromkeys(_dateline_places(body), _PLACE)
    for span in dict.fromkeys(SPAN.findall(body)):
        for kind, name in mentions(span):
            known = found.setdefault(name, kind)
            # President Jackson makes a person of a town.
            if known is None or (kind is _PERSON and name not in gazetteer.COUNTRIES):
                found[name] = kind
    return found


def _find_relatives(found: _Found) -> None:
    """Rand Paul is a person where Ron Paul is, though nobody lists Rand."""
    surnames = {
        name.rpartition(" ")[2] for name, kind in found.items() if kind is _PERSON and " " in name
    }
    for name, kind in found.items():
        parts = name.split(" ")
        related = len(parts) in {2, 3} and parts[-1] in surnames
        if kind is None and related and parts[0] not in _ORDINARY:
            found[name] = _PERSON


def _dateline_places(body: str) -> list[str]:
    match = _DATELINE.match(body)
    names = match[1].split("/") if match else []
    return [_IN_CAPITALS[name] for name in names if name in _IN_CAPITALS]


def _aliases(body: str, found: _Found) -> Iterator[tuple[str, str]]:
    """Pairs of `Forces Japan (USFJ)` and `Iwoto, also known as Iwojima`; both get one kind."""
    for match in _ACRONYM.finditer(body):
        name = _name_before(body, match.start(), found)
        if name and found[name] is _ORG and _abbreviates(match[1], name):
            found[match[1]] = _ORG
            yield name, match[1]
    for match in _ALSO.finditer(body):
        name = _name_before(body, match.start(), found)
        span = SPAN.match(body, match.end())
        named = mentions(span[0]) if span else ()
        if name and named:
            found[named[0][1]] = found[name]
            yield name, named[0][1]


def _name_before(body: str, end: int, found: _Found) -> str:
    """The longest clear name that ends there, or nothing."""
    parts = body[max(end - _LONGEST, 0) : end].split(" ")
    names = (" ".join(parts[start:]).lstrip('"“(') for start in range(len(parts)))
    return next((name for name in names if found.get(name)), "")


def _abbreviates(acronym: str, name: str) -> bool:
    """Whether an acronym's letters occur in a name in their order, the first at a word's start."""
    letters = iter(name.upper())
    return any(word[0] == acronym[0] for word in name.split(" ")) and all(
        char in letters for char in acronym if char.isalpha()
    )


def _equals(found: _Found) -> Iterator[tuple[str, str]]:
    """Pairs of names that the lists know as one: U.S. and United States."""
    firsts: dict[tuple[EntityKind, str], str] = {}
    for name, kind in found.items():
        if kind is _ORG or kind is _PLACE:
            bare = _without_company_tail(name).replace("’", "'")
            one = _SAME.get(name) or _SAME.get(bare, bare)
            first = firsts.setdefault((kind, one), name)
            if first != name:
                yield first, name


def _without_company_tail(name: str) -> str:
    parts = name.split(" ")
    while len(parts) > 1 and parts[-1] in cues.COMPANY_TAILS:
        parts.pop()
    return " ".join(parts)


def _join_shorter(found: _Found, groups: _Groups) -> None:
    """Join short forms to the one entity that has them; what two share stays alone."""
    owners: dict[str, list[str]] = {}
    for name, kind in found.items():
        if kind:
            for short in _shorter(name, kind):
                if short in found and short != name:
                    owners.setdefault(short, []).append(name)
    # Longest first: whether George Bush is one must be known before Bush is asked.
    for short in sorted(owners, key=len, reverse=True):
        kind = _kind_of_short(short, found, owners[short])
        heads = {groups.head(owner) for owner in owners[short] if found[owner] is kind}
        found[short] = kind
        if len(heads) == 1:
            groups.join(short, heads.pop())


def _kind_of_short(short: str, found: _Found, owners: list[str]) -> EntityKind | None:
    """Its own kind. An unclear name takes its owners'; a town yields to a person of its name,
    and what only looks like a place to an organization."""
    known, kinds = found[short], {found[owner] for owner in owners}
    firm = gazetteer.COUNTRIES if _PERSON in kinds else gazetteer.PLACES
    if known is None or (known is _PLACE and short not in firm):
        return next(kind for kind in _KINDS if kind in kinds)
    return known


def _shorter(name: str, kind: EntityKind) -> Iterator[str]:
    """The forms in which a text may repeat a name."""
    parts = name.split(" ")
    if len(parts) == 1:
        return
    if kind is _PERSON:
        yield f"{parts[0]} {parts[-1]}"
        yield parts[-1]
        yield re.sub(r"^(?:al|el|ul)-", "", parts[-1])
        if parts[0] in gazetteer.FAMILY_FIRST:
            yield parts[0]
    elif kind is _ORG and parts[-1] in cues.COMPANY_TAILS:
        yield _without_company_tail(name)
        if parts[0] not in _ORDINARY:
            yield parts[0]
    elif kind is _PLACE and parts[-1] in cues.PLACE_TAILS:
        bare = " ".join(parts[:-1])
        if bare not in _ORDINARY:
            yield bare
