"""Fetching: what a project lets it do, and what it remembers for the next time."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)


def is_web(location: str) -> bool:
    """Whether a source's location is a web address, or means to be one, and no path."""
    return _SCHEME.match(location) is not None


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """What the owner of a project allows.

    `pace` is the least number of seconds between two requests to a host. `contact` is an
    address that sites find in the User-Agent. `pages` is how many linked pages a source may
    have fetched in one update; the next one goes on. `allow_local` lets addresses of this
    machine and its network be fetched, and any port.
    """

    allow_local: bool = False
    pace: float = 1.0
    contact: str = ""
    pages: int = 1_000


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server needs in order to say that nothing changed: ETag and Last-Modified."""

    etag: str = ""
    modified: str = ""
