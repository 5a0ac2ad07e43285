"""Bulk requests: actions are sent as often as it takes, and what is refused is told one by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from opensearchpy import OpenSearch
from opensearchpy.exceptions import TransportError

from indexer.engines import IndexUnreachableError, Refusal

# Seconds between two attempts; after the last one the cluster counts as unreachable.
_PAUSES = (0.5, 1, 2, 4, 8, 15, 30, 30)
_TOO_LARGE = 413
# What is wrong with a document; all else is with the cluster.
_REFUSED = (400, _TOO_LARGE)
# What goes by when a node is lost: it is busy, cannot be connected to, or does not answer.
_PASSING = (429, 502, 503, 504, "N/A", "TIMEOUT")

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Action:
    """A line of a bulk request that says what to do, and one with the document if it is put."""

    article_id: str
    head: str
    body: str = ""

    @property
    def text(self) -> str:
        return f"{self.head}\n{self.body}\n" if self.body else f"{self.head}\n"


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Ask a cluster again while it gets over the loss of a node. Raises the client's errors."""
    for pause in _PAUSES:
        try:
            return ask()
        except TransportError as err:
            if err.status_code not in _PASSING:
                raise
            time.sleep(pause)
    return ask()


class Bulk:
    """Sends actions. Threads may share it; `refused` is what the cluster would not take."""

    def __init__(self, client: OpenSearch) -> None:
        self._client = client
        self.refused: list[Refusal] = []

    def send(self, actions: list[Action]) -> None:
        """Have actions done, as often as it takes. Raises IndexUnreachableError."""
        for pause in (*_PAUSES, None):
            actions, trouble = self._attempt(actions)
            if not actions:
                return
            if pause is None:
                raise IndexUnreachableError(f"the cluster takes no more: {trouble}")
            time.sleep(pause)

    def _attempt(self, actions: list[Action]) -> tuple[list[Action], str]:
        """Send actions once. Returns those to send again, and why."""
        if not actions:
            return [], ""
        try:
            answer = self._client.bulk(body="".join(action.text for action in actions))
        except TransportError as err:
            if err.status_code == _TOO_LARGE:
                return self._halves(actions)
            if err.status_code in _PASSING:
                return actions, str(err)
            raise
        again: list[Action] = []
        trouble = ""
        if not answer["errors"]:
            return again, trouble
        for action, item in zip(actions, answer["items"], strict=True):
            ((operation, told),) = item.items()
            reason = self._reason(operation, told)
            if reason and told["status"] in _REFUSED:
                self.refused.append(Refusal(action.article_id, reason))
            elif reason:
                again.append(action)
                trouble = reason
        return again, trouble

    def _halves(self, actions: list[Action]) -> tuple[list[Action], str]:
        """Send half as much at a time."""
        if len(actions) == 1:
            self.refused.append(Refusal(actions[0].article_id, "it is too large for the cluster"))
            return [], ""
        middle = len(actions) // 2
        self.send(actions[:middle])
        return self._attempt(actions[middle:])

    @staticmethod
    def _reason(operation: str, told: Mapping[str, Any]) -> str:
        """Why an action was not done; nothing if it need not be."""
        if told["status"] < 300 or (operation == "delete" and told["status"] == 404):
            return ""
        if told["status"] == 409:  # another store's later version has come meanwhile
            return ""
        error = told.get("error") or {}
        cause = error.get("caused_by") or {}
        return str(cause.get("reason") or error.get("reason") or told["status"])
