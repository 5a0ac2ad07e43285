"""Output of commands: data on stdout, messages and failures on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from itertools import islice
from typing import TYPE_CHECKING

import click

from indexer.analysis import tokens
from search.cli.exit_codes import Exit
from search.cli.terminal import Page, summary, total
from search.output.as_json import Json, json_text
from search.output.wording import count_noun, is_read_as_written
from search.results.answer import Answer
from search.results.request import Request
from search.text.escaping import escape_terminal

if TYPE_CHECKING:
    from indexer.ingest.stats import IngestStats
    from search.project.project import Project
    from search.results.facets import Facets
    from search.results.similar import Similar
    from search.results.timeline import Timeline

_FAILURES_SHOWN = 5
_WORDS_SHOWN = 8


def allow_any_letter() -> None:
    """Write characters that stdout's encoding lacks as escapes, instead of an error."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def write(lines: Iterable[str]) -> None:
    """Write lines of data to stdout."""
    for line in lines:
        click.echo(line)


def write_whole(text: str) -> None:
    """Write data that ends with its own line break to stdout."""
    click.echo(text, nl=False)


def write_json(value: Json, *, indent: int | None = None) -> None:
    click.echo(json_text(value, indent))


def say(words: str) -> None:
    """Write a line for people to stderr."""
    click.echo(escape_terminal(words), err=True)


def tell(counts: Json, words: str, *, as_json: bool) -> None:
    """Report the result of a command: as JSON if `as_json`, else as a message."""
    if as_json:
        write_json(counts)
    else:
        say(words)


def page(project: Project) -> Page:
    """Return the page settings of this terminal, or of the file or pipe that stdout is."""
    return Page(
        columns=shutil.get_terminal_size().columns,
        colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
        zone=project.config.zone,
    )


def write_answer(project: Project, request: Request, answer: Answer) -> None:
    """Write hits and facets; report how the query was read and a summary."""
    _say_reading(request, answer)
    terminal_page = page(project)
    write(terminal_page.answer(answer, request.offset))
    write(terminal_page.facets(answer.facets))
    say(summary(answer, request.offset))


def write_facets(project: Project, request: Request, found: Facets) -> None:
    _say_reading(request, found)
    write(page(project).facets(found.facets))
    say(total(found))


def write_timeline(project: Project, request: Request, found: Timeline) -> None:
    """Write a line a bucket, with a bar; undated articles last."""
    _say_reading(request, found)
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    write(page(project).timeline(found, bar="█" if is_unicode else "#"))
    say(total(found))


def write_similar(project: Project, found: Similar) -> None:
    """Write articles; report the names and words that found them."""
    name_tokens = {token for name in found.names for token in tokens(name)}
    words = [word for word in found.words if word not in name_tokens]
    say(f"by {', '.join((*found.names, *words[:_WORDS_SHOWN]))}")
    write(page(project).similar(found))
    say(f"{count_noun(len(found.articles), 'article')} ({found.took_ms:.1f} ms)")


def _say_reading(request: Request, found: Answer | Facets | Timeline) -> None:
    if not is_read_as_written(request.text, found.interpreted):
        say(f"read as: {found.interpreted}")
    for warning in found.warnings:
        say(warning)


def tell_tally(project: Project, tally: IngestStats, *, as_json: bool) -> Exit:
    """Report an ingest and the first of its failures. Returns the command's exit code."""
    counts = {
        "added": tally.added,
        "unchanged": tally.unchanged,
        "removed": tally.removed,
        "failed": tally.failed,
        "extracted": tally.extracted,
    }
    parts = [f"{number:,} {name}" for name, number in counts.items() if number or name == "added"]
    if tally.extracted:
        parts[-1] = f"{count_noun(tally.extracted, 'article')} read again for entities"
    total_articles = count_noun(project.count, "article")
    tell(counts, f"{', '.join(parts)}; {total_articles} in all", as_json=as_json)
    if left := tally.to_extract - tally.extracted:
        say(f"  {count_noun(left, 'article')} to be read again for entities; run: dateline update")
    for note in tally.notes:
        say(f"  {note}")
    if not tally.failed:
        return Exit.OK
    for failure in islice(project.failures(), _FAILURES_SHOWN):
        say(f"  {failure.source}/{failure.path}: {failure.reason}")
    say("all failures: dateline status")
    return Exit.SOME_FAILED
