"""Blocks of text from markup by Beautiful Soup, in time linear in the size of the page.

No traversal is recursive, and none follows ancestors without a limit, so deep nesting can
neither overflow the stack nor take quadratic time.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import NamedTuple

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.builder import ParserRejectedMarkup
from bs4.element import PageElement, PreformattedString

from indexer.clean.fields import CleanError
from indexer.clean.html_tags import (
    BLOCK_TAGS,
    INLINE_TAGS,
    SKIPPED_TAGS,
    is_hiding_style,
    is_within_sentence,
)
from indexer.clean.paragraphs import split_paragraphs

_MAX_MARKUP_CHARS = 20_000_000  # characters
# Real pages have up to 10,000; Beautiful Soup uses about 1 kB of memory for each.
_MAX_TAGS = 100_000
_TAG = re.compile(r"<[a-z/!?]", re.I)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*>", re.I)
_UNREAD_TAGS = SKIPPED_TAGS | {"figure"}
# Elements beside the main text, unless a page uses them for all of its text.
SIDE_TAGS = ("nav", "aside", "footer", "form")
_MAX_NEAR_NODES = 12  # nodes in an element that are looked at


@dataclass(frozen=True, slots=True)
class MarkupBlock:
    """A run of text in one block-level element, with line breaks at `<br>`.

    `linked_chars` is the number of characters in links.
    """

    element: Tag
    text: str
    linked_chars: int


def parse_markup(markup: str) -> BeautifulSoup:
    """Parse a page or fragment. Raises CleanError if it is too large or cannot be parsed."""
    if len(markup) > _MAX_MARKUP_CHARS:
        raise CleanError(f"too large for a page: {len(markup):,} characters")
    tags = sum(1 for _ in _TAG.finditer(markup))
    if tags > _MAX_TAGS:
        raise CleanError(f"too many tags for a page: {tags:,}")
    # Beautiful Soup warns of XML read as HTML and of text that might be a file's name;
    # lone surrogates cannot be parsed.
    declared = _XML_DECLARATION.match(markup)
    markup = (
        markup[declared.end() if declared else 0 :]
        .replace("\0", "")
        .encode(errors="replace")
        .decode()
    )
    if "<" not in markup:
        markup = f"<p>{markup}"
    try:
        return BeautifulSoup(markup, "lxml")
    except ParserRejectedMarkup as err:
        raise CleanError("markup that cannot be read") from err


def extract_text_blocks(root: Tag, skipped_ids: Container[int] = frozenset()) -> list[MarkupBlock]:
    """Return the blocks of text under an element, in document order, without media and controls.

    `skipped_ids` contains the identities (`id`) of more elements to skip.
    """
    blocks: list[MarkupBlock] = []
    for _, group in groupby(_walk_texts(root, skipped_ids), key=lambda part: id(part.block)):
        parts = list(group)
        text = "".join(part.text for part in parts)
        if not text.isspace():
            linked = sum(len(part.text.strip()) for part in parts if part.in_link)
            blocks.append(MarkupBlock(parts[0].block, text, linked))
    return blocks


def extract_paragraphs(markup: str) -> list[str]:
    """Return the paragraphs of a fragment of markup."""
    soup = parse_markup(markup)
    side_ids = {id(tag) for tag in soup.find_all(SIDE_TAGS)}
    blocks = extract_text_blocks(soup, side_ids)
    return [paragraph for block in blocks for paragraph in split_paragraphs(block.text)]


class _Text(NamedTuple):
    block: Tag
    text: str
    in_link: bool


def _walk_texts(root: Tag, skipped_ids: Container[int]) -> Iterator[_Text]:
    """Yield the texts under an element, each with its block and whether it is in a link."""
    waiting = [(iter(root.contents), root, False)]
    while waiting:
        nodes, block, in_link = waiting[-1]
        node = next(nodes, None)
        if node is None:
            waiting.pop()
        elif isinstance(node, Tag):
            if node.name == "br":
                yield _Text(block, "\n", False)
            elif _is_read(node) and id(node) not in skipped_ids:
                inner = block if _is_inline(node) else node
                waiting.append((iter(node.contents), inner, in_link or node.name == "a"))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            yield _Text(block, node.replace("\r", " ").replace("\n", " "), in_link)


def _is_read(tag: Tag) -> bool:
    """Return whether the text of an element is read: of a button, only of one in a sentence."""
    if tag.name in _UNREAD_TAGS or tag.has_attr("hidden"):
        return False
    if is_hiding_style(str(tag.get("style") or "")):
        return False
    return tag.name != "button" or is_within_sentence(
        _read_text(tag.previous_sibling), _read_text(tag.next_sibling)
    )


def _read_text(node: PageElement | None) -> str:
    return str(node) if isinstance(node, NavigableString) else ""


def _is_inline(tag: Tag) -> bool:
    """Return whether an element is within a line, as all are that HTML does not know."""
    if tag.name in INLINE_TAGS:
        return True
    inner = islice(tag.descendants, _MAX_NEAR_NODES)
    return tag.name not in BLOCK_TAGS and not any(
        isinstance(node, Tag) and node.name in BLOCK_TAGS for node in inner
    )
