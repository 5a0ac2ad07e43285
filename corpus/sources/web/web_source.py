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

from corpus.article import MediaType, RawArticle, Source, canonicalize_url
from corpus.fetch_settings import Validators
from corpus.sources.formats.raw_record import FEED_ORIGIN
from corpus.sources.formats.sitemaps import list_sitemaps
from corpus.sources.formats.xml_tree import XmlError
from corpus.sources.item import Item, ReadFailure
from corpus.sources.web.fetcher import Fetcher, FetchResponse
from corpus.sources.web.format_detection import (
    SITEMAP_INDEX_ROOT,
    decompress_gzip,
    detect_root,
    find_feed_links,
    read_response,
    read_single_page,
)
from corpus.sources.web.hosts import FetchError, HostClosedError, RefusedError

# In bytes, since characters of scripts without spaces carry more text and have more bytes.
_MIN_FULL_TEXT_BYTES = 1_000
_TAG = re.compile(r"<[^<>]{0,1000}>")
_TRUNCATION_MARK = re.compile(r"(?:…|\.\.\.|&hellip;|&#8230;|\[…\]|\[\.\.\.\])[\s\]»>)]*$")
# The estimated size of a page that is not fetched yet, for progress reports.
_ESTIMATED_PAGE_BYTES = 100_000
_MAX_SITEMAPS = 200
_MAX_ENTRIES = 100_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One article that a source lists. `page_url` is where its text is, if `raw` lacks it."""

    item: Item
    raw: RawArticle
    page_url: str = ""


@dataclass(slots=True)
class Listing:
    """The entries that a source lists now.

    `unreadable` and `validators` are keyed by the address of a document: the parts of it that
    cannot be read, and the validators for its next request. A document that is unchanged since
    the last request has no entries and is in neither.
    """

    source: Source
    entries: dict[str, Entry] = field(default_factory=dict)
    unreadable: dict[str, list[ReadFailure]] = field(default_factory=dict)
    validators: dict[str, Validators] = field(default_factory=dict)
    feeds: list[str] = field(default_factory=list)
    failure: str = ""

    def add_result(self, result: RawArticle | ReadFailure, url: str, base_url: str) -> None:
        """Add an article or a failure of a document; links in it are relative to `base_url`."""
        if isinstance(result, ReadFailure):
            self.unreadable[url].append(result)
            if result.path == base_url and not result.is_permanent:
                # The damage may be temporary, so the next request is unconditional.
                self.validators.pop(url, None)
        elif len(self.entries) < _MAX_ENTRIES:
            entry = _make_entry(result, base_url)
            # Feeds list the newest first.
            self.entries.setdefault(entry.item.path, entry)


def list_entries(
    source: Source, fetcher: Fetcher, known_validators: Mapping[str, Validators]
) -> Listing:
    """Return the entries of a source; `failure` of the listing reports if it is incomplete."""
    listing = Listing(source)
    try:
        _read_document(
            listing, source.location, fetcher, known_validators, follow_sitemap_index=True
        )
    except FetchError as err:
        listing.failure = str(err)
    if len(listing.entries) == _MAX_ENTRIES:
        listing.failure = f"it lists more than {_MAX_ENTRIES:,} articles; the rest is not read"
    return listing


def _read_document(
    listing: Listing,
    url: str,
    fetcher: Fetcher,
    known_validators: Mapping[str, Validators],
    *,
    follow_sitemap_index: bool,
) -> None:
    """Read a document into a listing, and the sitemaps of a sitemap index if they are followed."""
    fetched = fetcher.fetch(url, known_validators.get(url))
    if fetched is None:
        return
    fetched = replace(fetched, content=decompress_gzip(fetched.content))
    listing.unreadable[url] = []
    listing.validators[url] = fetched.validators
    if detect_root(fetched.content) == SITEMAP_INDEX_ROOT:
        if follow_sitemap_index:
            _read_sitemap_index(listing, fetched, fetcher, known_validators)
        return
    for result in read_response(listing.source, fetched):
        listing.add_result(result, url, fetched.url)
        if result.path == url and isinstance(result, RawArticle):
            listing.feeds = find_feed_links(fetched.url, fetched.content)


def _read_sitemap_index(
    listing: Listing,
    response: FetchResponse,
    fetcher: Fetcher,
    known_validators: Mapping[str, Validators],
) -> None:
    """Read the sitemaps of a sitemap index. If one cannot be fetched, the others are still read."""
    try:
        sitemaps = list_sitemaps(response.content)
    except XmlError as err:
        raise RefusedError(str(err)) from err
    # The validators of an index seldom change when those of its sitemaps do.
    listing.validators.clear()
    for address in sitemaps[:_MAX_SITEMAPS]:
        try:
            _read_document(
                listing,
                urljoin(response.url, address),
                fetcher,
                known_validators,
                follow_sitemap_index=False,
            )
        except HostClosedError:
            raise
        except FetchError as err:
            listing.unreadable[address] = [ReadFailure(address, str(err))]
    if len(sitemaps) > _MAX_SITEMAPS:
        listing.failure = f"it lists {len(sitemaps):,} sitemaps; the last {_MAX_SITEMAPS} are read"


def _make_entry(raw: RawArticle, base_url: str) -> Entry:
    if raw.media_type is not MediaType.RECORD:
        # A single page, or a page of an archive.
        return _make_full_entry(raw, raw.path)
    fields = _parse_fields(raw)
    link = urljoin(base_url, _get_text(fields, "url")).replace(" ", "%20")
    name = canonicalize_url(link) if _get_text(fields, "url") else ""
    name = name or _get_text(fields, "id") or _calculate_digest(raw.content)
    if raw.origin != FEED_ORIGIN or _has_full_text(fields) or not _can_be_fetched(link, name):
        return _make_full_entry(raw, name)
    keys = ("url", "title", "published", "updated")
    stamp = _calculate_digest(json.dumps([fields.get(key) for key in keys]).encode())
    return Entry(Item(name, _ESTIMATED_PAGE_BYTES, 0, stamp), replace(raw, path=name), link)


def _make_full_entry(raw: RawArticle, name: str) -> Entry:
    stamp = _calculate_digest(raw.content)
    return Entry(Item(name, len(raw.content), 0, stamp), replace(raw, path=name))


def _parse_fields(raw: RawArticle) -> dict[str, object]:
    try:
        fields = json.loads(raw.content)
    except (ValueError, RecursionError):
        # Cleaning reports the error.
        return {}
    return fields if isinstance(fields, dict) else {}


def _get_text(fields: dict[str, object], key: str) -> str:
    value = fields.get(key)
    return str(value).strip() if isinstance(value, str | int) else ""


def _has_full_text(fields: dict[str, object]) -> bool:
    """Return whether an entry contains the full text of its article, not a teaser."""
    texts = (_TAG.sub("", _get_text(fields, key)).strip() for key in ("body", "dek"))
    text = max(texts, key=len)
    return len(
        text.encode("utf-8", "replace")
    ) >= _MIN_FULL_TEXT_BYTES and not _TRUNCATION_MARK.search(text)


def _can_be_fetched(link: str, name: str) -> bool:
    return urlsplit(link).scheme in {"http", "https"} and name.startswith("https://")


def _calculate_digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def read_entries(entries: Sequence[Entry], fetcher: Fetcher) -> Iterator[RawArticle | ReadFailure]:
    """Yield the articles of entries that link to the same page, which is fetched once.

    Raises HostClosedError.
    """
    page = entries[0].page_url
    try:
        outcome: FetchResponse | FetchError = _fetch_page(page, fetcher)
    except HostClosedError:
        raise
    except FetchError as err:
        outcome = err
    for entry in entries:
        yield _make_article(entry, outcome)


def _fetch_page(address: str, fetcher: Fetcher) -> FetchResponse:
    fetched = fetcher.fetch(address)
    if fetched is None:
        raise FetchError("the server says that what we do not have is unchanged")
    if urlsplit(address).path.strip("/") and not urlsplit(fetched.url).path.strip("/"):
        raise RefusedError("it redirects to the front page")
    return fetched


def _make_article(entry: Entry, outcome: FetchResponse | FetchError) -> RawArticle | ReadFailure:
    """Return the page of an entry, or its summary if fetching again would not help."""
    path = entry.item.path
    match outcome:
        case FetchResponse():
            article = read_single_page(entry.raw.source, path, outcome)
            if isinstance(article, RawArticle):
                return replace(article, feed_record=entry.raw.content)
            if not article.is_permanent:
                return article
            return _make_summary_article(entry, article.reason) or article
        case RefusedError():
            return _make_summary_article(entry, str(outcome)) or ReadFailure(
                path, str(outcome), is_permanent=True
            )
        case _:
            return ReadFailure(path, str(outcome))


def _make_summary_article(entry: Entry, reason: str) -> RawArticle | None:
    """Return a feed entry as an article, if it contains more than a title; the page is missing."""
    fields = _parse_fields(entry.raw)
    if not (_get_text(fields, "dek") or _get_text(fields, "body")):
        return None
    return replace(entry.raw, origin=f"{FEED_ORIGIN} ({reason})")
