"""`python -m tests.bench.hostile`: what becomes of hostile files, and what each takes.

A line a file, beside which a sound article is added: its size, the seconds of the whole add,
the peak memory of the command and of its cleaning process, and the outcome.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search.project.project import Project
from tests.bench.measure import alone, peak_mb
from tests.hostile import SOUND, TRAPS

# What is promised of any input.
_MOST_SECONDS = 10
_MOST_MB = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an add took, in seconds and peak megabytes, and what came of it."""

    seconds: float
    command_mb: float
    cleaning_mb: float
    sound: bool
    words: str

    @property
    def within(self) -> bool:
        most = max(self.command_mb, self.cleaning_mb)
        return self.sound and self.seconds <= _MOST_SECONDS and most <= _MOST_MB


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.hostile", description=__doc__)
    parser.add_argument("--only", default=".", metavar="REGEX", help="names of files")
    parser.add_argument("--size", type=int, metavar="BYTES", help="instead of the worst size")
    options = parser.parse_args(argv)
    named = [n for n, trap in enumerate(TRAPS) if re.search(options.only, trap.name)]
    over = [TRAPS[number].name for number in named if not _shown(number, options.size)]
    sys.exit(f"over {_MOST_SECONDS} s or {_MOST_MB} MB: {' '.join(over)}" if over else 0)


def _shown(number: int, size: int | None) -> bool:
    """Measure a trap and print its line; whether it keeps within the limits."""
    with tempfile.TemporaryDirectory() as folder:
        length = alone(_write, number, size, Path(folder))
        found = alone(_add, Path(folder))
    print(
        f"{TRAPS[number].name:28} {length / 1e6:6.2f} MB {found.seconds:5.1f} s"
        f" {found.command_mb:4.0f} + {found.cleaning_mb:3.0f} MB  {found.words:.80}",
        flush=True,
    )
    return found.within


def _write(number: int, size: int | None, folder: Path) -> int:
    trap = TRAPS[number]
    (folder / "news").mkdir()
    (folder / "news" / "zz-sound.txt").write_text(SOUND, "utf-8")
    return (folder / "news" / trap.name).write_bytes(trap.make(min(size or trap.size, trap.size)))


def _add(folder: Path) -> Outcome:
    with Project.open(folder, engine="tantivy", workers="1") as project:
        begun = time.perf_counter()
        project.add([str(folder / "news")])
        seconds = time.perf_counter() - begun
        failures = [failure.reason for failure in project.failures()]
        sound = project.search('"harbor of Springfield"').total == 1
        articles = project.store.collect_stats().articles - sound
    return Outcome(
        seconds,
        peak_mb(resource.RUSAGE_SELF),
        peak_mb(resource.RUSAGE_CHILDREN),
        sound,
        "; ".join([f"{articles} articles"] * (articles > 0) + failures),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
