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


def check_words(words: tuple[str, ...], queries: Path | None, form: str | None) -> None:
    """Refuse what is no query. A word may begin with one hyphen, two are an option misspelt."""
    for word in words:
        if word.startswith("--") and len(word) > 2:
            raise _misspelt(word.partition("=")[0])
        if word == "-C":
            raise click.UsageError("-C goes before the command: dateline -C DIR search QUERY")
    if queries is None and form is not None:
        raise click.UsageError("--format goes with --queries")
    if queries is not None and words:
        raise click.UsageError("give a query, or --queries with a file of them, not both")
    if queries is None and not words:
        raise click.UsageError("type some words to search for, or '*' for all articles")
