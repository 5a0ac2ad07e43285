"""Cleaning in worker processes, in order and with a bounded number of articles in flight."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from itertools import islice
from typing import Self, TypeVar

from corpus.article import Article, RawArticle
from indexer.clean import CleanError, clean

# What became of a raw article: its fields, the reason why not, or None where there was none.
Cleaned = Article | str | None

Event = TypeVar("Event")

# So many are cleaned in this process before others are started for the rest.
_WARM_UP = 64
_CHUNK = 64
_CHUNK_BYTES = 1_000_000
_CHUNKS_A_WORKER = 3


class Cleaner:
    """Cleans raw articles, in this process or in others.

    Other processes are started only for long runs: with one worker, or for a few articles,
    cleaning happens here. A page that kills its process is a failure of that page alone.
    """

    def __init__(self, workers: int, now: datetime) -> None:
        self._workers = workers
        self._now = now
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stop()

    def clean_each(
        self, events: Iterator[Event], raw: Callable[[Event], RawArticle | None]
    ) -> Iterator[tuple[Event, Cleaned]]:
        """Each event, in order, with what became of the raw article that it carries, if any."""
        few = events if self._workers == 1 else islice(events, _WARM_UP)
        for event in few:
            carried = raw(event)
            yield event, None if carried is None else _clean(carried, self._now)
        if self._workers > 1:
            yield from self._in_others(events, raw)

    def _in_others(
        self, events: Iterator[Event], raw: Callable[[Event], RawArticle | None]
    ) -> Iterator[tuple[Event, Cleaned]]:
        waiting: deque[tuple[list[Event], Future[list[Cleaned]]]] = deque()
        most = self._workers * _CHUNKS_A_WORKER
        for chunk in _chunks(events, raw):
            waiting.append((chunk, self._submit([raw(event) for event in chunk])))
            if len(waiting) >= most:
                yield from self._collect(waiting.popleft(), raw)
        while waiting:
            yield from self._collect(waiting.popleft(), raw)

    def _collect(
        self,
        done: tuple[list[Event], Future[list[Cleaned]]],
        raw: Callable[[Event], RawArticle | None],
    ) -> Iterator[tuple[Event, Cleaned]]:
        chunk, future = done
        try:
            cleaned = future.result()
        except BrokenProcessPool:
            cleaned = [self._alone(raw(event)) for event in chunk]
        return zip(chunk, cleaned, strict=True)

    def _alone(self, carried: RawArticle | None) -> Cleaned:
        """Clean one of a chunk whose process died, to find out which one it dies of."""
        try:
            (cleaned,) = self._submit([carried]).result()
        except BrokenProcessPool:
            return "cleaning it ended the process; it may need too much memory"
        return cleaned

    def _submit(self, raws: Sequence[RawArticle | None]) -> Future[list[Cleaned]]:
        if self._pool is None:
            # Not forked: this process may have threads of an index at work.
            context = multiprocessing.get_context(_START_METHOD)
            # Ctrl-C reaches every process of a terminal; this one alone ends the work.
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=context,
                initializer=signal.signal,
                initargs=(signal.SIGINT, signal.SIG_IGN),
            )
        try:
            return self._pool.submit(_clean_chunk, raws, self._now)
        except BrokenProcessPool:
            self._stop()
            return self._submit(raws)

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


_START_METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def _chunks(
    events: Iterator[Event], raw: Callable[[Event], RawArticle | None]
) -> Iterator[list[Event]]:
    chunk: list[Event] = []
    size = 0
    for event in events:
        chunk.append(event)
        carried = raw(event)
        size += len(carried.content) if carried else 0
        if len(chunk) >= _CHUNK or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _clean_chunk(raws: Sequence[RawArticle | None], now: datetime) -> list[Cleaned]:
    return [None if raw is None else _clean(raw, now) for raw in raws]


def _clean(raw: RawArticle, now: datetime) -> Article | str:
    try:
        return clean(raw, now=now)
    except CleanError as err:
        return str(err)
