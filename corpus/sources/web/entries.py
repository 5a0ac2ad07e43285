"""Sources on the web: what their addresses list, and the pages that those entries link to.

A feed slides: an entry is an item by itself, which is read when it is new or has changed,
and stays when the feed has it no more. An entry with its full text is an article as it is; of
others the linked page is, or the summary where the page may not be had.
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

# Letters of scripts without spaces say more each, and have more bytes.
_FULL_TEXT_BYTES = 1_000
_TAG = re.compile(r"<[^<>]{0,1000}>")
_CUT_OFF = re.compile(r"(?:…|\.\.\.|&hellip;|&#8230;|\[…\]|\[\.\.\.\])[\s\]»>)]*$")
# About how long a page is that is yet to be fetched, for telling how far a run has come.
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
    """What a source lists now.

    `unreadable` are parts of its documents, by the document's address. `validators` are what
    the documents can be asked with next time; one that is as it was has none of all these.
    """

    source: Source
    entries: dict[str, Entry] = field(default_factory=dict)
    unreadable: dict[str, list[Unreadable]] = field(default_factory=dict)
    validators: dict[str, Validators] = field(default_factory=dict)
    feeds: list[str] = field(default_factory=list)
    failure: str = ""

    def add(self, found: RawArticle | Unreadable, url: str, base: str) -> None:
        """Add what a document has; links in it are relative to `base`."""
        if isinstance(found, Unreadable):
            self.unreadable[url].append(found)
            if found.path == base and not found.final:
                # It may be damaged for the moment only, so it is asked for again.
                self.validators.pop(url, None)
        elif len(self.entries) < _MOST_ENTRIES:
            entry = _entry(found, base)
            # Feeds have the newest first.
            self.entries.setdefault(entry.item.path, entry)


def list_entries(source: Source, fetcher: Fetcher, known: Mapping[str, Validators]) -> Listing:
    """What a source lists; a failure to fetch it is told in the listing."""
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
    """Read a document into a listing; if it is an `index` of others, read those."""
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
    for found in read_document(listing.source, fetched):
        listing.add(found, url, fetched.url)
        if found.path == url and isinstance(found, RawArticle):
            listing.feeds = feeds_of(fetched.url, fetched.content)


def _read_index(
    listing: Listing, fetched: Fetched, fetcher: Fetcher, known: Mapping[str, Validators]
) -> None:
    """Read the sitemaps in a list of them. One that cannot be had stops no other."""
    try:
        listed = sitemaps_in(fetched.content)
    except XmlError as err:
        raise RefusedError(str(err)) from err
    # Lists seldom say that they changed when the sitemaps in them did.
    listing.validators.clear()
    for address in listed[:_MOST_SITEMAPS]:
        try:
            _read(listing, urljoin(fetched.url, address), fetcher, known, index=False)
        except HostClosedError:
            raise
        except FetchError as err:
            listing.unreadable[address] = [Unreadable(address, str(err))]
    if len(listed) > _MOST_SITEMAPS:
        listing.failure = f"it lists {len(listed):,} sitemaps; the last {_MOST_SITEMAPS} are read"


def _entry(raw: RawArticle, document: str) -> Entry:
    if raw.media_type is not MediaType.RECORD:
        # A page for itself, or one of an archive.
        return _whole(raw, raw.path)
    fields = _fields(raw)
    link = urljoin(document, _text(fields, "url")).replace(" ", "%20")
    name = canonical_url(link) if _text(fields, "url") else ""
    name = name or _text(fields, "id") or _digest(raw.content)
    if raw.origin != FEED or _has_text(fields) or not _can_be_fetched(link, name):
        return _whole(raw, name)
    told = ("url", "title", "published", "updated")
    stamp = _digest(json.dumps([fields.get(key) for key in told]).encode())
    return Entry(Item(name, _PAGE_BYTES, 0, stamp), replace(raw, path=name), link)


def _whole(raw: RawArticle, name: str) -> Entry:
    stamp = _digest(raw.content)
    return Entry(Item(name, len(raw.content), 0, stamp), replace(raw, path=name))


def _fields(raw: RawArticle) -> dict[str, object]:
    try:
        fields = json.loads(raw.content)
    except (ValueError, RecursionError):
        # Cleaning tells what is wrong with it.
        return {}
    return fields if isinstance(fields, dict) else {}


def _text(fields: dict[str, object], key: str) -> str:
    value = fields.get(key)
    return str(value).strip() if isinstance(value, str | int) else ""


def _has_text(fields: dict[str, object]) -> bool:
    """Whether an entry has its article's text, not a teaser of it."""
    texts = (_TAG.sub("", _text(fields, key)).strip() for key in ("body", "dek"))
    text = max(texts, key=len)
    return len(text.encode("utf-8", "replace")) >= _FULL_TEXT_BYTES and not _CUT_OFF.search(text)


def _can_be_fetched(link: str, name: str) -> bool:
    return urlsplit(link).scheme in {"http", "https"} and name.startswith("https://")


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def read_entries(entries: Sequence[Entry], fetcher: Fetcher) -> Iterator[RawArticle | Unreadable]:
    """The articles of entries that link to one page, which is fetched once.

    Raises HostClosedError.
    """
    page = entries[0].page
    try:
        got: Fetched | FetchError = _fetched(page, fetcher)
    except HostClosedError:
        raise
    except FetchError as err:
        got = err
    for entry in entries:
        yield _article(entry, got)


def _fetched(address: str, fetcher: Fetcher) -> Fetched:
    fetched = fetcher.get(address)
    if fetched is None:
        raise FetchError("the server says that what we do not have is unchanged")
    if urlsplit(address).path.strip("/") and not urlsplit(fetched.url).path.strip("/"):
        raise RefusedError("it redirects to the front page")
    return fetched


def _article(entry: Entry, got: Fetched | FetchError) -> RawArticle | Unreadable:
    """The page of an entry, or else its summary where trying again would not help."""
    path = entry.item.path
    match got:
        case Fetched():
            found = page_in(entry.raw.source, path, got)
            if isinstance(found, RawArticle):
                return replace(found, told=entry.raw.content)
            if not found.final:
                return found
            return _summary(entry, found.reason) or found
        case RefusedError():
            return _summary(entry, str(got)) or Unreadable(path, str(got), final=True)
        case _:
            return Unreadable(path, str(got))


def _summary(entry: Entry, reason: str) -> RawArticle | None:
    """What the feed says of an article whose page is not to be had, if it is more than a title."""
    fields = _fields(entry.raw)
    if not (_text(fields, "dek") or _text(fields, "body")):
        return None
    return replace(entry.raw, origin=f"{FEED} ({reason})")
