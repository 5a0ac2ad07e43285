from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from corpus.article import Article, Moment
from corpus.ledger import Ledger
from corpus.store import Store
from indexer.build import rebuild_index, update_index
from indexer.engines import IndexDamagedError, load_engine
from indexer.generations import (
    FolderGenerations,
    Generation,
    NoIndexError,
    OutdatedIndexError,
)
from indexer.index_files import write_summed
from indexer.indexer_errors import RebuildFailedError
from indexer.schema import SCHEMA_VERSION, build_document, get_last_change_seconds
from indexer.signature_store import SignatureStore
from search.engines import open_searcher
from search.project.project import Project
from search.query.nodes import All, Term
from tests.places import EMBEDDED

NOW = datetime(2025, 4, 10, 12, 0, tzinfo=UTC)


@dataclass
class Desk:
    """A store and a place for indexes of one engine."""

    engine: str
    store: Store
    home: Path
    signatures: SignatureStore

    def put(self, *keys: str, text: str = "word") -> None:
        ledger = Ledger(self.store)
        with self.store.transaction():
            for key in keys:
                item = ledger.open_item("news", key)
                article = Article(id=key, title=text, body=f"{text} {key}")
                ledger.put_article(article, item, key, text.encode(), NOW)

    def remove(self, *keys: str) -> None:
        ledger = Ledger(self.store)
        with self.store.transaction():
            for key in keys:
                ledger.remove_item("news", key)

    def update(self) -> int:
        return update_index(self.store, self.index, self.signatures)

    def rebuild(self, check: Callable[[Generation, int], None] = lambda new, refused: None) -> None:
        rebuild_index(self.store, self.index, self.signatures, check=check)

    @property
    def index(self) -> FolderGenerations:
        return FolderGenerations(self.home, self.engine)

    @property
    def folder(self) -> Path:
        return self.index.read_current().place

    def generations(self) -> list[str]:
        """The folders that there are, and the one in use."""
        folders = sorted(path.name for path in (self.home / self.engine).iterdir())
        return [name for name in folders if name.isdecimal()] + [f"{self.folder.name} in use"]

    def found(self, word: str = "word") -> list[str]:
        """The ids of the articles that have a word, by way of the store."""
        with open_searcher(self.index.read_current()) as searcher:
            page = searcher.search(Term(word), limit=1_000).page
            assert searcher.document_count == searcher.search(All()).total
        return sorted(
            a.id for a in self.store.read_articles([m.version_key for m in page]).values()
        )


@pytest.fixture(params=EMBEDDED)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def desk(tmp_path: Path, name: str) -> Iterator[Desk]:
    signatures = SignatureStore(tmp_path / "signatures.sqlite")
    with Store(tmp_path / "corpus.sqlite") as store, signatures:
        Ledger(store).register_source("news", "/news")
        yield Desk(name, store, tmp_path / "index", signatures)


# -- following the store


def test_an_index_is_made_and_follows(desk: Desk) -> None:
    with pytest.raises(NoIndexError, match="run: dateline add"):
        desk.found()
    assert desk.update() == 0
    assert desk.found() == []
    desk.put("a", "b", "c")
    assert desk.update() == 3
    assert desk.found() == ["a", "b", "c"]
    assert desk.update() == 0
    desk.put("b", text="other")
    desk.put("d")
    desk.remove("c")
    assert desk.update() == 3
    assert (["a", "d"], ["b"]) == (desk.found(), desk.found("other"))


def test_what_came_and_went_between_two_updates(desk: Desk) -> None:
    desk.put("a")
    desk.remove("a")
    desk.put("b")
    assert desk.update() == 2
    desk.remove("b")
    desk.put("a", "b")
    assert desk.update() == 2
    assert desk.found() == ["a", "b"]


def test_changes_may_be_applied_twice(desk: Desk) -> None:
    """A crash between the index's commit and the store's note of it."""
    desk.put("a", "b")
    desk.update()
    index = desk.index.read_current()
    before = index.read_indexed_change(desk.store)
    desk.put("b", text="other")
    desk.put("c")
    desk.remove("a")
    desk.update()
    index.set_indexed_change(desk.store, before)
    assert desk.update() == 3
    assert (["c"], ["b"]) == (desk.found(), desk.found("other"))
    index.forget_indexed_change(desk.store)
    assert desk.update() == 3
    assert (["c"], ["b"]) == (desk.found(), desk.found("other"))


def test_report_ends_with_all(desk: Desk) -> None:
    desk.put(*(f"a{number}" for number in range(7)))
    seen: list[int] = []
    update_index(desk.store, desk.index, desk.signatures, report=seen.append)
    assert seen[-1] == 7


