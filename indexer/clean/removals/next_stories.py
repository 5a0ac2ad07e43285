"""The stories that an endless page shows after its own: articles with headings of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice, takewhile
from operator import or_

from indexer.clean.pages.dom_tree import PageTree, TextBlock, list_ancestors
from indexer.clean.pages.titles import is_same_title
from indexer.clean.paragraphs import is_sentence

_HEADING_TAGS = frozenset(("h1", "h2"))
_REPEATED_TAGS = frozenset(("div", "section", "main", "li"))
_MIN_STORY_CHARS = 200  # characters of a story outside of links
_MIN_SENTENCE_CHARS = 40  # characters; shorter ones are in menus and forms, too
_MAX_STORIES = 40
_NEXT_LABEL = re.compile(r"(?<![a-z])(?:up-?)?next[-_]?(?:article|story|stories|post)s?(?![a-z])")


def remove_next_stories(tree: PageTree, title: str) -> PageTree:
    """Return a page without the stories after the one with this title.

    The first must have text of its own before the next, which begins with its heading: a list of
    entries, as in a live blog, has none between its title and the heading of its first entry.
    """
    headings = [
        at
        for at, block in enumerate(tree.blocks)
        if tree.elements[block.element].tag in _HEADING_TAGS
    ]
    own = _find_title(tree, headings, title)
    if own < 0:
        return tree
    others = [at for at in headings if at > own and not is_same_title(tree.blocks[at].text, title)]
    removed = [False] * len(tree.elements)
    for at in islice(others, _MAX_STORIES):
        branch = _find_story(tree, own, at)
        if branch is None or removed[branch]:
            continue
        inside = _mark_inside(tree, branch)
        before = tree.blocks[own + 1 : at]
        if _count_chars(block for block in before if inside[block.element]):
            continue
        if _count_chars(before) < _MIN_STORY_CHARS:
            return tree
        removed = list(map(or_, removed, inside))
    return PageTree(tree.elements, [block for block in tree.blocks if not removed[block.element]])


def _find_title(tree: PageTree, headings: list[int], title: str) -> int:
    """Return the index of the heading that is the title, else of the first h1, else -1."""
    same = (at for at in headings if is_same_title(tree.blocks[at].text, title))
    main = (at for at in headings if tree.elements[tree.blocks[at].element].tag == "h1")
    return next(same, next(main, -1))


def _find_story(tree: PageTree, own: int, other: int) -> int | None:
    """Return the element of the story with the other heading, or None if it is in ours.

    It is called the next, or is an `article` with a heading of the same level or beside ours, of
    its class, or another element with both.
    """
    elements = tree.elements
    ours = list(list_ancestors(elements, tree.blocks[own].element))
    theirs = list(
        takewhile(lambda at: at not in ours, list_ancestors(elements, tree.blocks[other].element))
    )
    around = theirs[1:]
    if not around:
        return None
    heading, own_heading = elements[theirs[0]].tag, elements[ours[0]].tag
    alike = heading == own_heading
    shared = elements[around[-1]].parent
    inner, outer = ours[: ours.index(shared)], ours[ours.index(shared) :]
    own_labels = {elements[at].label for at in inner if elements[at].tag == "article"}
    if any(elements[at].tag == "article" for at in outer):
        own_labels = set()
    for at in reversed(around):
        if elements[at].tag == "article" and (alike or elements[at].label in own_labels):
            return at
        if _NEXT_LABEL.search(elements[at].label.lower()):
            return at
    branch = elements[around[-1]]
    beside = elements[ours[max(0, ours.index(shared) - 1)]]
    is_like = branch.label and (branch.tag, branch.label) == (beside.tag, beside.label)
    return around[-1] if alike and is_like and branch.tag in _REPEATED_TAGS else None


def _count_chars(blocks: Iterable[TextBlock]) -> int:
    """Count the characters of the whole sentences among some blocks, without their links."""
    texts = ((block.text.strip(), block.linked_chars) for block in blocks)
    return sum(
        len(text) - linked
        for text, linked in texts
        if len(text) >= _MIN_SENTENCE_CHARS and is_sentence(text)
    )


def _mark_inside(tree: PageTree, branch: int) -> list[bool]:
    """Return whether each element is this one or in it."""
    inside: list[bool] = []
    for at, element in enumerate(tree.elements):
        inside.append(at == branch or (element.parent >= 0 and inside[element.parent]))
    return inside
