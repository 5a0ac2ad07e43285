"""A thread pool with a bounded queue and a time limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

from search.web.problems import ProblemError

Result = TypeVar("Result")


class BoundedThreadPool:
    """A bounded number of threads with a bounded queue before them.

    Work that exceeds `seconds` is abandoned but not stopped, and occupies its thread until its
    end, so that no more than `threads` ever run at once.
    """

    def __init__(self, threads: int, waiting: int, seconds: float) -> None:
        self._threads = ThreadPoolExecutor(threads, "dateline")
        self._slots = BoundedSemaphore(threads + waiting)
        self._seconds = seconds

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return the result of work. Raises ProblemError if the queue is full or the time is up."""
        if not self._slots.acquire(blocking=False):
            raise ProblemError("busy", "too many requests are being answered; try again")
        try:
            future = self._threads.submit(work)
        except RuntimeError as err:
            self._slots.release()
            raise ProblemError("busy", "the server is shutting down") from err
        future.add_done_callback(lambda _: self._slots.release())
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._seconds)
        except TimeoutError as err:
            detail = f"no answer within {self._seconds:g} seconds; narrow the query"
            raise ProblemError("too-slow", detail) from err

    def close(self) -> None:
        """Drop waiting work, and wait for the rest: its project may be closed afterwards."""
        self._threads.shutdown(cancel_futures=True)
