"""Several server processes at one address, because a Python process uses one core."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from signal import SIGTERM
from threading import Thread

import uvicorn

Run = Callable[[uvicorn.Server], None]


def run_all(number: int, config: uvicorn.Config, *, first: Run, other: Run) -> None:
    """Run one server in this process and the others in forks; stop all when this one ends.

    Call it before any thread is started or database opened.
    """
    read_end, write_end = os.pipe()
    pids = [_other(read_end, write_end, other, config) for _ in range(number - 1)]
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


def _other(held: int, alive: int, run: Run, config: uvicorn.Config) -> int:
    """Fork a server process that ends with this one, even if this one is killed.

    Return its process id.
    """
    if pid := os.fork():
        return pid
    status = 1
    try:
        os.close(alive)
        server = uvicorn.Server(config)
        Thread(target=_end_with, args=(held, server), daemon=True).start()
        run(server)
        status = 0
    finally:
        # Not sys.exit: the cleanup handlers belong to the first process.
        os._exit(status)


def _end_with(held: int, server: uvicorn.Server) -> None:
    """Stop the server when the write end of the pipe is closed: the first process has ended."""
    os.read(held, 1)
    server.should_exit = True
