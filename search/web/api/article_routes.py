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
from corpus.sources import Unreadable
from corpus.sources.formats.jsonl import read_json
from indexer.ingest.submitted import SubmittedArticle
from search.output.as_json import Json, article_json, similar_json, version_json
from search.project.project import Project
from search.results.similar import find_similar
from search.results.snapshot import Snapshot
from search.web.api import models, parameters
from search.web.limits import MAX_POSTED
from search.web.problems import ProblemError
from search.web.responses import json_reply, kept_reply, reply
from search.web.state import Desk, DeskOf, may_write

router = APIRouter(tags=["articles"])

_LONGEST_ID = 500


class _ArticleKey(Convertor[str]):
    """An id or web address in a path; it may contain slashes, but not end in a subresource."""

    regex = r".+?(?<!/versions)(?<!/similar)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("article", _ArticleKey())

Key = Annotated[
    str, Path(alias="id", min_length=1, max_length=2_000, description="An id, or a web address.")
]
OwnId = Annotated[str, Path(alias="id", min_length=1, max_length=_LONGEST_ID)]

_JSON = MediaType.RECORD.value


def _takes(*types: str) -> dict[str, Any]:
    """Return the OpenAPI entry for the content of a request."""
    record = {
        "type": list(types),
        "description": "An article's fields, by any of the names that files may have.",
        "examples": [{"title": "Ferry returns", "body": "The ferry is back."}],
    }
    content = {_JSON: {"schema": record}, MediaType.HTML.value: {"schema": {}}}
    return {"requestBody": {"required": True, "content": content}}


_WRITES = [Depends(may_write)]


@router.get("/v1/articles/{id:article}/versions", name="versions", response_model=models.Versions)
async def versions(
    http: HttpRequest, desk: DeskOf, key: Key, _: parameters.AskedNothing
) -> Response:
    """List every version of an article, the oldest first; also of one that is gone."""

    def read(project: Project) -> Json:
        stored = project.versions(key)
        if not stored:
            raise _not_held(key)
        entries = [version_json(version) for version in stored]
        return {"id": stored[0].article.id, "versions": entries}

    content = await desk.look_up(read)
    return kept_reply(http, content)


@router.get(
    "/v1/articles/{id:article}/similar", name="similar", response_model=models.SimilarAnswer
)
async def similar(
    http: HttpRequest, desk: DeskOf, key: Key, asked: parameters.AskedSimilar
) -> Response:
    """Find similar articles by distinctive words and names, those of the same story first."""

    def find(snapshot: Snapshot) -> Json:
        article = desk.project.article(key)
        if article is None:
            raise _not_held(key)
        return similar_json(find_similar(article, snapshot, limit=asked.limit))

    return await reply(desk, http, find)


@router.get("/v1/articles/{id:article}", name="article", response_model=models.ArticleModel)
async def article(
    http: HttpRequest, desk: DeskOf, key: Key, _: parameters.AskedNothing
) -> Response:
    """Return the current version of an article."""
    return kept_reply(http, await desk.look_up(lambda project: _article(project, key)))


def _article(project: Project, key: str) -> Json:
    article = project.article(key)
    if article is not None:
        return article_json(article)
    if project.versions(key):
        raise ProblemError("gone", f"article {key!r} is gone; it has versions still")
    raise _not_held(key)


def _not_held(key: str) -> ProblemError:
    return ProblemError("not-found", f"article {key!r} is not held")


@router.post(
    "/v1/articles",
    name="post",
    response_model=models.PostedAnswer,
    status_code=201,
    responses={200: {"model": models.PostedAnswer, "description": "Nothing is new by this."}},
    dependencies=_WRITES,
    openapi_extra=_takes("object", "array"),
)
async def post(http: HttpRequest, desk: DeskOf, asked: parameters.AskedPost) -> Response:
    """Ingest an article, or a list of them as JSON. They are cleaned as files are."""
    raws, failed = await _content(http, desk, asked.url)
    posted = await desk.write(lambda project: project.post(raws))
    answer = _posted_json(posted, failed)
    if not answer["articles"]:
        details = [failure["detail"] for failure in answer["failed"]]
        raise ProblemError("unreadable-article", next(iter(details), "there is no article in it"))
    changed = any(entry["changed"] for entry in answer["articles"])
    response = json_reply(answer, status=201 if changed else 200)
    if changed and len(answer["articles"]) == 1:
        response.headers["Location"] = f"/v1/articles/{_quoted(answer['articles'][0]['id'])}"
    return response


