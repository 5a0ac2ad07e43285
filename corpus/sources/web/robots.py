"""What a site lets programs do: its robots.txt, after RFC 9309."""

from __future__ import annotations

from typing import Protocol

# The name that rules for us stand under.
AGENT = "dateline"
# Rules after so many bytes are not read; the RFC asks for as much.
LONGEST = 512_000


class Rules(Protocol):
    """The rules of one site."""

    def can_fetch(self, url: str, user_agent: str) -> bool: ...

    def crawl_delay(self, user_agent: str) -> float | None: ...


def rules(content: bytes) -> Rules:
    """The rules in a robots.txt; an empty one forbids nothing."""
    from protego import Protego

    found: Rules = Protego.parse(content[:LONGEST].decode("utf-8-sig", "replace"))
    return found
