"""Plain text and Markdown files: a head of title, dates and names, and a body below it.

The head ends at the first paragraph that is neither a line that `heads` parses nor a title
or dek.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from corpus.article import Moment, RawArticle
from indexer.clean.fields import Found
from indexer.clean.metadata import Json, authors, language_tag, web_url
from indexer.clean.paragraphs import blocks, headline, is_sentence, line, rejoined, unwrapped
from indexer.clean.record import from_record
from indexer.clean.texts.decoding import decode
from indexer.clean.texts.heads import (
    Clock,
    Part,
    dateline_date,
    is_code,
    is_masthead,
    is_paragraph,
    is_section,
    read_line,
)
from indexer.clean.texts.markdown import is_markdown, plain
from indexer.clean.texts.tails import without_credit, without_tail

# A head has no more parts or lines than this; lines below that look like parts are text.
_LONGEST_HEAD = 20
# A line drawn below a title or between parts.
_RULE = re.compile(r"^[ \t]*([=\-_*~–—])(?:[ \t]*\1){2,}[ \t]*$", re.M)
# A label that a database writes before a text.
_ABOVE = re.compile(r"(?:full text|text|body)\s*:\s*(?=\S)", re.I)
# Lines without a label that may end a block of the head: section, title and dek.
_MOST_BELOW = 3
_LONGEST_MATTER = 20_000  # characters
# A line shorter than this that ends without a full stop was not cut by wrapping.
_WRAPPED = 45
# No title ends with one of these.
_OPEN = re.compile(
    r"\b(?:a|an|the|of|to|in|on|at|by|for|from|with|and|or|as|is|that|der|die|das|und|von|mit|de|la"
    r"|el|los|las|y|en|du|des|les|et)$|[,:;–—-]$",
    re.I,
)
_STOP = re.compile(r"[a-z]{2}\.[\"'”’)]*$(?<!Inc\.)(?<!Corp\.)(?<!Jr\.)(?<!Co\.)(?<!Ltd\.)")
# A first paragraph that is longer than this and ends with a full stop is not a title.
_LONGEST_TITLE = 150


@dataclass(frozen=True, slots=True)
class _Layout:
    """A text split into the parts of its head, in order, and the paragraphs of its body.

    `reporters` are those that credits below the body name.
    """

    head: tuple[Part, ...]
    body: tuple[str, ...]
    reported: str = ""

    def first(self, field: str) -> str:
        return next((part.text for part in self.head if part.field == field), "")


def clean_text(raw: RawArticle, now: datetime) -> Found:
    """Return the fields of a text file; raise CleanError if its content is not text."""
    date_parser = Clock(ZoneInfo(raw.source.timezone), now)
    text = decode(raw.content, raw.source.language, raw.charset).replace("\r\n", "\n")
    matter, text = _front_matter(text)
    text = plain(text) if matter or is_markdown(raw.path, text) else rejoined(text)
    stated = from_record(matter, origin="text", zone=date_parser.zone, now=now)
    line_blocks, reporters = without_tail(blocks(_RULE.sub("\n", text)))
    layout = _laid_out(line_blocks, bool(stated.title), date_parser, reporters)
    return _found(layout, stated, date_parser, web_url(raw.url))


def _found(layout: _Layout, stated: Found, clock: Clock, address: str) -> Found:
    """Return the fields: from the front matter, or else from the head."""
    layout, masthead = _without_masthead(layout)
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
        source=stated.source or line(layout.first("source") or masthead or _published_by(layout)),
        authors=stated.authors or authors(layout.first("authors") or layout.reported),
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
    """Return the section, the title, the dek, and the other lines of the head."""
    holders = {part.text.casefold() for part in layout.head if part.field == "holder"}
    lines = [part.text for part in layout.head if not part.field]
    if holders:
        lines = [text for text in lines if text.casefold() not in holders and not is_code(text)]
    section = stated.section or layout.first("section")
    if not section and len(lines) > 1 and is_section(lines[0]):
        section = lines.pop(0)
    title = stated.title or layout.first("title")
    if lines and (not title or lines[0] == title):
        title = lines.pop(0)
    dek = stated.dek or layout.first("dek")
    if lines and lines[0].casefold() == title.casefold():
        lines.pop(0)
    if lines and not dek and _is_dek(lines[0]) and (layout.body or len(lines) > 1):
        dek = lines.pop(0)
    return section, title, dek, lines


def _without_masthead(layout: _Layout) -> tuple[_Layout, str]:
    """Remove the newspaper's name above the date or after the title; return both, or ""."""
    match layout.head:
        case (Part("", name), Part("published"), *rest) if is_masthead(name):
            if any(not part.field for part in rest):
                return replace(layout, head=layout.head[1:]), name
        case (Part("", first), *rest):
            title, _, name = first.rpartition(" | ")
            if title and is_masthead(name):
                return replace(layout, head=(Part("", title), *rest)), name
    return layout, ""


def _is_dek(text: str) -> bool:
    """Return whether a line has the length of a dek and is not a label ("Editor's note:")."""
    has_spaces = text.isascii()
    return not text.endswith(":") and (not has_spaces or len(text.split()) > 2)


