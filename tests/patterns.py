"""Worst cases of regular expressions, made from the expressions themselves.

A pattern that takes time quadratic in its input lets whoever writes the input stop us. The inputs
that show it are a prefix of what the pattern matches, many of what one of its repeats matches, and
an end that makes it fail; `make_worst_cases` makes them from the pattern's parsed form.
"""

from __future__ import annotations

import ast
import importlib
import re
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from re import _constants as sre
from re import _parser
from time import process_time
from typing import Any

from search.query.parser import MAX_QUERY_CHARS
from tests.house import Module, list_modules

# How a pattern is tried at each place of a text, or only at its start.
_ANCHORED_METHODS = frozenset({"match", "fullmatch"})
_METHODS = _ANCHORED_METHODS | {"search", "sub", "subn", "split", "findall", "finditer"}
# Texts are made of these where a pattern accepts them, and of its own letters.
_LETTERS = " \n\ta1A.-*'\"<\u00e9\u6771\u00a0"
_ENDS = ("", "\0", "\n\0\n")
# Texts of queries are no longer than a query, other texts may be of any length.
_MAX_CHARS = {"search.query": MAX_QUERY_CHARS}
_TRIAL_CHARS, _FULL_CHARS = 1_000, 64_000
# The slowest linear pattern takes half a second for the full text, a quadratic one many.
_MAX_CPU_SECONDS = 1.5
# The cases that take longest in a trial are tried in full.
_MAX_FULL_CASES = 6
# A repeat of fewer is no danger.
_MIN_REPEATS = 20
_MAX_PREFIXES = 6
_MAX_UNITS = 24


@dataclass(frozen=True)
class Usage:
    """A pattern of the code, by the module and the name or line where it is, and its use."""

    place: str
    pattern: re.Pattern[Any]
    is_anchored: bool

    @property
    def max_chars(self) -> int:
        """The length of the longest text that the pattern is used on, if that is limited."""
        limits = (size for room, size in _MAX_CHARS.items() if self.place.startswith(room))
        return next(limits, _FULL_CHARS)

    def run(self, text: str) -> None:
        """Do with a text what takes longest of what the code does with it."""
        subject = text if isinstance(self.pattern.pattern, str) else text.encode("utf-8", "replace")
        if self.is_anchored:
            self.pattern.match(subject)
            self.pattern.fullmatch(subject)
        else:
            deque(self.pattern.finditer(subject), maxlen=0)


# -- the patterns of the code


def collect_patterns() -> list[Usage]:
    """Collect the patterns of all modules: their global values, and literals in their calls."""
    usages: dict[tuple[str, int, bool], Usage] = {}
    modules = list_modules()
    public = _collect_methods(modules)
    for module in modules:
        for usage in (*_collect_globals(module, public), *_collect_calls(module)):
            key = (str(usage.pattern.pattern), usage.pattern.flags, usage.is_anchored)
            usages.setdefault(key, usage)
    return list(usages.values())


def _collect_methods(modules: Iterable[Module]) -> dict[str, set[str]]:
    """Return the methods that code calls on each name, such as `_DATE.search(...)`."""
    methods: dict[str, set[str]] = {}
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in _METHODS:
                name = getattr(node.value, "id", "") or getattr(node.value, "attr", "")
                methods.setdefault(name, set()).add(node.attr)
    return methods


def _collect_globals(module: Module, public: dict[str, set[str]]) -> Iterator[Usage]:
    """Yield the patterns of a module's values; one that nothing calls is in a loop over several."""
    private = _collect_methods([module])
    loops = set[str]().union(*(private.get(name, set()) for name in _list_loop_names(module)))
    for name, value in vars(importlib.import_module(module.name)).items():
        for pattern in _find_patterns(value):
            used = (private if name.startswith("_") else public).get(name) or loops
            anchored = bool(used) and used <= _ANCHORED_METHODS
            yield Usage(f"{module.name}.{name}", pattern, anchored)


def _list_loop_names(module: Module) -> set[str]:
    loops = (ast.For, ast.comprehension)
    targets = [node.target for node in ast.walk(module.tree) if isinstance(node, loops)]
    nodes = (node for target in targets for node in ast.walk(target))
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _find_patterns(value: object, depth: int = 3) -> Iterator[re.Pattern[Any]]:
    """Yield the patterns in a value, also those in containers and in the fields of objects."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        yield from (p for pair in value.items() for v in pair for p in _find_patterns(v, depth - 1))
    elif depth and isinstance(value, (list, tuple, set, frozenset)):
        yield from (p for v in value for p in _find_patterns(v, depth - 1))
    elif depth and not isinstance(value, type) and hasattr(value, "__dataclass_fields__"):
        fields = value.__dataclass_fields__
        yield from (p for f in fields for p in _find_patterns(getattr(value, f, None), depth - 1))


def _collect_calls(module: Module) -> Iterator[Usage]:
    """Yield the patterns that stand as literals in calls: `re.sub(r"...", ...)`."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(
                ast.Attribute(ast.Name("re"), method), [ast.Constant(str(text)), *values], keywords
            ) if method in _METHODS:
                given = (*values, *(keyword.value for keyword in keywords))
                compiled = re.compile(text, sum(map(_read_flags, given)))
                yield Usage(f"{module.name}:{node.lineno}", compiled, method in _ANCHORED_METHODS)


def _read_flags(value: ast.expr) -> int:
    """Return the flags that an argument of a call states: `re.ASCII | re.I`."""
    names = (node.attr for node in ast.walk(value) if isinstance(node, ast.Attribute))
    return sum(int(re.RegexFlag[name]) for name in names if name in re.RegexFlag.__members__)


