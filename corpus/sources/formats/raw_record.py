"""JSON records that readers build from other formats, with our own field names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urljoin

from corpus.article import MediaType, RawArticle, Source

# The origin of records from a feed or sitemap, whose full articles may be on linked pages.
FEED_ORIGIN = "feed"


def resolve_link(base: str, link: str) -> str:
    """Return the address of a link of a feed; as it is if it cannot be one."""
    try:
        return urljoin(base, link.strip()) if link else ""
    except ValueError:
        return link


def make_record(
    source: Source, path: str, fields: Mapping[str, object], origin: str = ""
) -> RawArticle:
    """Return a raw article that contains one JSON object."""
    # ASCII escapes preserve lone surrogates, which UTF-8 cannot encode.
    content = json.dumps(fields).encode("ascii")
    return RawArticle(source, path, MediaType.RECORD, content, origin=origin)
