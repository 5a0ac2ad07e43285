"""Runs of a file of queries, as tools that evaluate rankings read them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from corpus.errors import DatelineError
from search.output.serialization import dump_json, serialize_answer
from search.project.project import Project
from search.query.foreign_syntax import strip_syntax
from search.query.query_errors import QueryError
from search.results.answer import answer_request, rank_article_ids
from search.results.request import Request
from search.results.snapshot import Snapshot
from search.text.escaping import escape_terminal

RUN_NAME = "dateline"

Result = TypeVar("Result")

# A text that is too long for a query, or cannot be parsed, is cut to this many words.
_MAX_QUERY_WORDS = 200


class QueryFileError(DatelineError):
    """A file of queries that cannot be read."""


def run_queries(
    project: Project, request: Request, queries_file: Path, run_format: str
) -> Iterator[str]:
    """Yield the lines of a run over a file of `id<TAB>query` lines, with `request`'s settings.

    A TREC run has a line a hit: query id, Q0, article id, rank, score, name of the run. Spaces
    separate its columns, so those in an article id become underscores. A query that cannot be
    parsed is searched as plain words, and a line on stderr reports it. Raises QueryFileError
    for a line without a tab, and for text that is not UTF-8.
    """
    snapshot = project.snapshot()
    answer = _format_trec if run_format == "trec" else _format_json
    with queries_file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            place = f"{queries_file}, line {number}"
            if line.strip():
                query_id, text = _parse_query_line(line, place)
                yield from answer(query_id, replace(request, text=text), snapshot, place)


def _parse_query_line(line: bytes, place: str) -> tuple[str, str]:
    try:
        query_id, tab, text = line.decode("utf-8-sig").rstrip("\r\n").partition("\t")
    except UnicodeDecodeError as err:
        raise QueryFileError(f"{place}: not UTF-8") from err
    if not tab or not query_id or " " in query_id:
        raise QueryFileError(f"{place}: expected an id without spaces, a tab and a query")
    return query_id, text


def _format_trec(query_id: str, request: Request, snapshot: Snapshot, place: str) -> Iterator[str]:
    ids = _answer_or_report(rank_article_ids, request, snapshot, place) or []
    for rank, article_id in enumerate(ids, 1):
        # Evaluation sorts by score and breaks ties in its own way, so ranks become the scores.
        column = "_".join(article_id.split())
        yield f"{query_id} Q0 {column} {rank} {len(ids) - rank + 1} {RUN_NAME}"


def _format_json(query_id: str, request: Request, snapshot: Snapshot, place: str) -> Iterator[str]:
    answer = _answer_or_report(answer_request, request, snapshot, place)
    fields = serialize_answer(answer) if answer else {"total": 0, "hits": []}
    yield dump_json({"query": query_id, **fields})


def _answer_or_report(
    answer: Callable[[Request, Snapshot], Result],
    request: Request,
    snapshot: Snapshot,
    place: str,
) -> Result | None:
    """Answer a query, or its plain words if it cannot be parsed; report that on stderr."""
    words = " ".join(strip_syntax(request.text).split()[:_MAX_QUERY_WORDS])
    for text, instead in ((request.text, "taken as words"), (words, "no answer")):
        try:
            return answer(replace(request, text=text), snapshot)
        except QueryError as err:
            problem = str(err).partition("\n")[0]
            print(escape_terminal(f"{place}: {problem}; {instead}"), file=sys.stderr)
    return None
