"""What reading a source comes upon, in the order in which it is cleaned and written."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.article import RawArticle, Source
from corpus.sources import Item, Unreadable


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item that is being read, with its key in the store and its digest."""

    source: Source
    item: Item
    key: int
    digest: str


@dataclass(frozen=True, slots=True)
class Record:
    """A raw article that the store does not have in this form."""

    origin: OpenItem
    raw: RawArticle
    digest: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """A raw article that the store has."""

    size: int


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that the reader could not read."""

    origin: OpenItem
    unreadable: Unreadable


@dataclass(frozen=True, slots=True)
class End:
    """The end of an item.

    `whole` if the file could be read to its end, `intact` if every record in it could, too.
    """

    origin: OpenItem
    whole: bool
    intact: bool


Event = Record | Known | Broken | End
