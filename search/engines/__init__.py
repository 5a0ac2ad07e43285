"""The searcher halves of the engines: one module each, behind `Searcher`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from search.searcher import Searcher


class SearcherModule(Protocol):
    """What each module in this package offers."""

    @staticmethod
    def open_searcher(folder: Path) -> Searcher:
        """Open the last commit of an index. Raises IndexDamagedError."""


def open_searcher(engine: str, folder: Path) -> Searcher:
    """Open the last commit of an engine's index. Raises IndexDamagedError."""
    module = cast(SearcherModule, import_module(f"search.engines.{engine}"))
    return module.open_searcher(folder)
