"""Damage is noticed: of the corpus, of every file of an index, of how the two belong together."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from corpus.article_codec import DamagedArticleError
from corpus.errors import StoreError
from indexer.engines import IndexDamagedError, convert_damage, load_engine
from indexer.generations import FolderGenerations, StoreMismatchError
from indexer.index_files import read_summed, write_summed
from search.project import Project
from search.project.resources import CorpusMissingError
from tests.damage import (
    Trial,
    build_project,
    flip,
    list_trials,
    render_table,
    run_apart,
    run_trials,
)
from tests.demo import dateline, planted
from tests.places import EMBEDDED
from tests.serving import client

ARTICLES: list[dict[str, object]] = [
    {
        "id": name,
        "title": f"Ferry {name}",
        "body": f"The {name} ferry returns.",
        "date": "2025-03-29",
    }
    for name in ("red", "green", "blue")
]


@pytest.fixture(params=EMBEDDED)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def root(tmp_path: Path, engine: str) -> Path:
    return planted(tmp_path / "project", ARTICLES, f"engine: {engine}\n")


def plant_damage(root: Path) -> None:
    """Flip a bit of an article's text in the file itself."""
    with Project.open(root) as project:
        ((cell,),) = project.store.database.execute(
            "SELECT content FROM versions WHERE article_id = 'green'"
        )
    file = root / ".dateline" / "corpus.sqlite"
    content = file.read_bytes()
    assert content.count(cell) == 1
    flip(file, (content.index(cell) + len(cell) // 2) * 8)


# -- articles


def test_a_damaged_article_is_a_failure_with_its_name(root: Path) -> None:
    plant_damage(root)
    with Project.open(root) as project:
        for read in (project.article, project.versions):
            with pytest.raises(DamagedArticleError, match=r"green \(version 2\).* --repair"):
                read("green")
        answer = project.search("ferry")
        assert (3, True) == (answer.total, answer.partial)
        assert ["blue", "red"] == sorted(hit.article.id for hit in answer.hits)
        assert ("Damaged in the corpus, and not shown: green.",) == answer.warnings
        assert "green" not in {like.article.id for like in project.similar("red").articles}  # type: ignore[union-attr]
    assert 3 == dateline("-C", root, "show", "green").exit_code


def test_a_rebuild_lists_a_damaged_article_and_goes_on(root: Path) -> None:
    plant_damage(root)
    result = dateline("-C", root, "rebuild")
    assert (5, True) == (result.exit_code, "2 articles in a new index" in result.stderr)
    with Project.open(root) as project:
        (failure,) = project.failures()
        assert "damaged in the corpus" in failure.reason
        assert 2 == project.search("ferry").total
        assert 0 == project.update().failed


@pytest.mark.parametrize("quick", [True, False])
def test_a_damaged_article_is_found_and_read_again(root: Path, quick: bool) -> None:
    plant_damage(root)
    dateline("-C", root, "rebuild")
    with Project.open(root) as project:
        (version,) = project.verify(quick=quick).damaged
        assert ("green", 2, True) == (version.article_id, version.version_key, version.is_current)
        repaired = project.verify(repair=True)
        assert (True, ()) == (repaired.is_whole, repaired.damaged)
        assert "1 of 1 versions restored" in repaired.actions
        article = project.article("green")
        assert article is not None
        assert "The green ferry returns." == article.body
        assert 1 == len(project.versions("green"))
        assert 3 == project.search("ferry").total
        assert [] == project.failures()
        assert project.verify().is_whole


def test_what_no_source_has_is_removed_only_if_told(root: Path) -> None:
    plant_damage(root)
    (root / "planted.jsonl").unlink()
    with Project.open(root) as project:
        assert not project.verify(repair=True).is_whole
        assert 3 == project.search("ferry").total
        assert project.verify(repair=True, discard=True).is_whole
        assert 2 == project.search("ferry").total
        assert project.verify().is_whole


def test_a_newer_text_takes_the_place_of_a_damaged_one(root: Path) -> None:
    plant_damage(root)
    changed = [{**record, "body": "New text."} for record in ARTICLES]
    (root / "planted.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in changed))
    with Project.open(root) as project:
        assert 3 == project.update().changed
        article = project.article("green")
        assert article is not None
        assert "New text." == article.body
        (version,) = project.verify().damaged
        assert ("green", False) == (version.article_id, version.is_current)


@pytest.mark.parametrize(
    ("table", "column"),
    [("versions", "digest"), ("versions", "article_id"), ("occurrences", "raw_digest")],
)
def test_columns_are_checked_too(tmp_path: Path, table: str, column: str) -> None:
    root = planted(tmp_path / "project", ARTICLES)
    file = root / ".dateline" / "corpus.sqlite"
    with Project.open(root) as project:
        ((cell,),) = project.store.database.execute(
            f"SELECT CAST({column} AS BLOB) FROM {table} WHERE article_id = 'green'"
        )
    places = [found.start() for found in re.finditer(re.escape(cell), file.read_bytes())]
    for at in places:
        flip(file, at * 8 + 1)
        with Project.open(root) as project:
            try:
                found = project.verify()
            except StoreError:
                found = None
            assert found is None or not found.is_whole
        flip(file, at * 8 + 1)


def test_a_missing_row_is_no_removed_article(root: Path) -> None:
    with Project.open(root) as project:
        database = project.store.database
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("DELETE FROM versions WHERE article_id = 'green'")
        with pytest.raises(DamagedArticleError, match="green"):
            project.article("green")
        assert ["blue", "red"] == sorted(hit.article.id for hit in project.search("ferry").hits)
        assert "green" == project.verify().damaged[0].article_id


# -- the files of an index


def list_files(root: Path, engine: str) -> list[Path]:
    folder = root / ".dateline" / "index" / engine
    return [file for file in folder.rglob("*") if file.is_file() and file.stat().st_size]


def test_every_file_of_an_index_is_checked(root: Path, engine: str) -> None:
    for file in list_files(root, engine):
        flip(file, file.stat().st_size * 4)
        result = dateline("-C", root, "verify")
        assert (3, True) == (result.exit_code, "dateline rebuild" in result.stderr), file
        flip(file, file.stat().st_size * 4)
    assert 0 == dateline("-C", root, "verify").exit_code


def test_a_damaged_index_is_rebuilt_by_a_repair(root: Path, engine: str) -> None:
    largest = max(list_files(root, engine), key=lambda file: file.stat().st_size)
    flip(largest, largest.stat().st_size * 4)
    with Project.open(root) as project:
        assert (largest.name,) == project.verify().files
        assert project.verify(repair=True).is_whole
        assert 3 == project.search("ferry").total


def test_the_sums_of_signatures_are_kept(root: Path) -> None:
    with Project.open(root) as project:
        project.search("ferry")
    file = root / ".dateline" / "signatures.sqlite"
    flip(file, (file.stat().st_size - 5) * 8)
    with Project.open(root) as project:
        assert ("signatures.sqlite",) == project.verify().files
        assert project.verify(repair=True).is_whole


def test_a_killed_writer_leaves_no_false_alarm(root: Path, engine: str) -> None:
    with Project.open(root) as project:
        place = FolderGenerations(root / ".dateline" / "index", engine).read_current().place
        if engine == "tantivy":
            (place / "sums").unlink()
        assert project.verify().is_whole
        assert [] == list(load_engine(engine).find_damaged_files(place))


class PanicException(BaseException):
    """A panic as a library in Rust raises it."""


@pytest.mark.parametrize("error", [PanicException("index out of bounds"), ValueError("bad")])
def test_a_panic_is_damage(tmp_path: Path, error: BaseException) -> None:
    class Engine:
        _folder = tmp_path

        @convert_damage(ValueError)
        def search(self) -> None:
            raise error

    with pytest.raises(IndexDamagedError, match="run: dateline rebuild"):
        Engine().search()


# -- a store and its index


def replace_store(root: Path, other: Path) -> None:
    shutil.copy(other / ".dateline" / "corpus.sqlite", root / ".dateline" / "corpus.sqlite")


def _take_older(root: Path) -> None:
    older = shutil.copytree(root, root.parent / "older")
    more = [*ARTICLES, {"id": "grey", "title": "Ferry grey", "body": "The grey ferry."}]
    (root / "planted.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in more))
    dateline("-C", root, "update")
    replace_store(root, older)


def _take_other(root: Path) -> None:
    replace_store(root, planted(root.parent / "other", ARTICLES[:1]))


def _take_empty(root: Path) -> None:
    with Project.open(root.parent) as project:
        assert not project.failures()
    replace_store(root, root.parent)


def _take_none(root: Path) -> None:
    (root / ".dateline" / "corpus.sqlite").unlink()


@pytest.mark.parametrize(
    ("take", "error"),
    [
        (_take_older, StoreMismatchError),
        (_take_other, StoreMismatchError),
        (_take_empty, StoreMismatchError),
        (_take_none, CorpusMissingError),
    ],
)
def test_an_index_of_another_store_is_told_and_kept(
    root: Path, engine: str, take: Callable[[Path], None], error: type[Exception]
) -> None:
    take(root)
    before = [(file, file.read_bytes()) for file in list_files(root, engine)]
    with Project.open(root) as project:
        for command in (
            lambda: project.search("ferry"),
            project.update,
            project.verify,
            lambda: project.verify(quick=True),
            project.rebuild,
        ):
            with pytest.raises(error, match="dateline rebuild --yes"):
                command()
    assert 3 == dateline("-C", root, "search", "ferry").exit_code
    assert before == [(file, file.read_bytes()) for file in list_files(root, engine)]
    assert 0 == dateline("-C", root, "rebuild", "--yes").exit_code
    dateline("-C", root, "add", root / "planted.jsonl")
    with Project.open(root) as project:
        assert project.search("ferry").total >= 3
        assert project.verify().is_whole


def test_a_lost_pointer_is_told(root: Path, engine: str) -> None:
    (root / ".dateline" / "index" / engine / "current").unlink()
    assert 3 == dateline("-C", root, "search", "ferry").exit_code
    result = dateline("-C", root, "verify")
    assert 0 == result.exit_code
    assert "it was not known which index is in use: a new one was built" in result.stderr
    assert 0 == dateline("-C", root, "search", "ferry").exit_code


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1, "crc": 0}', '{"a": 1,  "crc": 1}', "{"])
def test_a_file_with_its_sum_in_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "current"
    write_summed(file, {"a": 1})
    assert {"a": 1} == read_summed(file)
    file.write_text(text)
    with pytest.raises(IndexDamagedError):
        read_summed(file)


# -- over HTTP


def test_damage_is_a_problem_document(root: Path, engine: str) -> None:
    plant_damage(root)
    with client(root) as web:
        article = web.get("/v1/articles/green")
        assert (503, "damaged-article") == (article.status_code, _find_kind(article.json()))
        assert "green" in article.json()["detail"]
        answer = web.get("/v1/search", params={"q": "ferry"}).json()
        assert (True, 2) == (answer["partial"], len(answer["hits"]))
    for file in list_files(root, engine):
        flip(file, file.stat().st_size * 4)
    with client(root) as web:
        found = web.get("/v1/search", params={"q": "ferry"})
        assert (503, "index") == (found.status_code, _find_kind(found.json()))


def _find_kind(problem: dict[str, str]) -> str:
    return problem["type"].rpartition(":")[2]


# -- bits


def test_flipped_bits_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    run_apart(partial(build_project, folder, 20))
    trials = list_trials(folder, flips=1, store_flips=6, seed=3)
    outcomes = list(run_trials(folder, trials))
    assert [] == [outcome for outcome in outcomes if outcome.is_undetected]
    assert "| `corpus.sqlite` | 6 |" in render_table(outcomes)
    assert isinstance(outcomes[0].trial, Trial)
