"""Serving: a socket, uvicorn, and an end that is clean whoever asks for it."""

from __future__ import annotations

import ipaddress
import signal
import socket
from collections.abc import Callable, Sequence

import uvicorn

from search.project import Project
from search.web.app import create_app
from search.web.limits import DEFAULTS, Limits
from search.web.processes import run_all

# After a signal to end, answers that are under way get so long.
_GRACE_SECONDS = 5
_IDLE_SECONDS = 15
_BACKLOG = 512


class ListenError(Exception):
    """An address that cannot be listened at."""

    def __init__(self, host: str, port: int, err: OSError) -> None:
        super().__init__(f"cannot listen at {host}, port {port}: {err.strerror or err}")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
    listening = _listen(host, port, shared=processes > 1)
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
            other=lambda server: server.run(sockets=[_listen(*address, shared=True)]),
        )
    finally:
        for each, handler in kept.items():
            signal.signal(each, handler)
        listening.close()


def _listen(host: str, port: int, *, shared: bool) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Each process has a socket of its own: of one that is shared, the first to wake takes all.
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG, reuse_port=shared)
    except OSError as err:
        raise ListenError(host, port, err) from err


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
