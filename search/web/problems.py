"""Problem documents (RFC 9457): a kind, title and status for each error.

The kinds are part of the API: programs tell problems apart by `type`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import Response

from corpus.article_codec import DamagedArticleError
from corpus.errors import DatelineError, StoreError
from indexer.indexer_errors import IndexUnusableError, SubmissionError
from search.output.serialization import Json, dump_json
from search.project.lock import LockedError
from search.query.query_errors import QueryError

PROBLEM_MEDIA_TYPE = "application/problem+json"
PROBLEM_TYPE_PREFIX = "urn:dateline:problem:"


class ProblemError(DatelineError):
    """An error in the request itself. `kind` is a key of PROBLEM_KINDS."""

    def __init__(self, kind: str, detail: str, **extensions: object) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.extensions = extensions


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document. `more` are its extension members."""

    kind: str
    detail: str
    extensions: Json = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return PROBLEM_KINDS[self.kind][0]

    def make_document(self) -> Json:
        status, title = PROBLEM_KINDS[self.kind]
        base = {"type": PROBLEM_TYPE_PREFIX + self.kind, "title": title, "status": status}
        return {**base, "detail": self.detail, **self.extensions}

    def make_response(self) -> Response:
        headers = {"Cache-Control": "no-store", **_KIND_HEADERS.get(self.kind, {}), **self.headers}
        content = dump_json(self.make_document())
        return Response(content, self.status, headers, media_type=PROBLEM_MEDIA_TYPE)


PROBLEM_KINDS: dict[str, tuple[int, str]] = {
    "empty-query": (400, "Nothing to search for"),
    "syntax": (400, "The query cannot be read"),
    "unclosed-quote": (400, "A quote is not closed"),
    "unknown-field": (400, "There is no such field"),
    "unknown-facet": (400, "There is no such facet"),
    "bad-value": (400, "A date, range or number cannot be read"),
    "too-many-buckets": (400, "The interval is too short"),
    "bad-cursor": (400, "The cursor cannot be used"),
    "window": (400, "Pages do not reach so far"),
    "query-limit": (400, "The query is too long, too deep or too broad"),
    "query": (400, "The query cannot be understood"),
    "bad-parameter": (422, "A parameter is not allowed"),
    "bad-request": (400, "The request cannot be read"),
    "not-acceptable": (406, "No form that is accepted"),
    "not-found": (404, "Not found"),
    "gone": (410, "The article is gone"),
    "method": (405, "The method is not allowed"),
    "unauthorized": (401, "A token is needed"),
    "read-only": (403, "This server is read-only"),
    "from-files": (409, "The article comes from files"),
    "other-id": (409, "The article has another id"),
    "unreadable-article": (422, "No article can be made of this"),
    "media-type": (415, "This kind of content is not read"),
    "body-too-large": (413, "The request is too large"),
    "target-too-long": (414, "The address is too long"),
    "host": (421, "This host is not served"),
    "busy": (503, "Too many requests at once"),
    "too-slow": (503, "The answer took too long"),
    "locked": (503, "Another process is writing"),
    "index": (503, "The index cannot be used"),
    "damaged-article": (503, "The article is damaged"),
    "internal": (500, "Something went wrong here"),
}

_RETRY_SOON: Mapping[str, str] = {"Retry-After": "2"}
_KIND_HEADERS: Mapping[str, Mapping[str, str]] = {
    "busy": _RETRY_SOON,
    "locked": _RETRY_SOON,
    "index": {"Retry-After": "30"},
    "damaged-article": {"Retry-After": "30"},
    "unauthorized": {"WWW-Authenticate": "Bearer"},
}

# The bases of the errors that a request may meet. The first two have kinds of their own.
EXPECTED_ERRORS: tuple[type[DatelineError], ...] = (
    QueryError,
    SubmissionError,
    LockedError,
    IndexUnusableError,
    StoreError,
)
# A subclass stands before its bases.
_KINDS_OF_BASES: Mapping[type[DatelineError], str] = {
    DamagedArticleError: "damaged-article",
    LockedError: "locked",
    IndexUnusableError: "index",
    StoreError: "index",
}
# Details instead of messages that may name folders and processes of this machine.
_PUBLIC_DETAILS = {
    "locked": "another command is writing to the project; try again",
    "index": "there is no index that can be used now; whoever runs this server can tell why",
}


def kind_of(error: type[Exception]) -> str:
    """Return the kind of a class of errors: "internal" for one that no request should meet."""
    if issubclass(error, (QueryError, SubmissionError)):
        return error.kind
    kinds = (kind for base, kind in _KINDS_OF_BASES.items() if issubclass(error, base))
    return next(kinds, "internal")


def make_problem(err: Exception) -> Problem:
    """Return the problem for an error; for an unexpected one, without its message."""
    if isinstance(err, ProblemError):
        return Problem(err.kind, err.detail, err.extensions)
    kind = kind_of(type(err))
    if kind == "internal":
        return Problem(kind, "the request could not be answered; nothing is wrong with it")
    if isinstance(err, QueryError):
        return Problem(kind, err.message, _describe_query_error(err))
    return Problem(kind, _PUBLIC_DETAILS.get(kind, str(err)))


def _describe_query_error(err: QueryError) -> Json:
    """Return the place of an error in the query, and a correction, as extension members."""
    members: Json = {}
    if err.query:
        members["query"] = err.query
        members["position"] = {"start": err.start, "end": err.end}
    if err.hint:
        members["suggestion"] = err.hint
    if near := getattr(err, "did_you_mean", ""):
        members["did_you_mean"] = near
    if parameter := getattr(err, "parameter", ""):
        members["parameter"] = parameter
    return members
