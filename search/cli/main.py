"""The `dateline` command: its group, global options and shell completion.

Exit codes: 0 hits, 1 no hits, 2 usage or query, 3 index missing or damaged, 4 locked by
another process, 5 some inputs failed.
"""

from __future__ import annotations

from pathlib import Path

import click

from indexer.engines import ENGINES
from search.cli import console
from search.cli.exit_codes import Commands
from search.cli.project_commands import add, clean, init, rebuild, serve, status, update, verify
from search.cli.search_commands import (
    facets_command,
    search_command,
    show,
    similar_command,
    suggest_command,
    timeline_command,
)


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
@click.option(
    "--scheduler", metavar="ADDRESS",
    help="A Dask scheduler, such as tcp://host:8786, whose workers clean what is added.",
)  # fmt: skip
@click.option("--lock-timeout", metavar="SECONDS", help="How long to wait for another writer.")
@click.pass_context
def cli(ctx: click.Context, /, folder: Path, **flags: str | None) -> None:
    """Full-text search for news articles.

    Put articles in with `dateline add PATH`, then ask with `dateline search WORDS`.
    """
    if not folder.is_dir():
        raise click.UsageError(f"no such folder: {folder}")
    settings = {name: text for name, text in flags.items() if text is not None}
    ctx.obj = (folder, settings)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
def completion(shell: str) -> None:
    """Print the script that completes commands in a shell.

    For bash: dateline completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    if completion_class := get_completion_class(shell):
        click.echo(completion_class(cli, {}, "dateline", "_DATELINE_COMPLETE").source())


for command in (
    init, add, update, rebuild, search_command, facets_command, timeline_command, suggest_command,
    similar_command, show, clean, status, verify,
    serve, completion,
):  # fmt: skip
    cli.add_command(command)


def main() -> None:
    """Run the command `dateline`."""
    console.escape_unencodable_output()
    cli.main(prog_name="dateline")
