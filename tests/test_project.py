from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from corpus.sources import SourceError
from corpus.store import StoreError
from indexer.engines import IndexDamagedError
from indexer.generations import NoIndexError
from search.project import Project
from search.project.lock import LockedError, hold_lock
from tests.places import EMBEDDED

NOW = datetime(2025, 4, 10, 12, 0, tzinfo=UTC)


@pytest.fixture(params=EMBEDDED)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    return root


@pytest.fixture
def project(root: Path) -> Iterator[Project]:
    with Project.open(root, now=NOW) as project:
        yield project


def write(folder: Path, path: str, *titles: str) -> Path:
    """Write records that have their titles as ids too."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = ({"id": title, "title": title, "body": f"word {title}"} for title in titles)
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return file


def ids(project: Project, query: str) -> list[str]:
    return sorted(hit.article.id for hit in project.search(query).hits)


def test_a_closed_project_opens_nothing(root: Path) -> None:
    with Project.open(root, now=NOW) as project:
        project.add([write(root, "a.jsonl", "apple")])
    with Project.open(root, now=NOW) as unused:
        pass
    for closed in (project, unused):
        with pytest.raises(StoreError, match="is closed"):
            closed.search("apple")


# -- one writer at a time


def test_a_second_writer_gives_up_and_says_who_writes(root: Path) -> None:
    file = write(root, "a.jsonl", "apple")
    with (
        Project.open(root, now=NOW, lock_timeout="0.05") as second,
        hold_lock(second.config.data_folder, "rebuild", since=NOW, timeout=1),
    ):
        expected = f"dateline rebuild, process {os.getpid()}, since 2025-04-10T12:00:00"
        for command in (second.update, second.rebuild, second.verify, lambda: second.add([file])):
            with pytest.raises(LockedError, match=expected):
                command()
        with pytest.raises(LockedError, match="--lock-timeout"):
            second.update()


@pytest.mark.parametrize("content", ["", "garbage", "[]", "{}"])
def test_a_second_writer_gives_up_without_knowing_who_writes(root: Path, content: str) -> None:
    with (
        Project.open(root, now=NOW, lock_timeout="0") as second,
        hold_lock(second.config.data_folder, "add", since=NOW, timeout=1),
    ):
        (second.config.data_folder / "lock.holder").write_text(content)
        with pytest.raises(LockedError, match="by another process"):
            second.update()


def test_a_second_writer_waits_for_the_first(root: Path) -> None:
    write(root, "a.jsonl", "apple")
    held, done = Event(), Event()

    def hold() -> None:
        with hold_lock(root / ".dateline", "add", since=NOW, timeout=1):
            held.set()
            done.wait(0.3)

    with ThreadPoolExecutor(1) as threads, Project.open(root, lock_timeout="30") as second:
        threads.submit(hold)
        assert held.wait(10)
        assert second.add([root / "a.jsonl"]).added == 1


def test_searching_needs_no_lock(project: Project, root: Path) -> None:
    project.add([write(root, "a.jsonl", "apple")])
    with hold_lock(project.config.data_folder, "add", since=NOW, timeout=1):
        assert ids(project, "word") == ["apple"]
        with Project.open(root) as other:
            assert ids(other, "word") == ["apple"]


_HOLDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from search.project.lock import hold_lock
with hold_lock(Path(sys.argv[1]), "update", since=datetime.now(UTC), timeout=1):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_lock_of_a_killed_process_is_free(root: Path) -> None:
    write(root, "a.jsonl", "apple")
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(root / ".dateline")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_environment(),
    )
    with holder, Project.open(root, lock_timeout="0") as project:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(LockedError, match=f"dateline update, process {holder.pid}"):
            project.add([root / "a.jsonl"])
        holder.kill()
        holder.wait()
        assert project.add([root / "a.jsonl"]).added == 1


# -- sources


def test_a_path_within_a_source_counts_as_it(project: Project, root: Path) -> None:
    file = write(root, "news/world/a.jsonl", "apple")
    write(root, "news/b.jsonl", "banana")
    project.add([root / "news"])
    assert project.add([file, root / "news/world"]).added == 0
    assert ["news"] == [source.name for source in project.sources()]


def test_a_source_around_another_leaves_that_alone(project: Project, root: Path) -> None:
    write(root, "news/world/a.jsonl", "apple")
    write(root, "news/b.jsonl", "banana")
    project.add([root / "news" / "world"])
    assert project.add([root / "news"]).added == 1
    assert ids(project, "word") == ["apple", "banana"]
    write(root, "news/world/a.jsonl", "apple", "cherry")
    assert project.add([root / "news/world/a.jsonl"]).added == 1
    assert project.update().added == 0
    assert ids(project, "word") == ["apple", "banana", "cherry"]


@pytest.mark.parametrize("order", [("news", "news/tokyo"), ("news/tokyo", "news")])
def test_the_settings_of_an_inner_source_hold_for_it(root: Path, order: tuple[str, str]) -> None:
    write(root, "news/a.jsonl", "apple")
    write(root, "news/tokyo/b.jsonl", "banana")
    settings = {"news": "publisher: Post", "news/tokyo": "publisher: Asahi"}
    lines = [f"  - path: {path}\n    {settings[path]}\n" for path in order]
    (root / "dateline.yaml").write_text("sources:\n" + "".join(lines))
    with Project.open(root) as project:
        assert project.update().added == 2
        assert (["apple"], ["banana"]) == (ids(project, "source:post"), ids(project, "site:asahi"))
        assert project.update().added == 0


def test_sources_of_one_name_are_told_apart(project: Project, tmp_path: Path) -> None:
    for folder in ("one", "two", "three"):
        write(tmp_path / folder, "news/a.jsonl", folder)
    project.add([tmp_path / folder / "news" for folder in ("one", "two", "three")])
    assert ["news", "news-2", "news-3"] == [source.name for source in project.sources()]
    assert project.search("word").total == 3


def test_nothing_is_done_if_one_of_the_paths_is_not_there(project: Project, root: Path) -> None:
    file = write(root, "a.jsonl", "apple")
    with pytest.raises(SourceError, match="none cannot be read"):
        project.add([file, root / "none"])
    assert not project.exists


def test_a_project_can_be_moved(root: Path, tmp_path: Path, name: str) -> None:
    write(root, "news/a.jsonl", "apple", "banana")
    write(root, "b.jsonl", "cherry")
    with Project.open(root, engine=name) as project:
        project.add([root / "news", root / "b.jsonl"])
    moved = tmp_path / "far" / "away"
    moved.parent.mkdir()
    root.rename(moved)
    with Project.open(moved / "news", engine=name) as project:
        assert ids(project, "word") == ["apple", "banana", "cherry"]
        assert {str(moved / "news"), str(moved / "b.jsonl")} == {
            source.location for source in project.sources()
        }
        assert (0, 0, 0, 0) == _counts(project)
        write(moved, "news/a.jsonl", "apple", "banana", "date")
        assert (1, 2, 0, 0) == _counts(project)
        assert project.verify().missing == 0


def _counts(project: Project) -> tuple[int, int, int, int]:
    tally = project.update()
    return tally.added, tally.unchanged, tally.removed, tally.failed


# -- searching


def test_without_an_index_the_error_says_what_to_run(project: Project) -> None:
    with pytest.raises(NoIndexError, match="run: dateline add PATH"):
        project.search("word")
    assert not project.exists


def test_a_damaged_index_can_be_rebuilt(root: Path, name: str) -> None:
    with Project.open(root, engine=name) as project:
        project.add([write(root, "a.jsonl", "apple")])
    index = root / ".dateline" / "index" / name / "1"
    for file in index.iterdir():
        file.write_bytes(b"\x80\x04garbage")
    with Project.open(root, engine=name) as project:
        with pytest.raises(IndexDamagedError, match="run: dateline rebuild"):
            project.search("word")
        write(root, "a.jsonl", "apple", "banana")
        with pytest.raises(IndexDamagedError, match="run: dateline rebuild"):
            project.update()
        assert "run: dateline rebuild" in project.status().trouble
        assert project.rebuild() == 2
        assert ids(project, "word") == ["apple", "banana"]
        assert project.status().trouble == ""


def test_a_damaged_corpus_is_told(root: Path) -> None:
    (root / ".dateline").mkdir()
    (root / ".dateline" / "corpus.sqlite").write_bytes(b"not a database " * 100)
    with Project.open(root) as project, pytest.raises(StoreError, match="cannot use the corpus"):
        project.update()


def test_an_open_project_sees_what_another_commits(root: Path, name: str) -> None:
    with Project.open(root, engine=name) as reader, Project.open(root, engine=name) as writer:
        writer.add([write(root, "a.jsonl", "apple")])
        assert ids(reader, "word") == ["apple"]
        write(root, "a.jsonl", "apple", "banana")
        writer.update()
        assert ids(reader, "word") == ["apple", "banana"]
        writer.rebuild()
        write(root, "a.jsonl", "banana")
        writer.update()
        assert ids(reader, "word") == ["banana"]


def test_threads_share_a_project(root: Path, name: str) -> None:
    with Project.open(root, engine=name) as project:
        project.add([write(root, "a.jsonl", *(f"story{number}" for number in range(100)))])
    with Project.open(root, engine=name) as project, ThreadPoolExecutor(8) as threads:
        queries = [f"story{number % 100}" for number in range(400)]
        found = threads.map(lambda query: ids(project, query), queries)
        assert [[query] for query in queries] == list(found)


def test_use_from_a_script_that_is_not_guarded(root: Path) -> None:
    """Cleaning in other processes does not run the script again."""
    write(root, "a.jsonl", *(f"story{number}" for number in range(200)))
    script = root / "script.py"
    script.write_text(
        "from search.project import Project\n"
        "with Project.open('.', workers='2') as project:\n"
        "    print(project.add(['a.jsonl']).added, project.search('story7').total)\n"
    )
    done = subprocess.run(
        [sys.executable, script], cwd=root, env=_environment(), capture_output=True, check=True
    )
    assert (b"200 1", b"") == (done.stdout.strip(), done.stderr)


# -- killed at any moment


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}


def kill_when(met: Callable[[], bool], root: Path, *command: str) -> None:
    """Start a command and kill it as soon as a condition is met, which must come before its end."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from search.cli.main import main; main()", *command],
        cwd=root,
        env=_environment(),
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 120
    while not met() and process.poll() is None and time.monotonic() < until:
        # Between two looks the processor is the command's.
        Event().wait(0.005)
    process.kill()
    assert process.wait() == -signal.SIGKILL


