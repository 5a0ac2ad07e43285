"""What a project's settings say about the cluster that holds its index."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """`hosts` are addresses with http or https. `index` is what the names of all indices begin
    with, `period` how long one is: a `year`, or a `month` where a year is more than a shard should
    have. `ca` is a file of certificates to trust beside the system's. `timeout` is in seconds, a
    request.
    """

    hosts: tuple[str, ...] = ("http://localhost:9200",)
    index: str = "news"
    period: str = "year"
    shards: int = 1
    replicas: int = 1
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    timeout: float = 30.0
