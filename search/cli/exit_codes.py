"""How a command ends: its exit code, and the message if something went wrong."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import click

from corpus.errors import DatelineError, StoreError
from indexer.indexer_errors import DaskLostError, IndexUnusableError, RebuildFailedError
from search.text.escaping import escape_terminal


class Exit(IntEnum):
    """Exit codes of the command."""

    OK = 0
    NONE_FOUND = 1
    USAGE = 2
    INDEX = 3
    LOCKED = 4
    SOME_FAILED = 5
    INTERRUPTED = 130


# The key of a context's `meta` for whether its command prints JSON.
AS_JSON = "search.cli.as_json"


class Commands(click.Group):
    """Turns what goes wrong in a command into a message, or JSON, and an exit code."""

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        try:
            return super().make_context(*args, **options)
        except OSError as err:
            # The output of --help cannot be written.
            if err.errno == errno.EPIPE:
                raise
            click.echo(f"dateline: {_message(err)}", err=True)
            raise click.exceptions.Exit(Exit.USAGE) from err

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of a project's life, not of the alphabet."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Whoever read our output has had enough; the rest goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(Exit.OK)
        except KeyboardInterrupt:
            click.echo("\nstopped", err=True)
            ctx.exit(Exit.INTERRUPTED)
        except click.exceptions.Exit:
            raise
        except click.ClickException as err:
            if not ctx.meta.get(AS_JSON):
                raise
            _write_json_error(err.format_message(), err.exit_code)
            ctx.exit(err.exit_code)
        except Exception as err:
            code = exit_code_of(type(err))
            if code is None:
                raise
            if ctx.meta.get(AS_JSON):
                _write_json_error(_message(err), code)
            else:
                for line in f"dateline: {_message(err)}".splitlines():
                    click.echo(escape_terminal(line), err=True)
            ctx.exit(code)


def _write_json_error(message: str, code: int) -> None:
    """Write an error as JSON to stderr: what is on stdout is an answer."""
    from search.output.serialization import dump_json

    click.echo(dump_json({"error": message, "exit_code": int(code)}), err=True)


def exit_code_of(error: type[Exception]) -> Exit | None:
    """Return the exit code for errors that a person can do something about, or None."""
    # A command that succeeds does not need it.
    from search.project.lock import LockedError

    # A subclass stands before its bases.
    codes: Mapping[type[Exception], Exit] = {
        StoreError: Exit.INDEX,
        IndexUnusableError: Exit.INDEX,
        RebuildFailedError: Exit.INDEX,
        LockedError: Exit.LOCKED,
        DaskLostError: Exit.SOME_FAILED,
        DatelineError: Exit.USAGE,
        sqlite3.Error: Exit.INDEX,
        OSError: Exit.USAGE,
    }
    return next((code for base, code in codes.items() if issubclass(error, base)), None)


def _message(err: Exception) -> str:
    if isinstance(err, sqlite3.Error):
        return f"the corpus cannot be used: {err}; if it is damaged, restore it from a backup"
    if isinstance(err, OSError) and err.strerror:
        # Without a name, it is the output that cannot be written.
        return f"{err.filename or 'output'}: {err.strerror}"
    return str(err)
