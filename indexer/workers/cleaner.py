"""Cleaning, in order and with a bounded number of articles in memory.

Pages, and texts that may take long or much memory, are cleaned in other processes, on this
machine (`process_pool.py`) or on others (`dask.py`), so that they end no process but those.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, Protocol, Self, TypeVar

from corpus.article import Article, MediaType, RawArticle
from indexer.clean import clean
from indexer.workers.dask import DaskBackend
from indexer.workers.process import DEFAULT_LIMITS, CleanFunction, CleaningJob, CleaningLimits
from indexer.workers.process_pool import ProcessBackend

# The result for a raw article: its fields, the reason why it has none, or None without one.
Cleaned = Article | str | None

Event = TypeVar("Event")

# No text of this size takes a second or much memory, whatever it contains.
_MAX_SMALL_BYTES = 20_000
_CHUNK_ARTICLES = 64
_CHUNK_EVENTS = 1_000
_CHUNK_BYTES = 1_000_000
_MAX_PENDING_BYTES = 50_000_000


class CleaningBackend(Protocol):
    """A place where chunks of raw articles are cleaned, outside of this thread.

    The first `max_inline_articles` are not submitted to it, as long as they are small. It has at
    most `max_pending_chunks` beside the one that is waited for.
    """

    @property
    def max_inline_articles(self) -> int: ...

    @property
    def max_pending_chunks(self) -> int: ...

    def submit(self, raws: Sequence[RawArticle]) -> Callable[[], list[Article | str]]:
        """Clean a chunk elsewhere. The returned function waits for the results, in order."""

    def close(self) -> None:
        """Stop at once. What was submitted and is not finished is dropped."""


@dataclass(frozen=True, slots=True)
class _PendingChunk(Generic[Event]):
    """Events whose articles are being cleaned; `wait` returns their results. `size` in bytes."""

    events: Sequence[Event]
    size: int
    wait: Callable[[], list[Cleaned]]

    def collect(self) -> Iterator[tuple[Event, Cleaned]]:
        return zip(self.events, self.wait(), strict=True)


class Cleaner:
    """Cleans raw articles, in this process, in others, or on other machines.

    Pages and long texts are cleaned in others, even with one worker. Small texts and records
    are cleaned here, if there are few or one worker, since it takes longer to start a process.
    With the address of a scheduler, everything is cleaned by its workers.
    """

    def __init__(
        self,
        workers: int,
        now: datetime,
        clean: CleanFunction = clean,
        limits: CleaningLimits = DEFAULT_LIMITS,
        scheduler: str = "",
    ) -> None:
        self._job = CleaningJob(clean, now, limits)
        self._backend: CleaningBackend = (
            DaskBackend(scheduler, self._job) if scheduler else ProcessBackend(workers, self._job)
        )
        self._article_count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._backend.close()

    def clean_each(
        self, events: Iterator[Event], raw_of: Callable[[Event], RawArticle | None]
    ) -> Iterator[tuple[Event, Cleaned]]:
        """Yield each event, in order, with the result for the raw article that it has, if any.

        Raises WorkersError, MissingExtraError.
        """
        pending: deque[_PendingChunk[Event]] = deque()
        for chunk in _split_into_chunks(events, raw_of):
            pending.append(self._submit(chunk, [raw_of(event) for event in chunk]))
            while self._is_full(pending):
                yield from pending.popleft().collect()
        while pending:
            yield from pending.popleft().collect()

    def _is_full(self, pending: Sequence[_PendingChunk[Event]]) -> bool:
        size = sum(chunk.size for chunk in pending)
        return len(pending) > self._backend.max_pending_chunks or size > _MAX_PENDING_BYTES

    def _submit(
        self, events: list[Event], raws: Sequence[RawArticle | None]
    ) -> _PendingChunk[Event]:
        articles = [raw for raw in raws if raw is not None]
        self._article_count += len(articles)
        is_early = self._article_count <= self._backend.max_inline_articles
        if not articles or (is_early and all(map(_is_small, articles))):
            wait: Callable[[], list[Cleaned]] = partial(self._clean_inline, raws)
        else:
            wait = partial(_collect_results, raws, self._backend.submit(articles))
        return _PendingChunk(events, sum(len(raw.content) for raw in articles), wait)

    def _clean_inline(self, raws: Sequence[RawArticle | None]) -> list[Cleaned]:
        return [None if raw is None else self._job.clean(raw) for raw in raws]


def _collect_results(
    raws: Sequence[RawArticle | None], wait: Callable[[], list[Article | str]]
) -> list[Cleaned]:
    results = iter(wait())
    return [None if raw is None else next(results) for raw in raws]


def _is_small(raw: RawArticle) -> bool:
    return raw.media_type != MediaType.HTML and len(raw.content) <= _MAX_SMALL_BYTES


def _split_into_chunks(
    events: Iterator[Event], raw_of: Callable[[Event], RawArticle | None]
) -> Iterator[list[Event]]:
    chunk: list[Event] = []
    articles, size = 0, 0
    for event in events:
        chunk.append(event)
        if raw := raw_of(event):
            articles += 1
            size += len(raw.content)
        if articles >= _CHUNK_ARTICLES or size >= _CHUNK_BYTES or len(chunk) >= _CHUNK_EVENTS:
            yield chunk
            chunk, articles, size = [], 0, 0
    if chunk:
        yield chunk
