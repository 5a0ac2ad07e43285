"""Records that readers make themselves, under our own names of fields."""

from __future__ import annotations

import json
from collections.abc import Mapping

from corpus.article import MediaType, RawArticle, Source

# The origin of what a feed or sitemap says of articles that may be found whole elsewhere.
FEED = "feed"


def record(source: Source, path: str, fields: Mapping[str, object], origin: str = "") -> RawArticle:
    """A raw article of one JSON object."""
    # ASCII escapes keep even lone surrogates, which UTF-8 cannot.
    content = json.dumps(fields).encode("ascii")
    return RawArticle(source, path, MediaType.RECORD, content, origin=origin)
