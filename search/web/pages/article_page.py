"""Routes for the page of an article, and for the page that compares its versions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from corpus.article import Article, Moment
from corpus.store import ArticleVersion
from search.project.project import Project
from search.results.similar import find_similar
from search.results.snapshot import Snapshot
from search.text.diff import compare_articles
from search.web.caching import make_content_etag
from search.web.pages.article_view import build_article_view, build_similar_view, list_version_views
from search.web.pages.labels import label_moment
from search.web.pages.marked_text import mark_article
from search.web.pages.rendering import Site, make_html_response, render_page
from search.web.pages.result_list import SearchField
from search.web.pages.search_page import answer_page
from search.web.pages.version_changes import VersionChanges, build_version_changes
from search.web.problems import ProblemError
from search.web.responses import check_not_modified
from search.web.state import StateDependency

router = APIRouter(include_in_schema=False)

_MAX_SIMILAR_ARTICLES = 5

ArticleKey = Annotated[str, Path(alias="id")]


@router.get("/articles/{id:article}/versions")
async def show_versions_page(
    http: HttpRequest,
    state: StateDependency,
    key: ArticleKey,
    old: str = "",
    new: str = "",
    q: str = "",
) -> Response:
    """Show the changes from one version to another; by default those of the newest."""
    work = partial(_build_versions_page, http, state.project, key, (old, new), q)
    return await answer_page(http, state, "", work)


def _build_versions_page(
    http: HttpRequest,
    project: Project,
    key: str,
    numbers: tuple[str, str],
    q: str,
    snapshot: Snapshot,
) -> Response:
    site, now, zone = Site.of(http), snapshot.now, snapshot.config.zone
    versions = _read_versions(project, key)
    new = _choose_version(versions, numbers[1], len(versions))
    old = _choose_version(versions, numbers[0], max(new - 1, 1))
    before, after = versions[old - 1].article, versions[new - 1].article
    content = render_page(
        site,
        "versions.html",
        field=SearchField(q),
        article=build_article_view(after, now, zone, site),
        versions=list_version_views(versions, now, zone),
        old=old,
        new=new,
        changes=_compare_versions(before, after, snapshot),
        q=q,
    )
    return _make_page_response(http, content)


@router.get("/articles/{id:article}")
async def show_article_page(
    http: HttpRequest, state: StateDependency, key: ArticleKey, q: str = "", version: str = ""
) -> Response:
    """Show an article, or an earlier version of it, with the matches of a query marked."""
    work = partial(_build_article_page, http, state.project, key, version, q)
    return await answer_page(http, state, "", work)


def _build_article_page(
    http: HttpRequest, project: Project, key: str, version: str, q: str, snapshot: Snapshot
) -> Response:
    site, now, zone = Site.of(http), snapshot.now, snapshot.config.zone
    versions, newest = project.versions(key), project.article(key)
    number = _choose_version(versions, version, len(versions))
    # The store has no versions of another project's article in a shared index.
    article = versions[number - 1].article if versions else newest
    if article is None:
        raise _make_not_found_error(key)
    similar = find_similar(article, snapshot, limit=_MAX_SIMILAR_ARTICLES).articles
    content = render_page(
        site,
        "article.html",
        field=SearchField(q),
        article=build_article_view(article, now, zone, site),
        text=mark_article(article, q, snapshot),
        similar=[build_similar_view(match, now, zone) for match in similar],
        versions=list_version_views(versions, now, zone),
        number=number,
        is_gone=newest is None,
        q=q,
    )
    return _make_page_response(http, content, 410 if newest is None else 200)


def _read_versions(project: Project, key: str) -> list[ArticleVersion]:
    stored = project.versions(key)
    if not stored:
        raise _make_not_found_error(key)
    return stored


def _make_not_found_error(key: str) -> ProblemError:
    return ProblemError("not-found", f"there is no article {key!r} here")


def _choose_version(versions: Sequence[ArticleVersion], asked: str, default: int) -> int:
    """Return the number of a version, from 1. Raises ProblemError if there is none."""
    if not asked:
        return default
    numbers = {str(number): number for number in range(1, len(versions) + 1)}
    if asked not in numbers:
        raise ProblemError("not-found", f"there is no version {asked!r} of {len(versions)}")
    return numbers[asked]


def _compare_versions(old: Article, new: Article, snapshot: Snapshot) -> VersionChanges:
    def format_date(moment: Moment) -> str:
        return label_moment(moment, snapshot.now, snapshot.config.zone).exact

    return build_version_changes(compare_articles(old, new, format_date))


def _make_page_response(http: HttpRequest, content: str, status: int = 200) -> Response:
    current = make_content_etag(content)
    return check_not_modified(http, current) or make_html_response(content, current, status)
