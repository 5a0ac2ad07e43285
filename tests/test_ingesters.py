"""Several projects that put their articles into one index of a cluster."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from indexer.build import rebuild_index, update_index
from indexer.engines.cluster_settings import ClusterPlace
from indexer.engines.opensearch_cluster import connect_cluster
from indexer.generations import Generation
from search.project.project import Project
from search.results.request import MatchMode, Request
from tests.demo import dateline
from tests.places import cluster_yaml, needs_cluster
from tests.planted import NOW
from tests.serving import client

pytestmark = needs_cluster

Open = Callable[[str], Project]


@pytest.fixture
def ingester(tmp_path: Path) -> Iterator[Open]:
    """Opens projects, by name, that share an index."""
    settings = f"engine: opensearch\n{cluster_yaml('month')}"
    opened: list[Project] = []

    def open_project(name: str) -> Project:
        root = tmp_path / name
        root.mkdir(exist_ok=True)
        (root / "dateline.yaml").write_text(settings)
        opened.append(Project.open(root, now=NOW, workers="1"))
        return opened[-1]

    yield open_project
    for project in opened:
        project.close()


def record(key: str, text: str, date: str = "2025-03-01", updated: str = "") -> dict[str, str]:
    url = f"https://news.example/{key}"
    return {"url": url, "title": text, "body": f"{text} {key}.", "date": date, "updated": updated}


def write(project: Project, *records: dict[str, str]) -> Path:
    file = project.config.root / "news.jsonl"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in records))
    return file


def add(project: Project, *records: dict[str, str]) -> None:
    project.add([write(project, *records)])


def found(project: Project, query: str) -> list[str]:
    answer = project.search(Request(query, match=MatchMode.ALL))
    return sorted(hit.article.url[-1] for hit in answer.hits)


def documents(project: Project) -> int:
    """Documents in all the indices, whichever generation they are of."""
    servers = project.status().servers
    assert servers is not None
    return sum(each.documents for each in servers.indices if "ingesters" not in each.name)


def test_each_finds_what_all_have_put_in(ingester: Open) -> None:
    one, other = ingester("one"), ingester("other")
    add(one, record("a", "flood"), record("b", "flood"))
    add(other, record("c", "flood"))
    assert ["a", "b", "c"] == found(one, "flood") == found(other, "flood")
    shown = one.article("https://news.example/c")
    assert shown is not None
    assert shown.title == "flood"
    assert [] == one.versions("https://news.example/c")
    told = dateline("-C", one.config.root, "show", "https://news.example/c")
    assert (0, True) == (told.exit_code, "flood c." in told.stdout)
    with client(one.config.root, now=NOW) as web:
        assert (200, 404) == tuple(
            web.get(f"/articles/{shown.id}{end}").status_code for end in ("", "/versions")
        )
    add(one, record("a", "flood"))
    assert ["a", "c"] == found(other, "flood")


def test_one_that_has_nothing_searches_too(ingester: Open) -> None:
    add(ingester("one"), record("a", "flood"))
    assert ["a"] == found(ingester("other"), "flood")


@pytest.mark.parametrize("first", ["early", "late"])
def test_the_version_of_the_latest_update_stays(ingester: Open, first: str) -> None:
    versions = {
        "early": record("a", "early", updated="2025-03-02T10:00:00Z"),
        "late": record("a", "late", updated="2025-03-02T11:00:00Z"),
    }
    second = "late" if first == "early" else "early"
    one, other = ingester("one"), ingester("other")
    add(one, versions[first])
    add(other, versions[second])
    assert (["a"], []) == (found(one, "late"), found(one, "early"))
    assert documents(one) == 1
    for project in (one, other):
        differs = project.verify()
        assert (0, 0) == (differs.missing, differs.surplus)
    assert ["a"] == found(one, "late")


def test_what_one_removes_another_puts_back(ingester: Open) -> None:
    one, other = ingester("one"), ingester("other")
    add(one, record("a", "early", updated="2025-03-02T10:00:00Z"))
    add(other, record("a", "late", updated="2025-03-02T11:00:00Z"), record("b", "late"))
    add(other, record("b", "late"))
    assert [] == found(one, "early OR late date:2025-03 -b")
    assert one.verify().missing == 1
    assert (["a"], ["b"]) == (found(other, "early"), found(other, "late"))


def test_an_article_that_moves_to_another_month_is_there_once(ingester: Open) -> None:
    one = ingester("one")
    add(one, record("a", "flood", "2025-03-31"))
    add(one, record("a", "flood", "2025-01-01"))
    assert ([], ["a"]) == (found(one, "flood date:2025-03"), found(one, "flood date:2025-01"))
    assert documents(one) == 1
    add(one, record("a", "flood", ""))
    assert ["a"] == found(one, "flood date:none")
    assert documents(one) == 1


def test_a_query_of_a_month_is_asked_of_that_month_only(ingester: Open) -> None:
    one = ingester("one")
    add(one, *(record(str(month), "flood", f"2025-0{month}-10") for month in range(1, 8)))
    place = one._resources.find_generation().place
    assert isinstance(place, ClusterPlace)

    def searched() -> int:
        stats = connect_cluster(place.settings).indices.stats(
            index=f"{place.alias}-*", metric="search"
        )
        return int(stats["_all"]["total"]["search"]["query_total"])

    before = searched()
    answer = one.search("flood date:2025-03 -nosuchword")
    assert answer.total == 1
    # The search itself, and how frequent the word is, which is asked of all.
    assert searched() - before <= 1 + 2 * 8 + 2


def test_a_rebuild_takes_the_others_articles_along(ingester: Open) -> None:
    one, other = ingester("one"), ingester("other")
    add(one, record("a", "flood"), record("b", "flood"))
    add(other, record("c", "flood"), record("d", "flood", ""))
    one.rebuild()
    assert ["a", "b", "c", "d"] == found(one, "flood") == found(other, "flood")
    before = one._resources.find_generation()
    assert before.number == 2
    assert before.read_indexed_change(other.store) == other.store.read_last_change()
    add(other, record("c", "flood"))
    assert ["a", "b", "c"] == found(one, "flood")
    assert other.verify().missing == other.verify().surplus == 0
    one.update()
    assert documents(one) == 3


def test_what_comes_during_a_rebuild_is_in_the_new_index(ingester: Open) -> None:
    one, other = ingester("one"), ingester("other")
    add(one, *(record(str(number), "flood") for number in range(10)))
    add(other, record("x", "flood"), record("y", "flood"))
    index = one._resources.index

    def check(new: Generation, refused: int) -> None:
        # All has been copied; now another takes in one more, and removes one.
        add(other, record("x", "flood"), record("z", "flood"))

    rebuild_index(one.store, index, one._resources.signatures, check=check)
    assert "z" in found(one, "flood z")
    assert "z" in found(other, "flood z")
    # It is not known who removed what: the other's next update tells.
    other.update()
    add(other, record("x", "flood"), record("z", "flood"), record("w", "flood"))
    assert ["w", "x", "z"] == found(one, "flood (x OR y OR z OR w)")


def test_an_update_that_a_rebuild_overtakes_is_in_the_new_index(ingester: Open) -> None:
    one, other = ingester("one"), ingester("other")
    add(one, record("a", "flood"))
    add(other, record("b", "flood"))
    began: list[Thread] = []

    def overtake(done: int) -> None:
        if not began:
            began.append(Thread(target=one.rebuild))
            began[0].start()
            began[0].join()

    add(other, record("b", "flood"), record("c", "flood"))
    with other.store.transaction():
        other.store.mark_changed([version for _, version in other.store.read_current_versions()])
    assert (
        update_index(
            other.store, other._resources.index, other._resources.signatures, report=overtake
        )
        >= 2
    )
    assert ["a", "b", "c"] == found(one, "flood")


def test_an_article_that_the_cluster_refuses_is_among_the_failures(ingester: Open) -> None:
    one = ingester("one")
    huge = {**record("b", "flood"), "section": "x" * 40_000}
    add(one, record("a", "flood"), huge, record("c", "flood"))
    assert ["a", "c"] == found(one, "flood")
    (failure,) = one.failures()
    assert "the index refused it" in failure.reason
    assert one.verify().missing == 1
    one.rebuild()
    assert ["a", "c"] == found(one, "flood")


def test_an_id_of_any_length_is_taken(ingester: Open) -> None:
    one = ingester("one")
    file = one.config.root / "long.jsonl"
    file.write_text(json.dumps({"id": "i" * 3_000, "title": "flood", "body": "text"}))
    one.add([file])
    (hit,) = one.search("flood").hits
    assert "i" * 3_000 in hit.article.id
    file.write_text("")
    one.update()
    assert one.search("flood").total == 0


def test_a_store_that_was_put_back_gives_all_that_it_has(ingester: Open) -> None:
    one = ingester("one")
    add(one, record("a", "flood"), record("b", "flood"))
    generation = one._resources.find_generation()
    generation.set_indexed_change(one.store, one.store.read_last_change() + 1_000)
    assert generation.read_indexed_change(one.store) == 0
    one.update()
    assert generation.read_indexed_change(one.store) == one.store.read_last_change()
    assert ["a", "b"] == found(one, "flood")
