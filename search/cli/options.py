"""Options and arguments that commands share, and the project that they open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from search.cli.exit_codes import AS_JSON
from search.cli.params import Instant
from search.results.request import MatchMode

if TYPE_CHECKING:
    from search.project.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])


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
