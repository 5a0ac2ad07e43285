"""Sources on the web: the entries that their addresses list, and the pages of these entries.

A feed lists only its newest entries. So each entry is an item, which is read when it is new or
has changed, and stays when the feed no longer lists it. An entry with full text is an article
itself; otherwise its linked page is, or its summary if the page cannot be fetched.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from corpus.article import MediaType, RawArticle, Source, canonical_url
from corpus.fetching import Validators
from corpus.sources.formats.detection import (
    SITEMAP_INDEX,
    feeds_of,
    page_in,
    read_document,
    root_of,
    unpacked,
)
from corpus.sources.formats.own_record import FEED
from corpus.sources.formats.sitemaps import sitemaps_in
from corpus.sources.formats.xml_tree import XmlError
from corpus.sources.item import Item, Unreadable
from corpus.sources.web.fetch import Fetched, Fetcher
from corpus.sources.web.hosts import FetchError, HostClosedError, RefusedError

# In bytes, since characters of scripts without spaces carry more text and have more bytes.
_FULL_TEXT_BYTES = 1_000
_TAG = re.compile(r"<[^<>]{0,1000}>")
_CUT_OFF = re.compile(r"(?:…|\.\.\.|&hellip;|&#8230;|\[…\]|\[\.\.\.\])[\s\]»>)]*$")
# The estimated size of a page that is not fetched yet, for progress reports.
_PAGE_BYTES = 100_000
_MOST_SITEMAPS = 200
_MOST_ENTRIES = 100_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One article that a source lists. `page` is the address of its text, if `raw` lacks it."""

    item: Item
    raw: RawArticle
    page: str = ""


@dataclass(slots=True)
class Listing:
    """The entries that a source lists now.

    `unreadable` and `validators` are keyed by the address of a document: the parts of it that
    cannot be read, and the validators for its next request. A document that is unchanged since
    the last request has no entries and is in neither.
    """

    source: Source
    entries: dict[str, Entry] = field(default_factory=dict)
    unreadable: dict[str, list[Unreadable]] = field(default_factory=dict)
    validators: dict[str, Validators] = field(default_factory=dict)
    feeds: list[str] = field(default_factory=list)
    failure: str = ""

    def add(self, found: RawArticle | Unreadable, url: str, base: str) -> None:
        """Add an article or a failure of a document; links in it are relative to `base`."""
        if isinstance(found, Unreadable):
            self.unreadable[url].append(found)
            if found.path == base and not found.final:
                # The damage may be temporary, so the next request is unconditional.
                self.validators.pop(url, None)
        elif len(self.entries) < _MOST_ENTRIES:
            entry = _entry(found, base)
            # Feeds list the newest first.
            self.entries.setdefault(entry.item.path, entry)


def list_entries(source: Source, fetcher: Fetcher, known: Mapping[str, Validators]) -> Listing:
    """Return the entries of a source; `failure` of the listing reports if it is incomplete."""
    listing = Listing(source)
    try:
        _read(listing, source.location, fetcher, known, index=True)
    except FetchError as err:
        listing.failure = str(err)
    if len(listing.entries) == _MOST_ENTRIES:
        listing.failure = f"it lists more than {_MOST_ENTRIES:,} articles; the rest is not read"
    return listing


def _read(
    listing: Listing, url: str, fetcher: Fetcher, known: Mapping[str, Validators], *, index: bool
) -> None:
    """Read a document into a listing. With `index`, also the documents of a sitemap index."""
    fetched = fetcher.get(url, known.get(url))
    if fetched is None:
        return
    fetched = replace(fetched, content=unpacked(fetched.content))
    listing.unreadable[url] = []
    listing.validators[url] = fetched.validators
    if root_of(fetched.content) == SITEMAP_INDEX:
        if index:
            _read_index(listing, fetched, fetcher, known)
        return
    for result in read_document(listing.source, fetched):
        listing.add(result, url, fetched.url)
        if result.path == url and isinstance(result, RawArticle):
            listing.feeds = feeds_of(fetched.url, fetched.content)


