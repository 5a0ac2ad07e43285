"""What a server takes from strangers, and how long it works for them."""

from __future__ import annotations

from dataclasses import dataclass

# The most hits, values or suggestions of an answer.
MAX_LIMIT = 1_000
# The most articles of one request to take in.
MAX_POSTED = 1_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, seconds and numbers of requests. Those of queries stand with the parser."""

    target_bytes: int = 60_000
    body_bytes: int = 20_000_000
    seconds: float = 10.0
    writing_seconds: float = 120.0
    threads: int = 4
    waiting: int = 256


DEFAULTS = Limits()
