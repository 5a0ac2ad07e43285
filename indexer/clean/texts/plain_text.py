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
from corpus.encodings.decoding import decode_text
from indexer.clean.dates.date_reader import DateReader
from indexer.clean.fields import ArticleFields
from indexer.clean.metadata import Json, normalize_language_tag, parse_authors, validate_web_url
from indexer.clean.paragraphs import (
    clean_line,
    is_sentence,
    join_hyphenated_words,
    make_headline,
    split_blocks,
    unwrap_block,
)
from indexer.clean.record import extract_record_fields
from indexer.clean.texts.heads import (
    HeadPart,
    is_masthead,
    is_newspaper_code,
    is_paragraph,
    is_section_name,
    parse_dateline_date,
    parse_head_line,
)
from indexer.clean.texts.markdown import is_markdown, strip_markdown
from indexer.clean.texts.messages import read_message
from indexer.clean.texts.tails import split_credit, split_tail

# A head has no more parts or lines than this; lines below that look like parts are text.
_MAX_HEAD_PARTS = 20
# A line drawn below a title or between parts.
_DRAWN_RULE = re.compile(r"^[ \t]*([=\-_*~–—])(?:[ \t]*\1){2,}[ \t]*$", re.M)
# A label that a database writes before a text.
_BODY_LABEL = re.compile(r"(?:full text|text|body)\s*:\s*(?=\S)", re.I)
# Lines without a label that may end a block of the head: section, title and dek.
_MAX_UNLABELLED_LINES = 3
_MAX_FRONT_MATTER_CHARS = 20_000  # characters
# A line shorter than this that ends without a full stop was not cut by wrapping.
_MIN_WRAPPED_LINE_CHARS = 45
# No title ends with one of these.
_UNFINISHED_TITLE = re.compile(
    r"\b(?:a|an|the|of|to|in|on|at|by|for|from|with|and|or|as|is|that|der|die|das|und|von|mit|de|la"
    r"|el|los|las|y|en|du|des|les|et)$|[,:;–—-]$",
    re.I,
)
_FULL_STOP = re.compile(r"[a-z]{2}\.[\"'”’)]*$(?<!Inc\.)(?<!Corp\.)(?<!Jr\.)(?<!Co\.)(?<!Ltd\.)")
# A first paragraph that is longer than this and ends with a full stop is not a title.
_MAX_TITLE_CHARS = 150


@dataclass(frozen=True, slots=True)
class _Layout:
    """A text split into the parts of its head, in order, and the paragraphs of its body.

    `reporters` are those that credits below the body name.
    """

    head: tuple[HeadPart, ...]
    body: tuple[str, ...]
    reporters: str = ""

    def find_text(self, field: str) -> str:
        return next((part.text for part in self.head if part.field == field), "")


def clean_text(raw: RawArticle, now: datetime) -> ArticleFields:
    """Return the fields of a text file; raise CleanError if its content is not text."""
    language = raw.source.language
    reader = DateReader(ZoneInfo(raw.source.timezone), now).set_language(language, "")
    matter, text = _split_matter(raw)
    text = (
        strip_markdown(text)
        if matter or is_markdown(raw.path, text)
        else join_hyphenated_words(text)
    )
    stated = extract_record_fields(matter, origin="text", reader=reader)
    line_blocks, reporters = split_tail(split_blocks(_DRAWN_RULE.sub("\n", text)))
    layout = _split_layout(line_blocks, bool(stated.title), reader, reporters)
    return _build_fields(layout, stated, reader, validate_web_url(raw.url))


def _build_fields(
    layout: _Layout, stated: ArticleFields, reader: DateReader, url: str
) -> ArticleFields:
    """Return the fields: from the front matter, or else from the head."""
    layout, masthead = _remove_masthead(layout)
    section, title, dek, rest = _find_titles(layout, stated)
    body = "\n\n".join((*rest, *layout.body)) or stated.body
    origins: list[tuple[str, str]] = []
    published = stated.published or _find_moment(layout, "published", reader)
    if published is None:
        published = parse_dateline_date(body, _find_moment(layout, "today", reader), reader)
        origins.append(("published", "dateline"))
    if not title:
        title = make_headline(body)
        origins.append(("title", "body"))
    return ArticleFields(
        title=title,
        body=body,
        dek=dek,
        url=stated.url or validate_web_url(layout.find_text("url")) or url,
        own_id=stated.own_id,
        source=stated.source
        or clean_line(layout.find_text("source") or masthead or _find_rights_holder(layout)),
        authors=stated.authors or parse_authors(layout.find_text("authors") or layout.reporters),
        section=section,
        language=stated.language or normalize_language_tag(layout.find_text("language")),
        published=published,
        updated=stated.updated or _find_moment(layout, "updated", reader),
        origin="text",
        origins=tuple(origins),
    )


