"""A source's own CSS selectors: what they match on a page overrides all other metadata.

If a selector matches nothing, or nothing that can be parsed, its field is extracted as usual.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag

from corpus.article import Moment, RawArticle
from indexer.clean.dates import find_date
from indexer.clean.fields import ArticleFields
from indexer.clean.markup import extract_text_blocks, parse_markup
from indexer.clean.metadata import parse_authors
from indexer.clean.paragraphs import clean_line, split_paragraphs

_MAX_ELEMENTS = 1_000  # matching elements that are read
_MAX_LINE_CHARS = 1_000  # characters
_ORIGIN = "selector"


def apply_selectors(markup: str, raw: RawArticle, now: datetime) -> tuple[str, ArticleFields]:
    """Return the page without the elements to remove, and the selected fields."""
    selectors = dict(raw.source.selectors)
    soup = parse_markup(markup)
    for selector in selectors.get("remove", ()):
        for tag in soup.select(selector):
            tag.extract()
    return str(soup), _read_fields(soup, selectors, ZoneInfo(raw.source.timezone), now)


def _read_fields(
    soup: BeautifulSoup, selectors: Mapping[str, tuple[str, ...]], zone: ZoneInfo, now: datetime
) -> ArticleFields:
    def select(field: str) -> list[Tag]:
        return list(_select_elements(soup, selectors.get(field, ())))

    def read_first(field: str) -> str:
        return next(filter(None, map(_read_text, select(field))), "")

    def read_moment(field: str) -> Moment | None:
        moments = (find_date(_read_date_text(tag), zone=zone, now=now) for tag in select(field))
        return next((moment for moment in moments if moment is not None), None)

    names = (name for tag in select("authors") for name in parse_authors(_read_text(tag)))
    return ArticleFields(
        title=read_first("title"),
        dek=read_first("dek"),
        body="\n\n".join(
            paragraph for tag in select("body") for paragraph in _read_paragraphs(tag)
        ),
        authors=tuple(dict.fromkeys(names)),
        section=read_first("section"),
        published=read_moment("date"),
        updated=read_moment("updated"),
        origin=_ORIGIN,
    )


def _select_elements(soup: BeautifulSoup, selectors: tuple[str, ...]) -> Iterator[Tag]:
    """Yield the elements that match any of the selectors, in document order, none twice."""
    selected_ids: set[int] = set()
    for tag in soup.select(", ".join(selectors), limit=_MAX_ELEMENTS) if selectors else ():
        # The text of a selected element includes that of its descendants.
        if selected_ids.isdisjoint(map(id, tag.parents)):
            selected_ids.add(id(tag))
            yield tag


def _read_text(tag: Tag) -> str:
    return clean_line(
        _get_attribute(tag, "content") or tag.get_text(" ", strip=True)[:_MAX_LINE_CHARS]
    )


def _read_date_text(tag: Tag) -> str:
    """Return the machine-readable form of a date, else its text."""
    return _get_attribute(tag, "datetime") or _read_text(tag)


def _get_attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return value if isinstance(value, str) else ""


def _read_paragraphs(tag: Tag) -> list[str]:
    return [
        paragraph
        for block in extract_text_blocks(tag)
        for paragraph in split_paragraphs(block.text)
    ]
