"""Texts in parts, with what a query matches in them numbered through the whole article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from corpus.article import Article
from search.query.query_errors import QueryError
from search.results.execute import Request, marked_query
from search.results.snapshot import View
from search.text.snippets import Highlighter, Snippet, parts, plain

_BREAK = "\n\n"
# A page marks no more than this: each mark is a place of its own, with links around it.
MOST_MARKED = 2_000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text, and which match in the article it is; 0 if it is none."""

    text: str
    match: int = 0


# Texts as templates write them.
Marked = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """An article's texts, and the query that is marked in them.

    `problem` says why nothing is, if the query cannot be read.
    """

    query: str
    title: Marked
    dek: Marked
    paragraphs: tuple[Marked, ...]
    matches: int
    problem: str = ""

    @property
    def marked(self) -> int:
        """How many of the matches are marked."""
        return min(self.matches, MOST_MARKED)


def marked_article(article: Article, query: str, view: View) -> MarkedArticle:
    """An article with all that a query matches in it, as its snippets have it."""
    shown = plain(query)
    try:
        return _marked(article, shown, _highlighter(query, view))
    except QueryError as err:
        return _marked(article, shown, None, plain(err.message))


def _highlighter(query: str, view: View) -> Highlighter | None:
    if not query.strip():
        return None
    wanted = marked_query(Request(query), view.now, view.config)
    return Highlighter(wanted, frequency=view.searcher.frequency, count=view.searcher.count)


def _marked(
    article: Article, query: str, highlighter: Highlighter | None, problem: str = ""
) -> MarkedArticle:
    numbers = count(1)

    def whole(field: str, text: str) -> Snippet:
        return highlighter.whole(field, text) if highlighter else Snippet(text, (), field)

    title = _numbered(whole("title", article.title), numbers)
    dek = _numbered(whole("dek", article.dek), numbers)
    body = paragraphs(whole("body", article.body))
    return MarkedArticle(
        query=query,
        title=title,
        dek=dek,
        paragraphs=tuple(_numbered(each, numbers) for each in body),
        matches=next(numbers) - 1,
        problem=problem,
    )


def _numbered(snippet: Snippet, numbers: Iterator[int]) -> Marked:
    found = ((text, next(numbers) if is_match else 0) for text, is_match in parts(snippet) if text)
    return tuple(Part(text, number if number <= MOST_MARKED else 0) for text, number in found)


def paragraphs(snippet: Snippet) -> Iterator[Snippet]:
    """A text by its paragraphs; a match that goes on in the next one is a match in both."""
    ranges = list(snippet.ranges)
    at = first = 0
    for text in snippet.text.split(_BREAK):
        end = at + len(text)
        while first < len(ranges) and ranges[first][1] <= at:
            first += 1
        last = first
        while last < len(ranges) and ranges[last][0] < end:
            last += 1
        if text.strip():
            inside = ((max(low, at), min(high, end)) for low, high in ranges[first:last])
            here = tuple((low - at, high - at) for low, high in inside)
            yield Snippet(text, here, snippet.field)
        first = max(first, last - 1)
        at = end + len(_BREAK)
