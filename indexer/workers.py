"""Cleaning in other processes, in order and with a bounded number of articles in flight.

The processes are not multiprocessing's: those run the main script of whoever uses us once
more, and stay behind when that one is killed. These end when their stdin does.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import IO, Any, Self, TypeVar

from corpus.article import Article, RawArticle
from indexer.clean import CleanError, clean

# What became of a raw article: its fields, the reason why not, or None where there was none.
Cleaned = Article | str | None
Clean = Callable[[RawArticle, datetime], Article]

Event = TypeVar("Event")

# So many are cleaned in this process before others are started for the rest.
_WARM_UP = 192
_CHUNK = 64
_CHUNK_EVENTS = 1_000
_CHUNK_BYTES = 1_000_000
_CHUNKS_A_WORKER = 3


class WorkersError(Exception):
    """Other processes cannot be started at all."""

    def __init__(self) -> None:
        super().__init__(f"cannot start {sys.executable or 'Python'} again; run with --workers 1")


def clean_article(raw: RawArticle, now: datetime) -> Article:
    """What is done where nothing else is asked for."""
    return clean(raw, now=now)


class Cleaner:
    """Cleans raw articles, in this process or in others.

    Other processes are started only for long runs: with one worker, or for a few articles,
    cleaning happens here. A page that kills its process is a failure of that page alone.
    """

    def __init__(self, workers: int, now: datetime, clean: Clean = clean_article) -> None:
        self._workers = workers
        self._work = partial(_clean_all, clean=clean, now=now)
        self._begun = 0
        self._threads = ThreadPoolExecutor(workers)
        self._idle: deque[_Process] = deque()
        self._started: list[_Process] = []
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
        waiting: deque[tuple[list[Event], Callable[[], list[Cleaned]]]] = deque()
        most = 0 if self._workers == 1 else self._workers * _CHUNKS_A_WORKER
        for chunk in _chunks(events, raw):
            waiting.append((chunk, self._begin([raw(event) for event in chunk])))
            if len(waiting) > most:
                yield from _collect(*waiting.popleft())
        while waiting:
            yield from _collect(*waiting.popleft())

    def _begin(self, raws: list[RawArticle | None]) -> Callable[[], list[Cleaned]]:
        """Have raw articles cleaned; what is returned waits for it."""
        number = sum(raw is not None for raw in raws)
        self._begun += number
        if self._workers == 1 or self._begun <= _WARM_UP or not number:
            return partial(self._work, raws)
        return self._threads.submit(self._elsewhere, raws).result

    def _elsewhere(self, raws: list[RawArticle | None]) -> list[Cleaned]:
        try:
            return self._ask(raws)
        except _DiedError:
            return [self._alone(raw) for raw in raws]

    def _alone(self, raw: RawArticle | None) -> Cleaned:
        """Clean one of those whose process died, to find out which one it dies of."""
        try:
            (cleaned,) = self._ask([raw])
        except _DiedError:
            return "cleaning it ended the process; it may need too much memory"
        return cleaned

    def _ask(self, raws: list[RawArticle | None]) -> list[Cleaned]:
        if self._stopped:
            raise CancelledError
        try:
            process = self._idle.pop()
        except IndexError:
            process = _Process(self._work)
            self._started.append(process)
        cleaned = process.ask(raws)
        self._idle.append(process)
        return cleaned


def _collect(
    chunk: list[Event], result: Callable[[], list[Cleaned]]
) -> Iterator[tuple[Event, Cleaned]]:
    return zip(chunk, result(), strict=True)


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


class _DiedError(Exception):
    """The other process ended before it answered."""


class _Process:
    """Another process, which cleans what it is sent and answers in the same order."""

    # It looks for modules where this process does, once it has been told where.
    _BEGIN = (
        "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer);"
        "from indexer.workers import serve; serve()"
    )

    def __init__(self, work: Callable[[Sequence[RawArticle | None]], list[Cleaned]]) -> None:
        """Start it. Raises WorkersError."""
        try:
            self._popen = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-c", self._BEGIN],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Ctrl-C is for the process that asks, even while this one begins.
                start_new_session=True,
            )
        except OSError as err:
            raise WorkersError from err
        try:
            self._exchange(sys.path, work)
        except _DiedError as err:
            raise WorkersError from err

    def ask(self, raws: Sequence[RawArticle | None]) -> list[Cleaned]:
        """Have raw articles cleaned. Raises _DiedError, and has ended then."""
        cleaned: list[Cleaned] = self._exchange(raws)
        return cleaned

    def _exchange(self, *messages: object) -> Any:
        try:
            for message in messages:
                _send(message, self._stdin)
            return pickle.load(self._stdout)  # noqa: S301 - our own process wrote it
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as err:
            self.end()
            raise _DiedError from err

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._popen.stdin is not None  # noqa: S101
        return self._popen.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._popen.stdout is not None  # noqa: S101
        return self._popen.stdout

    def end(self) -> None:
        """End it at once: it holds nothing that could be lost."""
        self._popen.kill()
        self._popen.wait()
        self._stdout.close()
        # What it was not sent any more goes nowhere.
        with suppress(OSError):
            self._stdin.close()


def serve() -> None:
    """What the other process does: answer until nothing more is asked, or nobody listens."""
    # Ctrl-C is for the process that asks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    try:
        work = pickle.load(questions)  # noqa: S301
        _send(None, answers)
        while True:
            _send(work(pickle.load(questions)), answers)  # noqa: S301
    except (EOFError, BrokenPipeError):
        return


def _send(message: object, stream: IO[bytes]) -> None:
    pickle.dump(message, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()


def _clean_all(raws: Sequence[RawArticle | None], *, clean: Clean, now: datetime) -> list[Cleaned]:
    return [None if raw is None else _clean_one(raw, clean, now) for raw in raws]


def _clean_one(raw: RawArticle, clean: Clean, now: datetime) -> Article | str:
    try:
        return clean(raw, now)
    except CleanError as err:
        return str(err)
    except Exception as err:
        # A page that cleaning is not ready for is listed with the others that failed, and
        # the rest of the source is read.
        return f"cleaning it went wrong: {type(err).__name__}: {err}"
