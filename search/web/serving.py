"""The server: its socket, uvicorn, and a clean shutdown by signals."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Sequence

import uvicorn

from corpus.errors import DatelineError
from search.project.project import Project
from search.web.app import create_app
from search.web.connections import build_protocol
from search.web.limits import DEFAULT_LIMITS, ServerLimits
from search.web.processes import run_servers

# Time to finish running answers after a signal to end.
_SHUTDOWN_GRACE_SECONDS = 5
_KEEP_ALIVE_SECONDS = 15
_MAX_BACKLOG_CONNECTIONS = 512


class ListenError(DatelineError):
    """A host and port at which the server cannot listen."""

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
    report: Callable[[str], None],
    limits: ServerLimits = DEFAULT_LIMITS,
) -> None:
    """Serve a project until SIGINT or SIGTERM. Port 0 is any free one. Raises ListenError."""
    listener = open_socket(host, port, shared=processes > 1)
    address = listener.getsockname()[:2]
    config = uvicorn.Config(
        create_app(project, token=token, hosts=hosts, limits=limits),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_SHUTDOWN_GRACE_SECONDS,
        backlog=_MAX_BACKLOG_CONNECTIONS,
        # More than the guard accepts, so that the guard rejects it with a problem document.
        h11_max_incomplete_event_size=4 * limits.max_target_bytes,
        http=build_protocol(limits),
        ws="none",
    )
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for number in handlers:
            # Uvicorn shuts down on these signals, and then raises them once more.
            signal.signal(number, lambda number, frame: None)
        report(f"serving {project.config.root} at {_format_url(listener)}")
        report("articles can be written with the token" if token else "read-only; Ctrl-C ends it")
        run_servers(
            processes,
            config,
            first=lambda server: server.run(sockets=[listener]),
            other=lambda server: server.run(sockets=[open_socket(*address, shared=True)]),
        )
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        listener.close()


def open_socket(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """Open a listening socket; a shared one can be opened by each process. Raises ListenError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )[0]
        # Asyncio sets TCP_NODELAY only on a socket that was made with its protocol. One of
        # create_server has none, and each answer waits some 40 ms for an acknowledgement.
        listener = socket.socket(family, kind, protocol)
    except OSError as err:
        raise ListenError(host, port, err) from err
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            # One socket a process: of a single one, the first process to wake accepts all.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)
        listener.listen(_MAX_BACKLOG_CONNECTIONS)
    except OSError as err:
        listener.close()
        raise ListenError(host, port, err) from err
    return listener


def _format_url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
