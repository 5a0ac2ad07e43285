"""The readers: from a source's files to raw articles. What is on the web is read by `web`.

`items` lists what a source has, `digest` tells whether one of them changed, and `read`
gives its articles. What cannot be read is an `Unreadable` among them and stops nothing else.
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
