"""Web pages: their fields are what they say of themselves, the body what they show.

The body is made of the blocks that learned weights choose.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from corpus.article import RawArticle
from indexer.clean.fields import Found, merged
from indexer.clean.pages.block_features import Told
from indexer.clean.pages.body import body_of
from indexer.clean.pages.dom_tree import Tree, parse_page, walk
from indexer.clean.pages.page_record import page_fields
from indexer.clean.pages.second_reading import second_body
from indexer.clean.paragraphs import headline
from indexer.clean.record import summary
from indexer.clean.texts.decoding import decoded_page

# Where a second reading is right more often than the first: one page of twelve.
_DOUBTFUL = 0.3
_SHORT = 250  # characters that are no article


def clean_html(raw: RawArticle, now: datetime) -> Found:
    """The fields of a page. Raises CleanError if it cannot be read as one."""
    markup = decoded_page(raw.content, raw.charset, raw.source.language)
    chosen = None
    if raw.source.selectors:
        # Beautiful Soup takes a tenth of a second to load, and ten times as long as the rest.
        from indexer.clean.pages.selectors import selected

        markup, chosen = selected(markup, raw, now)
    found, tree, told = _read(markup, raw, now)
    title, dek, told_body = found.title, found.dek, found.body
    body = _body(markup, tree, told)
    origins = [("body", "page"), *found.origins]
    if len(body) < len(told_body) / 2:
        body, origins = told_body, [*found.origins]
    if not title:
        title = headline(body)
        origins.insert(0, ("title", "body"))
    dek = summary(dek, title, body)
    found = replace(found, title=title, body=body, dek=dek, origins=tuple(origins))
    return merged(chosen, found) if chosen else found


def _body(markup: str, tree: Tree, told: Told) -> str:
    first = body_of(tree, told)
    if first.doubt < _DOUBTFUL:
        return first.text
    second = second_body(markup, tree)
    plausible = len(second) > max(_SHORT, len(first.text) / 2)
    return second if plausible else first.text


def page_blocks(raw: RawArticle, now: datetime) -> tuple[Tree, Told]:
    """What the body of a page is chosen from, and by: for those who learn to."""
    markup = decoded_page(raw.content, raw.charset, raw.source.language)
    _, tree, told = _read(markup, raw, now)
    return tree, told


def _read(markup: str, raw: RawArticle, now: datetime) -> tuple[Found, Tree, Told]:
    """What a page says of itself, and what it shows."""
    page = parse_page(markup)
    found = page_fields(page, raw, now)
    tree = walk(page.root) if page.root else Tree()
    return found, tree, Told.of(found.title, found.dek, found.body)
