"""Polite fetching from the web: robots.txt, a pace for each host, limits on size and time.

FetchError: a fetch failed, and may succeed later
├── UnreachableError: there was no connection
├── HostClosedError: nothing more is fetched from that host in this run
└── RefusedError: trying again would fail, too
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

from corpus.fetch_settings import FetchSettings, Validators
from corpus.sources.formats.http_response import ResponseError, decode_content, parse_charset
from corpus.sources.item import MAX_RECORD_BYTES
from corpus.sources.web.addresses import (
    AddressError,
    Resolver,
    UnknownHostError,
    look_up_host,
    resolve_host,
    validate_address,
)
from corpus.sources.web.hosts import (
    FetchError,
    HostClosedError,
    Hosts,
    RefusedError,
    UnreachableError,
)
from corpus.sources.web.robots import MAX_ROBOTS_BYTES, USER_AGENT
from corpus.sources.web.transport import Transport

_TIMEOUT_SECONDS = httpx.Timeout(20, connect=10)
_MAX_REQUEST_SECONDS = 60.0
_MAX_REDIRECTS = 5
# If a server asks for a longer wait, the request is repeated in the next run.
_MAX_RETRY_AFTER_SECONDS = 30.0
_ACCEPT = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, */*;q=0.5"
_BUSY_STATUSES = frozenset((429, 503))
_FORBIDDEN_STATUSES = frozenset((401, 402, 403, 407, 451))
_GONE_REASONS = {404: "there is no such page (404)", 410: "the page is gone (410)"}


@dataclass(frozen=True, slots=True)
class FetchResponse:
    """A response with status 200 or 203.

    `url` is its address after redirects, `media_type` is in lower case.
    """

    url: str
    content: bytes
    media_type: str
    charset: str
    validators: Validators


class Fetcher:
    """The HTTP client of one run; the state of each host is kept until its end.

    Threads may share it. `clock` returns seconds, and `wait` sleeps for some.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolver: Resolver = look_up_host,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        self.settings = settings
        self._resolver = resolver
        self._clock = clock
        self._stopped = Event()
        self._wait = wait or self._stopped.wait
        self._hosts = Hosts(settings.pace, clock, self._pause)
        self._probed_responses: dict[str, FetchResponse] = {}
        contact = f"; {settings.contact}" if settings.contact else ""
        self._agent = f"{USER_AGENT} (full-text search for news{contact})"

    def stop(self) -> None:
        """Interrupt waits in other threads, and fetch nothing more."""
        self._stopped.set()

    def fetch(self, url: str, known_validators: Validators | None = None) -> FetchResponse | None:
        """Return the response of an address; None if the validators match. Raises FetchError."""
        if (probed := self._probed_responses.pop(url, None)) is not None:
            return probed
        return self._follow_redirects(url, known_validators or Validators(), self._check_robots)

    def probe_address(self, url: str) -> None:
        """Fetch an address, and keep the response for the next request of it.

        Raises FetchError, also if the response is empty.
        """
        fetched = self.fetch(url)
        if fetched is None or not fetched.content.strip():
            raise FetchError("the answer is empty")
        self._probed_responses[url] = fetched

    def _follow_redirects(
        self, url: str, validators: Validators, check_permission: Callable[[str], None]
    ) -> FetchResponse | None:
        seen = set[str]()
        # Some sites redirect forever unless their cookie is sent back.
        cookies = httpx.Cookies()
        while len(seen) <= _MAX_REDIRECTS:
            url = self._validate_address(url)
            if url in seen:
                raise RefusedError("it redirects in a circle")
            seen.add(url)
            check_permission(url)
            response = self._request_with_retry(url, validators, cookies)
            if not isinstance(response, str):
                return response
            url = response
        raise RefusedError(f"it redirects more than {_MAX_REDIRECTS} times")

    def _validate_address(self, url: str) -> str:
        try:
            return validate_address(url, any_port=self.settings.allow_local)
        except AddressError as err:
            raise RefusedError(str(err)) from err

    def _check_robots(self, url: str) -> None:
        """Raise RefusedError if robots.txt forbids an address."""
        if not self._hosts.is_allowed(url, self._fetch_robots):
            raise RefusedError("robots.txt forbids it")

    def _fetch_robots(self, url: str) -> bytes:
        """Fetch a robots.txt; return an empty one if there is none. Raises FetchError."""
        try:
            fetched = self._follow_redirects(url, Validators(), lambda url: None)
        except HostClosedError:
            raise
        except RefusedError:
            return b""
        return fetched.content[:MAX_ROBOTS_BYTES] if fetched else b""

    def _request_with_retry(
        self, url: str, validators: Validators, cookies: httpx.Cookies
    ) -> FetchResponse | str | None:
        """Send a request, and repeat it once if the server is busy.

        Returns the response, the address that it redirects to, or None if it is unchanged.
        """
        try:
            return self._request_in_turn(url, validators, cookies)
        except _BusyError as err:
            if err.retry_after_seconds > _MAX_RETRY_AFTER_SECONDS:
                raise self._hosts.close_host(url, f"{err}, and asks for rest") from err
            self._pause(err.retry_after_seconds)
        try:
            return self._request_in_turn(url, validators, cookies)
        except _BusyError as err:
            raise self._hosts.close_host(url, f"{err}, twice") from err

    def _request_in_turn(
        self, url: str, validators: Validators, cookies: httpx.Cookies
    ) -> FetchResponse | str | None:
        self._hosts.wait_for_turn(url)
        try:
            with self._translate_errors():
                response = self._send_request(url, validators, cookies)
        except UnreachableError as err:
            self._hosts.record_failure(url, str(err))
            raise
        self._hosts.record_success(url)
        return response

    def _send_request(
        self, url: str, validators: Validators, cookies: httpx.Cookies
    ) -> FetchResponse | str | None:
        deadline = self._clock() + _MAX_REQUEST_SECONDS
        transport = Transport(self._resolve_host, lambda: deadline - self._clock())
        headers = {"User-Agent": self._agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        with (
            httpx.Client(
                transport=transport, trust_env=False, timeout=_TIMEOUT_SECONDS, cookies=cookies
            ) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            cookies.update(client.cookies)
            if response.next_request is not None:
                return str(response.next_request.url)
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return None
            _check_status(response)
            return _read_response(response)

    def _resolve_host(self, host: str, port: int) -> list[str]:
        allow_local = self.settings.allow_local
        return list(resolve_host(host, port, resolver=self._resolver, allow_local=allow_local))

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        """Translate exceptions of httpx and httpcore to FetchError, with messages for people."""
        try:
            yield
        except UnknownHostError as err:
            raise UnreachableError(str(err)) from err
        except (AddressError, httpx.InvalidURL, httpx.RemoteProtocolError, UnicodeError) as err:
            raise RefusedError(str(err)) from err
        except httpcore.TimeoutException as err:
            raise UnreachableError("the server did not answer in time") from err
        except httpcore.NetworkError as err:
            raise UnreachableError(_explain_connection_error(err)) from err
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as err:
            raise FetchError(f"the server's answer is damaged or cut off: {err}") from err

    def _pause(self, seconds: float) -> None:
        if seconds > 0:
            self._wait(seconds)
        if self._stopped.is_set():
            raise FetchError("stopped")


class _BusyError(FetchError):
    """The server asks for a pause of some seconds."""

    def __init__(self, status: int, seconds: float) -> None:
        super().__init__(f"the server answered {status}")
        self.retry_after_seconds = seconds


def _check_status(response: httpx.Response) -> None:
    """Raise FetchError unless the response has a body to read."""
    status = response.status_code
    if status in {200, 203}:
        return
    if status in _BUSY_STATUSES:
        raise _BusyError(status, _parse_retry_after(response))
    if status in _GONE_REASONS:
        raise RefusedError(_GONE_REASONS[status])
    if status in _FORBIDDEN_STATUSES:
        raise RefusedError(f"the site does not let us have it ({status})")
    if 400 <= status < 500:
        raise RefusedError(f"the server does not take the address ({status})")
    raise FetchError(f"the server answered {status}")


def _parse_retry_after(response: httpx.Response) -> float:
    """Return the seconds of a Retry-After header; a date or a missing header is infinity."""
    seconds = response.headers.get("Retry-After", "").strip()
    return float(seconds) if seconds.isdecimal() and len(seconds) < 10 else float("inf")


def _read_response(response: httpx.Response) -> FetchResponse:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > MAX_RECORD_BYTES:
            raise RefusedError(f"it is longer than {MAX_RECORD_BYTES:,} bytes")
    try:
        content = decode_content(bytes(body), response.headers.get("Content-Encoding", ""))
    except ResponseError as err:
        raise RefusedError(str(err)) from err
    content_type = response.headers.get("Content-Type", "")
    return FetchResponse(
        url=str(response.url),
        content=content,
        media_type=content_type.partition(";")[0].strip().lower(),
        charset=parse_charset(content_type),
        validators=Validators(
            response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
        ),
    )


def _explain_connection_error(err: Exception) -> str:
    """Return why a connection failed, from the chain of causes of an error."""
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