def _published_by(layout: _Layout) -> str:
    """Return the rights holder if the name is also a line of its own in the head, or ""."""
    names = {part.text.casefold() for part in layout.head if not part.field}
    holders = (part.text for part in layout.head if part.field == "holder")
    return next((holder for holder in holders if holder.casefold() in names), "")


def _laid_out(runs: Sequence[list[str]], titled: bool, clock: Clock, reported: str = "") -> _Layout:
    """Split the blocks of a text into head and body; `has_title` if its title is known."""
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
    body = [paragraph for block in runs for paragraph in unwrapped(block)]
    if body:
        if any(part.field for part in head):
            body[0] = _ABOVE.sub("", body[0])
        body[-1], credited = without_credit(body[-1])
        reported = reported or credited
    return _Layout((*head, *tail), tuple(body), reported)


def _tail(runs: Sequence[list[str]], clock: Clock) -> list[Part]:
    """Return the source and the URL if the last block has nothing else, or an empty list."""
    if len(runs) < 2:
        return []
    parsed = [read_line(line(raw_line), clock) for raw_line in runs[-1]]
    parts = [part for line_parts in parsed for part in line_parts]
    is_tail = all(parsed) and all(part.field in {"source", "url"} for part in parts)
    return parts if is_tail else []


def _read_block(block: list[str], clock: Clock) -> tuple[list[Part], list[str]]:
    """Return the parts of a block of the head, and its last lines that are text already."""
    lines = list(map(line, block))
    parsed = [read_line(text, clock) for text in lines[:_LONGEST_HEAD]]
    parsed = parsed[: _text_begins(lines, parsed)]
    if not any(parsed):
        return [Part("", text) for text in _unlabelled(lines)], []
    last = max(index for index, line_parts in enumerate(parsed) if line_parts)
    parts = [
        part
        for text, line_parts in zip(lines[: last + 1], parsed, strict=False)
        for part in line_parts or [Part("", text)]
    ]
    below = lines[last + 1 :]
    is_text = len(below) > _MOST_BELOW or any(
        is_sentence(text) or is_paragraph(text) for text in below
    )
    if below and not is_text:
        return [*parts, *(Part("", text) for text in _unlabelled(below))], []
    return parts, block[last + 1 :]


def _text_begins(lines: list[str], read: list[list[Part]]) -> int:
    """Return the index of the first line of text: a paragraph, or three wrapped lines."""
    for index, text in enumerate(lines[: len(read)]):
        last = slice(max(0, index - 2), index + 1)
        wrapped = index > 1 and not any(read[last]) and min(map(len, lines[last])) >= _WRAPPED
        if wrapped or is_paragraph(text):
            return index - 2 * wrapped
    return len(read)


def _unlabelled(lines: list[str]) -> list[str]:
    """Join consecutive lines, which are one that was wrapped, unless the first is short."""
    joined = " ".join(lines)
    if len(lines) == 1 or is_paragraph(joined) or len(lines[0]) >= _WRAPPED:
        return [joined]
    if len(lines) == 2 and (_OPEN.search(lines[0]) or lines[1][0].islower()):
        return [joined]
    return lines


def _is_text(
    runs: Sequence[list[str]], parts: list[Part], head: list[Part], titled: bool, clock: Clock
) -> bool:
    """Return whether the first block, whose lines have no label, begins the body."""
    if any(is_paragraph(part.text) for part in parts):
        return True
    lines = [part.text for part in head if not part.field]
    is_title_known = titled or any(part.field == "title" for part in head)
    title_lines = max(len(lines) - any(map(is_section, lines[:1])), int(is_title_known))
    if title_lines == 0 and not head and _STOP.search(parts[-1].text):
        # A body's first sentence becomes the title, so nothing is lost if this is one.
        return len(runs) > 1 and not _head_goes_on(runs, clock, far=3)
    if title_lines == 0:
        return is_sentence(parts[-1].text) and len(parts[-1].text) > _LONGEST_TITLE
    if title_lines == 1 and _head_goes_on(runs, clock):
        return False
    return title_lines > 1 or is_sentence(parts[-1].text) or len(parts) > 1


def _head_goes_on(runs: Sequence[list[str]], clock: Clock, far: int = 1) -> bool:
    """Return whether one of the next `max_blocks` blocks, but not the last, has lines of a head."""
    near = runs[1 : min(far + 1, len(runs) - 1)]
    raw_lines = (raw_line for block in near for raw_line in block[:_LONGEST_HEAD])
    return any(read_line(line(raw_line), clock) for raw_line in raw_lines)


def _front_matter(text: str) -> tuple[Mapping[str, Json], str]:
    """Return the front matter between the first two lines of `---`, and the text below."""
    first, _, rest = text.lstrip().partition("\n")
    matter, closed, below = rest.partition("\n---")
    if first.rstrip() != "---" or not closed or len(matter) > _LONGEST_MATTER:
        return {}, text
    fields = _yaml(matter)
    return (fields, below.partition("\n")[2]) if isinstance(fields, dict) else ({}, text)


def _yaml(text: str) -> Json:
    """Load YAML with every scalar a string: a title may be `No` or `1984`, a date invalid."""
    import yaml

    try:
        loaded: Json = yaml.BaseLoader(text).get_single_data()
    except (yaml.YAMLError, RecursionError):
        return None
    return loaded
