"""Fetching from the web as a good guest: robots.txt, a pace for each host, limits on all.

FetchError: could not be fetched now, may be later
├── UnreachableError: there was no connection
├── HostClosedError: and nothing else from that host, in this run
└── RefusedError: and will not be later
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

import httpcore
import httpx

from corpus.fetching import FetchSettings, Validators
from corpus.sources.formats.http_response import ResponseError, charset_of, unpacked
from corpus.sources.item import MAX_BYTES
from corpus.sources.web.addresses import (
    AddressError,
    Resolver,
    UnknownHostError,
    addresses,
    checked_address,
    look_up,
)
from corpus.sources.web.hosts import (
    FetchError,
    HostClosedError,
    Hosts,
    RefusedError,
    UnreachableError,
)
from corpus.sources.web.robots import AGENT, LONGEST
from corpus.sources.web.transport import Transport

_SECONDS = httpx.Timeout(20, connect=10)
_WHOLE_SECONDS = 60.0
_MOST_REDIRECTS = 5
# A server that asks to wait longer is asked again in the next run.
_LONGEST_WAIT = 30.0
_ACCEPT = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, */*;q=0.5"
_BUSY = frozenset((429, 503))
_FORBIDDEN = frozenset((401, 402, 403, 407, 451))
_GONE = {404: "there is no such page (404)", 410: "the page is gone (410)"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with status 200. `url` is where redirects led to; `media_type` in lower case."""

    url: str
    content: bytes
    media_type: str
    charset: str
    validators: Validators


