"""Other machines that clean: the workers of a Dask scheduler, which have the same dateline."""

from __future__ import annotations

import logging
import pickle
import platform
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from corpus.article import Article, RawArticle
from indexer.indexer_errors import DaskError, DaskLostError, MissingExtraError
from indexer.workers.process import ProcessStartError, Work
from indexer.workers.process_pool import clean_chunk

if TYPE_CHECKING:
    from distributed import Client

# Seconds between two looks at whether somebody works on what is waited for.
_LOOK = 1
_CHUNKS_A_THREAD = 3
# So many chunks are begun before the threads are counted again, since workers come and go.
_RECOUNT = 64
_LOGGERS = ("distributed", "distributed.client", "tornado.application")


class DaskMissingError(MissingExtraError):
    """Dask is not installed here."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"the scheduler {address} is to be asked, and Dask is not installed; "
            "run: pip install 'dateline-search[dask]'"
        )


class DaskVersionError(DaskError):
    """A worker would clean differently. Made there, and raised here."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for a scheduler to answer, and for a first worker to come."""

    answer: float = 5
    workers: float = 30


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Raw articles, and what cleans them, to be sent to a worker.

    Pickled it is a call, and what unpickles it gets the outcome. So Dask itself carries bytes
    alone, and a worker without dateline fails at its task, rather than at reading its post.
    """

    versions: Mapping[str, str]
    work: bytes
    raws: Sequence[RawArticle]

    def __reduce__(self) -> tuple[Callable[..., bytes], tuple[object, ...]]:
        return clean_there, (self.versions, self.work, pickle.dumps(self.raws))


def clean_there(ours: Mapping[str, str], work: bytes, raws: bytes) -> bytes:
    """What a worker does: the same as is done here, or nothing. Raises DaskError."""
    # Loaded where it is needed: it reads all of our files.
    from indexer.workers.versions import differences, versions

    if differing := differences(versions(), ours):
        raise DaskVersionError(
            f"the worker on {platform.node()} would clean differently: it has "
            f"{', '.join(differing)}; install the same there"
        )
    try:
        return pickle.dumps(clean_chunk(_unpacked(work), pickle.loads(raws)))  # noqa: S301
    except ProcessStartError as err:
        raise DaskError(f"the worker on {platform.node()} {err}") from err


@lru_cache(maxsize=4)
def _unpacked(work: bytes) -> Work:
    """The same object for the same work, so that processes go on with it."""
    return pickle.loads(work)  # type: ignore[no-any-return]  # noqa: S301


class DaskCrew:
    """A crew on other machines. It is asked for once there is something to clean.

    Dask has another worker do a chunk whose worker has ended.
    """

    spared = 0

    def __init__(self, address: str, work: Work, patience: Patience = Patience()) -> None:
        self._address = address
        self._work = pickle.dumps(work)
        self._patience = patience
        self._client: Client | None = None
        self._quiet = ExitStack()
        self._begun = self._threads = self._alone = 0

    @property
    def most(self) -> int:
        return max(1, self._threads) * _CHUNKS_A_THREAD

    def begin(self, raws: Sequence[RawArticle]) -> Callable[[], list[Article | str]]:
        """Send a chunk. Raises DaskError, as does what is returned."""
        client = self._client or self._connect()
        if client.status != "running":
            raise self._lost()
        if self._begun % _RECOUNT == 0:
            self._count_threads(client)
        self._begun += 1
        return partial(self._outcomes, client, self._sent(client, raws))

    def _sent(self, client: Client, raws: Sequence[RawArticle]) -> Future[bytes]:
        import dask

        from indexer.workers.versions import versions

        executor: Executor = client.get_executor(pure=False)
        # It warns of what is long; pages are as long as they are.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GiB"}):
            return executor.submit(pickle.loads, pickle.dumps(_Chunk(versions(), self._work, raws)))

    def _connect(self) -> Client:
        try:
            from distributed import Client
        except ImportError as err:
            raise DaskMissingError(self._address) from err
        _probe(self._address, self._patience.answer)
        self._quiet.enter_context(_without_dask_s_words())
        self._client = Client(self._address, timeout=self._patience.answer, set_as_default=False)
        return self._client

    def _outcomes(self, client: Client, future: Future[bytes]) -> list[Article | str]:
        from distributed import KilledWorker

        while not wait([future], _LOOK).done:
            self._look(client)
        self._alone = 0
        try:
            return pickle.loads(future.result())  # type: ignore[no-any-return]  # noqa: S301
        except CancelledError as err:
            raise self._lost() from err
        except KilledWorker as err:
            raise DaskLostError(
                f"one worker after the other ended at the same chunk ({err})"
            ) from err
        except (ImportError, AttributeError) as err:
            raise DaskError(
                f"a worker of {self._address} does not have the dateline that is here ({err}); "
                "install the same there"
            ) from err

    def _look(self, client: Client) -> None:
        """See to it that somebody works on what is waited for. Raises DaskLostError."""
        # Dask forgets what was asked for when it connects anew.
        if client.status != "running" or not client.futures:
            raise self._lost()
        self._count_threads(client)
        self._alone = 0 if self._threads else self._alone + _LOOK
        if self._alone >= self._patience.workers:
            raise DaskLostError(f"the scheduler {self._address} has no workers")

    def _count_threads(self, client: Client) -> None:
        try:
            self._threads = sum(client.nthreads().values())
        except OSError as err:
            raise self._lost() from err

    def _lost(self) -> DaskLostError:
        return DaskLostError(f"the scheduler {self._address} was lost")

    def end(self) -> None:
        """Leave. The scheduler forgets what nobody waits for any more."""
        if self._client:
            with self._quiet, suppress(OSError):
                self._client.close(timeout=self._patience.answer)


@contextmanager
def _without_dask_s_words() -> Iterator[None]:
    """What it logs of a lost connection is long, and told by us."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def _probe(address: str, timeout: float) -> None:
    """See whether a scheduler answers, since Dask waits for ever for something else to do so.

    Raises DaskError.
    """
    import asyncio

    with ThreadPoolExecutor(1) as thread:
        # In a thread of its own, for the caller's may be running a loop.
        greeted = thread.submit(asyncio.run, _greet(address, timeout))
    try:
        greeted.result()
    except OSError as err:
        reason = str(err) or f"nothing answers within {timeout:g} s"
        raise DaskError(f"the scheduler {address} cannot be reached: {reason}") from err
    except RuntimeError as err:
        # Dask's configuration forbids it.
        raise DaskError(f"the scheduler {address} cannot be asked: {err}") from err
    except (ValueError, MemoryError, struct.error) as err:
        raise DaskError(f"what answers at {address} is no Dask scheduler") from err


async def _greet(address: str, timeout: float) -> None:
    import asyncio

    from distributed import Security, connect

    credentials = Security().get_connection_args("client")
    if address.startswith("tls:") and credentials["ssl_context"] is None:
        raise DaskError(
            f"the scheduler {address} needs credentials; name their files in Dask's own "
            "configuration, under distributed.comm.tls"
        )
    async with asyncio.timeout(timeout):
        comm = await connect(address, timeout=0.8 * timeout, **credentials)
        await comm.close()
