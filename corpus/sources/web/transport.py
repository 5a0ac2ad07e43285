"""An HTTP transport that connects only to checked addresses, with a total time limit."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import httpcore
import httpx

# Resolves a host and port to IP addresses to connect to. Raises AddressError.
Lookup = Callable[[str, int], Sequence[str]]
# Returns the seconds that are left for the whole request.
SecondsLeft = Callable[[], float]


class Transport(httpx.BaseTransport):
    """An httpx transport that connects to the addresses that `lookup` returns.

    The host name is still sent in the request, and the certificate must match it.
    Raises httpcore's errors, and those of `lookup`.
    """

    def __init__(self, lookup: Lookup, seconds_left: SecondsLeft) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_make_ssl_context(), network_backend=_Backend(lookup, seconds_left)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_ResponseBody(response)
        )

    def close(self) -> None:
        self._pool.close()


@cache
def _make_ssl_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


class _ResponseBody(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _Backend(httpcore.NetworkBackend):
    """A network backend that connects to the first address that responds."""

    def __init__(self, lookup: Lookup, seconds_left: SecondsLeft) -> None:
        self._lookup = lookup
        self._seconds_left = seconds_left
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError(f"no address for {host}")
        for address in self._lookup(host, port):
            try:
                stream = self._network.connect_tcp(
                    address,
                    port,
                    _limit_timeout(timeout, self._seconds_left()),
                    local_address,
                    socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as err:
                failure = err
            else:
                return _Stream(stream, self._seconds_left)
        raise failure


class _Stream(httpcore.NetworkStream):
    """A connection with a deadline, also for a server that sends a byte now and then."""

    def __init__(self, stream: httpcore.NetworkStream, seconds_left: SecondsLeft) -> None:
        self._stream = stream
        self._seconds_left = seconds_left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _limit_timeout(timeout, self._seconds_left()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _limit_timeout(timeout, self._seconds_left()))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        timeout = _limit_timeout(timeout, self._seconds_left())
        return _Stream(
            self._stream.start_tls(ssl_context, server_hostname, timeout), self._seconds_left
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _limit_timeout(timeout: float | None, seconds_left: float) -> float:
    """Return the timeout of one operation, in seconds. Raises ReadTimeout if no time is left."""
    if seconds_left <= 0:
        raise httpcore.ReadTimeout("out of time")
    return seconds_left if timeout is None else min(timeout, seconds_left)
