"""The page before a search: what is held, what can be asked of it, and what is newest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from indexer.analysis import tokens
from search.cli.terminal import counted
from search.engines.searcher import Dates, Sort
from search.query.nodes import All
from search.query.periods import Period, describe
from search.query.query_errors import QueryError
from search.results.execute import Request
from search.results.facets import Facets
from search.results.snapshot import View
from search.results.timeline import Interval, Timeline
from search.web.pages.refinement import Narrowing
from search.web.pages.rendering import Site
from search.web.pages.result_list import Row, rows

_EVERYTHING = Request(str(All()), limit=0, highlight=False)
_NEWEST = Request(str(All()), sort=Sort.NEWEST, limit=6)
_LOOKED_AT = 12
_FIELDS = ("person", "org", "place", "source", "section", "author")
_FIELD_EXAMPLES = {
    "person": "a person, by any of their names",
    "place": "a place",
    "source": "a source",
    "section": "a section",
    "author": "who wrote it",
}
_LONGEST = 30
_AWKWARD = re.compile(r"[^\w\s.'&-]|^\W|\W$|\b(?:AND|OR|NOT)\b")
_PLAIN = re.compile(r"[A-Za-z]{5,}")
# What an answer notes that does not have all that was asked for.
_FELL_BACK = "No article has"
# More months than a timeline has buckets.
_MANY_YEARS = 150 * 365 * 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Example:
    """A query of this corpus's own words, what it means, and how many articles it finds."""

    query: str
    meaning: str
    count: str
    href: str


@dataclass(frozen=True, slots=True)
class Home:
    """`held` says how many articles there are, `dates` from when until when."""

    held: str
    dates: str
    examples: tuple[Example, ...]
    newest: tuple[Row, ...]


def home(view: View, site: Site) -> Home:
    """What stands below the search field while nothing is asked."""
    dates = view.searcher.dates(All())
    return Home(
        held=counted(view.searcher.count, "article"),
        dates=_span(dates, view.config.zone),
        examples=examples(view, dates, site),
        newest=rows(view.search(_NEWEST), "", Narrowing.of(_NEWEST.text, view), view, site),
    )


def _span(dates: Dates, zone: tzinfo) -> str:
    """From which day until which the articles are."""
    if not dates.dated:
        return ""
    first, last = (
        (_EPOCH + timedelta(seconds=each)).astimezone(zone).date()
        for each in (dates.first, dates.last)
    )
    start = datetime.combine(first, time(), zone)
    return describe(Period(start, datetime.combine(last + timedelta(days=1), time(), zone)), zone)


def examples(view: View, dates: Dates, site: Site) -> tuple[Example, ...]:
    """A query for each thing that can be asked, of words and names that many articles have."""
    facets = view.facets(_EVERYTHING, _FIELDS, limit=_LOOKED_AT)
    names = {field: _names(facets, field) for field in _FIELDS}
    months = view.timeline(_EVERYTHING, _months(dates))
    candidates = (*_of_words(names), *_of_fields(names), *_of_dates(months), *_of_forms(names))
    found = (_example(query, meaning, view, site) for query, meaning in candidates)
    return tuple(each for each in found if each)


def _example(query: str, meaning: str, view: View, site: Site) -> Example | None:
    """An example, if it finds what it asks for."""
    try:
        answer = view.search(Request(query, limit=0, highlight=False))
    except QueryError:
        # Names may be spelt in ways that mean something else in a query.
        return None
    if (
        not answer.total
        or answer.corrections
        or any(each.startswith(_FELL_BACK) for each in answer.warnings)
    ):
        return None
    return Example(query, meaning, f"{answer.total:,}", site.search(query))


def _names(found: Facets, field: str) -> list[str]:
    """Values of a facet that can be written as they are."""
    return [
        each.value
        for each in found.facets[field].buckets
        if len(each.value) <= _LONGEST and not _AWKWARD.search(each.value)
    ]


def _months(dates: Dates) -> Interval:
    """The interval that a month or year of the corpus is an example of."""
    return Interval.MONTH if dates.last - dates.first < _MANY_YEARS else Interval.YEAR


Candidates = Iterator[tuple[str, str]]


def _of_words(names: Mapping[str, list[str]]) -> Candidates:
    people, places = _last_words(names["person"]), _single(names["place"])
    for person, place in zip(people[:1], places[:1], strict=False):
        yield f"{person} {place}", "both words, in any form"
    for phrase in [each for each in (*names["org"], *names["place"]) if " " in each][:1]:
        yield f'"{phrase}"', "these words together"
    if len(people) > 1:
        yield f"{people[0]} OR {people[1]}", "either word"
        yield f"{people[0]} -{people[1]}", "one without the other"


def _of_fields(names: Mapping[str, list[str]]) -> Candidates:
    for field, meaning in _FIELD_EXAMPLES.items():
        for name in names[field][:1]:
            value = f'"{name}"' if " " in name else name
            yield f"{field}:{value}", meaning
    for word in _single(names["place"])[:1]:
        yield f"title:{word}", "in the headline"


def _of_dates(months: Timeline) -> Candidates:
    if not months.buckets:
        return
    at, most = max(enumerate(months.buckets), key=lambda pair: pair[1].count)
    yield most.query, f"published in that {months.interval}"
    first, last = months.buckets[max(at - 1, 0)], most
    if first is not last:
        yield f"date:{months.label(first)}..{months.label(last)}", "from one to the other"


def _of_forms(names: Mapping[str, list[str]]) -> Candidates:
    people = [word for word in _last_words(names["person"]) if _PLAIN.fullmatch(word)]
    for word in people[:1]:
        swapped = f"{word[:-3]}{word[-2]}{word[-3]}{word[-1]}"
        yield f"{swapped}~", "a word that may be misspelt"
    for word in [each for each in _last_words(names["org"]) if _PLAIN.fullmatch(each)][:1]:
        yield f"{word[:4].lower()}*", "words that begin so"
    for person, place in zip(people[:1], _single(names["place"])[:1], strict=False):
        yield f"{person} w/10 {place}", "within ten words of each other"
    yield "words:>=1000", "at least a thousand words long"


def _single(names: list[str]) -> list[str]:
    """Names of one word, or the last words of names if there are none."""
    return [name for name in names if name.isalpha()] or _last_words(names)


def _last_words(names: list[str]) -> list[str]:
    """What people and places are called for short, each once."""
    return list(dict.fromkeys(name.split()[-1] for name in names if len(tokens(name)) <= 3))