def _find_moment(layout: _Layout, field: str, reader: DateReader) -> Moment | None:
    moments = (reader.parse(part.text) for part in layout.head if part.field == field)
    return next(filter(None, moments), None)


def _find_titles(layout: _Layout, stated: ArticleFields) -> tuple[str, str, str, list[str]]:
    """Return the section, the title, the dek, and the other lines of the head."""
    holders = {part.text.casefold() for part in layout.head if part.field == "holder"}
    lines = [part.text for part in layout.head if not part.field]
    if holders:
        lines = [
            text for text in lines if text.casefold() not in holders and not is_newspaper_code(text)
        ]
    section = stated.section or layout.find_text("section")
    if not section and len(lines) > 1 and is_section_name(lines[0]):
        section = lines.pop(0)
    title = stated.title or layout.find_text("title")
    if lines and (not title or lines[0] == title):
        title = lines.pop(0)
    dek = stated.dek or layout.find_text("dek")
    if lines and lines[0].casefold() == title.casefold():
        lines.pop(0)
    if lines and not dek and _is_dek(lines[0]) and (layout.body or len(lines) > 1):
        dek = lines.pop(0)
    return section, title, dek, lines


def _remove_masthead(layout: _Layout) -> tuple[_Layout, str]:
    """Remove the newspaper's name above the date or after the title; return both, or ""."""
    match layout.head:
        case (HeadPart("", name), HeadPart("published"), *rest) if is_masthead(name):
            if any(not part.field for part in rest):
                return replace(layout, head=layout.head[1:]), name
        case (HeadPart("", first), *rest):
            title, _, name = first.rpartition(" | ")
            if title and is_masthead(name):
                return replace(layout, head=(HeadPart("", title), *rest)), name
    return layout, ""


def _is_dek(text: str) -> bool:
    """Return whether a line has the length of a dek and is not a label ("Editor's note:")."""
    has_spaces = text.isascii()
    return not text.endswith(":") and (not has_spaces or len(text.split()) > 2)


def _find_rights_holder(layout: _Layout) -> str:
    """Return the rights holder if the name is also a line of its own in the head, or ""."""
    names = {part.text.casefold() for part in layout.head if not part.field}
    holders = (part.text for part in layout.head if part.field == "holder")
    return next((holder for holder in holders if holder.casefold() in names), "")


def _split_layout(
    line_blocks: Sequence[list[str]], has_title: bool, reader: DateReader, reporters: str = ""
) -> _Layout:
    """Split the blocks of a text into head and body; `has_title` if its title is known."""
    head: list[HeadPart] = []
    line_blocks = list(line_blocks)
    tail = _parse_last_block(line_blocks, reader)
    if tail:
        line_blocks.pop()
    while line_blocks and len(head) < _MAX_HEAD_PARTS:
        parts, below = _parse_head_block(line_blocks[0], reader)
        if all(not part.field for part in parts) and _is_body_start(
            line_blocks, parts, head, has_title, reader
        ):
            break
        head += parts
        line_blocks.pop(0)
        if below:
            line_blocks.insert(0, below)
            break
    body = [paragraph for block in line_blocks for paragraph in unwrap_block(block)]
    if body:
        if any(part.field for part in head):
            body[0] = _BODY_LABEL.sub("", body[0])
        body[-1], credited = split_credit(body[-1])
        reporters = reporters or credited
    return _Layout((*head, *tail), tuple(body), reporters)


def _parse_last_block(line_blocks: Sequence[list[str]], reader: DateReader) -> list[HeadPart]:
    """Return the source and the URL if the last block has nothing else, or an empty list."""
    if len(line_blocks) < 2:
        return []
    parsed = [parse_head_line(clean_line(raw_line), reader) for raw_line in line_blocks[-1]]
    parts = [part for line_parts in parsed for part in line_parts]
    is_tail = all(parsed) and all(part.field in {"source", "url"} for part in parts)
    return parts if is_tail else []


