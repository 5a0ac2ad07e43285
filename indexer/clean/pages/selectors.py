"""A source's own CSS selectors: what they match on a page overrides everything else.

A selector that matches nothing, or nothing that can be read, leaves its field to the rest.
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

_MOST = 1_000  # elements that are taken of those that match
_LONGEST_LINE = 1_000  # characters
_ORIGIN = "selector"


def selected(markup: str, raw: RawArticle, now: datetime) -> tuple[str, Found]:
    """The page without what its source removes, and the fields that its source selects."""
    chosen = dict(raw.source.selectors)
    soup = parse(markup)
    for selector in chosen.get("remove", ()):
        for tag in soup.select(selector):
            tag.extract()
    return str(soup), _fields(soup, chosen, ZoneInfo(raw.source.timezone), now)


def _fields(
    soup: BeautifulSoup, chosen: Mapping[str, tuple[str, ...]], zone: ZoneInfo, now: datetime
) -> Found:
    def tags(field: str) -> list[Tag]:
        return list(_matching(soup, chosen.get(field, ())))

    def first(field: str) -> str:
        return next(filter(None, map(_text, tags(field))), "")

    def moment(field: str) -> Moment | None:
        told = (find_date(_date(tag), zone=zone, now=now) for tag in tags(field))
        return next((each for each in told if each is not None), None)

    names = (name for tag in tags("authors") for name in authors(_text(tag)))
    return Found(
        title=first("title"),
        dek=first("dek"),
        body="\n\n".join(each for tag in tags("body") for each in _paragraphs(tag)),
        authors=tuple(dict.fromkeys(names)),
        section=first("section"),
        published=moment("date"),
        updated=moment("updated"),
        origin=_ORIGIN,
    )


def _matching(soup: BeautifulSoup, selectors: tuple[str, ...]) -> Iterator[Tag]:
    """The elements that match any of the selectors, in the page's order, none twice."""
    taken: set[int] = set()
    for tag in soup.select(", ".join(selectors), limit=_MOST) if selectors else ():
        # What is within an element that was taken is taken with it.
        if taken.isdisjoint(map(id, tag.parents)):
            taken.add(id(tag))
            yield tag


def _text(tag: Tag) -> str:
    return line(_told(tag, "content") or tag.get_text(" ", strip=True)[:_LONGEST_LINE])


def _date(tag: Tag) -> str:
    """The machine's form of a date before the reader's."""
    return _told(tag, "datetime") or _text(tag)


def _told(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return value if isinstance(value, str) else ""


def _paragraphs(tag: Tag) -> list[str]:
    return [each for block in text_blocks(tag) for each in paragraphs(block.text)]
