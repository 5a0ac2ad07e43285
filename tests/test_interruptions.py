"""An ingest that does not end: by Ctrl-C, or because the disk is full. What it stored is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.ingest.stats import IngestStats
from search.project.disk_space import DiskFullError
from search.project.project import Project
from tests.demo import dateline
from tests.mounts import fill_disk, needs_root, small_disk
from tests.places import EMBEDDED

ARTICLES = 5_000


@pytest.fixture(autouse=True)
def _short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The index follows so soon that few articles show it."""
    monkeypatch.setattr("search.project.writer._STEP_CHANGES", 2_000)


def write_articles(file: Path, articles: int = ARTICLES, words: int = 1) -> Path:
    text = " ".join(f"word{number}" for number in range(words))
    lines = (
        json.dumps({"id": f"a{number}", "title": f"Flood {number}", "body": f"{text} {number}."})
        for number in range(articles)
    )
    file.write_text("".join(f"{line}\n" for line in lines))
    return file


def test_a_first_add_is_searched_while_it_runs(tmp_path: Path) -> None:
    totals: list[tuple[int, int]] = []

    def search(stats: IngestStats) -> None:
        if stats.added % 1_000 == 1:
            with Project.open(tmp_path) as reader:
                totals.append((stats.added, reader.search("flood").total))

    with Project.open(tmp_path) as project:
        project.add([write_articles(tmp_path / "all.jsonl")], report=search)
        assert project.search("flood").total == ARTICLES
    assert totals == [(1, 0), (1_001, 0), (2_001, 2_000), (3_001, 2_000), (4_001, 4_000)]


@pytest.mark.parametrize(("stop", "indexed"), [(0, 0), (3_500, 2_000)])
def test_what_was_stored_when_it_was_stopped_is_searched(
    tmp_path: Path, stop: int, indexed: int
) -> None:
    def interrupt(stats: IngestStats) -> None:
        if stats.added >= stop:
            raise KeyboardInterrupt

    with Project.open(tmp_path) as project:
        with pytest.raises(KeyboardInterrupt):
            project.add([write_articles(tmp_path / "all.jsonl")], report=interrupt)
        assert (indexed, 0) == (project.search("flood").total, project.status().behind)
        project.update()
        assert project.search("flood").total == ARTICLES


# -- a full disk


@needs_root
@pytest.mark.parametrize("engine", EMBEDDED)
@pytest.mark.parametrize("left", [0, 200_000, 500_000])
def test_a_full_disk_is_told_and_the_next_update_completes(
    tmp_path: Path, engine: str, left: int
) -> None:
    """The disk is full at other moments: in the lock, the corpus, the signatures, the index."""
    source = write_articles(tmp_path / "all.jsonl", 500, words=200)
    first = write_articles(tmp_path / "first.jsonl", 1)
    with small_disk(tmp_path / "disk", 200) as disk:
        dateline("-C", disk, "--engine", engine, "add", first)
        ballast = fill_disk(disk)
        with ballast.open("r+b") as file:
            file.truncate(ballast.stat().st_size - left)

        done = dateline("-C", disk, "--engine", engine, "add", source)
        assert (3, 1) == (done.exit_code, len(done.stderr.splitlines())), done.stderr
        assert f"dateline: the disk of {disk / '.dateline'} is full; nothing" in done.stderr
        assert 0 == dateline("-C", disk, "--engine", engine, "search", "flood").exit_code

        ballast.unlink()
        assert 0 == dateline("-C", disk, "--engine", engine, "add", source).exit_code
        assert (
            "501 articles compared; all well\n"
            == dateline("-C", disk, "--engine", engine, "verify").stderr
        )


@needs_root
def test_an_embedder_catches_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 200) as disk, Project.open(disk) as project:
        fill_disk(disk)
        with pytest.raises(DiskFullError, match="free some space"):
            project.add([write_articles(tmp_path / "all.jsonl", 1)])
