"""Damage on purpose: single bits of a project's files are flipped, one a trial, and what follows.

python -m tests.damage [--flips 50] [--store-flips 200] [--articles 300] [--seed 1] [--kind TEXT]

A trial copies a project, flips one bit, asks the same questions as of the whole project, verifies,
and repairs. The columns of the table count trials:

error       a question ended with an error that says so
wrong       an answer was wrong before `verify` ran; crash: a process died
found       `verify` found it
no meaning  the bit changes no answer and no row, and was not found
undetected  it changes one, and was not found
lost        articles, of all trials, that a repair did not bring back
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from corpus.errors import DatelineError
from search.engines.searcher import Sort
from search.project.project import Project
from search.results.request import Request
from tests.demo import dateline

NEWS = Path(__file__).resolve().parents[2] / "shared" / "data" / "news-25k.jsonl.gz"
NOW = datetime(2025, 4, 10, 12, 0, tzinfo=UTC)
ENGINES = ("tantivy", "whoosh")
_TRIAL_SECONDS = 90
Result = TypeVar("Result")
_QUERIES = (
    "ferry", "Iwojima alliance", '"Iwo Jima"', "government", "said percent", "company OR bank",
    '="expenses"', "title:new", "secur*", "presiden~", "market w/5 year", "lead:people",
    "words:>=400", "date:2025-03", "after:2006-01-01 before:2009-01-01", "minister -police",
    "place:Japan", "person:Ishiba", "oil prices",
)  # fmt: skip
_COUNTED = ("company OR bank", "minister -police", "*")
_NEWEST = ("year", "week", "government")
_PREFIXES = ("pre", "Jap", "new y", "s")


@dataclass(frozen=True)
class Trial:
    """A bit of one file. `kind` is the row of the table that it counts in."""

    kind: str
    engine: str
    file: str
    bit: int


@dataclass(frozen=True)
class Outcome:
    """What followed: of the questions (same, wrong, error, crash), of `verify`, and of repair.

    `lost` counts articles that were whole before and cannot be read after the repair.
    """

    trial: Trial
    answers: str
    noticed: bool
    changed: bool
    lost: int
    note: str = ""

    @property
    def is_undetected(self) -> bool:
        return not self.noticed and (self.changed or self.answers != "same")


# -- a project


def build_project(folder: Path, articles: int) -> None:
    """Make a project of the sample corpus and of news, with versions and removed articles."""
    dateline("init", folder, "--samples")
    records = list(islice(_read_news(), articles))
    source = folder / "news.jsonl"
    for step in range(3):
        kept = records[: len(records) * (step + 1) // 3]
        changed = [
            {**record, "body": f"{record['body']}\n\nCorrected, step {step}."}
            if number % 29 == step
            else record
            for number, record in enumerate(kept)
            if number % 37 != step
        ]
        source.write_text("".join(f"{json.dumps(record)}\n" for record in changed), "utf-8")
        for engine in ENGINES:
            with Project.open(folder, engine=engine, now=NOW) as project:
                project.add([source])
                project.update()


def _read_news() -> Iterator[dict[str, Any]]:
    if NEWS.exists():
        with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
        return
    words = ("government", "minister", "company", "bank", "oil", "prices", "people", "year")
    chooser = random.Random(7)
    for number in range(10_000):
        text = " ".join(chooser.choices(words, k=120))
        yield {"id": f"n{number}", "title": text[:60], "body": text, "date": "2006-10-20"}


# -- questions


def ask(folder: Path, engine: str, *, articles: bool = True) -> dict[str, Any]:
    """Return the answers to all questions, each a value that can be compared.

    `articles` also reads each article of the corpus.
    """
    answers: dict[str, Any] = {}
    with Project.open(folder, engine=engine, now=NOW) as project:
        for key, question in _list_questions(project, articles=articles):
            try:
                answers[key] = question()
            except DatelineError as err:
                answers[key] = err
    return answers


def _list_questions(project: Project, *, articles: bool) -> Iterator[tuple[str, Callable[[], Any]]]:
    for query in _QUERIES:
        yield f"search {query}", partial(_search, project, Request(query, limit=20))
    for query in _COUNTED:
        yield f"facets {query}", partial(_count_facets, project, query)
        yield f"timeline {query}", partial(_count_timeline, project, query)
    for query in _NEWEST:
        request = Request(query, sort=Sort.NEWEST, limit=100)
        yield f"newest {query}", partial(_search, project, request)
    for prefix in _PREFIXES:
        yield f"suggest {prefix}", partial(project.suggest, prefix)
    if not articles:
        return
    with suppress(DatelineError):
        for key, _ in list(project.store.read_current_versions()):
            yield f"show {key}", partial(project.article, key)


def _count_facets(project: Project, query: str) -> Any:
    return project.facets(query).facets


def _count_timeline(project: Project, query: str) -> Any:
    return project.timeline(query).buckets


def _search(project: Project, request: Request) -> Any:
    answer = project.search(request)
    if answer.partial:
        raise DatelineError(answer.warnings[0])
    hits = [(hit.article, hit.score, hit.snippets) for hit in answer.hits]
    return answer.total, answer.total_some, hits


def compare(answers: dict[str, Any], expected: dict[str, Any]) -> str:
    """Return whether answers are the same, wrong, or say that something is damaged."""
    keys = answers.keys() | expected.keys()
    wrong = [
        key
        for key in keys
        if not isinstance(answers.get(key), DatelineError) and answers.get(key) != expected.get(key)
    ]
    if wrong:
        errors = any(isinstance(answer, DatelineError) for answer in answers.values())
        # Articles that cannot be listed were not asked for: that is an error that was told.
        unasked = all(key not in answers for key in wrong)
        return "error" if unasked and errors else "wrong"
    return "error" if any(isinstance(a, DatelineError) for a in answers.values()) else "same"


def read_rows(file: Path) -> object:
    """Return all rows of a SQLite file, or None if they cannot be read."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
            database.text_factory = bytes
            tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            names = sorted(name.decode() for (name,) in tables)
            return {name: sorted(map(repr, database.execute(f"SELECT * FROM {name}")))
                    for name in names}  # fmt: skip
    except (sqlite3.Error, ValueError):
        return None