class Fetcher:
    """Fetches for one run: what a host said of itself is remembered until its end.

    Threads may share it. `clock` counts seconds, and `wait` lets some pass.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolver: Resolver = look_up,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        self.settings = settings
        self._resolver = resolver
        self._clock = clock
        self._stopped = Event()
        self._wait = wait or self._stopped.wait
        self._hosts = Hosts(settings.pace, clock, self._pause)
        self._probed: dict[str, Fetched] = {}
        contact = f"; {settings.contact}" if settings.contact else ""
        self._agent = f"{AGENT} (full-text search for news{contact})"

    def stop(self) -> None:
        """Have whoever waits in another thread wait no longer, and fetch no more."""
        self._stopped.set()

    def get(self, url: str, known: Validators | None = None) -> Fetched | None:
        """What is at an address; None if it is as it was when `known`. Raises FetchError."""
        if (probed := self._probed.pop(url, None)) is not None:
            return probed
        return self._follow(url, known or Validators(), self._permitted)

    def probe(self, url: str) -> None:
        """Make sure that something is at an address, which the next `get` gives.

        Raises FetchError.
        """
        fetched = self.get(url)
        if fetched is None or not fetched.content.strip():
            raise FetchError("the answer is empty")
        self._probed[url] = fetched

    def _follow(
        self, url: str, known: Validators, permitted: Callable[[str], None]
    ) -> Fetched | None:
        seen = set[str]()
        # Some sites redirect for ever unless they get back the cookie that they gave.
        cookies = httpx.Cookies()
        while len(seen) <= _MOST_REDIRECTS:
            url = self._checked(url)
            if url in seen:
                raise RefusedError("it redirects in a circle")
            seen.add(url)
            permitted(url)
            answer = self._patiently(url, known, cookies)
            if not isinstance(answer, str):
                return answer
            url = answer
        raise RefusedError(f"it redirects more than {_MOST_REDIRECTS} times")

    def _checked(self, url: str) -> str:
        try:
            return checked_address(url, any_port=self.settings.allow_local)
        except AddressError as err:
            raise RefusedError(str(err)) from err

    def _permitted(self, url: str) -> None:
        """Raises RefusedError if robots.txt forbids an address."""
        if not self._hosts.allows(url, self._robots):
            raise RefusedError("robots.txt forbids it")

    def _robots(self, url: str) -> bytes:
        """A robots.txt; an empty one if there is none. Raises FetchError if that is not sure."""
        try:
            fetched = self._follow(url, Validators(), lambda url: None)
        except HostClosedError:
            raise
        except RefusedError:
            return b""
        return fetched.content[:LONGEST] if fetched else b""

    def _patiently(
        self, url: str, known: Validators, cookies: httpx.Cookies
    ) -> Fetched | str | None:
        """An answer, or where it redirects to; asked once more if the server wants to rest."""
        try:
            return self._paced(url, known, cookies)
        except _BusyError as err:
            if err.seconds > _LONGEST_WAIT:
                raise self._hosts.close(url, f"{err}, and asks for rest") from err
            self._pause(err.seconds)
        try:
            return self._paced(url, known, cookies)
        except _BusyError as err:
            raise self._hosts.close(url, f"{err}, twice") from err

    def _paced(self, url: str, known: Validators, cookies: httpx.Cookies) -> Fetched | str | None:
        self._hosts.take_turn(url)
        try:
            with self._reasons():
                answer = self._ask(url, known, cookies)
        except UnreachableError as err:
            self._hosts.failed(url, str(err))
            raise
        self._hosts.answered(url)
        return answer

    def _ask(self, url: str, known: Validators, cookies: httpx.Cookies) -> Fetched | str | None:
        until = self._clock() + _WHOLE_SECONDS
        transport = Transport(self._addresses, lambda: until - self._clock())
        headers = {"User-Agent": self._agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
        if known.etag:
            headers["If-None-Match"] = known.etag
        if known.modified:
            headers["If-Modified-Since"] = known.modified
        with (
            httpx.Client(
                transport=transport, trust_env=False, timeout=_SECONDS, cookies=cookies
            ) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            cookies.update(client.cookies)
            if response.next_request is not None:
                return str(response.next_request.url)
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return None
            _check_status(response)
            return _fetched(response)

    def _addresses(self, host: str, port: int) -> list[str]:
        allow_local = self.settings.allow_local
        return list(addresses(host, port, resolver=self._resolver, allow_local=allow_local))

    @contextmanager
    def _reasons(self) -> Iterator[None]:
        """What httpx and its parts raise, as FetchError in plain words."""
        try:
            yield
        except UnknownHostError as err:
            raise UnreachableError(str(err)) from err
        except (AddressError, httpx.InvalidURL, httpx.RemoteProtocolError, UnicodeError) as err:
            raise RefusedError(str(err)) from err
        except httpcore.TimeoutException as err:
            raise UnreachableError("the server did not answer in time") from err
        except httpcore.NetworkError as err:
            raise UnreachableError(_why(err)) from err
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as err:
            raise FetchError(f"the server's answer is damaged or cut off: {err}") from err

    def _pause(self, seconds: float) -> None:
        if seconds > 0:
            self._wait(seconds)
        if self._stopped.is_set():
            raise FetchError("stopped")


class _BusyError(FetchError):
    """The server wants to be left alone for some seconds."""

    def __init__(self, status: int, seconds: float) -> None:
        super().__init__(f"the server answered {status}")
        self.seconds = seconds


def _check_status(response: httpx.Response) -> None:
    """Raises FetchError unless there is something to read."""
    status = response.status_code
    if status in {200, 203}:
        return
    if status in _BUSY:
        raise _BusyError(status, _retry_after(response))
    if status in _GONE:
        raise RefusedError(_GONE[status])
    if status in _FORBIDDEN:
        raise RefusedError(f"the site does not let us have it ({status})")
    if 400 <= status < 500:
        raise RefusedError(f"the server does not take the address ({status})")
    raise FetchError(f"the server answered {status}")


def _retry_after(response: httpx.Response) -> float:
    """Seconds to wait; a date, or nothing at all, counts as too long to wait for."""
    asked = response.headers.get("Retry-After", "").strip()
    return float(asked) if asked.isdecimal() and len(asked) < 10 else float("inf")


def _fetched(response: httpx.Response) -> Fetched:
    packed = bytearray()
    for piece in response.iter_raw():
        packed += piece
        if len(packed) > MAX_BYTES:
            raise RefusedError(f"it is longer than {MAX_BYTES:,} bytes")
    try:
        content = unpacked(bytes(packed), response.headers.get("Content-Encoding", ""))
    except ResponseError as err:
        raise RefusedError(str(err)) from err
    content_type = response.headers.get("Content-Type", "")
    return Fetched(
        url=str(response.url),
        content=content,
        media_type=content_type.partition(";")[0].strip().lower(),
        charset=charset_of(content_type),
        validators=Validators(
            response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
        ),
    )


def _why(err: Exception) -> str:
    """What broke a connection, looked for in what the error came of."""
    cause: BaseException | None = err
    while cause is not None:
        match cause:
            case ssl.SSLCertVerificationError():
                return f"its certificate is not valid: {cause.verify_message}"
            case ssl.SSLError():
                return f"no secure connection can be made: {cause.reason}"
            case ConnectionRefusedError():
                return "nothing answers at its port"
            case OSError() if cause.strerror:
                return f"the connection failed: {cause.strerror}"
        cause = cause.__cause__ or cause.__context__
    return f"the connection failed: {err}"
