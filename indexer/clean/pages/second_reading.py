"""A second reading of a page's body, by trafilatura, for pages of which the first is unsure."""

from __future__ import annotations

from indexer.clean.pages.dom_tree import Tree
from indexer.clean.paragraphs import line

# What lxml stands: it returns nothing for deeper pages, and goes down them by recursion.
_LARGEST = 3_000_000  # characters
_MOST_ELEMENTS = 10_000
_DEEPEST = 150


def second_body(markup: str, tree: Tree) -> str:
    """The paragraphs that trafilatura finds; nothing for a page that it might not stand."""
    if len(markup) > _LARGEST or not _is_plain(tree):
        return ""
    # It takes half a second to load, and few pages need it.
    from trafilatura import bare_extraction

    found = bare_extraction(
        markup.replace("\0", ""), favor_precision=True, include_comments=False, with_metadata=False
    )
    text = found.text if found and not isinstance(found, dict) else None
    return "\n\n".join(filter(None, map(line, (text or "").split("\n"))))


def _is_plain(tree: Tree) -> bool:
    if len(tree.elements) > _MOST_ELEMENTS:
        return False
    depths: list[int] = []
    for element in tree.elements:
        depths.append(depths[element.above] + 1 if element.above >= 0 else 0)
    return max(depths, default=0) <= _DEEPEST
