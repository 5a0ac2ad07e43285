"""A page of results, ready for its template: small frozen values, nothing left to decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from markupsafe import Markup

from corpus.article import Article, EntityKind
from search.engines.ranking import has_scores
from search.engines.searcher import Sort
from search.output.wording import count_noun, is_read_as_written
from search.results.answer import Answer, Hit
from search.results.corrections import corrected
from search.results.execute import Request
from search.results.snapshot import View
from search.text.escaping import render_html, replace_unsafe
from search.text.snippets import Snippet, cut
from search.web.pages.labels import FIELD_LABELS, When, instant, language_tag, value_words, when
from search.web.pages.refinement import Filter, Narrowing, filters
from search.web.pages.rendering import Site

PER_PAGE = 20
_MOST_NAMES = {EntityKind.PERSON: 3, EntityKind.ORG: 2, EntityKind.PLACE: 2}
_SECOND = timedelta(seconds=1)
_SORTS = {Sort.RELEVANCE: "Best match", Sort.NEWEST: "Newest", Sort.OLDEST: "Oldest"}


@dataclass(frozen=True, slots=True)
class SearchField:
    """The search field: what stands in it, and the parameters that a search from it keeps."""

    text: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    autofocus: bool = False
    invalid: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; `chosen` where that is here."""

    words: str
    href: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is in the query, and where the query without it is."""

    label: str
    value: str
    negated: bool
    href: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A name in a hit that narrows the query to articles with it."""

    kind: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """A hit as it is shown. `lang` is empty where the article does not say."""

    title: Markup
    href: str
    lang: str
    source: str
    section: str
    when: When
    snippets: tuple[Markup, ...]
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What stands around the hits and in them. `next` and `first` are addresses, or empty."""

    heading: str
    shown: str
    interpreted: str
    notes: tuple[str, ...]
    absent: str
    meant: Link | None
    chips: tuple[Chip, ...]
    sorts: tuple[Link, ...]
    rows: tuple[Row, ...]
    next: str
    first: str


def results(
    answer: Answer, request: Request, narrowing: Narrowing, view: View, site: Site
) -> Results:
    """A page of an answer; `narrowing` is of the request's text."""
    sort = sort_parameter(request.sort)
    meant = _meant(answer, request, site)
    # What a link offers need not be said twice.
    offered = set(map(str, answer.corrections)) if meant else set()
    return Results(
        heading=count_noun(answer.total, "article") if answer.total else "No articles found",
        shown=_shown(answer, request),
        interpreted=_interpreted(request.text, answer),
        notes=tuple(replace_unsafe(each) for each in answer.warnings if each not in offered),
        absent=", ".join(replace_unsafe(each.written) for each in answer.corrections),
        meant=meant,
        chips=tuple(_chip(each, narrowing, site, sort) for each in filters(narrowing)),
        sorts=_sorts(request, narrowing, site),
        rows=rows(answer, request.text, narrowing, view, site),
        next=site.search(request.text, sort=sort, cursor=answer.cursor) if answer.cursor else "",
        first=site.search(request.text, sort=sort) if request.cursor else "",
    )


def _interpreted(text: str, answer: Answer) -> str:
    """How a query was read, where that may not be what its author expects."""
    return (
        "" if is_read_as_written(text, answer.interpreted) else replace_unsafe(answer.interpreted)
    )


def sort_parameter(sort: Sort) -> str:
    """The parameter that asks for an order; nothing for the one that needs none."""
    return "" if sort is Sort.RELEVANCE else sort.value


def _shown(answer: Answer, request: Request) -> str:
    """Which of the hits are on this page, where it does not have all."""
    if len(answer.hits) in {0, answer.total}:
        return ""
    last = answer.next or answer.total
    return f"{last - len(answer.hits) + 1:,} to {last:,}"


def _meant(answer: Answer, request: Request, site: Site) -> Link | None:
    text = corrected(request.text, answer.corrections)
    return Link(replace_unsafe(text), site.search(text)) if text != request.text else None


def _chip(one: Filter, narrowing: Narrowing, site: Site, sort: str) -> Chip:
    href = site.search(narrowing.without(one.number), sort=sort)
    return Chip(one.label, replace_unsafe(one.value), one.negated, href)


def _sorts(request: Request, narrowing: Narrowing, site: Site) -> tuple[Link, ...]:
    """The orders to choose from. What nothing but filters find has no best match."""
    scored = any(has_scores(one.clause) for one in narrowing.pieces)
    chosen = request.sort if scored or request.sort is not Sort.RELEVANCE else Sort.NEWEST
    return tuple(
        Link(label, site.search(request.text, sort=sort_parameter(sort)), sort is chosen)
        for sort, label in _SORTS.items()
        if scored or sort is not Sort.RELEVANCE
    )


def rows(
    answer: Answer, text: str, narrowing: Narrowing, view: View, site: Site
) -> tuple[Row, ...]:
    """Hits as they are shown for a query, whose words their own pages mark."""
    return tuple(_row(hit, text, view, site, narrowing) for hit in answer.hits)


def _row(hit: Hit, text: str, view: View, site: Site, narrowing: Narrowing) -> Row:
    article = hit.article
    return Row(
        title=_title(hit),
        href=site.article(article.id, text),
        lang=language_tag(article.language),
        source=replace_unsafe(article.source),
        section=replace_unsafe(value_words("section", article.section)),
        when=when(article.published, view.now, view.config.zone),
        snippets=tuple(_snippet(each, article) for each in hit.snippets if each.text),
        entities=tuple(_entities(article, narrowing, site)),
    )


def _title(hit: Hit) -> Markup:
    return Markup(render_html(hit.title)) or Markup("(no title)")  # noqa: S704  # it is escaped


def _snippet(snippet: Snippet, article: Article) -> Markup:
    before, after = cut(snippet, article)
    start, end = "…\N{NO-BREAK SPACE}" if before else "", "\N{NO-BREAK SPACE}…" if after else ""
    return Markup(f"{start}{render_html(snippet)}{end}")  # noqa: S704  # so is this


def _entities(article: Article, narrowing: Narrowing, site: Site) -> Iterator[Entity]:
    """The first names of an article that are not in the query yet."""
    for kind, most in _MOST_NAMES.items():
        names = (one.names[0] for one in article.entities if one.sure and one.kind is kind)
        new = (
            name
            for name in names
            if name != article.source and narrowing.value_at(kind.value, name) is None
        )
        for name in islice(new, most):
            label = FIELD_LABELS.get(kind.value, kind.value)
            yield Entity(
                label, replace_unsafe(name), site.search(narrowing.to_value(kind.value, name))
            )


@dataclass(frozen=True, slots=True)
class DateForm:
    """The days that a query is asked between, as date inputs have them, and all else of it."""

    q: str
    sort: str
    since: str
    until: str


def date_form(narrowing: Narrowing, sort: str) -> DateForm:
    """The form that puts other dates into a query."""
    wanted = narrowing.dates()
    since, until = instant(wanted.low), instant(wanted.high)
    return DateForm(
        q=narrowing.without_dates(),
        sort=sort,
        since=since.astimezone(narrowing.zone).date().isoformat() if since else "",
        until=(until - _SECOND).astimezone(narrowing.zone).date().isoformat() if until else "",
    )
