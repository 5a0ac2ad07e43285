"""What finds the entities of articles: the rules alone, or the rules and spaCy.

Every article gets what the rules find when it is taken in; spaCy is too slow for that, and
comes after. Where both have read an article, what both find is sure, and what only one finds
is searched but not counted. The user's groups of names (aliases) join entities, and the
first name of a group is the one to show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from corpus.article import Article, Entity, EntityKind
from corpus.extractions import Groups
from indexer.entities import spacy_model
from indexer.entities.merging import EXTRACTOR_VERSION, extract
from indexer.entities.other_languages import is_english
from indexer.entities.spacy_model import Name
from indexer.schema import keyword

# Part of a version: another way of joining what is found, another number.
_JOINING = 1


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The user's groups of names: the first of its group for a name, as written or its term.

    A name in several groups counts for the first of them.
    """

    written: Mapping[str, str]
    terms: Mapping[str, str]


def known_names(groups: Groups) -> KnownNames:
    """Groups of names, each of one thing, made ready to be looked up for every article."""
    written = {name: group[0] for group in reversed(groups) for name in group}
    terms = {keyword(name): group[0] for group in reversed(groups) for name in group}
    return KnownNames(written, terms)


NO_NAMES = known_names(())


@dataclass(frozen=True, slots=True)
class Extractor:
    """What finds the entities of each of some articles. `version` changes with what it finds.

    The groups of names that it knows are no part of the version: when they change, only
    articles with one of these names are read again. `batch` articles take about a second.
    """

    version: str
    extract: Callable[[Sequence[Article]], list[tuple[Entity, ...]]]
    batch: int = 1_000


def rules(groups: Groups = ()) -> Extractor:
    """The rules alone: quick, and all that they find is sure."""
    return Extractor(
        f"rules {EXTRACTOR_VERSION}.{_JOINING}", partial(_by_rules, known_names(groups))
    )


def rules_and_spacy(groups: Groups = ()) -> Extractor:
    """The rules, and spaCy for what is in English. Raises SpacyMissingError."""
    version = f"{rules().version}, {spacy_model.model_version()}"
    return Extractor(version, partial(_by_both, known_names(groups)), batch=50)


def found_by_rules(
    title: str, dek: str, body: str, *, language: str = "", names: KnownNames = NO_NAMES
) -> tuple[Entity, ...]:
    """The entities that the rules find in an article of these texts."""
    found = extract(title, dek, body, language=language, known=names.written)
    return _joined(found, names.terms)


def _by_rules(names: KnownNames, articles: Sequence[Article]) -> list[tuple[Entity, ...]]:
    return [
        found_by_rules(each.title, each.dek, each.body, language=each.language, names=names)
        for each in articles
    ]


def _by_both(names: KnownNames, articles: Sequence[Article]) -> list[tuple[Entity, ...]]:
    found = _by_rules(names, articles)
    english = [at for at, each in enumerate(articles) if is_english(each.language, each.body)]
    texts = [f"{articles[at].dek}\n\n{articles[at].body}" for at in english]
    for at, seen in zip(english, spacy_model.names_in(texts), strict=True):
        found[at] = _joined(merged(found[at], seen), names.terms)
    return found


# -- the rules' entities and spaCy's names


def merged(entities: Sequence[Entity], names: Sequence[Name]) -> tuple[Entity, ...]:
    """Entities, sure where one of their names was also found as such, and those of other names."""
    seen = {(kind, keyword(name)) for kind, name in names}
    known = {(entity.kind, keyword(name)) for entity in entities for name in entity.names}
    agreed = (
        replace(
            entity,
            sure=any((entity.kind, keyword(name)) in seen for name in entity.names),
        )
        for entity in entities
    )
    others = [name for name in names if (name[0], keyword(name[1])) not in known]
    return (*agreed, *_unsure(others))


def _unsure(names: Iterable[Name]) -> Iterator[Entity]:
    """Names as entities; those of a kind that differ in case or marks alone are one."""
    same: dict[tuple[EntityKind, str], list[str]] = {}
    for kind, name in names:
        if term := keyword(name):
            same.setdefault((kind, term), []).append(name)
    for (kind, _), forms in same.items():
        yield Entity(kind, tuple(dict.fromkeys(forms)), sure=False)


# -- groups of names


def _joined(entities: tuple[Entity, ...], firsts: Mapping[str, str]) -> tuple[Entity, ...]:
    """Entities of one kind that a group has names of are one, shown by its first name."""
    if not firsts:
        return entities
    joined: dict[object, Entity] = {}
    for entity in entities:
        known = (firsts[term] for name in entity.names if (term := keyword(name)) in firsts)
        first = next(known, None)
        key = (entity.kind, first) if first else entity
        before = joined.get(key, entity)
        joined[key] = Entity(
            entity.kind, _ordered(first, (*before.names, *entity.names)), before.sure or entity.sure
        )
    return tuple(joined.values())


def _ordered(first: str | None, names: Iterable[str]) -> tuple[str, ...]:
    """Each name once: the first of a group, then as the longest come first."""
    ordered = sorted(names, key=len, reverse=True)
    return tuple(dict.fromkeys([first, *ordered] if first else ordered))
