"""The writer of documents in a cluster's index, and the record of each store's last change.

Documents have their article's id, so that one sent twice is there once. Their version in the
cluster is the time of the article's last update: of the versions that several stores put of one
article, the latest stays, in whatever order they come.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError

from indexer.engines import IndexDamagedError, Rejection
from indexer.engines.cluster_settings import ClusterPlace
from indexer.engines.opensearch_bulk import BulkAction, BulkSender, retry_transient_errors
from indexer.engines.opensearch_cluster import (
    AFTER_FIELD,
    ARTICLE_FIELD,
    SIGNATURE_FIELD,
    STORE_FIELD,
    VERSION_FIELD,
    Json,
    build_index_template,
    connect_cluster,
    get_stem_field,
    get_vocabulary_field,
    pack_article,
    translate_errors,
)
from indexer.schema import (
    ALL_TEXT,
    COMPLETIONS,
    DEFAULT_FIELDS,
    WRITTEN_FORMS,
    Document,
    get_facet_field,
    get_last_change_seconds,
)
from indexer.stemming import stem_tokens

# Documents and bytes of a batch, and batches that are sent at a time.
_BATCH_DOCUMENTS = 500
_BATCH_BYTES = 4_000_000
_MAX_RUNNING_BATCHES = 3
# Articles that were sent and are not visible yet, remembered before a refresh.
_MAX_SENT_ARTICLES = 50_000
# Bytes.
_MAX_ID_BYTES = 512


def create_index(place: ClusterPlace) -> None:
    """Create an empty index. Raises IndexUnreachableError."""
    client = connect_cluster(place.settings)
    with translate_errors(place.settings):
        client.indices.put_index_template(
            name=place.alias, body=build_index_template(place, in_use=False)
        )
        client.indices.create(index=place.get_index_name(None))
        try:
            client.indices.create(index=place.ingesters_index, body=_INGESTERS_BODY)
        except RequestError as err:
            if err.error != "resource_already_exists_exception":
                raise


_INGESTERS_BODY = {
    "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-2"}},
    "mappings": {
        "dynamic": "strict",
        "properties": {
            "generation": {"type": "long"},
            "store": {"type": "keyword"},
            "change": {"type": "long"},
            "commits": {"type": "long"},
        },
    },
}


def open_writer(place: ClusterPlace) -> OpenSearchWriter:
    """Open an index for writing. Raises IndexDamagedError, IndexUnreachableError."""
    return OpenSearchWriter(place)


@dataclass(frozen=True, slots=True)
class _IndexedDocument:
    """A document in the cluster: its index, version and store."""

    index: str
    version: int
    store: str


@dataclass(frozen=True, slots=True)
class _PendingDocument:
    """A document to put: its index, version and store, and the document as JSON."""

    article_id: str
    index: str
    version: int
    store: str
    body: str


class OpenSearchWriter:
    """See IndexWriter.

    Full batches are sent before the commit. They become visible at the next commit of any
    writer; a writer that closes without a commit leaves them there.
    """

    def __init__(self, place: ClusterPlace) -> None:
        self._place = place
        self._client = connect_cluster(place.settings)
        self._pending: dict[str, _PendingDocument | None] = {}
        self._sent: dict[str, _IndexedDocument | None] = {}  # documents sent since the last refresh
        self._bulk = BulkSender(self._client)
        self._threads = ThreadPoolExecutor(_MAX_RUNNING_BATCHES)
        self._running_batches: deque[Future[None]] = deque()
        with translate_errors(place.settings):
            if not self._client.indices.exists_alias(name=place.alias):
                raise IndexDamagedError(place.alias)
            self._indexed_change = read_indexed_change(self._client, place)

    def put(self, document: Document) -> None:
        self.put_from_store(document, self._place.store, self._indexed_change)

    def put_from_store(self, document: Document, store: str, after: int) -> None:
        """Put a document of any store; `after` is that store's last change before it."""
        index = self._place.get_index_name(document.numbers.get("date"))
        body = json.dumps(self._build_source(document, store, after), separators=(",", ":"))
        put = _PendingDocument(
            document.id, index, get_last_change_seconds(document.article), store, body
        )
        self._add_pending(_make_document_id(document.id), put)

    def delete(self, article_id: str) -> None:
        self._add_pending(_make_document_id(article_id), None)

    def _add_pending(self, key: str, pending: _PendingDocument | None) -> None:
        self._pending[key] = pending
        if len(self._pending) >= _BATCH_DOCUMENTS:
            self._send_pending()

    def commit(self) -> tuple[Rejection, ...]:
        self._send_pending()
        self._wait_for_batches()
        self._refresh_index()
        refused, self._bulk.rejections = tuple(self._bulk.rejections), []
        return refused

    def _refresh_index(self) -> None:
        with translate_errors(self._place.settings):
            retry_transient_errors(lambda: self._client.indices.refresh(index=self._place.alias))
        self._sent.clear()

    def _send_pending(self) -> None:
        """Send the pending batch beside others, but never two actions of one article at once."""
        batch, self._pending = self._pending, {}
        if not batch:
            return
        if any(key in self._sent for key in batch):
            self._wait_for_batches()
        while len(self._running_batches) >= _MAX_RUNNING_BATCHES:
            self._running_batches.popleft().result()
        if len(self._sent) >= _MAX_SENT_ARTICLES:
            self._wait_for_batches()
            self._refresh_index()
        before = {key: self._sent.get(key) for key in batch}
        self._sent.update(dict.fromkeys(batch))
        self._running_batches.append(self._threads.submit(self._send_batch, batch, before))

    def _wait_for_batches(self) -> None:
        while self._running_batches:
            self._running_batches.popleft().result()

    def _send_batch(
        self,
        batch: Mapping[str, _PendingDocument | None],
        before: Mapping[str, _IndexedDocument | None],
    ) -> None:
        with translate_errors(self._place.settings):
            indexed = self._find_indexed([key for key in batch if not before[key]])
            indexed |= {key: [document] for key, document in before.items() if document}
            actions: list[BulkAction] = []
            size = 0
            for key, put in batch.items():
                for action in self._make_actions(key, put, indexed.get(key, [])):
                    actions.append(action)
                    size += len(action.body)
                if size >= _BATCH_BYTES:
                    self._bulk.send_actions(actions)
                    actions, size = [], 0
            self._bulk.send_actions(actions)

    def _find_indexed(self, document_ids: list[str]) -> dict[str, list[_IndexedDocument]]:
        """Return the documents of articles in the cluster, as far as they are visible."""
        indexed: dict[str, list[_IndexedDocument]] = {}
        if not document_ids:
            return indexed
        body = {
            "query": {"ids": {"values": document_ids}},
            "_source": False,
            "version": True,
            "docvalue_fields": [STORE_FIELD],
            "size": min(len(document_ids) * 4, 10_000),
        }
        # A document that the search misses would be left behind in its old period.
        params = {"allow_partial_search_results": "false"}
        response = retry_transient_errors(
            lambda: self._client.search(index=self._place.alias, body=body, params=params)
        )
        for hit in response["hits"]["hits"]:
            document = _IndexedDocument(
                hit["_index"], hit["_version"], hit["fields"][STORE_FIELD][0]
            )
            indexed.setdefault(hit["_id"], []).append(document)
        return indexed

    def _make_actions(
        self, key: str, pending: _PendingDocument | None, indexed: Iterable[_IndexedDocument]
    ) -> Iterator[BulkAction]:
        """Yield the actions that leave a document in the cluster once, in the right period."""
        if pending is None:
            for document in indexed:
                if document.store == self._place.store:
                    yield _make_delete_action(key, document)
            return
        version = pending.version
        for document in indexed:
            if document.store != pending.store and document.version > version:
                return  # another store has a later version
            if document.index != pending.index:
                yield _make_delete_action(key, document)
            elif document.store == pending.store:
                # A new version of an article may have an earlier time of its last update.
                version = max(version, document.version)
        self._sent[key] = _IndexedDocument(pending.index, version, pending.store)
        head = {"_index": pending.index, "_id": key, "version": version}
        yield BulkAction(pending.article_id, _format_action_head("index", head), pending.body)

    def _build_source(self, document: Document, store: str, after: int) -> Json:
        source: Json = {VERSION_FIELD: document.version_key, STORE_FIELD: store, AFTER_FIELD: after}
        source[ARTICLE_FIELD] = pack_article(document.article)
        source[SIGNATURE_FIELD] = base64.b64encode(document.signature).decode()
        source[ALL_TEXT] = document.all_text
        for field, parts in document.texts.items():
            tokens = parts[0].split() if parts else []
            source[field] = parts
            source[get_stem_field(field)] = " ".join(stem_tokens(tokens))
            if field in DEFAULT_FIELDS:
                source[get_vocabulary_field(field)] = list(dict.fromkeys(tokens))
        for field, values in document.facets.items():
            source[get_facet_field(field)] = values
        source[COMPLETIONS] = document.completions
        source[WRITTEN_FORMS] = document.written_forms
        return source | document.names | document.keywords | document.numbers

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _make_delete_action(key: str, indexed: _IndexedDocument) -> BulkAction:
    where = {"_index": indexed.index, "_id": key, "version": indexed.version}
    return BulkAction(key, _format_action_head("delete", where))


