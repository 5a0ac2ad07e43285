"""A project is searched that can only be read: its medium is read-only, the disk full, or its user
another one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.store import Store, StoreError
from search.project.disk_space import DiskFullError
from search.project.project import Project
from tests.demo import ROOT, dateline, environment, planted
from tests.mounts import fill_disk, needs_root, read_only_view, small_disk
from tests.places import EMBEDDED

pytestmark = needs_root

ARTICLES: list[dict[str, object]] = [
    {"id": f"a{n}", "title": f"Flood number {n}", "body": f"The river rose by {n} metres."}
    for n in range(3)
]
COMMANDS = (
    ("search", "flood"),
    ("facets", "flood"),
    ("timeline", "flood"),
    ("suggest", "flo"),
    ("show", "a1"),
    ("similar", "a1"),
    ("status",),
)
_NOBODY = 65_534


def make_project(folder: Path, engine: str) -> Path:
    return planted(folder, ARTICLES, f"engine: {engine}\n")


def list_state(folder: Path) -> dict[str, tuple[int, int]]:
    """The size and time of each file in a folder."""
    statuses = {str(path): path.stat() for path in folder.rglob("*")}
    return {path: (status.st_size, status.st_mtime_ns) for path, status in statuses.items()}


@pytest.mark.parametrize("engine", EMBEDDED)
def test_a_read_only_medium_is_read_and_not_written_to(tmp_path: Path, engine: str) -> None:
    project = make_project(tmp_path / "project", engine)
    before = list_state(project)
    with read_only_view(project, tmp_path / "view") as view:
        for command in COMMANDS:
            done = dateline("-C", view, *command)
            assert 0 == done.exit_code, done.output
        assert "3 articles" in dateline("-C", view, "search", "flood").stderr
        written = dateline("-C", view, "update")
        assert (2, True) == (written.exit_code, "Read-only file system" in written.stderr)
    assert before == list_state(project)


@pytest.mark.parametrize("engine", EMBEDDED)
def test_an_open_project_follows_what_another_process_writes(tmp_path: Path, engine: str) -> None:
    project = make_project(tmp_path / "project", engine)
    with read_only_view(project, tmp_path / "view") as view, Project.open(view) as reader:
        assert 3 == reader.search("flood").total
        (project / "more.txt").write_text("Flood again\n\nThe river rose once more.\n")
        with Project.open(project) as writer:
            writer.add([project / "more.txt"])
            assert 4 == reader.search("flood").total
        assert 4 == reader.search("flood").total
        assert reader.search('"once more"').hits[0].article.title == "Flood again"


def test_the_rest_of_a_killed_writer_is_read(tmp_path: Path) -> None:
    """Its last commits are in a log beside the file; without the log's index nothing is shown."""
    store = Store(tmp_path / "corpus.sqlite")
    with store.transaction():
        store.set_indexed_change("tantivy/1", 7)
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in tmp_path.glob("corpus.*"):
        shutil.copy(file, copy)
    store.close()
    with read_only_view(copy, tmp_path / "view") as view, Store(view / "corpus.sqlite") as read:
        assert 7 == read.read_indexed_change("tantivy/1")
    (copy / "corpus.sqlite-shm").unlink()
    with (
        read_only_view(copy, tmp_path / "bare") as view,
        pytest.raises(StoreError, match="unable to open"),
    ):
        Store(view / "corpus.sqlite")


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user may enter and only root may write to."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("engine", EMBEDDED)
def test_another_user_s_project_is_read(shared: Path, engine: str) -> None:
    project = make_project(shared / "project", engine)
    # The code is loaded before the user changes, who may not be allowed to read it.
    script = (
        "import json, os, sys\n"
        "from tests.demo import dateline\n"
        "def run():\n"
        "    return [dateline('-C', sys.argv[1], *line.split()) for line in sys.argv[2:]]\n"
        "run()\n"
        f"os.setgroups([]), os.setgid({_NOBODY}), os.setuid({_NOBODY})\n"
        "print(json.dumps([[result.exit_code, result.output] for result in run()]))\n"
    )
    lines = [" ".join(command) for command in COMMANDS]
    done = subprocess.run(
        [sys.executable, "-c", script, str(project), *lines, "update"],
        env=environment(), cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    *read, (code, message) = json.loads(done.stdout)
    assert [0] * len(COMMANDS) == [code for code, _ in read], read
    assert "3 articles" in read[0][1]
    assert (2, True) == (code, "Permission denied" in message)


@pytest.mark.parametrize("engine", EMBEDDED)
def test_a_full_disk_is_searched(tmp_path: Path, engine: str) -> None:
    with small_disk(tmp_path / "disk", 16) as disk:
        project = make_project(disk / "project", engine)
        fill_disk(disk)
        done = dateline("-C", project, "search", "flood")
        assert (0, True) == (done.exit_code, "3 articles" in done.stderr), done.output
        assert 0 == dateline("-C", project, "status").exit_code


@pytest.mark.parametrize("engine", EMBEDDED)
def test_an_open_project_writes_again_once_there_is_space(tmp_path: Path, engine: str) -> None:
    with small_disk(tmp_path / "disk", 200) as disk:
        folder = make_project(disk / "project", engine)
        ballast = fill_disk(disk)
        with Project.open(folder) as project:
            assert 3 == project.search("flood").total
            with pytest.raises(DiskFullError):
                project.update()
            ballast.unlink()
            (folder / "planted.jsonl").write_text('{"id": "a9", "title": "Flood", "body": "x"}\n')
            project.update()
            assert 1 == project.search("flood").total
    assert not os.path.ismount(tmp_path / "disk")
