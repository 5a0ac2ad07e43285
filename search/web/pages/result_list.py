"""The values of a page of results, ready for its template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from markupsafe import Markup

from corpus.article import Article, EntityKind
from search.engines.hit_order import has_scores
from search.engines.searcher import Sort
from search.output.wording import format_count, format_some, is_read_as_written
from search.results.answer import Answer, Hit
from search.results.corrections import Correction, apply_corrections
from search.results.ranked_hits import Tier
from search.results.request import Request
from search.results.snapshot import Snapshot
from search.text.escaping import render_html, replace_unsafe
from search.text.snippets import Snippet, detect_truncation
from search.web.pages.labels import (
    FIELD_LABELS,
    MomentLabel,
    clean_language_tag,
    convert_to_datetime,
    label_moment,
    label_value,
)
from search.web.pages.refinement import Narrowing, QueryFilter, list_filters
from search.web.pages.rendering import Site

HITS_PER_PAGE = 20
_MAX_NAMES_BY_KIND = {EntityKind.PERSON: 3, EntityKind.ORG: 2, EntityKind.PLACE: 2}
_SECOND = timedelta(seconds=1)
_SORT_LABELS = {Sort.RELEVANCE: "Best match", Sort.NEWEST: "Newest", Sort.OLDEST: "Oldest"}


@dataclass(frozen=True, slots=True)
class SearchField:
    """The search field: its text, and the parameters that a search from it keeps."""

    text: str = ""
    hidden_inputs: tuple[tuple[str, str], ...] = ()
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
class EntityLink:
    """A name in a hit that narrows the query to articles with it."""

    kind: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A hit in the list. `lang` is empty if the article declares no language."""

    title: Markup
    href: str
    lang: str
    source: str
    section: str
    when: MomentLabel
    snippets: tuple[Markup, ...]
    entities: tuple[EntityLink, ...]
    divider: str = ""


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """The hits and what surrounds them. `next` and `first` are addresses, or empty."""

    heading: str
    hit_range: str
    interpreted: str
    notes: tuple[str, ...]
    missing_words: str
    suggestion: Link | None
    chips: tuple[Chip, ...]
    sorts: tuple[Link, ...]
    rows: tuple[ResultRow, ...]
    next_page: str
    first_page: str


def build_results_page(
    answer: Answer, request: Request, narrowing: Narrowing, snapshot: Snapshot, site: Site
) -> ResultsPage:
    """Build the page of an answer; `narrowing` is of the request's text."""
    sort = make_sort_parameter(request.sort)
    suggestion = _link_correction(answer, request, site)
    return ResultsPage(
        heading=_describe_total(answer),
        hit_range=_describe_hit_range(answer, request),
        interpreted=_describe_interpretation(request.text, answer),
        notes=tuple(_list_notes(answer, with_corrections=suggestion is None)),
        missing_words=", ".join(
            replace_unsafe(correction.written) for correction in answer.corrections
        ),
        suggestion=suggestion,
        chips=tuple(_build_chip(entry, narrowing, site, sort) for entry in list_filters(narrowing)),
        sorts=_link_sorts(request, narrowing, site),
        rows=build_rows(answer, request.text, narrowing, snapshot, site),
        next_page=site.link_to_search(request.text, sort=sort, cursor=answer.cursor)
        if answer.cursor
        else "",
        first_page=site.link_to_search(request.text, sort=sort) if request.cursor else "",
    )


def _list_notes(answer: Answer, *, with_corrections: bool) -> Iterator[str]:
    """Yield the answer's notes; those on corrections only where no link shows them."""
    for note in answer.notes:
        if with_corrections or not isinstance(note, Correction):
            yield replace_unsafe(str(note))


def _describe_interpretation(text: str, answer: Answer) -> str:
    """Return the interpretation of a query, or "" if it is the obvious one."""
    return (
        "" if is_read_as_written(text, answer.interpreted) else replace_unsafe(answer.interpreted)
    )


def make_sort_parameter(sort: Sort) -> str:
    """Return the `sort` parameter of an order; "" for the default."""
    return "" if sort is Sort.RELEVANCE else sort.value


def _describe_total(answer: Answer) -> str:
    if answer.total:
        return format_count(answer.total, "article")
    return "No article with all words" if answer.total_some else "No articles found"


def _describe_hit_range(answer: Answer, request: Request) -> str:
    """Return how many hits have some of the words, and the range of hits if not all are here."""
    total = answer.total + answer.total_some
    parts = [format_some(answer)] if answer.total_some else []
    if len(answer.hits) not in {0, total}:
        last = answer.next or total
        parts.append(f"{last - len(answer.hits) + 1:,} to {last:,}")
    return ", ".join(parts)


