"""The settings of the cluster with a project's index, and the names derived from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

UNDATED_PERIOD = "undated"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """`hosts` are addresses with http or https. `index` is the prefix of the names of all indices,
    `period` the time that one covers: a `year`, or a `month` if a year is too large for a shard.
    `ca` is a file of certificates to trust beside the system's. `timeout` is in seconds for each
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


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """One generation in a cluster, from the view of the store with the identity `store`."""

    settings: ClusterSettings
    number: int
    store: str

    @property
    def alias(self) -> str:
        return f"{self.settings.index}-{self.number}"

    @property
    def ingesters_index(self) -> str:
        """The index that records the last change of each store in each generation."""
        return f"{self.settings.index}-ingesters"

    @property
    def ingester_key(self) -> str:
        """The id of this store's document in `ingesters_index`."""
        return f"{self.number}:{self.store}"

    def get_index_name(self, seconds: int | None) -> str:
        """Return the name of the index for documents of a time, in seconds."""
        return f"{self.alias}-{self.get_period_name(seconds)}"

    def get_period_name(self, seconds: int | None) -> str:
        """Return the month or year, in UTC, of a time: `2025-03`, `2025`, or `undated`."""
        if seconds is None:
            return UNDATED_PERIOD
        return (
            format_month(seconds)[:4] if self.settings.period == "year" else format_month(seconds)
        )


def format_month(seconds: int) -> str:
    """Return the month in UTC of a time: `2025-03`."""
    at = _EPOCH + timedelta(seconds=seconds)
    return f"{at.year:04}-{at.month:02}"
