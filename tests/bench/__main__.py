"""`python -m tests.bench`: time dateline beside its peers, and write BENCHMARKS.md.

With the opensearch engine: `python -m tests.cluster python -m tests.bench --engines …`.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from indexer.engines import ENGINES
from tests.bench import measure
from tests.bench.measure import Asked, Built, Grown, Updated, alone
from tests.bench.peers import entries
from tests.bench.report import Results, page
from tests.places import AVAILABLE, EMBEDDED

_ROOT = Path(__file__).resolve().parents[2]
_CORPUS = _ROOT.parent / "shared" / "data" / "news-25k.jsonl.gz"
PARTS = ("ingest", "queries", "updates", "growth")
_WORKERS = 2


def main(argv: Sequence[str]) -> None:
    options = _parser().parse_args(argv)
    if not options.corpus.exists():
        sys.exit(f"there is no {options.corpus}; give a file of articles with --corpus")
    if not set(options.engines) <= set(AVAILABLE):
        sys.exit("there is no cluster; run: python -m tests.cluster python -m tests.bench …")
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        results = _run(options, argv, Path(folder))
    options.out.write_text(page(results), "utf-8")
    _say(f"written: {options.out}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--articles", type=int, default=25_000, metavar="N")
    parser.add_argument("--copies", type=int, default=1, metavar="K")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--engines", nargs="*", choices=ENGINES, default=EMBEDDED)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--corpus", type=Path, default=_CORPUS, metavar="FILE")
    parser.add_argument("--out", type=Path, default=_ROOT / "BENCHMARKS.md", metavar="FILE")
    parser.add_argument("--folder", type=Path, metavar="FOLDER", help="for the indexes")
    parser.add_argument("--small-updates", type=int, default=200, metavar="N")
    parser.add_argument("--date", type=date.fromisoformat, default=None, metavar="DAY")
    return parser


def _run(options: argparse.Namespace, argv: Sequence[str], folder: Path) -> Results:
    given = alone(measure.corpus, options.corpus, folder, options.articles, options.copies)
    built = _build(given, options)
    held = {each.name: each.articles for each in built}
    asked: list[Asked] = []
    if "queries" in options.only:
        _say("queries")
        asked = alone(measure.ask, given, options.engines, options.rounds, held)
    updated: list[Updated] = []
    if "updates" in options.only:
        for number in (given.articles // 10, given.articles):
            _say(f"updates of {number:,}")
            updated += alone(measure.update, given, options.engines, number, options.rounds)
    return Results(
        day=options.date or date.today(),
        # Where files lie is this machine's affair.
        command=shlex.join(["python", "-m", "tests.bench", *(Path(each).name for each in argv)]),
        articles=given.articles,
        copies=options.copies,
        rounds=options.rounds,
        built=built if "ingest" in options.only else (),
        asked=asked,
        updated=updated,
        grown=_grow(given, options) if "growth" in options.only else (),
    )


def _build(given: measure.Corpus, options: argparse.Namespace) -> list[Built]:
    """Every peer's index, which the queries need too; other ways of ingest if asked for."""
    built: list[Built] = []
    for entry in entries(options.engines):
        _say(f"build: {entry.name}")
        built += alone(measure.build, given, options.engines, entry.name)
    if "ingest" in options.only:
        for engine in options.engines:
            _say(f"build: {engine} with {_WORKERS} workers")
            built.append(alone(measure.build_with_workers, given, engine, _WORKERS))
    return sorted(built, key=lambda each: not each.name.startswith("dateline"))


def _grow(given: measure.Corpus, options: argparse.Namespace) -> list[Grown]:
    grown = []
    for engine in EMBEDDED:
        if engine not in options.engines:
            continue
        _say(f"growth: {engine}")
        number = given.articles // 10
        grown.append(alone(measure.grow, given, engine, number, options.small_updates))
    return grown


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
