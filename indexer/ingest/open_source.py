"""Sources and items while they are ingested: loaded from the ledger once, then passed whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

from corpus.article import Source
from corpus.ledger import Fingerprint, Ledger
from corpus.sources import Item

# Part of every digest: raise it when cleaning changes, and all records are cleaned again.
CLEANING_VERSION = 2

# Beyond both, a source keeps its articles, unless it is allowed to lose them.
_MAX_UNASKED_REMOVALS = 20
_MAX_REMOVED_SHARE = 0.5


class OpenSource:
    """A source that is being ingested.

    `settings` is a digest of the cleaning version and of the source's settings: if it differs
    from the last ingest's, all records of the source are cleaned again.
    """

    def __init__(self, source: Source, ledger: Ledger) -> None:
        self.source = source
        self.name = source.name
        self.settings = _digest_settings(source)
        # Paths of items that are gone: what they contained may have been moved.
        self.gone: frozenset[str] = frozenset()
        # Articles that this ingest removed, and those that it kept because they were too many.
        self.removed = 0
        self.kept = 0
        self._ledger = ledger

    def may_lose(self, articles: int) -> bool:
        """Return whether so many articles that were just removed may go: not most of the source.

        A folder that is empty because a disk is not mounted looks like one whose articles were
        all removed.
        """
        gone = self.removed + self.kept + articles
        if self.source.allow_removals or gone <= _MAX_UNASKED_REMOVALS:
            return True
        left = self._ledger.count_articles(self.name)
        return gone <= (left + articles + self.removed) * _MAX_REMOVED_SHARE

    @cached_property
    def fingerprints(self) -> dict[str, Fingerprint]:
        """The state of each item when it was read last, by path; loaded when first needed."""
        return self._ledger.read_fingerprints(self.name)

    def is_unmodified(self, item: Item) -> bool:
        """Return whether size, time and settings of an item are those of the last ingest."""
        last = self.fingerprints.get(item.path)
        return (
            last is not None
            and (last.size, last.mtime_ns) == (item.size, item.mtime_ns)
            and last.digest.startswith(self.settings)
        )

    def is_ingested(self, item: Item, content_digest: str) -> bool:
        """Return whether an item was read to its end with this content and these settings."""
        last = self.fingerprints.get(item.path)
        return last is not None and last.size >= 0 and last.digest == self.settings + content_digest

    def open_item(self, item: Item, content_digest: str) -> OpenItem:
        """Open an item in the ledger: it counts as unread until it is closed."""
        key = self._ledger.open_item(self.name, item.path)
        return OpenItem(self, item, key, self.settings + content_digest)

    def close_item(self, item: OpenItem) -> None:
        """Mark an item in the ledger as read to its end."""
        fingerprint = Fingerprint(item.item.size, item.item.mtime_ns, item.digest)
        self._ledger.close_item(item.key, fingerprint)

    def digest_record(self, content: bytes) -> bytes:
        """Return the digest by which a record is recognized; the settings are its key."""
        return hashlib.blake2b(content, digest_size=16, key=self.settings.encode()).digest()


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item that is being read, with its key in the ledger and its digest."""

    source: OpenSource
    item: Item
    key: int
    digest: str

    @property
    def path(self) -> str:
        return self.item.path


def _digest_settings(source: Source) -> str:
    settings = repr((CLEANING_VERSION, replace(source, location="")))
    return hashlib.blake2b(settings.encode(), digest_size=8).hexdigest()
