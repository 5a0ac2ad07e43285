"""The command line. Data goes to stdout, words and progress to stderr.

Exit codes: 0 hits, 1 none, 2 usage or query, 3 index missing or damaged, 4 locked by
another, 5 some inputs failed.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.engines import ENGINES
from indexer.schema import FIELDS
from search.answer import MAX_WINDOW, Answer, Joined, Request
from search.jsonform import answer_json, article_json, status_json
from search.progress import Progress
from search.runs import run
from search.searcher import Sort
from search.terminal import Page, plainly_read

if TYPE_CHECKING:
    from indexer.ingest import Tally
    from search.project import Project

FACET_FIELDS = tuple(field.name for field in FIELDS.values() if field.facet)

NONE_FOUND, USAGE, INDEX, LOCKED, SOME_FAILED, INTERRUPTED = 1, 2, 3, 4, 5, 130


class _Commands(click.Group):
    """Turns what goes wrong into a message and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Whoever read our output has had enough; the rest goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except KeyboardInterrupt:
            click.echo("\nstopped; what was taken in is kept", err=True)
            ctx.exit(INTERRUPTED)
        except click.ClickException:
            raise
        except Exception as err:
            code = _exit_code(err)
            if code is None:
                raise
            click.echo(f"dateline: {err}", err=True)
            ctx.exit(code)


def _exit_code(err: Exception) -> int | None:
    """The exit code for an error that a person can do something about, or None."""
    from corpus.sources import SourceError
    from corpus.store import StoreError
    from indexer.build import RebuildFailedError
    from search.errors import QueryError
    from search.project import INDEX_TROUBLES, LockedError
    from search.searcher import TooManyTermsError
    from search.settings import ConfigError

    codes: tuple[tuple[tuple[type[Exception], ...], int], ...] = (
        ((QueryError, TooManyTermsError, ConfigError, SourceError), USAGE),
        ((*INDEX_TROUBLES, StoreError, RebuildFailedError), INDEX),
        ((LockedError,), LOCKED),
    )
    return next((code for kinds, code in codes if isinstance(err, kinds)), None)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dateline-search", prog_name="dateline")
@click.option(
    "-C", "--project", "folder", default=".", envvar="DATELINE_PROJECT", metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The project's folder; the default is this folder or the nearest above it.",
)  # fmt: skip
@click.option("--engine", type=click.Choice(ENGINES), help="The index to use.")
@click.option("--timezone", metavar="NAME", help="The zone of dates, such as Asia/Tokyo.")
@click.option("--workers", metavar="N", help="Processes that clean articles.")
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


@cli.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--samples", is_flag=True, help="Put a small sample corpus into it.")
def init(folder: Path, samples: bool) -> None:
    """Make a project in FOLDER: a dateline.yaml with every setting explained.

    A project that is already there is left as it is.
    """
    from search.newproject import make

    for line in make(folder, samples=samples):
        click.echo(line, err=True)


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.pass_context
def add(ctx: click.Context, paths: tuple[str, ...], as_json: bool) -> None:
    """Take in the articles of files and folders, and remember these as sources.

    Reads .html .htm .txt .md .json .jsonl .ndjson, each also with .gz.
    """
    project = _project(ctx)
    with Progress() as progress:
        tally = project.add(paths, report=_reporter(progress))
    _finish(ctx, project, tally, as_json)


