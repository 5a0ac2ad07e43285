"""The formats of hits for other programs, and the links that feeds contain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Format(StrEnum):
    """A format of an answer, by its file suffix."""

    ATOM = "atom"
    RSS = "rss"
    JSONFEED = "jsonfeed"
    CSV = "csv"
    NDJSON = "ndjson"


MEDIA_TYPES = {
    Format.ATOM: "application/atom+xml",
    Format.RSS: "application/rss+xml",
    Format.JSONFEED: "application/feed+json",
    Format.CSV: "text/csv",
    Format.NDJSON: "application/x-ndjson",
}


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of a feed and its pages; "" without a server.

    `article` returns the address of an article's page from its id.
    """

    page: str = ""
    this: str = ""
    next: str = ""
    article: Callable[[str], str] = lambda article_id: ""


NOWHERE = Links()


@dataclass(frozen=True, slots=True)
class Asked:
    """The query text of a feed, and the time of the request."""

    text: str
    now: datetime
