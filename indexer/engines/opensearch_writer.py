"""The writer half of the opensearch engine: see EngineModule."""

from __future__ import annotations

from pathlib import Path

from indexer.engines import IndexPlace
from indexer.engines.cluster_settings import ClusterSettings
from indexer.engines.opensearch_documents import create_index, open_writer
from indexer.engines.opensearch_index import ClusterGenerations

__all__ = ["create_index", "find_damaged_files", "is_shared", "open_generations", "open_writer"]

is_shared = True


def open_generations(home: Path, cluster: ClusterSettings, identity: str) -> ClusterGenerations:
    """Return the generations in a cluster; the folder is for other engines."""
    return ClusterGenerations(cluster, identity)


def find_damaged_files(place: IndexPlace) -> tuple[str, ...]:
    """Return none: Lucene's files have sums, and a node fails a shard whose files are damaged."""
    return ()
