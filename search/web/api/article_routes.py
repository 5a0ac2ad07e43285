"""Routes that read articles, and write them with a token."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from email.message import Message
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from corpus.article import MediaType, RawArticle, Source
from corpus.sources import ReadFailure
from corpus.sources.formats.json_files import read_json
from indexer.ingest.submitted import SubmittedArticle
from search.output.serialization import (
    Json,
    serialize_article,
    serialize_similar,
    serialize_version,
)
from search.project.project import Project
from search.results.similar import find_similar
from search.results.snapshot import Snapshot
from search.web.api import models, parameters
from search.web.limits import MAX_POSTED_ARTICLES
from search.web.problems import ProblemError
from search.web.responses import answer_conditionally, answer_from_snapshot, make_json_response
from search.web.state import ServerState, StateDependency, require_token

router = APIRouter(tags=["articles"])

_MAX_ID_CHARS = 500


class _ArticleKey(Convertor[str]):
    """An id or web address in a path; it may contain slashes, but not end in a subresource."""

    regex = r".+?(?<!/versions)(?<!/similar)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("article", _ArticleKey())

ArticleKey = Annotated[
    str, Path(alias="id", min_length=1, max_length=2_000, description="An id, or a web address.")
]
NewArticleId = Annotated[str, Path(alias="id", min_length=1, max_length=_MAX_ID_CHARS)]

_JSON_MEDIA_TYPE = MediaType.RECORD.value


def _describe_content(*types: str) -> dict[str, Any]:
    """Return the OpenAPI entry for the content of a request."""
    record = {
        "type": list(types),
        "description": "An article's fields, by any of the names that files may have.",
        "examples": [{"title": "Ferry returns", "body": "The ferry is back."}],
    }
    content = {_JSON_MEDIA_TYPE: {"schema": record}, MediaType.HTML.value: {"schema": {}}}
    return {"requestBody": {"required": True, "content": content}}


_WRITE_DEPENDENCIES = [Depends(require_token)]


@router.get("/v1/articles/{id:article}/versions", name="versions", response_model=models.Versions)
async def get_versions(
    http: HttpRequest, state: StateDependency, key: ArticleKey, _: parameters.EmptyQueryString
) -> Response:
    """List every version of an article, the oldest first; also of one that is gone."""

    def read(project: Project) -> Json:
        stored = project.versions(key)
        if not stored:
            raise _make_not_found_error(key)
        entries = [serialize_version(version) for version in stored]
        return {"id": stored[0].article.id, "versions": entries}

    content = await state.run_on_project(read)
    return answer_conditionally(http, content)


@router.get(
    "/v1/articles/{id:article}/similar", name="similar", response_model=models.SimilarAnswer
)
async def get_similar_articles(
    http: HttpRequest,
    state: StateDependency,
    key: ArticleKey,
    params: parameters.SimilarQueryString,
) -> Response:
    """Find similar articles by their distinctive words, those of the same story first."""

    def find(snapshot: Snapshot) -> Json:
        article = state.project.article(key)
        if article is None:
            raise _make_not_found_error(key)
        return serialize_similar(find_similar(article, snapshot, limit=params.limit))

    return await answer_from_snapshot(state, http, find)


@router.get("/v1/articles/{id:article}", name="article", response_model=models.ArticleModel)
async def get_article(
    http: HttpRequest, state: StateDependency, key: ArticleKey, _: parameters.EmptyQueryString
) -> Response:
    """Return the current version of an article."""
    return answer_conditionally(
        http, await state.run_on_project(lambda project: _read_article(project, key))
    )


def _read_article(project: Project, key: str) -> Json:
    article = project.article(key)
    if article is not None:
        return serialize_article(article)
    if project.versions(key):
        raise ProblemError("gone", f"article {key!r} is gone; it has versions still")
    raise _make_not_found_error(key)


def _make_not_found_error(key: str) -> ProblemError:
    return ProblemError("not-found", f"article {key!r} is not held")


@router.post(
    "/v1/articles",
    name="post",
    response_model=models.PostedAnswer,
    status_code=201,
    responses={200: {"model": models.PostedAnswer, "description": "Nothing is new by this."}},
    dependencies=_WRITE_DEPENDENCIES,
    openapi_extra=_describe_content("object", "array"),
)
async def post_articles(
    http: HttpRequest, state: StateDependency, params: parameters.PostQueryString
) -> Response:
    """Ingest an article, or a list of them as JSON. They are cleaned as files are."""
    raws, failed = await _read_content(http, state, params.url)
    posted = await state.run_write(lambda project: project.post(raws))
    answer = _build_posted_json(posted, failed)
    if not answer["articles"]:
        details = [failure["detail"] for failure in answer["failed"]]
        raise ProblemError("unreadable-article", next(iter(details), "there is no article in it"))
    changed = any(entry["changed"] for entry in answer["articles"])
    response = make_json_response(answer, status=201 if changed else 200)
    if changed and len(answer["articles"]) == 1:
        response.headers["Location"] = f"/v1/articles/{_quote_id(answer['articles'][0]['id'])}"
    return response


def _build_posted_json(
    posted: Sequence[SubmittedArticle], unreadable: Sequence[ReadFailure]
) -> Json:
    failed = [
        {"number": number, "detail": article.failure}
        for number, article in enumerate(posted, 1)
        if article.failure
    ]
    return {
        "articles": [
            {"id": article.id, "changed": article.changed}
            for article in posted
            if not article.failure
        ],
        "failed": [*failed, *({"number": 0, "detail": record.reason} for record in unreadable)],
    }


@router.put(
    "/v1/articles/{id:article}",
    name="put",
    response_model=models.ArticleModel,
    responses={201: {"model": models.ArticleModel, "description": "It was not there before."}},
    dependencies=_WRITE_DEPENDENCIES,
    openapi_extra=_describe_content("object"),
)
async def put_article(
    http: HttpRequest,
    state: StateDependency,
    article_id: NewArticleId,
    _: parameters.EmptyQueryString,
) -> Response:
    """Create or replace the article with this id. It is cleaned as files are."""
    if not article_id.isprintable() or article_id != article_id.strip():
        raise ProblemError("bad-parameter", "an id has letters that can be seen", parameter="id")
    raws, failed = await _read_content(http, state)
    if len(raws) != 1 or failed:
        reason = failed[0].reason if failed else f"there are {len(raws)} articles, not one"
        raise ProblemError("unreadable-article", reason)

    def write(project: Project) -> tuple[bool, Json]:
        before = project.store.read_article(article_id)
        (posted,) = project.post(raws, article_id=article_id)
        if posted.failure:
            raise ProblemError("unreadable-article", posted.failure)
        return before is None, _read_article(project, article_id)

    is_new, content = await state.run_write(write)
    return make_json_response(content, status=201 if is_new else 200)


@router.delete(
    "/v1/articles/{id:article}",
    name="delete",
    status_code=204,
    response_class=Response,
    responses={200: {"model": models.ArticleModel, "description": "What files give of it."}},
    dependencies=_WRITE_DEPENDENCIES,
)
async def delete_article(
    state: StateDependency, key: ArticleKey, _: parameters.EmptyQueryString
) -> Response:
    """Remove an article that was written over HTTP. Its versions stay.

    An article of the same id in files is restored.
    """

    def remove(project: Project) -> Json | None:
        if not project.withdraw(key):
            raise _make_not_found_error(key)
        restored = project.article(key)
        return None if restored is None else serialize_article(restored)

    content = await state.run_write(remove)
    return Response(status_code=204) if content is None else make_json_response(content)


async def _read_content(
    http: HttpRequest, state: ServerState, url: str = ""
) -> tuple[list[RawArticle], list[ReadFailure]]:
    """Read the articles of a request, and the records that are unreadable. Raises ProblemError."""
    header = Message()
    header["content-type"] = http.headers.get("content-type", "")
    media_type = header.get_content_type()
    if (
        media_type not in {_JSON_MEDIA_TYPE, MediaType.HTML.value}
        or "content-type" not in http.headers
    ):
        raise ProblemError("media-type", f"send {_JSON_MEDIA_TYPE} or {MediaType.HTML.value}")
    content = await http.body()
    if media_type == MediaType.HTML.value:
        charset = header.get_content_charset("")
        return [RawArticle(_ANY_SOURCE, "", MediaType.HTML, content, url, str(charset))], []
    records = await state.run_on_project(lambda _: list(_read_records(content)))
    raws = [record for record in records if isinstance(record, RawArticle)]
    if len(raws) > MAX_POSTED_ARTICLES:
        raise ProblemError(
            "body-too-large", f"more than {MAX_POSTED_ARTICLES:,} articles; send fewer"
        )
    return raws, [record for record in records if isinstance(record, ReadFailure)]


# The source is assigned at ingest.
_ANY_SOURCE = Source("", "")


def _read_records(content: bytes) -> Iterator[RawArticle | ReadFailure]:
    return read_json(_ANY_SOURCE, "content", io.BufferedReader(io.BytesIO(content)))


def _quote_id(article_id: str) -> str:
    return quote(article_id.encode("utf-8", "replace"), safe="")
