"""Processes that clean chunks of raw articles, as many at a time as there are threads that ask.

This is what cleans beside us, and what a worker on another machine does.
"""

from __future__ import annotations

import atexit
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import Protocol

from corpus.article import Article, RawArticle
from indexer.workers.process import Process, ProcessDiedError, Work

# So many small articles are cleaned in this process before others are started for the rest.
_WARM_UP = 192
_CHUNKS_A_WORKER = 3


class Crew(Protocol):
    """Who cleans chunks elsewhere than in this thread, through an executor.

    The first `spared` articles do not go to it, as long as they are small.
    """

    spared: int

    @property
    def most(self) -> int:
        """How many chunks it can have beside the one that is waited for."""

    def begin(self, raws: Sequence[RawArticle]) -> Callable[[], list[Article | str]]:
        """Have a chunk cleaned; what is returned waits for the outcomes, in order."""

    def end(self) -> None:
        """Stop at once. What was begun is given up."""


class Pool:
    """Processes, started as they are needed and kept for the next chunk.

    What ends its process is tried once more, with care, and then is a failure of that article
    alone.
    """

    def __init__(self) -> None:
        self._idle: deque[Process] = deque()
        self._started: set[Process] = set()
        self._stopped = False

    def clean(self, work: Work, raws: Sequence[RawArticle]) -> list[Article | str]:
        """What becomes of each; the next process asks on after the one that died."""
        cleaned: list[Article | str] = []
        while rest := raws[len(cleaned) :]:
            process = self._process(work)
            try:
                cleaned.extend(process.ask(rest))
            except ProcessDiedError:
                self._started.discard(process)
                cleaned.append(self._ask_again(work, raws[len(cleaned)]))
            else:
                self._idle.append(process)
        return cleaned

    def _ask_again(self, work: Work, raw: RawArticle) -> Article | str:
        """What becomes of a raw article that a process has died of."""
        process = self._process(work)
        try:
            (cleaned,) = process.ask([raw], careful=True)
        except ProcessDiedError as err:
            self._started.discard(process)
            return str(err)
        self._idle.append(process)
        return cleaned

    def _process(self, work: Work) -> Process:
        """One that is idle, or a new one. Raises ProcessStartError."""
        while not self._stopped:
            try:
                process = self._idle.pop()
            except IndexError:
                process = Process(work)
                self._started.add(process)
                return process
            if process.turn_to(work):
                return process
            self._started.discard(process)
        raise CancelledError

    def end(self) -> None:
        """End all processes. Who asks them meanwhile gets a CancelledError."""
        self._stopped = True
        while self._started:
            self._started.pop().end()


# Of the threads that nobody gave a pool: those of a worker on another machine. Its processes
# last as long as the worker's own; even if that is killed, for they end when their stdin does.
_shared = Pool()
atexit.register(_shared.end)
_thread = threading.local()


def clean_chunk(work: Work, raws: Sequence[RawArticle]) -> list[Article | str]:
    """What becomes of each raw article, in order. Any executor may be given this."""
    pool: Pool = getattr(_thread, "pool", _shared)
    return pool.clean(work, raws)


class Processes:
    """A crew on this machine: threads that each ask a process."""

    def __init__(self, workers: int, work: Work) -> None:
        self.spared = sys.maxsize if workers == 1 else _WARM_UP
        self.most = 0 if workers == 1 else workers * _CHUNKS_A_WORKER
        self._work = work
        self._pool = Pool()
        self._executor = ThreadPoolExecutor(workers, initializer=self._give_pool)

    def _give_pool(self) -> None:
        _thread.pool = self._pool

    def begin(self, raws: Sequence[RawArticle]) -> Callable[[], list[Article | str]]:
        return self._executor.submit(clean_chunk, self._work, raws).result

    def end(self) -> None:
        self._pool.end()
        self._executor.shutdown(cancel_futures=True)
        # One may have been started just before.
        self._pool.end()
