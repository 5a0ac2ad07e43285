"""What went wrong, and what to do when nothing is found, as pages show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.cli.terminal import counted
from search.query.query_errors import Pointed, QueryError, UnknownFieldError
from search.results.execute import Request
from search.results.snapshot import View
from search.text.snippets import plain
from search.web.pages.refinement import Narrowing, filters
from search.web.pages.rendering import Site
from search.web.pages.result_list import Link
from search.web.problems import KINDS, Problem

_MOST_STEPS = 8


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem for people. `pointed` is the place in the query, where there is one."""

    heading: str
    detail: str
    hint: str
    pointed: Pointed | None = None
    meant: Link | None = None


def trouble(problem: Problem, err: Exception, site: Site) -> Trouble:
    """An error as it is drawn under the search field."""
    if not isinstance(err, QueryError):
        return Trouble(KINDS[problem.kind][1], _sentence(problem.detail), "")
    pointed = err.pointed() if err.query.strip() else None
    heading = "This query cannot be read" if pointed else KINDS[problem.kind][1]
    meant = _meant(err, site)
    hint = err.hint
    if meant:
        # The link says that already.
        hint = hint.partition("? ")[2]
    return Trouble(heading, _sentence(err.message), _sentence(hint), pointed, meant)


def _meant(err: QueryError, site: Site) -> Link | None:
    """The query with the name of a field that may have been meant."""
    if not isinstance(err, UnknownFieldError) or not err.did_you_mean:
        return None
    text = f"{err.query[: err.start]}{err.did_you_mean}{err.query[err.end :]}"
    return Link(plain(text), site.search(text))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


@dataclass(frozen=True, slots=True)
class Step:
    """A query that asks for one thing less: what it leaves out, and how many articles it finds."""

    left_out: str
    found: str
    href: str


def steps(request: Request, view: View, site: Site) -> tuple[Step, ...]:
    """What finds something where all that is asked for together does not."""
    return tuple(_steps(Narrowing.of(request.text, view), view, site))


def _steps(narrowing: Narrowing, view: View, site: Site) -> Iterator[Step]:
    if len(narrowing.pieces) < 2:
        return
    labels = {
        one.number: f"{one.label} {one.value}".strip()
        for one in filters(narrowing)
        if not one.negated
    }
    for number, piece in list(enumerate(narrowing.pieces))[:_MOST_STEPS]:
        text = narrowing.without(number)
        total = view.search(Request(text, limit=0, highlight=False)).total
        if total:
            name = labels.get(number, piece.text)
            yield Step(plain(name), counted(total, "article"), site.search(text))
