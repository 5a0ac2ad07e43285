"""Work in threads: so many at once, so many waiting, for so long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

from search.web.problems import ProblemError

Result = TypeVar("Result")


class Pool:
    """A bounded number of threads with a bounded queue before them.

    What takes too long is given up but not stopped, and keeps its thread until its end: however
    many give up, no more than `threads` work at once.
    """

    def __init__(self, threads: int, waiting: int, seconds: float) -> None:
        self._threads = ThreadPoolExecutor(threads, "dateline")
        self._places = BoundedSemaphore(threads + waiting)
        self._seconds = seconds

    async def run(self, work: Callable[[], Result]) -> Result:
        """Work, and what comes of it. Raises ProblemError if there is no place or no time."""
        if not self._places.acquire(blocking=False):
            raise ProblemError("busy", "too many requests are being answered; try again")
        try:
            future = self._threads.submit(work)
        except RuntimeError as err:
            self._places.release()
            raise ProblemError("busy", "the server is shutting down") from err
        future.add_done_callback(lambda _: self._places.release())
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._seconds)
        except TimeoutError as err:
            detail = f"no answer within {self._seconds:g} seconds; narrow the query"
            raise ProblemError("too-slow", detail) from err

    def close(self) -> None:
        """Drop what waits, and wait for the rest: its project may be closed afterwards."""
        self._threads.shutdown(cancel_futures=True)
