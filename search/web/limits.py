"""Limits on the size of requests and answers, and on the time spent on them."""

from __future__ import annotations

from dataclasses import dataclass

# Hits, values or suggestions in one answer.
MAX_RESULTS = 1_000
# Articles in one request to ingest.
MAX_POSTED_ARTICLES = 1_000


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Limits in bytes, seconds and numbers of requests. The parser has those of queries."""

    max_target_bytes: int = 60_000
    max_body_bytes: int = 20_000_000
    read_timeout_seconds: float = 10.0
    write_timeout_seconds: float = 120.0
    read_threads: int = 4
    max_waiting_requests: int = 256


DEFAULT_LIMITS = ServerLimits()
