"""Readers: from the files of a source to raw articles. Sources on the web are read by `web`.

`list_files` lists the items of a source, `calculate_digest` detects whether one of them changed,
and `read_item` yields its articles. A `ReadFailure` among them reports a part that cannot be read;
reading
continues after it.
"""

from corpus.errors import SourceError
from corpus.sources.formats.file_access import estimate_unpacked_bytes
from corpus.sources.formats.files import READERS_BY_SUFFIX, calculate_digest, list_files, read_item
from corpus.sources.item import MAX_RECORD_BYTES, Item, ReadFailure, SkipReason

__all__ = [
    "MAX_RECORD_BYTES",
    "READERS_BY_SUFFIX",
    "Item",
    "ReadFailure",
    "SkipReason",
    "SourceError",
    "calculate_digest",
    "estimate_unpacked_bytes",
    "list_files",
    "read_item",
]
