"""The benchmark itself: that it runs, and that every row is in its report."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import TypeVar

import pytest

from tests.bench import __main__ as bench
from tests.bench.queries import Kind

Result = TypeVar("Result")
WORDS = ("harbour", "storm", "minister", "bridge", "election", "council", "flood", "teacher")
PEERS = ["dateline (tantivy)", "dateline (whoosh)", "tantivy-py", "SQLite FTS5", "Whoosh"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report on thirty articles, made in this process."""
    folder = tmp_path_factory.mktemp("bench")
    corpus, out = folder / "corpus.jsonl", folder / "report.md"
    corpus.write_text("".join(map(generated, range(30))), "utf-8")

    def here(run: Callable[..., Result], *args: object) -> Result:
        return run(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench, "alone", here)
        files = ["--corpus", str(corpus), "--out", str(out), "--folder", str(folder)]
        bench.main([*files, "--rounds", "1", "--small-updates", "4", "--date", "2025-04-01"])
    return out.read_text("utf-8")


def generated(number: int) -> str:
    text = " ".join(random.Random(number).choices(WORDS, k=60))
    date = f"2025-03-{number % 28 + 1:02}T12:00:00Z"
    return json.dumps({"id": f"g{number}", "title": text[:30], "body": text, "date": date}) + "\n"


def rows(report: str, heading: str) -> list[str]:
    """The first column of the table under a heading."""
    (section,) = (part for part in report.split("\n#") if heading in part.partition("\n")[0])
    table = [line for line in section.splitlines() if line.startswith("|")]
    return [line.split(" | ")[0].removeprefix("| ") for line in table[2:]]


def test_ingest_has_every_peer_and_way(report: str) -> None:
    ours = [
        row
        for engine in ("tantivy", "whoosh")
        for row in (f"dateline ({engine})", f"dateline ({engine}), index alone")
    ]
    workers = ["dateline (tantivy), 2 workers", "dateline (whoosh), 2 workers"]
    assert [*ours, *workers, *PEERS[2:]] == rows(report, "Ingest")


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_query_has_every_peer(report: str, kind: Kind) -> None:
    assert PEERS == rows(report, f"{kind.value}, ")


def test_updates_have_every_peer_on_both_sizes(report: str) -> None:
    assert [*PEERS, *PEERS] == rows(report, "An update of 100 articles")
    assert PEERS[:2] == rows(report, "4 small updates")


def test_the_report_says_how_to_repeat_it(report: str) -> None:
    assert "\n2025-04-01: 30 news articles; " in report
    assert "python -m tests.bench --corpus corpus.jsonl --out report.md" in report
