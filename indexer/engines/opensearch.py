"""The writer half of the opensearch engine, and what both halves know of a cluster.

The index's folder holds one file that says which indices of which cluster are meant; the
indices are one a publication period (`news-3-2025-03`), behind one alias for reading
(`news-3`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Self

from opensearchpy import OpenSearch
from opensearchpy.exceptions import OpenSearchException
from opensearchpy.helpers import parallel_bulk, streaming_bulk

from indexer.engines import IndexDamagedError
from indexer.schema import FIELDS, Document, Kind, exact, facet

VERSION = "version"
_ABOUT = "cluster.json"
_BATCH = 500
_LONGEST_TOKEN = 8_191  # characters; Lucene's own limit is 32,766 bytes
_WINDOW = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where an index lies: a cluster's addresses, and the alias that all its indices share."""

    hosts: tuple[str, ...]
    alias: str

    def client(self) -> OpenSearch:
        return OpenSearch(
            list(self.hosts),
            timeout=30,
            max_retries=3,
            retry_on_timeout=True,
            http_compress=True,
        )


def place(folder: Path) -> Place:
    """What the folder of an index says. Raises IndexDamagedError."""
    try:
        about = json.loads((folder / _ABOUT).read_text("utf-8"))
        return Place(tuple(about["hosts"]), about["alias"])
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise IndexDamagedError(folder) from err


def create(folder: Path) -> None:
    """Make an empty index in an empty folder."""
    hosts = os.environ.get("DATELINE_OPENSEARCH", "http://127.0.0.1:9200").split(",")
    alias = f"news-{abs(hash(str(folder))) % 10**10}"
    there = Place(tuple(hosts), alias)
    client = there.client()
    client.indices.put_index_template(name=alias, body=_template(alias))
    client.indices.create(index=f"{alias}-undated")
    about = json.dumps({"hosts": hosts, "alias": alias})
    (folder / _ABOUT).write_text(about, encoding="utf-8")


def open_writer(folder: Path) -> OpenSearchWriter:
    """Open an index for writing. Raises IndexDamagedError if it cannot be read."""
    return OpenSearchWriter(folder)


class OpenSearchWriter:
    """See IndexWriter.

    What does not fit into memory is sent before it is committed. No searcher sees it until
    then; but a writer that is left without a commit leaves it to the next one that commits.
    """

    def __init__(self, folder: Path) -> None:
        self._place = place(folder)
        self._client = self._place.client()
        self._waiting: dict[str, Document | None] = {}
        self._sent: dict[str, str] = {}  # where documents went since the last commit

    def put(self, document: Document) -> None:
        self._take(document.id, document)

    def delete(self, article_id: str) -> None:
        self._take(article_id, None)

    def _take(self, article_id: str, document: Document | None) -> None:
        self._waiting[article_id] = document
        if len(self._waiting) >= _BATCH:
            self._send()

    def commit(self) -> None:
        self._send()
        self._client.indices.refresh(index=self._place.alias)
        self._sent.clear()

    def _send(self) -> None:
        if not self._waiting:
            return
        before = self._held(list(self._waiting))
        for ok, result in streaming_bulk(
            self._client,
            self._actions(before),
            chunk_size=_BATCH,
            max_retries=5,
            raise_on_error=False,
        ):
            if not ok:
                _check(result)
        self._waiting.clear()

    def _actions(self, before: Mapping[str, set[str]]) -> Iterator[dict[str, Any]]:
        for article_id, document in self._waiting.items():
            index = self._index(document) if document else ""
            for other in before.get(article_id, set()) - {index}:
                yield {"_op_type": "delete", "_index": other, "_id": article_id}
            self._sent.pop(article_id, None)
            if document:
                yield {"_index": index, "_id": article_id, "_source": _source(document)}
                self._sent[article_id] = index

    def _held(self, ids: list[str]) -> dict[str, set[str]]:
        """The indices that hold each document, the ones not refreshed yet among them."""
        held: dict[str, set[str]] = {}
        for article_id in ids:
            if article_id in self._sent:
                held[article_id] = {self._sent[article_id]}
        query = {"query": {"ids": {"values": ids}}, "_source": False, "size": len(ids) * 2}
        found = self._client.search(index=self._place.alias, body=query)
        for hit in found["hits"]["hits"]:
            held.setdefault(hit["_id"], set()).add(hit["_index"])
        return held

    def _index(self, document: Document) -> str:
        return f"{self._place.alias}-{period(document.numbers.get('date'))}"

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def period(seconds: int | None) -> str:
    """The month, in UTC, in which a moment lies (`2025-03`); `undated` if there is none."""
    if seconds is None:
        return "undated"
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m")


def _check(result: Mapping[str, Any]) -> None:
    ((operation, told),) = result.items()
    if operation == "delete" and told["status"] == 404:
        return
    raise OpenSearchException(f"{told['_id']}: {told.get('error')}")


def _source(document: Document) -> dict[str, Any]:
    source: dict[str, Any] = {VERSION: document.version, **document.numbers}
    for field, text in document.texts.items():
        source[field] = source[exact(field)] = text
    source.update(document.names)
    source.update(document.keywords)
    for field, values in document.facets.items():
        source[facet(field)] = values
    return source


def _template(alias: str) -> dict[str, Any]:
    words = {"type": "whitespace", "max_token_length": _LONGEST_TOKEN}
    return {
        "index_patterns": [f"{alias}-*"],
        "template": {
            "aliases": {alias: {}},
            "settings": {
                "index": {
                    "number_of_shards": 1,
                    "number_of_replicas": 1,
                    "refresh_interval": -1,
                    "max_result_window": _WINDOW,
                },
                "analysis": {
                    "tokenizer": {"words": words},
                    "filter": {"porter2": {"type": "stemmer", "language": "porter2"}},
                    "analyzer": {
                        "words": {"type": "custom", "tokenizer": "words"},
                        "stems": {
                            "type": "custom", "tokenizer": "words", "filter": ["porter2"],
                        },
                    },
                },
            },
            "mappings": {"dynamic": "strict", "properties": dict(_properties())},
        },
    }  # fmt: skip


def _properties() -> Iterable[tuple[str, dict[str, Any]]]:
    yield VERSION, {"type": "long"}
    for field in FIELDS.values():
        match field.kind:
            case Kind.TEXT:
                yield field.name, {"type": "text", "analyzer": "stems"}
                yield exact(field.name), {"type": "text", "analyzer": "words"}
            case Kind.NAMES:
                yield field.name, {"type": "text", "analyzer": "words"}
            case Kind.KEYWORD:
                yield field.name, {"type": "keyword"}
            case Kind.NUMBER | Kind.DATE:
                yield field.name, {"type": "long"}
        if field.facet:
            yield facet(field.name), {"type": "keyword", "index": False}
