"""Ours and the others: each makes of a page what it can.

The others are in the extra `eval`. They are imported by name when asked for, so that
nobody needs them to check types or to measure ours.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from corpus.article import MediaType, Moment, RawArticle, Source
from corpus.encodings.decoding import DecodingError, decode_page
from indexer.clean import CleanError, clean
from tests.eval.pages import Page

_SOURCE = Source("eval", "/")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was made of a page; of a page that gave nothing, nothing."""

    title: str = ""
    dek: str = ""
    body: str = ""
    published: Moment | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class System:
    """One that extracts, and the figures that it can have."""

    name: str
    extract: Callable[[Page], Extracted]
    gives: frozenset[str]


def dateline(page: Page) -> Extracted:
    raw = RawArticle(_SOURCE, page.name, MediaType.HTML, page.content, url=page.url)
    try:
        article = clean(raw, now=page.fetched)
    except CleanError:
        return Extracted()
    return Extracted(article.title, article.dek, article.body, article.published, article.authors)


def trafilatura(page: Page, *, favor_precision: bool = False) -> Extracted:
    found = import_module("trafilatura").bare_extraction(
        page.content,
        url=page.url or None,
        with_metadata=True,
        include_comments=False,
        favor_precision=favor_precision,
    )
    if found is None:
        return Extracted()
    return Extracted(
        title=found.title or "",
        dek=found.description or "",
        body=found.text or "",
        published=_day(found.date),
        authors=tuple(found.author.split("; ")) if found.author else (),
    )


def trafilatura_precise(page: Page) -> Extracted:
    return trafilatura(page, favor_precision=True)


def readability(page: Page) -> Extracted:
    from lxml import etree, html

    module = import_module("readability.readability")
    try:
        # Some releases fail on bytes.
        document = module.Document(decode_page(page.content, ""))
        body = " ".join(html.fromstring(document.summary()).itertext())
    except (DecodingError, module.Unparseable, etree.ParserError):
        return Extracted()
    return Extracted(title=document.short_title(), body=body)


def htmldate(page: Page) -> Extracted:
    find_date = import_module("htmldate").find_date
    return Extracted(published=_day(find_date(page.content, url=page.url, original_date=True)))


def _day(written: str | None) -> Moment | None:
    if not written:
        return None
    return Moment(datetime.fromisoformat(written).replace(tzinfo=UTC), day_only=True)


_ALL = frozenset({"title", "body", "day", "minute", "authors"})
OURS = System("dateline", dateline, _ALL)
PEERS = (
    System("trafilatura", trafilatura, _ALL - {"minute"}),
    System("traf. precise", trafilatura_precise, _ALL - {"minute"}),
    System("readability", readability, frozenset({"title", "body"})),
    System("htmldate", htmldate, frozenset({"day"})),
)


@dataclass(frozen=True, slots=True)
class Run:
    """What one system made of one page; seconds are of one core. `peak` is the most memory
    that its process ever had, in MiB."""

    extracted: Extracted
    seconds: float
    peak: float


def run(system: System, page: Page) -> Run:
    start = time.process_time()
    extracted = system.extract(page)
    return Run(extracted, time.process_time() - start, _peak())


def _peak() -> float:
    """Linux tells it; `getrusage` would give that of the parent, which holds all pages."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0.0
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
