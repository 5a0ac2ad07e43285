"""Sections of a YAML file that keep the line of each setting, for error messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from corpus.errors import DatelineError

Value = TypeVar("Value")


_NULL = "tag:yaml.org,2002:null"


class ConfigError(DatelineError):
    """A setting that is not allowed; the message says where it is and what is allowed."""


def read(file: Path, allowed: Sequence[str]) -> Section | None:
    """Read the top section of a YAML file; None if the file is missing. Raises ConfigError."""
    try:
        with file.open(encoding="utf-8") as stream:
            node = yaml.compose(stream, Loader=yaml.SafeLoader)
    except FileNotFoundError:
        return None
    except yaml.MarkedYAMLError as err:
        line = err.problem_mark.line + 1 if err.problem_mark else 1
        raise ConfigError(f"{file}, line {line}: not YAML: {err.problem}") from err
    except (yaml.YAMLError, OSError, ValueError) as err:
        raise ConfigError(f"{file} cannot be read: {err}") from err
    return Section(file, node, allowed)


def checked(where: str, text: str, parse: Callable[[str], Value]) -> Value:
    """Parse a setting's text. Raises ConfigError with what `parse` says is allowed."""
    try:
        return parse(text)
    except ValueError as err:
        raise ConfigError(f"{where}: {text!r} is not allowed; use {err}") from err


class Section:
    """A mapping in a YAML file, whose keys are checked when it is created.

    A key without a value counts as not set: it remains when the lines under it are commented out.
    """

    def __init__(self, file: Path, node: Node | None, allowed: Sequence[str]) -> None:
        self._file = file
        self._node = node
        self._values: dict[str, Node] = {}
        if node is None:
            return
        if not isinstance(node, MappingNode):
            raise self.error(f"expected settings: {', '.join(allowed)}")
        for key, value in node.value:
            name = self._scalar(key)
            if name not in allowed:
                near = get_close_matches(name, allowed, 1)
                hint = f"did you mean {near[0]}? " if near else ""
                message = f"there is no setting {name!r}; {hint}allowed: {', '.join(allowed)}"
                raise self.error(message, key)
            if name in self._values:
                raise self.error(f"{name} is set twice", key)
            if value.tag != _NULL:
                self._values[name] = value

    def error(self, message: str, node: Node | None = None) -> ConfigError:
        return ConfigError(f"{self._place(node or self._node)}: {message}")

    def _place(self, node: Node | None) -> str:
        return f"{self._file}, line {node.start_mark.line + 1 if node else 1}"

    def _scalar(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            raise self.error("expected a single value", node)
        return str(node.value)

    def value(self, name: str, parse: Callable[[str], Value], default: Value) -> Value:
        node = self._values.get(name)
        if node is None:
            return default
        return checked(f"{self._place(node)}: {name}", self._scalar(node), parse)

    def section(self, name: str, allowed: Sequence[str]) -> Section:
        return Section(self._file, self._values.get(name), allowed)

    def sections(self, name: str, allowed: Sequence[str]) -> list[Section]:
        return [Section(self._file, node, allowed) for node in self._items(name)]

    def groups(
        self, name: str, parse: Callable[[str], Value], example: str
    ) -> tuple[tuple[Value, ...], ...]:
        """Read a list of lists of values, each of two or more."""
        groups = []
        for node in self._items(name):
            if not isinstance(node, SequenceNode) or len(node.value) < 2:
                raise self.error(f"{name}: expected lists such as {example}", node)
            place = f"{self._place(node)}: {name}"
            groups.append(tuple(checked(place, self._scalar(item), parse) for item in node.value))
        return tuple(groups)

    def pairs(self, name: str, allowed: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Read a mapping of allowed names to text."""
        inner = self.section(name, allowed)
        return tuple((key, inner._scalar(node)) for key, node in inner._values.items())

    def lists(
        self, name: str, allowed: Sequence[str], parse: Callable[[str], Value]
    ) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """Read a mapping of allowed names to a value or a list of values each."""
        inner = self.section(name, allowed)
        return tuple((key, inner.values(key, parse)) for key in inner._values)

    def values(self, name: str, parse: Callable[[str], Value]) -> tuple[Value, ...]:
        """Read a value or a list of values; empty if it is not set."""
        node = self._values.get(name)
        if node is None:
            return ()
        items = node.value if isinstance(node, SequenceNode) else [node]
        place = f"{self._place(node)}: {name}"
        return tuple(checked(place, self._scalar(item), parse) for item in items)

    def _items(self, name: str) -> list[Node]:
        node = self._values.get(name)
        if node is None:
            return []
        if not isinstance(node, SequenceNode):
            raise self.error(f"{name}: expected a list", node)
        return list(node.value)
