"""A project's index by its engine's name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import cast

from indexer.engines import EMBEDDED, EngineMissingError
from indexer.engines.cluster_settings import ClusterSettings
from indexer.generations import Folders, Generations


def index_of(engine: str, home: Path, cluster: ClusterSettings, identity: str) -> Generations:
    """All generations of an engine's index: in a folder, or in a cluster.

    `identity` tells the store whose articles go into it from others. Raises EngineMissingError.
    """
    if engine in EMBEDDED:
        return Folders(home, engine)
    try:
        module = import_module(f"indexer.engines.{engine}_index")
    except ModuleNotFoundError as err:
        raise EngineMissingError(engine) from err
    return cast(Generations, module.Clustered(cluster, identity))
