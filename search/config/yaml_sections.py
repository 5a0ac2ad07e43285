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


def read_yaml(file: Path, allowed: Sequence[str]) -> ConfigSection | None:
    """Read the top section of a YAML file; None if the file is missing. Raises ConfigError."""
    try:
        with file.open(encoding="utf-8") as stream:
            node = yaml.compose(stream, Loader=yaml.SafeLoader)
    except FileNotFoundError:
        return None
    except RecursionError as err:
        raise ConfigError(f"{file} cannot be read: it is nested too deeply") from err
    except yaml.MarkedYAMLError as err:
        line = err.problem_mark.line + 1 if err.problem_mark else 1
        raise ConfigError(f"{file}, line {line}: not YAML: {err.problem}") from err
    except (yaml.YAMLError, OSError, ValueError) as err:
        raise ConfigError(f"{file} cannot be read: {err}") from err
    return ConfigSection(file, node, allowed)


def parse_setting(place: str, text: str, parse: Callable[[str], Value]) -> Value:
    """Parse a setting's text. Raises ConfigError with what `parse` says is allowed."""
    try:
        return parse(text)
    except ValueError as err:
        raise ConfigError(f"{place}: {text!r} is not allowed; use {err}") from err


class ConfigSection:
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
            raise self.make_error(f"expected settings: {', '.join(allowed)}")
        for key, value in node.value:
            name = self._read_scalar(key)
            if name not in allowed:
                near = get_close_matches(name, allowed, 1)
                hint = f"did you mean {near[0]}? " if near else ""
                message = f"there is no setting {name!r}; {hint}allowed: {', '.join(allowed)}"
                raise self.make_error(message, key)
            if name in self._values:
                raise self.make_error(f"{name} is set twice", key)
            if value.tag != _NULL:
                self._values[name] = value

    def make_error(self, message: str, node: Node | None = None) -> ConfigError:
        return ConfigError(f"{self._locate_node(node or self._node)}: {message}")

    def _locate_node(self, node: Node | None) -> str:
        return f"{self._file}, line {node.start_mark.line + 1 if node else 1}"

    def _read_scalar(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            raise self.make_error("expected a single value", node)
        return str(node.value)

    def read_value(self, name: str, parse: Callable[[str], Value], default: Value) -> Value:
        node = self._values.get(name)
        if node is None:
            return default
        return parse_setting(f"{self._locate_node(node)}: {name}", self._read_scalar(node), parse)

    def read_section(self, name: str, allowed: Sequence[str]) -> ConfigSection:
        return ConfigSection(self._file, self._values.get(name), allowed)

    def read_sections(self, name: str, allowed: Sequence[str]) -> list[ConfigSection]:
        return [ConfigSection(self._file, node, allowed) for node in self._read_items(name)]

    def read_groups(
        self, name: str, parse: Callable[[str], Value], example: str
    ) -> tuple[tuple[Value, ...], ...]:
        """Read a list of lists of values, each of two or more."""
        groups = []
        for node in self._read_items(name):
            if not isinstance(node, SequenceNode) or len(node.value) < 2:
                raise self.make_error(f"{name}: expected lists such as {example}", node)
            place = f"{self._locate_node(node)}: {name}"
            groups.append(
                tuple(parse_setting(place, self._read_scalar(item), parse) for item in node.value)
            )
        return tuple(groups)

    def read_pairs(self, name: str, allowed: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Read a mapping of allowed names to text."""
        inner = self.read_section(name, allowed)
        return tuple((key, inner._read_scalar(node)) for key, node in inner._values.items())

    def read_lists(
        self, name: str, allowed: Sequence[str], parse: Callable[[str], Value]
    ) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """Read a mapping of allowed names to a value or a list of values each."""
        inner = self.read_section(name, allowed)
        return tuple((key, inner.read_values(key, parse)) for key in inner._values)

    def read_values(self, name: str, parse: Callable[[str], Value]) -> tuple[Value, ...]:
        """Read a value or a list of values; empty if it is not set."""
        node = self._values.get(name)
        if node is None:
            return ()
        items = node.value if isinstance(node, SequenceNode) else [node]
        place = f"{self._locate_node(node)}: {name}"
        return tuple(parse_setting(place, self._read_scalar(item), parse) for item in items)

    def _read_items(self, name: str) -> list[Node]:
        node = self._values.get(name)
        if node is None:
            return []
        if not isinstance(node, SequenceNode):
            raise self.make_error(f"{name}: expected a list", node)
        return list(node.value)