@cli.command()
@click.option("--keep-missing", is_flag=True, help="Keep articles whose files are gone.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.pass_context
def update(ctx: click.Context, keep_missing: bool, as_json: bool) -> None:
    """Take in what is new or changed in all sources, and remove what is gone from them."""
    project = _project(ctx)
    with Progress() as progress:
        tally = project.update(keep_missing=keep_missing, report=_reporter(progress))
    _finish(ctx, project, tally, as_json)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print the count as JSON.")
@click.pass_context
def rebuild(ctx: click.Context, as_json: bool) -> None:
    """Build the index anew beside the one in use, check it, and swap it in.

    Searches go on meanwhile. Articles are not cleaned again.
    """
    project = _project(ctx)
    total = project.store.counts().articles
    with Progress() as progress:
        count = project.rebuild(report=lambda done: progress.show(done, done / max(total, 1)))
    _say(as_json, {"articles": count}, f"{count:,} articles in a new index")


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="QUERY...")
@click.option("--sort", type=click.Choice([*Sort]), default=Sort.RELEVANCE, show_default=True)
@click.option(
    "--match", "joined", type=click.Choice([*Joined]), default=Joined.ALL, show_default=True,
    help="How many of the words an article needs; all falls back to most.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 10_000), default=10, show_default=True)
@click.option("--offset", type=click.IntRange(0, MAX_WINDOW), default=0, show_default=True)
@click.option("--facet", "facets", multiple=True, type=click.Choice(FACET_FIELDS), metavar="FIELD",
              help="Count the found articles by a field's values; may be repeated.")  # fmt: skip
@click.option("--no-aliases", is_flag=True, help="Take names as written only.")
@click.option("--explain", is_flag=True, help="Say why each article was found.")
@click.option("--now", metavar="TIME", help="What relative dates are relative to (ISO 8601).")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
@click.option("--queries", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              metavar="FILE", help="Run every line of a file: id, a tab, a query.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["json", "trec"]), default="json",
              help="What --queries writes: an object a line, or a TREC run.")  # fmt: skip
@click.pass_context
def search(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    *,
    as_json: bool,
    now: str | None,
    queries: Path | None,
    form: str,
    no_aliases: bool,
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
    _refuse_unknown_options(words)
    project = _project(ctx, _instant(now))
    request = Request(" ".join(words), aliases=not no_aliases, **options)
    if queries is not None:
        for line in run(project, request, queries, form):
            click.echo(line)
        return
    answer = project.search(request)
    if as_json:
        click.echo(json.dumps(answer_json(answer), ensure_ascii=False, indent=2))
    else:
        _print(project, request, answer)
    ctx.exit(0 if answer.hits else NONE_FOUND)


@cli.command()
@click.argument("key", metavar="ID")
@click.option("--versions", is_flag=True, help="Show every version that was taken in.")
@click.option("--json", "as_json", is_flag=True, help="Print the fields as JSON.")
@click.pass_context
def show(ctx: click.Context, key: str, versions: bool, as_json: bool) -> None:
    """Show an article by its id or web address."""
    project = _project(ctx)
    _need_corpus(project)
    found = project.versions(key) if versions else []
    articles = [each.article for each in found] or [*filter(None, [project.article(key)])]
    if not articles:
        click.echo(f"dateline: there is no article {key!r}", err=True)
        ctx.exit(NONE_FOUND)
    page = _page(project)
    for number, article in enumerate(articles, 1):
        if as_json:
            click.echo(json.dumps(article_json(article), ensure_ascii=False))
            continue
        if found:
            click.echo(f"version {number} of {len(articles)}")
        for line in page.article(article):
            click.echo(line)


@cli.command()
@click.argument("path", metavar="FILE|DIR|-")
@click.option("--now", metavar="TIME", help="The time of reading (ISO 8601): no date is after it.")
@click.pass_context
def clean(ctx: click.Context, path: str, now: str | None) -> None:
    """Print the fields that cleaning makes of pages and texts, as JSON lines. Stores nothing."""
    from search.preview import preview

    failed = False
    for article, failure in preview(path, sys.stdin.buffer, _project(ctx), _instant(now)):
        if article is not None:
            click.echo(json.dumps(article_json(article), ensure_ascii=False))
        else:
            failed = True
            click.echo(f"dateline: {failure}", err=True)
    ctx.exit(SOME_FAILED if failed else 0)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON object.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Tell what the project holds, how far the index is, and what could not be read."""
    project = _project(ctx)
    _need_corpus(project)
    found = project.status()
    failures = project.failures()
    if as_json:
        click.echo(json.dumps(status_json(found, failures), ensure_ascii=False, indent=2))
        return
    for line in _page(project).status(found, failures):
        click.echo(line)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Compare the index with the corpus, article by article, and put right what differs."""
    project = _project(ctx)
    _need_corpus(project)
    found = project.verify()
    counts = {"articles": found.articles, "missing": found.missing, "surplus": found.surplus}
    differed = found.missing or found.surplus
    words = (
        f"; put right: {found.missing:,} missing, {found.surplus:,} too many" if differed else ""
    )
    _say(as_json, counts, f"{found.articles:,} articles compared{words}")


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes dateline's commands in a shell.

    For bash: dateline completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    if maker := get_completion_class(shell):
        click.echo(maker(cli, {}, "dateline", "_DATELINE_COMPLETE").source())


def main() -> None:
    """The entry point of the command `dateline`."""
    cli.main(prog_name="dateline")


# -- what several commands do


def _need_corpus(project: Project) -> None:
    from indexer.build import NoIndexError

    if not project.exists:
        raise NoIndexError


def _refuse_unknown_options(words: tuple[str, ...]) -> None:
    """A word may begin with one hyphen, as in -baseball; two are an option misspelt."""
    for word in words:
        if word.startswith("--") and len(word) > 2:
            raise click.UsageError(f"no such option: {word} (see dateline search --help)")


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as err:
        raise click.UsageError(f"--now: {text!r} is not a time such as 2025-04-01T12:00Z") from err
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _reporter(progress: Progress) -> Callable[[Tally], None]:
    def report(tally: Tally) -> None:
        progress.show(tally.articles, tally.done / max(tally.total, 1))

    return report


def _finish(ctx: click.Context, project: Project, tally: Tally, as_json: bool) -> None:
    """Say what an ingest did; failed inputs are listed and make the exit code 5."""
    counts = {
        "added": tally.added,
        "unchanged": tally.unchanged,
        "removed": tally.removed,
        "failed": tally.failed,
    }
    said = [f"{number:,} {name}" for name, number in counts.items() if number or name == "added"]
    _say(as_json, counts, f"{', '.join(said)}; {project.store.counts().articles:,} articles in all")
    if tally.failed:
        for failure in islice(project.failures(), 5):
            click.echo(f"  {failure.source}/{failure.path}: {failure.reason}", err=True)
        click.echo("all failures: dateline status", err=True)
        ctx.exit(SOME_FAILED)


def _say(as_json: bool, counts: dict[str, int], words: str) -> None:
    if as_json:
        click.echo(json.dumps(counts))
    else:
        click.echo(words, err=True)


def _page(project: Project) -> Page:
    return Page(
        columns=shutil.get_terminal_size().columns,
        colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
        zone=project.config.zone,
    )


def _print(project: Project, request: Request, answer: Answer) -> None:
    """Hits on stdout; how the query was read and the summary on stderr."""
    if not plainly_read(request.text, answer.interpreted):
        click.echo(f"read as: {answer.interpreted}", err=True)
    for warning in answer.warnings:
        click.echo(warning, err=True)
    page = _page(project)
    for line in (*page.answer(answer, request.offset), *page.facets(answer)):
        click.echo(line)
    first = request.offset + 1
    shown = f", {first:,} to {request.offset + len(answer.hits):,} shown" if answer.next else ""
    noun = "article" if answer.total == 1 else "articles"
    click.echo(f"{answer.total:,} {noun}{shown}, {answer.took_ms:.1f} ms", err=True)