def _parse_head_block(block: list[str], reader: DateReader) -> tuple[list[HeadPart], list[str]]:
    """Return the parts of a block of the head, and its last lines that are text already."""
    lines = list(map(clean_line, block))
    parsed = [parse_head_line(text, reader) for text in lines[:_MAX_HEAD_PARTS]]
    parsed = parsed[: _find_text_start(lines, parsed)]
    if not any(parsed):
        return [HeadPart("", text) for text in _join_wrapped_lines(lines)], []
    last = max(index for index, line_parts in enumerate(parsed) if line_parts)
    parts = [
        part
        for text, line_parts in zip(lines[: last + 1], parsed, strict=False)
        for part in line_parts or [HeadPart("", text)]
    ]
    below = lines[last + 1 :]
    is_text = len(below) > _MAX_UNLABELLED_LINES or any(
        is_sentence(text) or is_paragraph(text) for text in below
    )
    if below and not is_text:
        return [*parts, *(HeadPart("", text) for text in _join_wrapped_lines(below))], []
    return parts, block[last + 1 :]


def _find_text_start(lines: list[str], parsed: list[list[HeadPart]]) -> int:
    """Return the index of the first line of text: a paragraph, or three wrapped lines."""
    for index, text in enumerate(lines[: len(parsed)]):
        last = slice(max(0, index - 2), index + 1)
        wrapped = (
            index > 1
            and not any(parsed[last])
            and min(map(len, lines[last])) >= _MIN_WRAPPED_LINE_CHARS
        )
        if wrapped or is_paragraph(text):
            return index - 2 * wrapped
    return len(parsed)


def _join_wrapped_lines(lines: list[str]) -> list[str]:
    """Join consecutive lines, which are one that was wrapped, unless the first is short."""
    joined = " ".join(lines)
    if len(lines) == 1 or is_paragraph(joined) or len(lines[0]) >= _MIN_WRAPPED_LINE_CHARS:
        return [joined]
    if len(lines) == 2 and (_UNFINISHED_TITLE.search(lines[0]) or lines[1][0].islower()):
        return [joined]
    return lines


def _is_body_start(
    line_blocks: Sequence[list[str]],
    parts: list[HeadPart],
    head: list[HeadPart],
    has_title: bool,
    reader: DateReader,
) -> bool:
    """Return whether the first block, whose lines have no label, begins the body."""
    if any(is_paragraph(part.text) for part in parts):
        return True
    lines = [part.text for part in head if not part.field]
    is_title_known = has_title or any(part.field == "title" for part in head)
    title_lines = max(len(lines) - any(map(is_section_name, lines[:1])), int(is_title_known))
    if title_lines == 0 and not head and _FULL_STOP.search(parts[-1].text):
        # A body's first sentence becomes the title, so nothing is lost if this is one.
        return len(line_blocks) > 1 and not _has_more_head_lines(line_blocks, reader, max_blocks=3)
    if title_lines == 0:
        return is_sentence(parts[-1].text) and len(parts[-1].text) > _MAX_TITLE_CHARS
    if title_lines == 1 and _has_more_head_lines(line_blocks, reader):
        return False
    return title_lines > 1 or is_sentence(parts[-1].text) or len(parts) > 1


def _has_more_head_lines(
    line_blocks: Sequence[list[str]], reader: DateReader, max_blocks: int = 1
) -> bool:
    """Return whether one of the next `max_blocks` blocks, but not the last, has lines of a head."""
    near = line_blocks[1 : min(max_blocks + 1, len(line_blocks) - 1)]
    raw_lines = (raw_line for block in near for raw_line in block[:_MAX_HEAD_PARTS])
    return any(parse_head_line(clean_line(raw_line), reader) for raw_line in raw_lines)


def _split_matter(raw: RawArticle) -> tuple[Mapping[str, Json], str]:
    """Return the fields of a text's front matter or a message's headers, and the text below."""
    language = raw.source.language
    text = decode_text(raw.content, language, raw.charset)
    if message := read_message(raw.content, text, language):
        fields, text = message
        return fields, text.replace("\r\n", "\n")
    return _split_front_matter(text.replace("\r\n", "\n"))


def _split_front_matter(text: str) -> tuple[Mapping[str, Json], str]:
    """Return the front matter between the first two lines of `---`, and the text below."""
    first, _, rest = text.lstrip().partition("\n")
    matter, closed, below = rest.partition("\n---")
    if first.rstrip() != "---" or not closed or len(matter) > _MAX_FRONT_MATTER_CHARS:
        return {}, text
    fields = _load_yaml(matter)
    return (fields, below.partition("\n")[2]) if isinstance(fields, dict) else ({}, text)


def _load_yaml(text: str) -> Json:
    """Load YAML with every scalar a string: a title may be `No` or `1984`, a date invalid."""
    import yaml

    try:
        loaded: Json = yaml.BaseLoader(text).get_single_data()
    except (yaml.YAMLError, RecursionError):
        return None
    return loaded
