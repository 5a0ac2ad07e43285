"""The commands that ask: articles, counts, times, completions, an article and those like it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from indexer.schema import FACET_FIELDS
from search.cli import console
from search.cli.exit_codes import Exit
from search.cli.options import QUERY_SETTINGS, as_json, held, project_of, takes_query
from search.cli.params import FORMATS, RUN_FORMATS, check_file, read_words
from search.engines.searcher import Sort
from search.output.as_json import (
    answer_json,
    article_json,
    difference_json,
    facets_json,
    similar_json,
    suggestions_json,
    timeline_json,
    version_json,
)
from search.results.answer import Answer
from search.results.facets import Facets
from search.results.paging import MAX_WINDOW
from search.results.request import MatchMode, Request
from search.results.timeline import FEW_BUCKETS, Interval, Timeline

if TYPE_CHECKING:
    from corpus.store import Version
    from search.project.project import Project

_FIELDS = ", ".join(FACET_FIELDS)


@click.command("search", context_settings=QUERY_SETTINGS)
@takes_query
@click.option("--sort", type=click.Choice([sort.value for sort in Sort]),
              default=Sort.RELEVANCE.value, show_default=True,
              help="The order of the articles.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 10_000), default=10, show_default=True,
              help="The most articles to show.")  # fmt: skip
@click.option("--offset", type=click.IntRange(0, MAX_WINDOW), default=0, show_default=True,
              help="How many articles to skip first.")  # fmt: skip
@click.option("--facet", "facets", multiple=True, type=click.Choice(FACET_FIELDS), metavar="FIELD",
              help=f"Count the found articles by a field's values ({', '.join(FACET_FIELDS)}); "
              "may be repeated.")  # fmt: skip
@click.option("--explain", is_flag=True, help="Say why each article was found.")
@click.option("--queries", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              metavar="FILE", help="Run every line of a file: id, a tab, a query.")  # fmt: skip
@click.option("--format", "form", type=click.Choice([*FORMATS, *RUN_FORMATS]),
              help="Write articles for other programs, the newest first: a feed, a table or JSON "
              "lines. With --queries: an object a line (json), or a TREC run.")  # fmt: skip
@click.option("--cursor", default="", metavar="CURSOR",
              help="Go on where the cursor of an answer (--json) says.")  # fmt: skip
@as_json
@click.pass_context
def find(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    *,
    sort: str,
    match: MatchMode,
    aliases: bool,
    now: datetime | None,
    queries: Path | None,
    form: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Find articles.

    \b
    Iwojima alliance          all words, in any form
    "Iwo Jima" veterans       a phrase
    ="expenses"               exactly this form
    title:alliance -baseball  a field; without a word
    a OR b, (a OR b) NOT c    alternatives
    date:2025-03              published in March 2025; also after: before:
    date:'last month'         relative to now; also when:7d
    person:Ishiba             also org: place: entity: source: author: section:
    Japan w/5 alliance        near each other
    secur*  Hegsteh~          beginnings; one typo
    lead:earthquake           headline or first paragraph
    words:>=600               length

    Quote the query for the shell: dateline search '"Iwo Jima" -baseball'.
    """
    check_file(words, queries, form, as_json)
    text = read_words(ctx, words) if queries is None else ""
    project = project_of(ctx, now)
    order = Sort.NEWEST if form in FORMATS and _is_default(ctx, "sort") else Sort(sort)
    request = Request(text, order, match, aliases=aliases, **options)
    if queries is not None:
        from search.output.query_runs import run

        console.write(run(project, request, queries, form or "json"))
        return
    snapshot = project.snapshot()
    answer = project.search(request, on=snapshot)
    if form is not None:
        from search.output.formats import Asked, Format
        from search.output.render import render_answer

        console.write_whole(render_answer(answer, Format(form), Asked(text, snapshot.now)))
    elif as_json:
        console.write_json(answer_json(answer), indent=2)
    else:
        console.write_answer(project, request, answer)
    ctx.exit(_code(answer, found=bool(answer.hits)))


def _code(answer: Answer | Facets | Timeline, *, found: bool) -> Exit:
    if answer.partial:
        return Exit.INDEX
    return Exit.OK if found else Exit.NONE_FOUND


def _is_default(ctx: click.Context, option: str) -> bool:
    return ctx.get_parameter_source(option) is ParameterSource.DEFAULT


@click.command("facets", context_settings=QUERY_SETTINGS)
@takes_query
@click.option("--field", "fields", multiple=True, type=click.Choice(FACET_FIELDS), metavar="FIELD",
              help=f"Count by this field only ({_FIELDS}); may be repeated.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 1_000), default=10, show_default=True,
              help="The most values of a field to show.")  # fmt: skip
