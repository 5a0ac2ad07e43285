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
from indexer.clean.fields import Found
from indexer.clean.markup import parse, text_blocks
from indexer.clean.metadata import authors
from indexer.clean.paragraphs import line, paragraphs

_MOST = 1_000  # matching elements that are read
_LONGEST_LINE = 1_000  # characters
_ORIGIN = "selector"


def selected(markup: str, raw: RawArticle, now: datetime) -> tuple[str, Found]:
    """Return the page without the elements to remove, and the selected fields."""
    selectors = dict(raw.source.selectors)
    soup = parse(markup)
    for selector in selectors.get("remove", ()):
        for tag in soup.select(selector):
            tag.extract()
    return str(soup), _fields(soup, selectors, ZoneInfo(raw.source.timezone), now)


def _fields(
    soup: BeautifulSoup, chosen: Mapping[str, tuple[str, ...]], zone: ZoneInfo, now: datetime
) -> Found:
    def select(field: str) -> list[Tag]:
        return list(_matching(soup, chosen.get(field, ())))

    def read_first(field: str) -> str:
        return next(filter(None, map(_text, select(field))), "")

    def read_moment(field: str) -> Moment | None:
        moments = (find_date(_date(tag), zone=zone, now=now) for tag in select(field))
        return next((moment for moment in moments if moment is not None), None)

    names = (name for tag in select("authors") for name in authors(_text(tag)))
    return Found(
        title=read_first("title"),
        dek=read_first("dek"),
        body="\n\n".join(paragraph for tag in select("body") for paragraph in _paragraphs(tag)),
        authors=tuple(dict.fromkeys(names)),
        section=read_first("section"),
        published=read_moment("date"),
        updated=read_moment("updated"),
        origin=_ORIGIN,
    )


def _matching(soup: BeautifulSoup, selectors: tuple[str, ...]) -> Iterator[Tag]:
    """Yield the elements that match any of the selectors, in document order, none twice."""
    selected_ids: set[int] = set()
    for tag in soup.select(", ".join(selectors), limit=_MOST) if selectors else ():
        # The text of a selected element includes that of its descendants.
        if selected_ids.isdisjoint(map(id, tag.parents)):
            selected_ids.add(id(tag))
            yield tag


def _text(tag: Tag) -> str:
    return line(_told(tag, "content") or tag.get_text(" ", strip=True)[:_LONGEST_LINE])


def _date(tag: Tag) -> str:
    """Return the machine-readable form of a date, else its text."""
    return _told(tag, "datetime") or _text(tag)


def _told(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return value if isinstance(value, str) else ""


def _paragraphs(tag: Tag) -> list[str]:
    return [paragraph for block in text_blocks(tag) for paragraph in paragraphs(block.text)]
