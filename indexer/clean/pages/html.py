"""Cleaning of web pages: fields from metadata and visible text, the body from its blocks."""

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

# Above this, the fallback extraction is better more often than not: on one page of twelve.
_DOUBTFUL = 0.3
_SHORT = 250  # characters; shorter texts are no article


def clean_html(raw: RawArticle, now: datetime) -> Found:
    """Extract the fields of a page. Raises CleanError if it cannot be parsed."""
    markup = decoded_page(raw.content, raw.charset, raw.source.language)
    selected_fields = None
    if raw.source.selectors:
        # Beautiful Soup takes 0.1 s to import, and ten times as long as the rest to parse.
        from indexer.clean.pages.selectors import selected

        markup, selected_fields = selected(markup, raw, now)
    fields, tree, metadata = _read(markup, raw, now)
    title, dek, stated_body = fields.title, fields.dek, fields.body
    body = _body(markup, tree, metadata)
    origins = [("body", "page"), *fields.origins]
    if len(body) < len(stated_body) / 2:
        body, origins = stated_body, [*fields.origins]
    if not title:
        title = headline(body)
        origins.insert(0, ("title", "body"))
    dek = summary(dek, title, body)
    fields = replace(fields, title=title, body=body, dek=dek, origins=tuple(origins))
    return merged(selected_fields, fields) if selected_fields else fields


def _body(markup: str, tree: Tree, told: Told) -> str:
    first = body_of(tree, told)
    if first.doubt < _DOUBTFUL:
        return first.text
    second = second_body(markup, tree)
    plausible = len(second) > max(_SHORT, len(first.text) / 2)
    return second if plausible else first.text


def page_blocks(raw: RawArticle, now: datetime) -> tuple[Tree, Told]:
    """Return the blocks of a page and its metadata, to train the models of the body."""
    markup = decoded_page(raw.content, raw.charset, raw.source.language)
    _, tree, metadata = _read(markup, raw, now)
    return tree, metadata


def _read(markup: str, raw: RawArticle, now: datetime) -> tuple[Found, Tree, Told]:
    """Return the fields of a page, its tree, and its metadata to compare blocks with."""
    page = parse_page(markup)
    fields = page_fields(page, raw, now)
    tree = walk(page.root) if page.root else Tree()
    return fields, tree, Told.of(fields.title, fields.dek, fields.body)
