"""Cleaning of web pages: fields from metadata and visible text, the body from its blocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from corpus.article import RawArticle
from corpus.encodings.decoding import decode_page
from indexer.clean.fields import ArticleFields, merge_fields
from indexer.clean.pages.block_features import PageMetadata
from indexer.clean.pages.body import extract_body
from indexer.clean.pages.dom_tree import PageTree, build_tree, parse_page
from indexer.clean.pages.fallback_body import extract_fallback_body
from indexer.clean.pages.page_fields import extract_page_fields
from indexer.clean.paragraphs import make_headline
from indexer.clean.record import remove_repeated_dek

# Above this, the fallback extraction is better more often than not: on one page of twelve.
_MAX_DOUBT = 0.3
_MIN_BODY_CHARS = 250  # characters; shorter texts are no article


def clean_html(raw: RawArticle, now: datetime) -> ArticleFields:
    """Extract the fields of a page. Raises CleanError if it cannot be parsed."""
    markup = decode_page(raw.content, raw.charset, raw.source.language)
    selected_fields = None
    if raw.source.selectors:
        # Beautiful Soup takes 0.1 s to import, and ten times as long as the rest to parse.
        from indexer.clean.pages.selectors import apply_selectors

        markup, selected_fields = apply_selectors(markup, raw, now)
    fields, tree, metadata = _read_page(markup, raw, now)
    title, dek, stated_body = fields.title, fields.dek, fields.body
    body = _extract_best_body(markup, tree, metadata)
    origins = [("body", "page"), *fields.origins]
    if len(body) < len(stated_body) / 2:
        body, origins = stated_body, [*fields.origins]
    if not title:
        title = make_headline(body)
        origins.insert(0, ("title", "body"))
    dek = remove_repeated_dek(dek, title, body)
    fields = replace(fields, title=title, body=body, dek=dek, origins=tuple(origins))
    return merge_fields(selected_fields, fields) if selected_fields else fields


def _extract_best_body(markup: str, tree: PageTree, metadata: PageMetadata) -> str:
    first = extract_body(tree, metadata)
    if first.doubt < _MAX_DOUBT:
        return first.text
    second = extract_fallback_body(markup, tree)
    plausible = len(second) > max(_MIN_BODY_CHARS, len(first.text) / 2)
    return second if plausible else first.text


def read_page_blocks(raw: RawArticle, now: datetime) -> tuple[PageTree, PageMetadata]:
    """Return the blocks of a page and its metadata, to train the models of the body."""
    markup = decode_page(raw.content, raw.charset, raw.source.language)
    _, tree, metadata = _read_page(markup, raw, now)
    return tree, metadata


def _read_page(
    markup: str, raw: RawArticle, now: datetime
) -> tuple[ArticleFields, PageTree, PageMetadata]:
    """Return the fields of a page, its tree, and its metadata to compare blocks with."""
    page = parse_page(markup)
    fields = extract_page_fields(page, raw, now)
    tree = build_tree(page.root) if page.root else PageTree()
    return fields, tree, PageMetadata.of(fields.title, fields.dek, fields.body)
