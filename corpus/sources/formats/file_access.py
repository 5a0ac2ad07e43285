"""Access to the files of a source: regular ones only, and none that a link leads out to."""

from __future__ import annotations

import errno
import io
import os
import re
import stat
from pathlib import Path

from corpus.article import Source
from corpus.sources.item import Item

_ESCAPED_BYTE = re.compile(rb"\\x([89a-f][0-9a-f])")
# Opening a pipe waits for its other end, unless it is not to.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def open_file(source: Source, item: Item) -> io.BufferedReader:
    """Open an item's file, which may have been replaced since it was listed.

    Raises OSError, also for a pipe or a device, and for a link that leads out of the source.
    """
    path = _locate_file(source, item)
    # A folder on the way to it may have become a link, too.
    if not is_inside(source, path):
        raise OSError(errno.EPERM, "a link leads out of the source's folder", str(path))
    file = os.fdopen(os.open(path, _OPEN_FLAGS), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is a folder, a pipe or a device", str(path))
    return file


def is_inside(source: Source, path: str | os.PathLike[str]) -> bool:
    """Return whether a path leads to a file of the source: inside its folder, or by a setting.

    The location itself was named by the user and may be a link.
    """
    location = Path(source.location)
    return (
        source.follow_links
        or Path(path) == location
        or Path(os.path.realpath(path)).is_relative_to(location.resolve())
    )


def estimate_unpacked_bytes(source: Source, item: Item) -> int:
    """Estimate the unpacked size of an item: the last four bytes of a gzip file have it mod 2³²."""
    if not item.path.endswith(".gz"):
        return item.size
    try:
        with open_file(source, item) as file:
            file.seek(-4, os.SEEK_END)
            return max(item.size, int.from_bytes(file.read(4), "little"))
    except OSError:
        return item.size


def _locate_file(source: Source, item: Item) -> Path:
    """Return the path of an item's file."""
    location = Path(source.location)
    if not location.is_dir():
        return location
    path = location / item.path
    if not path.exists() and "\\x" in item.path:
        return location / os.fsdecode(_ESCAPED_BYTE.sub(_unescape_byte, os.fsencode(item.path)))
    return path


def _unescape_byte(escaped: re.Match[bytes]) -> bytes:
    return bytes([int(escaped[1], 16)])


def escape_path(path: str) -> str:
    """Escape the bytes of a path that are not UTF-8, so that it can be stored and printed."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")
