"""The names of an English text, each with its kind."""

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

# At the start of a body: NEW YORK/LONDON, Oct 3 (Reuters) -
_DATELINE = re.compile(
    r"\s*([A-Z][A-Z./ ]{1,60}[A-Z])\b(?:, [\w. ]{1,25})?(?: ?\([^)\n]{1,40}\))? ?[-–—_]"
)
_IN_CAPITALS = {name.upper(): name for name in gazetteer.PLACES}
ORDINARY = (
    cues.COMMON | gazetteer.DEMONYMS | cues.DIRECTIONS | gazetteer.GIVEN_NAMES | cues.TITLES
    | cues.TITLE_WORDS | cues.ORG_TAILS | cues.ORG_HEADS | gazetteer.PLACES | cues.TOPICS
)  # fmt: skip


def read(body: str, known: Mapping[str, str]) -> Found:
    """Return the names by first appearance, with None for an unclear kind.

    Longer names are classified first.
    """
    dateline = _DATELINE.match(body)
    seen = sightings(body[dateline.end(1) :] if dateline else body, known)
    kinds: Found = dict.fromkeys(_places(dateline[1]) if dateline else (), EntityKind.PLACE)
    kinds |= {name: None for name in seen if name not in kinds}
    words, parts = set(body.split()), Relations()
    for name in sorted(seen, key=lambda name: -name.count(" ")):
        occurrences = seen[name]
        if kinds[name] is None:
            sure = name in known or _is_sure(name) or _is_titled(name, occurrences)
            features = context(name, occurrences, words, parts)
            kinds[name] = _kind_by_lists(name, occurrences) or judge(
                name, features, occurrences.around, sure=sure
            )
        parts.add(name, kinds[name])
    _find_relatives(kinds)
    return kinds


def _is_sure(name: str) -> bool:
    """Return whether it is a name in any context, though of an open kind: Georgia, Facebook."""
    is_listed = plain(name) in organizations.ORGS and not is_word(name.lower())
    return is_listed or name in gazetteer.COUNTRIES


def _is_titled(name: str, one: Sightings) -> bool:
    """Return whether one word follows a title, which alone makes it a person: Mr. Hale."""
    return one.hint is EntityKind.PERSON and " " not in name


def _kind_by_lists(name: str, one: Sightings) -> EntityKind | None:
    """Return ORG if the last word or the list says so and no other list has the name, or None."""
    _, space, last = name.rpartition(" ")
    if space and last in cues.COMPANY_ENDS:
        return EntityKind.ORG
    is_listed = one.hint is EntityKind.ORG and plain(name) in organizations.ORGS
    lists = lexicon()
    is_other = name in lists.surnames or name in lists.given or name in lists.towns
    return EntityKind.ORG if is_listed and not is_other and not is_word(name.lower()) else None


def _find_relatives(found: Found) -> None:
    """Make unclear names with the surname of a person persons: Rand Paul, where Ron Paul is."""
    surnames = {
        name.rpartition(" ")[2]
        for name, kind in found.items()
        if kind is EntityKind.PERSON and " " in name
    }
    for name, kind in found.items():
        parts = name.split(" ")
        is_relative = len(parts) in {2, 3} and parts[-1] in surnames
        if kind is None and is_relative and parts[0] not in ORDINARY:
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
