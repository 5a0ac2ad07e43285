"""The parts of Whoosh that this engine uses, imported without the package cached-property.

Whoosh's reader imports one decorator from that package, which calls
`asyncio.iscoroutinefunction`: deprecated in Python 3.14, removed in 3.16. While Whoosh is
imported, the standard library's decorator replaces it.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

__all__ = [
    "COLUMN",
    "Existence",
    "FieldType",
    "FileIndex",
    "FileStorage",
    "FilterMatcher",
    "Format",
    "ListMatcher",
    "NumericColumn",
    "Schema",
    "SegmentReader",
    "SegmentWriter",
    "TermNotFound",
    "VarBytesColumn",
    "W3Codec",
    "W3FieldWriter",
    "W3TermInfo",
]


@contextmanager
def _replace_cached_property() -> Iterator[None]:
    """Replace the module within the block; other users of the package keep their own."""
    name = "cached_property"
    original = sys.modules.get(name)
    stand_in = ModuleType(name)
    stand_in.__dict__[name] = functools.cached_property
    sys.modules[name] = stand_in
    try:
        yield
    finally:
        del sys.modules[name]
        if original is not None:
            sys.modules[name] = original


with _replace_cached_property():
    from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
    from whoosh.columns import NumericColumn, VarBytesColumn
    from whoosh.fields import COLUMN, FieldType, Schema
    from whoosh.filedb.filestore import FileStorage
    from whoosh.formats import Existence, Format
    from whoosh.index import FileIndex
    from whoosh.matching import FilterMatcher, ListMatcher
    from whoosh.reading import SegmentReader, TermNotFound
    from whoosh.writing import SegmentWriter
