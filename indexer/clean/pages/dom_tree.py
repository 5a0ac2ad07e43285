"""The block-level elements of a page and its blocks of text, by one parse and one traversal.

No traversal is recursive, and none follows ancestors without a limit, so deep nesting can
neither overflow the stack nor take quadratic time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.clean.fields import CleanError

_MAX_PAGE_CHARS = 20_000_000  # characters
_MAX_TAGS = 100_000  # real pages have up to 10,000
# Searching the markup as UTF-8 takes half the time. A name ends where no letter follows.
_TAG = re.compile(rb"<[a-z/!?]", re.I)
# The time to parse grows with tags times depth, and more where formatting is left open.
_MIN_CHECKED_TAGS = 3_000
_MAX_FORMATTED_DEPTH = 500
_MAX_FORMATTING_MOVES = 1_000_000
_MAX_PARSE_STEPS = 300_000_000
_NESTING_TAG = re.compile(
    rb"<(/?)(?!(?:p|li|d[dt]|option|t[dhr]|tbody|img|br|hr|input|meta|link|source|wbr|area|col"
    rb"|embed|base|param|track|path|use|circle|rect|line|polygon|polyline|ellipse|stop)"
    rb"(?![\w\x80-\xff]))[a-z]",
    re.I,
)  # fmt: skip
_FORMATTING_TAG = re.compile(
    rb"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?![\w\x80-\xff])[^<>]*>",
    re.I,
)
_SKIPPED_TAGS = frozenset((
    "script", "style", "noscript", "template", "head",
    "iframe", "svg", "math", "button", "select", "textarea", "audio", "video", "object", "canvas",
    "dialog", "menu",
))  # fmt: skip
_INLINE_TAGS = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
     "em", "font", "i", "img", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp",
     "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr")
)  # fmt: skip
_LEAF_TAGS = frozenset(("-text", "br"))


@dataclass(slots=True)
class Element:
    """A block-level element, with its class, id and itemprop in `label`.

    `parent` is the index of its parent among the elements, -1 for the root.
    """

    tag: str
    parent: int
    label: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A run of text in one block-level element, with line breaks at `<br>`.

    `element` is the index of that element; `linked_chars` is the number of characters in links.
    """

    element: int
    text: str
    linked_chars: int


@dataclass(slots=True)
class PageTree:
    """The block-level elements of a page and its blocks, both in reading order."""

    elements: list[Element] = field(default_factory=list)
    blocks: list[TextBlock] = field(default_factory=list)


def parse_page(markup: str) -> LexborHTMLParser:
    """Parse a page. Raises CleanError if it is too large or has too many tags."""
    if len(markup) > _MAX_PAGE_CHARS:
        raise CleanError(f"too large for a page: {len(markup):,} characters")
    # Lone surrogates cannot be parsed.
    content = markup.encode(errors="replace")
    signs = content.count(b"<")
    if signs > _MAX_TAGS:
        tags = sum(1 for _ in _TAG.finditer(content))
        if tags > _MAX_TAGS:
            raise CleanError(f"too many tags for a page: {tags:,}")
    if signs >= _MIN_CHECKED_TAGS:
        content = _limit_nesting(content)
    return LexborHTMLParser(content.replace(b"\0", b""))


def _limit_nesting(content: bytes) -> bytes:
    """Return the markup, without formatting if it is nested deeply.

    Raises CleanError if parsing would take seconds.
    """
    nesting = _NESTING_TAG.findall(content)
    closings = nesting.count(b"/")
    # Formatting tags are among these; they are rarely enough to be counted by themselves.
    few = closings * (len(nesting) - closings) < _MAX_FORMATTING_MOVES
    if _measure_depth(nesting) < _MAX_FORMATTED_DEPTH and (
        few or _estimate_moves(_FORMATTING_TAG.findall(content)) < _MAX_FORMATTING_MOVES
    ):
        return content
    content = _FORMATTING_TAG.sub(b"", content)
    if _measure_depth(_NESTING_TAG.findall(content)) * content.count(b"<") > _MAX_PARSE_STEPS:
        raise CleanError("elements nested too deeply for a page")
    return content


def _estimate_moves(tags: list[bytes]) -> int:
    """Return an upper bound of the elements that the parser visits to close these tags."""
    return tags.count(b"/") * _measure_depth(tags)


def _measure_depth(tags: Iterable[bytes]) -> int:
    """Return how many elements are open at most; a tag is its slash, or empty if it opens."""
    depth = deepest = 0
    for closing in tags:
        if closing:
            depth -= depth > 0
        else:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


class _TreeBuilder:
    """A builder of `tree` from the nodes of a page in order."""

    def __init__(self) -> None:
        self.tree = PageTree()
        self._texts: list[str] = []
        self._linked_chars = 0
        self._element = 0

    def add_leaf(self, node: LexborNode, tag: str | None, element: int, in_link: bool) -> None:
        # Text in another element ends the open block.
        if element != self._element:
            self.end_block()
            self._element = element
        if tag == "br":
            self._texts.append("\n")
            return
        text = node.text_content or ""
        self._texts.append(text.replace("\r", " ").replace("\n", " "))
        if in_link:
            self._linked_chars += len(text.strip())

    def add_element(self, node: LexborNode, tag: str, parent: int) -> int:
        attributes = node.attributes
        label = ""
        hidden = False
        if attributes:
            label = " ".join(
                (attributes.get("class") or "", attributes.get("id") or "",
                 attributes.get("itemprop") or "")
            ).strip()  # fmt: skip
            hidden = "hidden" in attributes
        self.tree.elements.append(Element(tag, parent, label, hidden))
        return len(self.tree.elements) - 1

    def end_block(self) -> None:
        if self._texts:
            text = "".join(self._texts)
            if not text.isspace():
                self.tree.blocks.append(TextBlock(self._element, text, self._linked_chars))
            self._texts, self._linked_chars = [], 0


def build_tree(root: LexborNode) -> PageTree:
    """Return the elements and blocks under a node, without scripts, controls and media."""
    builder = _TreeBuilder()
    waiting: list[tuple[LexborNode, int, bool]] = [(root, -1, False)]
    node: LexborNode | None
    while waiting:
        node, element, in_link = waiting.pop()
        while node is not None:
            tag = node.tag
            after = node.next if waiting or element >= 0 else None
            below = None
            if tag in _LEAF_TAGS:
                builder.add_leaf(node, tag, element, in_link)
            elif tag not in _SKIPPED_TAGS and tag is not None and tag[0] != "-":
                below = node.first_child
            if below is None:
                node = after
                continue
            if after is not None:
                waiting.append((after, element, in_link))
            if tag in _INLINE_TAGS:
                in_link = in_link or tag == "a"
            else:
                element = builder.add_element(node, tag or "", element)
            node = below
    builder.end_block()
    return builder.tree
