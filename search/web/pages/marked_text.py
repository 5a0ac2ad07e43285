"""Texts of an article in parts, the matches of a query numbered through the whole article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from corpus.article import Article
from search.query.query_errors import QueryError
from search.results.execute import parse_marked_query
from search.results.request import Request
from search.results.snapshot import Snapshot
from search.text.escaping import replace_unsafe, split_marked
from search.text.snippets import Highlighter, Snippet

_PARAGRAPH_BREAK = "\n\n"
# A limit on a page's size: each mark is a link target, with links around it.
MAX_MARKED_MATCHES = 2_000


@dataclass(frozen=True, slots=True)
class MarkedPart:
    """A part of a text, and the number of its match in the article; 0 if it is no match."""

    text: str
    match: int = 0


# A text as templates write it.
MarkedText = tuple[MarkedPart, ...]


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """The texts of an article with the matches of a query marked.

    `problem` is the error if the query cannot be parsed; nothing is marked then.
    """

    query: str
    title: MarkedText
    dek: MarkedText
    paragraphs: tuple[MarkedText, ...]
    matches: int
    problem: str = ""

    @property
    def marked_count(self) -> int:
        """The number of matches that are marked."""
        return min(self.matches, MAX_MARKED_MATCHES)


def mark_article(article: Article, query: str, snapshot: Snapshot) -> MarkedArticle:
    """Mark all matches of a query in an article, as snippets mark them."""
    text = replace_unsafe(query)
    try:
        return _mark_texts(article, text, _make_highlighter(query, snapshot))
    except QueryError as err:
        return _mark_texts(article, text, None, replace_unsafe(err.message))


def _make_highlighter(query: str, snapshot: Snapshot) -> Highlighter | None:
    if not query.strip():
        return None
    wanted = parse_marked_query(Request(query), snapshot)
    return Highlighter(
        wanted,
        doc_frequency=snapshot.searcher.count_documents,
        doc_count=snapshot.searcher.document_count,
    )


def _mark_texts(
    article: Article, query: str, highlighter: Highlighter | None, problem: str = ""
) -> MarkedArticle:
    numbers = count(1)

    def highlight(field: str, text: str) -> Snippet:
        if not highlighter:
            return Snippet(text, (), field)
        return highlighter.highlight_field(field, text, article.language)

    title = _number_matches(highlight("title", article.title), numbers)
    dek = _number_matches(highlight("dek", article.dek), numbers)
    body = split_paragraphs(highlight("body", article.body))
    return MarkedArticle(
        query=query,
        title=title,
        dek=dek,
        paragraphs=tuple(_number_matches(paragraph, numbers) for paragraph in body),
        matches=next(numbers) - 1,
        problem=problem,
    )


def _number_matches(snippet: Snippet, numbers: Iterator[int]) -> MarkedText:
    pairs = (
        (text, next(numbers) if is_match else 0) for text, is_match in split_marked(snippet) if text
    )
    return tuple(
        MarkedPart(text, number if number <= MAX_MARKED_MATCHES else 0) for text, number in pairs
    )


def split_paragraphs(snippet: Snippet) -> Iterator[Snippet]:
    """Split a text into paragraphs; a match across a break becomes a match in both."""
    ranges = list(snippet.ranges)
    at = first = 0
    for text in snippet.text.split(_PARAGRAPH_BREAK):
        end = at + len(text)
        while first < len(ranges) and ranges[first][1] <= at:
            first += 1
        last = first
        while last < len(ranges) and ranges[last][0] < end:
            last += 1
        if text.strip():
            inside = ((max(low, at), min(high, end)) for low, high in ranges[first:last])
            relative = tuple((low - at, high - at) for low, high in inside)
            yield Snippet(text, relative, snippet.field)
        first = max(first, last - 1)
        at = end + len(_PARAGRAPH_BREAK)
