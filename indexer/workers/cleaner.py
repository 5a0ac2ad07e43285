"""Cleaning, in order and with a bounded number of articles in flight.

What could take long or need much is cleaned in other processes, here (`pool.py`) or on other
machines (`dask_crew.py`), so that it ends none but those.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, Self, TypeVar

from corpus.article import Article, MediaType, RawArticle
from indexer.clean import clean
from indexer.workers.dask import DaskCrew
from indexer.workers.process import LIMITS, Clean, Limits, Work
from indexer.workers.process_pool import Crew, Processes

# What became of a raw article: its fields, the reason why not, or None where there was none.
Cleaned = Article | str | None

Event = TypeVar("Event")

# No text of this size takes a second or much memory, whatever it is.
_SMALL = 20_000
_CHUNK = 64
_CHUNK_EVENTS = 1_000
_CHUNK_BYTES = 1_000_000
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
    """Cleans raw articles, in this process, in others, or on other machines.

    Pages and long texts are cleaned in others, even with one worker. Small texts and records
    are cleaned here, if there are few or one worker, since to start a process takes longer.
    With the address of a scheduler, everything is cleaned by its workers.
    """

    def __init__(
        self,
        workers: int,
        now: datetime,
        clean: Clean = clean,
        limits: Limits = LIMITS,
        scheduler: str = "",
    ) -> None:
        self._work = Work(clean, now, limits)
        self._crew: Crew = (
            DaskCrew(scheduler, self._work) if scheduler else Processes(workers, self._work)
        )
        self._begun = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._crew.end()

    def clean_each(
        self, events: Iterator[Event], raw: Callable[[Event], RawArticle | None]
    ) -> Iterator[tuple[Event, Cleaned]]:
        """Each event, in order, with what became of the raw article that it carries, if any.

        Raises WorkersError, MissingExtraError.
        """
        waiting: deque[_Begun[Event]] = deque()
        for chunk in _chunks(events, raw):
            waiting.append(self._begin(chunk, [raw(event) for event in chunk]))
            while self._enough(waiting):
                yield from waiting.popleft().collect()
        while waiting:
            yield from waiting.popleft().collect()

    def _enough(self, waiting: Sequence[_Begun[Event]]) -> bool:
        size = sum(begun.size for begun in waiting)
        return len(waiting) > self._crew.most or size > _MOST_BYTES

    def _begin(self, events: list[Event], raws: list[RawArticle | None]) -> _Begun[Event]:
        carried = [raw for raw in raws if raw is not None]
        self._begun += len(carried)
        spared = self._begun <= self._crew.spared and all(map(_is_small, carried))
        if not carried or spared:
            result: Callable[[], list[Cleaned]] = partial(self._here, raws)
        else:
            result = partial(_elsewhere, raws, self._crew.begin(carried))
        return _Begun(events, sum(len(raw.content) for raw in carried), result)

    def _here(self, raws: Sequence[RawArticle | None]) -> list[Cleaned]:
        return [None if raw is None else self._work.done(raw) for raw in raws]


def _elsewhere(
    raws: Sequence[RawArticle | None], outcomes: Callable[[], list[Article | str]]
) -> list[Cleaned]:
    cleaned = iter(outcomes())
    return [None if raw is None else next(cleaned) for raw in raws]


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
