"""Serving: a socket, uvicorn, and an end that is clean whoever asks for it."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Sequence

import uvicorn

from corpus.errors import DatelineError
from search.project.project import Project
from search.web.app import create_app
from search.web.limits import DEFAULTS, Limits
from search.web.processes import run_all

# After a signal to end, answers that are under way get so long.
_GRACE_SECONDS = 5
_IDLE_SECONDS = 15
_BACKLOG = 512


class ListenError(DatelineError):
    """An address that cannot be listened at."""

    def __init__(self, host: str, port: int, err: OSError) -> None:
        super().__init__(f"cannot listen at {host}, port {port}: {err.strerror or err}")


def serve(
    project: Project,
    *,
    host: str,
    port: int,
    hosts: Sequence[str] = (),
    token: str = "",
    processes: int = 1,
    say: Callable[[str], None],
    limits: Limits = DEFAULTS,
) -> None:
    """Serve a project until SIGINT or SIGTERM. Port 0 is any free one. Raises ListenError."""
    listening = listen(host, port, shared=processes > 1)
    address = listening.getsockname()[:2]
    config = uvicorn.Config(
        create_app(project, token=token, hosts=hosts, limits=limits),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        backlog=_BACKLOG,
        # More than we take, so that the refusal is ours.
        h11_max_incomplete_event_size=4 * limits.target_bytes,
        ws="none",
    )
    kept = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        for each in kept:
            # Uvicorn ends by these, and then raises them once more.
            signal.signal(each, lambda number, frame: None)
        say(f"serving {project.config.root} at {_address(listening)}")
        say("articles can be written with the token" if token else "read-only; Ctrl-C ends it")
        run_all(
            processes,
            config,
            first=lambda server: server.run(sockets=[listening]),
            other=lambda server: server.run(sockets=[listen(*address, shared=True)]),
        )
    finally:
        for each, handler in kept.items():
            signal.signal(each, handler)
        listening.close()


def listen(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A socket that listens; a shared one beside those of other processes. Raises ListenError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )[0]
        # Only where the protocol is told does asyncio send answers without delay; a socket of
        # create_server has none, and each answer waits some 40 ms for what the client confirms.
        listening = socket.socket(family, kind, protocol)
    except OSError as err:
        raise ListenError(host, port, err) from err
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            # Each process has a socket of its own: of one, the first to wake takes all.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as err:
        listening.close()
        raise ListenError(host, port, err) from err
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
