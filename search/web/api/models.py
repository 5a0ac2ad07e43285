"""The shapes of answers, for the API's description. `search.output.serialization` makes them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from search.results.timeline import Interval

Responses = dict[int | str, dict[str, Any]]

_Span = tuple[int, int]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SnippetModel(_Model):
    """A fragment of a field; `ranges` are half-open offsets in `text`, in code points."""

    text: str
    ranges: list[_Span]
    html: str = Field(description="The text escaped, its matches in `<mark>`.")
    field: str


class ReasonModel(_Model):
    clause: str
    field: str
    times: int


class EntityModel(_Model):
    kind: str
    names: list[str]
    sure: bool = Field(description="What is not sure is searched, but not counted.")


class HitModel(_Model):
    """An article that was found; with `fields`, only those."""

    id: str | None = None
    title: str | None = None
    title_ranges: list[_Span] | None = None
    title_html: str | None = None
    dek: str | None = None
    published: str | None = None
    source: str | None = None
    section: str | None = None
    url: str | None = None
    score: float | None = None
    snippets: list[SnippetModel] | None = None
    body: str | None = None
    authors: list[str] | None = None
    language: str | None = None
    updated: str | None = None
    entities: list[EntityModel] | None = None
    recency: float | None = None
    reasons: list[ReasonModel] | None = None


class FacetBucket(_Model):
    value: str
    count: int
    query: str = Field(description="Beside the query, finds these.")


class FacetModel(_Model):
    values: int
    all_counted: bool
    buckets: list[FacetBucket]


class CorrectionModel(_Model):
    written: str
    instead: str


class _QueryAnswer(_Model):
    """The members of every answer to a query."""

    total: int
    total_exact: bool
    partial: bool = Field(description="Whether a part of the index could not be asked.")
    interpreted: str = Field(description="The query as it was read.")
    warnings: list[str]
    took_ms: float


class SearchAnswer(_QueryAnswer):
    did_you_mean: list[CorrectionModel]
    hits: list[HitModel]
    facets: dict[str, FacetModel]
    next: int | None = Field(description="How many hits come before the next page.")
    cursor: str | None = Field(description="Asks for the next page; null on the last.")


class FacetsAnswer(_QueryAnswer):
    facets: dict[str, FacetModel]


class TimeBucketModel(_Model):
    label: str
    start: str
    end: str
    count: int
    query: str


class TimelineAnswer(_QueryAnswer):
    interval: Interval
    undated: int
    buckets: list[TimeBucketModel]


class SuggestionModel(_Model):
    text: str
    field: str | None
    count: int
    query: str


class Suggestions(_Model):
    suggestions: list[SuggestionModel]
    took_ms: float


class ArticleModel(_Model):
    id: str
    url: str | None
    source: str | None
    title: str
    dek: str | None
    body: str
    authors: list[str]
    section: str | None
    language: str | None
    published: str | None
    updated: str | None
    entities: list[EntityModel]
    confidence: str | None = Field(description="How sure `published` is.")
    provenance: dict[str, str]


class VersionModel(ArticleModel):
    version: int
    recorded: str


class Versions(_Model):
    id: str
    versions: list[VersionModel]


class SimilarArticleModel(_Model):
    id: str
    title: str
    dek: str | None
    published: str | None
    source: str | None
    section: str | None
    url: str | None
    score: float


class SimilarAnswer(_Model):
    id: str
    words: list[str]
    names: list[str]
    took_ms: float
    articles: list[SimilarArticleModel]


class StatusModel(_Model):
    engine: str
    state: str = Field(description="The index's generation and commit, as in ETags.")
    articles: int
    versions: int
    undated: int
    first: str | None
    last: str | None
    failures: int
    behind: int | None
    to_extract: int | None = Field(description="Whose entities are to be found anew.")
    store_bytes: int
    index_bytes: int
    sources: list[str]


class Health(_Model):
    status: str
    articles: int


class PostedArticleModel(_Model):
    id: str
    changed: bool


class FailedArticleModel(_Model):
    number: int
    detail: str


class PostedAnswer(_Model):
    articles: list[PostedArticleModel]
    failed: list[FailedArticleModel]


class Position(_Model):
    start: int
    end: int


class ProblemModel(BaseModel):
    """A problem document (RFC 9457). `type` is urn:dateline:problem: and the problem's kind."""

    type: str
    title: str
    status: int
    detail: str
    query: str | None = None
    position: Position | None = None
    suggestion: str | None = None
    did_you_mean: str | None = None
    parameter: str | None = None
