"""Processes that clean chunks of raw articles, as many at a time as there are threads that ask.

A pool cleans for the ingest on this machine, and for a worker on another machine.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor

from corpus.article import Article, RawArticle
from indexer.workers.process import CleaningJob, CleaningProcess, ProcessDiedError

# This many small articles are cleaned in this process before others are started for the rest.
_MAX_INLINE_ARTICLES = 192
_MAX_PENDING_CHUNKS_A_WORKER = 3


class ProcessPool:
    """Processes, started when they are needed and kept for the next chunk. Threads may share it.

    An article that ends its process is tried once more, with care, and then fails alone.
    """

    def __init__(self) -> None:
        self._idle: deque[CleaningProcess] = deque()
        self._started: set[CleaningProcess] = set()
        self._is_closed = False

    def clean(self, job: CleaningJob, raws: Sequence[RawArticle]) -> list[Article | str]:
        """Clean raw articles. Returns an article, or the reason why there is none, for each.

        Raises ProcessStartError, and CancelledError if the pool is closed meanwhile.
        """
        cleaned: list[Article | str] = []
        while rest := raws[len(cleaned) :]:
            process = self._take_process(job)
            try:
                cleaned.extend(process.clean(rest))
            except ProcessDiedError:
                self._started.discard(process)
                cleaned.append(self._clean_again(job, raws[len(cleaned)]))
            else:
                self._idle.append(process)
        return cleaned

    def _clean_again(self, job: CleaningJob, raw: RawArticle) -> Article | str:
        """Clean a raw article that has ended a process, in another one."""
        process = self._take_process(job)
        try:
            (cleaned,) = process.clean([raw], careful=True)
        except ProcessDiedError as err:
            self._started.discard(process)
            return str(err)
        self._idle.append(process)
        return cleaned

    def _take_process(self, job: CleaningJob) -> CleaningProcess:
        """Return an idle process, or start one. Raises ProcessStartError, CancelledError."""
        while not self._is_closed:
            try:
                process = self._idle.pop()
            except IndexError:
                process = CleaningProcess(job)
                self._started.add(process)
                return process
            if process.switch_to(job):
                return process
            self._started.discard(process)
        raise CancelledError

    def close(self) -> None:
        """End all processes. Threads that wait for them get a CancelledError."""
        self._is_closed = True
        while self._started:
            self._started.pop().kill()


class ProcessBackend:
    """Cleaning on this machine: threads that each ask a process of one pool."""

    def __init__(self, workers: int, job: CleaningJob) -> None:
        self.max_inline_articles = sys.maxsize if workers == 1 else _MAX_INLINE_ARTICLES
        self.max_pending_chunks = 0 if workers == 1 else workers * _MAX_PENDING_CHUNKS_A_WORKER
        self._job = job
        self._pool = ProcessPool()
        self._threads = ThreadPoolExecutor(workers)

    def submit(self, raws: Sequence[RawArticle]) -> Callable[[], list[Article | str]]:
        """Clean a chunk in a thread. The returned function waits for the results, in order."""
        return self._threads.submit(self._pool.clean, self._job, raws).result

    def close(self) -> None:
        """Stop at once. What was submitted and is not finished is dropped."""
        self._pool.close()
        self._threads.shutdown(cancel_futures=True)
        # A thread may have started one just before.
        self._pool.close()
