"""The command line. Data goes to stdout, words and progress to stderr.

Exit codes: 0 hits, 1 none, 2 usage or query, 3 index missing or damaged, 4 locked by
another, 5 some inputs failed.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.engines import ENGINES
from indexer.schema import FIELDS
from search import console
from search.answer import MAX_WINDOW, Joined, Request
from search.arguments import Instant, check_words
from search.exits import Commands, Exit
from search.jsonform import answer_json, article_json, status_json, version_json
from search.progress import Progress
from search.searcher import Sort
from search.terminal import counted

if TYPE_CHECKING:
    from search.project import Project

FACET_FIELDS = tuple(field.name for field in FIELDS.values() if field.facet)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dateline-search", prog_name="dateline")
@click.option(
    "-C", "--project", "folder", default=".", envvar="DATELINE_PROJECT", metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The project's folder; the default is this folder or the nearest above it.",
)  # fmt: skip
@click.option("--engine", type=click.Choice(ENGINES), help="The index to use.")
@click.option("--timezone", metavar="NAME", help="The zone of dates, such as Asia/Tokyo.")
@click.option("--workers", metavar="N", help="Processes that clean articles, or auto.")
@click.option("--lock-timeout", metavar="SECONDS", help="How long to wait for another writer.")
@click.pass_context
def cli(ctx: click.Context, /, folder: Path, **flags: str | None) -> None:
    """Full-text search for news articles.

    Put articles in with `dateline add PATH`, then ask with `dateline search WORDS`.
    """
    given = {name: text for name, text in flags.items() if text is not None}
    ctx.obj = (folder, given)


def _project(ctx: click.Context, now: datetime | None = None) -> Project:
    """The project that this command is about, closed when the command ends."""
    from search.project import Project

    folder, flags = ctx.obj
    return ctx.with_resource(Project.open(folder, now=now, **flags))


def _held(ctx: click.Context, *, or_sources: bool = False) -> Project:
    """The project of a command that needs a corpus, or sources for one. Raises NoIndexError."""
    from indexer.build import NoIndexError

    project = _project(ctx)
    if not project.exists and not (or_sources and project.config.sources):
        raise NoIndexError
    return project


as_json = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@cli.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--samples", is_flag=True, help="Put a small sample corpus into it.")
def init(folder: Path, samples: bool) -> None:
    """Make a project in FOLDER, with every setting explained.

    The settings are in its dateline.yaml. A project that is already there is left as it is.
    """
    from search.newproject import make

    for line in make(folder, samples=samples):
        console.say(line)


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@as_json
@click.pass_context
def add(ctx: click.Context, paths: tuple[str, ...], as_json: bool) -> None:
    """Take in files, folders and web addresses, and remember them as sources.

    Reads .html .htm .txt .md .json .jsonl .ndjson .rss .atom .rdf .nitf .xml .warc, each also
    with .gz. At an address, what is there decides: a feed, a sitemap, records or one page.
    """
    project = _project(ctx)
    with Progress() as progress:
        tally = project.add(paths, report=progress.follow)
    ctx.exit(console.tell_tally(project, tally, as_json=as_json))


@cli.command()
@click.option("--keep-missing", is_flag=True, help="Keep articles whose files are gone.")
@as_json
@click.pass_context
def update(ctx: click.Context, keep_missing: bool, as_json: bool) -> None:
    """Take in what changed in the sources, remove what is gone."""
    project = _held(ctx, or_sources=True)
    with Progress() as progress:
        tally = project.update(keep_missing=keep_missing, report=progress.follow)
    ctx.exit(console.tell_tally(project, tally, as_json=as_json))


@cli.command()
@as_json
@click.pass_context
def rebuild(ctx: click.Context, as_json: bool) -> None:
    """Build the index anew, check it, and swap it in.

    Searches go on meanwhile. Articles are not cleaned again.
    """
    project = _held(ctx)
    total = project.store.counts().articles
    with Progress() as progress:
        count = project.rebuild(report=lambda done: progress.show(done, done / max(total, 1)))
    words = f"{counted(count, 'article')} in a new index"
    console.tell({"articles": count}, words, as_json=as_json)


# A word may begin with a hyphen. "-h" is an option by itself only, not in -hegseth.
_QUERY_SETTINGS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@cli.command("search", context_settings=_QUERY_SETTINGS)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="QUERY...")
@click.option("--sort", type=click.Choice([sort.value for sort in Sort]),
              default=Sort.RELEVANCE.value, show_default=True,
              help="The order of the articles.")  # fmt: skip
@click.option("--match", "joined", type=click.Choice([joined.value for joined in Joined]),
              default=Joined.ALL.value, show_default=True,
              help="How many of the words an article needs; all falls back to most.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 10_000), default=10, show_default=True,
              help="The most articles to show.")  # fmt: skip
@click.option("--offset", type=click.IntRange(0, MAX_WINDOW), default=0, show_default=True,
              help="How many articles to skip first.")  # fmt: skip
@click.option("--facet", "facets", multiple=True, type=click.Choice(FACET_FIELDS), metavar="FIELD",
              help=f"Count the found articles by a field's values ({', '.join(FACET_FIELDS)}); "
              "may be repeated.")  # fmt: skip
@click.option("--no-aliases", is_flag=True, help="Take names as written only.")
@click.option("--explain", is_flag=True, help="Say why each article was found.")
@click.option(
    "--now", type=Instant(), metavar="TIME", help="What relative dates are relative to (ISO 8601)."
)
@click.option("--queries", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              metavar="FILE", help="Run every line of a file: id, a tab, a query.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["json", "trec"]),
              help="What --queries writes: an object a line (json), or a TREC run.")  # fmt: skip
@as_json
@click.pass_context
def find(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    *,
    sort: str,
    joined: str,
    no_aliases: bool,
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
    if words == ("-h",):
        click.echo(ctx.get_help())
        return
    check_words(words, queries, form)
    project = _project(ctx, now)
    request = Request(
        " ".join(words), Sort(sort), Joined(joined), aliases=not no_aliases, **options
    )
    if queries is not None:
        from search.runs import run

        console.write(run(project, request, queries, form or "json"))
        return
    answer = project.search(request)
    if as_json:
        console.write_json(answer_json(answer), indent=2)
    else:
        console.write_answer(project, request, answer)
    ctx.exit(Exit.OK if answer.hits else Exit.NONE_FOUND)


@cli.command()
@click.argument("key", metavar="ID")
@click.option("--versions", is_flag=True, help="Show every version that was taken in.")
@as_json
@click.pass_context
def show(ctx: click.Context, key: str, versions: bool, as_json: bool) -> None:
    """Show an article by its id or web address."""
    project = _held(ctx)
    page = console.page(project)
    found = project.versions(key)
    article = project.article(key)
    if not found or not (article or versions):
        gone = f"is gone from its source; see dateline show {key} --versions"
        console.say(f"dateline: article {key!r} {gone if found else 'is not held'}")
        ctx.exit(Exit.NONE_FOUND)
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


@cli.command()
@click.argument("path", metavar="FILE|DIR|-")
@click.option(
    "--now",
    type=Instant(),
    metavar="TIME",
    help="The time of reading (ISO 8601): no date is after it.",
)
@click.pass_context
def clean(ctx: click.Context, path: str, now: datetime | None) -> None:
    """Print the fields that cleaning makes, as JSON lines.

    Of a page, a text, a folder of them, or standard input (-). Stores nothing.
    """
    from search.preview import preview

    code = Exit.OK
    for article, failure in preview(path, sys.stdin.buffer, _project(ctx), now):
        if article is not None:
            console.write_json(article_json(article))
        else:
            code = Exit.SOME_FAILED
            console.say(f"dateline: {failure}")
    ctx.exit(code)


@cli.command()
@as_json
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Tell what is held, and what could not be read and why."""
    project = _held(ctx)
    found, failures = project.status(), project.failures()
    if as_json:
        console.write_json(status_json(found, failures), indent=2)
    else:
        console.write(console.page(project).status(found, failures))


@cli.command()
@as_json
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Compare the index with the corpus, and put right what differs."""
    found = _held(ctx).verify()
    counts = {"articles": found.articles, "missing": found.missing, "surplus": found.surplus}
    differed = found.missing or found.surplus
    put_right = f"put right: {found.missing:,} missing, {found.surplus:,} too many"
    words = (
        f"{counted(found.articles, 'article')} compared; {put_right if differed else 'all well'}"
    )
    console.tell(counts, words, as_json=as_json)


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
def completion(shell: str) -> None:
    """Print the script that completes commands in a shell.

    For bash: dateline completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    if maker := get_completion_class(shell):
        click.echo(maker(cli, {}, "dateline", "_DATELINE_COMPLETE").source())


def main() -> None:
    """The entry point of the command `dateline`."""
    console.allow_any_letter()
    cli.main(prog_name="dateline")
