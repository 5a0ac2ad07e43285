"""The hosts of one run: when each may be asked again, what its robots.txt says, who is silent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlsplit

from corpus.errors import SourceError
from corpus.sources.web.robots import AGENT, Rules, rules

# A longer delay than this, in seconds, is not waited for between two requests.
_LONGEST_DELAY = 30.0
# After so many failures in a row a host is left alone.
_MOST_FAILURES = 3


class FetchError(SourceError):
    """Something could not be fetched now; the message is the reason."""


class HostClosedError(FetchError):
    """A host is left alone until the next run."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(reason)
        self.host = host


class UnreachableError(FetchError):
    """There was no connection, or it broke off."""


class RefusedError(FetchError):
    """Something cannot be fetched, and trying again would not help."""


@dataclass(slots=True)
class _Host:
    """`free_at` is when the next request may begin, `delay` what robots.txt asks for."""

    free_at: float = 0.0
    delay: float = 0.0
    failures: int = 0
    closed: HostClosedError | None = None
    turn: Lock = field(default_factory=Lock)


@dataclass(slots=True)
class _Site:
    """A scheme, host and port: they have a robots.txt of their own."""

    rules: Rules | None = None
    turn: Lock = field(default_factory=Lock)


class Hosts:
    """What is known of hosts in one run. Threads may share it."""

    def __init__(
        self, pace: float, clock: Callable[[], float], pause: Callable[[float], None]
    ) -> None:
        self._pace = pace
        self._clock = clock
        self._pause = pause
        self._hosts: dict[str, _Host] = {}
        self._sites: dict[str, _Site] = {}

    def _host(self, url: str) -> _Host:
        return self._hosts.setdefault(urlsplit(url).hostname or "", _Host())

    def take_turn(self, url: str) -> None:
        """Wait until a host may be asked. Raises HostClosedError."""
        host = self._host(url)
        with host.turn:
            if host.closed is not None:
                raise host.closed
            now = self._clock()
            begin = max(now, host.free_at)
            host.free_at = begin + max(self._pace, host.delay)
        self._pause(begin - now)

    def answered(self, url: str) -> None:
        self._host(url).failures = 0

    def failed(self, url: str, reason: str) -> None:
        """Note that a host did not answer; after some of these it is left alone."""
        host = self._host(url)
        host.failures += 1
        if host.failures >= _MOST_FAILURES:
            self.close(url, reason)

    def close(self, url: str, reason: str) -> HostClosedError:
        """Leave a host alone from now on. Returns the error to raise."""
        closed = HostClosedError(urlsplit(url).hostname or "", reason)
        self._host(url).closed = closed
        return closed

    def allows(self, url: str, fetch: Callable[[str], bytes]) -> bool:
        """Whether robots.txt lets us have an address; it is fetched at the first.

        Where it cannot be had, the RFC has us take everything for forbidden, for now: raises
        HostClosedError.
        """
        parts = urlsplit(url)
        site = self._sites.setdefault(f"{parts.scheme}://{parts.netloc}".lower(), _Site())
        with site.turn:
            if site.rules is None:
                site.rules = self._rules(url, fetch)
        return site.rules.can_fetch(url, AGENT)

    def _rules(self, url: str, fetch: Callable[[str], bytes]) -> Rules:
        parts = urlsplit(url)
        host = self._host(url)
        if host.closed is not None:
            raise host.closed
        try:
            found = rules(fetch(f"{parts.scheme}://{parts.netloc}/robots.txt"))
        except HostClosedError:
            raise
        except FetchError as err:
            about = "" if isinstance(err, UnreachableError) else "its robots.txt cannot be had: "
            raise self.close(url, f"{about}{err}") from err
        host.delay = min(found.crawl_delay(AGENT) or 0.0, _LONGEST_DELAY)
        return found
