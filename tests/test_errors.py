"""One tree of errors: every class is under its root, and each face has an answer for it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import corpus.errors
import search
from corpus.errors import DatelineError, SourceError, StoreError
from indexer.clean import CleanError
from indexer.indexer_errors import (
    DaskLostError,
    IndexUnusableError,
    MissingExtraError,
    RebuildFailedError,
    SubmissionError,
    WorkersError,
)
from search.cli.exit_codes import exit_code_of
from search.config.yaml_sections import ConfigError
from search.output.query_runs import QueryFileError
from search.project.lock import LockedError
from search.project.project import Project
from search.query.query_errors import QueryError, QueryPartError
from search.web.problems import PROBLEM_KINDS, ProblemError, kind_of
from search.web.serving import ListenError
from tests.house import list_modules


def find_errors() -> set[type[Exception]]:
    """Return the exception classes of all modules of the three packages."""
    modules = [import_module(module.name) for module in list_modules()]
    return {
        value
        for module in modules
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, Exception)
        and value.__module__ == module.__name__
    }


ERRORS = sorted(find_errors(), key=lambda error: error.__name__)


def draw(error: type[Exception], indent: str = "") -> Iterator[str]:
    """Draw what is under a class as lines of a tree, without its bases' order."""
    children = sorted(
        (child for child in ERRORS if child.__bases__ == (error,)), key=lambda each: each.__name__
    )
    for child in children:
        yield f"{indent}{child.__name__}"
        yield from draw(child, f"{indent}│   ")


def test_every_error_is_under_the_root() -> None:
    assert {DatelineError} == {error.__mro__[-4] for error in ERRORS}


def test_the_tree_is_drawn_as_it_is() -> None:
    (drawn,) = re.findall(r"(?ms)^DatelineError$\n(.*)", corpus.errors.__doc__ or "")
    names = re.findall(r"(?m)^((?:│   )*)[├└]── (\w+)", drawn.replace("    │", "│   │"))
    assert sorted(draw(DatelineError)) == sorted(f"{indent}{name}" for indent, name in names)


@pytest.mark.parametrize(
    ("base", "exit_code", "statuses"),
    [
        (StoreError, 3, {503}),
        (SourceError, 2, {500}),
        (CleanError, 2, {500}),
        (SubmissionError, 2, {409}),
        (WorkersError, 2, {500}),
        (DaskLostError, 5, {500}),
        (MissingExtraError, 2, {500}),
        (IndexUnusableError, 3, {503}),
        (RebuildFailedError, 3, {500}),
        (ConfigError, 2, {500}),
        (QueryError, 2, {400}),
        (QueryPartError, 2, {500}),
        (LockedError, 4, {503}),
        (QueryFileError, 2, {500}),
        (ListenError, 2, {500}),
        (ProblemError, 2, {500}),
    ],
)
def test_a_base_has_an_exit_code_and_a_status(
    base: type[DatelineError], exit_code: int, statuses: set[int]
) -> None:
    leaves = [error for error in ERRORS if issubclass(error, base) and not error.__subclasses__()]
    if base is WorkersError:
        leaves.remove(DaskLostError)
    assert {exit_code} == {exit_code_of(error) for error in leaves}
    assert statuses == {PROBLEM_KINDS[kind_of(error)][0] for error in leaves}


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_has_an_exit_code_and_a_status(error: type[Exception]) -> None:
    assert exit_code_of(error) is not None
    assert PROBLEM_KINDS[kind_of(error)][0] >= 400


def test_an_embedder_writes_one_except(tmp_path: Path) -> None:
    with pytest.raises(search.DatelineError), Project.open(tmp_path) as project:
        project.search("ferry")
