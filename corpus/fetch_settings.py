"""Settings of the fetcher, and the HTTP validators that it stores for conditional requests."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)


def is_web_address(location: str) -> bool:
    """Return whether a source's location has a URL scheme, valid or not, and so is not a path."""
    return _SCHEME.match(location) is not None


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """The `fetch` section of a project's settings.

    `pace` is the minimum number of seconds between two requests to a host. `contact` is an
    address that is sent in the User-Agent. `pages` is the maximum number of linked pages that
    are fetched per source in one update; the next update continues. `allow_local` permits
    addresses of this machine and its network, and any port.
    """

    allow_local: bool = False
    pace: float = 1.0
    contact: str = ""
    pages: int = 1_000


@dataclass(frozen=True, slots=True)
class Validators:
    """The ETag and Last-Modified headers of a response, for a conditional request (RFC 9110)."""

    etag: str = ""
    last_modified: str = ""
