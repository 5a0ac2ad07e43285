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
from indexer.clean.pages.page_fields import extract_page_fields
from indexer.clean.paragraphs import clean_line, make_headline, remove_repeats
from indexer.clean.record import remove_repeated_dek
from indexer.clean.removals.box_cues import is_box_text
from indexer.clean.removals.boxes import remove_boxes
from indexer.clean.removals.next_stories import remove_next_stories

# Above this, the fallback extraction is better more often than not: on one page of twelve.
_MAX_DOUBT = 0.3
_MIN_BODY_CHARS = 250  # characters; shorter texts are no article
_MIN_SECOND_SHARE = 1 / 3  # of the characters of the first extraction, to be preferred to it
# Limits of lxml: it returns nothing for deeper pages, and traverses them by recursion.
_MAX_FALLBACK_CHARS = 3_000_000  # characters
_MAX_FALLBACK_ELEMENTS = 10_000
_MAX_FALLBACK_DEPTH = 150
# A body that the page only states is the better one if the shown one has little of it.
_MIN_SHOWN_SHARE = 0.1
_PROBE_CHARS, _PROBE_STEP = 30, 250  # letters and digits


def clean_html(raw: RawArticle, now: datetime) -> ArticleFields:
    """Extract the fields of a page. Raises CleanError if it cannot be parsed."""
    markup = decode_page(raw.content, raw.charset, raw.source.language)
    selected_fields = None
    if raw.source.selectors:
        # Beautiful Soup takes 0.1 s to import, and ten times as long as the rest to parse.
        from indexer.clean.selectors import apply_selectors

        markup, selected_fields = apply_selectors(markup, raw, now)
    fields, tree, metadata = _read_page(markup, raw, now)
    title, dek, stated_body = fields.title, fields.dek, fields.body
    body = _extract_best_body(markup, tree, metadata)
    origins = [("body", "page"), *fields.origins]
    if _is_better_stated(stated_body, body):
        body, origins = _join_intro(body, stated_body), [*fields.origins]
    if not title:
        title = make_headline(body)
        origins.insert(0, ("title", "body"))
    dek = remove_repeated_dek(dek, title, body)
    fields = replace(fields, title=title, body=body, dek=dek, origins=tuple(origins))
    return merge_fields(selected_fields, fields) if selected_fields else fields


def _is_better_stated(stated: str, shown: str) -> bool:
    """Return whether the body that a page states is the whole of what it shows, or all there is.

    The text of a live blog is often loaded later than the page.
    """
    if len(shown) < len(stated) / 2:
        return True
    return len(shown) < len(stated) and _measure_shown_share(stated, shown) < _MIN_SHOWN_SHARE


def _join_intro(shown: str, stated: str) -> str:
    """Return a stated body after what a page shows above the first of its paragraphs."""
    whole = "".join(filter(str.isalnum, stated))
    paragraphs = shown.split("\n\n")
    for at, text in enumerate(paragraphs):
        start = "".join(filter(str.isalnum, text))[:_PROBE_CHARS]
        if len(start) == _PROBE_CHARS and start in whole:
            return "\n\n".join([*paragraphs[:at], stated])
    return stated


def _measure_shown_share(stated: str, shown: str) -> float:
    """Return how much of a stated body is in the shown one, by samples of it."""
    whole, stated = ("".join(filter(str.isalnum, text)) for text in (shown, stated))
    starts = range(0, max(1, len(stated) - _PROBE_CHARS), _PROBE_STEP)
    return sum(stated[at : at + _PROBE_CHARS] in whole for at in starts) / len(starts)


def _extract_best_body(markup: str, tree: PageTree, metadata: PageMetadata) -> str:
    first = extract_body(tree, metadata)
    text = first.text
    if first.doubt >= _MAX_DOUBT:
        second = _extract_fallback_body(markup, tree)
        if len(second) > max(_MIN_BODY_CHARS, len(text) * _MIN_SECOND_SHARE):
            text = second
    return "\n\n".join(remove_repeats(text.split("\n\n")))


def _extract_fallback_body(markup: str, tree: PageTree) -> str:
    """Return the paragraphs that trafilatura extracts; nothing for a page beyond lxml's limits."""
    if len(markup) > _MAX_FALLBACK_CHARS or not _is_within_lxml_limits(tree):
        return ""
    # It takes 0.5 s to import, and few pages need it.
    from trafilatura import bare_extraction

    extraction = bare_extraction(
        markup.replace("\0", ""), favor_precision=True, include_comments=False, with_metadata=False
    )
    text = extraction.text if extraction and not isinstance(extraction, dict) else None
    paragraphs = filter(None, map(clean_line, (text or "").split("\n")))
    return "\n\n".join(paragraph for paragraph in paragraphs if not is_box_text(paragraph))


def _is_within_lxml_limits(tree: PageTree) -> bool:
    if len(tree.elements) > _MAX_FALLBACK_ELEMENTS:
        return False
    depths: list[int] = []
    for element in tree.elements:
        depths.append(depths[element.parent] + 1 if element.parent >= 0 else 0)
    return max(depths, default=0) <= _MAX_FALLBACK_DEPTH


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
    tree = remove_next_stories(remove_boxes(tree, fields.title), fields.title)
    return fields, tree, PageMetadata.of(fields.title, fields.dek, fields.body)
