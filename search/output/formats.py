"""The formats in which hits are written for other programs, and what they link to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Format(StrEnum):
    """A form of an answer, by its suffix."""

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
    """Where a feed and what belongs to it is found; "" where there is no server.

    `article` makes the address of an article's page of its id.
    """

    page: str = ""
    this: str = ""
    next: str = ""
    article: Callable[[str], str] = lambda article_id: ""


NOWHERE = Links()


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is to, and when it was asked."""

    text: str
    now: datetime
