"""Load on the server, its pages and its API: `python -m tests.bench.load PROJECT`.

Clients that never wait ask a real server mixed questions. With --update, as many new articles are
taken in by another process meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote

from search.project.project import Project
from search.results.request import Request
from search.results.suggest import suggest_completions

_COMMAND = (sys.executable, "-c", "from search.cli.main import main; main()")
_WARM_UP = 2.0
_LETTERS = "abcdefghilmnoprstw"


@dataclass(slots=True)
class Load:
    """What came of it: milliseconds by kind of question, and what was not answered with 200."""

    took: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, milliseconds: float, status: int) -> None:
        self.took.setdefault(kind, []).append(milliseconds)
        if status != 200:
            self.errors[f"{kind} {status}"] += 1


class Asker:
    """Makes up questions of the words, names and ids that a project has."""

    def __init__(self, project: Project, rng: random.Random) -> None:
        self._rng = rng
        view = project.snapshot()
        self._words = [
            bucket.value
            for letter in _LETTERS
            for bucket in view.searcher.list_terms("body", letter, 60)[10:]
            if len(bucket.value) > 3
        ]
        suggested = (
            one for letter in "abmst" for one in suggest_completions(letter, view, limit=20)
        )
        self._names = [one.text for one in suggested if one.field]
        self._ids = [hit.article.id for hit in project.search(Request("*", limit=100)).hits]

    def path(self, template: str) -> str:
        """A template's path, with what stands in braces in it chosen."""
        year = self._rng.randint(2008, 2020)
        return template.format(
            word=self._rng.choice(self._words),
            other=self._rng.choice(self._words),
            start=self._rng.choice(self._words)[:4],
            name=quote(self._rng.choice(self._names)),
            id=quote(self._rng.choice(self._ids)),
            year=year,
            next=year + 1,
        )


# What people and programs ask, how often in a hundred questions.
_SHARES = {
    "/?q={word}": 12,
    "/?q={word}+{other}": 10,
    "/?q={word}+date:{year}&sort=newest": 4,
    "/articles/{id}?q={word}": 8,
    "/v1/search?q={word}": 16,
    "/v1/search?q={word}+{other}": 16,
    "/v1/search?q=%22{name}%22": 5,
    "/v1/search?q={start}*": 4,
    "/v1/search?q={word}&from={year}&to={next}&sort=newest": 5,
    "/v1/search?q={word}&facet=source,person": 4,
    "/v1/facets?q={word}": 2,
    "/v1/timeline?q={word}": 3,
    "/v1/suggest?q={start}": 6,
    "/v1/articles/{id}": 3,
    "/v1/articles/{id}/similar": 1,
    "/v1/search.atom?q={word}": 1,
}
_ASKED = 5_000


def questions(project: Project, rng: random.Random) -> list[tuple[str, str]]:
    """Templates and paths, as people and programs may ask: mostly a search of a word or two."""
    asker = Asker(project, rng)
    templates = rng.choices(list(_SHARES), list(_SHARES.values()), k=_ASKED)
    return [(template, asker.path(template)) for template in templates]


async def client(port: int, asked: Sequence[tuple[str, str]], until: float, load: Load) -> None:
    """Ask one question after another over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    at = 0
    while time.perf_counter() < until:
        kind, path = asked[at % len(asked)]
        at += 1
        began = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        if length is None:
            raise ValueError(head)
        await reader.readexactly(int(length[1]))
        load.add(kind, (time.perf_counter() - began) * 1_000, int(head[9:12]))
    writer.close()


async def run(port: int, asked: list[tuple[str, str]], clients: int, seconds: float) -> Load:
    load = Load()
    until = time.perf_counter() + seconds
    shares = [asked[number::clients] for number in range(clients)]
    await asyncio.gather(*(client(port, share, until, load) for share in shares))
    return load


@dataclass(frozen=True, slots=True)
class Memory:
    """MB that a process has for itself, and of files that it has mapped, such as the index.

    Pages of files are counted when they were asked for once; the system takes them back at need.
    """

    own: float
    mapped: float

    @classmethod
    def of(cls, pid: int) -> Memory:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        own, mapped = re.findall(r"Rss(?:Anon|File):\s+(\d+)", status)
        return cls(int(own) / 1_024, int(mapped) / 1_024)


def new_articles(project: Project, number: int, folder: Path) -> Path:
    """Articles that the project does not have, of the texts of those that it has."""
    file = folder / "new.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for change in islice(project.store.read_changes(0), number):
            if change.article is not None:
                body = change.article.body
                record = {"id": f"load-{change.number}", "title": "New", "body": body}
                lines.write(json.dumps(record) + "\n")
    return file


def report(load: Load, seconds: float, before: Memory, after: Memory) -> str:
    every = [took for each in load.took.values() for took in each]
    errors = f"{sum(load.errors.values())} errors"
    memory = (
        f"memory {before.own:.0f} MB before, {after.own:.0f} MB after, "
        f"of files {before.mapped:.0f} MB and {after.mapped:.0f} MB"
    )
    lines = [f"{len(every) / seconds:,.0f} requests/s, {_spread(every)}, {errors}, {memory}"]
    lines += [f"  {kind}: {len(took)}, {_spread(took)}" for kind, took in load.took.items()]
    lines += [f"  error: {what}: {count}" for what, count in load.errors.items()]
    return "\n".join(lines)


def _spread(took: list[float]) -> str:
    cuts = quantiles(took, n=100) if len(took) > 1 else took * 99
    return f"p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms, most {max(took):.0f} ms"


def main(argv: Sequence[str]) -> None:
    options = _parser().parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        with Project.open(options.project) as project:
            asked = questions(project, random.Random(options.seed))
            arriving = new_articles(project, options.update, Path(folder))
        measure(options, asked, arriving)


def measure(options: argparse.Namespace, asked: list[tuple[str, str]], arriving: Path) -> None:
    """Start a server, ask it, and print what came of it."""
    number = str(options.processes)
    serving = (
        *_COMMAND, "-C", str(options.project), "serve", "--port", "0", "--processes", number
    )  # fmt: skip
    with subprocess.Popen(serving, stderr=subprocess.PIPE, text=True) as server:
        port = _port(server)
        asyncio.run(run(port, asked, options.clients, _WARM_UP))
        before = Memory.of(server.pid)
        adding = _add(options.project, arriving) if options.update else None
        load = asyncio.run(run(port, asked, options.clients, options.seconds))
        print(report(load, options.seconds, before, Memory.of(server.pid)))
        if adding is not None:
            print(f"the update ended with {adding.wait()}")
        server.terminate()
        print(f"the server ended with {server.wait()}")


def _port(server: subprocess.Popen[str]) -> int:
    line = server.stderr.readline() if server.stderr else ""
    return int(line.rstrip("/\n").rpartition(":")[2])


def _add(project: Path, file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen((*_COMMAND, "-C", str(project), "add", str(file)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.bench.load", description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--update", type=int, default=0, metavar="N", help="articles to add")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
