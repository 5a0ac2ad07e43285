"""The settings of the cluster that holds a project's index, and the names that follow from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

UNDATED = "undated"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """One generation in a cluster, as a store sees it whose identity is `store`."""

    settings: ClusterSettings
    number: int
    store: str

    @property
    def alias(self) -> str:
        return f"{self.settings.index}-{self.number}"

    @property
    def ingesters(self) -> str:
        """The index of how far each store has come."""
        return f"{self.settings.index}-ingesters"

    @property
    def key(self) -> str:
        """This store's document there."""
        return f"{self.number}:{self.store}"

    def index(self, seconds: int | None) -> str:
        """Return the name of the index for documents of a moment."""
        return f"{self.alias}-{self.period(seconds)}"

    def period(self, seconds: int | None) -> str:
        """Return the month or year, in UTC, of a moment: `2025-03`, `2025`, or `undated`."""
        if seconds is None:
            return UNDATED
        return month(seconds)[:4] if self.settings.period == "year" else month(seconds)


def month(seconds: int) -> str:
    """Return the month in UTC of a moment: `2025-03`."""
    at = _EPOCH + timedelta(seconds=seconds)
    return f"{at.year:04}-{at.month:02}"
