"""The engines that are compared, each used as its own documentation has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import tantivy

from tests.bench.ours import Dateline
from tests.bench.queries import Kind, Search
from tests.bench.stories import Story, read

HITS = 10
# As dateline's own writer has them.
_HEAP_BYTES = 120_000_000
_THREADS = 2


class Peer(Protocol):
    """An index in a folder, with the stored texts that snippets are made of."""

    def build(self, file: Path) -> None:
        """Index a file of stories into the empty folder."""

    def update(self, file: Path) -> None:
        """Add a file of stories, each in place of the one with its id, and see them."""

    def search(self, search: Search) -> list[tuple[str, str]]:
        """Id and snippet of the ten best."""

    def close(self) -> None: ...


class RawTantivy:
    """tantivy-py by itself: en_stem, its query parser, its snippets."""

    def __init__(self, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("title", stored=True, tokenizer_name="en_stem")
        builder.add_text_field("body", stored=True, tokenizer_name="en_stem")
        builder.add_integer_field("date", indexed=True, fast=True)
        self._schema = builder.build()
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(self._schema, str(folder))
        self._searcher = self._index.searcher()

    def build(self, file: Path) -> None:
        self.update(file)

    def update(self, file: Path) -> None:
        writer = self._index.writer(_HEAP_BYTES, _THREADS)
        for story in read(file):
            writer.delete_documents_by_term("id", story.id)
            document = tantivy.Document(id=story.id, title=story.title, body=story.body)
            if (seconds := story.seconds) is not None:
                document.add_integer("date", seconds)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, search: Search) -> list[tuple[str, str]]:
        query = self._query(search)
        found = self._searcher.search(query, HITS)
        snippets = tantivy.SnippetGenerator.create(self._searcher, query, self._schema, "body")
        rows = []
        for _, address in found.hits:
            document = self._searcher.doc(address)
            snippet = snippets.snippet_from_doc(document).to_html()
            rows.append((str(document.get_first("id")), snippet))
        return rows

    def _query(self, search: Search) -> tantivy.Query:
        if search.kind is Kind.PREFIX:
            return self._prefix(search.words[0])
        text = {
            Kind.OR: " OR ".join(search.words),
            Kind.PHRASE: f'"{" ".join(search.words)}"',
        }.get(search.kind, " AND ".join(search.words))
        query = self._index.parse_query(text, ["title", "body"])
        if search.since is None or search.until is None:
            return query
        within = tantivy.Query.range_query(
            self._schema,
            "date",
            tantivy.FieldType.Integer,
            lower_bound=int(search.since.timestamp()),
            upper_bound=int(search.until.timestamp()),
            include_upper=False,
        )
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query([(must, query), (must, within)])

    def _prefix(self, text: str) -> tantivy.Query:
        """The query parser drops a star, so the words are looked up first."""
        sets = []
        for field in ("title", "body"):
            terms = [term for term, _ in self._searcher.terms_with_prefix(field, text)]
            found = tantivy.Query.term_set_query(self._schema, field, terms)
            sets.append((tantivy.Occur.Should, found))
        return tantivy.Query.boolean_query(sets)

    def close(self) -> None:
        """Nothing is held open that memory management does not give back."""


class Fts5:
    """SQLite FTS5: porter over unicode61, the text kept in the table. It counts no totals."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "fts5.sqlite")
        self._db.executescript(
            "PRAGMA journal_mode = WAL;"
            "CREATE TABLE IF NOT EXISTS stories"
            " (number INTEGER PRIMARY KEY, id TEXT UNIQUE, date INTEGER);"
            "CREATE INDEX IF NOT EXISTS stories_by_date ON stories (date);"
            "CREATE VIRTUAL TABLE IF NOT EXISTS texts"
            " USING fts5 (title, body, tokenize = 'porter unicode61');"
        )

    def build(self, file: Path) -> None:
        self.update(file)

    def update(self, file: Path) -> None:
        with self._db:
            for story in read(file):
                self._put(story)

    def _put(self, story: Story) -> None:
        held = self._db.execute("SELECT number FROM stories WHERE id = ?", (story.id,)).fetchone()
        if held:
            self._db.execute("DELETE FROM texts WHERE rowid = ?", held)
            self._db.execute("DELETE FROM stories WHERE number = ?", held)
        row = self._db.execute(
            "INSERT INTO stories (id, date) VALUES (?, ?)", (story.id, story.seconds)
        )
        self._db.execute(
            "INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)",
            (row.lastrowid, story.title, story.body),
        )

    def search(self, search: Search) -> list[tuple[str, str]]:
        words = [f'"{word}"' for word in search.words]
        text = {
            Kind.OR: " OR ".join(words),
            Kind.PHRASE: f'"{" ".join(search.words)}"',
            Kind.PREFIX: f"{words[0]} *",
        }.get(search.kind, " AND ".join(words))
        within, bounds = "", []
        if search.since is not None and search.until is not None:
            within = " AND date >= ? AND date < ?"
            bounds = [int(search.since.timestamp()), int(search.until.timestamp())]
        return self._db.execute(
            "SELECT id, snippet(texts, 1, '<b>', '</b>', '…', 30)"
            " FROM texts JOIN stories ON number = texts.rowid"
            f" WHERE texts MATCH ?{within} ORDER BY rank LIMIT {HITS}",
            (text, *bounds),
        ).fetchall()

    def close(self) -> None:
        self._db.close()