def test_indexes_of_two_engines_follow_for_themselves(desk: Desk) -> None:
    desk.put("a")
    desk.update()
    name = next(name for name in EMBEDDED if name != desk.engine)
    other = Desk(name, desk.store, desk.home, desk.signatures)
    desk.put("b")
    assert other.update() == 2
    assert desk.update() == 1
    assert ["a", "b"] == desk.found() == other.found()


def test_an_index_that_was_thrown_away_is_made_anew(desk: Desk) -> None:
    desk.put("a", "b")
    desk.update()
    shutil.rmtree(desk.home)
    assert desk.update() == 2
    assert desk.found() == ["a", "b"]
    shutil.rmtree(desk.home)
    desk.rebuild()
    assert desk.found() == ["a", "b"]


# -- rebuilding


def test_a_rebuild_swaps_and_leaves_only_the_new_index(desk: Desk) -> None:
    desk.put("a", "b")
    desk.update()
    desk.remove("a")
    desk.rebuild()
    assert desk.generations() == ["2", "2 in use"]
    assert desk.found() == ["b"]
    assert desk.update() == 0
    desk.put("c")
    assert desk.update() == 1
    assert desk.found() == ["b", "c"]


def test_a_rebuild_that_fails_its_check_changes_nothing(desk: Desk) -> None:
    def refuse(new: Generation, refused: int) -> None:
        raise RebuildFailedError(f"{new.number} is wrong")

    desk.put("a")
    desk.update()
    with pytest.raises(RebuildFailedError, match="2 is wrong"):
        desk.rebuild(refuse)
    assert desk.generations() == ["1", "1 in use"]
    assert desk.found() == ["a"]


def test_what_a_killed_rebuild_left_is_removed(desk: Desk) -> None:
    desk.put("a")
    desk.update()
    (desk.home / desk.engine / "2").mkdir()
    (desk.home / desk.engine / "2" / "half").write_bytes(b"a segment")
    desk.update()
    assert desk.generations() == ["1", "1 in use"]
    (desk.home / desk.engine / "7").mkdir()
    desk.rebuild()
    assert desk.generations() == ["8", "8 in use"]
    assert desk.found() == ["a"]


# -- damage


def _truncate(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"")


