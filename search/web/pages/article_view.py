"""The values of an article's page, ready for its template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

from corpus.article import Article, Entity, EntityKind, Moment
from corpus.store import Version
from search.query.nodes import having
from search.results.similar import SimilarArticle
from search.text.escaping import replace_unsafe
from search.web.pages.labels import When, language_tag, value_words, when
from search.web.pages.rendering import Site
from search.web.pages.result_list import Link

_KINDS = {
    EntityKind.PERSON: "People", EntityKind.ORG: "Organizations", EntityKind.PLACE: "Places",
}  # fmt: skip
# Names of a kind before the fold.
_FIRST_NAMES = 8
# ISO 639 codes of languages that are written from right to left, unless a script is named.
_FROM_RIGHT = {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "syr", "ug", "ur", "yi"}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one kind: the visible ones, and the folded others."""

    label: str
    first: tuple[Link, ...]
    others: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Original:
    """The web address where an article was published; only http and https."""

    address: str
    host: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """An article's fields beside its texts. `direction` is how its language is written."""

    id: str
    title: str
    language: str
    direction: str
    language_words: str
    section: Link | None
    source: Link | None
    authors: tuple[Link, ...]
    published: When
    updated: When
    is_date_doubtful: bool
    original: Original | None
    words: int
    names: tuple[Names, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """A similar article."""

    id: str
    title: str
    language: str
    source: str
    published: When


@dataclass(frozen=True, slots=True)
class Taken:
    """A version: its number, from 1, and the time of its ingest."""

    number: int
    at: When


def sheet(article: Article, now: datetime, zone: tzinfo, site: Site) -> Sheet:
    language = language_tag(article.language)
    published = to_the_minute(article.published, now, zone)
    updated = to_the_minute(article.updated, now, zone)
    return Sheet(
        id=article.id,
        title=replace_unsafe(article.title) or "Untitled",
        language=language,
        direction=direction(language),
        language_words=value_words("language", language),
        section=_search("section", article.section, site),
        source=_search("source", article.source, site),
        authors=tuple(_searches("author", article.authors, site)),
        published=published,
        updated=updated if updated.exact != published.exact else When(),
        is_date_doubtful=article.confidence == "low",
        original=_original(article.url),
        words=article.words,
        names=tuple(_names(article.entities, site)),
    )


def direction(language: str) -> str:
    """Return `rtl`, `ltr`, or `auto` for an unknown language: browsers then use the letters."""
    main, *subtags = language.lower().split("-")
    if {"arab", "hebr"} & set(subtags):
        return "rtl"
    if not main:
        return "auto"
    return "rtl" if main in _FROM_RIGHT and "latn" not in subtags else "ltr"


def alike(similar: SimilarArticle, now: datetime, zone: tzinfo) -> Alike:
    article = similar.article
    return Alike(
        id=article.id,
        title=replace_unsafe(article.title) or "Untitled",
        language=language_tag(article.language),
        source=replace_unsafe(article.source),
        published=when(article.published, now, zone),
    )


def taken(versions: Sequence[Version], now: datetime, zone: tzinfo) -> tuple[Taken, ...]:
    """Return the versions with the times of their ingest, the newest first."""
    moments = [Moment(datetime.fromtimestamp(version.recorded, UTC)) for version in versions]
    entries = [
        Taken(number, to_the_minute(moment, now, zone)) for number, moment in enumerate(moments, 1)
    ]
    return tuple(reversed(entries))


def to_the_minute(moment: Moment | None, now: datetime, zone: tzinfo) -> When:
    """Return a moment in words with its time of day, if that is known."""
    at = when(moment, now, zone)
    if moment is None or moment.day_only:
        return at
    return When(f"{at.words}, {moment.at.astimezone(zone):%H:%M}", at.exact, at.machine)


def _search(field: str, value: str, site: Site) -> Link | None:
    if not value:
        return None
    return Link(replace_unsafe(value_words(field, value)), site.search(str(having(field, value))))


def _searches(field: str, values: Iterable[str], site: Site) -> Iterator[Link]:
    yield from filter(None, (_search(field, value, site) for value in values))


def _names(entities: Sequence[Entity], site: Site) -> Iterator[Names]:
    """Yield the names of each kind, in the order of the article."""
    for kind, label in _KINDS.items():
        names = [entity.names[0] for entity in entities if entity.kind is kind and entity.sure]
        links = tuple(_searches(kind.value, names, site))
        if links:
            yield Names(label, links[:_FIRST_NAMES], links[_FIRST_NAMES:])


def _original(url: str) -> Original | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    return Original(url, replace_unsafe(host.removeprefix("www.")))
