"""The writer halves of the engines: one module each, behind `IndexWriter`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from indexer.engines.cluster_settings import ClusterSettings
from indexer.engines.index_writer import IndexWriter, Place
from indexer.indexer_errors import IndexUnusableError, MissingExtraError

if TYPE_CHECKING:
    from indexer.generations import Generations

ENGINES = ("tantivy", "whoosh", "opensearch")
DEFAULT_ENGINE = "tantivy"


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
    """What an engine needs is not installed."""

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
