"""Records that readers make themselves, under our own names of fields."""

from __future__ import annotations

import json
from collections.abc import Mapping

from corpus.article import MediaType, RawArticle, Source


def record(source: Source, path: str, fields: Mapping[str, object]) -> RawArticle:
    """A raw article of one JSON object."""
    # ASCII escapes keep even lone surrogates, which UTF-8 cannot.
    return RawArticle(source, path, MediaType.RECORD, json.dumps(fields).encode("ascii"))