def _halve(folder: Path) -> None:
    largest = max(folder.iterdir(), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[: largest.stat().st_size // 2])


def _lose_list(folder: Path) -> None:
    for path in [*folder.glob("meta.json"), *folder.glob("*.toc")]:
        path.unlink()


def _lose_segment(folder: Path) -> None:
    for path in [*folder.glob("*.store"), *folder.glob("*.seg")]:
        path.unlink()


def _point(text: str) -> Callable[[Path], object]:
    return lambda folder: (folder.parent / "current").write_text(text)


def _point_elsewhere(folder: Path) -> None:
    write_summed(folder.parent / "current", {"generation": 99, "schema": SCHEMA_VERSION})


_DAMAGES: dict[str, Callable[[Path], object]] = {
    "no folder": shutil.rmtree,
    "empty files": _truncate,
    "half a file": _halve,
    "no list of segments": _lose_list,
    "no segment": _lose_segment,
    "current is empty": _point(""),
    "current is garbage": _point("\x00garbage"),
    "current is another thing": _point("[1]"),
    "current has another sum": _point('{"generation": 1e999, "schema": 1, "crc": 7}'),
    "current is elsewhere": _point_elsewhere,
}


@pytest.mark.parametrize("damage", _DAMAGES.values(), ids=_DAMAGES)
def test_damage_is_told_and_a_rebuild_repairs_it(
    desk: Desk, damage: Callable[[Path], object]
) -> None:
    desk.put("a", "b")
    desk.update()
    damage(desk.folder)
    with pytest.raises(IndexDamagedError, match="run: dateline rebuild"):
        desk.found()
    desk.put("c")
    with pytest.raises(IndexDamagedError, match="run: dateline rebuild"):
        desk.update()
    desk.rebuild()
    assert desk.found() == ["a", "b", "c"]
    assert desk.update() == 0
    assert len(desk.generations()) == 2


def test_an_index_of_another_schema_is_outdated(desk: Desk) -> None:
    desk.put("a")
    desk.update()
    place = desk.folder.parent / "current"
    place.write_text(json.dumps({"generation": 1, "schema": SCHEMA_VERSION + 1}))
    with pytest.raises(OutdatedIndexError, match="run: dateline rebuild"):
        desk.found()
    with pytest.raises(OutdatedIndexError):
        desk.update()
    desk.rebuild()
    assert desk.found() == ["a"]


# -- many small updates


def test_small_updates_keep_the_folder_small(desk: Desk) -> None:
    desk.put(*(f"a{number}" for number in range(40)))
    desk.update()
    most_files = most_bytes = 0
    for number in range(50):
        desk.put(f"a{number % 40}", text=f"word w{number}")
        assert desk.update() == 1
        files = [path for path in desk.folder.iterdir() if path.is_file()]
        most_files = max(most_files, len(files))
        most_bytes = max(most_bytes, sum(path.stat().st_size for path in files))
    assert len(desk.found()) == 40
    assert most_files < 100
    assert most_bytes < 500_000


# -- projects


@pytest.fixture
def project(tmp_path: Path, name: str) -> Iterator[Project]:
    folder = tmp_path / "project"
    folder.mkdir()
    with Project.open(folder, now=NOW, engine=name, workers="1") as project:
        yield project


def write_records(project: Project, count: int, text: str = "word") -> Path:
    file = project.config.root / "news.jsonl"
    lines = ({"id": f"a{n}", "title": f"{text} {n}", "body": "text"} for n in range(count))
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return file


def index_of(project: Project) -> Path:
    return (
        FolderGenerations(project.config.data_folder / "index", project.config.engine)
        .read_current()
        .place
    )


def test_verify_puts_right_what_the_index_lacks_and_has_too_much(project: Project) -> None:
    project.add([write_records(project, 20)])
    project.update()
    gone = write_records(project, 19)
    project.add([gone])
    stale = Article(id="a19", title="stale", body="")
    old = Article(id="a3", title="old", body="")
    with load_engine(project.config.engine).open_writer(index_of(project)) as writer:
        for key in ("a1", "a2"):
            writer.delete(key)
        writer.put(build_document(stale, 20))
        writer.put(build_document(old, 20))
        writer.commit()
    found = project.verify()
    assert (19, 3, 1) == (found.articles, found.missing, found.surplus)
    assert project.search("word").total == 19
    assert project.search("stale OR old").total == 0
    again = project.verify()
    assert (19, 0, 0) == (again.articles, again.missing, again.surplus)


def test_verify_removes_what_the_store_never_had(project: Project) -> None:
    project.add([write_records(project, 5)])
    with load_engine(project.config.engine).open_writer(index_of(project)) as writer:
        writer.put(build_document(Article(id="x", title="word", body=""), 999))
        writer.put(build_document(Article(id="y", title="word", body=""), 1))
        writer.commit()
    found = project.verify()
    assert (5, 0, 2) == (found.articles, found.missing, found.surplus)
    assert project.search("word").total == 5
    assert project.verify().surplus == 0


def test_an_open_project_sees_what_another_verified(project: Project, name: str) -> None:
    project.add([write_records(project, 5)])
    with load_engine(name).open_writer(index_of(project)) as writer:
        writer.delete("a1")
        writer.commit()
    with Project.open(project.config.root, now=NOW, engine=name) as other:
        assert other.search("word").total == 4
        assert project.verify().missing == 1
        assert other.search("word").total == 5


def test_update_makes_a_new_index_for_another_schema(project: Project) -> None:
    project.add([write_records(project, 5)])
    place = index_of(project).parent / "current"
    for command in (project.update, project.verify):
        place.write_text(json.dumps({"generation": 1, "schema": SCHEMA_VERSION + 1}))
        assert "run: dateline rebuild" in project.status().trouble
        command()
        assert project.search("word").total == 5


# Prints a dot for each search; anything else is a search that failed or found too little.
_READER = """
import sys
from search.project import Project
with Project.open(sys.argv[1], engine=sys.argv[2]) as project:
    least = 0
    while True:
        found = project.search("word").total
        print("." if found >= least else f"{least} became {found}", flush=True)
        least = found
"""


def test_searches_go_on_during_updates_and_rebuilds(project: Project, name: str) -> None:
    root = project.config.root
    project.add([write_records(project, 200)])
    reader = subprocess.Popen(
        [sys.executable, "-c", _READER, str(root), name],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == b".\n"
    done = Event()
    wrong: list[str] = []

    def look() -> None:
        least = 200
        while not done.is_set():
            total = project.search("word").total
            if total < least:
                wrong.append(f"{least} became {total}")
            least = total

    threads = [Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    with Project.open(root, now=NOW, engine=name, workers="1") as writer:
        for number in range(1, 21):
            write_records(writer, 200 + number)
            writer.update()
            if number % 6 == 0:
                writer.rebuild()
    done.set()
    for thread in threads:
        thread.join()
    reader.terminate()
    lines = reader.communicate()[0].split()
    assert wrong == []
    assert {b"."} == set(lines)
    assert project.search("word").total == 220


def test_a_version_that_also_states_its_time_is_no_older() -> None:
    at = datetime(2025, 3, 29, tzinfo=UTC)
    day = Article(id="a1", title="", body="", published=Moment(at, day_only=True))
    timed = replace(day, published=Moment(at.replace(hour=5)))
    assert get_last_change_seconds(day) < get_last_change_seconds(timed)
