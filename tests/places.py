"""Where tests put indexes: a folder for an embedded engine, new names in a cluster for another.

A cluster is one for tests only, started by `python -m tests.cluster`; its addresses stand in
the environment variable DATELINE_TEST_CLUSTER. Without it, its tests are skipped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from indexer.engines import ENGINES, Place, engine
from indexer.engines.cluster_settings import ClusterPlace, ClusterSettings

HOSTS = tuple(filter(None, os.environ.get("DATELINE_TEST_CLUSTER", "").split(",")))
EMBEDDED = tuple(name for name in ENGINES if not engine(name).is_shared)
AVAILABLE = ENGINES if HOSTS else EMBEDDED

# Several processes may test at the same time.
_OURS = f"t{uuid4().hex[:12]}x"

needs_cluster = pytest.mark.skipif(
    not HOSTS, reason="no cluster; run: python -m tests.cluster python -m pytest"
)
ALL = tuple(pytest.param(name, marks=() if name in EMBEDDED else needs_cluster) for name in ENGINES)


def settings(index: str = "") -> ClusterSettings:
    """A name in the cluster that nothing else has, or the one given."""
    return ClusterSettings(hosts=HOSTS, index=index or f"{_OURS}{uuid4().hex[:12]}")


def cluster_yaml(period: str = "year") -> str:
    """What a project's file says of a cluster, with a name there that nothing else has."""
    hosts, index = ", ".join(HOSTS), settings().index
    return f"opensearch: {{hosts: [{hosts}], index: {index}, period: {period}}}\n"


def new_place(name: str, folder: Path) -> Place:
    """Where an engine may make an index."""
    if not engine(name).is_shared:
        return folder
    return ClusterPlace(settings(), 1, "0123456789abcdef")


def removing(index: str) -> Iterator[None]:
    """Removes indices, and what they are made by, when a test is over."""
    from indexer.engines.opensearch_cluster import connect, remove_indices

    yield
    client = connect(settings(index))
    remove_indices(client, list(client.indices.get(index=f"{index}*")))
    client.indices.delete_index_template(name=f"{index}*", ignore=404)


@pytest.fixture(scope="session", autouse=True)
def _tidy() -> Iterator[None]:
    """Leaves nothing in the cluster."""
    if HOSTS:
        yield from removing(_OURS)
    else:
        yield
