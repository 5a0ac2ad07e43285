"""File systems for tests: read-only views of a folder, and small ones that are full. Need root."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_IS_ROOT = sys.platform == "linux" and os.geteuid() == 0

needs_root = pytest.mark.skipif(not _IS_ROOT, reason="mounts and other users need root on Linux")


def _mount(*arguments: str | Path) -> None:
    command = ["mount", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        pytest.skip(f"no file system can be mounted here: {result.stderr.strip()}")


@contextmanager
def read_only_view(folder: Path, view: Path) -> Iterator[Path]:
    """A folder that shows another one and cannot be written to."""
    view.mkdir()
    _mount("--bind", folder, view)
    try:
        _mount("-o", "remount,ro,bind", view)
        yield view
    finally:
        subprocess.run(["umount", "-l", str(view)], check=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """An empty file system of its own, of this size."""
    folder.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_disk(folder: Path) -> Path:
    """Fill the file system of a folder. Returns the file that does it, to be removed."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            pass
    return ballast
