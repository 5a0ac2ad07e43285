"""The writer halves of the engines: one module each, behind `IndexWriter`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    ParamSpec,
    Protocol,
    Self,
    TypeAlias,
    TypeVar,
    cast,
)

from corpus.errors import DatelineError
from indexer.engines.cluster_settings import ClusterPlace, ClusterSettings
from indexer.indexer_errors import IndexUnusableError, MissingExtraError
from indexer.schema import Document

if TYPE_CHECKING:
    from indexer.generations import Generations

ENGINES = ("tantivy", "whoosh", "opensearch")
DEFAULT_ENGINE = "tantivy"

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# The place of one index: a folder, or names in a cluster. Each engine supports one of them.
IndexPlace: TypeAlias = Path | ClusterPlace


@dataclass(frozen=True, slots=True)
class Rejection:
    """A document that an engine rejected, by its article's id, and the reason."""

    article_id: str
    reason: str


class IndexWriter(Protocol):
    """Writes documents into an index. A project has one writer at a time; readers are not blocked.

    Changes become visible to searchers at `commit`, all at once. Leaving the `with` block
    without a commit discards uncommitted changes.
    """

    def put(self, document: Document) -> None:
        """Add a document, and replace the one with the same id, if any."""

    def delete(self, article_id: str) -> None:
        """Remove the document of an article, if there is one."""

    def commit(self) -> Sequence[Rejection]:
        """Make all changes durable and visible, and delete files that no commit uses.

        Returns the documents that were rejected since the last commit.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...


class EngineModule(Protocol):
    """The functions and constants that each module `*_writer` in this package exports.

    Their places are of the engine's own type, which its generations return.
    """

    @property
    def is_shared(self) -> bool:
        """Whether several projects may put articles into one index."""

    @staticmethod
    def open_generations(home: Path, cluster: ClusterSettings, identity: str) -> Generations:
        """Return the generations of a project's index: in the folder `home`, or in a cluster.

        `identity` identifies the store among others in one index. Nothing is created yet.
        """

    @staticmethod
    def create_index(place: IndexPlace) -> None:
        """Create an empty index; its folder, if it has one, exists and is empty."""

    @staticmethod
    def open_writer(place: IndexPlace) -> IndexWriter:
        """Open an index for writing. Raises IndexDamagedError, IndexUnreachableError."""

    @staticmethod
    def find_damaged_files(place: IndexPlace) -> Sequence[str]:
        """Read all files of an index that is not being written; return those that are damaged.

        A cluster checks its own. Raises IndexDamagedError if it is not known which files it has.
        """


class IndexDamagedError(IndexUnusableError):
    """An index's files cannot be read."""

    def __init__(self, place: Path | str, *files: str) -> None:
        """`place` is a folder, of which `files` are known to be damaged, or a name."""
        self.files = files or (Path(place).name,)
        where = f"{', '.join(files)} of the index" if files else "the index"
        super().__init__(f"{where} in {place} is damaged; run: dateline rebuild")


@contextmanager
def translate_damage(folder: Path, *kinds: type[Exception]) -> Iterator[None]:
    """Raise IndexDamagedError in the place of `kinds`, and of a panic in native code.

    A panic is no Exception, and each library has a class of its own for it.
    """
    try:
        yield
    except (DatelineError, OSError):
        raise
    except BaseException as err:
        if isinstance(err, kinds) or type(err).__name__ == "PanicException":
            raise IndexDamagedError(folder) from err
        raise


Method: TypeAlias = Callable[Concatenate[Any, Parameters], Result]


def convert_damage(
    *kinds: type[Exception],
) -> Callable[[Method[Parameters, Result]], Method[Parameters, Result]]:
    """Return a decorator of methods that translates damage of the index in `_folder`."""

    def decorate(method: Method[Parameters, Result]) -> Method[Parameters, Result]:
        @wraps(method)
        def run(self: Any, *args: Parameters.args, **options: Parameters.kwargs) -> Result:
            with translate_damage(self._folder, *kinds):
                return method(self, *args, **options)

        return cast("Method[Parameters, Result]", run)

    return decorate


class IndexUnreachableError(IndexUnusableError):
    """The servers of an index do not respond, or respond with an error."""


class EngineMissingError(MissingExtraError):
    """A package that an engine needs is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the {name} engine needs: pip install 'dateline-search[{name}]'")


def load_engine(name: str) -> EngineModule:
    """Return the writer half of an engine, imported on first use.

    Raises EngineMissingError.
    """
    try:
        return cast(EngineModule, import_module(f"indexer.engines.{name}_writer"))
    except ModuleNotFoundError as err:
        raise EngineMissingError(name) from err
