"""The values of an article's page, ready for its template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

from corpus.article import Article, Entity, EntityKind, Moment
from corpus.store import ArticleVersion
from search.query.nodes import having
from search.results.similar import SimilarArticle
from search.text.escaping import replace_unsafe
from search.web.pages.labels import MomentLabel, clean_language_tag, label_moment, label_value
from search.web.pages.rendering import Site
from search.web.pages.result_list import Link

_KIND_LABELS = {
    EntityKind.PERSON: "People", EntityKind.ORG: "Organizations", EntityKind.PLACE: "Places",
}  # fmt: skip
# Names of a kind before the fold.
_FIRST_NAMES_SHOWN = 8
# ISO 639 codes of languages that are written from right to left, unless a script is named.
_RIGHT_TO_LEFT_LANGUAGES = {
    "ar",
    "arc",
    "ckb",
    "dv",
    "fa",
    "he",
    "iw",
    "ps",
    "sd",
    "syr",
    "ug",
    "ur",
    "yi",
}


@dataclass(frozen=True, slots=True)
class EntityGroup:
    """The names of one kind: the visible ones, and the folded others."""

    label: str
    first: tuple[Link, ...]
    others: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class OriginalLink:
    """The web address where an article was published; only http and https."""

    address: str
    host: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article's fields beside its texts. `direction` is how its language is written."""

    id: str
    title: str
    language: str
    direction: str
    language_name: str
    section: Link | None
    source: Link | None
    authors: tuple[Link, ...]
    published: MomentLabel
    updated: MomentLabel
    is_date_doubtful: bool
    original: OriginalLink | None
    words: int
    names: tuple[EntityGroup, ...]


@dataclass(frozen=True, slots=True)
class SimilarArticleView:
    """A similar article."""

    id: str
    title: str
    language: str
    source: str
    published: MomentLabel


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version: its number, from 1, and the time of its ingest."""

    number: int
    at: MomentLabel


def build_article_view(article: Article, now: datetime, zone: tzinfo, site: Site) -> ArticleView:
    language = clean_language_tag(article.language)
    published = label_moment_to_minute(article.published, now, zone)
    updated = label_moment_to_minute(article.updated, now, zone)
    return ArticleView(
        id=article.id,
        title=replace_unsafe(article.title) or "Untitled",
        language=language,
        direction=get_text_direction(language),
        language_name=label_value("language", language),
        section=_link_value("section", article.section, site),
        source=_link_value("source", article.source, site),
        authors=tuple(_link_values("author", article.authors, site)),
        published=published,
        updated=updated if updated.exact != published.exact else MomentLabel(),
        is_date_doubtful=article.confidence == "low",
        original=_link_original(article.url),
        words=article.word_count,
        names=tuple(_group_entities(article.entities, site)),
    )


def get_text_direction(language: str) -> str:
    """Return `rtl`, `ltr`, or `auto` for an unknown language: browsers then use the letters."""
    main, *subtags = language.lower().split("-")
    if {"arab", "hebr"} & set(subtags):
        return "rtl"
    if not main:
        return "auto"
    return "rtl" if main in _RIGHT_TO_LEFT_LANGUAGES and "latn" not in subtags else "ltr"


def build_similar_view(similar: SimilarArticle, now: datetime, zone: tzinfo) -> SimilarArticleView:
    article = similar.article
    return SimilarArticleView(
        id=article.id,
        title=replace_unsafe(article.title) or "Untitled",
        language=clean_language_tag(article.language),
        source=replace_unsafe(article.source),
        published=label_moment(article.published, now, zone),
    )


def list_version_views(
    versions: Sequence[ArticleVersion], now: datetime, zone: tzinfo
) -> tuple[VersionView, ...]:
    """Return the versions with the times of their ingest, the newest first."""
    moments = [
        Moment(datetime.fromtimestamp(version.recorded_seconds, UTC)) for version in versions
    ]
    entries = [
        VersionView(number, label_moment_to_minute(moment, now, zone))
        for number, moment in enumerate(moments, 1)
    ]
    return tuple(reversed(entries))


def label_moment_to_minute(moment: Moment | None, now: datetime, zone: tzinfo) -> MomentLabel:
    """Return a moment in words with its time of day, if that is known."""
    at = label_moment(moment, now, zone)
    if moment is None or moment.day_only:
        return at
    return MomentLabel(f"{at.words}, {moment.at.astimezone(zone):%H:%M}", at.exact, at.machine)


def _link_value(field: str, value: str, site: Site) -> Link | None:
    if not value:
        return None
    return Link(
        replace_unsafe(label_value(field, value)), site.link_to_search(str(having(field, value)))
    )


def _link_values(field: str, values: Iterable[str], site: Site) -> Iterator[Link]:
    yield from filter(None, (_link_value(field, value, site) for value in values))


def _group_entities(entities: Sequence[Entity], site: Site) -> Iterator[EntityGroup]:
    """Yield the names of each kind, in the order of the article."""
    for kind, label in _KIND_LABELS.items():
        names = [entity.names[0] for entity in entities if entity.kind is kind and entity.sure]
        links = tuple(_link_values(kind.value, names, site))
        if links:
            yield EntityGroup(label, links[:_FIRST_NAMES_SHOWN], links[_FIRST_NAMES_SHOWN:])


def _link_original(url: str) -> OriginalLink | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    return OriginalLink(url, replace_unsafe(host.removeprefix("www.")))
