"""The floors: what each figure was when it was last raised. They rise and never fall."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import yaml

from tests.eval.figures import Figure

FILE = Path(__file__).with_name("floors.yaml")
Floors = dict[str, dict[str, float]]
_HEAD = """\
# The least that each figure may be. `python -m tests.eval --raise-floors` raises them to what
# is measured, and never lowers one.
"""


def load(file: Path = FILE) -> Floors:
    return yaml.safe_load(file.read_text("utf-8")) or {} if file.exists() else {}


def raised(floors: Floors, figures: Iterable[Figure]) -> Floors:
    """The floors with those raised that a figure stands above."""
    higher = {data: dict(named) for data, named in floors.items()}
    for figure in figures:
        named = higher.setdefault(figure.data, {})
        named[figure.name] = max(named.get(figure.name, 0.0), floor_of(figure.value))
    return higher


def floor_of(value: float) -> float:
    """Three decimals, rounded down, but not for the hair by which sums of floats differ."""
    return math.floor(value * 1000 + 1e-6) / 1000


def below(floors: Floors, figures: Iterable[Figure]) -> list[str]:
    """What is wrong: figures below their floor, and floors whose figure is gone.

    Sets of which no figure is there were skipped, and are not asked.
    """
    measured = {(figure.data, figure.name): figure.value for figure in figures}
    sets = {data for data, _ in measured}
    wrong = []
    for data, named in floors.items():
        for name, floor in named.items() if data in sets else ():
            value = measured.get((data, name))
            if value is None:
                wrong.append(f"{data}.{name}: no figure, floor {floor:.3f}")
            elif floor_of(value) < floor:
                wrong.append(f"{data}.{name}: {value:.4f} is below its floor {floor:.3f}")
    return wrong


def save(floors: Floors, file: Path = FILE) -> None:
    file.write_text(_HEAD + yaml.safe_dump(floors, sort_keys=False), "utf-8")
