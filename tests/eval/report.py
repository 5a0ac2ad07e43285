"""The tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.eval.figures import Figure
from tests.eval.floors import Floors
from tests.eval.systems import Run


def figures(measured: Sequence[Figure], floors: Floors) -> str:
    """Each figure beside its floor."""
    lines = [f"{'':30}{'figure':>8}{'floor':>8}{'of':>8}"]
    for each in measured:
        floor = floors.get(each.data, {}).get(each.name)
        shown = "new" if floor is None else f"{floor:.3f}"
        name = f"{each.data}.{each.name}"
        lines.append(f"{name:30}{each.value:8.3f}{shown:>8}{each.of:8}  {each.note}".rstrip())
    return "\n".join(lines)


def comparison(systems: Mapping[str, Sequence[Figure]]) -> str:
    """A line for each figure, a column for each system; a dash where it gives none."""
    values = {
        name: {(each.data, each.name): each.value for each in measured}
        for name, measured in systems.items()
    }
    lines = [f"{'':30}" + "".join(f"{name:>15}" for name in systems)]
    for data, name in dict.fromkeys(key for known in values.values() for key in known):
        row = (known.get((data, name)) for known in values.values())
        cells = ("–" if value is None else f"{value:.3f}" for value in row)
        lines.append(f"{data + '.' + name:30}" + "".join(f"{cell:>15}" for cell in cells))
    return "\n".join(lines) + "\n"


def cost(name: str, runs: Sequence[Run]) -> str:
    """How fast and how large a system is; one without pages is not known to be either."""
    seconds = sum(run.seconds for run in runs)
    if not seconds:
        return f"{name}: no pages"
    slowest, peak = max(run.seconds for run in runs), max(run.peak for run in runs)
    return (
        f"{name}: {len(runs) / seconds:.1f} pages/s on one core, slowest {slowest:.2f} s, "
        f"peak memory of a process {peak:.0f} MiB"
    )
