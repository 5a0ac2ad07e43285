"""Errors on pages, and the relaxed queries that a page offers when nothing is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.output.wording import format_count
from search.query.caret import QueryExcerpt
from search.query.query_errors import QueryError, UnknownFieldError
from search.results.answer import answer_request
from search.results.request import Request
from search.results.snapshot import Snapshot
from search.text.escaping import replace_unsafe
from search.web.pages.refinement import Narrowing, list_filters
from search.web.pages.rendering import Site
from search.web.pages.result_list import Link
from search.web.problems import PROBLEM_KINDS, Problem

_MAX_RELAXED_QUERIES = 8


@dataclass(frozen=True, slots=True)
class PageProblem:
    """A problem on a page. `pointed` is its place in the query, if it has one."""

    heading: str
    detail: str
    hint: str
    pointed: QueryExcerpt | None = None
    suggestion: Link | None = None


def describe_problem(problem: Problem, err: Exception, site: Site) -> PageProblem:
    """Describe an error for the page, with its place in the query."""
    if not isinstance(err, QueryError):
        return PageProblem(PROBLEM_KINDS[problem.kind][1], _capitalize_first(problem.detail), "")
    pointed = err.make_excerpt() if err.query.strip() else None
    heading = "This query cannot be read" if pointed else PROBLEM_KINDS[problem.kind][1]
    suggestion = _link_nearest_field(err, site)
    hint = err.hint
    if suggestion:
        # The link already suggests the name.
        hint = hint.partition("? ")[2]
    return PageProblem(
        heading, _capitalize_first(err.message), _capitalize_first(hint), pointed, suggestion
    )


def _link_nearest_field(err: QueryError, site: Site) -> Link | None:
    """Link to the query with an unknown field replaced by the nearest known one."""
    if not isinstance(err, UnknownFieldError) or not err.did_you_mean:
        return None
    text = f"{err.query[: err.start]}{err.did_you_mean}{err.query[err.end :]}"
    return Link(replace_unsafe(text), site.link_to_search(text))


def _capitalize_first(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


@dataclass(frozen=True, slots=True)
class RelaxedQuery:
    """A query without one of its pieces: the piece, and the number of articles that it finds."""

    omitted: str
    article_count: str
    href: str


def find_relaxed_queries(
    request: Request, snapshot: Snapshot, site: Site
) -> tuple[RelaxedQuery, ...]:
    """Return the queries without one piece that find articles where the whole query finds none."""
    return tuple(_find_relaxed_queries(Narrowing.of(request.text, snapshot), snapshot, site))


def _find_relaxed_queries(
    narrowing: Narrowing, snapshot: Snapshot, site: Site
) -> Iterator[RelaxedQuery]:
    if len(narrowing.pieces) < 2:
        return
    labels = {
        entry.number: f"{entry.label} {entry.value}".strip()
        for entry in list_filters(narrowing)
        if not entry.negated
    }
    for number, piece in list(enumerate(narrowing.pieces))[:_MAX_RELAXED_QUERIES]:
        text = narrowing.remove_piece(number)
        total = answer_request(
            Request(text, limit=0, highlight=False, advice=False), snapshot
        ).total
        if total:
            name = labels.get(number, piece.text)
            yield RelaxedQuery(
                replace_unsafe(name), format_count(total, "article"), site.link_to_search(text)
            )
