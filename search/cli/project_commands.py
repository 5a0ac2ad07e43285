"""The commands that ingest and clean articles, maintain a project, and serve it."""

from __future__ import annotations

import os
import socket
import sys
from datetime import datetime
from pathlib import Path

import click

from search.cli import console
from search.cli.exit_codes import Exit
from search.cli.options import Instant, json_option, open_existing_project, open_project, read_token
from search.output.serialization import serialize_article, serialize_status
from search.output.wording import format_count


@click.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--samples", is_flag=True, help="Put a small sample corpus into it.")
def init(folder: Path, samples: bool) -> None:
    """Make a project in FOLDER, with every setting explained.

    The settings are in its dateline.yaml. A project that is already there is left as it is.
    """
    from search.project.scaffold import create_project

    for line in create_project(folder, samples=samples):
        console.write_message(line)


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@json_option
@click.pass_context
def add(ctx: click.Context, paths: tuple[str, ...], as_json: bool) -> None:
    """Take in files, folders and web addresses, and remember them as sources.

    Reads .html .htm .txt .md .json .jsonl .ndjson .rss .atom .rdf .nitf .xml .warc, each also
    with .gz. At an address, what is there decides: a feed, a sitemap, records or one page.
    """
    project = open_project(ctx)
    from search.cli.progress import Progress

    with console.report_interruption(project), Progress() as progress:
        tally = project.add(paths, report=progress.show_ingest)
    ctx.exit(console.report_ingest(project, tally, as_json=as_json))


@click.command()
@click.option("--keep-missing", is_flag=True, help="Keep articles whose files are gone.")
@click.option(
    "--allow-removals", is_flag=True, help="Remove articles even if they are most of a source."
)
@json_option
@click.pass_context
def update(ctx: click.Context, keep_missing: bool, allow_removals: bool, as_json: bool) -> None:
    """Take in what changed in the sources, remove what is gone.

    If more than half of a source is gone, and more than 20 articles, they are kept: the folder may
    only be empty because its disk is not mounted.
    """
    project = open_existing_project(ctx, allow_sources=True)
    from search.cli.progress import Progress

    with console.report_interruption(project), Progress() as progress:
        tally = project.update(
            keep_missing=keep_missing, allow_removals=allow_removals, report=progress.show_ingest
        )
    ctx.exit(console.report_ingest(project, tally, as_json=as_json))


@click.command()
@click.option("--yes", is_flag=True, help="Replace an index that is of another corpus.")
@json_option
@click.pass_context
def rebuild(ctx: click.Context, yes: bool, as_json: bool) -> None:
    """Build the index anew, check it, and swap it in.

    Searches go on meanwhile. Articles are not cleaned again.
    """
    project = open_existing_project(ctx)
    from search.cli.progress import Progress

    def show(done: int) -> None:
        total = project.store.collect_stats().articles
        progress.show_count(done, done / max(total, 1))

    with Progress() as progress:
        count = project.rebuild(replace_foreign=yes, report=show)
    words = f"{format_count(count, 'article')} in a new index"
    console.report_result({"articles": count}, words, as_json=as_json)
    if count < project.store.collect_stats().articles and not project.config.is_shared:
        console.write_message("some articles could not be put in; run: dateline status")
        ctx.exit(Exit.SOME_FAILED)


@click.command()
@click.argument("path", metavar="FILE|DIR|-")
@click.option(
    "--now",
    type=Instant(),
    metavar="TIME",
    help="The time of reading (ISO 8601): no date is after it.",
)
@click.pass_context
def clean(ctx: click.Context, path: str, now: datetime | None) -> None:
    """Print the fields that cleaning makes, as JSON lines, each with its file's path.

    Of a page, a text, a folder of them, or standard input (-). Stores nothing.
    """
    from search.project.preview import preview_articles

    code = Exit.OK
    for preview in preview_articles(path, sys.stdin.buffer, open_project(ctx), now):
        if preview.article is not None:
            console.write_json({"path": preview.path, **serialize_article(preview.article)})
        else:
            code = Exit.SOME_FAILED
            console.write_message(f"dateline: {preview.path}: {preview.reason}")
    ctx.exit(code)


@click.command()
@json_option
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Tell what is held, and what could not be read and why."""
    project = open_existing_project(ctx)
    project_status, failures = project.status(), project.failures()
    if as_json:
        console.write_json(serialize_status(project_status, failures), indent=2)
    else:
        console.write_lines(console.make_page(project).render_status(project_status, failures))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS",
              help="Where to listen; only this machine reaches the default.")  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65_535), default=8642, show_default=True,
              help="The port to listen at; 0 takes a free one.")  # fmt: skip
@click.option("--allow-host", "hosts", multiple=True, metavar="NAME",
              help="A name that the server is asked under, beside localhost and addresses; may be "
              "repeated.")  # fmt: skip
@click.option("--token-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              metavar="FILE", help="Let who sends the token in this file write articles; "
              "DATELINE_TOKEN is the same without a file.")  # fmt: skip
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True,
              help="How many processes answer; each keeps one core busy at most.")  # fmt: skip
@click.pass_context
def serve(
    ctx: click.Context,
    host: str,
    port: int,
    hosts: tuple[str, ...],
    token_file: Path | None,
    processes: int,
) -> None:
    """Serve the HTTP API until Ctrl-C.

    Other machines reach it only with --host, and nobody writes without a token.
    """
    token = read_token(token_file)
    project = open_project(ctx) if token else open_existing_project(ctx)
    # The modules that only a server needs take 0.5 s to load.
    from search.web.serving import ListenError
    from search.web.serving import serve as serve_project

    if processes > 1 and not (hasattr(os, "fork") and hasattr(socket, "SO_REUSEPORT")):
        raise click.UsageError("this system has no way for --processes; leave it out")
    try:
        serve_project(
            project,
            host=host,
            port=port,
            hosts=hosts,
            token=token,
            processes=processes,
            report=console.write_message,
        )
    except ListenError as err:
        raise click.UsageError(f"{err}; choose another --host or --port") from err


@click.command()
@click.option("--quick", is_flag=True, help="Compare the two without reading all of either.")
@click.option("--repair", is_flag=True, help="Read damaged articles again from their sources; "
              "build a damaged index anew.")  # fmt: skip
@click.option("--yes", is_flag=True, help="With --repair, remove what cannot be restored.")
@json_option
@click.pass_context
def verify(ctx: click.Context, quick: bool, repair: bool, yes: bool, as_json: bool) -> None:
    """Check every byte of the corpus and the index, and put right what differs.

    Damage is listed, and ends with exit code 3 if it is not repaired.
    """
    if yes and not repair:
        raise click.UsageError("--yes goes with --repair")
    result = open_existing_project(ctx).verify(quick=quick, repair=repair, discard=yes)
    console.report_verification(result, as_json=as_json)
    ctx.exit(Exit.OK if result.is_whole else Exit.INDEX)
