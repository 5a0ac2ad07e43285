"""Blocks of text from markup by Beautiful Soup, in time linear in the size of the page.

No traversal is recursive, and none follows ancestors without a limit, so deep nesting can
neither overflow the stack nor take quadratic time.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.builder import ParserRejectedMarkup
from bs4.element import PreformattedString

from indexer.clean.fields import CleanError
from indexer.clean.paragraphs import paragraphs

_LARGEST = 20_000_000  # characters
# Real pages have up to 10,000; Beautiful Soup uses about 1 kB of memory for each.
_MOST_TAGS = 100_000
_TAG = re.compile(r"<[a-z/!?]", re.I)
_XML = re.compile(r"\s*<\?xml[^>]*>", re.I)
_JUNK = frozenset((
    "script", "style", "noscript", "template", "figure",
    "iframe", "svg", "button", "select", "textarea", "audio", "video", "object", "canvas",
    "dialog", "menu",
))  # fmt: skip
# Elements beside the main text, unless a page uses them for all of its text.
BESIDE = ("nav", "aside", "footer", "form")
_INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn",
     "em", "font", "i", "img", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp",
     "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text in one block-level element, with line breaks at `<br>`.

    `linked_chars` is the number of characters in links.
    """

    element: Tag
    text: str
    linked: int


def parse(markup: str) -> BeautifulSoup:
    """Parse a page or fragment. Raises CleanError if it is too large or cannot be parsed."""
    if len(markup) > _LARGEST:
        raise CleanError(f"too large for a page: {len(markup):,} characters")
    tags = sum(1 for _ in _TAG.finditer(markup))
    if tags > _MOST_TAGS:
        raise CleanError(f"too many tags for a page: {tags:,}")
    # Beautiful Soup warns of XML read as HTML and of text that might be a file's name;
    # lone surrogates cannot be parsed.
    declared = _XML.match(markup)
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


def text_blocks(root: Tag, beside: Container[int] = frozenset()) -> list[Block]:
    """Return the blocks of text under an element, in document order, without media and controls.

    `skipped_ids` contains the identities (`id`) of more elements to skip.
    """
    blocks: list[Block] = []
    for _, group in groupby(_texts(root, beside), key=lambda part: id(part.block)):
        parts = list(group)
        text = "".join(part.text for part in parts)
        if not text.isspace():
            linked = sum(len(part.text.strip()) for part in parts if part.in_link)
            blocks.append(Block(parts[0].block, text, linked))
    return blocks


def markup_paragraphs(markup: str) -> list[str]:
    """Return the paragraphs of a fragment of markup."""
    soup = parse(markup)
    side_ids = {id(tag) for tag in soup.find_all(BESIDE)}
    blocks = text_blocks(soup, side_ids)
    return [paragraph for block in blocks for paragraph in paragraphs(block.text)]


class _Text(NamedTuple):
    block: Tag
    text: str
    in_link: bool


def _texts(root: Tag, beside: Container[int]) -> Iterator[_Text]:
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
            elif node.name not in _JUNK and id(node) not in beside:
                inner = block if node.name in _INLINE else node
                waiting.append((iter(node.contents), inner, in_link or node.name == "a"))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            yield _Text(block, node.replace("\r", " ").replace("\n", " "), in_link)
