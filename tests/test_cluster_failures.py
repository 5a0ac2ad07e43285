"""A cluster whose nodes are killed, and ingesters that are: nothing is lost, nothing passed off."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest

from indexer.engines import IndexUnreachableError
from search.project.project import Project
from tests.cluster.nodes import Cluster
from tests.demo import COMMAND
from tests.places import needs_cluster
from tests.planted import NOW

pytestmark = needs_cluster

ARTICLES = 20_000
# Beside the cluster that other tests use.
PORT = 19_501


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), port=PORT)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def whole(cluster: Cluster) -> Cluster:
    """The cluster with all its nodes, each part of every index where it belongs."""
    for number in range(cluster.nodes):
        if not cluster.is_running(number):
            cluster.start_node(number)
    cluster.wait(cluster.nodes, status="green")
    return cluster


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("news") / "news.jsonl"
    text = "The council met again about the harbour and the ferry. " * 5
    with file.open("w") as lines:
        for number in range(ARTICLES):
            date = f"2025-{number % 6 + 1:02}-{number % 28 + 1:02}"
            record = {"id": f"a{number}", "title": f"Council {number}", "body": text, "date": date}
            lines.write(f"{json.dumps(record)}\n")
    return file


@pytest.fixture
def root(tmp_path: Path, whole: Cluster) -> Path:
    hosts = ", ".join(whole.urls())
    index = f"t{uuid4().hex}"
    settings = f"opensearch: {{hosts: [{hosts}], index: {index}, timeout: 60}}"
    (tmp_path / "dateline.yaml").write_text(f"engine: opensearch\nworkers: 2\n{settings}\n")
    return tmp_path


def dateline(root: Path, *arguments: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, "-C", root, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def finish(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    _, told = process.communicate(timeout=1_200)
    return process.returncode, told.decode()


@dataclass
class Searches:
    """What a stream of searches has found: totals of whole answers, partial ones, and errors."""

    totals: list[int] = field(default_factory=list)
    partial: int = 0
    errors: list[str] = field(default_factory=list)


@contextmanager
def searching(root: Path) -> Iterator[Searches]:
    """Searches one after the other, by a reader of its own, until the block ends."""
    seen, ended = Searches(), Event()

    def go_on() -> None:
        with Project.open(root, now=NOW) as project:
            while not ended.is_set():
                try:
                    answer = project.search("council")
                except IndexUnreachableError as err:
                    seen.errors.append(str(err))
                    continue
                if answer.partial:
                    seen.partial += 1
                else:
                    seen.totals.append(answer.total)

    reader = Thread(target=go_on)
    reader.start()
    try:
        yield seen
    finally:
        ended.set()
        reader.join()


def wait_for_answers(seen: Searches, least: int) -> None:
    """Until so many whole answers have come, however long each takes."""
    for _ in range(100_000):
        if len(seen.totals) >= least:
            return
        time.sleep(0.01)
    raise AssertionError("no answers come")


def wait_for_documents(root: Path, least: int) -> None:
    """Until so many documents are in the cluster, seen or not; the ingester is at work on more."""
    with Project.open(root, now=NOW) as project:
        for _ in range(100_000):
            if _sent(project) >= least:
                return
    raise AssertionError("nothing arrives")


def _sent(project: Project) -> int:
    from indexer.engines.opensearch_cluster import connect

    settings = project.config.cluster
    stats = connect(settings).indices.stats(index=f"{settings.index}-1-*", metric="indexing")
    return int(stats["_all"]["primaries"].get("indexing", {}).get("index_total", 0))


def everything_is_there_once(root: Path, beside: int = 0) -> None:
    with Project.open(root, now=NOW) as project:
        answer = project.search("council")
        assert (ARTICLES, False) == (answer.total, answer.partial)
        versions = list(project._resources.open_searcher().versions())
        assert len(versions) == len(set(versions)) == ARTICLES + beside
        found = project.verify()
        assert (ARTICLES + beside, 0, 0) == (found.articles, found.missing, found.surplus)


def test_a_node_killed_in_a_bulk_load_loses_nothing(whole: Cluster, root: Path, news: Path) -> None:
    first = root / "first.jsonl"
    first.write_text('{"id": "first", "title": "Ferry", "body": "The first article."}\n')
    assert finish(dateline(root, "add", first))[0] == 0
    with Project.open(root, now=NOW) as project, searching(root) as seen:
        loading = dateline(root, "add", news)
        wait_for_documents(root, 4_000)
        whole.kill_node(2)
        before = len(seen.totals)
        code, told = finish(loading)
        assert code == 0, told
        assert project.search("ferry first").total >= 1
        wait_for_answers(seen, before + 1)
    assert seen.totals == sorted(seen.totals)
    everything_is_there_once(root, beside=1)


def test_a_killed_ingester_is_completed_by_the_next_update(root: Path, news: Path) -> None:
    loading = dateline(root, "add", news)
    wait_for_documents(root, 4_000)
    os.kill(loading.pid, signal.SIGKILL)
    finish(loading)
    assert finish(dateline(root, "update"))[0] == 0
    everything_is_there_once(root)


def test_a_rebuild_under_searches_is_not_seen(root: Path, news: Path) -> None:
    assert finish(dateline(root, "add", news))[0] == 0
    with searching(root) as seen:
        wait_for_answers(seen, 1)
        assert finish(dateline(root, "rebuild"))[0] == 0
        wait_for_answers(seen, len(seen.totals) + 2)
    assert ([], 0) == (seen.errors, seen.partial)
    assert {ARTICLES} == set(seen.totals)
    everything_is_there_once(root)


def test_two_of_three_nodes_stopped_are_told(whole: Cluster, root: Path, news: Path) -> None:
    assert finish(dateline(root, "add", news))[0] == 0
    with Project.open(root, now=NOW) as reader:
        assert reader.search("council").total == ARTICLES
        whole.kill_node(1)
        whole.kill_node(2)
        assert told_whole(reader) in ("whole", "partial", "unreachable")
    code, told = finish(dateline(root, "search", "council"))
    if code == 0:  # one node may have a copy of all
        assert f"{ARTICLES:,} articles" in told
        return
    assert (code, told) == (3, told)
    assert "part of the index" in told or "the cluster at" in told


def told_whole(reader: Project) -> str:
    """What an answer says of itself; one that says that it is whole has all articles."""
    try:
        answer = reader.search("council")
    except IndexUnreachableError:
        return "unreachable"
    assert answer.partial or answer.total == ARTICLES
    return "partial" if answer.partial else "whole"