def _read_index(
    listing: Listing, fetched: Fetched, fetcher: Fetcher, known: Mapping[str, Validators]
) -> None:
    """Read the sitemaps of a sitemap index. If one cannot be fetched, the others are still read."""
    try:
        sitemaps = sitemaps_in(fetched.content)
    except XmlError as err:
        raise RefusedError(str(err)) from err
    # The validators of an index seldom change when those of its sitemaps do.
    listing.validators.clear()
    for address in sitemaps[:_MOST_SITEMAPS]:
        try:
            _read(listing, urljoin(fetched.url, address), fetcher, known, index=False)
        except HostClosedError:
            raise
        except FetchError as err:
            listing.unreadable[address] = [Unreadable(address, str(err))]
    if len(sitemaps) > _MOST_SITEMAPS:
        listing.failure = f"it lists {len(sitemaps):,} sitemaps; the last {_MOST_SITEMAPS} are read"


def _entry(raw: RawArticle, document: str) -> Entry:
    if raw.media_type is not MediaType.RECORD:
        # A single page, or a page of an archive.
        return _whole(raw, raw.path)
    fields = _fields(raw)
    link = urljoin(document, _text(fields, "url")).replace(" ", "%20")
    name = canonical_url(link) if _text(fields, "url") else ""
    name = name or _text(fields, "id") or _digest(raw.content)
    if raw.origin != FEED or _has_text(fields) or not _can_be_fetched(link, name):
        return _whole(raw, name)
    keys = ("url", "title", "published", "updated")
    stamp = _digest(json.dumps([fields.get(key) for key in keys]).encode())
    return Entry(Item(name, _PAGE_BYTES, 0, stamp), replace(raw, path=name), link)


def _whole(raw: RawArticle, name: str) -> Entry:
    stamp = _digest(raw.content)
    return Entry(Item(name, len(raw.content), 0, stamp), replace(raw, path=name))


def _fields(raw: RawArticle) -> dict[str, object]:
    try:
        fields = json.loads(raw.content)
    except (ValueError, RecursionError):
        # Cleaning reports the error.
        return {}
    return fields if isinstance(fields, dict) else {}


def _text(fields: dict[str, object], key: str) -> str:
    value = fields.get(key)
    return str(value).strip() if isinstance(value, str | int) else ""


def _has_text(fields: dict[str, object]) -> bool:
    """Return whether an entry contains the full text of its article, not a teaser."""
    texts = (_TAG.sub("", _text(fields, key)).strip() for key in ("body", "dek"))
    text = max(texts, key=len)
    return len(text.encode("utf-8", "replace")) >= _FULL_TEXT_BYTES and not _CUT_OFF.search(text)


def _can_be_fetched(link: str, name: str) -> bool:
    return urlsplit(link).scheme in {"http", "https"} and name.startswith("https://")


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def read_entries(entries: Sequence[Entry], fetcher: Fetcher) -> Iterator[RawArticle | Unreadable]:
    """Yield the articles of entries that link to the same page, which is fetched once.

    Raises HostClosedError.
    """
    page = entries[0].page
    try:
        outcome: Fetched | FetchError = _fetched(page, fetcher)
    except HostClosedError:
        raise
    except FetchError as err:
        outcome = err
    for entry in entries:
        yield _article(entry, outcome)


def _fetched(address: str, fetcher: Fetcher) -> Fetched:
    fetched = fetcher.get(address)
    if fetched is None:
        raise FetchError("the server says that what we do not have is unchanged")
    if urlsplit(address).path.strip("/") and not urlsplit(fetched.url).path.strip("/"):
        raise RefusedError("it redirects to the front page")
    return fetched


def _article(entry: Entry, got: Fetched | FetchError) -> RawArticle | Unreadable:
    """Return the page of an entry, or its summary if fetching again would not help."""
    path = entry.item.path
    match got:
        case Fetched():
            article = page_in(entry.raw.source, path, got)
            if isinstance(article, RawArticle):
                return replace(article, told=entry.raw.content)
            if not article.final:
                return article
            return _summary(entry, article.reason) or article
        case RefusedError():
            return _summary(entry, str(got)) or Unreadable(path, str(got), final=True)
        case _:
            return Unreadable(path, str(got))


def _summary(entry: Entry, reason: str) -> RawArticle | None:
    """Return a feed entry as an article, if it contains more than a title; the page is missing."""
    fields = _fields(entry.raw)
    if not (_text(fields, "dek") or _text(fields, "body")):
        return None
    return replace(entry.raw, origin=f"{FEED} ({reason})")
