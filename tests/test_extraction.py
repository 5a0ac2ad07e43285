"""What finds entities, how what two find is put together, and how it is found anew."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.article import Article, Entity, EntityKind
from corpus.article_codec import decode_article, encode_article
from corpus.extractions import Extractions
from corpus.ledger import Ledger
from corpus.migrations import MIGRATIONS
from corpus.store import Store
from indexer.entities.extractor import (
    Extractor,
    build_rule_extractor,
    extract_by_rules,
    index_known_names,
    merge_spacy_names,
)
from indexer.entities.reextract import ReextractionBatch, reextract_entities
from search.project.lock import hold_lock
from search.project.project import Project
from search.results.request import Request
from tests.demo import dateline
from tests.test_project import kill_when

NOW = datetime(2025, 4, 10, 12, 0, tzinfo=UTC)
PERSON, ORG, PLACE = EntityKind.PERSON, EntityKind.ORG, EntityKind.PLACE
GROUPS = (("Iwojima", "Iwo Jima", "Iwoto Island"), ("European Union", "Brussels"))


# -- rules and spaCy, put together


ISHIBA = Entity(PERSON, ("Shigeru Ishiba", "Ishiba"))
TOKYO = Entity(PLACE, ("Tokyo",))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], [ISHIBA._replace(sure=False), TOKYO._replace(sure=False)]),
        ([(PERSON, "Shigeru Ishiba"), (PLACE, "Tokyo")], [ISHIBA, TOKYO]),
        ([(PERSON, "Ishiba"), (PLACE, "TOKYO")], [ISHIBA, TOKYO]),
        (
            [(ORG, "Tokyo"), (PERSON, "Ishiba")],
            [ISHIBA, TOKYO._replace(sure=False), Entity(ORG, ("Tokyo",), sure=False)],
        ),
        (
            [(PLACE, "Tokyo"), (PERSON, "Gen Nakatani"), (PERSON, "GEN NAKATANI")],
            [
                ISHIBA._replace(sure=False),
                TOKYO,
                Entity(PERSON, ("Gen Nakatani", "GEN NAKATANI"), sure=False),
            ],
        ),
        ([(PERSON, "!"), (PERSON, "Ishiba"), (PLACE, "Tokyo")], [ISHIBA, TOKYO]),
    ],
)
def test_what_both_find_is_sure(
    names: list[tuple[EntityKind, str]], expected: list[Entity]
) -> None:
    assert tuple(expected) == merge_spacy_names([ISHIBA, TOKYO], names)


# -- groups of names


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("The plane left Iwoto Island.", [("Iwojima", "Iwoto Island")]),
        (
            "The sea around Iwoto Island and Lake Biwa.",
            [("Iwojima", "Iwoto Island"), ("Lake Biwa",)],
        ),
        ("The plane left Lake Biwa.", [("Lake Biwa",)]),
        ("It rained.", []),
    ],
)
def test_a_group_s_first_name_is_shown(body: str, expected: list[tuple[str, ...]]) -> None:
    found = extract_by_rules("Title", "", body, names=index_known_names(GROUPS))
    assert expected == [entity.names for entity in found]


def test_names_of_a_group_are_one_entity() -> None:
    body = "The plane left Iwoto Island for Iwo Jima Island."
    groups = (("Iwojima", "Iwo Jima Island", "Iwoto Island"),)
    (found,) = extract_by_rules("", "", body, names=index_known_names(groups))
    assert Entity(PLACE, ("Iwojima", "Iwo Jima Island", "Iwoto Island")) == found
    apart = extract_by_rules("", "", body)
    assert {("Iwo Jima Island",), ("Iwoto Island",)} == {entity.names for entity in apart}


# -- the store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "corpus.sqlite") as store:
        Ledger(store).register_source("one", "/one")
        yield store


def put(store: Store, *articles: Article, extractor: str = "old") -> list[bool]:
    ledger = Ledger(store)
    with store.transaction():
        return [
            ledger.put_article(
                article, ledger.open_item("one", article.id), "f", b"", NOW, extractor=extractor
            )
            for article in articles
        ]


def story(number: int, *entities: Entity, text: str = "text") -> Article:
    return Article(id=f"a{number}", title=text, body="", entities=entities)


def always(*entities: Entity, version: str = "new", batch: int = 2) -> Extractor:
    """An extractor that finds the same in every article."""

    def extract(articles: Sequence[Article]) -> list[tuple[Entity, ...]]:
        return [entities for _ in articles]

    return Extractor(version, extract, batch)


def test_entities_found_anew_make_no_version(store: Store) -> None:
    assert [True] * 3 == put(store, *(story(number) for number in range(3)))
    changes = store.read_last_change()
    assert [2, 1, 0] == [reextract_entities(store, always(TOKYO)).processed for _ in range(3)]
    assert [(TOKYO,)] * 3 == [
        store.read_versions(f"a{number}")[0].article.entities for number in range(3)
    ]
    assert (3, 3) == (store.collect_stats().articles, store.collect_stats().versions)
    assert ["a0", "a1", "a2"] == [change.article_id for change in store.read_changes(changes)]
    assert 0 == Extractions(store).count_outdated("new")


def test_what_is_found_as_before_changes_nothing(store: Store) -> None:
    put(store, story(1, TOKYO))
    changes = store.read_last_change()
    assert ReextractionBatch(1) == reextract_entities(store, always(TOKYO))
    assert changes == store.read_last_change()
    assert 0 == Extractions(store).count_outdated("new")


def test_an_article_that_an_extractor_is_not_ready_for_keeps_its_entities(store: Store) -> None:
    def extract(articles: Sequence[Article]) -> list[tuple[Entity, ...]]:
        if any(each.title == "other" for each in articles):
            raise ValueError("no such text")
        return [(TOKYO,) for _ in articles]

    put(store, story(1), story(2, ISHIBA, text="other"), story(3))
    trouble = "a2 keeps its entities: ValueError: no such text"
    assert ReextractionBatch(3, (trouble,)) == reextract_entities(store, Extractor("new", extract))
    assert [story(1, TOKYO), story(2, ISHIBA, text="other"), story(3, TOKYO)] == [
        store.read_article(f"a{number}") for number in (1, 2, 3)
    ]
    assert 0 == Extractions(store).count_outdated("new")


def test_only_those_of_one_extractor_may_be_asked_for(store: Store) -> None:
    put(store, story(1), story(2), extractor="older")
    put(store, story(3))
    extractions = Extractions(store)
    assert (3, 1) == (extractions.count_outdated("new"), extractions.count_outdated("new", "old"))
    assert [1, 0] == [reextract_entities(store, always(TOKYO), "old").processed for _ in range(2)]
    article = store.read_article("a3")
    assert article is not None
    assert (TOKYO,) == article.entities
    assert 2 == extractions.count_outdated("new")


def test_an_article_with_other_entities_and_the_same_text_stays_as_it_was(store: Store) -> None:
    put(store, story(1, TOKYO), extractor="both")
    assert [False] == put(store, story(1, ISHIBA), extractor="rules")
    assert story(1, TOKYO) == store.read_article("a1")
    assert 0 == Extractions(store).count_outdated("both")
    assert [True] == put(store, story(1, ISHIBA, text="other"), extractor="rules")
    assert 1 == Extractions(store).count_outdated("both")


def test_an_article_that_is_gone_is_not_read_again(store: Store) -> None:
    put(store, story(1), story(2))
    with store.transaction():
        Ledger(store).remove_item("one", "a1")
    assert 1 == Extractions(store).count_outdated("new")
    put(store, story(1), extractor="new")
    # What is kept of it is from another time.
    assert 2 == Extractions(store).count_outdated("new")


def test_doubted_articles_are_read_again(store: Store) -> None:
    put(store, story(1), story(2), extractor="new")
    extractions = Extractions(store)
    with store.transaction():
        extractions.mark_outdated([2])
    assert ["a2"] == [each.id for each in extractions.read_outdated("new", 10).values()]


def test_names_that_were_known_are_kept_in_their_order(store: Store) -> None:
    extractions = Extractions(store)
    assert () == extractions.read_known_names()
    for groups in (GROUPS, GROUPS[:1]):
        with store.transaction():
            extractions.set_known_names(groups)
        assert set(groups) == set(extractions.read_known_names())


def test_a_store_of_old_is_read_and_its_articles_are_extracted_again(tmp_path: Path) -> None:
    path = tmp_path / "corpus.sqlite"
    write_first_schema(path, story(1, TOKYO))
    with Store(path) as store:
        assert story(1, TOKYO) == store.read_article("a1")
        assert [False] == put(store, story(1, ISHIBA))
        assert 1 == len(store.read_versions("a1"))
        assert ReextractionBatch(1) == reextract_entities(store, always(ISHIBA))
        assert story(1, ISHIBA) == store.read_article("a1")


def write_first_schema(path: Path, article: Article) -> None:
    """A store as the first schema had it: a version's digest is of its entities, too."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(f"{MIGRATIONS[0]}; PRAGMA user_version = 1")
    with Store(path) as store:
        Ledger(store).register_source("one", "/one")
        put(store, article)
        store.database.execute(
            "UPDATE versions SET digest = ?1, sum = row_sum(CAST(article_id AS BLOB),"
            " CAST(published AS BLOB), CAST(recorded AS BLOB), ?1, content)",
            b"of text and entities",
        )
        store.database.execute("UPDATE articles SET extractor = 0")


