"""A fallback extraction of a page's body by trafilatura, for bodies with high doubt."""

from __future__ import annotations

from indexer.clean.pages.dom_tree import PageTree
from indexer.clean.paragraphs import clean_line

# Limits of lxml: it returns nothing for deeper pages, and traverses them by recursion.
_MAX_PAGE_CHARS = 3_000_000  # characters
_MAX_ELEMENTS = 10_000
_MAX_DEPTH = 150


def extract_fallback_body(markup: str, tree: PageTree) -> str:
    """Return the paragraphs that trafilatura extracts; nothing for a page beyond lxml's limits."""
    if len(markup) > _MAX_PAGE_CHARS or not _is_within_lxml_limits(tree):
        return ""
    # It takes 0.5 s to import, and few pages need it.
    from trafilatura import bare_extraction

    extraction = bare_extraction(
        markup.replace("\0", ""), favor_precision=True, include_comments=False, with_metadata=False
    )
    text = extraction.text if extraction and not isinstance(extraction, dict) else None
    return "\n\n".join(filter(None, map(clean_line, (text or "").split("\n"))))


def _is_within_lxml_limits(tree: PageTree) -> bool:
    if len(tree.elements) > _MAX_ELEMENTS:
        return False
    depths: list[int] = []
    for element in tree.elements:
        depths.append(depths[element.parent] + 1 if element.parent >= 0 else 0)
    return max(depths, default=0) <= _MAX_DEPTH
