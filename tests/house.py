"""The house: how the code is laid out and named, in figures, against limits that only shrink.

python -m tests.house             the figures, and what is beyond a limit
python -m tests.house functions   the functions that are named by a participle
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("corpus", "indexer", "search")
MAX_MODULES_A_FOLDER = 15
MAX_README_WORDS = 900
MAX_IMPERATIVE_FINDINGS = 50
MAX_PARTICIPLE_SHARE = 0.05


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Verbs in their base form that end as participles do, and participles that do not.
_BASE_FORMS = _words(
    "bring embed exceed feed need ping proceed read seed shed speed spring string wed"
)
_IRREGULAR = _words(
    "begun bound broken brought built chosen cut done drawn found given gone grown heard held "
    "hidden kept known laid led left lost made meant met paid put said seen sent set shown "
    "sought spoken spent stood taken thought told torn understood worn written"
)
# These are base forms, too: what they name decides.
_AMBIGUOUS = frozenset({"cut", "found", "put", "read", "set"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of the code, by its dotted name."""

    name: str
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text("utf-8"))

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"


def list_modules() -> list[Module]:
    """Return every module of the three packages."""
    return [
        Module(_dotted_name(path), path)
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    ]


def _dotted_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def count_folders(modules: list[Module]) -> Counter[str]:
    """Count the modules in each folder, without its `__init__`."""
    return Counter(
        str(module.path.parent.relative_to(ROOT)) for module in modules if not module.is_package
    )


def find_repeated_modules(modules: list[Module]) -> list[str]:
    """Return the names that two modules share."""
    return _repeated(module.name.rpartition(".")[2] for module in modules if not module.is_package)


def find_repeated_classes(modules: list[Module]) -> list[str]:
    """Return the names that two public classes share."""
    return _repeated(
        node.name
        for module in modules
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )


def _repeated(names: Iterator[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


# -- imports


def map_imports(modules: list[Module]) -> dict[str, set[str]]:
    """Return what each module imports of the others, wherever in it, but not for types alone."""
    names = {module.name for module in modules}
    return {module.name: set(_imported(module, names)) - {module.name} for module in modules}


def _imported(module: Module, names: set[str]) -> Iterator[str]:
    for node in _walk_at_run_time(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield from {full, node.module} & names if full in names else {node.module} & names
        elif isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & names


def _walk_at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _walk_at_run_time(child)


def find_circles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import one another (strongly connected, Tarjan 1972)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    circles: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for other in sorted(imports.get(name, ())):
            if other not in order:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], order[other])
        if low[name] == order[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                circles.append(sorted(group))

    for name in sorted(imports):
        if name not in order:
            visit(name)
    return circles


# -- names and docstrings


def list_functions(modules: list[Module]) -> list[tuple[str, str]]:
    """Return the functions and methods, each with its module; properties are values."""
    return [
        (module.name, node.name)
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, Function) and not _is_value(node) and not node.name.startswith("__")
    ]


def _is_value(function: Function) -> bool:
    decorators = (ast.unparse(decorator) for decorator in function.decorator_list)
    return any(re.search(r"\b(cached_)?property$|\.setter$", name) for name in decorators)


def is_named_by_participle(name: str) -> bool:
    """Whether a function's name begins with a participle: `corrected`, `written_by`, `keeping`."""
    first = name.strip("_").partition("_")[0]
    if first in _BASE_FORMS or first in _AMBIGUOUS:
        return False
    return first in _IRREGULAR or (len(first) > 4 and first.endswith(("ed", "ing")))


def find_docstrings_that_begin_with_what(modules: list[Module]) -> list[str]:
    """Return the modules, classes and functions whose docstring begins with "What"."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        f"{module.name}:{getattr(node, 'name', '')}"
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, kinds) and (ast.get_docstring(node) or "").startswith("What")
    ]


def count_imperative_findings() -> int:
    """Count the docstrings of functions that are not in the imperative (pydocstyle D401)."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "D401"]
    command += ["--output-format", "json", "--exit-zero", *PACKAGES]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return len(json.loads(result.stdout))


def count_words(path: Path) -> int:
    return len(path.read_text("utf-8").split())


# -- the figures


@dataclass(frozen=True)
class Figure:
    """One figure of the house, its limit, and what is beyond it."""

    name: str
    value: float
    limit: float
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        mark = "ok  " if self.value <= self.limit else "OVER"
        value = f"{self.value:.1%}" if 0 < self.limit < 1 else f"{self.value:,}"
        limit = f"{self.limit:.0%}" if 0 < self.limit < 1 else f"{self.limit:,}"
        shown = f": {', '.join(self.examples[:8])}" if self.examples and mark == "OVER" else ""
        return f"{mark} {self.name}: {value} (at most {limit}){shown}"


def measure() -> list[Figure]:
    """Measure the house."""
    modules = list_modules()
    folders = count_folders(modules).most_common()
    circles = [" <-> ".join(circle) for circle in find_circles(map_imports(modules))]
    repeated = find_repeated_modules(modules)
    classes = find_repeated_classes(modules)
    functions = list_functions(modules)
    participles = [f"{module}.{name}" for module, name in functions if is_named_by_participle(name)]
    begun = find_docstrings_that_begin_with_what(modules)
    return [
        Figure("modules in the largest folder", folders[0][1], MAX_MODULES_A_FOLDER,
               tuple(f"{folder} {count}" for folder, count in folders[:3])),
        Figure("import circles", len(circles), 0, tuple(circles)),
        Figure("module names used twice", len(repeated), 0, tuple(repeated)),
        Figure("public class names used twice", len(classes), 0, tuple(classes)),
        Figure("functions named by a participle", len(participles) / len(functions),
               MAX_PARTICIPLE_SHARE, tuple(participles)),
        Figure("docstrings not in the imperative", count_imperative_findings(),
               MAX_IMPERATIVE_FINDINGS),
        Figure("docstrings that begin with What", len(begun), 0, tuple(begun)),
        Figure("words in README.md", count_words(ROOT / "README.md"), MAX_README_WORDS),
    ]  # fmt: skip


def trace_search() -> tuple[int, int]:
    """Run one search; return how many calls of our code it makes, and through how many modules."""
    from tests.demo import dateline, samples

    with tempfile.TemporaryDirectory() as folder:
        project = samples(Path(folder) / "demo")
        calls: Counter[str] = Counter()

        def note(frame: FrameType, event: str, _argument: object) -> None:
            package = str(frame.f_globals.get("__name__", ""))
            if event == "call" and package.partition(".")[0] in PACKAGES:
                calls[package] += 1

        dateline("-C", project, "search", "Iwojima", "alliance")
        sys.setprofile(note)
        try:
            dateline("-C", project, "search", "Iwojima", "alliance")
        finally:
            sys.setprofile(None)
    return calls.total(), len(calls)


def main(arguments: list[str]) -> None:
    if arguments == ["search"]:
        calls, entered = trace_search()
        print(f"{calls:,} calls through {entered} modules")
        return
    if arguments == ["functions"]:
        for module, name in list_functions(list_modules()):
            if is_named_by_participle(name):
                print(f"{module}.{name}")
        return
    figures = measure()
    print(*figures, sep="\n")
    if any(figure.value > figure.limit for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
