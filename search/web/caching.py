"""ETags: the index's generation and commit, and what else an answer depends on."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from threading import Lock
from typing import Generic, TypeVar

from search.config.config import Config
from search.results.execute import Request, parsed_query
from search.results.snapshot import View

# Clients may keep an answer, but ask each time whether it still holds.
CACHE_CONTROL = "no-cache"

_VERSION = version("dateline-search")

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """The last values that were made, by what they depend on: a view's state and what is asked."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[tuple[str, ...], Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, ...], make: Callable[[], Value]) -> Value:
        """The value of a key. Two threads may make it at once; both are the same."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            if len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


def tag(view: View, request: Request | None = None, *, form: str = "") -> str:
    """The ETag of what a view answers. Raises QueryError.

    It is a weak one, for answers tell how long they took. A query's relative dates are part of
    it as the instants that they mean now, and with recency so is the hour.
    """
    meant = "" if request is None else str(parsed_query(request, view.now, view.config))
    hour = _hour(view.now) if view.config.ranking.recency_half_life else ""
    more = repr((_VERSION, _settings(view.config), meant, hour, form))
    return f'W/"{view.state}-{_digest(more)}"'


def content_tag(content: str) -> str:
    """The ETag of what does not depend on an index."""
    return f'"{_digest(content)}"'


def is_held(if_none_match: str | None, current: str) -> bool:
    """Whether a client says that it has what is current."""
    if if_none_match is None:
        return False
    held = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return "*" in held or current.removeprefix("W/") in held


@lru_cache(maxsize=8)
def _settings(config: Config) -> str:
    return _digest(repr(config))


def _hour(now: datetime) -> str:
    return now.isoformat()[:13]


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
