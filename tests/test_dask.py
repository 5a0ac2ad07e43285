"""Cleaning by the workers of a Dask scheduler: the same articles, and nothing lost."""

from __future__ import annotations

import os
import pickle
import signal
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.article import Article, MediaType, RawArticle, Source
from indexer.indexer_errors import DaskError, DaskLostError
from indexer.workers.cleaner import Cleaned, Cleaner
from indexer.workers.dask import DaskBackend, DaskTimeouts, DaskVersionError
from indexer.workers.process import CleaningJob, CleaningLimits
from indexer.workers.versions import compare_versions, read_versions
from search.project.project import Project
from search.project.scaffold import create_project
from tests.demo import SAMPLES, dateline
from tests.perilous import perilous

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

    from indexer.ingest.stats import IngestStats

pytest.importorskip("distributed")

NOW = datetime(2025, 4, 1, 12, 0, tzinfo=UTC)
LIMITS = CleaningLimits(seconds=0.2, seconds_again=0.1)

posix = pytest.mark.skipif(sys.platform == "win32", reason="it is about POSIX signals and limits")


def started(workers: int) -> LocalCluster:
    from distributed import LocalCluster

    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs="CRITICAL",
    )


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A scheduler, and two workers that are processes of their own."""
    with started(2) as running:
        yield running


@pytest.fixture
def client(cluster: LocalCluster) -> Iterator[Client]:
    """A look at the workers that is not ours."""
    from distributed import Client

    with Client(cluster.scheduler_address, set_as_default=False) as connected:
        yield connected


def page(number: int, text: str) -> RawArticle:
    return RawArticle(Source("news", "/news"), f"p{number}", MediaType.HTML, text.encode())


def cleaned_there(
    address: str, texts: list[str], seen: Callable[[Cleaned], None] = lambda cleaned: None
) -> list[Cleaned]:
    """What becomes of pages of these texts, in order."""
    pages = (page(number, text) for number, text in enumerate(texts))
    found = []
    with Cleaner(1, NOW, perilous, LIMITS, scheduler=address) as cleaner:
        for raw, cleaned in cleaner.clean_each(pages, lambda raw: raw):
            assert not isinstance(cleaned, Article) or raw.path == cleaned.id
            seen(cleaned)
            found.append(cleaned)
    return found


def titles(cleaned: list[Cleaned]) -> list[str]:
    return [each.title if isinstance(each, Article) else str(each) for each in cleaned]


# -- a cluster at work


def test_the_samples_are_cleaned_as_they_are_here(cluster: LocalCluster, tmp_path: Path) -> None:
    taken_in = []
    for flags in ({"scheduler": cluster.scheduler_address}, {"workers": "2"}):
        folder = tmp_path / next(iter(flags))
        assert list(create_project(folder, samples=True))
        with Project.open(folder, now=NOW, **flags) as project:
            assert SAMPLES == project.update().added
            taken_in.append(list(project.store.read_changes(0)))
    there, here = taken_in
    assert here == there


@posix
def test_hostile_pages_fail_alone_and_the_workers_live(
    cluster: LocalCluster, client: Client
) -> None:
    before = client.run(os.getpid)
    texts = [f"page {number}" for number in range(200)]
    expected = list(texts)
    for number, text, reason in (
        (0, "loop", "cleaning it took longer than 0.3 s"),
        (70, "hoard", "cleaning it needed more than 450 MB of memory"),
        (71, "crash", "cleaning it ended the process (SIGSEGV)"),
        (150, "stumble", "cleaning it went wrong: RecursionError: too deep"),
        (199, "dare", "dare"),
    ):
        texts[number], expected[number] = text, reason
    assert expected == titles(cleaned_there(cluster.scheduler_address, texts))
    assert before == client.run(os.getpid)


def processes(cleaned: list[Cleaned]) -> set[str]:
    return {each.body for each in cleaned if isinstance(each, Article)}


def test_the_processes_of_a_worker_are_kept_for_the_next_run(
    cluster: LocalCluster, client: Client
) -> None:
    texts = ["page"] * 300
    first, second = (processes(cleaned_there(cluster.scheduler_address, texts)) for _ in range(2))
    workers = set(map(str, client.run(os.getpid).values()))
    assert set() == workers & first
    assert first == second
    assert len(workers) >= len(first)


@posix
def test_the_processes_of_a_worker_end_with_it() -> None:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs="CRITICAL",
    ) as cluster:
        (process,) = processes(cleaned_there(cluster.scheduler_address, ["page"]))
        os.kill(int(process), 0)
    with pytest.raises(ProcessLookupError):
        os.kill(int(process), 0)


@posix
def test_a_worker_that_is_killed_loses_nothing(cluster: LocalCluster, client: Client) -> None:
    (victim, *_) = client.run(os.getpid).values()
    texts = [f"page {number}" for number in range(2_000)]
    killed: list[int] = []

    def kill(_: Cleaned) -> None:
        if not killed:
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

    assert texts == titles(cleaned_there(cluster.scheduler_address, texts, kill))
    client.wait_for_workers(2, timeout=30)
    assert victim not in client.run(os.getpid).values()


# -- a cluster that is not, or no more


def test_a_scheduler_that_is_lost_loses_nothing(tmp_path: Path) -> None:
    articles = 2_000
    source = tmp_path / "in.jsonl"
    lines = [f'{{"id": "{n}", "title": "Article {n}", "body": "It."}}\n' for n in range(articles)]
    source.write_text("".join(lines), "utf-8")
    running = started(1)

    def lose(_: IngestStats) -> None:
        running.close()

    with Project.open(tmp_path, now=NOW, scheduler=running.scheduler_address) as project:
        with pytest.raises(
            DaskLostError, match="was lost; what was taken in is kept, and `dateline"
        ):
            project.add([source], report=lose)
        assert articles > project.store.collect_stats().articles
    with Project.open(tmp_path, now=NOW, workers="1") as project:
        project.update()
        assert articles == project.store.collect_stats().articles


def test_a_scheduler_without_workers_is_given_up() -> None:
    with started(0) as idle:
        crew = DaskBackend(
            idle.scheduler_address, CleaningJob(perilous, NOW), DaskTimeouts(workers=1)
        )
        outcomes = crew.submit([page(1, "page")])
        with pytest.raises(DaskLostError, match="has no workers"):
            outcomes()
        crew.close()


@contextmanager
def answering(greeting: bytes) -> Iterator[str]:
    """The address of something that says this to whoever comes, or hangs up without a word."""

    class Answer(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(greeting)
            while greeting and self.request.recv(100_000):
                pass

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"tcp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("greeting", "says"),
    [
        (b"Hello", "cannot be reached: nothing answers within 0.5 s"),
        (b"220 mail.harbor.example ready\r\n", "is no Dask scheduler"),
        (b"", "cannot be reached: "),
    ],
)
def test_what_is_no_scheduler_is_told(greeting: bytes, says: str) -> None:
    with answering(greeting) as address:
        crew = DaskBackend(address, CleaningJob(perilous, NOW), DaskTimeouts(answer=0.5))
        with pytest.raises(DaskError, match=says):
            crew.submit([page(1, "page")])
        crew.close()


def test_where_nothing_listens_there_is_no_scheduler() -> None:
    crew = DaskBackend("tcp://127.0.0.1:1", CleaningJob(perilous, NOW), DaskTimeouts(answer=0.5))
    with pytest.raises(DaskError, match=r"tcp://127\.0\.0\.1:1 cannot be reached: Timed out"):
        crew.submit([page(1, "page")])


def test_dask_s_own_settings_are_kept() -> None:
    import dask

    crew = DaskBackend("tcp://127.0.0.1:1", CleaningJob(perilous, NOW))
    with (
        dask.config.set({"distributed.comm.require-encryption": True}),
        pytest.raises(DaskError, match="cannot be asked: encryption required"),
    ):
        crew.submit([page(1, "page")])


@pytest.fixture
def one_page(tmp_path: Path) -> Path:
    (tmp_path / "page.txt").write_text("Harbor reopens\n\nShips came in on Monday.\n", "utf-8")
    return tmp_path


def test_a_scheduler_that_cannot_be_asked_is_an_error_of_usage(one_page: Path) -> None:
    file = one_page / "page.txt"
    with answering(b"") as address:
        result = dateline("--scheduler", address, "-C", one_page, "add", file)
    assert (2, "") == (result.exit_code, result.stdout)
    assert result.stderr.startswith(f"dateline: the scheduler {address} cannot be reached: ")
    result = dateline("--scheduler", "tls://127.0.0.1:1", "-C", one_page, "add", file)
    assert 2 == result.exit_code
    assert "needs credentials; name their files in Dask's own" in result.stderr
    assert "1 added" in dateline("-C", one_page, "update").stderr


def test_without_dask_it_says_what_to_install(
    one_page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setenv("DATELINE_SCHEDULER", "tcp://127.0.0.1:1")
    result = dateline("-C", one_page, "add", one_page / "page.txt")
    assert 2 == result.exit_code
    assert "pip install 'dateline-search[dask]'" in result.stderr


# -- other versions


def test_a_worker_of_another_version_cleans_nothing(client: Client) -> None:
    from indexer.workers.dask import clean_in_worker

    work = pickle.dumps(CleaningJob(perilous, NOW))
    with pytest.raises(DaskVersionError, match=r"it has lxml .* instead of 0\.1; install the"):
        client.submit(
            clean_in_worker, {**read_versions(), "lxml": "0.1"}, work, pickle.dumps([])
        ).result()


@pytest.mark.parametrize(
    ("theirs", "ours", "differing"),
    [
        ({"lxml": "6"}, {"lxml": "6"}, []),
        ({"lxml": "6"}, {"lxml": "7"}, ["lxml 6 instead of 7"]),
        ({}, {"lxml": "7"}, ["lxml none instead of 7"]),
        ({"lxml": "6", "new": "1"}, {"lxml": "6"}, ["new 1 instead of none"]),
    ],
)
def test_versions_are_compared(
    theirs: dict[str, str], ours: dict[str, str], differing: list[str]
) -> None:
    assert differing == compare_versions(theirs, ours)
