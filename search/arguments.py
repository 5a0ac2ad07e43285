"""Arguments that need more than click's own types: moments, and the words of a query."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import click


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


def _misspelt(option: str) -> click.NoSuchOption:
    ctx = click.get_current_context()
    known = [name for param in ctx.command.get_params(ctx) for name in param.opts]
    return click.NoSuchOption(option, possibilities=get_close_matches(option, known), ctx=ctx)


def read_words(ctx: click.Context, words: tuple[str, ...]) -> str:
    """A query's text. A word may begin with one hyphen, two are an option misspelt."""
    if words == ("-h",):
        click.echo(ctx.get_help())
        ctx.exit()
    for word in words:
        if word.startswith("--") and len(word) > 2:
            raise _misspelt(word.partition("=")[0])
        if word == "-C":
            command = f"dateline -C DIR {ctx.info_name}"
            raise click.UsageError(f"-C goes before the command: {command} QUERY")
    if not words:
        raise click.UsageError("type some words to search for, or '*' for all articles")
    return " ".join(words)


def check_file(words: tuple[str, ...], queries: Path | None, form: str | None) -> None:
    """Refuse words beside a file of queries, and a form without one."""
    if queries is None and form is not None:
        raise click.UsageError("--format goes with --queries")
    if queries is not None and words:
        raise click.UsageError("give a query, or --queries with a file of them, not both")
