"""Articles over HTTP: read by all, written with a token."""

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
from search.results.snapshot import View
from search.web.api import models, parameters
from search.web.limits import MAX_POSTED
from search.web.problems import ProblemError
from search.web.responses import json_reply, kept_reply, reply
from search.web.state import Desk, DeskOf, may_write

router = APIRouter(tags=["articles"])

_LONGEST_ID = 500


class _ArticleKey(Convertor[str]):
    """An id or address in a path, with slashes or not, but not what belongs to an article."""

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
    """What the API's description says of the content of a request."""
    record = {
        "type": list(types),
        "description": "An article's fields, by any of the names that files may have.",
        "examples": [{"title": "Ferry returns", "body": "The ferry is back."}],
    }
    content = {_JSON: {"schema": record}, MediaType.HTML.value: {"schema": {}}}
    return {"requestBody": {"required": True, "content": content}}


_WRITES = [Depends(may_write)]


@router.get("/v1/articles/{id:article}/versions", response_model=models.Versions)
async def versions(
    http: HttpRequest, desk: DeskOf, key: Key, _: parameters.AskedNothing
) -> Response:
    """Every version of an article, the oldest first; of one that is gone, too."""

    def listed(project: Project) -> Json:
        found = project.versions(key)
        if not found:
            raise _not_held(key)
        return {"id": found[0].article.id, "versions": [version_json(each) for each in found]}

    content = await desk.look_up(listed)
    return kept_reply(http, content)


@router.get("/v1/articles/{id:article}/similar", response_model=models.SimilarAnswer)
async def similar(
    http: HttpRequest, desk: DeskOf, key: Key, asked: parameters.AskedSimilar
) -> Response:
    """Articles like one, by its telling words and names, its own story first."""

    def found(view: View) -> Json:
        article = desk.project.article(key)
        if article is None:
            raise _not_held(key)
        return similar_json(view.similar(article, limit=asked.limit))

    return await reply(desk, http, found)


@router.get("/v1/articles/{id:article}", response_model=models.ArticleModel)
async def article(
    http: HttpRequest, desk: DeskOf, key: Key, _: parameters.AskedNothing
) -> Response:
    """An article as it is now."""
    return kept_reply(http, await desk.look_up(lambda project: _article(project, key)))


def _article(project: Project, key: str) -> Json:
    found = project.article(key)
    if found is not None:
        return article_json(found)
    if project.versions(key):
        raise ProblemError("gone", f"article {key!r} is gone; it has versions still")
    raise _not_held(key)


def _not_held(key: str) -> ProblemError:
    return ProblemError("not-found", f"article {key!r} is not held")


@router.post(
    "/v1/articles",
    response_model=models.PostedAnswer,
    status_code=201,
    responses={200: {"model": models.PostedAnswer, "description": "Nothing is new by this."}},
    dependencies=_WRITES,
    openapi_extra=_takes("object", "array"),
)
async def post(http: HttpRequest, desk: DeskOf, asked: parameters.AskedPost) -> Response:
    """Take in an article, or a list of them as JSON. They are cleaned as files are."""
    raws, failed = await _content(http, desk, asked.url)
    posted = await desk.write(lambda project: project.post(raws))
    answer = _posted_json(posted, failed)
    if not answer["articles"]:
        details = [each["detail"] for each in answer["failed"]]
        raise ProblemError("unreadable-article", next(iter(details), "there is no article in it"))
    changed = any(each["changed"] for each in answer["articles"])
    response = json_reply(answer, status=201 if changed else 200)
    if changed and len(answer["articles"]) == 1:
        response.headers["Location"] = f"/v1/articles/{_quoted(answer['articles'][0]['id'])}"
    return response


def _posted_json(posted: Sequence[SubmittedArticle], unread: Sequence[Unreadable]) -> Json:
    failed = [
        {"number": number, "detail": each.failure}
        for number, each in enumerate(posted, 1)
        if each.failure
    ]
    return {
        "articles": [
            {"id": each.id, "changed": each.changed} for each in posted if not each.failure
        ],
        "failed": [*failed, *({"number": 0, "detail": each.reason} for each in unread)],
    }


@router.put(
    "/v1/articles/{id:article}",
    response_model=models.ArticleModel,
    responses={201: {"model": models.ArticleModel, "description": "It was not there before."}},
    dependencies=_WRITES,
    openapi_extra=_takes("object"),
)
async def put(http: HttpRequest, desk: DeskOf, own: OwnId, _: parameters.AskedNothing) -> Response:
    """Make an article what the content says, under this id. It is cleaned as files are."""
    if not own.isprintable() or own != own.strip():
        raise ProblemError("bad-parameter", "an id has letters that can be seen", parameter="id")
    raws, failed = await _content(http, desk)
    if len(raws) != 1 or failed:
        reason = failed[0].reason if failed else f"there are {len(raws)} articles, not one"
        raise ProblemError("unreadable-article", reason)

    def written(project: Project) -> tuple[bool, Json]:
        before = project.store.article(own)
        (posted,) = project.post(raws, article_id=own)
        if posted.failure:
            raise ProblemError("unreadable-article", posted.failure)
        return before is None, _article(project, own)

    is_new, content = await desk.write(written)
    return json_reply(content, status=201 if is_new else 200)


@router.delete(
    "/v1/articles/{id:article}",
    status_code=204,
    response_class=Response,
    responses={200: {"model": models.ArticleModel, "description": "What files give of it."}},
    dependencies=_WRITES,
)
async def delete(desk: DeskOf, key: Key, _: parameters.AskedNothing) -> Response:
    """Remove an article that was put here. Its versions stay. What files give of it comes back."""

    def removed(project: Project) -> Json | None:
        if not project.withdraw(key):
            raise _not_held(key)
        left = project.article(key)
        return None if left is None else article_json(left)

    left = await desk.write(removed)
    return Response(status_code=204) if left is None else json_reply(left)


async def _content(
    http: HttpRequest, desk: Desk, url: str = ""
) -> tuple[list[RawArticle], list[Unreadable]]:
    """The articles of a request, and what in it could not be read. Raises ProblemError."""
    kind = Message()
    kind["content-type"] = http.headers.get("content-type", "")
    media_type = kind.get_content_type()
    if media_type not in {_JSON, MediaType.HTML.value} or "content-type" not in http.headers:
        raise ProblemError("media-type", f"send {_JSON} or {MediaType.HTML.value}")
    content = await http.body()
    if media_type == MediaType.HTML.value:
        charset = kind.get_content_charset("")
        return [RawArticle(_ANY, "", MediaType.HTML, content, url, str(charset))], []
    found = await desk.look_up(lambda _: list(_records(content)))
    raws = [each for each in found if isinstance(each, RawArticle)]
    if len(raws) > MAX_POSTED:
        raise ProblemError("body-too-large", f"more than {MAX_POSTED:,} articles; send fewer")
    return raws, [each for each in found if isinstance(each, Unreadable)]


# Which source they are of is known when they are taken in.
_ANY = Source("", "")


def _records(content: bytes) -> Iterator[RawArticle | Unreadable]:
    return read_json(_ANY, "content", io.BufferedReader(io.BytesIO(content)))


def _quoted(article_id: str) -> str:
    return quote(article_id.encode("utf-8", "replace"), safe="")
