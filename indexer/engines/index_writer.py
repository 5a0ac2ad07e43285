"""The contract of an engine's writer, and where an index lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self, TypeAlias

from indexer.engines.cluster_settings import ClusterPlace
from indexer.schema import Document

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
