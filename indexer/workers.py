"""Cleaning, in order and with a bounded number of articles in flight.

What could take long or need much is cleaned in other processes, so that it ends none but those.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, Self, TypeVar

from corpus.article import Article, MediaType, RawArticle
from indexer.clean import clean
from indexer.process import LIMITS, Clean, DiedError, Limits, Process, Work

# What became of a raw article: its fields, the reason why not, or None where there was none.
Cleaned = Article | str | None

Event = TypeVar("Event")

# So many are cleaned in this process before others are started for the rest.
_WARM_UP = 192
# No text of this size takes a second or much memory, whatever it is.
_SMALL = 20_000
_CHUNK = 64
_CHUNK_EVENTS = 1_000
_CHUNK_BYTES = 1_000_000
_CHUNKS_A_WORKER = 3
_MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class _Begun(Generic[Event]):
    """Events whose articles are being cleaned; `result` waits for them."""

    events: Sequence[Event]
    size: int
    result: Callable[[], list[Cleaned]]

    def collect(self) -> Iterator[tuple[Event, Cleaned]]:
        return zip(self.events, self.result(), strict=True)


class Cleaner:
    """Cleans raw articles, in this process or in others.

    Pages and long texts are cleaned in others, even with one worker. Small texts and records
    are cleaned here, if there are few or one worker, since to start a process takes longer. What
    ends its process is tried once more, with care, and then is a failure of that article alone.
    """

    def __init__(
        self, workers: int, now: datetime, clean: Clean = clean, limits: Limits = LIMITS
    ) -> None:
        self._workers = workers
        self._work = Work(clean, now, limits)
        self._begun = 0
        self._threads = ThreadPoolExecutor(workers)
        self._idle: deque[Process] = deque()
        self._started: list[Process] = []
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stopped = True
        self._end_all()
        self._threads.shutdown(cancel_futures=True)
        self._end_all()

    def _end_all(self) -> None:
        while self._started:
            self._started.pop().end()

    def clean_each(
        self, events: Iterator[Event], raw: Callable[[Event], RawArticle | None]
    ) -> Iterator[tuple[Event, Cleaned]]:
        """Each event, in order, with what became of the raw article that it carries, if any."""
        waiting: deque[_Begun[Event]] = deque()
        most = 0 if self._workers == 1 else self._workers * _CHUNKS_A_WORKER
        for chunk in _chunks(events, raw):
            waiting.append(self._begin(chunk, [raw(event) for event in chunk]))
            while len(waiting) > most or sum(begun.size for begun in waiting) > _MOST_BYTES:
                yield from waiting.popleft().collect()
        while waiting:
            yield from waiting.popleft().collect()

    def _begin(self, events: list[Event], raws: list[RawArticle | None]) -> _Begun[Event]:
        carried = [raw for raw in raws if raw is not None]
        self._begun += len(carried)
        few = self._workers == 1 or self._begun <= _WARM_UP
        if not carried or (few and all(map(_is_small, carried))):
            result: Callable[[], list[Cleaned]] = partial(self._here, raws)
        else:
            result = self._threads.submit(self._elsewhere, raws).result
        return _Begun(events, sum(len(raw.content) for raw in carried), result)

    def _here(self, raws: Sequence[RawArticle | None]) -> list[Cleaned]:
        return [None if raw is None else self._work.done(raw) for raw in raws]

    def _elsewhere(self, raws: Sequence[RawArticle | None]) -> list[Cleaned]:
        cleaned = iter(self._ask([raw for raw in raws if raw is not None]))
        return [None if raw is None else next(cleaned) for raw in raws]

    def _ask(self, raws: Sequence[RawArticle]) -> list[Article | str]:
        """What other processes make of raw articles; the next asks on after the one that died."""
        cleaned: list[Article | str] = []
        while rest := raws[len(cleaned) :]:
            process = self._process()
            try:
                cleaned.extend(process.ask(rest))
            except DiedError:
                cleaned.append(self._ask_again(raws[len(cleaned)]))
            else:
                self._idle.append(process)
        return cleaned

    def _ask_again(self, raw: RawArticle) -> Article | str:
        """What becomes of a raw article that a process has died of."""
        process = self._process()
        try:
            (cleaned,) = process.ask([raw], careful=True)
        except DiedError as err:
            return str(err)
        self._idle.append(process)
        return cleaned

    def _process(self) -> Process:
        if self._stopped:
            raise CancelledError
        try:
            return self._idle.pop()
        except IndexError:
            process = Process(self._work)
            self._started.append(process)
            return process


def _is_small(raw: RawArticle) -> bool:
    return raw.media_type != MediaType.HTML and len(raw.content) <= _SMALL


def _chunks(
    events: Iterator[Event], raw: Callable[[Event], RawArticle | None]
) -> Iterator[list[Event]]:
    chunk: list[Event] = []
    carrying, size = 0, 0
    for event in events:
        chunk.append(event)
        if carried := raw(event):
            carrying += 1
            size += len(carried.content)
        if carrying >= _CHUNK or size >= _CHUNK_BYTES or len(chunk) >= _CHUNK_EVENTS:
            yield chunk
            chunk, carrying, size = [], 0, 0
    if chunk:
        yield chunk
