"""A full disk: recognized by what it makes fail, and reported in one sentence."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import StoreError

_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})
# Tantivy's errors are texts, with the system's number of the error.
_FULL_TEXTS = tuple(f"(os error {number})" for number in _FULL_ERRNOS)
# Of a thread that failed, tantivy does not say why; files that it left keep the disk full.
_MIN_FREE_BYTES = 1_000_000


class DiskFullError(StoreError):
    """There is no space left to write to; what was stored before is intact."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"the disk of {folder} is full; nothing that was stored is lost: free some space, then"
            " run: dateline update"
        )


@contextmanager
def report_full_disk(folder: Path) -> Iterator[None]:
    """Raise DiskFullError for whatever a full disk makes fail inside, whichever library notices."""
    try:
        yield
    except Exception as err:
        if any(map(_means_full, _list_causes(err))) or _is_full(folder, err):
            raise DiskFullError(folder) from err
        raise


def _list_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, and those that it followed."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _means_full(error: BaseException) -> bool:
    match error:
        case OSError():
            return error.errno in _FULL_ERRNOS
        case sqlite3.Error():
            return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
        case _:
            return any(text in str(error) for text in _FULL_TEXTS)


def _is_full(folder: Path, error: Exception) -> bool:
    """Return whether an error of an index is of a disk without space now."""
    return isinstance(error, ValueError) and shutil.disk_usage(folder).free < _MIN_FREE_BYTES