# -- trials


def list_trials(folder: Path, flips: int, store_flips: int, seed: int) -> list[Trial]:
    """Return trials with bits chosen evenly of each kind of file."""
    chooser = random.Random(seed)
    data = folder / ".dateline"
    trials = _choose(chooser, "corpus.sqlite", "tantivy", [data / "corpus.sqlite"], store_flips)
    trials += _choose(chooser, "signatures.sqlite", "tantivy", [data / "signatures.sqlite"], flips)
    for engine in ENGINES:
        kinds: dict[str, list[Path]] = {}
        for file in sorted((data / "index" / engine).rglob("*")):
            if file.is_file() and file.stat().st_size:
                name = file.name if file.name.count(".") == 0 else f"*{file.suffix}"
                name = file.name if file.suffix == ".json" else name
                kinds.setdefault(name, []).append(file)
        for kind, files in kinds.items():
            trials += _choose(chooser, f"{engine}: {kind}", engine, files, flips)
    return [
        Trial(trial.kind, trial.engine, str(Path(trial.file).relative_to(folder)), trial.bit)
        for trial in trials
    ]


def _choose(
    chooser: random.Random, kind: str, engine: str, files: Sequence[Path], count: int
) -> list[Trial]:
    sizes = [file.stat().st_size for file in files]
    chosen = chooser.choices(files, sizes, k=count)
    return [
        Trial(kind, engine, str(file), chooser.randrange(file.stat().st_size * 8))
        for file in chosen
    ]


def run_trial(folder: Path, expected: dict[str, dict[str, Any]], trial: Trial) -> Outcome:
    """Run a trial in a process of its own: a damaged index may end it."""
    note, outcome = run_apart(partial(_try_copy, folder, expected[trial.engine], trial))
    if outcome is None:
        return Outcome(trial, "crash", noticed=False, changed=True, lost=0, note=note)
    return outcome


def preload() -> None:
    """Import what trials need, so that not each of them does."""
    for name in ENGINES:
        import_module(f"search.engines.{name}_searcher")
    for name in ("project.writer", "project.verifier", "results.facets", "results.timeline"):
        import_module(f"search.{name}")
    for name in ("indexer.ingest.run", "indexer.entities.extractor", "search.results.suggest"):
        import_module(name)
    import_module("indexer.workers.cleaner")
    import_module("search.results.zero_results")


