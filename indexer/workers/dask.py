"""Cleaning on other machines: by the workers of a Dask scheduler, which have the same dateline."""

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
from typing import TYPE_CHECKING, cast

from corpus.article import Article, RawArticle
from indexer.indexer_errors import DaskError, DaskLostError, MissingExtraError
from indexer.workers.process import CleaningJob, ProcessStartError
from indexer.workers.process_pool import ProcessPool

if TYPE_CHECKING:
    from distributed import Client

# Seconds between two checks that a worker is there for the chunk that is waited for.
_CHECK_SECONDS = 1
_MAX_PENDING_CHUNKS_A_THREAD = 3
# Workers come and go, so their threads are counted again after this many chunks.
_COUNT_EVERY_CHUNKS = 64
_LOGGERS = ("distributed", "distributed.client", "tornado.application")
# The name of our part of a Dask worker.
_EXTENSION = "dateline"


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
class DaskTimeouts:
    """Seconds to wait for a scheduler's answer, and for a first worker to come."""

    answer: float = 5
    workers: float = 30


# -- in a worker


class _WorkerExtension:
    """Our part of a Dask worker, which closes it when it ends.

    Its processes are kept from one ingest to the next. If the worker is killed, they end too,
    because their stdin does.
    """

    def __init__(self) -> None:
        self.pool = ProcessPool()
        # The same job has to be the same object, or processes would switch to it every time.
        self.load_job: Callable[[bytes], CleaningJob] = lru_cache(maxsize=4)(pickle.loads)

    def close(self) -> None:
        self.pool.close()


def _open_extension() -> _WorkerExtension:
    """Return our part of the Dask worker that this thread belongs to, added if it is new."""
    from distributed import get_worker

    extensions = get_worker().extensions
    # One step, for the worker's threads share it; one that is not needed has no processes yet.
    return cast(_WorkerExtension, extensions.setdefault(_EXTENSION, _WorkerExtension()))


def clean_in_worker(ours: Mapping[str, str], job: bytes, raws: bytes) -> bytes:
    """Clean raw articles in a Dask worker, if it cleans as we do. Raises DaskError."""
    # Loaded when needed: it reads all of our files.
    from indexer.workers.versions import compare_versions, read_versions

    if differences := compare_versions(read_versions(), ours):
        raise DaskVersionError(
            f"the worker on {platform.node()} would clean differently: it has "
            f"{', '.join(differences)}; install the same there"
        )
    extension = _open_extension()
    try:
        results = extension.pool.clean(extension.load_job(job), pickle.loads(raws))  # noqa: S301
    except ProcessStartError as err:
        raise DaskError(f"the worker on {platform.node()} {err}") from err
    return pickle.dumps(results)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Raw articles for a worker, and the job.

    Pickled it is a call, and to unpickle it returns the results. So Dask itself carries bytes
    alone, and a worker without dateline fails at its task, rather than at reading the message.
    """

    versions: Mapping[str, str]
    job: bytes
    raws: Sequence[RawArticle]

    def __reduce__(self) -> tuple[Callable[..., bytes], tuple[object, ...]]:
        return clean_in_worker, (self.versions, self.job, pickle.dumps(self.raws))


# -- here


class DaskBackend:
    """Cleaning on other machines. The scheduler is connected to at the first chunk.

    Dask has another worker do a chunk whose worker has ended.
    """

    max_inline_articles = 0

    def __init__(
        self, address: str, job: CleaningJob, timeouts: DaskTimeouts = DaskTimeouts()
    ) -> None:
        self._address = address
        self._job = pickle.dumps(job)
        self._timeouts = timeouts
        self._client: Client | None = None
        self._silence = ExitStack()
        self._submitted = self._threads = self._seconds_without_workers = 0

    @property
    def max_pending_chunks(self) -> int:
        return max(1, self._threads) * _MAX_PENDING_CHUNKS_A_THREAD

    def submit(self, raws: Sequence[RawArticle]) -> Callable[[], list[Article | str]]:
        """Send a chunk. The returned function waits for the results, in order.

        Both raise DaskError; this one raises DaskMissingError, too.
        """
        client = self._client or self._connect()
        if client.status != "running":
            raise self._lost_error
        if self._submitted % _COUNT_EVERY_CHUNKS == 0:
            self._count_threads(client)
        self._submitted += 1
        return partial(self._wait, client, self._send(client, raws))

    def _send(self, client: Client, raws: Sequence[RawArticle]) -> Future[bytes]:
        import dask

        from indexer.workers.versions import read_versions

        chunk = pickle.dumps(_Chunk(read_versions(), self._job, raws))
        executor: Executor = client.get_executor(pure=False)
        # It warns of long messages; pages are as long as they are.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GiB"}):
            return executor.submit(pickle.loads, chunk)

    def _connect(self) -> Client:
        try:
            from distributed import Client
        except ImportError as err:
            raise DaskMissingError(self._address) from err
        _probe(self._address, self._timeouts.answer)
        self._silence.enter_context(_silence_dask())
        self._client = Client(self._address, timeout=self._timeouts.answer, set_as_default=False)
        return self._client

    def _wait(self, client: Client, future: Future[bytes]) -> list[Article | str]:
        from distributed import KilledWorker

        while not wait([future], _CHECK_SECONDS).done:
            self._check_workers(client)
        self._seconds_without_workers = 0
        try:
            return pickle.loads(future.result())  # type: ignore[no-any-return]  # noqa: S301
        except CancelledError as err:
            raise self._lost_error from err
        except KilledWorker as err:
            reason = f"one worker after the other ended at the same chunk ({err})"
            raise DaskLostError(reason) from err
        except (ImportError, AttributeError) as err:
            raise DaskError(
                f"a worker of {self._address} does not have the dateline that is here ({err}); "
                "install the same there"
            ) from err

    def _check_workers(self, client: Client) -> None:
        """Check that a worker is there for the chunk that is waited for. Raises DaskLostError."""
        # Dask forgets what was submitted when it connects anew.
        if client.status != "running" or not client.futures:
            raise self._lost_error
        self._count_threads(client)
        waited = 0 if self._threads else self._seconds_without_workers + _CHECK_SECONDS
        self._seconds_without_workers = waited
        if waited >= self._timeouts.workers:
            raise DaskLostError(f"the scheduler {self._address} has no workers")

    def _count_threads(self, client: Client) -> None:
        try:
            self._threads = sum(client.nthreads().values())
        except OSError as err:
            raise self._lost_error from err

    @property
    def _lost_error(self) -> DaskLostError:
        return DaskLostError(f"the scheduler {self._address} was lost")

    def close(self) -> None:
        """Disconnect. The scheduler drops the chunks that nobody waits for any more."""
        with self._silence, suppress(OSError):
            if self._client:
                self._client.close(timeout=self._timeouts.answer)


@contextmanager
def _silence_dask() -> Iterator[None]:
    """Silence Dask's log: about a lost connection it is long, and we report that ourselves."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _probe(address: str, timeout: float) -> None:
    """Check that a scheduler answers, since Dask waits for ever if something else does.

    Raises DaskError.
    """
    import asyncio

    with ThreadPoolExecutor(1) as thread:
        # In a thread of its own, for the caller's may be running a loop.
        greeting = thread.submit(asyncio.run, _greet(address, timeout))
    try:
        greeting.result()
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
