"""Extractors of the entities of articles: the rules alone, or the rules and spaCy.

The rules extract entities at ingest; spaCy is too slow for that and runs later. After both,
an entity that both found is sure, and one that only one found is searchable but not
counted in facets. The user's groups of names (aliases) join entities, and the first name of
a group is the one to show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from corpus.article import Article, Entity, EntityKind
from corpus.extractions import NameGroups
from indexer.entities import spacy_model
from indexer.entities.merging import EXTRACTOR_VERSION, extract_entities
from indexer.entities.other_languages import is_english
from indexer.entities.spacy_model import KindAndName
from indexer.schema import normalize_keyword

# Part of an extractor's version; increase it when the way of joining entities changes.
_JOINING_VERSION = 1


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The user's groups of names: for each name, the first name of its group.

    The keys of `by_name` are names as written, those of `by_term` are their index terms. A name
    in several groups belongs to the first of them.
    """

    by_name: Mapping[str, str]
    by_term: Mapping[str, str]


def index_known_names(groups: NameGroups) -> KnownNames:
    """Index the groups of names for look-up; each group is the names of one entity."""
    written = {name: group[0] for group in reversed(groups) for name in group}
    terms = {normalize_keyword(name): group[0] for group in reversed(groups) for name in group}
    return KnownNames(written, terms)


NO_KNOWN_NAMES = index_known_names(())


@dataclass(frozen=True, slots=True)
class Extractor:
    """A function that extracts the entities of each of a batch of articles, and its version.

    The version changes with the rules and models, not with the known groups of names: when
    those change, only articles with one of the names are extracted again. `batch_size`
    articles take about a second.
    """

    version: str
    extract: Callable[[Sequence[Article]], list[tuple[Entity, ...]]]
    batch_size: int = 1_000


def build_rule_extractor(groups: NameGroups = ()) -> Extractor:
    """Return an extractor with the rules alone, which are fast; all their entities are sure."""
    return Extractor(
        f"rules {EXTRACTOR_VERSION}.{_JOINING_VERSION}",
        partial(_extract_batch_by_rules, index_known_names(groups)),
    )


def build_spacy_extractor(groups: NameGroups = ()) -> Extractor:
    """Return an extractor with the rules, and spaCy for English; raise SpacyMissingError."""
    version = f"{build_rule_extractor().version}, {spacy_model.read_model_version()}"
    return Extractor(
        version, partial(_extract_batch_by_both, index_known_names(groups)), batch_size=50
    )


def extract_by_rules(
    title: str, dek: str, body: str, *, language: str = "", names: KnownNames = NO_KNOWN_NAMES
) -> tuple[Entity, ...]:
    """Return the entities that the rules find in an article of these texts."""
    entities = extract_entities(title, dek, body, language=language, known=names.by_name)
    return _join_known_names(entities, names.by_term)


def _extract_batch_by_rules(
    names: KnownNames, articles: Sequence[Article]
) -> list[tuple[Entity, ...]]:
    return [
        extract_by_rules(
            article.title, article.dek, article.body, language=article.language, names=names
        )
        for article in articles
    ]


def _extract_batch_by_both(
    names: KnownNames, articles: Sequence[Article]
) -> list[tuple[Entity, ...]]:
    entities = _extract_batch_by_rules(names, articles)
    english = [
        index
        for index, article in enumerate(articles)
        if is_english(article.language, article.body)
    ]
    texts = [f"{articles[index].dek}\n\n{articles[index].body}" for index in english]
    for index, spacy_names in zip(english, spacy_model.find_names_with_spacy(texts), strict=True):
        entities[index] = _join_known_names(
            merge_spacy_names(entities[index], spacy_names), names.by_term
        )
    return entities


# -- the rules' entities and spaCy's names


def merge_spacy_names(
    entities: Sequence[Entity], names: Sequence[KindAndName]
) -> tuple[Entity, ...]:
    """Merge the rules' entities with spaCy's names.

    An entity is sure if one of its names is among `names` with the same kind. The other names
    become entities that are not sure.
    """
    spacy_terms = {(kind, normalize_keyword(name)) for kind, name in names}
    rule_terms = {
        (entity.kind, normalize_keyword(name)) for entity in entities for name in entity.names
    }
    rule_entities = (
        entity._replace(
            sure=any((entity.kind, normalize_keyword(name)) in spacy_terms for name in entity.names)
        )
        for entity in entities
    )
    others = [name for name in names if (name[0], normalize_keyword(name[1])) not in rule_terms]
    return (*rule_entities, *_build_unsure_entities(others))


def _build_unsure_entities(names: Iterable[KindAndName]) -> Iterator[Entity]:
    """Yield entities of the names; names of a kind that differ only in case or marks are one."""
    forms_by_term: dict[tuple[EntityKind, str], list[str]] = {}
    for kind, name in names:
        if term := normalize_keyword(name):
            forms_by_term.setdefault((kind, term), []).append(name)
    for (kind, _), forms in forms_by_term.items():
        yield Entity(kind, tuple(dict.fromkeys(forms)), sure=False)


# -- groups of names


def _join_known_names(
    entities: tuple[Entity, ...], firsts: Mapping[str, str]
) -> tuple[Entity, ...]:
    """Join the entities of one kind that have names of one group, with its first name first.

    `firsts` maps the index term of a name to the first name of its group.
    """
    if not firsts:
        return entities
    joined: dict[object, Entity] = {}
    for entity in entities:
        matches = (
            firsts[term] for name in entity.names if (term := normalize_keyword(name)) in firsts
        )
        first = next(matches, None)
        key = (entity.kind, first) if first else entity
        earlier = joined.get(key, entity)
        names = _order_names(first, (*earlier.names, *entity.names))
        joined[key] = Entity(entity.kind, names, earlier.sure or entity.sure)
    return tuple(joined.values())


def _order_names(first: str | None, names: Iterable[str]) -> tuple[str, ...]:
    """Return the first name of the group, then the names without duplicates, longest first."""
    ordered = sorted(names, key=len, reverse=True)
    return tuple(dict.fromkeys([first, *ordered] if first else ordered))
