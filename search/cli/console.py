"""Output of commands: data on stdout, messages and failures on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import TextIOWrapper
from itertools import islice
from typing import TYPE_CHECKING

import click

from indexer.analysis import tokenize
from search.cli.exit_codes import Exit
from search.cli.terminal import TerminalPage, format_summary, format_total
from search.output.serialization import Json, dump_json
from search.output.wording import format_count, is_read_as_written
from search.results.answer import Answer
from search.results.request import Request
from search.text.escaping import escape_line

if TYPE_CHECKING:
    from indexer.ingest.stats import IngestStats
    from search.project.project import Project
    from search.project.verification import Verification
    from search.results.facets import Facets
    from search.results.similar import Similar
    from search.results.timeline import Timeline

_MAX_FAILURES_SHOWN = 5
_MAX_WORDS_SHOWN = 8


def escape_unencodable_output() -> None:
    """Write characters that stdout's encoding lacks as escapes, instead of an error."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def write_lines(lines: Iterable[str]) -> None:
    """Write lines of data to stdout."""
    for line in lines:
        click.echo(line)


def write_text(text: str) -> None:
    """Write data that ends with its own line break to stdout."""
    click.echo(text, nl=False)


def write_json(value: Json, *, indent: int | None = None) -> None:
    click.echo(dump_json(value, indent))


def write_message(message: str) -> None:
    """Write a line for people to stderr."""
    click.echo(escape_line(message), err=True)


def report_result(counts: Json, message: str, *, as_json: bool) -> None:
    """Report the result of a command: as JSON if `as_json`, else as a message."""
    if as_json:
        write_json(counts)
    else:
        write_message(message)


def report_verification(result: Verification, *, as_json: bool) -> None:
    """Report what a verification found and did."""
    outcome = "all well" if result.is_whole else "damaged"
    if result.missing or result.surplus:
        outcome = f"put right: {result.missing:,} missing, {result.surplus:,} too many"
    words = f"{format_count(result.articles, 'article')} compared; {outcome}"
    report_result(asdict(result), words, as_json=as_json)
    for action in result.actions:
        write_message(f"  {action}")
    for version in result.damaged:
        kind = "article" if version.is_current else "earlier version of"
        write_message(
            f"  {kind} {version.article_id} (version {version.version_key}): {version.reason}"
        )
    if result.tables:
        write_message(f"  other rows of the corpus: {', '.join(result.tables)}")
    if result.damaged or result.tables:
        write_message("restore the corpus from a backup, or run: dateline verify --repair")
    if result.files:
        write_message(f"  files of the index: {', '.join(result.files)}")
        write_message("run: dateline rebuild")


def make_page(project: Project) -> TerminalPage:
    """Return the page settings of this terminal, or of the file or pipe that stdout is."""
    return TerminalPage(
        columns=shutil.get_terminal_size().columns,
        colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
        zone=project.config.zone,
    )


def write_answer(project: Project, request: Request, answer: Answer) -> None:
    """Write hits and facets; report how the query was read and a summary."""
    _report_reading(request, answer)
    terminal_page = make_page(project)
    write_lines(terminal_page.render_answer(answer, request.offset))
    write_lines(terminal_page.render_facets(answer.facets))
    write_message(format_summary(answer, request.offset))


def write_facets(project: Project, request: Request, facets: Facets) -> None:
    _report_reading(request, facets)
    write_lines(make_page(project).render_facets(facets.facets))
    write_message(format_total(facets))


def write_timeline(project: Project, request: Request, timeline: Timeline) -> None:
    """Write a line a bucket, with a bar; undated articles last."""
    _report_reading(request, timeline)
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    write_lines(make_page(project).render_timeline(timeline, bar="█" if is_unicode else "#"))
    write_message(format_total(timeline))


def write_similar(project: Project, similar: Similar) -> None:
    """Write articles; report the names and words that found them."""
    name_tokens = {token for name in similar.names for token in tokenize(name)}
    words = [word for word in similar.words if word not in name_tokens]
    write_message(f"by {', '.join((*similar.names, *words[:_MAX_WORDS_SHOWN]))}")
    write_lines(make_page(project).render_similar(similar))
    write_message(f"{format_count(len(similar.articles), 'article')} ({similar.took_ms:.1f} ms)")


def _report_reading(request: Request, answer: Answer | Facets | Timeline) -> None:
    if not is_read_as_written(request.text, answer.interpreted):
        write_message(f"read as: {answer.interpreted}")
    for warning in answer.warnings:
        write_message(warning)


@contextmanager
def report_interruption(project: Project) -> Iterator[None]:
    """On Ctrl-C, report how many articles can be searched, and how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        count = format_count(project.count, "article") if project.exists else "nothing"
        click.echo(f"\nstopped; {count} can be searched; to go on, run: dateline update", err=True)
        raise click.exceptions.Exit(Exit.INTERRUPTED) from None


def report_ingest(project: Project, tally: IngestStats, *, as_json: bool) -> Exit:
    """Report an ingest and the first of its failures. Returns the command's exit code."""
    counts = {
        "added": tally.added,
        "changed": tally.changed,
        "unchanged": tally.unchanged,
        "duplicate": tally.duplicate,
        "removed": tally.removed,
        "failed": tally.failed,
        "skipped": tally.skipped,
        "kept": tally.kept,
        "extracted": tally.extracted,
    }
    parts = [f"{number:,} {name}" for name, number in counts.items() if number or name == "added"]
    if tally.extracted:
        parts[-1] = f"{format_count(tally.extracted, 'article')} read again for entities"
    total_articles = format_count(project.count, "article")
    report_result(counts, f"{', '.join(parts)}; {total_articles} in all", as_json=as_json)
    if left := tally.to_extract - tally.extracted:
        write_message(
            f"  {format_count(left, 'article')} to be read again for entities; run: dateline update"
        )
    for note in tally.notes:
        write_message(f"  {note}")
    if not tally.failed:
        return Exit.SOME_FAILED if tally.kept else Exit.OK
    for failure in islice(project.failures(), _MAX_FAILURES_SHOWN):
        write_message(f"  {failure.source}/{failure.path}: {failure.reason}")
    write_message("all failures: dateline status")
    return Exit.SOME_FAILED
