"""Connections of clients: how long they may keep us waiting, and how many there may be."""

from __future__ import annotations

import asyncio
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from search.web.limits import ServerLimits


class BoundedProtocol(H11Protocol):
    """One connection over HTTP/1.1 that is closed when its client is too slow.

    Uvicorn closes only one that waits for a further request. Here also the head of a request must
    be there in time, its body must go on, and the answer must be read. Of more connections than
    allowed, the one that has waited longest without a request is closed, or else the newest.
    """

    limits: ServerLimits
    # When the connection began to wait for a request; None while it has one.
    idle_since: float | None = None
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch_request()
        if len(self.connections) > self.limits.max_connections:
            self._find_longest_idle().transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch_request()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._stop_timer()
        if self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            # Until a next request begins, the limit is uvicorn's.
            self.idle_since = self.loop.time()
        if self.idle_since is None or self.flow.write_paused:
            self._watch_request()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._watch_request()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._start_timer(self.limits.idle_timeout_seconds)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_timer()
        self._watch_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def _watch_request(self) -> None:
        """Limit the time for the head of a request, each part of its body, and of its answer."""
        state = self.conn.their_state
        is_sending = self.transport.is_closing() or self.flow.write_paused
        if is_sending or state is h11.SEND_BODY:
            self._start_timer(self.limits.idle_timeout_seconds)
        elif state is not h11.IDLE:
            self._stop_timer()
        elif self._timer is None or self.idle_since is None:
            # The time for a head does not begin again with each of its bytes.
            self._start_timer(self.limits.head_timeout_seconds)
        if state is not h11.IDLE:
            self.idle_since = None
        elif self.idle_since is None:
            self.idle_since = self.loop.time()

    def _close_if_slow(self, seconds: float, unsent_bytes: int) -> None:
        """Close the connection, unless we are who does not read, or the client has read on."""
        self._timer = None
        has_read = self.transport.get_write_buffer_size() < unsent_bytes
        if self.flow.read_paused or has_read:
            self._start_timer(seconds)
        else:
            self.transport.abort()

    def _start_timer(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(
            seconds, self._close_if_slow, seconds, self.transport.get_write_buffer_size()
        )

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _find_longest_idle(self) -> BoundedProtocol:
        others = cast("set[BoundedProtocol]", self.connections)
        return min(others, key=lambda each: (each.idle_since is None, each.idle_since or 0.0))


def build_protocol(server_limits: ServerLimits) -> type[BoundedProtocol]:
    """Return the protocol with these limits."""

    class LimitedProtocol(BoundedProtocol):
        limits = server_limits

    return LimitedProtocol
