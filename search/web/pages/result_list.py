"""The values of a page of results, ready for its template."""

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
from search.results.corrections import Correction, apply_corrections
from search.results.request import Request
from search.results.snapshot import Snapshot
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
    """The search field: its text, and the parameters that a search from it keeps."""

    text: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    autofocus: bool = False
    invalid: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `chosen` if it leads to the current page."""

    words: str
    href: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in the query, and the link that removes it."""

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
    """A hit in the list. `lang` is empty if the article declares no language."""

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
    """The hits and what surrounds them. `next` and `first` are addresses, or empty."""

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
    answer: Answer, request: Request, narrowing: Narrowing, snapshot: Snapshot, site: Site
) -> Results:
    """Build the page of an answer; `narrowing` is of the request's text."""
    sort = sort_parameter(request.sort)
    suggestion = _meant(answer, request, site)
    return Results(
        heading=count_noun(answer.total, "article") if answer.total else "No articles found",
        shown=_shown(answer, request),
        interpreted=_interpreted(request.text, answer),
        notes=tuple(_note_texts(answer, with_corrections=suggestion is None)),
        absent=", ".join(replace_unsafe(correction.written) for correction in answer.corrections),
        meant=suggestion,
        chips=tuple(_chip(entry, narrowing, site, sort) for entry in filters(narrowing)),
        sorts=_sorts(request, narrowing, site),
        rows=rows(answer, request.text, narrowing, snapshot, site),
        next=site.search(request.text, sort=sort, cursor=answer.cursor) if answer.cursor else "",
        first=site.search(request.text, sort=sort) if request.cursor else "",
    )


def _note_texts(answer: Answer, *, with_corrections: bool) -> Iterator[str]:
    """Yield the answer's notes; those on corrections only where no link shows them."""
    for note in answer.notes:
        if with_corrections or not isinstance(note, Correction):
            yield replace_unsafe(str(note))


def _interpreted(text: str, answer: Answer) -> str:
    """Return the interpretation of a query, or "" if it is the obvious one."""
    return (
        "" if is_read_as_written(text, answer.interpreted) else replace_unsafe(answer.interpreted)
    )


def sort_parameter(sort: Sort) -> str:
    """Return the `sort` parameter of an order; "" for the default."""
    return "" if sort is Sort.RELEVANCE else sort.value


def _shown(answer: Answer, request: Request) -> str:
    """Return the range of hits on this page, or "" if it has all."""
    if len(answer.hits) in {0, answer.total}:
        return ""
    last = answer.next or answer.total
    return f"{last - len(answer.hits) + 1:,} to {last:,}"


def _meant(answer: Answer, request: Request, site: Site) -> Link | None:
    text = apply_corrections(request.text, answer.corrections)
    return Link(replace_unsafe(text), site.search(text)) if text != request.text else None


def _chip(one: Filter, narrowing: Narrowing, site: Site, sort: str) -> Chip:
    href = site.search(narrowing.without(one.number), sort=sort)
    return Chip(one.label, replace_unsafe(one.value), one.negated, href)


def _sorts(request: Request, narrowing: Narrowing, site: Site) -> tuple[Link, ...]:
    """Return links to the orders; relevance only if the query has scores, not just filters."""
    scored = any(has_scores(piece.clause) for piece in narrowing.pieces)
    chosen = request.sort if scored or request.sort is not Sort.RELEVANCE else Sort.NEWEST
    return tuple(
        Link(label, site.search(request.text, sort=sort_parameter(sort)), sort is chosen)
        for sort, label in _SORTS.items()
        if scored or sort is not Sort.RELEVANCE
    )


def rows(
    answer: Answer, text: str, narrowing: Narrowing, snapshot: Snapshot, site: Site
) -> tuple[Row, ...]:
    """Build the rows of hits; they link to pages that mark the matches of the query."""
    return tuple(_row(hit, text, snapshot, site, narrowing) for hit in answer.hits)


def _row(hit: Hit, text: str, snapshot: Snapshot, site: Site, narrowing: Narrowing) -> Row:
    article = hit.article
    return Row(
        title=_title(hit),
        href=site.article(article.id, text),
        lang=language_tag(article.language),
        source=replace_unsafe(article.source),
        section=replace_unsafe(value_words("section", article.section)),
        when=when(article.published, snapshot.now, snapshot.config.zone),
        snippets=tuple(_snippet(snippet, article) for snippet in hit.snippets if snippet.text),
        entities=tuple(_entities(article, narrowing, site)),
    )


def _title(hit: Hit) -> Markup:
    return Markup(render_html(hit.title)) or Markup("(no title)")  # noqa: S704  # it is escaped


def _snippet(snippet: Snippet, article: Article) -> Markup:
    before, after = cut(snippet, article)
    start, end = "…\N{NO-BREAK SPACE}" if before else "", "\N{NO-BREAK SPACE}…" if after else ""
    return Markup(f"{start}{render_html(snippet)}{end}")  # noqa: S704  # so is this


def _entities(article: Article, narrowing: Narrowing, site: Site) -> Iterator[Entity]:
    """Yield links for the first names of an article that are not in the query."""
    for kind, limit in _MOST_NAMES.items():
        entities = (entity for entity in article.entities if entity.sure and entity.kind is kind)
        names = (entity.names[0] for entity in entities)
        new = (
            name
            for name in names
            if name != article.source and narrowing.value_at(kind.value, name) is None
        )
        for name in islice(new, limit):
            label = FIELD_LABELS.get(kind.value, kind.value)
            yield Entity(
                label, replace_unsafe(name), site.search(narrowing.to_value(kind.value, name))
            )


@dataclass(frozen=True, slots=True)
class DateForm:
    """The form of the dates: the first and last day in ISO 8601, and the rest of the query."""

    q: str
    sort: str
    since: str
    until: str


def date_form(narrowing: Narrowing, sort: str) -> DateForm:
    """Build the form that replaces the dates of a query."""
    wanted = narrowing.dates()
    since, until = instant(wanted.low), instant(wanted.high)
    return DateForm(
        q=narrowing.without_dates(),
        sort=sort,
        since=since.astimezone(narrowing.zone).date().isoformat() if since else "",
        until=(until - _SECOND).astimezone(narrowing.zone).date().isoformat() if until else "",
    )
