"""Plain text and Markdown files: a head of title, dates and names, and a body below it.

The head ends at the first paragraph that is neither one of those lines (`heads` knows
them) nor a title or dek.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from corpus.article import Moment, RawArticle
from indexer.clean.decoding import decode
from indexer.clean.fields import Found
from indexer.clean.heads import (
    Clock,
    Part,
    dateline_date,
    is_paragraph,
    is_section,
    read_line,
)
from indexer.clean.markdown import is_markdown, plain
from indexer.clean.metadata import Json, authors, language_tag, web_url
from indexer.clean.paragraphs import blocks, headline, is_sentence, line, unwrapped
from indexer.clean.record import from_record

# No head has more blocks of lines than this; below, lines that look like one are text.
_LONGEST_HEAD = 12
_LONGEST_MATTER = 20_000  # characters
# A line shorter than this that ends without a full stop was not cut by wrapping.
_WRAPPED = 45
# Longer than this with a full stop, a first paragraph is no title.
_LONGEST_TITLE = 150


@dataclass(frozen=True, slots=True)
class _Layout:
    """A text cut in two: the parts of its head in order, and its paragraphs."""

    head: tuple[Part, ...]
    body: tuple[str, ...]

    def first(self, field: str) -> str:
        return next((part.text for part in self.head if part.field == field), "")


def clean_text(raw: RawArticle, now: datetime) -> Found:
    """The fields of a text file. Raises CleanError if it is none."""
    clock = Clock(ZoneInfo(raw.source.timezone), now)
    text = decode(raw.content, raw.source.language, raw.charset)
    matter, text = _front_matter(text)
    if is_markdown(raw.path, text):
        text = plain(text)
    stated = from_record(matter, origin="text", zone=clock.zone, now=now)
    layout = _laid_out(blocks(text), bool(stated.title), clock)
    return _found(layout, stated, clock, web_url(raw.url))


def _found(layout: _Layout, stated: Found, clock: Clock, address: str) -> Found:
    """The fields: what the front matter states, else what the head says."""
    section, title, dek, rest = _titles(layout, stated)
    body = "\n\n".join((*rest, *layout.body)) or stated.body
    origins: list[tuple[str, str]] = []
    published = stated.published or _moment(layout, "published", clock)
    if published is None:
        published = dateline_date(body, _moment(layout, "today", clock), clock)
        origins.append(("published", "dateline"))
    if not title:
        title = headline(body)
        origins.append(("title", "body"))
    return Found(
        title=title,
        body=body,
        dek=dek,
        url=stated.url or web_url(layout.first("url")) or address,
        own_id=stated.own_id,
        source=stated.source or line(layout.first("source")),
        authors=stated.authors or authors(layout.first("authors")),
        section=section,
        language=stated.language or language_tag(layout.first("language")),
        published=published,
        updated=stated.updated or _moment(layout, "updated", clock),
        origin="text",
        origins=tuple(origins),
    )


def _moment(layout: _Layout, field: str, clock: Clock) -> Moment | None:
    moments = (clock.read(part.text) for part in layout.head if part.field == field)
    return next(filter(None, moments), None)


def _titles(layout: _Layout, stated: Found) -> tuple[str, str, str, list[str]]:
    """The section, the title, the dek, and what else stood in the head."""
    lines = [part.text for part in layout.head if not part.field]
    section = stated.section or layout.first("section")
    if not section and len(lines) > 1 and is_section(lines[0]):
        section = lines.pop(0)
    title = stated.title or layout.first("title")
    if lines and (not title or lines[0] == title):
        title = lines.pop(0)
    dek = stated.dek or layout.first("dek")
    if lines and not dek and (layout.body or len(lines) > 1):
        dek = lines.pop(0)
    return section, title, dek, lines


def _laid_out(runs: Sequence[list[str]], titled: bool, clock: Clock) -> _Layout:
    """Cuts a text into head and body; `titled` if its title is known already."""
    head: list[Part] = []
    runs = list(runs)
    tail = _tail(runs, clock)
    if tail:
        runs.pop()
    while runs and len(head) < _LONGEST_HEAD:
        parts, below = _read_block(runs[0], clock)
        if all(not part.field for part in parts) and _is_text(runs, parts, head, titled, clock):
            break
        head += parts
        runs.pop(0)
        if below:
            runs.insert(0, below)
            break
    body = tuple(paragraph for run in runs for paragraph in unwrapped(run))
    return _Layout((*head, *tail), body)


def _tail(runs: Sequence[list[str]], clock: Clock) -> list[Part]:
    """The source and the address, where the last block is nothing else."""
    if len(runs) < 2:
        return []
    read = [read_line(line(each), clock) for each in runs[-1]]
    parts = [part for found in read for part in found]
    stated = all(read) and all(part.field in {"source", "url"} for part in parts)
    return parts if stated else []


def _read_block(block: list[str], clock: Clock) -> tuple[list[Part], list[str]]:
    """The parts of a block of the head, and those of its lines that are text below it."""
    lines = list(map(line, block))
    read = [read_line(each, clock) for each in lines]
    if not any(read):
        return [Part("", each) for each in _unlabelled(lines)], []
    last = max(index for index, parts in enumerate(read) if parts)
    parts = [
        part
        for each, found in zip(lines[: last + 1], read, strict=False)
        for part in found or [Part("", each)]
    ]
    below = block[last + 1 :]
    if len(below) == 1 and not is_sentence(lines[-1]) and not is_paragraph(lines[-1]):
        return [*parts, Part("", lines[-1])], []
    return parts, below


def _unlabelled(lines: list[str]) -> list[str]:
    """Lines that follow each other are one, cut by wrapping, unless the first is short."""
    whole = " ".join(lines)
    if len(lines) == 1 or is_paragraph(whole) or len(lines[0]) >= _WRAPPED:
        return [whole]
    return lines


def _is_text(
    runs: Sequence[list[str]], parts: list[Part], head: list[Part], titled: bool, clock: Clock
) -> bool:
    """Whether a block of unlabelled lines begins the body."""
    if any(is_paragraph(part.text) for part in parts):
        return True
    lines = [part.text for part in head if not part.field]
    named = titled or any(part.field == "title" for part in head)
    before = max(len(lines) - any(map(is_section, lines[:1])), int(named))
    if before == 0:
        return is_sentence(parts[-1].text) and len(parts[-1].text) > _LONGEST_TITLE
    if before == 1 and _head_goes_on(runs, clock):
        return False
    return before > 1 or is_sentence(parts[-1].text) or len(parts) > 1


def _head_goes_on(runs: Sequence[list[str]], clock: Clock) -> bool:
    """Whether the next block, which is not the last, has lines of a head."""
    if len(runs) < 3:
        return False
    return any(read_line(line(each), clock) for each in runs[1])


def _front_matter(text: str) -> tuple[Mapping[str, Json], str]:
    """What stands between the first two lines of `---`, and the text below them."""
    first, _, rest = text.lstrip().partition("\n")
    matter, closed, below = rest.partition("\n---")
    if first.rstrip() != "---" or not closed or len(matter) > _LONGEST_MATTER:
        return {}, text
    loaded = _yaml(matter)
    return (loaded, below.partition("\n")[2]) if isinstance(loaded, dict) else ({}, text)


def _yaml(text: str) -> Json:
    """Every scalar as it is written: a title may be `No` or `1984`, a date impossible."""
    import yaml

    try:
        loaded: Json = yaml.BaseLoader(text).get_single_data()
    except (yaml.YAMLError, RecursionError):
        return None
    return loaded
