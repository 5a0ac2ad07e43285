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

_MAX_THREADS = 16
# The maximum number of results that wait for the consumer; each may be a page of 50 MB.
_MAX_WAITING_RESULTS = 8
_POLL_SECONDS = 0.5


def run_jobs_by_host(jobs: Iterable[Job[Result]]) -> Iterator[list[Result]]:
    """Run jobs and yield their results as they arrive, in lists of those ready at a time.

    Jobs of one host run in order. An exception of a job is raised here.
    """
    lanes = _HostQueues(jobs)
    try:
        yield from lanes.collect_results()
    finally:
        lanes.stopped.set()


class _HostQueues(Generic[Result]):
    def __init__(self, jobs: Iterable[Job[Result]]) -> None:
        by_host: dict[str, list[Callable[[], Result]]] = {}
        for url, work in jobs:
            by_host.setdefault(urlsplit(url).hostname or "", []).append(work)
        # The longest queues start first.
        self._waiting = deque(sorted(by_host.values(), key=len, reverse=True))
        self._remaining = sum(map(len, self._waiting))
        self._results: Queue[tuple[Result] | Exception] = Queue(_MAX_WAITING_RESULTS)
        self.stopped = Event()

    def collect_results(self) -> Iterator[list[Result]]:
        for _ in range(min(len(self._waiting), _MAX_THREADS)):
            # Daemon threads, so that an interrupted run does not wait for its jobs.
            Thread(target=self._run_worker, daemon=True).start()
        while self._remaining:
            arrived = [self._unwrap_result(self._results.get())]
            while len(arrived) < _MAX_WAITING_RESULTS:
                try:
                    arrived.append(self._unwrap_result(self._results.get_nowait()))
                except Empty:
                    break
            yield arrived

    def _unwrap_result(self, result: tuple[Result] | Exception) -> Result:
        if isinstance(result, Exception):
            raise result
        self._remaining -= 1
        return result[0]

    def _run_worker(self) -> None:
        """Run the jobs of one host after another, until none is left; the target of each thread."""
        try:
            for work in self._iterate_jobs():
                self._put_result((work(),))
        except Exception as err:
            self._put_result(err)

    def _put_result(self, result: tuple[Result] | Exception) -> None:
        """Put a result into the queue, unless the consumer has stopped."""
        while not self.stopped.is_set():
            try:
                self._results.put(result, timeout=_POLL_SECONDS)
            except Full:
                continue
            return

    def _iterate_jobs(self) -> Iterator[Callable[[], Result]]:
        while True:
            try:
                queue = self._waiting.popleft()
            except IndexError:
                return
            for work in queue:
                if self.stopped.is_set():
                    return
                yield work
