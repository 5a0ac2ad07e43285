"""The robots.txt of a site (RFC 9309)."""

from __future__ import annotations

from typing import Protocol

# The product token that a robots.txt addresses us by.
AGENT = "dateline"
# Content after this many bytes is ignored; the RFC requires at least 500 KiB.
LONGEST = 512_000


class Rules(Protocol):
    """The rules of one site."""

    def can_fetch(self, url: str, user_agent: str) -> bool: ...

    def crawl_delay(self, user_agent: str) -> float | None: ...


def rules(content: bytes) -> Rules:
    """Parse a robots.txt; an empty one disallows nothing."""
    from protego import Protego

    parsed: Rules = Protego.parse(content[:LONGEST].decode("utf-8-sig", "replace"))
    return parsed
