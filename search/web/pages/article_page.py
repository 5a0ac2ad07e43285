"""Routes for the page of an article, and for the page that compares its versions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from corpus.article import Article, Moment
from corpus.store import Version
from search.project.project import Project
from search.results.similar import find_similar
from search.results.snapshot import Snapshot
from search.text.diff import difference
from search.web.caching import content_tag
from search.web.pages.article_view import alike, sheet, taken
from search.web.pages.labels import when
from search.web.pages.marked_text import marked_article
from search.web.pages.rendering import Site, html_response, rendered
from search.web.pages.result_list import SearchField
from search.web.pages.search_page import answered
from search.web.pages.version_changes import Changes, changes
from search.web.problems import ProblemError
from search.web.responses import not_modified
from search.web.state import DeskOf

router = APIRouter(include_in_schema=False)

_SIMILAR = 5

Key = Annotated[str, Path(alias="id")]


@router.get("/articles/{id:article}/versions")
async def versions_page(
    http: HttpRequest, desk: DeskOf, key: Key, old: str = "", new: str = "", q: str = ""
) -> Response:
    """Show the changes from one version to another; by default those of the newest."""
    work = partial(_versions_page, http, desk.project, key, (old, new), q)
    return await answered(http, desk, "", work)


def _versions_page(
    http: HttpRequest,
    project: Project,
    key: str,
    asked: tuple[str, str],
    q: str,
    snapshot: Snapshot,
) -> Response:
    site, now, zone = Site.of(http), snapshot.now, snapshot.config.zone
    versions = _versions(project, key)
    new = _chosen(versions, asked[1], len(versions))
    old = _chosen(versions, asked[0], max(new - 1, 1))
    before, after = versions[old - 1].article, versions[new - 1].article
    content = rendered(
        site,
        "versions.html",
        field=SearchField(q),
        article=sheet(after, now, zone, site),
        versions=taken(versions, now, zone),
        old=old,
        new=new,
        changes=_changes(before, after, snapshot),
        q=q,
    )
    return _response(http, content)


@router.get("/articles/{id:article}")
async def article_page(
    http: HttpRequest, desk: DeskOf, key: Key, q: str = "", version: str = ""
) -> Response:
    """Show an article, or an earlier version of it, with the matches of a query marked."""
    work = partial(_article_page, http, desk.project, key, version, q)
    return await answered(http, desk, "", work)


def _article_page(
    http: HttpRequest, project: Project, key: str, asked: str, q: str, snapshot: Snapshot
) -> Response:
    site, now, zone = Site.of(http), snapshot.now, snapshot.config.zone
    versions, newest = project.versions(key), project.article(key)
    number = _chosen(versions, asked, len(versions))
    # The store has no versions of another project's article in a shared index.
    article = versions[number - 1].article if versions else newest
    if article is None:
        raise _not_here(key)
    similar = find_similar(article, snapshot, limit=_SIMILAR).articles
    content = rendered(
        site,
        "article.html",
        field=SearchField(q),
        article=sheet(article, now, zone, site),
        text=marked_article(article, q, snapshot),
        similar=[alike(match, now, zone) for match in similar],
        versions=taken(versions, now, zone),
        number=number,
        is_gone=newest is None,
        q=q,
    )
    return _response(http, content, 410 if newest is None else 200)


def _versions(project: Project, key: str) -> list[Version]:
    stored = project.versions(key)
    if not stored:
        raise _not_here(key)
    return stored


def _not_here(key: str) -> ProblemError:
    return ProblemError("not-found", f"there is no article {key!r} here")


def _chosen(versions: Sequence[Version], asked: str, otherwise: int) -> int:
    """Return the number of a version, from 1. Raises ProblemError if there is none."""
    if not asked:
        return otherwise
    numbers = {str(number): number for number in range(1, len(versions) + 1)}
    if asked not in numbers:
        raise ProblemError("not-found", f"there is no version {asked!r} of {len(versions)}")
    return numbers[asked]


def _changes(old: Article, new: Article, snapshot: Snapshot) -> Changes:
    def date(moment: Moment) -> str:
        return when(moment, snapshot.now, snapshot.config.zone).exact

    return changes(difference(old, new, date))


def _response(http: HttpRequest, content: str, status: int = 200) -> Response:
    current = content_tag(content)
    return not_modified(http, current) or html_response(content, current, status)
