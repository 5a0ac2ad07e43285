"""The types that all readers share: items, skipped files, read failures, and the size limit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

# The maximum size of a page, or of a record of a file, after decompression.
MAX_RECORD_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a source, as it was listed, or one entry of a source on the web.

    `path` is relative to the source's location, with forward slashes; it is the file's name
    if the location is a file. Bytes of a name that are not UTF-8 are escaped as `\\xe9`.
    `mtime_ns` is when it was last changed or put in its place. An entry's path is its address
    or its id, and its `stamp` changes when its content does.
    """

    path: str
    size: int
    mtime_ns: int
    stamp: str = ""


class SkipReason(Enum):
    """A reason why a file of a folder is not read; the value is words for people."""

    NO_REGULAR_FILE = "pipes or devices"
    LEADS_OUT = "links that lead out of its folder; follow_links: true in its settings allows them"


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """An item, or a part of it, that could not be read.

    `path` is the item's, followed by `#n` for the nth record. `reason` is a message for
    people: "line 17 is not a JSON object". If it `is_permanent`, reading again fails again until
    the item changes.
    """

    path: str
    reason: str
    is_permanent: bool = False
