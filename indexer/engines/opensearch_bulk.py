"""Bulk requests: actions are retried until they are done; each rejected document is reported."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from opensearchpy import OpenSearch
from opensearchpy.exceptions import TransportError

from indexer.engines import IndexUnreachableError, Rejection

# Seconds between two attempts; after the last one the cluster counts as unreachable.
_RETRY_PAUSES_SECONDS = (0.5, 1, 2, 4, 8, 15, 30, 30)
_TOO_LARGE_STATUS = 413
# Errors of a document; all others are errors of the cluster.
_REJECTED_STATUSES = (400, _TOO_LARGE_STATUS)
# Errors that pass after the loss of a node: busy, no connection, or no response.
_TRANSIENT_STATUSES = (429, 502, 503, 504, "N/A", "TIMEOUT")

Response = TypeVar("Response")


@dataclass(frozen=True, slots=True)
class BulkAction:
    """The lines of an action in a bulk request: the operation, and the document if it is put."""

    article_id: str
    head: str
    body: str = ""

    @property
    def text(self) -> str:
        return f"{self.head}\n{self.body}\n" if self.body else f"{self.head}\n"


def retry_transient_errors(send_request: Callable[[], Response]) -> Response:
    """Retry a request while the cluster recovers from a lost node. Raises the client's errors."""
    for pause in _RETRY_PAUSES_SECONDS:
        try:
            return send_request()
        except TransportError as err:
            if err.status_code not in _TRANSIENT_STATUSES:
                raise
            time.sleep(pause)
    return send_request()


class BulkSender:
    """A sender of actions, which threads may share. `refused` are the rejected documents."""

    def __init__(self, client: OpenSearch) -> None:
        self._client = client
        self.rejections: list[Rejection] = []

    def send_actions(self, actions: list[BulkAction]) -> None:
        """Send actions, with retries, until all are done. Raises IndexUnreachableError."""
        for pause in (*_RETRY_PAUSES_SECONDS, None):
            actions, trouble = self._send_once(actions)
            if not actions:
                return
            if pause is None:
                raise IndexUnreachableError(f"the cluster takes no more: {trouble}")
            time.sleep(pause)

    def _send_once(self, actions: list[BulkAction]) -> tuple[list[BulkAction], str]:
        """Send actions once. Returns those to retry, and the last reason."""
        if not actions:
            return [], ""
        try:
            response = self._client.bulk(body="".join(action.text for action in actions))
        except TransportError as err:
            if err.status_code == _TOO_LARGE_STATUS:
                return self._send_halves(actions)
            if err.status_code in _TRANSIENT_STATUSES:
                return actions, str(err)
            raise
        failed: list[BulkAction] = []
        trouble = ""
        if not response["errors"]:
            return failed, trouble
        for action, item in zip(actions, response["items"], strict=True):
            ((operation, outcome),) = item.items()
            reason = self._find_failure_reason(operation, outcome)
            if reason and outcome["status"] in _REJECTED_STATUSES:
                self.rejections.append(Rejection(action.article_id, reason))
            elif reason:
                failed.append(action)
                trouble = reason
        return failed, trouble

    def _send_halves(self, actions: list[BulkAction]) -> tuple[list[BulkAction], str]:
        """Send actions in two halves."""
        if len(actions) == 1:
            self.rejections.append(
                Rejection(actions[0].article_id, "it is too large for the cluster")
            )
            return [], ""
        middle = len(actions) // 2
        self.send_actions(actions[:middle])
        return self._send_once(actions[middle:])

    @staticmethod
    def _find_failure_reason(operation: str, outcome: Mapping[str, Any]) -> str:
        """Return why an action failed; "" if it succeeded or is not needed."""
        if outcome["status"] < 300 or (operation == "delete" and outcome["status"] == 404):
            return ""
        if outcome["status"] == 409:  # another store has put a later version
            return ""
        error = outcome.get("error") or {}
        cause = error.get("caused_by") or {}
        return str(cause.get("reason") or error.get("reason") or outcome["status"])