def _make_document_id(article_id: str) -> str:
    """Return the id of an article in the cluster: its own, or a digest of one that is too long."""
    name = article_id.encode("utf-8", "surrogatepass")
    return article_id if len(name) <= _MAX_ID_BYTES else hashlib.blake2b(name).hexdigest()


def _format_action_head(operation: str, where: Json) -> str:
    return json.dumps({operation: {**where, "version_type": "external_gte"}})


# -- last changes of stores


def read_indexed_change(client: OpenSearch, place: ClusterPlace) -> int:
    """Return the store's last change that a generation contains."""
    return int(_read_ingester(client, place).get("change", 0))


def set_indexed_change(client: OpenSearch, place: ClusterPlace, change: int) -> None:
    """Record the store's last change that a generation contains, and count the commit."""
    commits = int(_read_ingester(client, place).get("commits", 0)) + 1
    about = {
        "generation": place.number, "store": place.store, "change": change, "commits": commits,
    }  # fmt: skip
    client.index(
        index=place.ingesters_index, id=place.ingester_key, body=about, params={"refresh": "true"}
    )


def _read_ingester(client: OpenSearch, place: ClusterPlace) -> Json:
    try:
        source: Json = client.get(index=place.ingesters_index, id=place.ingester_key)["_source"]
    except NotFoundError:
        return {}
    return source
