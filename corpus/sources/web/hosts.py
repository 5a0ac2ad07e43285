"""The state of each host in one run: time of the next request, robots.txt rules, failures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlsplit

from corpus.errors import SourceError
from corpus.sources.web.robots import USER_AGENT, RobotsRules, parse_robots

# The maximum Crawl-delay, in seconds; a longer one in robots.txt is shortened to it.
_MAX_CRAWL_DELAY_SECONDS = 30.0
# After this many consecutive failures a host is closed.
_MAX_CONSECUTIVE_FAILURES = 3


class FetchError(SourceError):
    """A fetch failed; the message is the reason."""


class HostClosedError(FetchError):
    """No more requests are sent to a host in this run."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(reason)
        self.host = host


class UnreachableError(FetchError):
    """A connection failed or was interrupted."""


class RefusedError(FetchError):
    """A fetch failed, and trying again would not help."""


@dataclass(slots=True)
class _Host:
    """`free_at` is the earliest time of the next request, `delay` the Crawl-delay in seconds."""

    free_at: float = 0.0
    delay: float = 0.0
    failures: int = 0
    closed: HostClosedError | None = None
    lock: Lock = field(default_factory=Lock)


@dataclass(slots=True)
class _Site:
    """A scheme, host and port, which have one robots.txt."""

    rules: RobotsRules | None = None
    lock: Lock = field(default_factory=Lock)


class Hosts:
    """The state of all hosts in one run. Threads may share it."""

    def __init__(
        self, pace: float, clock: Callable[[], float], pause: Callable[[float], None]
    ) -> None:
        self._pace = pace
        self._clock = clock
        self._pause = pause
        self._hosts: dict[str, _Host] = {}
        self._sites: dict[str, _Site] = {}

    def _get_host(self, url: str) -> _Host:
        return self._hosts.setdefault(urlsplit(url).hostname or "", _Host())

    def wait_for_turn(self, url: str) -> None:
        """Wait until a request to a host is due. Raises HostClosedError."""
        host = self._get_host(url)
        with host.lock:
            if host.closed is not None:
                raise host.closed
            now = self._clock()
            begin = max(now, host.free_at)
            host.free_at = begin + max(self._pace, host.delay)
        self._pause(begin - now)

    def record_success(self, url: str) -> None:
        self._get_host(url).failures = 0

    def record_failure(self, url: str, reason: str) -> None:
        """Count a failed request to a host; close it after three in a row."""
        host = self._get_host(url)
        host.failures += 1
        if host.failures >= _MAX_CONSECUTIVE_FAILURES:
            self.close_host(url, reason)

    def close_host(self, url: str, reason: str) -> HostClosedError:
        """Close a host for the rest of the run. Returns the error to raise."""
        closed = HostClosedError(urlsplit(url).hostname or "", reason)
        self._get_host(url).closed = closed
        return closed

    def is_allowed(self, url: str, fetch: Callable[[str], bytes]) -> bool:
        """Return whether robots.txt allows an address; it is fetched at the first request.

        If it cannot be fetched, RFC 9309 requires to assume that everything is disallowed for
        now: raises HostClosedError.
        """
        parts = urlsplit(url)
        site = self._sites.setdefault(f"{parts.scheme}://{parts.netloc}".lower(), _Site())
        with site.lock:
            if site.rules is None:
                site.rules = self._fetch_rules(url, fetch)
        return site.rules.can_fetch(url, USER_AGENT)

    def _fetch_rules(self, url: str, fetch: Callable[[str], bytes]) -> RobotsRules:
        parts = urlsplit(url)
        host = self._get_host(url)
        if host.closed is not None:
            raise host.closed
        try:
            site_rules = parse_robots(fetch(f"{parts.scheme}://{parts.netloc}/robots.txt"))
        except HostClosedError:
            raise
        except FetchError as err:
            prefix = "" if isinstance(err, UnreachableError) else "its robots.txt cannot be had: "
            raise self.close_host(url, f"{prefix}{err}") from err
        host.delay = min(site_rules.crawl_delay(USER_AGENT) or 0.0, _MAX_CRAWL_DELAY_SECONDS)
        return site_rules
