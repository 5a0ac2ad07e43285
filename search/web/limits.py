"""Limits on the size of requests and answers, and on the time spent on them."""

from __future__ import annotations

from dataclasses import dataclass

# Hits, values or suggestions in one answer.
MAX_RESULTS = 1_000
# Articles in one request to ingest.
MAX_POSTED_ARTICLES = 1_000


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Limits in bytes, seconds and numbers of requests. The parser has those of queries.

    A client has `head_timeout_seconds` to send the head of a request, and may pause in its body, or
    in reading an answer, for `idle_timeout_seconds`. Each process has `max_connections`.
    """

    max_target_bytes: int = 60_000
    max_body_bytes: int = 20_000_000
    read_timeout_seconds: float = 10.0
    write_timeout_seconds: float = 120.0
    read_threads: int = 4
    max_waiting_requests: int = 256
    head_timeout_seconds: float = 10.0
    idle_timeout_seconds: float = 15.0
    max_connections: int = 500


DEFAULT_LIMITS = ServerLimits()