@pytest.mark.parametrize("sure", [True, False])
def test_whether_an_entity_is_sure_is_kept(sure: bool) -> None:
    article = story(1, Entity(PLACE, ("Tokyo", "?person"), sure))
    assert article == decode_article(encode_article(article))


def test_bytes_of_old_are_read() -> None:
    written = (
        b'{"id":"a1","title":"text","authors":[],"entities":[["place","Tokyo"]],"provenance":[]}'
    )
    assert story(1, TOKYO) == decode_article(written)


# -- a project


PLACES = ("Lake Biwa", "Iwoto Island", "Kern Valley")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    return root


def open_project(root: Path, aliases: str = "") -> Project:
    (root / "dateline.yaml").write_text(f"workers: 1\n{aliases}", "utf-8")
    return Project.open(root, now=NOW)


def write(root: Path, number: int = len(PLACES)) -> Path:
    """Articles on places, one each."""
    file = root / "a.jsonl"
    places = (PLACES[at % len(PLACES)] for at in range(number))
    lines = (
        {"id": f"a{at}", "title": "News", "body": f"A plane left {place} today."}
        for at, place in enumerate(places)
    )
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return file


def make_old(project: Project) -> None:
    """Have all entities stand as an older extractor found them: nothing, anywhere."""
    extractions = Extractions(project.store)
    held = project.store.read_articles(
        [version for _, version in project.store.read_current_versions()]
    )
    with project.store.transaction():
        for version, article in held.items():
            extractions.record_entities("rules 0", version, article, ())


