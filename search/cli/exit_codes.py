"""How a command ends: its exit code, and the message if something went wrong."""

from __future__ import annotations

import os
import sqlite3
import sys
from enum import IntEnum
from typing import Any

import click

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


class Commands(click.Group):
    """Turns what goes wrong in a command into a message and an exit code."""

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
            click.echo("\nstopped; what was taken in is kept", err=True)
            ctx.exit(Exit.INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as err:
            code = _exit_code(err)
            if code is None:
                raise
            for line in f"dateline: {_message(err)}".splitlines():
                click.echo(escape_terminal(line), err=True)
            ctx.exit(code)


def _exit_code(err: Exception) -> Exit | None:
    """The exit code for an error that a person can do something about, or None."""
    from corpus.sources import SourceError
    from corpus.store import StoreError
    from indexer.engines import EngineMissingError
    from indexer.entities.spacy_model import SpacyMissingError
    from indexer.generations import RebuildFailedError
    from indexer.workers.dask import CrewError, LostError
    from indexer.workers.process import WorkersError
    from search.config.sections import ConfigError
    from search.output.query_runs import QueryFileError
    from search.project.lock import LockedError
    from search.project.resources import INDEX_TROUBLES
    from search.query.errors import QueryError

    codes: tuple[tuple[tuple[type[Exception], ...], Exit], ...] = (
        ((QueryError, QueryFileError, ConfigError, SourceError), Exit.USAGE),
        ((SpacyMissingError, EngineMissingError), Exit.USAGE),
        ((*INDEX_TROUBLES, StoreError, RebuildFailedError, sqlite3.Error), Exit.INDEX),
        ((LockedError,), Exit.LOCKED),
        ((LostError,), Exit.SOME_FAILED),
        ((OSError, WorkersError, CrewError), Exit.USAGE),
    )
    return next((code for kinds, code in codes if isinstance(err, kinds)), None)


def _message(err: Exception) -> str:
    if isinstance(err, sqlite3.Error):
        return f"the corpus cannot be used: {err}; if it is damaged, restore it from a backup"
    if isinstance(err, OSError) and err.strerror and err.filename:
        return f"{err.filename}: {err.strerror}"
    return str(err)
