"""The names in an English text, each with its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from corpus.article import EntityKind
from indexer.entities import cues, gazetteer, organizations
from indexer.entities.classifier import judge
from indexer.entities.features import Relations, Sightings, context, sightings
from indexer.entities.lexicon import is_word, lexicon
from indexer.entities.spans import plain

Found = dict[str, EntityKind | None]  # names by first appearance

# At the head of a body: NEW YORK/LONDON, Oct 3 (Reuters) -
_DATELINE = re.compile(
    r"\s*([A-Z][A-Z./ ]{1,60}[A-Z])\b(?:, [\w. ]{1,25})?(?: ?\([^)\n]{1,40}\))? ?[-–—_]"
)
_IN_CAPITALS = {name.upper(): name for name in gazetteer.PLACES}
ORDINARY = (
    cues.COMMON | gazetteer.DEMONYMS | cues.DIRECTIONS | gazetteer.GIVEN_NAMES | cues.TITLES
    | cues.TITLE_WORDS | cues.ORG_TAILS | cues.ORG_HEADS | gazetteer.PLACES | cues.TOPICS
)  # fmt: skip


def read(body: str, known: Mapping[str, str]) -> Found:
    """Names by first appearance, with None for what is unclear. Longer names are judged first."""
    dateline = _DATELINE.match(body)
    seen = sightings(body[dateline.end(1) :] if dateline else body, known)
    found: Found = dict.fromkeys(_places(dateline[1]) if dateline else (), EntityKind.PLACE)
    found |= {name: None for name in seen if name not in found}
    words, parts = set(body.split()), Relations()
    for name in sorted(seen, key=lambda name: -name.count(" ")):
        one = seen[name]
        if found[name] is None:
            sure = name in known or _is_sure(name) or _is_titled(name, one)
            said = context(name, one, words, parts)
            found[name] = _kind_by_lists(name, one) or judge(name, said, one.around, sure=sure)
        parts.add(name, found[name])
    _find_relatives(found)
    return found


def _is_sure(name: str) -> bool:
    """Whether it is a name wherever it stands, though its kind may be open: Georgia, Facebook."""
    listed = plain(name) in organizations.ORGS and not is_word(name.lower())
    return listed or name in gazetteer.COUNTRIES


def _is_titled(name: str, one: Sightings) -> bool:
    """Whether a title stood before it, which alone makes a person of one word: Mr. Hale."""
    return one.hint is EntityKind.PERSON and " " not in name


def _kind_by_lists(name: str, one: Sightings) -> EntityKind | None:
    """An organization if its last word or the list says so and it is hardly anything else."""
    _, space, last = name.rpartition(" ")
    if space and last in cues.COMPANY_ENDS:
        return EntityKind.ORG
    listed = one.hint is EntityKind.ORG and plain(name) in organizations.ORGS
    lists = lexicon()
    other = name in lists.surnames or name in lists.given or name in lists.towns
    return EntityKind.ORG if listed and not other and not is_word(name.lower()) else None


def _find_relatives(found: Found) -> None:
    """Rand Paul is a person where Ron Paul is, though nobody lists Rand."""
    surnames = {
        name.rpartition(" ")[2]
        for name, kind in found.items()
        if kind is EntityKind.PERSON and " " in name
    }
    for name, kind in found.items():
        parts = name.split(" ")
        related = len(parts) in {2, 3} and parts[-1] in surnames
        if kind is None and related and parts[0] not in ORDINARY:
            found[name] = EntityKind.PERSON


def _places(dateline: str) -> Iterator[str]:
    for name in dateline.split("/"):
        title = name.strip().title()
        if name in _IN_CAPITALS:
            yield _IN_CAPITALS[name]
        elif any(title in towns for towns in _towns()):
            yield title


def _towns() -> tuple[frozenset[str], ...]:
    lists = lexicon()
    return lists.metropolises, lists.cities, lists.towns
