"""The writer halves of the engines: one module each, behind `IndexWriter`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, Self, cast

from indexer.indexer_errors import IndexUnusableError, MissingExtraError
from indexer.schema import Document

# Engines whose indexes are folders of the project's own.
EMBEDDED = ("tantivy", "whoosh")
ENGINES = (*EMBEDDED, "opensearch")
DEFAULT_ENGINE = "tantivy"

# Where an index lies, as its engine takes it: a folder, or what an engine of servers knows it by.
Place = Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that an engine would not take, by its article's id, and why."""

    article_id: str
    reason: str


class IndexWriter(Protocol):
    """Puts documents into an index. One at a time has a project's; readers go on.

    Nothing is seen by searchers before `commit`, and then all of it at once. Leaving the
    `with` block without a commit drops what was not committed.
    """

    def put(self, document: Document) -> None:
        """Add a document, in place of the one that has its id, if any."""

    def delete(self, article_id: str) -> None:
        """Remove the document of an article; nothing happens if there is none."""

    def commit(self) -> Sequence[Refusal]:
        """Make what was put and deleted durable and visible, and drop files that no commit uses.

        Returns what was refused since the last commit; the rest is in.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...


class EngineModule(Protocol):
    """What each module in this package offers."""

    @staticmethod
    def create(place: Place) -> None:
        """Make an empty index; a folder for it is there and empty."""

    @staticmethod
    def open_writer(place: Place) -> IndexWriter:
        """Open an index for writing. Raises IndexDamagedError, IndexUnreachableError."""


class IndexDamagedError(IndexUnusableError):
    """An index's files cannot be read."""

    def __init__(self, folder: Path | str) -> None:
        super().__init__(f"the index in {folder} is damaged; run: dateline rebuild")


class IndexUnreachableError(IndexUnusableError):
    """The servers that hold an index do not answer, or not as they should."""


class EngineMissingError(MissingExtraError):
    """What an engine needs is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the {name} engine needs: pip install 'dateline-search[{name}]'")


def engine(name: str) -> EngineModule:
    """The writer half of an engine, imported when first asked for."""
    return cast(EngineModule, import_module(f"indexer.engines.{name}_writer"))
