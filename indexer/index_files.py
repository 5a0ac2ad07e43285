"""The sums of an index's files, by which damage is noticed that an engine would take for an index.

Small files of ours have their sum in them. `sums` beside an engine's files has size and CRC-32 of
those that have none of their own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

from indexer.engines import IndexDamagedError

SUMS_FILE = "sums"

_CHUNK_BYTES = 1 << 20

# Size in bytes and CRC-32 of files, by their names.
FileSums = Mapping[str, tuple[int, int]]


class UnsummedError(IndexDamagedError):
    """A file has no sum in it, as those of dateline 0.1 had none."""


def write_summed(file: Path, value: Mapping[str, object]) -> None:
    """Replace a file, in one step that survives a crash, by JSON with its own sum."""
    draft = file.with_name(f"{file.name}.new")
    with draft.open("w", encoding="utf-8") as stream:
        stream.write(_encode_summed(value))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
    if os.name == "posix":
        _sync_folder(file.parent)


def read_summed(file: Path) -> dict[str, Any]:
    """Return what was written. Raises FileNotFoundError, IndexDamagedError."""
    try:
        text = file.read_text("utf-8")
        value: dict[str, Any] = json.loads(text)
        if value.pop("crc", None) is None:
            raise UnsummedError(file)
        whole = text == _encode_summed(value)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as err:
        raise IndexDamagedError(file) from err
    if not whole:
        raise IndexDamagedError(file)
    return value


def _encode_summed(value: Mapping[str, object]) -> str:
    crc = crc32(json.dumps(value).encode())
    return json.dumps({**value, "crc": crc})


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sum_files(folder: Path, names: Iterable[str], known: FileSums | None = None) -> FileSums:
    """Return the sums of files; those of `known` with the same size are not read again."""
    sums = {}
    for name in names:
        size = (folder / name).stat().st_size
        earlier = known.get(name) if known else None
        same = earlier is not None and earlier[0] == size
        sums[name] = earlier if earlier and same else (size, _sum_file(folder / name))
    return sums


def write_sums(folder: Path, sums: FileSums, name: str = SUMS_FILE) -> None:
    write_summed(folder / name, {"files": dict(sums)})


def read_sums(folder: Path, name: str = SUMS_FILE) -> FileSums | None:
    """Return the sums that were written; None if there are none. Raises IndexDamagedError."""
    try:
        files = read_summed(folder / name)["files"]
    except FileNotFoundError:
        return None
    return {name: (size, crc) for name, (size, crc) in files.items()}


def find_wrong_files(folder: Path, sums: FileSums) -> list[str]:
    """Return the files that are missing, or have another size or content."""
    wrong = []
    for name, expected in sums.items():
        try:
            if sum_files(folder, [name])[name] != expected:
                wrong.append(name)
        except OSError:
            wrong.append(name)
    return wrong


def has_sizes(folder: Path, sums: FileSums) -> bool:
    """Return whether files have their sizes, without reading them."""
    try:
        return all((folder / name).stat().st_size == size for name, (size, _) in sums.items())
    except OSError:
        return False


def _sum_file(file: Path) -> int:
    total = 0
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            total = crc32(chunk, total)
    return total
