"""The query parameters of the API, and the requests that they make."""

from __future__ import annotations

from datetime import datetime, tzinfo
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from indexer.schema import FACET_FIELDS
from search.engines.searcher import Sort
from search.query.nodes import Missing, Range
from search.query.parser import MAX_QUERY_CHARS
from search.query.query_errors import BadValueError
from search.query.ranges import ValueProblemError, parse_date_value
from search.results.request import MatchMode, Request
from search.results.snapshot import Snapshot
from search.results.timeline import Interval
from search.web.limits import MAX_RESULTS

# The fields that a hit contains only on request.
EXTRA_HIT_FIELDS = ("body", "authors", "language", "updated", "entities")
HIT_FIELDS = (
    "id", "title", "title_ranges", "title_html", "dek", "published", "source", "section", "url",
    "score", "matched", "snippets", *EXTRA_HIT_FIELDS,
)  # fmt: skip
_HIGHLIGHTED_FIELDS = {"title_ranges", "title_html", "snippets"}

EXAMPLE_QUERY = "Iwojima alliance date:2025-03"


def _split_values(value: Any) -> Any:
    """Split the values of a repeated parameter at commas."""
    if isinstance(value, str):
        return value.split(",")
    if isinstance(value, list):
        return [part for entry in value for part in str(entry).split(",")]
    return value


_FacetName = Literal[FACET_FIELDS]  # type: ignore[valid-type]
_HitField = Literal[HIT_FIELDS]  # type: ignore[valid-type]


class _Parameters(BaseModel):
    """A base that rejects unknown parameters, because a misspelt one would have no effect."""

    model_config = ConfigDict(extra="forbid")


class QueryParameters(_Parameters):
    """The parameters that select articles."""

    q: str = Field(
        "*",
        description="The query, in the language of queries; `*` is all articles.",
        examples=[EXAMPLE_QUERY],
        json_schema_extra={"format": "dateline-query"},
    )
    since: str = Field(
        "",
        alias="from",
        max_length=100,
        description="Published from this day, month, year or time on.",
        examples=["2025-03-01"],
        json_schema_extra={"format": "dateline-period"},
    )
    until: str = Field(
        "",
        alias="to",
        max_length=100,
        description="Published until the end of this day, month, year or time.",
        examples=["2025-03"],
        json_schema_extra={"format": "dateline-period"},
    )
    match: MatchMode = Field(
        MatchMode.BEST,
        description="How many of the words an article needs. `best` ranks articles with all words "
        "before those with some, `all` has no others.",
    )
    aliases: bool = Field(True, description="Whether other names of a thing count too.")
    variants: bool = Field(True, description="Whether other spellings of a word count too.")

    def make_request(self, snapshot: Snapshot, **options: Any) -> Request:
        """Make the request for a snapshot. Raises QueryError."""
        dates = parse_date_range(self.since, self.until, snapshot.now, snapshot.config.zone)
        return Request(
            self.q,
            match=self.match,
            aliases=self.aliases,
            variants=self.variants,
            dates=dates,
            **options,
        )


class SearchParameters(QueryParameters):
    """The parameters that select hits and their form."""

    sort: Sort | None = Field(
        None, description="The order: by default relevance in JSON, newest in other forms."
    )
    limit: int = Field(10, ge=1, le=MAX_RESULTS, description="The most hits of an answer.")
    cursor: str = Field(
        "",
        max_length=4_000,
        description="Where to go on: the `cursor` of the answer before, to the same query.",
        json_schema_extra={"format": "dateline-cursor"},
    )
    facet: Annotated[list[_FacetName], BeforeValidator(_split_values)] = Field(
        [], description="Count what is found by these fields too."
    )
    fields: Annotated[list[_HitField], BeforeValidator(_split_values)] = Field(
        [], description="What each hit has; by default all but the text and what belongs to it."
    )
    explain: bool = Field(False, description="Say why each article was found.")

    def make_search_request(self, snapshot: Snapshot, sort: Sort) -> Request:
        """Make the search request for a snapshot, `sort` by default. Raises QueryError."""
        return self.make_request(
            snapshot,
            sort=self.sort or sort,
            limit=self.limit,
            cursor=self.cursor,
            facets=tuple(dict.fromkeys(self.facet)),
            explain=self.explain,
            highlight=self.explain or not self.fields or bool(_HIGHLIGHTED_FIELDS & {*self.fields}),
        )


class FacetParameters(QueryParameters):
    field: Annotated[list[_FacetName], BeforeValidator(_split_values)] = Field(
        [], description="Count by these fields; by default by all."
    )
    limit: int = Field(10, ge=1, le=MAX_RESULTS, description="The most values of a field.")


class TimelineParameters(QueryParameters):
    interval: Interval | None = Field(
        None, description="What to count by; by default what suits the dates that are found."
    )


class SuggestParameters(_Parameters):
    q: str = Field(
        "", max_length=MAX_QUERY_CHARS, description="What is typed so far.", examples=["ishi"]
    )
    limit: int = Field(10, ge=1, le=MAX_RESULTS, description="The most words and names.")


class SimilarParameters(_Parameters):
    limit: int = Field(10, ge=1, le=100, description="The most articles.")


class PostParameters(_Parameters):
    url: str = Field("", max_length=2_000, description="Where a page was fetched from.")


class NoParameters(_Parameters):
    """No parameters; any is rejected."""


SearchQueryString = Annotated[SearchParameters, Query()]
FacetsQueryString = Annotated[FacetParameters, Query()]
TimelineQueryString = Annotated[TimelineParameters, Query()]
SuggestQueryString = Annotated[SuggestParameters, Query()]
SimilarQueryString = Annotated[SimilarParameters, Query()]
PostQueryString = Annotated[PostParameters, Query()]
EmptyQueryString = Annotated[NoParameters, Query()]

_PARAMETER_NAMES = sorted(
    {
        field.alias or name
        for model in (
            SearchParameters,
            FacetParameters,
            TimelineParameters,
            SuggestParameters,
            PostParameters,
        )
        for name, field in model.model_fields.items()
    }
)


def find_nearest_parameter(name: str) -> str:
    """Return the known parameter that is nearest to a misspelt one, or ""."""
    return next(iter(get_close_matches(name, _PARAMETER_NAMES, 1, 0.6)), "")


class DateParameterError(BadValueError):
    """A `from` or `to` that cannot be read."""

    def __init__(self, parameter: str, message: str, text: str, hint: str) -> None:
        super().__init__(message, text, 0, len(text), hint)
        self.parameter = parameter


def parse_date_range(since: str, until: str, now: datetime, zone: tzinfo) -> Range | None:
    if not since.strip() and not until.strip():
        return None
    low = _parse_period("from", since, now, zone).low if since.strip() else None
    high = _parse_period("to", until, now, zone).high if until.strip() else None
    if low is not None and high is not None and low >= high:
        raise DateParameterError("to", f"this is before {since}", until, "a later date")
    return Range("date", low, high)


def _parse_period(parameter: str, text: str, now: datetime, zone: tzinfo) -> Range:
    try:
        period = parse_date_value(parameter, "date", text, now=now, zone=zone)
    except ValueProblemError as err:
        raise DateParameterError(parameter, str(err), text, f"expected {err.expected}") from err
    if isinstance(period, Missing):
        raise DateParameterError(parameter, "this is no date", text, "expected a day or month")
    return period
