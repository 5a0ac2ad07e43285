"""Runs of a file of queries, as tools that evaluate rankings read them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus.errors import DatelineError
from indexer.analysis import tokenize
from search.output.serialization import dump_json, serialize_answer
from search.project.project import Project
from search.query.query_errors import QueryError
from search.results.answer import Answer
from search.results.request import Request
from search.text.escaping import escape_terminal

RUN_NAME = "dateline"

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
    request = replace(request, highlight=run_format != "trec")
    with queries_file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            place = f"{queries_file}, line {number}"
            if not line.strip():
                continue
            query_id, text = _parse_query_line(line, place)
            answer = _answer_query(project, replace(request, text=text), place)
            yield from _format_run_lines(query_id, answer, run_format)


def _parse_query_line(line: bytes, place: str) -> tuple[str, str]:
    try:
        query_id, tab, text = line.decode("utf-8-sig").rstrip("\r\n").partition("\t")
    except UnicodeDecodeError as err:
        raise QueryFileError(f"{place}: not UTF-8") from err
    if not tab or not query_id or " " in query_id:
        raise QueryFileError(f"{place}: expected an id without spaces, a tab and a query")
    return query_id, text


def _answer_query(project: Project, request: Request, place: str) -> Answer | None:
    words = " ".join(tokenize(request.text)[:_MAX_QUERY_WORDS])
    for text, instead in ((request.text, "taken as words"), (words, "no answer")):
        try:
            return project.search(replace(request, text=text))
        except QueryError as err:
            problem = str(err).partition("\n")[0]
            print(escape_terminal(f"{place}: {problem}; {instead}"), file=sys.stderr)
    return None


def _format_run_lines(query_id: str, answer: Answer | None, run_format: str) -> Iterator[str]:
    if run_format == "json":
        fields = serialize_answer(answer) if answer else {"total": 0, "hits": []}
        yield dump_json({"query": query_id, **fields})
        return
    hits = answer.hits if answer else ()
    for rank, hit in enumerate(hits, 1):
        article_id = "_".join(hit.article.id.split())
        # Evaluation sorts by score and breaks ties in its own way, so ranks become the scores.
        yield f"{query_id} Q0 {article_id} {rank} {len(hits) - rank + 1} {RUN_NAME}"
