"""The commands that search: hits, facets, timeline, suggestions, similar articles, an article."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from indexer.schema import FACET_FIELDS
from search.cli import console
from search.cli.exit_codes import Exit
from search.cli.options import (
    ANSWER_FORMATS,
    QUERY_SETTINGS,
    RUN_FORMATS,
    add_query_arguments,
    check_query_options,
    json_option,
    open_existing_project,
    open_project,
    read_query_words,
)
from search.engines.searcher import Sort
from search.output.serialization import (
    serialize_answer,
    serialize_article,
    serialize_difference,
    serialize_facets,
    serialize_similar,
    serialize_suggestions,
    serialize_timeline,
    serialize_version,
)
from search.results.answer import Answer
from search.results.paging import MAX_WINDOW
from search.results.request import MatchMode, Request
from search.results.timeline import FEW_BUCKETS, Interval, Timeline

if TYPE_CHECKING:
    from corpus.store import ArticleVersion
    from search.project.project import Project
    from search.results.facets import Facets

_FACET_FIELD_LIST = ", ".join(FACET_FIELDS)


@click.command("search", context_settings=QUERY_SETTINGS)
@add_query_arguments
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
@click.option("--format", "form", type=click.Choice([*ANSWER_FORMATS, *RUN_FORMATS]),
              help="Write articles for other programs, the newest first: a feed, a table or JSON "
              "lines. With --queries: an object a line (json), or a TREC run.")  # fmt: skip
@click.option("--cursor", default="", metavar="CURSOR",
              help="Go on where the cursor of an answer (--json) says.")  # fmt: skip
@json_option
@click.pass_context
def search_command(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    *,
    sort: str,
    match: MatchMode,
    aliases: bool,
    variants: bool,
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
    check_query_options(words, queries, form, as_json)
    text = read_query_words(ctx, words) if queries is None else ""
    project = open_project(ctx, now)
    order = Sort.NEWEST if form in ANSWER_FORMATS and _is_default(ctx, "sort") else Sort(sort)
    if form in ANSWER_FORMATS and match is MatchMode.BEST:
        # What is taken along is what is counted.
        match = MatchMode.ALL
    request = Request(text, order, match, aliases=aliases, variants=variants, **options)
    if queries is not None:
        from search.output.query_runs import run_queries

        console.write_lines(run_queries(project, request, queries, form or "json"))
        return
    snapshot = project.snapshot()
    answer = project.search(request, on=snapshot)
    if form is not None:
        from search.output.formats import FeedRequest, OutputFormat
        from search.output.render import render_answer

        console.write_text(
            render_answer(answer, OutputFormat(form), FeedRequest(text, snapshot.now))
        )
    elif as_json:
        console.write_json(serialize_answer(answer), indent=2)
    else:
        console.write_answer(project, request, answer)
    ctx.exit(_find_exit_code(answer, has_hits=bool(answer.hits)))


def _find_exit_code(answer: Answer | Facets | Timeline, *, has_hits: bool) -> Exit:
    if answer.partial:
        return Exit.INDEX
    return Exit.OK if has_hits else Exit.NONE_FOUND


def _is_default(ctx: click.Context, option: str) -> bool:
    return ctx.get_parameter_source(option) is ParameterSource.DEFAULT


@click.command("facets", context_settings=QUERY_SETTINGS)
@add_query_arguments
@click.option("--field", "fields", multiple=True, type=click.Choice(FACET_FIELDS), metavar="FIELD",
              help=f"Count by this field only ({_FACET_FIELD_LIST}); may be repeated.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 1_000), default=10, show_default=True,
              help="The most values of a field to show.")  # fmt: skip
@json_option
@click.pass_context
def facets_command(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    *,
    match: MatchMode,
    aliases: bool,
    variants: bool,
    now: datetime | None,
    fields: tuple[str, ...],
    limit: int,
    as_json: bool,
) -> None:
    """Count what a query finds by source, author, person and more.

    The most frequent values of each field, with how many articles have each. A query with
    FIELD:="VALUE" added finds just these: dateline search 'ferry source:="Harbor Courier"'.
    """
    request = Request(read_query_words(ctx, words), match=match, aliases=aliases, variants=variants)
    project = open_project(ctx, now)
    facets = project.facets(request, fields or FACET_FIELDS, limit=limit)
    if as_json:
        console.write_json(serialize_facets(facets), indent=2)
    else:
        console.write_facets(project, request, facets)
    ctx.exit(_find_exit_code(facets, has_hits=bool(facets.total)))


@click.command("timeline", context_settings=QUERY_SETTINGS)
@add_query_arguments
@click.option("--interval", type=click.Choice([interval.value for interval in Interval]),
              help="What to count by; by default what the dates make at most "
              f"{FEW_BUCKETS} of.")  # fmt: skip
@json_option
@click.pass_context
def timeline_command(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    *,
    match: MatchMode,
    aliases: bool,
    variants: bool,
    now: datetime | None,
    interval: str | None,
    as_json: bool,
) -> None:
    """Count what a query finds by when it was published.

    By hour, day, week, month or year in the project's time zone, empty ones too. Weeks begin
    on Monday.
    """
    request = Request(read_query_words(ctx, words), match=match, aliases=aliases, variants=variants)
    project = open_project(ctx, now)
    timeline = project.timeline(request, Interval(interval) if interval else None)
    if as_json:
        console.write_json(serialize_timeline(timeline), indent=2)
    else:
        console.write_timeline(project, request, timeline)
    ctx.exit(_find_exit_code(timeline, has_hits=bool(timeline.total)))


@click.command("suggest", context_settings=QUERY_SETTINGS)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="PREFIX...")
@click.option("--limit", type=click.IntRange(1, 1_000), default=10, show_default=True,
              help="The most words and names to suggest.")  # fmt: skip
@json_option
@click.pass_context
def suggest_command(
    ctx: click.Context, /, words: tuple[str, ...], *, limit: int, as_json: bool
) -> None:
    """Suggest words and names that begin so.

    With how many articles have each, the most frequent first. Case and accents do not matter;
    a name may begin so with any of its words.
    """
    text = read_query_words(ctx, words)
    project = open_project(ctx)
    suggestions = project.suggest(text, limit=limit)
    if as_json:
        console.write_json(serialize_suggestions(suggestions), indent=2)
    else:
        console.write_lines(console.make_page(project).render_suggestions(suggestions))
    ctx.exit(Exit.OK if suggestions else Exit.NONE_FOUND)


@click.command("similar")
@click.argument("key", metavar="ID")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True,
              help="The most articles to show.")  # fmt: skip
@json_option
@click.pass_context
def similar_command(ctx: click.Context, key: str, limit: int, as_json: bool) -> None:
    """Find articles like one, by its id or web address.

    By the words that tell most of it, its own story first.
    """
    project = open_existing_project(ctx)
    similar = project.similar(key, limit=limit)
    if similar is None:
        _report_missing_article(ctx, key, is_removed=bool(project.versions(key)))
    elif as_json:
        console.write_json(serialize_similar(similar), indent=2)
    else:
        console.write_similar(project, similar)
    ctx.exit(Exit.OK if similar and similar.articles else Exit.NONE_FOUND)


@click.command()
@click.argument("key", metavar="ID")
@click.option("--versions", is_flag=True, help="Show every version that was taken in.")
@click.option("--diff", is_flag=True, help="Show what the newest version changed.")
@json_option
@click.pass_context
def show(ctx: click.Context, key: str, versions: bool, diff: bool, as_json: bool) -> None:
    """Show an article by its id or web address."""
    project = open_existing_project(ctx)
    page = console.make_page(project)
    stored_versions = project.versions(key)
    article = project.article(key)
    # Only the newest version of another project's article in a shared index is available here.
    if not (stored_versions if versions or diff else article):
        _report_missing_article(ctx, key, is_removed=bool(stored_versions))
    if diff:
        _show_changes(project, stored_versions, as_json)
        return
    for number, version in enumerate(stored_versions if versions else (), 1):
        if as_json:
            console.write_json(serialize_version(version))
        else:
            console.write_lines(page.render_version(version, number, len(stored_versions)))
    if article and not versions:
        if as_json:
            console.write_json(serialize_article(article))
        else:
            console.write_lines(page.render_article(article))


def _show_changes(project: Project, versions: list[ArticleVersion], as_json: bool) -> None:
    """Show the changes from the second newest version to the newest."""
    from search.text.diff import compare_articles

    page = console.make_page(project)
    old, new = versions[-2:] if len(versions) > 1 else versions * 2
    changes = compare_articles(old.article, new.article, page.format_date)
    if as_json:
        console.write_json(serialize_difference(changes), indent=2)
    elif changes:
        console.write_lines(page.render_difference(changes))
    else:
        reason = "its fields and text are the same"
        console.write_message(f"dateline: {'there is no other version' if old is new else reason}")


def _report_missing_article(ctx: click.Context, key: str, *, is_removed: bool) -> None:
    """Report that an article does not exist, and exit."""
    advice = f"is gone from its source; see dateline show {key} --versions"
    console.write_message(f"dateline: article {key!r} {advice if is_removed else 'is not held'}")
    ctx.exit(Exit.NONE_FOUND)
