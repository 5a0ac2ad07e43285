"""What a path of cleaning finds in a raw article, and its one error."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpus.article import Moment
from corpus.errors import DatelineError


class CleanError(DatelineError):
    """A raw article holds no article that can be read; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Found:
    """The fields that a page, text or record gives by itself.

    Empty text and None mean that it does not say. `own_id` is the id that the source gave
    it, `source` who published it in its own words. `origin` says where the fields were
    found, but those of `origins`, which pairs a field with another place. `agreed` is whether
    two places say when it was published.
    """

    title: str
    body: str
    dek: str = ""
    url: str = ""
    own_id: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    language: str = ""
    published: Moment | None = None
    updated: Moment | None = None
    origin: str = ""
    origins: tuple[tuple[str, str], ...] = ()
    agreed: bool = False

    @property
    def provenance(self) -> tuple[tuple[str, str], ...]:
        """Each field that has a value, with where it was found."""
        found = [name for name in _SHOWN if getattr(self, name)]
        if not self.origins:
            return tuple([(name, self.origin) for name in found])
        return tuple((name, self.place(name)) for name in found)

    def placed(self, field: str, place: str) -> Found:
        """These fields, one of them said to be found in another place."""
        others = tuple(pair for pair in self.origins if pair[0] != field)
        return replace(self, origins=(*others, (field, place)))

    def place(self, field: str) -> str:
        """Where a field was found."""
        return next((place for name, place in self.origins if name == field), self.origin)


_SHOWN = (
    "title", "dek", "body", "published", "updated", "authors", "section", "source", "language",
    "url",
)  # fmt: skip


def merged(*founds: Found) -> Found:
    """Each field from the first that has it."""

    def first(field: str) -> Found:
        return next((found for found in founds if getattr(found, field)), founds[0])

    return Found(
        title=first("title").title,
        body=first("body").body,
        dek=first("dek").dek,
        url=first("url").url,
        own_id=first("own_id").own_id,
        source=first("source").source,
        authors=first("authors").authors,
        section=first("section").section,
        language=first("language").language,
        published=first("published").published,
        updated=first("updated").updated,
        origins=tuple((name, first(name).place(name)) for name in _SHOWN),
        agreed=first("published").agreed,
    )
