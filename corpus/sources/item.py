"""What every reader of a source speaks of: its items, what could not be read, its limits."""

from __future__ import annotations

from dataclasses import dataclass

# No page and no record of a file may be longer than this, unpacked.
MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a source, as it was listed, or one entry of a source on the web.

    `path` is relative to the source's location, with forward slashes; it is the file's name
    if the location is a file. Bytes of a name that are not UTF-8 stand in it as `\\xe9`. An
    entry's path is its address or its id, and its `stamp` changes when what it is about does.
    """

    path: str
    size: int
    mtime_ns: int
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something in an item that could not be read.

    `path` is the item's, followed by `#n` if it is about the nth record. `reason` is for
    people: "line 17 is not a JSON object". If it is `final`, reading again would not help
    until its item changes.
    """

    path: str
    reason: str
    final: bool = False
