"""A file of queries to a run: what an evaluation of rankings reads."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from indexer.analysis import tokens
from search.answer import Answer, Request
from search.errors import QueryError
from search.jsonform import answer_json
from search.project import Project

RUN_NAME = "dateline"


def run(project: Project, request: Request, queries: Path, form: str) -> Iterator[str]:
    """The lines of a run over a file of `id<TAB>query` lines, with `request`'s settings.

    A TREC run has a line a hit: query id, Q0, article id, rank, score, name of the run. A
    query that cannot be read is taken for mere words, and a line on stderr says so. Raises
    QueryError for a line without a tab.
    """
    with queries.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            query_id, tab, text = line.rstrip("\r\n").partition("\t")
            if not tab:
                message = f"{queries}, line {number}: expected an id, a tab and a query"
                raise QueryError(message, line.rstrip("\r\n"), 0, 1)
            answer = _answer(project, replace(request, text=text), f"{queries}, line {number}")
            yield from _lines(query_id, answer, form)


def _answer(project: Project, request: Request, place: str) -> Answer | None:
    try:
        return project.search(request)
    except QueryError as err:
        words = " ".join(tokens(request.text))
        print(f"{place}: {err.message}; taken as words", file=sys.stderr)
    return project.search(replace(request, text=words)) if words else None


def _lines(query_id: str, answer: Answer | None, form: str) -> Iterator[str]:
    if form == "json":
        found = answer_json(answer) if answer else {"total": 0, "hits": []}
        yield json.dumps({"query": query_id, **found}, ensure_ascii=False)
        return
    hits = answer.hits if answer else ()
    for rank, hit in enumerate(hits, 1):
        # Evaluation sorts by score and breaks ties its own way, so the ranks go in as scores.
        yield f"{query_id} Q0 {hit.article.id} {rank} {len(hits) - rank + 1} {RUN_NAME}"
