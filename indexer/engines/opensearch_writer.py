"""The writer half of the opensearch engine: see EngineModule."""

from __future__ import annotations

from pathlib import Path

from indexer.engines.cluster_settings import ClusterSettings
from indexer.engines.opensearch_documents import create, open_writer
from indexer.engines.opensearch_index import Clustered

__all__ = ["create", "is_shared", "open_generations", "open_writer"]

is_shared = True


def open_generations(home: Path, cluster: ClusterSettings, identity: str) -> Clustered:
    """Return the generations in a cluster; the folder is for other engines."""
    return Clustered(cluster, identity)
