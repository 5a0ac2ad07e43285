"""Errors on pages, and the relaxed queries that a page offers when nothing is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.output.wording import count_noun
from search.query.caret import Pointed
from search.query.query_errors import QueryError, UnknownFieldError
from search.results.answer import answer_request
from search.results.request import Request
from search.results.snapshot import Snapshot
from search.text.escaping import replace_unsafe
from search.web.pages.refinement import Narrowing, filters
from search.web.pages.rendering import Site
from search.web.pages.result_list import Link
from search.web.problems import KINDS, Problem

_MOST_STEPS = 8


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem on a page. `pointed` is its place in the query, if it has one."""

    heading: str
    detail: str
    hint: str
    pointed: Pointed | None = None
    meant: Link | None = None


def trouble(problem: Problem, err: Exception, site: Site) -> Trouble:
    """Describe an error for the page, with its place in the query."""
    if not isinstance(err, QueryError):
        return Trouble(KINDS[problem.kind][1], _sentence(problem.detail), "")
    pointed = err.pointed() if err.query.strip() else None
    heading = "This query cannot be read" if pointed else KINDS[problem.kind][1]
    suggestion = _meant(err, site)
    hint = err.hint
    if suggestion:
        # The link already suggests the name.
        hint = hint.partition("? ")[2]
    return Trouble(heading, _sentence(err.message), _sentence(hint), pointed, suggestion)


def _meant(err: QueryError, site: Site) -> Link | None:
    """Link to the query with an unknown field replaced by the nearest known one."""
    if not isinstance(err, UnknownFieldError) or not err.did_you_mean:
        return None
    text = f"{err.query[: err.start]}{err.did_you_mean}{err.query[err.end :]}"
    return Link(replace_unsafe(text), site.search(text))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


@dataclass(frozen=True, slots=True)
class Step:
    """A query without one of its pieces: the piece, and the number of articles that it finds."""

    left_out: str
    found: str
    href: str


def steps(request: Request, snapshot: Snapshot, site: Site) -> tuple[Step, ...]:
    """Return the queries without one piece that find articles where the whole query finds none."""
    return tuple(_steps(Narrowing.of(request.text, snapshot), snapshot, site))


def _steps(narrowing: Narrowing, snapshot: Snapshot, site: Site) -> Iterator[Step]:
    if len(narrowing.pieces) < 2:
        return
    labels = {
        entry.number: f"{entry.label} {entry.value}".strip()
        for entry in filters(narrowing)
        if not entry.negated
    }
    for number, piece in list(enumerate(narrowing.pieces))[:_MOST_STEPS]:
        text = narrowing.without(number)
        total = answer_request(Request(text, limit=0, highlight=False), snapshot).total
        if total:
            name = labels.get(number, piece.text)
            yield Step(replace_unsafe(name), count_noun(total, "article"), site.search(text))
