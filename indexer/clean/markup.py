"""Markup to blocks of text: what Beautiful Soup is asked for, in time that grows with the page.

Nothing here goes down the tree by recursion or up it without a bound, so that no nesting
of elements can stop it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.builder import ParserRejectedMarkup
from bs4.element import PreformattedString

from indexer.clean.fields import CleanError
from indexer.clean.paragraphs import paragraphs

_LARGEST = 20_000_000  # characters
# Real pages have up to 10,000; Beautiful Soup takes about a kilobyte for each.
_MOST_TAGS = 100_000
_TAG = re.compile(r"<[a-z/!?]", re.I)
_XML = re.compile(r"\s*<\?xml[^>]*>", re.I)
_JUNK = (
    "script", "style", "noscript", "template", "nav", "aside", "footer", "figure", "form",
    "iframe", "svg", "button", "select", "textarea", "audio", "video", "object", "canvas",
    "dialog", "menu",
)  # fmt: skip
_INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn",
     "em", "font", "i", "img", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp",
     "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr")
)  # fmt: skip
_DEEPEST_INLINE = 40


@dataclass(frozen=True, slots=True)
class Block:
    """Text that stands together in one block-level element, lines where `<br>` breaks it.

    `linked` is how many of its characters are within links.
    """

    element: Tag
    text: str
    linked: int


def parse(markup: str) -> BeautifulSoup:
    """The tree of a page or fragment. Raises CleanError if it is too large to be one."""
    if len(markup) > _LARGEST:
        raise CleanError(f"too large for a page: {len(markup):,} characters")
    tags = sum(1 for _ in _TAG.finditer(markup))
    if tags > _MOST_TAGS:
        raise CleanError(f"too many tags for a page: {tags:,}")
    # Beautiful Soup warns of XML read as HTML, and lone surrogates cannot be parsed.
    markup = _XML.sub("", markup, count=1).replace("\0", "").encode(errors="replace").decode()
    try:
        return BeautifulSoup(markup, "lxml")
    except ParserRejectedMarkup as err:
        raise CleanError("markup that cannot be read") from err


def drop_junk(soup: BeautifulSoup) -> None:
    """Removes what is never an article's text: scripts, navigation, figures, forms, asides."""
    for element in soup.find_all(_JUNK):
        if not element.decomposed:
            element.decompose()


def text_blocks(root: Tag) -> list[Block]:
    """The blocks of text under an element, in reading order."""
    blocks: list[Block] = []
    block: Tag | None = None
    pieces: list[str] = []
    linked = 0
    for element, text, in_link in _texts(root):
        if element is not block:
            if block is not None:
                blocks.append(Block(block, "".join(pieces), linked))
            block, pieces, linked = element, [], 0
        pieces.append(text)
        linked += len(text.strip()) if in_link else 0
    if block is not None:
        blocks.append(Block(block, "".join(pieces), linked))
    return [each for each in blocks if each.text.strip()]


def markup_paragraphs(markup: str) -> list[str]:
    """The paragraphs of a fragment of markup."""
    soup = parse(markup)
    drop_junk(soup)
    return [each for block in text_blocks(soup) for each in paragraphs(block.text)]


def _texts(root: Tag) -> Iterator[tuple[Tag, str, bool]]:
    """Each text under an element with the block it is in, and whether a link holds it."""
    for node in root.descendants:
        if isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString) and node.parent:
                block, in_link = _block_of(node.parent)
                yield block, node.replace("\r", " ").replace("\n", " "), in_link
        elif isinstance(node, Tag) and node.name == "br" and node.parent:
            yield _block_of(node.parent)[0], "\n", False


def _block_of(element: Tag) -> tuple[Tag, bool]:
    in_link = False
    for _ in range(_DEEPEST_INLINE):
        if element.name not in _INLINE or element.parent is None:
            break
        in_link = in_link or element.name == "a"
        element = element.parent
    return element, in_link
