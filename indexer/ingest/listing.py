"""What a source has now: its files, but those of other sources that lie within it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from corpus.article import Source
from corpus.sources import Item, items


def list_items(source: Source, known: Sequence[Source]) -> dict[str, Item]:
    """The items of a source by path: a file belongs to the innermost source that it lies in.

    Raises SourceError.
    """
    inner = _inner(source, known)
    return {item.path: item for item in items(source) if not _within(item.path, inner)}


def _inner(source: Source, known: Sequence[Source]) -> frozenset[str]:
    """What of a source belongs to other sources: paths as items have them."""
    outer = Path(source.location)
    return frozenset(
        os.path.relpath(other.location, outer).replace(os.sep, "/")
        for other in known
        if other.location != source.location and Path(other.location).is_relative_to(outer)
    )


def _within(path: str, folders: frozenset[str]) -> bool:
    return bool(folders) and any(
        str(each) in folders for each in (path, *PurePosixPath(path).parents)
    )


def is_there(path: str, listed: Mapping[str, Item]) -> bool:
    """Whether an item is there still, or lies in a folder that could not be listed."""
    return path in listed or any(str(above) in listed for above in PurePosixPath(path).parents)


def unpacked_size(source: Source, item: Item) -> int:
    """About how many bytes an item gives: gzip notes it, modulo 4 GiB, in its last four."""
    if not item.path.endswith(".gz"):
        return item.size
    location = Path(source.location)
    try:
        with (location / item.path if location.is_dir() else location).open("rb") as file:
            file.seek(-4, 2)
            return max(item.size, int.from_bytes(file.read(4), "little"))
    except OSError:
        return item.size
