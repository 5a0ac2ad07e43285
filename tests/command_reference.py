"""The reference of all commands, made from the program: `python -m tests.command_reference`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from search.cli.exit_codes import Exit
from search.cli.main import cli

FILE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"

_BEGINNING = """\
# Commands

Made from the program by `python -m tests.command_reference`; change the program, not this page.

`dateline COMMAND --help` shows the same in a terminal.
"""

_EXITS = {
    Exit.OK: "done; hits were found",
    Exit.NONE_FOUND: "no hits; no such article",
    Exit.USAGE: "a wrong option, setting, path or query; the message says what is allowed",
    Exit.INDEX: "the index is missing or damaged; the message says what to run",
    Exit.LOCKED: "another command is writing to the project; the message says which",
    Exit.SOME_FAILED: "some inputs failed; everything else was taken in",
    Exit.INTERRUPTED: "stopped by Ctrl-C; the next command carries on",
}


def reference() -> str:
    """The page."""
    context = click.Context(cli, info_name="dateline", **cli.context_settings)
    parts = [_BEGINNING, *_section("dateline", cli, context)]
    for name, command in cli.commands.items():
        inner = click.Context(command, parent=context, info_name=name, **command.context_settings)
        parts += _section(f"dateline {name}", command, inner)
    parts += ["## Exit codes\n", _table(("code", "meaning"), _exits())]
    parts += [_OUTPUT]
    return "\n".join(parts)


_OUTPUT = """\
## Output

Data goes to stdout; progress, notes and errors go to stderr. Progress is shown on a terminal
only. Matches are bold on a terminal, unless `NO_COLOR` is set. Lines are as wide as the terminal,
at most 100 columns.

## Settings

A setting comes from its option, else from the environment (`DATELINE_ENGINE`,
`DATELINE_TIMEZONE`, `DATELINE_WORKERS`, `DATELINE_SCHEDULER`, `DATELINE_LOCK_TIMEOUT`;
`DATELINE_PROJECT` for `-C`), else from `dateline.yaml`, else it is the default. `dateline init`
writes a `dateline.yaml` that explains each.
"""


def _section(title: str, command: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join([title, *command.collect_usage_pieces(context)])
    yield f"## {title}\n"
    yield f"    {usage}\n"
    yield from _paragraphs(inspect.cleandoc(command.help or ""))
    options = [option for option in command.params if isinstance(option, click.Option)]
    if options:
        yield _table(("option", "meaning"), map(_option, options))


def _paragraphs(text: str) -> Iterator[str]:
    """Help as Markdown; what stands after click's mark for text as it is, as a block."""
    for paragraph in re.split(r"\n\n+", text):
        if paragraph.startswith("\b\n"):
            lines = paragraph.splitlines()[1:]
            yield "\n".join(f"    {line}" for line in lines) + "\n"
        else:
            yield f"{paragraph}\n"


def _option(option: click.Option) -> tuple[str, str]:
    names = " ".join(f"`{name}`" for name in option.opts)
    value = "" if option.is_flag else f" {_value(option)}"
    default = option.default if option.show_default else None
    meaning = (option.help or "").replace("|", "\\|")
    return names + value, f"{meaning} Default: {default}." if default is not None else meaning


def _value(option: click.Option) -> str:
    match option.type:
        case click.Choice(choices=choices) if not option.metavar:
            return "`" + "` `".join(map(str, choices)) + "`"
        case click.IntRange(min=low, max=high):
            return f"{low:,} to {high:,}"
        case _:
            return option.metavar or ""


def _exits() -> Iterator[tuple[str, str]]:
    return ((str(int(code)), meaning) for code, meaning in _EXITS.items())


def _table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    lines = [head, ("---", "---"), *rows]
    return "\n".join(f"| {left} | {right} |" for left, right in lines) + "\n"


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(reference(), "utf-8")
