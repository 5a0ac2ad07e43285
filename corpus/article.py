"""The data types of the pipeline: an article as its source gave it, and one cleaned to fields."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import (
    parse_qsl,
    quote,
    unquote_to_bytes,
    urlencode,
    urlsplit,
    urlunsplit,
)


class MediaType(StrEnum):
    """The format of a raw article's bytes; it selects the cleaner."""

    HTML = "text/html"
    TEXT = "text/plain"
    RECORD = "application/json"


# CSS selectors, keyed by the field of ours that they select, or by `remove`.
Selectors = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A place that articles come from, with its settings.

    `name` is unique among the sources of a project. `location` is an absolute path
    or a web address. `timezone` is an IANA name; dates without a zone are read in it. `fields`
    maps the names of our fields to those of its records (`{"body": "story.text"}`, a dot goes one
    object deeper), and `selectors` maps them to CSS selectors for its pages. With
    `follow_links`, files are read that a link in its folder leads to outside of it. Unless it is to
    `allow_removals`, its articles are kept when most of them are gone at once.
    """

    name: str
    location: str
    timezone: str = "UTC"
    publisher: str = ""
    language: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    selectors: Selectors = ()
    # Not in the repr, whose digest decides whether articles are cleaned again.
    follow_links: bool = field(default=False, repr=False)
    allow_removals: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True)
class RawArticle:
    """One article as its source gave it.

    `path` is its position within its source: a file's relative path with forward slashes,
    followed by `#n` for the nth record of a file that contains several. `content` is the
    undecoded page or text, or one JSON object as UTF-8. `url` is the address it was fetched
    from and `charset` the encoding that the server stated, if known. `origin` names the kind of
    source that a record's fields come from (`feed`), if it is not a plain record. `feed_record` is
    the
    JSON record of the feed entry that linked to a page; it fills fields that the page lacks.
    """

    source: Source
    path: str
    media_type: MediaType
    content: bytes
    url: str = ""
    charset: str = ""
    origin: str = ""
    feed_record: bytes = b""


class EntityKind(StrEnum):
    PERSON = "person"
    ORG = "org"
    PLACE = "place"


class Entity(NamedTuple):
    """A person, organization or place, with every name that the article uses for it.

    `names` contains at least one name and no duplicates; the first is the one to display. An
    entity that is not `sure` is searchable, but not counted in facets.
    """

    kind: EntityKind
    names: tuple[str, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Moment:
    """The time at which an article was published or updated.

    `at` is timezone-aware. If `day_only`, the source stated a date without a time, and `at` is
    the start of that day in the source's time zone. What sorts, counts and selects moments uses
    `instant`.
    """

    at: datetime
    day_only: bool = False

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {self.at.isoformat()}")

    @property
    def instant(self) -> datetime:
        """The instant that stands for it: `at`, or 10:00 UTC of a day without a time.

        That lies on the same day of the calendar in all zones from UTC-10 to below UTC+14, so that
        a day stays this day whatever the reader's zone is.
        """
        return datetime.combine(self.at.date(), _DAY_TIME) if self.day_only else self.at

    @property
    def epoch_seconds(self) -> int:
        """Whole seconds from 1970-01-01T00:00Z to `instant`; negative before it."""
        return int((self.instant - _EPOCH).total_seconds() // 1)


_DAY_TIME = time(10, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Article:
    """An article cleaned into fields. Empty text and None mean that the source has no value.

    Paragraphs of `body` are separated by blank lines. `source` is the publisher's name, or the
    domain of `url`, or the name of the source it came from. `language` is a BCP 47 tag.
    `confidence` rates `published`: `high`, `medium` or `low`, and "" if there is no date.
    `provenance` pairs a field with the origin of its value (`("published", "json-ld")`).
    """

    id: str
    title: str
    body: str
    dek: str = ""
    url: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    language: str = ""
    published: Moment | None = None
    updated: Moment | None = None
    confidence: str = ""
    entities: tuple[Entity, ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()

    @property
    def lead(self) -> str:
        """The headline, the dek and the start of the body, separated by blank lines."""
        first = self.body[: find_lead_end(self.body)]
        return "\n\n".join(part for part in (self.title, self.dek, first) if part)

    @property
    def word_count(self) -> int:
        """The number of words in the body."""
        return len(self.body.split())

    @property
    def domain(self) -> str:
        """The host of `url` without `www.`, or ""."""
        host = urlsplit(self.url).hostname or ""
        return host.removeprefix("www.")


# Some sources put the whole text into one paragraph, which is too long for a lead.
_MAX_LEAD_CHARS = 600


def find_lead_end(body: str) -> int:
    """Return the offset at which a body's lead ends.

    That is the end of the first paragraph, or of the last word within 600 characters.
    """
    end = body.find("\n\n", 0, _MAX_LEAD_CHARS)
    if end >= 0:
        return end
    if len(body) <= _MAX_LEAD_CHARS:
        return len(body)
    space = body.rfind(" ", 0, _MAX_LEAD_CHARS)
    return space if space > 0 else _MAX_LEAD_CHARS


# Parameters that tell where a reader comes from. Sources: the documentation of the services that
# add them, and what feeds of newspapers have in their links.
_TRACKING_PARAMETER = re.compile(
    r"""
    utm_\w+ | hsa_\w+ | _hs\w+ | wt\.\w+ | pk_\w+ | vero_\w+ | oly_\w+_id | mc_[ce]id
    | at_(?:medium|campaign\w*|custom\d|link_\w+|format|ptr_name|bbc_team)
    | ns_(?:mchannel|source|campaign|linkname|fee)
    | (?:fb|g|d|ms|tw|tt|y|ys|yt|li|epi|srs|rb_)clk?id | [gw]braid | gclsrc | igsh(?:id)?
    | mkt_tok | xtor | cmpid | [ins]cid | intcid | icid | s_c?id | s_kwcid | smid | smtyp
    | ref_(?:src|url) | soc_(?:src|trk) | sr_share | feed(?:type|name) | wt_mc | wtrid
    | _openstat | _branch_match_id
    """,
    re.I | re.VERBOSE,
)
# Those that mean something else too, with the values that only tell where a reader comes from.
_REFERRER_PARAMETER = re.compile(
    r"ref|referr?er|source|src|from|via|partner|emc|cmp|feed|share", re.I
)
_REFERRER = re.compile(
    r"(?:.*[-_])?(?:rss|atom|feeds?|twitter|facebook|fb|email|newsletter|share|social)(?:[-_]?\d+)?",
    re.I,
)


def remove_tracking(url: str) -> str:
    """Return an address without the parameters that only tell where a reader comes from."""
    address, fragment_mark, fragment = url.partition("#")
    path, _, query = address.partition("?")
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _is_tracking(*pair.partition("=")[::2])]
    if len(kept) == len(pairs):
        return url
    return f"{path}{'?' if kept else ''}{'&'.join(kept)}{fragment_mark}{fragment}"


def _is_tracking(name: str, value: str) -> bool:
    if _TRACKING_PARAMETER.fullmatch(name):
        return True
    return bool(_REFERRER_PARAMETER.fullmatch(name) and _REFERRER.fullmatch(value))


def canonicalize_url(url: str) -> str:
    """Return the form that all variants of a URL share; article ids are derived from it.

    The scheme is https, the host in lower case and ASCII (punycode); default port, tracking
    parameters and trailing slash are removed, other parameters sorted, and what is escaped is so in
    one way. Fragments are removed, but for routes (`#!/story/1`). Returns "" for an unusable URL.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    host = _encode_host(host or "")
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return ""
    netloc = host if port in {None, 80, 443} else f"{host}:{port}"
    query = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(*pair)
    ]
    path = "/".join(map(_escape_segment, parts.path.split("/"))).rstrip("/")
    route = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit(("https", netloc, path, urlencode(sorted(query)), route))


def _encode_host(host: str) -> str:
    """Return a host in ASCII, without the dot of the root; as it is if it is no name.

    The codec is of IDNA 2003, in which `ß` and a final sigma are other letters.
    """
    try:
        ascii_host = host if set("ßς") & set(host) else host.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_host = host
    return ascii_host.rstrip(".")


def _escape_segment(segment: str) -> str:
    """Escape what must be in a segment of a path; an escaped slash stays one."""
    decoded = unquote_to_bytes(segment.encode("utf-8", "surrogatepass"))
    return quote(decoded, safe="!$&'()*+,;=:@~")


def make_article_id(*, url: str, external_id: str, source: str, path: str) -> str:
    """Return a stable id: the canonical URL's digest, else the source's own id, else the path.

    The digest is the first 16 hexadecimal digits of SHA-256. A path is prefixed with the
    name of its source, so that two sources may both contain an `index.html`.
    """
    if canonical := canonicalize_url(url):
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]
    return external_id.strip() or f"{source}/{path}"
