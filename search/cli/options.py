"""Options and arguments that commands share, what they are checked for, and the project."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from search.cli.exit_codes import AS_JSON
from search.results.request import MatchMode

if TYPE_CHECKING:
    from search.project.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])


class Instant(click.ParamType):  # type: ignore[type-arg]
    """A moment in ISO 8601; without an offset it is in UTC."""

    name = "time"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2025-04-01T12:00Z.", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def open_project(ctx: click.Context, now: datetime | None = None) -> Project:
    """Open the project of a command, closed when the command ends."""
    from search.project.project import Project

    folder, flags = ctx.obj
    return ctx.with_resource(Project.open(folder, now=now, **flags))


def open_existing_project(ctx: click.Context, *, allow_sources: bool = False) -> Project:
    """Open a project that has a corpus or, with `allow_sources`, sources. Raises NoIndexError."""
    from indexer.generations import NoIndexError

    project = open_project(ctx)
    if not project.exists and not (allow_sources and project.config.sources):
        raise NoIndexError
    return project


def _note_json(ctx: click.Context, _option: click.Parameter, value: bool) -> bool:
    ctx.meta[AS_JSON] = value
    return value


# Read before the other options, whose errors are then JSON, too.
json_option = click.option(
    "--json", "as_json", is_flag=True, is_eager=True, callback=_note_json, help="Print it as JSON."
)

now_option = click.option(
    "--now", type=Instant(), metavar="TIME", help="What relative dates are relative to (ISO 8601)."
)

# A word may begin with a hyphen. "-h" is an option by itself only, not in -hegseth.
QUERY_SETTINGS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


def add_query_arguments(command: Command) -> Command:
    """Add the arguments of a query to a command: its words, and how to interpret them."""
    for decorate in (
        now_option,
        click.option("--no-aliases", "aliases", is_flag=True,
                     callback=lambda ctx, option, value: not value,
                     help="Take names as written only."),
        click.option("--no-variants", "variants", is_flag=True,
                     callback=lambda ctx, option, value: not value,
                     help="Take words in the spelling given only."),
        click.option(
            "--match", type=click.Choice([mode.value for mode in MatchMode]),
            default=MatchMode.BEST.value, show_default=True,
            callback=lambda ctx, option, value: MatchMode(value),
            help="How many of the words an article needs: best puts those with all before those "
            "with some, all has no others, most asks for more than half, any for one.",
        ),
        click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="QUERY..."),
    ):  # fmt: skip
        command = decorate(command)
    return command


# -- arguments


def _make_misspelt_option_error(option: str) -> click.NoSuchOption:
    ctx = click.get_current_context()
    known = [name for param in ctx.command.get_params(ctx) for name in param.opts]
    return click.NoSuchOption(option, possibilities=get_close_matches(option, known), ctx=ctx)


def read_query_words(ctx: click.Context, words: tuple[str, ...]) -> str:
    """Return a query's text. A word may begin with one hyphen; two mean a misspelt option."""
    if words == ("-h",):
        click.echo(ctx.get_help())
        ctx.exit()
    for word in words:
        if word.startswith("--") and len(word) > 2:
            raise _make_misspelt_option_error(word.partition("=")[0])
        if word == "-C":
            command = f"dateline -C DIR {ctx.info_name}"
            raise click.UsageError(f"-C goes before the command: {command} QUERY")
    if not words:
        raise click.UsageError("type some words to search for, or '*' for all articles")
    return " ".join(words)


_MIN_TOKEN_CHARS = 16


def read_token(file: Path | None) -> str:
    """Read the token that permits writing: a file's first line, else DATELINE_TOKEN; else ""."""
    if file is None:
        token, where = os.environ.get("DATELINE_TOKEN", ""), "DATELINE_TOKEN"
    else:
        token, where = file.read_text("utf-8", "replace").partition("\n")[0].strip(), str(file)
    if (file or token) and (len(token) < _MIN_TOKEN_CHARS or not token.isascii()):
        raise click.UsageError(
            f"{where}: a token has at least {_MIN_TOKEN_CHARS} letters or digits; make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe())'"
        )
    return token


# Repeated here, so that the command line does not load the modules that write them.
ANSWER_FORMATS = ("atom", "rss", "jsonfeed", "csv", "ndjson")
RUN_FORMATS = ("json", "trec")


def check_query_options(
    words: tuple[str, ...], queries_file: Path | None, output_format: str | None, as_json: bool
) -> None:
    """Reject words beside a file of queries, and a format that does not fit. Raises UsageError."""
    if queries_file is None and output_format in RUN_FORMATS:
        raise click.UsageError(f"--format {output_format} goes with --queries")
    if queries_file is not None and output_format is not None and output_format not in RUN_FORMATS:
        raise click.UsageError(f"--queries writes {' or '.join(RUN_FORMATS)}, not {output_format}")
    if output_format is not None and as_json:
        raise click.UsageError("give --json or --format, not both")
    if queries_file is not None and words:
        raise click.UsageError("give a query, or --queries with a file of them, not both")
