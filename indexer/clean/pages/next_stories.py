"""The stories that an endless page shows after its own: articles with headings of their own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from indexer.clean.pages.dom_tree import PageTree, TextBlock
from indexer.clean.pages.titles import is_same_title

_HEADING_TAGS = frozenset(("h1", "h2"))
_REPEATED_TAGS = frozenset(("div", "section", "main", "li"))
_MIN_STORY_CHARS = 200  # characters of a story outside of links
_MAX_STORIES = 40


def remove_next_stories(tree: PageTree, title: str) -> PageTree:
    """Return a page without the stories after the one with this title.

    The first must have text of its own before the next: a list of entries, as in a live blog,
    has none between its title and the heading of its first entry.
    """
    headings = [
        at
        for at, block in enumerate(tree.blocks)
        if tree.elements[block.element].tag in _HEADING_TAGS
    ]
    own = _find_title(tree, headings, title)
    if own < 0:
        return tree
    tag = tree.elements[tree.blocks[own].element].tag
    others = [at for at in headings if at > own and _is_other(tree, at, tag, title)]
    if not others or _count_chars(tree.blocks[own + 1 : others[0]]) < _MIN_STORY_CHARS:
        return tree
    stories = {
        branch
        for at in islice(others, _MAX_STORIES)
        if (branch := _find_story(tree, own, at)) is not None
    }
    return _remove_elements(tree, stories) if stories else tree


def _find_title(tree: PageTree, headings: list[int], title: str) -> int:
    """Return the index of the heading that is the title, else of the first h1, else -1."""
    same = (at for at in headings if is_same_title(tree.blocks[at].text, title))
    main = (at for at in headings if tree.elements[tree.blocks[at].element].tag == "h1")
    return next(same, next(main, -1))


def _is_other(tree: PageTree, at: int, tag: str, title: str) -> bool:
    block = tree.blocks[at]
    return tree.elements[block.element].tag == tag and not is_same_title(block.text, title)


def _find_story(tree: PageTree, own: int, other: int) -> int | None:
    """Return the element of the story with the other heading, or None if it is in ours.

    It is an `article`, or is like the one that contains our title in tag and class.
    """
    elements = tree.elements
    ours = list(_list_ancestors(tree, tree.blocks[own]))
    above = {parent: child for child, parent in zip([-1, *ours], ours, strict=False)}
    branch = tree.blocks[other].element
    heading = branch
    while elements[branch].parent >= 0 and elements[branch].parent not in above:
        branch = elements[branch].parent
    if branch == heading or elements[branch].parent < 0 or branch in above:
        return None
    element, ours_beside = elements[branch], above[elements[branch].parent]
    if element.tag == "article":
        return branch
    if ours_beside < 0 or not element.label or element.tag not in _REPEATED_TAGS:
        return None
    beside = elements[ours_beside]
    return branch if (beside.tag, beside.label) == (element.tag, element.label) else None


def _list_ancestors(tree: PageTree, block: TextBlock) -> Iterator[int]:
    """Yield the element of a block and those around it, the innermost first."""
    at = block.element
    while at >= 0:
        yield at
        at = tree.elements[at].parent


def _count_chars(blocks: list[TextBlock]) -> int:
    return sum(max(0, len(block.text.strip()) - block.linked_chars) for block in blocks)


def _remove_elements(tree: PageTree, removed: set[int]) -> PageTree:
    """Return a page without the blocks in these elements."""
    inside: list[bool] = []
    for at, element in enumerate(tree.elements):
        inside.append(at in removed or (element.parent >= 0 and inside[element.parent]))
    return PageTree(tree.elements, [block for block in tree.blocks if not inside[block.element]])