def run_apart(work: Callable[[], Result]) -> tuple[str, Result | None]:
    """Return the result of work in a process of its own, or why there is none."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send_result, args=(sender, work))
    process.start()
    sender.close()
    try:
        if receiver.poll(_TRIAL_SECONDS):
            return "", receiver.recv()
    except EOFError:
        return "the process died", None
    else:
        return "no end", None
    finally:
        process.kill()
        process.join()


def _send_result(sender: Any, work: Callable[[], object]) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    sender.send(work())


def _try_copy(folder: Path, expected: dict[str, Any], trial: Trial) -> Outcome:
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(shutil.copytree(folder, Path(scratch) / "copy"))
        return _try(copy, folder, expected, trial)


def _try(copy: Path, folder: Path, expected: dict[str, Any], trial: Trial) -> Outcome:
    flip(copy / trial.file, trial.bit)
    changed = trial.file.endswith(".sqlite") and (
        read_rows(copy / trial.file) != read_rows(folder / trial.file)
    )
    note = ""
    # An index is derived: only the corpus can lose anything.
    is_corpus = trial.file.endswith("corpus.sqlite")
    if not is_corpus:
        expected = {key: value for key, value in expected.items() if not key.startswith("show ")}
    try:
        answers = compare(ask(copy, trial.engine, articles=is_corpus), expected)
    except DatelineError:
        answers = "error"
    except BaseException as err:
        answers, note = "crash", repr(err)
    noticed, failure = _verify(copy, trial.engine)
    lost = _repair(copy, trial.engine, expected) if noticed and is_corpus else 0
    return Outcome(trial, answers, noticed, changed, lost, note or failure)


def flip(file: Path, bit: int) -> None:
    """Flip one bit of a file."""
    content = bytearray(file.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    file.write_bytes(content)


def _verify(copy: Path, engine: str) -> tuple[bool, str]:
    try:
        with Project.open(copy, engine=engine, now=NOW) as project:
            found = project.verify()
    except DatelineError:
        return True, ""
    except BaseException as err:
        return True, f"verify: {err!r}"
    return not found.is_whole or bool(found.missing or found.surplus or found.actions), ""


def _repair(copy: Path, engine: str, expected: dict[str, Any]) -> int:
    """Repair, and count the articles that are not as they were then."""
    with (
        suppress(DatelineError),
        Project.open(copy, engine=engine, now=NOW) as project,
    ):
        project.verify(repair=True)
    try:
        after = ask(copy, engine)
    except DatelineError:
        after = {}
    return sum(
        after.get(key) != answer for key, answer in expected.items() if key.startswith("show ")
    )


def run_trials(folder: Path, trials: Sequence[Trial]) -> Iterator[Outcome]:
    """Run trials on all cores, and yield their outcomes in order."""
    preload()
    # A process that has searched has threads, and must not be forked.
    expected = {engine: run_apart(partial(ask, folder, engine))[1] or {} for engine in ENGINES}
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("fork")) as pool:
        yield from pool.map(partial(run_trial, folder, expected), trials)


# -- the table


def render_table(outcomes: Sequence[Outcome]) -> str:
    """Render a row a kind as a table in Markdown."""
    lines = [
        "| file | flips | error | wrong / crash | found | no meaning | undetected | lost |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for kind in sorted({outcome.trial.kind for outcome in outcomes}):
        group = [outcome for outcome in outcomes if outcome.trial.kind == kind]
        counts = Counter(outcome.answers for outcome in group)
        found = sum(outcome.noticed for outcome in group)
        undetected = sum(outcome.is_undetected for outcome in group)
        cells = (
            len(group), counts["error"], f"{counts['wrong']} / {counts['crash']}", found,
            len(group) - found - undetected, undetected, sum(outcome.lost for outcome in group),
        )  # fmt: skip
        lines.append(f"| `{kind}` | {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Formatter)
    parser.add_argument("--flips", type=int, default=50)
    parser.add_argument("--store-flips", type=int, default=200)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", default="", help="only files whose kind contains this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        run_apart(partial(build_project, folder, options.articles))
        trials = list_trials(folder, options.flips, options.store_flips, options.seed)
        chosen = [trial for trial in trials if options.kind in trial.kind]
        # Whoever stops it has some of each kind.
        random.Random(options.seed).shuffle(chosen)
        outcomes = []
        with suppress(KeyboardInterrupt):
            for outcome in run_trials(folder, chosen):
                outcomes.append(outcome)
                _report(outcome)
    print(render_table(outcomes))
    if any(outcome.is_undetected for outcome in outcomes):
        sys.exit(1)


def _report(outcome: Outcome) -> None:
    if outcome.is_undetected or outcome.answers == "crash" or outcome.note or outcome.lost:
        print(outcome, file=sys.stderr, flush=True)


_Formatter = argparse.RawDescriptionHelpFormatter


if __name__ == "__main__":
    main()
