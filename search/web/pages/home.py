"""The page before a search: the size of the corpus, example queries, and the newest articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from indexer.analysis import tokenize
from search.engines.searcher import Dates, Sort
from search.output.wording import format_count
from search.query.nodes import All
from search.query.periods import Period, describe
from search.query.query_errors import QueryError
from search.results.answer import answer_request
from search.results.facets import Facets, count_facets
from search.results.request import Request
from search.results.snapshot import Snapshot
from search.results.timeline import Interval, Timeline, build_timeline
from search.web.pages.refinement import Narrowing
from search.web.pages.rendering import Site
from search.web.pages.result_list import ResultRow, build_rows

_ALL_ARTICLES = Request(str(All()), limit=0, highlight=False)
_NEWEST_ARTICLES = Request(str(All()), sort=Sort.NEWEST, limit=6)
_MAX_FACET_VALUES = 12
_EXAMPLE_FIELDS = ("person", "org", "place", "source", "section", "author")
_FIELD_EXAMPLES = {
    "person": "a person, by any of their names",
    "place": "a place",
    "source": "a source",
    "section": "a section",
    "author": "who wrote it",
}
_MAX_NAME_CHARS = 30
_UNSAFE_NAME = re.compile(r"[^\w\s.'&-]|^\W|\W$|\b(?:AND|OR|NOT)\b")
_PLAIN_WORD = re.compile(r"[A-Za-z]{5,}")
# More months than a timeline has buckets.
_MAX_MONTHLY_SECONDS = 150 * 365 * 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """A query of this corpus's own words, what it means, and how many articles it finds."""

    query: str
    meaning: str
    count: str
    href: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """The values of the page. `held` is the number of articles in words, `dates` their span."""

    article_count: str
    dates: str
    examples: tuple[ExampleQuery, ...]
    newest: tuple[ResultRow, ...]


def build_home_page(snapshot: Snapshot, site: Site) -> HomePage:
    """Build the page that stands below the search field before a search."""
    dates = snapshot.searcher.dates(All())
    return HomePage(
        article_count=format_count(snapshot.searcher.count, "article"),
        dates=_describe_date_span(dates, snapshot.config.zone),
        examples=find_examples(snapshot, dates, site),
        newest=build_rows(
            answer_request(_NEWEST_ARTICLES, snapshot),
            "",
            Narrowing.of(_NEWEST_ARTICLES.text, snapshot),
            snapshot,
            site,
        ),
    )


def _describe_date_span(dates: Dates, zone: tzinfo) -> str:
    """Return the span from the first day with articles to the last, or ""."""
    if not dates.dated:
        return ""
    first, last = (
        (_EPOCH + timedelta(seconds=seconds)).astimezone(zone).date()
        for seconds in (dates.first, dates.last)
    )
    start = datetime.combine(first, time(), zone)
    return describe(Period(start, datetime.combine(last + timedelta(days=1), time(), zone)), zone)


def find_examples(snapshot: Snapshot, dates: Dates, site: Site) -> tuple[ExampleQuery, ...]:
    """Build an example query for each feature of the query language, of frequent names."""
    facets = count_facets(_ALL_ARTICLES, snapshot, _EXAMPLE_FIELDS, limit=_MAX_FACET_VALUES)
    names = {field: _list_names(facets, field) for field in _EXAMPLE_FIELDS}
    months = build_timeline(_ALL_ARTICLES, snapshot, _choose_interval(dates))
    candidates = (
        *_propose_word_queries(names),
        *_propose_field_queries(names),
        *_propose_date_queries(months),
        *_propose_pattern_queries(names),
    )
    tried = (_try_example(query, meaning, snapshot, site) for query, meaning in candidates)
    return tuple(example for example in tried if example)


def _try_example(query: str, meaning: str, snapshot: Snapshot, site: Site) -> ExampleQuery | None:
    """Return an example if it finds articles as it is written, without correction or relaxation."""
    try:
        answer = answer_request(Request(query, limit=0, highlight=False), snapshot)
    except QueryError:
        # Names may be spelt in ways that mean something else in a query.
        return None
    if not answer.total or answer.corrections or answer.relaxed or answer.corrections:
        return None
    return ExampleQuery(query, meaning, f"{answer.total:,}", site.link_to_search(query))


def _list_names(facets: Facets, field: str) -> list[str]:
    """Return the values of a facet that need no escaping in a query."""
    return [
        bucket.value
        for bucket in facets.facets[field].buckets
        if len(bucket.value) <= _MAX_NAME_CHARS and not _UNSAFE_NAME.search(bucket.value)
    ]


def _choose_interval(dates: Dates) -> Interval:
    """Return months as the interval, or years if the corpus has too many months."""
    return Interval.MONTH if dates.last - dates.first < _MAX_MONTHLY_SECONDS else Interval.YEAR


ExampleCandidates = Iterator[tuple[str, str]]


def _propose_word_queries(names: Mapping[str, list[str]]) -> ExampleCandidates:
    people, places = _take_last_words(names["person"]), _select_single_words(names["place"])
    for person, place in zip(people[:1], places[:1], strict=False):
        yield f"{person} {place}", "both words, in any form"
    for phrase in [name for name in (*names["org"], *names["place"]) if " " in name][:1]:
        yield f'"{phrase}"', "these words together"
    if len(people) > 1:
        yield f"{people[0]} OR {people[1]}", "either word"
        yield f"{people[0]} -{people[1]}", "one without the other"


def _propose_field_queries(names: Mapping[str, list[str]]) -> ExampleCandidates:
    for field, meaning in _FIELD_EXAMPLES.items():
        for name in names[field][:1]:
            value = f'"{name}"' if " " in name else name
            yield f"{field}:{value}", meaning
    for word in _select_single_words(names["place"])[:1]:
        yield f"title:{word}", "in the headline"


def _propose_date_queries(months: Timeline) -> ExampleCandidates:
    if not months.buckets:
        return
    at, fullest = max(enumerate(months.buckets), key=lambda pair: pair[1].count)
    yield fullest.query, f"published in that {months.interval}"
    first, last = months.buckets[max(at - 1, 0)], fullest
    if first is not last:
        yield f"date:{months.label(first)}..{months.label(last)}", "from one to the other"


def _propose_pattern_queries(names: Mapping[str, list[str]]) -> ExampleCandidates:
    people = [word for word in _take_last_words(names["person"]) if _PLAIN_WORD.fullmatch(word)]
    for word in people[:1]:
        swapped = f"{word[:-3]}{word[-2]}{word[-3]}{word[-1]}"
        yield f"{swapped}~", "a word that may be misspelt"
    for word in [name for name in _take_last_words(names["org"]) if _PLAIN_WORD.fullmatch(name)][
        :1
    ]:
        yield f"{word[:4].lower()}*", "words that begin so"
    for person, place in zip(people[:1], _select_single_words(names["place"])[:1], strict=False):
        yield f"{person} w/10 {place}", "within ten words of each other"
    yield "words:>=1000", "at least a thousand words long"


def _select_single_words(names: list[str]) -> list[str]:
    """Return the names of one word, or the last words of names if there are none."""
    return [name for name in names if name.isalpha()] or _take_last_words(names)


def _take_last_words(names: list[str]) -> list[str]:
    """Return the last words of names of at most three words, without duplicates."""
    return list(dict.fromkeys(name.split()[-1] for name in names if len(tokenize(name)) <= 3))
