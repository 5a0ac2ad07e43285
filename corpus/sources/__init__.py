"""Readers: from the files of a source to raw articles. Sources on the web are read by `web`.

`items` lists the items of a source, `digest` detects whether one of them changed, and `read`
yields its articles. An `Unreadable` among them reports a part that cannot be read; reading
continues after it.
"""

from corpus.errors import SourceError
from corpus.sources.formats.files import SUFFIXES, digest, items, read
from corpus.sources.item import MAX_BYTES, Item, Unreadable

__all__ = [
    "MAX_BYTES",
    "SUFFIXES",
    "Item",
    "SourceError",
    "Unreadable",
    "digest",
    "items",
    "read",
]
