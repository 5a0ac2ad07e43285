"""Boxes that are no part of an article wherever they are: notices, offers, captions.

A notice of cookies or an offer (of a newsletter, of a subscription) is known by its class or id,
or by its text: it asks the reader to do something, and names what for. A caption is known by its
class or by its picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.clean.pages.dom_tree import Element, PageTree
from indexer.clean.removals.box_cues import (
    MAX_NOTICE_CHARS,
    find_label_kinds,
    is_notice,
    is_offer,
    names_cookies,
    names_offer,
)

_MAX_BOX_CHARS = 3_000  # characters
_MAX_BOX_SHARE = 0.25  # share of a page's characters in a box that only its label gives away
_UNBOXED_TAGS = frozenset(("html", "body", "main", "article", "h1", "h2", "h3", "h4", "h5", "h6"))
_UNCAPTIONED_TAGS = frozenset(("blockquote", "table", "pre", "ul", "ol"))
_MAX_CAPTION_CHARS = 400  # characters


def remove_boxes(tree: PageTree, title: str) -> PageTree:
    """Return a page without the blocks of its boxes; a page that is nothing else stays.

    If the title is about the same ("How we use cookies"), only what is labelled is a box.
    """
    texts = [" ".join(block.text.split()) for block in tree.blocks]
    offers = [is_offer(text) for text in texts]
    boxes = _find_boxes(tree, texts, offers)
    about_boxes = names_cookies(title) or names_offer(title)
    blocks = [
        block
        for block, text, offer in zip(tree.blocks, texts, offers, strict=True)
        if not boxes[block.element] and (about_boxes or not (offer or is_notice(text)))
    ]
    return PageTree(tree.elements, blocks) if blocks else tree


@dataclass(slots=True)
class _Contents:
    """The text of an element and its descendants: its characters, and what it is about."""

    chars: int = 0
    blocks: int = 0
    notices: int = 0
    offers: int = 0
    headings: int = 0
    pictures: int = 0
    others: int = 0


def _find_boxes(tree: PageTree, texts: Iterable[str], offers: Iterable[bool]) -> list[bool]:
    """Return whether each element is a labelled box or in one."""
    contents = _sum_contents(tree, texts, offers)
    total = contents[0].chars if contents else 0
    boxes: list[bool] = []
    for element, content in zip(tree.elements, contents, strict=True):
        boxes.append(
            (element.parent >= 0 and boxes[element.parent])
            or (
                element.tag not in _UNBOXED_TAGS
                and not content.headings
                and 0 < content.chars <= _MAX_BOX_CHARS
                and (
                    (bool(element.label) and _is_labelled_box(element.label, content, total))
                    or _is_caption(element, content, total)
                )
            )
        )
    return boxes


def _is_labelled_box(label: str, content: _Contents, total: int) -> bool:
    notice, offer, weak, _, _ = find_label_kinds(label)
    small = content.chars <= _MAX_BOX_SHARE * total
    return (
        (notice and content.notices > 0)
        or (offer and (content.offers > 0 or small))
        or (weak and content.offers > 0 and small)
    )


def _is_caption(element: Element, content: _Contents, total: int) -> bool:
    """Return whether an element has the caption of a picture and nothing else."""
    if content.chars > min(_MAX_CAPTION_CHARS, _MAX_BOX_SHARE * total) or content.others:
        return False
    if element.tag == "figure":
        return True
    _, _, _, caption, picture = find_label_kinds(element.label)
    return caption or (picture and content.pictures > 0 and content.blocks == 1)


def _sum_contents(tree: PageTree, texts: Iterable[str], offers: Iterable[bool]) -> list[_Contents]:
    """Sum up the texts of each element and its descendants."""
    contents = [
        _Contents(pictures=element.pictured, others=element.tag in _UNCAPTIONED_TAGS)
        for element in tree.elements
    ]
    for block, text, offer in zip(tree.blocks, texts, offers, strict=True):
        content = contents[block.element]
        content.chars += len(text)
        content.blocks += 1
        content.notices += names_cookies(text[:MAX_NOTICE_CHARS])
        content.offers += offer
        content.headings += tree.elements[block.element].tag == "h1"
    for at in range(len(contents) - 1, 0, -1):
        _add_contents(contents[tree.elements[at].parent], contents[at])
    return contents


def _add_contents(above: _Contents, content: _Contents) -> None:
    above.pictures += content.pictures
    if content.chars:
        above.chars += content.chars
        above.blocks += content.blocks
        above.notices += content.notices
        above.offers += content.offers
        above.headings += content.headings
        above.others += content.others
