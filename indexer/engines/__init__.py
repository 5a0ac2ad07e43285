"""The writer halves of the engines: one module each, behind `IndexWriter`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self, TypeAlias, cast

from indexer.engines.cluster_settings import ClusterPlace, ClusterSettings
from indexer.indexer_errors import IndexUnusableError, MissingExtraError
from indexer.schema import Document

if TYPE_CHECKING:
    from indexer.generations import Generations

ENGINES = ("tantivy", "whoosh", "opensearch")
DEFAULT_ENGINE = "tantivy"

# Where one index lies: in a folder, or under names in a cluster. Each engine takes one of them.
Place: TypeAlias = Path | ClusterPlace


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
    """The functions and facts that each module `*_writer` in this package offers.

    The place that they take is of the engine's own kind, as its generations give it.
    """

    @property
    def is_shared(self) -> bool:
        """Whether several projects may put their articles into one index."""

    @staticmethod
    def open_generations(home: Path, cluster: ClusterSettings, identity: str) -> Generations:
        """Return all generations of a project's index: in the folder `home`, or in a cluster.

        `identity` tells the store whose articles go into it from others. Nothing is made yet.
        """

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
    """A package that an engine needs is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the {name} engine needs: pip install 'dateline-search[{name}]'")


def engine(name: str) -> EngineModule:
    """Return the writer half of an engine, imported when first asked for.

    Raises EngineMissingError.
    """
    try:
        return cast(EngineModule, import_module(f"indexer.engines.{name}_writer"))
    except ModuleNotFoundError as err:
        raise EngineMissingError(name) from err
