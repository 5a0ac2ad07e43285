"""Run jobs in threads: hosts in parallel, the jobs of each host in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar
from urllib.parse import urlsplit

Result = TypeVar("Result")
# A URL, whose host determines the queue, and the function to call.
Job = tuple[str, Callable[[], Result]]

_MOST_THREADS = 16
# The maximum number of results that wait for the consumer; each may be a page of 50 MB.
_MOST_AT_ONCE = 8
_LOOK_SECONDS = 0.5


def in_lanes(jobs: Iterable[Job[Result]]) -> Iterator[list[Result]]:
    """Run jobs and yield their results as they arrive, in lists of those ready at a time.

    Jobs of one host run in order. An exception of a job is raised here.
    """
    lanes = _Lanes(jobs)
    try:
        yield from lanes.results()
    finally:
        lanes.stopped.set()


class _Lanes(Generic[Result]):
    def __init__(self, jobs: Iterable[Job[Result]]) -> None:
        by_host: dict[str, list[Callable[[], Result]]] = {}
        for url, work in jobs:
            by_host.setdefault(urlsplit(url).hostname or "", []).append(work)
        # The longest queues start first.
        self._waiting = deque(sorted(by_host.values(), key=len, reverse=True))
        self._left = sum(map(len, self._waiting))
        self._done: Queue[tuple[Result] | Exception] = Queue(_MOST_AT_ONCE)
        self.stopped = Event()

    def results(self) -> Iterator[list[Result]]:
        for _ in range(min(len(self._waiting), _MOST_THREADS)):
            # Daemon threads, so that an interrupted run does not wait for its jobs.
            Thread(target=self._drive, daemon=True).start()
        while self._left:
            arrived = [self._take(self._done.get())]
            while len(arrived) < _MOST_AT_ONCE:
                try:
                    arrived.append(self._take(self._done.get_nowait()))
                except Empty:
                    break
            yield arrived

    def _take(self, done: tuple[Result] | Exception) -> Result:
        if isinstance(done, Exception):
            raise done
        self._left -= 1
        return done[0]

    def _drive(self) -> None:
        """Run the jobs of one host after another, until none is left; the target of each thread."""
        try:
            for work in self._jobs():
                self._put((work(),))
        except Exception as err:
            self._put(err)

    def _put(self, done: tuple[Result] | Exception) -> None:
        """Put a result into the queue, unless the consumer has stopped."""
        while not self.stopped.is_set():
            try:
                self._done.put(done, timeout=_LOOK_SECONDS)
            except Full:
                continue
            return

    def _jobs(self) -> Iterator[Callable[[], Result]]:
        while True:
            try:
                queue = self._waiting.popleft()
            except IndexError:
                return
            for work in queue:
                if self.stopped.is_set():
                    return
                yield work
