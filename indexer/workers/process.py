"""Another process that cleans, where a page can end nothing else, within limits.

It is not one of multiprocessing's: those run the main script of the caller once more, and
stay behind when the caller is killed. This one ends when its stdin does.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Protocol

from corpus.article import Article, RawArticle
from indexer.clean import CleanError
from indexer.indexer_errors import WorkersError

_MEMORY_STATUS = 77
# Where no clock counts the processor's time, the end of an article's time has this status.
_TIME_STATUS = 1
# On a busy machine, a second of the processor may take this many seconds.
_WALL_SECONDS_A_CPU_SECOND = 4


class CleanFunction(Protocol):
    """A function that makes an article of a raw one, or raises CleanError.

    If it is to be `careful`, the raw article has ended a process: it leaves out what an article
    can do without.
    """

    def __call__(self, raw: RawArticle, *, now: datetime, careful: bool) -> Article: ...


@dataclass(frozen=True, slots=True)
class CleaningLimits:
    """The limits for cleaning one article.

    Seconds are the processor's, so that no article fails because the machine is busy: with
    two thirds of a processor, they are ten on the wall. The second try of an article that ended
    its process has `seconds_again`. `memory` is bytes of the process's own data: with the
    programs that it runs, 450 MB of them are under 500.
    """

    seconds: float = 4.0
    seconds_again: float = 2.0
    memory: int = 450_000_000


DEFAULT_LIMITS = CleaningLimits()


@dataclass(frozen=True, slots=True)
class CleaningJob:
    """A job for processes: the function that cleans, the time it is for, and the limits."""

    function: CleanFunction
    now: datetime
    limits: CleaningLimits = DEFAULT_LIMITS

    def clean(self, raw: RawArticle, *, careful: bool = False) -> Article | str:
        """Clean a raw article. Returns the article, or the reason why there is none."""
        try:
            return self.function(raw, now=self.now, careful=careful)
        except CleanError as err:
            return str(err)
        except MemoryError:
            raise
        except Exception as err:
            # A page that cleaning is not ready for is listed with the others that failed,
            # and the rest of the source is read.
            return f"cleaning it went wrong: {type(err).__name__}: {err}"


class ProcessStartError(WorkersError):
    """No other process can be started."""

    def __init__(self) -> None:
        super().__init__(f"cannot start {sys.executable or 'Python'} again, which cleaning needs")


class ProcessDiedError(WorkersError):
    """A process ended before it answered; the message is the reason."""


class CleaningProcess:
    """A process that cleans, as the process that started it sees it. It may end at any time."""

    # It looks for modules where this process does, so that comes first.
    _MAIN = (
        "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer);"
        "from indexer.workers.process import serve; serve()"
    )

    def __init__(self, job: CleaningJob) -> None:
        """Start a process. Raises ProcessStartError."""
        try:
            self._popen = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-c", self._MAIN],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Ctrl-C is for the process that asks, even while this one starts.
                start_new_session=True,
            )
        except OSError as err:
            raise ProcessStartError from err
        self._job = job
        try:
            self._send(sys.path, job)
            self._receive()
        except ProcessDiedError as err:
            raise ProcessStartError from err
        except BaseException:
            self.kill()
            raise

    def switch_to(self, job: CleaningJob) -> bool:
        """Do this job from now on. Returns False if the process has ended meanwhile."""
        if self._popen.poll() is not None:
            self.kill()
            return False
        if job != self._job:
            try:
                self._send(job)
                self._receive()
            except ProcessDiedError:
                return False
            self._job = job
        return True

    def clean(
        self, raws: Sequence[RawArticle], *, careful: bool = False
    ) -> Iterator[Article | str]:
        """Clean raw articles, and yield the result of each, in order, as soon as it is there.

        Raises ProcessDiedError if the process has ended: it is about the first one that has no
        result.
        """
        self._send((raws, careful))
        for _ in raws:
            yield self._receive()

    def _send(self, *messages: object) -> None:
        try:
            for message in messages:
                _write_message(message, self._stdin)
        except OSError as err:
            raise self._release() from err

    def _receive(self) -> Any:
        try:
            return pickle.load(self._stdout)  # noqa: S301 - our own process wrote it
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as err:
            raise self._release() from err

    def _release(self) -> ProcessDiedError:
        """Release a process that has ended, and return the error that says why."""
        self.kill()
        return ProcessDiedError(_explain_status(self._popen.returncode, self._job.limits))

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._popen.stdin is not None  # noqa: S101
        return self._popen.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._popen.stdout is not None  # noqa: S101
        return self._popen.stdout

    def kill(self) -> None:
        """End the process at once: it holds nothing that could be lost."""
        self._popen.kill()
        self._popen.wait()
        self._stdout.close()
        # Closing flushes, and nobody reads that any more.
        with suppress(OSError):
            self._stdin.close()


def _explain_status(status: int, limits: CleaningLimits) -> str:
    """Return the reason for the end of a process with this exit status."""
    if status == _MEMORY_STATUS:
        return f"cleaning it needed more than {limits.memory // 1_000_000} MB of memory"
    if status in _TIME_STATUSES:
        return f"cleaning it took longer than {limits.seconds + limits.seconds_again:g} s"
    with suppress(ValueError):
        return f"cleaning it ended the process ({signal.Signals(-status).name})"
    return f"cleaning it ended the process (status {status})"


if sys.platform == "win32":
    _TIME_STATUSES = {_TIME_STATUS}

    def _start_clock(seconds: float) -> None:
        """End this process after these seconds, even within C code."""
        faulthandler.dump_traceback_later(seconds * _WALL_SECONDS_A_CPU_SECOND, exit=True)

    def _stop_clock() -> None:
        faulthandler.cancel_dump_traceback_later()

    def _limit_memory(size: int) -> None:
        """Do nothing: nothing limits memory here."""

else:
    import resource

    _TIME_STATUSES = {-signal.SIGPROF, -signal.SIGALRM}

    def _start_clock(seconds: float) -> None:
        """End this process after these seconds, even within C code."""
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, seconds * _WALL_SECONDS_A_CPU_SECOND)

    def _stop_clock() -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _limit_memory(size: int) -> None:
        """Let this process have no more bytes of memory, and write no dump if that ends it."""
        for limit, value in ((resource.RLIMIT_DATA, size), (resource.RLIMIT_CORE, 0)):
            hard = resource.getrlimit(limit)[1]
            lower = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(limit, (lower, hard))


def serve() -> None:
    """Clean what stdin asks for, in the other process, until it ends or nobody reads stdout."""
    # Ctrl-C is for the process that asks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints is no answer.
    os.dup2(2, 1)
    try:
        while True:
            question = pickle.load(questions)  # noqa: S301
            if isinstance(question, CleaningJob):
                job = question
                _limit_memory(job.limits.memory)
                _write_message(None, answers)
            else:
                raws, careful = question
                _answer(job, raws, careful, answers)
    except MemoryError:
        os._exit(_MEMORY_STATUS)
    except (EOFError, BrokenPipeError):
        return


def _answer(
    job: CleaningJob, raws: Sequence[RawArticle], careful: bool, answers: IO[bytes]
) -> None:
    limits = job.limits
    for raw in raws:
        _start_clock(limits.seconds_again if careful else limits.seconds)
        answer = job.clean(raw, careful=careful)
        _stop_clock()
        _write_message(answer, answers)


def _write_message(message: object, stream: IO[bytes]) -> None:
    pickle.dump(message, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()
