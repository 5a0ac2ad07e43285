"""Jobs for many hosts at once, and for each host one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar
from urllib.parse import urlsplit

Result = TypeVar("Result")
# An address, and what is to be done with it.
Job = tuple[str, Callable[[], Result]]

_MOST_THREADS = 16
# So many results may wait until they are taken: each may be a page of fifty million bytes.
_MOST_AT_ONCE = 8
_LOOK_SECONDS = 0.5


def in_lanes(jobs: Iterable[Job[Result]]) -> Iterator[list[Result]]:
    """The results as they come, in one list those that are there at a time.

    Jobs for one host are done in order. What a job raises is raised here.
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
        # What takes longest begins first.
        self._waiting = deque(sorted(by_host.values(), key=len, reverse=True))
        self._left = sum(map(len, self._waiting))
        self._done: Queue[tuple[Result] | Exception] = Queue(_MOST_AT_ONCE)
        self.stopped = Event()

    def results(self) -> Iterator[list[Result]]:
        for _ in range(min(len(self._waiting), _MOST_THREADS)):
            # An interrupted run does not wait for what is still under way.
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
        """What a thread does: take a lane, do all its jobs, and take another."""
        try:
            for work in self._jobs():
                self._put((work(),))
        except Exception as err:
            self._put(err)

    def _put(self, done: tuple[Result] | Exception) -> None:
        """Hand over a result, unless nobody takes any more."""
        while not self.stopped.is_set():
            try:
                self._done.put(done, timeout=_LOOK_SECONDS)
            except Full:
                continue
            return

    def _jobs(self) -> Iterator[Callable[[], Result]]:
        while True:
            try:
                lane = self._waiting.popleft()
            except IndexError:
                return
            for work in lane:
                if self.stopped.is_set():
                    return
                yield work
