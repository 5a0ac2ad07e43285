"""Facets as lists of links: each value adds itself to the query, or takes itself out."""

from __future__ import annotations

from dataclasses import dataclass

from search.results.facets import Facets
from search.text.escaping import replace_unsafe
from search.web.pages.labels import value_words
from search.web.pages.refinement import Narrowing
from search.web.pages.rendering import Site

# In the order of the page, the most discriminating field first.
SHOWN = ("source", "section", "person", "org", "place", "author", "language")
HEADINGS = {
    "source": "Source",
    "section": "Section",
    "person": "People",
    "org": "Organizations",
    "place": "Places",
    "author": "Authors",
    "language": "Language",
}
FEW = 5
MANY = 15


@dataclass(frozen=True, slots=True)
class Value:
    """A value, and the link that adds it to the query, or removes a `chosen` one."""

    name: str
    count: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The most frequent values of a facet: the visible `values`, and the folded `more`."""

    heading: str
    values: tuple[Value, ...]
    more: tuple[Value, ...]
    rest: str

    @property
    def hidden(self) -> str:
        return f"{len(self.more)} more"


def groups(found: Facets, narrowing: Narrowing, site: Site, sort: str) -> tuple[Group, ...]:
    """Return the facets that have values."""
    built = []
    for field in SHOWN:
        facet = found.facets[field]
        values = tuple(
            _value(field, bucket.value, bucket.count, narrowing, site, sort)
            for bucket in facet.buckets
        )
        if values:
            left = facet.values - len(values)
            rest = f"and {left:,} more" if facet.all_counted else f"and more than {left:,} more"
            built.append(
                Group(HEADINGS[field], values[:FEW], values[FEW:], rest if left > 0 else "")
            )
    return tuple(built)


def _value(
    field: str, value: str, count: int, narrowing: Narrowing, site: Site, sort: str
) -> Value:
    at = narrowing.value_at(field, value)
    text = narrowing.to_value(field, value) if at is None else narrowing.without(at)
    return Value(
        replace_unsafe(value_words(field, value)),
        f"{count:,}",
        site.search(text, sort=sort),
        at is not None,
    )