def _link_correction(answer: Answer, request: Request, site: Site) -> Link | None:
    text = apply_corrections(request.text, answer.corrections)
    return Link(replace_unsafe(text), site.link_to_search(text)) if text != request.text else None


def _build_chip(query_filter: QueryFilter, narrowing: Narrowing, site: Site, sort: str) -> Chip:
    href = site.link_to_search(narrowing.remove_piece(query_filter.number), sort=sort)
    return Chip(query_filter.label, replace_unsafe(query_filter.value), query_filter.negated, href)


def _link_sorts(request: Request, narrowing: Narrowing, site: Site) -> tuple[Link, ...]:
    """Return links to the orders; relevance only if the query has scores, not just filters."""
    scored = any(has_scores(piece.clause) for piece in narrowing.pieces)
    chosen = request.sort if scored or request.sort is not Sort.RELEVANCE else Sort.NEWEST
    return tuple(
        Link(
            label, site.link_to_search(request.text, sort=make_sort_parameter(sort)), sort is chosen
        )
        for sort, label in _SORT_LABELS.items()
        if scored or sort is not Sort.RELEVANCE
    )


def build_rows(
    answer: Answer, text: str, narrowing: Narrowing, snapshot: Snapshot, site: Site
) -> tuple[ResultRow, ...]:
    """Build the rows of hits; they link to pages that mark the matches of the query.

    A divider stands before the first hit of a page that has only some of the words.
    """
    rows = [_build_row(hit, text, snapshot, site, narrowing) for hit in answer.hits]
    some = next((row for row, hit in enumerate(answer.hits) if hit.matched is Tier.SOME), None)
    if some is not None and answer.total_some:
        rows[some] = replace(rows[some], divider=format_some(answer))
    return tuple(rows)


def _build_row(
    hit: Hit, text: str, snapshot: Snapshot, site: Site, narrowing: Narrowing
) -> ResultRow:
    article = hit.article
    return ResultRow(
        title=_render_title(hit),
        href=site.link_to_article(article.id, text),
        lang=clean_language_tag(article.language),
        source=replace_unsafe(article.source),
        section=replace_unsafe(label_value("section", article.section)),
        when=label_moment(article.published, snapshot.now, snapshot.config.zone),
        snippets=tuple(
            _render_snippet(snippet, article) for snippet in hit.snippets if snippet.text
        ),
        entities=tuple(_link_entities(article, narrowing, site)),
    )


def _render_title(hit: Hit) -> Markup:
    return Markup(render_html(hit.title)) or Markup("(no title)")  # noqa: S704  # it is escaped


def _render_snippet(snippet: Snippet, article: Article) -> Markup:
    before, after = detect_truncation(snippet, article)
    start, end = "…\N{NO-BREAK SPACE}" if before else "", "\N{NO-BREAK SPACE}…" if after else ""
    return Markup(f"{start}{render_html(snippet)}{end}")  # noqa: S704  # so is this


def _link_entities(article: Article, narrowing: Narrowing, site: Site) -> Iterator[EntityLink]:
    """Yield links for the first names of an article that are not in the query."""
    for kind, limit in _MAX_NAMES_BY_KIND.items():
        entities = (entity for entity in article.entities if entity.sure and entity.kind is kind)
        names = (entity.names[0] for entity in entities)
        new = (
            name
            for name in names
            if name != article.source and narrowing.find_value(kind.value, name) is None
        )
        for name in islice(new, limit):
            label = FIELD_LABELS.get(kind.value, kind.value)
            yield EntityLink(
                label,
                replace_unsafe(name),
                site.link_to_search(narrowing.add_value(kind.value, name)),
            )


@dataclass(frozen=True, slots=True)
class DateForm:
    """The form of the dates: the first and last day in ISO 8601, and the rest of the query."""

    q: str
    sort: str
    since: str
    until: str


def build_date_form(narrowing: Narrowing, sort: str) -> DateForm:
    """Build the form that replaces the dates of a query."""
    wanted = narrowing.intersect_dates()
    since, until = convert_to_datetime(wanted.low), convert_to_datetime(wanted.high)
    return DateForm(
        q=narrowing.remove_dates(),
        sort=sort,
        since=since.astimezone(narrowing.zone).date().isoformat() if since else "",
        until=(until - _SECOND).astimezone(narrowing.zone).date().isoformat() if until else "",
    )
