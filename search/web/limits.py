"""Limits on the size of requests and answers, and on the time spent on them."""

from __future__ import annotations

from dataclasses import dataclass

# Hits, values or suggestions in one answer.
MAX_LIMIT = 1_000
# Articles in one request to ingest.
MAX_POSTED = 1_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits in bytes, seconds and numbers of requests. The parser has those of queries."""

    target_bytes: int = 60_000
    body_bytes: int = 20_000_000
    seconds: float = 10.0
    writing_seconds: float = 120.0
    threads: int = 4
    waiting: int = 256


DEFAULTS = Limits()
