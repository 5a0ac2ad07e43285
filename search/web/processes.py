"""Several server processes at one address, because a Python process uses one core."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from signal import SIGTERM
from threading import Thread

import uvicorn

RunServer = Callable[[uvicorn.Server], None]


def run_servers(count: int, config: uvicorn.Config, *, first: RunServer, other: RunServer) -> None:
    """Run one server in this process and the others in forks; stop all when this one ends.

    Call it before any thread is started or database opened.
    """
    read_end, write_end = os.pipe()
    pids = [_fork_server(read_end, write_end, other, config) for _ in range(count - 1)]
    os.close(read_end)
    try:
        first(uvicorn.Server(config))
    finally:
        os.close(write_end)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, SIGTERM)
        for pid in pids:
            os.waitpid(pid, 0)


def _fork_server(read_end: int, write_end: int, run: RunServer, config: uvicorn.Config) -> int:
    """Fork a server process that ends with this one, even if this one is killed.

    Return its process id.
    """
    if pid := os.fork():
        return pid
    status = 1
    try:
        os.close(write_end)
        server = uvicorn.Server(config)
        Thread(target=_stop_with_parent, args=(read_end, server), daemon=True).start()
        run(server)
        status = 0
    finally:
        # Not sys.exit: the cleanup handlers belong to the first process.
        os._exit(status)


def _stop_with_parent(read_end: int, server: uvicorn.Server) -> None:
    """Stop the server when the write end of the pipe is closed: the first process has ended."""
    os.read(read_end, 1)
    server.should_exit = True
