"""The sums of a Whoosh index, whose files have none: a file of them for each commit.

It is written before the commit's list of segments gets its name, so that no commit is without.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from indexer.engines import IndexDamagedError
from indexer.index_files import (
    FileSums,
    find_wrong_files,
    has_sizes,
    read_sums,
    sum_files,
    write_sums,
)

_COMMIT = re.compile(r"_MAIN_([0-9]+)\.toc")
_SUFFIX = ".sums"


def sum_commit(folder: Path, draft: str, commit: str, segments: Collection[str]) -> None:
    """Write the sums of a commit of some segments, whose list is still a draft.

    Segments never change: those of the last commit are not read again.
    """
    earlier = _find_commit(folder)
    known = (read_sums(folder, earlier + _SUFFIX) if earlier else None) or {}
    names = [file.name for file in folder.iterdir() if file.name.partition(".")[0] in segments]
    sums = dict(sum_files(folder, names, known))
    sums[commit] = sum_files(folder, [draft])[draft]
    write_sums(folder, sums, commit + _SUFFIX)


def remove_old_sums(folder: Path, commit: str) -> None:
    for file in folder.glob(f"*{_SUFFIX}"):
        if file.name != commit + _SUFFIX:
            file.unlink(missing_ok=True)


def read_commit_sums(folder: Path) -> FileSums:
    """Return the sums of the last commit. Raises IndexDamagedError if they are not there."""
    commit = _find_commit(folder)
    sums = read_sums(folder, commit + _SUFFIX) if commit else None
    if not sums or commit not in sums:
        raise IndexDamagedError(folder)
    return sums


def check_commit(folder: Path) -> None:
    """Check what costs little: the list of segments, and the sizes of files.

    Raises IndexDamagedError.
    """
    commit = _find_commit(folder)
    sums = read_commit_sums(folder)
    if find_wrong_files(folder, {commit: sums[commit]}) or not has_sizes(folder, sums):
        raise IndexDamagedError(folder)


def _find_commit(folder: Path) -> str:
    """Return the name of the newest list of segments, or "". Raises IndexDamagedError."""
    try:
        names = [file.name for file in folder.iterdir() if _COMMIT.fullmatch(file.name)]
    except OSError as err:
        raise IndexDamagedError(folder) from err
    return max(names, key=lambda name: int(name[6:-4]), default="")
