"""The block-level elements of a page and its blocks of text, by one parse and one traversal.

No traversal is recursive, and none follows ancestors without a limit, so deep nesting can
neither overflow the stack nor take quadratic time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.clean.fields import CleanError
from indexer.clean.html_tags import (
    BLOCK_TAGS,
    HIDDEN_CLASSES,
    INLINE_TAGS,
    SKIPPED_TAGS,
    find_hiding_selectors,
    is_hiding_style,
    is_within_sentence,
)

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
_UNREAD_TAGS = SKIPPED_TAGS | {"head"}
_LEAF_TAGS = frozenset(("-text", "br"))
_LINE_TAGS = INLINE_TAGS | {"p", "h1", "h2", "h3", "h4", "h5", "h6"}
_MAX_SHEETS, _MAX_SELECTORS = 20, 40
_MAX_NEAR_NODES = 12  # nodes beside or in an element that are looked at

# A function from a node to an adjacent one.
_Step = Callable[[LexborNode], LexborNode | None]


@dataclass(slots=True)
class Element:
    """A block-level element, with its class, id and itemprop in `label`.

    `parent` is the index of its parent among the elements, -1 for the root. `pictured` is
    whether there is a picture right in it.
    """

    tag: str
    parent: int
    label: str = ""
    hidden: bool = False
    pictured: bool = False


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


def list_ancestors(elements: Sequence[Element], at: int) -> Iterator[int]:
    """Yield the index of an element and those of the elements around it, the innermost first."""
    while at >= 0:
        yield at
        at = elements[at].parent


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

    def add_element(self, node: LexborNode, tag: str, parent: int, *, hidden: bool) -> int:
        attributes = node.attributes
        label = ""
        if attributes:
            label = " ".join(
                (attributes.get("class") or "", attributes.get("id") or "",
                 attributes.get("itemprop") or "")
            ).strip()  # fmt: skip
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
    hidden_ids = _find_hidden_ids(root)
    waiting: list[tuple[LexborNode, int, bool]] = [(root, -1, False)]
    node: LexborNode | None
    while waiting:
        node, element, in_link = waiting.pop()
        while node is not None:
            tag = node.tag or ""
            after = node.next if waiting or element >= 0 else None
            below = None
            if tag in _LEAF_TAGS:
                builder.add_leaf(node, tag, element, in_link)
            elif tag not in _UNREAD_TAGS and tag[:1] != "-":
                below = node.first_child
            if tag == "img" and element >= 0:
                builder.tree.elements[element].pictured = True
            if below is None or (tag == "button" and not _is_word(node)):
                node = after
                continue
            inline = tag in INLINE_TAGS or (tag not in BLOCK_TAGS and _is_unknown_inline(node))
            hidden = bool(hidden_ids) and node.mem_id in hidden_ids
            if inline and hidden and not _contains_block(node):
                node = after
                continue
            if after is not None:
                waiting.append((after, element, in_link))
            if inline and not hidden:
                in_link = in_link or tag == "a"
            else:
                element = builder.add_element(node, tag, element, hidden=hidden)
            node = below
    builder.end_block()
    return builder.tree


def _find_hidden_ids(root: LexborNode) -> frozenset[int]:
    """Return the ids of the nodes that their attributes or the page's own styles hide."""
    sheets = (node.text() for node in root.css("style")[:_MAX_SHEETS])
    selectors = [selector for sheet in sheets for selector in find_hiding_selectors(sheet)]
    classes = (f".{name}" for name in HIDDEN_CLASSES)
    named = root.css(", ".join((*classes, *selectors[:_MAX_SELECTORS])))
    styled = (
        node
        for node in root.css("[hidden], [style]")
        if "hidden" in (attributes := node.attributes)
        or is_hiding_style(attributes.get("style") or "")
    )
    return frozenset(node.mem_id for node in (*named, *styled))


def _is_unknown_inline(node: LexborNode) -> bool:
    """Return whether an element that HTML does not know is within a line.

    It is, unless it contains blocks, or is beside no text: some pages name their paragraphs as
    they like.
    """
    parent = node.parent
    return not _contains_block(node) and (
        (parent is not None and parent.tag in _LINE_TAGS)
        or bool(_read_adjacent_text(node, attrgetter("prev")))
        or bool(_read_adjacent_text(node, attrgetter("next")))
    )


def _contains_block(node: LexborNode) -> bool:
    """Return whether a block-level element is among the first nodes in an element."""
    return any(inner.tag in BLOCK_TAGS for inner in islice(node.traverse(), _MAX_NEAR_NODES))


def _is_word(button: LexborNode) -> bool:
    """Return whether a button is a word in a sentence."""
    return not _contains_block(button) and is_within_sentence(
        _read_adjacent_text(button, attrgetter("prev")),
        _read_adjacent_text(button, attrgetter("next")),
    )


def _read_adjacent_text(node: LexborNode, get_adjacent: _Step) -> str:
    """Return the text beside an element in its line, or nothing at an end of the line."""
    at: LexborNode | None = node
    for _ in range(_MAX_NEAR_NODES):
        adjacent = get_adjacent(at) if at is not None else None
        if adjacent is None:
            at = at.parent if at is not None else None
            if at is None or at.tag in BLOCK_TAGS:
                return ""
            continue
        at = adjacent
        if at.tag in BLOCK_TAGS or at.tag in {"br", "button"}:
            return ""
        if at.tag == "-text" or at.tag in INLINE_TAGS:
            texts = (inner.text_content or "" for inner in _list_first_texts(at))
            if text := next((text for text in texts if text and not text.isspace()), ""):
                return text
    return ""


def _list_first_texts(node: LexborNode) -> Iterator[LexborNode]:
    nodes = islice(node.traverse(include_text=True), _MAX_NEAR_NODES)
    return (inner for inner in nodes if inner.tag == "-text")
