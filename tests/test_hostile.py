"""Nothing that strangers send stops what is sent beside it."""

from __future__ import annotations

import pytest

from search.project.project import Project
from tests.hostile import QUICK, SOUND, TRAPS, Trap


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each file when all were added at once: its title, or the reason why not."""
    root = tmp_path_factory.mktemp("hostile")
    news = root / "news"
    news.mkdir()
    for trap in TRAPS:
        (news / trap.name).write_bytes(trap.make(min(QUICK, trap.size)))
    (news / "sound.txt").write_text(SOUND, "utf-8")
    with Project.open(root, engine="tantivy", workers="2") as project:
        project.add([str(news)])
        found = {_file(failure.path): failure.reason for failure in project.failures()}
        for key, _ in project.store.read_current_versions():
            version = project.store.read_versions(key)[-1]
            found.setdefault(_file(version.article.id), version.article.title)
        assert project.search('"harbor of Springfield"').total == 1
    return found


def _file(path: str) -> str:
    return path.removeprefix("news/").partition("#")[0]


def test_a_sound_article_is_taken_in_beside_them(outcomes: dict[str, str]) -> None:
    assert outcomes["sound.txt"] == "Harbor reopens"


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_each_gives_an_article_or_the_reason_why_not(outcomes: dict[str, str], trap: Trap) -> None:
    assert trap.quick in outcomes[trap.name]