@as_json
@click.pass_context
def count(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    *,
    match: MatchMode,
    aliases: bool,
    now: datetime | None,
    fields: tuple[str, ...],
    limit: int,
    as_json: bool,
) -> None:
    """Count what a query finds by source, author, person and more.

    The most frequent values of each field, with how many articles have each. A query with
    FIELD:="VALUE" added finds just these: dateline search 'ferry source:="Harbor Courier"'.
    """
    request = Request(read_words(ctx, words), match=match, aliases=aliases)
    project = project_of(ctx, now)
    found = project.facets(request, fields or FACET_FIELDS, limit=limit)
    if as_json:
        console.write_json(facets_json(found), indent=2)
    else:
        console.write_facets(project, request, found)
    ctx.exit(_code(found, found=bool(found.total)))


@click.command("timeline", context_settings=QUERY_SETTINGS)
@takes_query
@click.option("--interval", type=click.Choice([interval.value for interval in Interval]),
              help="What to count by; by default what the dates make at most "
              f"{FEW_BUCKETS} of.")  # fmt: skip
@as_json
@click.pass_context
def draw(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    *,
    match: MatchMode,
    aliases: bool,
    now: datetime | None,
    interval: str | None,
    as_json: bool,
) -> None:
    """Count what a query finds by when it was published.

    By hour, day, week, month or year in the project's time zone, empty ones too. Weeks begin
    on Monday.
    """
    request = Request(read_words(ctx, words), match=match, aliases=aliases)
    project = project_of(ctx, now)
    found = project.timeline(request, Interval(interval) if interval else None)
    if as_json:
        console.write_json(timeline_json(found), indent=2)
    else:
        console.write_timeline(project, request, found)
    ctx.exit(_code(found, found=bool(found.total)))


@click.command("suggest", context_settings=QUERY_SETTINGS)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="PREFIX...")
@click.option("--limit", type=click.IntRange(1, 1_000), default=10, show_default=True,
              help="The most words and names to suggest.")  # fmt: skip
@as_json
@click.pass_context
def suggest(ctx: click.Context, /, words: tuple[str, ...], *, limit: int, as_json: bool) -> None:
    """Suggest words and names that begin so.

    With how many articles have each, the most frequent first. Case and accents do not matter;
    a name may begin so with any of its words.
    """
    text = read_words(ctx, words)
    project = project_of(ctx)
    found = project.suggest(text, limit=limit)
    if as_json:
        console.write_json(suggestions_json(found), indent=2)
    else:
        console.write(console.page(project).suggestions(found))
    ctx.exit(Exit.OK if found else Exit.NONE_FOUND)


@click.command("similar")
@click.argument("key", metavar="ID")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True,
              help="The most articles to show.")  # fmt: skip
@as_json
@click.pass_context
def resemble(ctx: click.Context, key: str, limit: int, as_json: bool) -> None:
    """Find articles like one, by its id or web address.

    By the words and names that tell most of it, its own story first.
    """
    project = held(ctx)
    found = project.similar(key, limit=limit)
    if found is None:
        _not_held(ctx, key, gone=bool(project.versions(key)))
    elif as_json:
        console.write_json(similar_json(found), indent=2)
    else:
        console.write_similar(project, found)
    ctx.exit(Exit.OK if found and found.articles else Exit.NONE_FOUND)


@click.command()
@click.argument("key", metavar="ID")
@click.option("--versions", is_flag=True, help="Show every version that was taken in.")
@click.option("--diff", is_flag=True, help="Show what the newest version changed.")
@as_json
@click.pass_context
def show(ctx: click.Context, key: str, versions: bool, diff: bool, as_json: bool) -> None:
    """Show an article by its id or web address."""
    project = held(ctx)
    page = console.page(project)
    found = project.versions(key)
    article = project.article(key)
    # Of another project's article in a shared index, only the newest version is known here.
    if not (found if versions or diff else article):
        _not_held(ctx, key, gone=bool(found))
    if diff:
        _show_changes(project, found, as_json)
        return
    for number, version in enumerate(found if versions else (), 1):
        if as_json:
            console.write_json(version_json(version))
        else:
            console.write(page.version(version, number, len(found)))
    if article and not versions:
        if as_json:
            console.write_json(article_json(article))
        else:
            console.write(page.article(article))


def _show_changes(project: Project, versions: list[Version], as_json: bool) -> None:
    """Show what changed from the last version but one to the last."""
    from search.text.diff import difference

    page = console.page(project)
    old, new = versions[-2:] if len(versions) > 1 else versions * 2
    found = difference(old.article, new.article, page.date)
    if as_json:
        console.write_json(difference_json(found), indent=2)
        return
    if found:
        console.write(page.difference(found))
    else:
        alone = "there is no other version"
        console.say(f"dateline: {alone if old is new else 'its fields and text are the same'}")


def _not_held(ctx: click.Context, key: str, *, gone: bool) -> None:
    """Say that an article is not there, and stop."""
    advice = f"is gone from its source; see dateline show {key} --versions"
    console.say(f"dateline: article {key!r} {advice if gone else 'is not held'}")
    ctx.exit(Exit.NONE_FOUND)
