"""Facets as lists of links: each value adds itself to the query, or takes itself out."""

from __future__ import annotations

from dataclasses import dataclass

from search.results.facets import Facets
from search.text.escaping import replace_unsafe
from search.web.pages.labels import label_value
from search.web.pages.refinement import Narrowing
from search.web.pages.rendering import Site

# In the order of the page, the most discriminating field first.
SIDEBAR_FIELDS = ("source", "section", "person", "org", "place", "author", "language")
FIELD_HEADINGS = {
    "source": "Source",
    "section": "Section",
    "person": "People",
    "org": "Organizations",
    "place": "Places",
    "author": "Authors",
    "language": "Language",
}
MAX_FIRST_VALUES = 5
MAX_VALUES = 15


@dataclass(frozen=True, slots=True)
class FacetValueLink:
    """A value, and the link that adds it to the query, or removes a `chosen` one."""

    name: str
    count: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """The most frequent values of a facet: the visible `values`, and the folded `more`."""

    heading: str
    values: tuple[FacetValueLink, ...]
    more: tuple[FacetValueLink, ...]
    rest: str

    @property
    def more_label(self) -> str:
        return f"{len(self.more)} more"


def build_facet_groups(
    facets: Facets, narrowing: Narrowing, site: Site, sort: str
) -> tuple[FacetGroup, ...]:
    """Return the facets that have values."""
    built = []
    for field in SIDEBAR_FIELDS:
        facet = facets.facets[field]
        values = tuple(
            _link_value(field, bucket.value, bucket.count, narrowing, site, sort)
            for bucket in facet.buckets
        )
        if values:
            left = facet.values - len(values)
            rest = f"and {left:,} more" if facet.all_counted else f"and more than {left:,} more"
            built.append(
                FacetGroup(
                    FIELD_HEADINGS[field],
                    values[:MAX_FIRST_VALUES],
                    values[MAX_FIRST_VALUES:],
                    rest if left > 0 else "",
                )
            )
    return tuple(built)


def _link_value(
    field: str, value: str, count: int, narrowing: Narrowing, site: Site, sort: str
) -> FacetValueLink:
    at = narrowing.find_value(field, value)
    text = narrowing.add_value(field, value) if at is None else narrowing.remove_piece(at)
    return FacetValueLink(
        replace_unsafe(label_value(field, value)),
        f"{count:,}",
        site.link_to_search(text, sort=sort),
        at is not None,
    )
