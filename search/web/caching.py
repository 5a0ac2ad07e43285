"""ETags, made of all that an answer depends on, and an LRU cache keyed by them."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from threading import Lock
from typing import Generic, TypeVar

from search.config.config import Config
from search.results.execute import parse_request
from search.results.facets import Facets
from search.results.request import Request
from search.results.snapshot import Snapshot
from search.results.timeline import Timeline

# Clients may store an answer, but revalidate it before each use.
CACHE_CONTROL = "no-cache"

_VERSION = version("dateline-search")

Value = TypeVar("Value")


class LruCache(Generic[Value]):
    """An LRU cache of values, each under what it depends on. Threads may share it."""

    def __init__(self, max_values: int) -> None:
        self._max_values = max_values
        self._values: OrderedDict[str, Value] = OrderedDict()
        self._lock = Lock()

    def get_or_make(self, key: str, make: Callable[[], Value]) -> Value:
        """Return the value of a key, made if absent. Two threads may make it at the same time."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            if len(self._values) > self._max_values:
                self._values.popitem(last=False)
        return value


@dataclass(frozen=True, slots=True)
class QueryCounts:
    """The facets and timeline of a query; every page of its hits shows the same."""

    facets: Facets
    timeline: Timeline


def make_etag(snapshot: Snapshot, request: Request | None = None, *, form: str = "") -> str:
    """Return the ETag of an answer of a snapshot. Raises QueryError.

    It is weak, because answers report how long they took. It contains the query with its
    relative dates resolved to instants, and with recency ranking also the hour.
    """
    query = "" if request is None else str(parse_request(request, snapshot))
    hour = _format_hour(snapshot.now) if snapshot.config.ranking.recency_half_life else ""
    inputs = repr((_VERSION, _digest_config(snapshot.config), query, hour, form))
    return f'W/"{snapshot.state}-{_hash_text(inputs)}"'


def make_content_etag(content: str) -> str:
    """Return the ETag of a content that does not depend on an index."""
    return f'"{_hash_text(content)}"'


def has_matching_etag(if_none_match: str | None, etag: str) -> bool:
    """Whether an If-None-Match header contains the current ETag, by weak comparison."""
    if if_none_match is None:
        return False
    tags = [entry.strip().removeprefix("W/") for entry in if_none_match.split(",")]
    return "*" in tags or etag.removeprefix("W/") in tags


@lru_cache(maxsize=8)
def _digest_config(config: Config) -> str:
    return _hash_text(repr(config))


def _format_hour(now: datetime) -> str:
    return now.isoformat()[:13]


def _hash_text(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