def places(project: Project) -> dict[str, int]:
    answer = project.search(Request("*", facets=("place",)))
    return {bucket.value: bucket.count for bucket in answer.facets["place"].buckets}


def test_an_update_finds_entities_anew_for_another_version(root: Path) -> None:
    with open_project(root) as project:
        project.add([write(root)])
        assert 0 == project.status().to_extract
        make_old(project)
        assert 3 == project.status().to_extract
        tally = project.update()
        assert (0, 3, 3) == (tally.added, tally.extracted, tally.to_extract)
        assert dict.fromkeys(PLACES, 1) == places(project)
        assert (0, 0) == (project.status().to_extract, project.status().behind)
        assert [1, 1, 1] == [len(project.versions(f"a{at}")) for at in range(3)]
        assert 0 == project.update().to_extract
        assert (0, 0) == (project.verify().missing, project.verify().surplus)


def test_an_addition_leaves_what_is_old_for_an_update(root: Path) -> None:
    with open_project(root) as project:
        project.add([write(root)])
        make_old(project)
        other = root / "b.jsonl"
        other.write_text('{"id": "b", "title": "News", "body": "A plane left Lake Biwa today."}')
        assert 0 == project.add([other]).extracted
        assert 3 == project.status().to_extract


def test_the_command_line_tells_what_is_found_anew(root: Path) -> None:
    with open_project(root) as project:
        project.add([write(root)])
        make_old(project)
    said = dateline("-C", root, "status")
    assert "entities  to be found anew in 3 articles; run: dateline update" in said.stdout
    said = dateline("-C", root, "update")
    assert (0, "0 added, 3 articles read again for entities; 3 articles in all\n") == (
        said.exit_code,
        said.stderr,
    )
    status = json.loads(dateline("-C", root, "status", "--json").stdout)
    assert 0 == status["to_extract"]


