"""The robots.txt of a site (RFC 9309)."""

from __future__ import annotations

from typing import Protocol

# The product token that a robots.txt addresses us by.
USER_AGENT = "dateline"
# Content after this many bytes is ignored; the RFC requires at least 500 KiB.
MAX_ROBOTS_BYTES = 512_000


class RobotsRules(Protocol):
    """The rules of one site."""

    def can_fetch(self, url: str, user_agent: str) -> bool: ...

    def crawl_delay(self, user_agent: str) -> float | None: ...


def parse_robots(content: bytes) -> RobotsRules:
    """Parse a robots.txt; an empty one disallows nothing."""
    from protego import Protego

    parsed: RobotsRules = Protego.parse(content[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace"))
    return parsed
