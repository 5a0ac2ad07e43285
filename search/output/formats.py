"""The formats of hits for other programs, and the links that feeds contain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OutputFormat(StrEnum):
    """A format of an answer, by its file suffix."""

    ATOM = "atom"
    RSS = "rss"
    JSONFEED = "jsonfeed"
    CSV = "csv"
    NDJSON = "ndjson"


MEDIA_TYPES = {
    OutputFormat.ATOM: "application/atom+xml",
    OutputFormat.RSS: "application/rss+xml",
    OutputFormat.JSONFEED: "application/feed+json",
    OutputFormat.CSV: "text/csv",
    OutputFormat.NDJSON: "application/x-ndjson",
}


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """The addresses of a feed and its pages; "" without a server.

    `article` returns the address of an article's page from its id.
    """

    page_url: str = ""
    feed_url: str = ""
    next_url: str = ""
    make_article_url: Callable[[str], str] = lambda article_id: ""


NO_LINKS = FeedLinks()


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """The query text of a feed, and the time of the request."""

    text: str
    now: datetime
