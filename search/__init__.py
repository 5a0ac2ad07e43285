"""Queries to ranked hits with highlighted snippets. `from search import Project` is the way in."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.errors import DatelineError
    from search.project.project import Project
    from search.query.query_errors import QueryError
    from search.results.answer import Answer, Hit
    from search.results.request import Request

__all__ = ["Answer", "DatelineError", "Hit", "Project", "QueryError", "Request"]

# Loaded when first used, so that a part of the package does not load all of it.
_HOMES = {
    "Answer": "search.results.answer",
    "DatelineError": "corpus.errors",
    "Hit": "search.results.answer",
    "Project": "search.project.project",
    "QueryError": "search.query.query_errors",
    "Request": "search.results.request",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
