"""What only the Whoosh engine has: segments within a commit, merging, its own typo search."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, Moment
from indexer.engines import whoosh_writer
from indexer.schema import build_document
from search.engines.searcher import Bucket, Facet, Sort
from search.engines.whoosh_searcher import open_searcher
from search.engines.whoosh_words import misspelt
from search.query.nodes import All, And, Near, Not, Phrase, Query, Term
from tests.demo import environment


def article(number: int, text: str) -> Article:
    return Article(
        id=f"a{number}",
        title="Title",
        body=text,
        section=f"s{number % 2}",
        published=Moment(datetime(2025, 1, number % 28 + 1, tzinfo=UTC)) if number % 2 else None,
    )


def find(folder: Path, query: Query) -> list[int]:
    with open_searcher(folder) as searcher:
        return sorted(match.version for match in searcher.search(query, limit=1_000).page)


def test_a_batch_of_several_segments_is_one_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_writer, "_SEGMENT_BYTES", 40_000)
    whoosh_writer.create(tmp_path)
    with whoosh_writer.open_writer(tmp_path) as writer:
        for number in range(60):
            writer.put(build_document(article(number, f"old word{number}"), number))
        for number in range(0, 60, 4):
            writer.put(build_document(article(number, f"new word{number}"), number))
        writer.delete("a0")
        writer.delete("a1")
        assert find(tmp_path, All()) == []
        writer.commit()
    assert list(range(4, 60, 4)) == find(tmp_path, Term("new"))
    assert [n for n in range(2, 60) if n % 4] == find(tmp_path, Term("old"))
    assert len(list(tmp_path.glob("*.seg"))) > 1


def test_merging_keeps_all_that_a_document_has(tmp_path: Path) -> None:
    whoosh_writer.create(tmp_path)
    for number in range(64):
        with whoosh_writer.open_writer(tmp_path) as writer:
            writer.put(build_document(article(number % 32, f"iron and then gold {number}"), number))
            writer.commit()
    assert len(list(tmp_path.glob("*.seg"))) < 20
    kept = list(range(32, 64))
    for query in (
        Term("gold"),
        Term("then", "body", exact=True),
        Phrase("and then gold"),
        Near(("gold", "iron"), 3),
        And((All(), Not(Near(("gold", "iron"), 2)))),
    ):
        assert kept == find(tmp_path, query)
    assert find(tmp_path, Term("a7", "id")) == [39]
    with open_searcher(tmp_path) as searcher:
        expected = Facet((Bucket("s0", 16), Bucket("s1", 16)), 2)
        assert expected == searcher.facet(All(), "section", 5)
        newest = searcher.search(All(), sort=Sort.NEWEST, limit=3).page
        assert [match.version for match in newest] == [59, 57, 55]


def test_a_batch_that_crashed_leaves_nothing_behind(tmp_path: Path) -> None:
    whoosh_writer.create(tmp_path)
    with whoosh_writer.open_writer(tmp_path) as writer:
        writer.put(build_document(article(1, "word"), 1))
        writer.commit()
    writer = whoosh_writer.open_writer(tmp_path)
    writer.put(build_document(article(2, "word"), 2))
    (tmp_path / "MAIN_0123456789abcdef.seg").write_bytes(b"half a segment")
    assert find(tmp_path, Term("word")) == [1]
    writer.__exit__()
    with whoosh_writer.open_writer(tmp_path) as writer:
        writer.put(build_document(article(3, "word"), 3))
        writer.commit()
    assert find(tmp_path, Term("word")) == [1, 3]
    assert len(list(tmp_path.glob("*.seg"))) == 2


def test_what_python_removes_is_not_needed(tmp_path: Path) -> None:
    script = """
import asyncio, sys
from pathlib import Path
del asyncio.iscoroutinefunction
from indexer.engines import whoosh_writer
from search.engines.whoosh_searcher import open_searcher
folder = Path(sys.argv[1])
whoosh_writer.create(folder)
with open_searcher(folder):
    assert "cached_property" not in sys.modules
"""
    command = (sys.executable, "-W", "error", "-c", script, tmp_path)
    subprocess.run(command, env=environment(), check=True)


@given(st.text("abc", min_size=1, max_size=6), st.sets(st.text("abcé", max_size=7)))
def test_misspelt_words_are_those_within_the_distance(text: str, words: set[str]) -> None:
    ordered = sorted(words)
    for distance in (1, 2):
        expected = [word for word in ordered if typos(text, word) <= distance]
        assert expected == list(misspelt(text, distance, ordered))


def typos(one: str, other: str) -> int:
    """Optimal string alignment distance, by its definition."""
    if not one or not other:
        return len(one) + len(other)
    cost = typos(one[:-1], other[:-1]) + (one[-1] != other[-1])
    if one[-1] == other[-1]:
        return cost
    best = min(cost, typos(one[:-1], other) + 1, typos(one, other[:-1]) + 1)
    if one[-2:] == other[-2:][::-1] and len(one) > 1:
        best = min(best, typos(one[:-2], other[:-2]) + 1)
    return best
