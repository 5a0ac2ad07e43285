"""The fields that are extracted from a raw article, and the error if there is no article."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpus.article import Moment
from corpus.errors import DatelineError


class CleanError(DatelineError):
    """A raw article contains no article that can be read; the message is the reason."""


@dataclass(frozen=True, slots=True)
class ArticleFields:
    """The fields that a page, text or record states.

    Empty text and None mean that it does not state the field. `own_id` is the id that the
    source gave it, `source` the publisher as stated. `origin` is the origin of all fields
    except those in `origins`, which are pairs of a field and its origin. `agreed` is whether
    two places state the same day of publication.
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
        """Each field that has a value, with its origin."""
        names = [name for name in _PROVENANCE_FIELDS if getattr(self, name)]
        if not self.origins:
            return tuple([(name, self.origin) for name in names])
        return tuple((name, self.get_origin(name)) for name in names)

    def replace_origin(self, field: str, origin: str) -> ArticleFields:
        """Return these fields with another origin for one of them."""
        others = tuple(pair for pair in self.origins if pair[0] != field)
        return replace(self, origins=(*others, (field, origin)))

    def get_origin(self, field: str) -> str:
        """Return the origin of a field."""
        return next((place for name, place in self.origins if name == field), self.origin)


_PROVENANCE_FIELDS = (
    "title", "dek", "body", "published", "updated", "authors", "section", "source", "language",
    "url",
)  # fmt: skip


def merge_fields(*sources: ArticleFields) -> ArticleFields:
    """Merge fields: each is taken from the first that states it."""

    def find_first(field: str) -> ArticleFields:
        return next((source for source in sources if getattr(source, field)), sources[0])

    return ArticleFields(
        title=find_first("title").title,
        body=find_first("body").body,
        dek=find_first("dek").dek,
        url=find_first("url").url,
        own_id=find_first("own_id").own_id,
        source=find_first("source").source,
        authors=find_first("authors").authors,
        section=find_first("section").section,
        language=find_first("language").language,
        published=find_first("published").published,
        updated=find_first("updated").updated,
        origins=tuple((name, find_first(name).get_origin(name)) for name in _PROVENANCE_FIELDS),
        agreed=find_first("published").agreed,
    )
