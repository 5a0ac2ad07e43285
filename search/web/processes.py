"""More than one process behind one address: Python computes on one core a process."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from signal import SIGTERM
from threading import Thread

import uvicorn

Run = Callable[[uvicorn.Server], None]


def run_all(number: int, config: uvicorn.Config, *, first: Run, other: Run) -> None:
    """Run as many servers as processes, the first one here; when it ends, all do.

    No thread may run and no database be open before.
    """
    held, alive = os.pipe()
    others = [_other(held, alive, other, config) for _ in range(number - 1)]
    os.close(held)
    try:
        first(uvicorn.Server(config))
    finally:
        os.close(alive)
        for each in others:
            with suppress(ProcessLookupError):
                os.kill(each, SIGTERM)
        for each in others:
            os.waitpid(each, 0)


def _other(held: int, alive: int, run: Run, config: uvicorn.Config) -> int:
    """Start another process, which ends with this one, however that comes about."""
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
        # Not sys.exit: what the first process cleans up is not this one's to clean up.
        os._exit(status)


def _end_with(held: int, server: uvicorn.Server) -> None:
    """Wait until nobody holds the other end of a pipe, which is when the first process is gone."""
    os.read(held, 1)
    server.should_exit = True
