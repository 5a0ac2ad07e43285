"""A fallback extraction of a page's body by trafilatura, for bodies with high doubt."""

from __future__ import annotations

from indexer.clean.pages.dom_tree import Tree
from indexer.clean.paragraphs import line

# Limits of lxml: it returns nothing for deeper pages, and traverses them by recursion.
_LARGEST = 3_000_000  # characters
_MOST_ELEMENTS = 10_000
_DEEPEST = 150


def second_body(markup: str, tree: Tree) -> str:
    """Return the paragraphs that trafilatura extracts; nothing for a page beyond lxml's limits."""
    if len(markup) > _LARGEST or not _is_plain(tree):
        return ""
    # It takes 0.5 s to import, and few pages need it.
    from trafilatura import bare_extraction

    extraction = bare_extraction(
        markup.replace("\0", ""), favor_precision=True, include_comments=False, with_metadata=False
    )
    text = extraction.text if extraction and not isinstance(extraction, dict) else None
    return "\n\n".join(filter(None, map(line, (text or "").split("\n"))))


def _is_plain(tree: Tree) -> bool:
    if len(tree.elements) > _MOST_ELEMENTS:
        return False
    depths: list[int] = []
    for element in tree.elements:
        depths.append(depths[element.above] + 1 if element.above >= 0 else 0)
    return max(depths, default=0) <= _DEEPEST