def has_versions(root: Path, number: int) -> Callable[[], bool]:
    def met() -> bool:
        try:
            file = root / ".dateline" / "corpus.sqlite"
            with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
                ((held,),) = database.execute("SELECT count(*) FROM versions").fetchall()
        except sqlite3.Error:
            return False
        return bool(held >= number)

    return met


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed another way")
def test_killed_commands_are_carried_on_with(root: Path, name: str) -> None:
    titles = [f"story{number}" for number in range(5_000)]
    write(root, "a.jsonl", *titles)
    flags = ["--engine", name, "--workers", "2"]
    index = root / ".dateline" / "index" / name

    kill_when(has_versions(root, 1), root, *flags, "add", "a.jsonl")
    kill_when(has_versions(root, 4_000), root, *flags, "update")
    kill_when((index / "1").exists, root, *flags, "update")
    with Project.open(root, engine=name, workers="1") as project:
        project.update()
        assert (5_000, 5_000) == (
            project.store.collect_stats().articles,
            project.store.collect_stats().versions,
        )
        assert project.search("word").total == 5_000
        assert sorted(titles) == sorted(key for key, _ in project.store.read_current_versions())
        found = project.verify()
        assert (5_000, 0, 0) == (found.articles, found.missing, found.surplus)

    kill_when((index / "2").exists, root, *flags, "rebuild")
    with Project.open(root, engine=name) as project:
        assert project.search("word").total == 5_000
        assert project.rebuild() == 5_000
        assert project.search("word").total == 5_000
        found = project.verify()
        assert (0, 0) == (found.missing, found.surplus)
    assert ["3", "current"] == sorted(path.name for path in index.iterdir())


def test_what_could_be_asked_in_part_only_is_opened_again(root: Path) -> None:
    write(root, "news/a.txt", "Ferry returns")
    with Project.open(root, now=NOW) as project:
        project.add([root / "news"])
        before = project.snapshot()
        assert project.snapshot().state == before.state
        # As an engine of servers says it when some of them are lost.
        before.searcher.__dict__["is_partial"] = True
        assert project.search("ferry").total == 1
        after = project.snapshot()
        assert (False, False) == (after.searcher.is_partial, after.state == before.state)
        assert project.snapshot().state == after.state
