"""The lock of a project: one process writes at a time, and records its identity."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from corpus.errors import DatelineError


class LockedError(DatelineError):
    """Another process is writing to the project."""

    def __init__(self, holder: str) -> None:
        super().__init__(
            f"the project is being written to by {holder};"
            " try again, or with a longer --lock-timeout"
        )


@contextmanager
def hold_lock(folder: Path, command: str, *, since: datetime, timeout: float) -> Iterator[None]:
    """Hold a project's lock. Raises LockedError after waiting for `timeout` seconds.

    The operating system releases it when its process ends, for whatever reason.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    holder = folder / "lock.holder"
    lock = FileLock(folder / "lock", timeout=timeout)
    try:
        lock.acquire()
    except Timeout as err:
        raise LockedError(_describe_holder(holder)) from err
    try:
        about = {"pid": os.getpid(), "command": command, "since": since.isoformat()}
        holder.write_text(json.dumps(about), "utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _describe_holder(holder: Path) -> str:
    try:
        about = json.loads(holder.read_text("utf-8"))
        return f"dateline {about['command']}, process {about['pid']}, since {about['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
