"""Bulk requests: actions are retried until they are done; each rejected document is reported."""

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
# Errors of a document; all others are errors of the cluster.
_REFUSED = (400, _TOO_LARGE)
# Errors that pass after the loss of a node: busy, no connection, or no response.
_PASSING = (429, 502, 503, 504, "N/A", "TIMEOUT")

Response = TypeVar("Response")


@dataclass(frozen=True, slots=True)
class Action:
    """The lines of an action in a bulk request: the operation, and the document if it is put."""

    article_id: str
    head: str
    body: str = ""

    @property
    def text(self) -> str:
        return f"{self.head}\n{self.body}\n" if self.body else f"{self.head}\n"


def patiently(ask: Callable[[], Response]) -> Response:
    """Retry a request while the cluster recovers from a lost node. Raises the client's errors."""
    for pause in _PAUSES:
        try:
            return ask()
        except TransportError as err:
            if err.status_code not in _PASSING:
                raise
            time.sleep(pause)
    return ask()


class Bulk:
    """A sender of actions, which threads may share. `refused` are the rejected documents."""

    def __init__(self, client: OpenSearch) -> None:
        self._client = client
        self.refused: list[Refusal] = []

    def send(self, actions: list[Action]) -> None:
        """Send actions, with retries, until all are done. Raises IndexUnreachableError."""
        for pause in (*_PAUSES, None):
            actions, trouble = self._attempt(actions)
            if not actions:
                return
            if pause is None:
                raise IndexUnreachableError(f"the cluster takes no more: {trouble}")
            time.sleep(pause)

    def _attempt(self, actions: list[Action]) -> tuple[list[Action], str]:
        """Send actions once. Returns those to retry, and the last reason."""
        if not actions:
            return [], ""
        try:
            response = self._client.bulk(body="".join(action.text for action in actions))
        except TransportError as err:
            if err.status_code == _TOO_LARGE:
                return self._halves(actions)
            if err.status_code in _PASSING:
                return actions, str(err)
            raise
        failed: list[Action] = []
        trouble = ""
        if not response["errors"]:
            return failed, trouble
        for action, item in zip(actions, response["items"], strict=True):
            ((operation, outcome),) = item.items()
            reason = self._reason(operation, outcome)
            if reason and outcome["status"] in _REFUSED:
                self.refused.append(Refusal(action.article_id, reason))
            elif reason:
                failed.append(action)
                trouble = reason
        return failed, trouble

    def _halves(self, actions: list[Action]) -> tuple[list[Action], str]:
        """Send actions in two halves."""
        if len(actions) == 1:
            self.refused.append(Refusal(actions[0].article_id, "it is too large for the cluster"))
            return [], ""
        middle = len(actions) // 2
        self.send(actions[:middle])
        return self._attempt(actions[middle:])

    @staticmethod
    def _reason(operation: str, told: Mapping[str, Any]) -> str:
        """Return why an action failed; "" if it succeeded or is not needed."""
        if told["status"] < 300 or (operation == "delete" and told["status"] == 404):
            return ""
        if told["status"] == 409:  # another store has put a later version
            return ""
        error = told.get("error") or {}
        cause = error.get("caused_by") or {}
        return str(cause.get("reason") or error.get("reason") or told["status"])