class StockWhoosh:
    """Whoosh as its quick start has it: stemming analyzer, query parser, highlights."""

    def __init__(self, folder: Path) -> None:
        from whoosh import fields, index
        from whoosh.analysis import StemmingAnalyzer

        folder.mkdir(parents=True, exist_ok=True)
        schema = fields.Schema(
            id=fields.ID(unique=True, stored=True),
            title=fields.TEXT(StemmingAnalyzer(), stored=True),
            body=fields.TEXT(StemmingAnalyzer(), stored=True),
            date=fields.NUMERIC(bits=64, signed=True),
        )
        exists = index.exists_in(folder)
        self._index = index.open_dir(folder) if exists else index.create_in(folder, schema)
        self._searcher = self._index.searcher()

    def build(self, file: Path) -> None:
        self._write(file, "add_document")

    def update(self, file: Path) -> None:
        self._write(file, "update_document")

    def _write(self, file: Path, method: str) -> None:
        writer = self._index.writer()
        write: Callable[..., Any] = getattr(writer, method)
        for story in read(file):
            dated = {} if story.seconds is None else {"date": story.seconds}
            write(id=story.id, title=story.title, body=story.body, **dated)
        writer.commit()
        self._searcher.close()
        self._searcher = self._index.searcher()

    def search(self, search: Search) -> list[tuple[str, str]]:
        from whoosh import qparser, query

        text = {
            Kind.OR: " OR ".join(search.words),
            Kind.PHRASE: f'"{" ".join(search.words)}"',
            Kind.PREFIX: f"{search.words[0]}*",
        }.get(search.kind, " ".join(search.words))
        parsed = qparser.MultifieldParser(["title", "body"], self._index.schema).parse(text)
        if search.since is not None and search.until is not None:
            bounds = int(search.since.timestamp()), int(search.until.timestamp())
            within = query.NumericRange("date", *bounds, endexcl=True)
            parsed = query.And([parsed, within])
        found = self._searcher.search(parsed, limit=HITS)
        return [(hit["id"], hit.highlights("body")) for hit in found]

    def close(self) -> None:
        self._searcher.close()
        self._index.close()


@dataclass(frozen=True, slots=True)
class Entry:
    """A peer and how it is listed. One that is slow gets at most `most` articles."""

    name: str
    make: Callable[[Path], Peer]
    most: int = 0


RAW = "tantivy-py"


def entries(engines: Iterable[str]) -> list[Entry]:
    """dateline with each of its engines, and those it is measured beside."""
    return [
        *(Entry(f"dateline ({engine})", _dateline(engine)) for engine in engines),
        Entry(RAW, RawTantivy),
        Entry("SQLite FTS5", Fts5),
        Entry("Whoosh", StockWhoosh, most=5_000),
    ]


def _dateline(engine: str) -> Callable[[Path], Peer]:
    return lambda folder: Dateline(folder, engine)