def _posted_json(posted: Sequence[SubmittedArticle], unread: Sequence[Unreadable]) -> Json:
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
        "failed": [*failed, *({"number": 0, "detail": record.reason} for record in unread)],
    }


@router.put(
    "/v1/articles/{id:article}",
    name="put",
    response_model=models.ArticleModel,
    responses={201: {"model": models.ArticleModel, "description": "It was not there before."}},
    dependencies=_WRITES,
    openapi_extra=_takes("object"),
)
async def put(http: HttpRequest, desk: DeskOf, own: OwnId, _: parameters.AskedNothing) -> Response:
    """Create or replace the article with this id. It is cleaned as files are."""
    if not own.isprintable() or own != own.strip():
        raise ProblemError("bad-parameter", "an id has letters that can be seen", parameter="id")
    raws, failed = await _content(http, desk)
    if len(raws) != 1 or failed:
        reason = failed[0].reason if failed else f"there are {len(raws)} articles, not one"
        raise ProblemError("unreadable-article", reason)

    def write(project: Project) -> tuple[bool, Json]:
        before = project.store.article(own)
        (posted,) = project.post(raws, article_id=own)
        if posted.failure:
            raise ProblemError("unreadable-article", posted.failure)
        return before is None, _article(project, own)

    is_new, content = await desk.write(write)
    return json_reply(content, status=201 if is_new else 200)


@router.delete(
    "/v1/articles/{id:article}",
    name="delete",
    status_code=204,
    response_class=Response,
    responses={200: {"model": models.ArticleModel, "description": "What files give of it."}},
    dependencies=_WRITES,
)
async def delete(desk: DeskOf, key: Key, _: parameters.AskedNothing) -> Response:
    """Remove an article that was written over HTTP. Its versions stay.

    An article of the same id in files is restored.
    """

    def remove(project: Project) -> Json | None:
        if not project.withdraw(key):
            raise _not_held(key)
        restored = project.article(key)
        return None if restored is None else article_json(restored)

    content = await desk.write(remove)
    return Response(status_code=204) if content is None else json_reply(content)


async def _content(
    http: HttpRequest, desk: Desk, url: str = ""
) -> tuple[list[RawArticle], list[Unreadable]]:
    """Read the articles of a request, and the records that are unreadable. Raises ProblemError."""
    header = Message()
    header["content-type"] = http.headers.get("content-type", "")
    media_type = header.get_content_type()
    if media_type not in {_JSON, MediaType.HTML.value} or "content-type" not in http.headers:
        raise ProblemError("media-type", f"send {_JSON} or {MediaType.HTML.value}")
    content = await http.body()
    if media_type == MediaType.HTML.value:
        charset = header.get_content_charset("")
        return [RawArticle(_ANY, "", MediaType.HTML, content, url, str(charset))], []
    records = await desk.look_up(lambda _: list(_records(content)))
    raws = [record for record in records if isinstance(record, RawArticle)]
    if len(raws) > MAX_POSTED:
        raise ProblemError("body-too-large", f"more than {MAX_POSTED:,} articles; send fewer")
    return raws, [record for record in records if isinstance(record, Unreadable)]


# The source is assigned at ingest.
_ANY = Source("", "")


def _records(content: bytes) -> Iterator[RawArticle | Unreadable]:
    return read_json(_ANY, "content", io.BufferedReader(io.BytesIO(content)))


def _quoted(article_id: str) -> str:
    return quote(article_id.encode("utf-8", "replace"), safe="")
