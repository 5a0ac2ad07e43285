"""The searcher halves of the engines: one module each, behind `Searcher`."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from indexer.engines import Place
from indexer.generations import Generation
from search.engines.searcher import Searcher


class SearcherModule(Protocol):
    """The function that each module `*_searcher` in this package offers."""

    @staticmethod
    def open_searcher(place: Place) -> Searcher:
        """Open the last commit of an index. Raises IndexDamagedError, IndexUnreachableError."""


def open_searcher(generation: Generation) -> Searcher:
    """Open the last commit of an index. Raises IndexDamagedError, IndexUnreachableError."""
    module = cast(SearcherModule, import_module(f"search.engines.{generation.engine}_searcher"))
    return module.open_searcher(generation.place)
