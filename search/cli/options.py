"""What commands share: the project that they are about, options, and a query's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from search.cli.params import Instant
from search.results.request import MatchMode

if TYPE_CHECKING:
    from search.project.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])


def project_of(ctx: click.Context, now: datetime | None = None) -> Project:
    """The project that this command is about, closed when the command ends."""
    from search.project.project import Project

    folder, flags = ctx.obj
    return ctx.with_resource(Project.open(folder, now=now, **flags))


def held(ctx: click.Context, *, or_sources: bool = False) -> Project:
    """The project of a command that needs a corpus, or sources for one. Raises NoIndexError."""
    from indexer.generations import NoIndexError

    project = project_of(ctx)
    if not project.exists and not (or_sources and project.config.sources):
        raise NoIndexError
    return project


as_json = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")

at_time = click.option(
    "--now", type=Instant(), metavar="TIME", help="What relative dates are relative to (ISO 8601)."
)

# A word may begin with a hyphen. "-h" is an option by itself only, not in -hegseth.
QUERY_SETTINGS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


def takes_query(command: Command) -> Command:
    """The arguments of a command about what a query finds: words, and how to read them."""
    for decorate in (
        at_time,
        click.option("--no-aliases", "aliases", is_flag=True,
                     callback=lambda ctx, option, value: not value,
                     help="Take names as written only."),
        click.option(
            "--match", type=click.Choice([mode.value for mode in MatchMode]),
            default=MatchMode.ALL.value, show_default=True,
            callback=lambda ctx, option, value: MatchMode(value),
            help="How many of the words an article needs; all falls back to most.",
        ),
        click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="QUERY..."),
    ):  # fmt: skip
        command = decorate(command)
    return command
