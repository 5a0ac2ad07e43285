"""Relevance: dateline's order of hits beside that of other engines, on judged collections.

    python -m tests.eval relevance

Each engine searches headline and text for any of a query's words, as its own defaults rank them.
dateline is asked as by `dateline search --queries`: a query that cannot be read becomes its words.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from search import Project, QueryError, Request
from search.query.foreign_syntax import strip_syntax
from search.results.request import MatchMode
from tests.eval.collections import MAX_HITS, Collection, RankedRun, Relevance, judge
from tests.eval.figures import Figure

# Returns the run of a collection.
Engine = Callable[[Collection], RankedRun]


@dataclass(frozen=True, slots=True)
class Measured:
    """A system's relevance on a collection, and milliseconds of processor time a query."""

    system: str
    collection: str
    relevance: Relevance
    milliseconds: float


def measure_dateline(collection: Collection) -> Iterator[Measured]:
    """Measure the default mode, `any`, and both without smoothing."""
    with tempfile.TemporaryDirectory() as folder:
        for smoothing in (True, False):
            with _open_project(Path(folder), collection, smoothing=smoothing) as project:
                for mode in (MatchMode.BEST, MatchMode.ANY):
                    name = f"dateline {mode.value}{'' if smoothing else ', no smoothing'}"
                    yield _measure(name, collection, lambda: _run(project, collection, mode))  # noqa: B023


@contextmanager
def _open_project(folder: Path, collection: Collection, *, smoothing: bool) -> Iterator[Project]:
    settings = f"ranking: {{smoothing: {str(smoothing).lower()}}}\n"
    (folder / "dateline.yaml").write_text(settings, "utf-8")
    with Project.open(folder) as project:
        if not project.exists:
            project.add([collection.articles])
        yield project


def _run(project: Project, collection: Collection, mode: MatchMode) -> RankedRun:
    return {query: _search(project, text, mode) for query, text in collection.queries}


def _search(project: Project, text: str, mode: MatchMode) -> list[str]:
    request = Request(text, match=mode, limit=MAX_HITS, highlight=False)
    try:
        answer = project.search(request)
    except QueryError:
        answer = project.search(
            Request(strip_syntax(text), match=mode, limit=MAX_HITS, highlight=False)
        )
    return [hit.article.id for hit in answer.hits]


def _measure(system: str, collection: Collection, run: Callable[[], RankedRun]) -> Measured:
    began = time.process_time()
    ranked = run()
    spent = (time.process_time() - began) * 1_000 / len(collection.queries)
    return Measured(system, collection.name, judge(collection, ranked), spent)


def list_figures(measured: list[Measured]) -> list[Figure]:
    """Return the figures that have floors: of the default mode and of `any`."""
    return [
        Figure(f"relevance_{one.collection}", f"{mode}_ndcg", one.relevance.ndcg, 1)
        for one in measured
        for mode in ("best", "any")
        if one.system == f"dateline {mode}"
    ]


# -- peers


def _list_words(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\w+", text.lower())))


def search_fts5(collection: Collection) -> RankedRun:
    """Search with SQLite's FTS5: Porter stems, its own bm25."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, title, body, tokenize='porter unicode61')"
    )
    database.executemany("INSERT INTO t VALUES (?, ?, ?)", collection.read_articles())
    statement = f"SELECT id FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT {MAX_HITS}"
    run = {}
    for query, text in collection.queries:
        wanted = " OR ".join(f'"{word}"' for word in _list_words(text))
        rows = database.execute(statement, (wanted,)).fetchall() if wanted else []
        run[query] = [row[0] for row in rows]
    database.close()
    return run


def search_tantivy(collection: Collection) -> RankedRun:
    """Search with tantivy: one field, its English stemmer."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer()
    for article_id, title, body in collection.read_articles():
        writer.add_document(tantivy.Document(id=article_id, text=f"{title}\n{body}"))
    writer.commit()
    index.reload()
    searcher = index.searcher()
    run = {}
    for query, text in collection.queries:
        parsed = index.parse_query(" ".join(_list_words(text)), ["text"])
        hits = searcher.search(parsed, MAX_HITS).hits
        run[query] = [str(searcher.doc(address)["id"][0]) for _, address in hits]
    return run


def search_whoosh(collection: Collection) -> RankedRun:
    """Search with stock Whoosh: one field, its stemming analyzer, BM25F."""
    from whoosh.analysis import StemmingAnalyzer
    from whoosh.fields import ID, TEXT, Schema
    from whoosh.filedb.filestore import RamStorage
    from whoosh.qparser import OrGroup, QueryParser

    import indexer.engines.whoosh_library  # noqa: F401  # lets Whoosh be imported

    schema = Schema(id=ID(stored=True), text=TEXT(analyzer=StemmingAnalyzer()))
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for article_id, title, body in collection.read_articles():
        writer.add_document(id=article_id, text=f"{title}\n{body}")
    writer.commit()
    parser = QueryParser("text", schema, group=OrGroup)
    with index.searcher() as searcher:
        return {
            query: [
                hit["id"]
                for hit in searcher.search(
                    parser.parse(" ".join(_list_words(text))), limit=MAX_HITS
                )
            ]
            for query, text in collection.queries
        }


def search_bm25s(collection: Collection) -> RankedRun:
    """Search with bm25s: Lucene's variant, English stop words, Snowball stems."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")

    def tokenize(texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

    articles = list(collection.read_articles())
    retriever = bm25s.BM25(method="lucene")
    retriever.index(
        tokenize([f"{title}\n{body}" for _, title, body in articles]), show_progress=False
    )
    run = {}
    for query, text in collection.queries:
        rows, scores = retriever.retrieve(
            tokenize([text]), k=min(MAX_HITS, len(articles)), show_progress=False
        )
        pairs = zip(rows[0], scores[0], strict=True)
        run[query] = [articles[row][0] for row, score in pairs if score > 0]
    return run


PEERS: dict[str, tuple[str, Engine]] = {
    "FTS5": ("sqlite3", search_fts5),
    "tantivy": ("tantivy", search_tantivy),
    "Whoosh": ("whoosh", search_whoosh),
    "bm25s": ("bm25s", search_bm25s),
}


def measure_peers(collection: Collection) -> Iterator[Measured]:
    """Measure the peers that are installed; their time includes indexing."""
    for name, (module, search) in PEERS.items():
        if find_spec(module):
            yield _measure(name, collection, lambda: search(collection))  # noqa: B023


# -- the table


def make_table(measured: list[Measured]) -> str:
    """Make a table of all systems and collections, in Markdown."""
    systems = list(dict.fromkeys(one.system for one in measured))
    names = list(dict.fromkeys(one.collection for one in measured))
    found = {(one.system, one.collection): one for one in measured}
    lines = []
    for title, read, form in _COLUMNS:
        lines += [f"\n{title}\n", f"| | {' | '.join(names)} |", f"|---|{'---:|' * len(names)}"]
        for system in systems:
            cells = [
                form.format(read(found[system, name])) if (system, name) in found else ""
                for name in names
            ]
            lines.append(f"| {system} | {' | '.join(cells)} |")
    return "\n".join(lines)


_COLUMNS: tuple[tuple[str, Callable[[Measured], float], str], ...] = (
    ("nDCG@10", lambda one: one.relevance.ndcg, "{:.4f}"),
    ("Mean average precision", lambda one: one.relevance.precision, "{:.4f}"),
    ("Recall at 100", lambda one: one.relevance.recall, "{:.4f}"),
    ("Milliseconds a query, peers with indexing", lambda one: one.milliseconds, "{:.1f}"),
)
