"""Another process that cleans, where a page can end nothing else, within limits.

It is not one of multiprocessing's: those run the main script of whoever uses us once more,
and stay behind when that one is killed. This one ends when its stdin does.
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

_OUT_OF_MEMORY = 77
# Where nothing tells the processor's time, the end of an article's time has this status.
_OUT_OF_TIME = 1
# A busy machine may take so many seconds for one of the processor's.
_PATIENCE = 4


class Clean(Protocol):
    """What makes an article of a raw one, or raises CleanError.

    It is `careful` with what has ended a process, and leaves out what it can do without.
    """

    def __call__(self, raw: RawArticle, *, now: datetime, careful: bool) -> Article: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What the cleaning of one article may take.

    Seconds are the processor's, so that no article fails because the machine is busy: with
    two thirds of a processor, they are ten on the wall. The second try of one that ended its
    process has `seconds_again`. `memory` is bytes of the process's own data: with the programs
    that it runs, 450 MB of them are under 500.
    """

    seconds: float = 4.0
    seconds_again: float = 2.0
    memory: int = 450_000_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Work:
    """What a process does: clean, as of a moment, within limits."""

    clean: Clean
    now: datetime
    limits: Limits = LIMITS

    def done(self, raw: RawArticle, *, careful: bool = False) -> Article | str:
        """The article, or the reason why there is none."""
        try:
            return self.clean(raw, now=self.now, careful=careful)
        except CleanError as err:
            return str(err)
        except MemoryError:
            raise
        except Exception as err:
            # A page that cleaning is not ready for is listed with the others that failed,
            # and the rest of the source is read.
            return f"cleaning it went wrong: {type(err).__name__}: {err}"


class ProcessStartError(WorkersError):
    """Other processes cannot be started at all."""

    def __init__(self) -> None:
        super().__init__(f"cannot start {sys.executable or 'Python'} again, which cleaning needs")


class ProcessDiedError(WorkersError):
    """The process ended before it answered; the message says what of."""


class Process:
    """The other process, as this one has it: it is asked, and may die of it."""

    # It looks for modules where this process does, once it has been told where.
    _BEGIN = (
        "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer);"
        "from indexer.workers.process import serve; serve()"
    )

    def __init__(self, work: Work) -> None:
        """Start it. Raises ProcessStartError."""
        try:
            self._popen = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-c", self._BEGIN],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Ctrl-C is for the process that asks, even while this one begins.
                start_new_session=True,
            )
        except OSError as err:
            raise ProcessStartError from err
        self._work = work
        try:
            self._send(sys.path, work)
            self._answer()
        except ProcessDiedError as err:
            raise ProcessStartError from err

    def turn_to(self, work: Work) -> bool:
        """Have it do this work from now on. False if it cannot: it has ended meanwhile."""
        if self._popen.poll() is not None:
            self.end()
            return False
        if work != self._work:
            try:
                self._send(work)
                self._answer()
            except ProcessDiedError:
                return False
            self._work = work
        return True

    def ask(self, raws: Sequence[RawArticle], *, careful: bool = False) -> Iterator[Article | str]:
        """What becomes of each raw article, in order, as soon as it is known.

        Raises ProcessDiedError, and has ended then: of the first one that has no answer.
        """
        self._send((raws, careful))
        for _ in raws:
            yield self._answer()

    def _send(self, *messages: object) -> None:
        try:
            for message in messages:
                _send(message, self._stdin)
        except OSError as err:
            raise self._died() from err

    def _answer(self) -> Any:
        try:
            return pickle.load(self._stdout)  # noqa: S301 - our own process wrote it
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as err:
            raise self._died() from err

    def _died(self) -> ProcessDiedError:
        self.end()
        return ProcessDiedError(_reason(self._popen.returncode, self._work.limits))

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


def _reason(status: int, limits: Limits) -> str:
    """What a process died of, as its exit status tells."""
    if status == _OUT_OF_MEMORY:
        return f"cleaning it needed more than {limits.memory // 1_000_000} MB of memory"
    if status in _TIMES_UP:
        return f"cleaning it took longer than {limits.seconds + limits.seconds_again:g} s"
    with suppress(ValueError):
        return f"cleaning it ended the process ({signal.Signals(-status).name})"
    return f"cleaning it ended the process (status {status})"


if sys.platform == "win32":
    _TIMES_UP = {_OUT_OF_TIME}

    def _start_clock(seconds: float) -> None:
        """End this process once the time is over, even within C code."""
        faulthandler.dump_traceback_later(seconds * _PATIENCE, exit=True)

    def _stop_clock() -> None:
        faulthandler.cancel_dump_traceback_later()

    def _keep_within(memory: int) -> None:
        """Nothing limits memory here."""

else:
    import resource

    _TIMES_UP = {-signal.SIGPROF, -signal.SIGALRM}

    def _start_clock(seconds: float) -> None:
        """End this process once the time is over, even within C code."""
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, seconds * _PATIENCE)

    def _stop_clock() -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _keep_within(memory: int) -> None:
        """Have this process get no more memory than this, and leave no dump if it dies of it."""
        for which, most in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CORE, 0)):
            hard = resource.getrlimit(which)[1]
            lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(which, (lower, hard))


def serve() -> None:
    """What the other process does: answer until nothing more is asked, or nobody listens."""
    # Ctrl-C is for the process that asks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints is no answer.
    os.dup2(2, 1)
    try:
        while True:
            question = pickle.load(questions)  # noqa: S301
            if isinstance(question, Work):
                work = question
                _keep_within(work.limits.memory)
                _send(None, answers)
            else:
                raws, careful = question
                _answer(work, raws, careful, answers)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except (EOFError, BrokenPipeError):
        return


def _answer(work: Work, raws: Sequence[RawArticle], careful: bool, answers: IO[bytes]) -> None:
    limits = work.limits
    for raw in raws:
        _start_clock(limits.seconds_again if careful else limits.seconds)
        answer = work.done(raw, careful=careful)
        _stop_clock()
        _send(answer, answers)


def _send(message: object, stream: IO[bytes]) -> None:
    pickle.dump(message, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()