def test_progress_is_told(root: Path) -> None:
    with open_project(root) as project:
        project.add([write(root)])
        make_old(project)
        told: list[tuple[int, int]] = []
        project.update(report=lambda tally: told.append((tally.extracted, tally.to_extract)))
        assert (0, 3) == told[-1]


def test_aliases_name_facets_after_an_update(root: Path) -> None:
    with open_project(root) as project:
        project.add([write(root)])
    for aliases, shown in (
        ("aliases: [[Iwojima, Iwoto Island]]", "Iwojima"),
        ("aliases: [[Iwoto, Iwojima, Iwoto Island]]", "Iwoto"),
        ("", "Iwoto Island"),
    ):
        with open_project(root, aliases) as project:
            assert 1 == project.update().extracted
            assert {"Lake Biwa": 1, "Kern Valley": 1, shown: 1} == places(project)
            assert 0 == project.update().to_extract
            assert 1 == project.search(f'place:"{shown}"').total
            assert [1] == [len(project.versions("a1"))]


def test_aliases_name_facets_at_once_in_a_new_project(root: Path) -> None:
    with open_project(root, "aliases: [[Iwojima, Iwoto Island]]") as project:
        project.add([write(root)])
        assert {"Lake Biwa": 1, "Kern Valley": 1, "Iwojima": 1} == places(project)
        assert 0 == project.update().to_extract


def test_another_writer_has_the_rest_left_for_later(root: Path) -> None:
    with open_project(root, "lock_timeout: 0.05") as project:
        project.add([write(root)])
        make_old(project)
        held = hold_lock(project.config.data_folder, "add", since=NOW, timeout=1)

        def hold(tally: object) -> None:
            if getattr(tally, "to_extract", 0):
                held.__enter__()

        tally = project.update(report=hold)
        held.__exit__(None, None, None)
        assert (0, 3) == (tally.extracted, tally.to_extract)
        assert 3 == project.update().extracted


def behind(root: Path, most: int) -> Callable[[], bool]:
    """Whether at most so many articles are still of an older extractor."""

    def met() -> bool:
        file = root / ".dateline" / "corpus.sqlite"
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
            ((count,),) = database.execute(
                "SELECT count(*) FROM articles JOIN extractors ON extractors.id = extractor"
                " WHERE name = 'rules 0'"
            )
        return bool(count <= most)

    return met


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed another way")
def test_a_killed_update_is_carried_on_with(root: Path) -> None:
    number = 2_400
    with open_project(root) as project:
        project.add([write(root, number)])
        make_old(project)
    kill_when(behind(root, number - 1), root, "update")
    with open_project(root) as project:
        left = project.status().to_extract
        assert left is not None
        assert left < number
        # What was searchable at the kill is a whole commit, and the rest follows.
        assert number == project.search("news").total
        assert left == project.update().extracted
        assert dict.fromkeys(PLACES, number // 3) == places(project)
        assert (number, number) == (
            project.store.collect_stats().articles,
            project.store.collect_stats().versions,
        )
        assert (0, 0) == (project.verify().missing, project.verify().surplus)


def test_the_rules_version_tells_rules_from_both() -> None:
    assert build_rule_extractor().version == build_rule_extractor(GROUPS).version
    assert build_rule_extractor().version.startswith("rules ")
