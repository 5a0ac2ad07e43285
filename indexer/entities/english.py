"""The names of an English text, each with its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from corpus.article import EntityKind
from indexer.entities import cues, gazetteer, organizations
from indexer.entities.classifier import classify_name
from indexer.entities.features import (
    NameOccurrences,
    PartialNames,
    collect_occurrences,
    list_article_features,
)
from indexer.entities.lexicon import is_english_word, load_lexicon
from indexer.entities.spans import straighten_apostrophes

NameKinds = dict[str, EntityKind | None]  # names by first appearance

# At the start of a body: NEW YORK/LONDON, Oct 3 (Reuters) -
_DATELINE = re.compile(
    r"\s*([A-Z][A-Z./ ]{1,60}[A-Z])\b(?:, [\w. ]{1,25})?(?: ?\([^)\n]{1,40}\))? ?[-–—_]"
)
_PLACES_BY_UPPERCASE = {name.upper(): name for name in gazetteer.PLACES}
ORDINARY_NAME_WORDS = (
    cues.COMMON_WORDS | gazetteer.DEMONYMS | cues.DIRECTIONS | gazetteer.GIVEN_NAMES | cues.TITLES
    | cues.TITLE_WORDS | cues.ORG_LAST_WORDS | cues.ORG_FIRST_WORDS | gazetteer.PLACES
    | cues.TOPIC_WORDS
)  # fmt: skip


def find_names_in_english(body: str, known: Mapping[str, str]) -> NameKinds:
    """Return the names by first appearance, with None for an unclear kind.

    Longer names are classified first.
    """
    dateline = _DATELINE.match(body)
    seen = collect_occurrences(body[dateline.end(1) :] if dateline else body, known)
    kinds: NameKinds = dict.fromkeys(
        _parse_dateline_places(dateline[1]) if dateline else (), EntityKind.PLACE
    )
    kinds |= {name: None for name in seen if name not in kinds}
    words, parts = set(body.split()), PartialNames()
    for name in sorted(seen, key=lambda name: -name.count(" ")):
        occurrences = seen[name]
        if kinds[name] is None:
            sure = name in known or _is_certain_name(name) or _has_title(name, occurrences)
            features = list_article_features(name, occurrences, words, parts)
            kinds[name] = _find_kind_by_lists(name, occurrences) or classify_name(
                name, features, occurrences.context_features, sure=sure
            )
        parts.add(name, kinds[name])
    _classify_relatives(kinds)
    return kinds


def _is_certain_name(name: str) -> bool:
    """Return whether it is a name in any context, though of an open kind: Georgia, Facebook."""
    is_listed = straighten_apostrophes(name) in organizations.KNOWN_ORGS and not is_english_word(
        name.lower()
    )
    return is_listed or name in gazetteer.COUNTRIES


def _has_title(name: str, occurrences: NameOccurrences) -> bool:
    """Return whether one word follows a title, which alone makes it a person: Mr. Hale."""
    return occurrences.kind is EntityKind.PERSON and " " not in name


def _find_kind_by_lists(name: str, occurrences: NameOccurrences) -> EntityKind | None:
    """Return ORG if the last word or the list says so and no other list has the name, or None."""
    _, space, last = name.rpartition(" ")
    if space and last in cues.FINAL_COMPANY_SUFFIXES:
        return EntityKind.ORG
    is_listed = (
        occurrences.kind is EntityKind.ORG
        and straighten_apostrophes(name) in organizations.KNOWN_ORGS
    )
    lists = load_lexicon()
    is_other = name in lists.surnames or name in lists.given or name in lists.towns
    return (
        EntityKind.ORG if is_listed and not is_other and not is_english_word(name.lower()) else None
    )


def _classify_relatives(kinds: NameKinds) -> None:
    """Make unclear names with the surname of a person persons: Rand Paul, where Ron Paul is."""
    surnames = {
        name.rpartition(" ")[2]
        for name, kind in kinds.items()
        if kind is EntityKind.PERSON and " " in name
    }
    for name, kind in kinds.items():
        parts = name.split(" ")
        is_relative = len(parts) in {2, 3} and parts[-1] in surnames
        if kind is None and is_relative and parts[0] not in ORDINARY_NAME_WORDS:
            kinds[name] = EntityKind.PERSON


def _parse_dateline_places(dateline: str) -> Iterator[str]:
    for name in dateline.split("/"):
        title = name.strip().title()
        if name in _PLACES_BY_UPPERCASE:
            yield _PLACES_BY_UPPERCASE[name]
        elif any(title in towns for towns in _list_towns_by_size()):
            yield title


def _list_towns_by_size() -> tuple[frozenset[str], ...]:
    lists = load_lexicon()
    return lists.metropolises, lists.cities, lists.towns
