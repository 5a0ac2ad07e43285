"""The writer halves of the engines: one module each, behind `IndexWriter`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Protocol, Self, cast

from indexer.schema import Document

ENGINES = ("tantivy", "whoosh", "opensearch")
DEFAULT_ENGINE = "tantivy"


class IndexWriter(Protocol):
    """Puts documents into an index folder. One at a time has the folder; readers go on.

    Nothing is seen by searchers before `commit`, and then all of it at once. Leaving the
    `with` block without a commit drops what was not committed.
    """

    def put(self, document: Document) -> None:
        """Add a document, in place of the one that has its id, if any."""

    def delete(self, article_id: str) -> None:
        """Remove the document of an article; nothing happens if there is none."""

    def commit(self) -> None:
        """Make what was put and deleted durable and visible, and drop files that no commit uses."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...


class EngineModule(Protocol):
    """What each module in this package offers."""

    @staticmethod
    def create(folder: Path) -> None:
        """Make an empty index in an empty folder."""

    @staticmethod
    def open_writer(folder: Path) -> IndexWriter:
        """Open an index for writing. Raises IndexDamagedError if it cannot be read."""


class IndexDamagedError(Exception):
    """An index's files cannot be read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"the index in {folder} is damaged; run: dateline rebuild")
        self.folder = folder


def engine(name: str) -> EngineModule:
    """The writer half of an engine, imported when first asked for."""
    return cast(EngineModule, import_module(f"indexer.engines.{name}"))