# -- the worst cases of one


@dataclass(frozen=True)
class WorstCase:
    """A text that a pattern may take long over: a start, one text many times, and an end."""

    start: str
    unit: str
    end: str

    def make(self, size: int) -> str:
        """Make the text with about so many characters."""
        return self.start + self.unit * (size // len(self.unit)) + self.end


def find_slow_case(usage: Usage) -> WorstCase | None:
    """Return a case for which a pattern takes more than linear time, if there is one.

    Time is the processor's. It ends a run in full, and orders the trials, no more.
    """
    costs: dict[WorstCase, float] = {}
    for case in make_worst_cases(usage.pattern):
        start = process_time()
        if not _is_quick(usage, case, min(_TRIAL_CHARS, usage.max_chars)):
            return case
        costs[case] = process_time() - start
    worst = sorted(costs, key=costs.__getitem__, reverse=True)[:_MAX_FULL_CASES]
    return next((case for case in worst if not _is_quick(usage, case, usage.max_chars)), None)


class _TooSlowError(BaseException):
    """The processor's time for a run is over."""


def _is_quick(usage: Usage, case: WorstCase, size: int) -> bool:
    """Run a pattern on a case; return whether it ended within the time of the processor."""
    before = signal.signal(signal.SIGPROF, _stop_run)
    signal.setitimer(signal.ITIMER_PROF, _MAX_CPU_SECONDS)
    try:
        usage.run(case.make(size))
    except _TooSlowError:
        return False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return True


def _stop_run(number: int, frame: object) -> None:
    """Interrupt a match: `re` calls handlers of signals while it works."""
    raise _TooSlowError


def make_worst_cases(pattern: re.Pattern[Any]) -> Iterator[WorstCase]:
    """Yield the cases of a pattern, made of what its parts match."""
    source = pattern.pattern
    text = source if isinstance(source, str) else source.decode("latin-1")
    # The bytes of a pattern are Latin letters to the parser; only what it accepts matters.
    tree = _parser.parse(
        text, pattern.flags & ~re.U if isinstance(source, bytes) else pattern.flags
    )
    prefixes, units = _Sampler(tree).collect()
    for prefix in prefixes:
        for unit in units:
            for end in _ENDS:
                yield WorstCase(prefix, unit, end)


class _Sampler:
    """Texts that the parts of a pattern match: what comes before each repeat, and its bodies."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree
        self._prefixes: dict[str, None] = {"": None}
        self._units: dict[str, None] = {}

    def collect(self) -> tuple[list[str], list[str]]:
        self._walk(self._tree, "")
        units = sorted(self._units, key=len)
        prefixes = sorted(self._prefixes, key=len)
        return prefixes[:_MAX_PREFIXES], units[:_MAX_UNITS]

    def _walk(self, tree: Any, before: str) -> str:
        """Note the repeats of a sequence. Returns `before` with a text that it matches."""
        for op, value in tree:
            if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
                before = self._walk_repeat(value, before)
            elif op is sre.SUBPATTERN:
                before = self._walk(value[3], before)
            elif op is sre.ATOMIC_GROUP:
                before = self._walk(value, before)
            elif op is sre.BRANCH:
                before = self._walk_branches(value[1], before)
            elif op in (sre.ASSERT, sre.ASSERT_NOT):
                self._walk(value[1], before)
            elif letters := _list_letters(op, value):
                before += letters[0]
            if before.strip():
                self._units.setdefault(before)
        return before

    def _walk_branches(self, branches: Any, before: str) -> str:
        """Note the repeats of all branches. Returns `before` with a text of the first."""
        samples = [self._walk(branch, before) for branch in branches]
        return samples[0]

    def _walk_repeat(self, value: Any, before: str) -> str:
        low, high, body = value
        sample = self._walk(body, "")
        if high >= _MIN_REPEATS:
            self._prefixes.setdefault(before)
            if sample:
                self._units.setdefault(sample)
            if len(body) == 1:
                for letter in _list_letters(*body[0]):
                    self._units.setdefault(letter)
        return before + sample * int(low)


def _list_letters(op: Any, value: Any) -> list[str]:
    """List letters that a part of a pattern matches, if it matches one letter."""
    if op is sre.LITERAL:
        return [chr(value)]
    if op is sre.ANY:
        return [letter for letter in _LETTERS if letter != "\n"]
    if op is sre.NOT_LITERAL:
        return [letter for letter in _LETTERS if letter != chr(value)]
    if op is sre.IN:
        negated = value[0][0] is sre.NEGATE
        literals = [chr(v) for o, v in value if o is sre.LITERAL]
        literals += [chr(v[0]) for o, v in value if o is sre.RANGE]
        letters = dict.fromkeys((*([] if negated else literals), *_LETTERS))
        return [letter for letter in letters if _is_in(letter, value) is not negated]
    return []


def _is_in(letter: str, items: Any) -> bool:
    return any(_accepts(letter, op, value) for op, value in items if op is not sre.NEGATE)


def _accepts(letter: str, op: Any, value: Any) -> bool:
    if op is sre.LITERAL:
        return bool(ord(letter) == value)
    if op is sre.RANGE:
        return bool(value[0] <= ord(letter) <= value[1])
    return op is sre.CATEGORY and _CATEGORIES[value].match(letter) is not None


_CATEGORIES = {
    sre.CATEGORY_DIGIT: re.compile(r"\d"),
    sre.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    sre.CATEGORY_SPACE: re.compile(r"\s"),
    sre.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    sre.CATEGORY_WORD: re.compile(r"\w"),
    sre.CATEGORY_NOT_WORD: re.compile(r"\W"),
}
