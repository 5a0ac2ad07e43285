"""Puts documents into an index in a cluster, and remembers how far each store has come.

Documents have their article's id, so that what is sent twice is there once. Their version in
the cluster is the time of the article's last update: of what several stores give of one
article, the latest stays, in whatever order it comes.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError

from indexer.analysis import stem_tokens
from indexer.engines import IndexDamagedError, Refusal
from indexer.engines.cluster_settings import ClusterPlace
from indexer.engines.opensearch_bulk import Action, Bulk, patiently
from indexer.engines.opensearch_cluster import (
    AFTER,
    ARTICLE,
    STORE,
    VERSION,
    Json,
    connect,
    packed,
    telling,
    template,
    vocabulary,
)
from indexer.schema import (
    ALL_TEXT,
    COMPLETIONS,
    DEFAULT_FIELDS,
    Document,
    get_exact_field,
    get_facet_field,
    get_last_change_seconds,
)

# Documents and bytes that are sent at a time, and how many such are under way.
_BATCH = 500
_BYTES = 4_000_000
_UNDER_WAY = 3
# What was sent and cannot be looked up yet is remembered for so many articles.
_REMEMBERED = 50_000
# Bytes.
_LONGEST_ID = 512


def create(place: ClusterPlace) -> None:
    """Make an empty index. Raises IndexUnreachableError."""
    client = connect(place.settings)
    with telling(place.settings):
        client.indices.put_index_template(name=place.alias, body=template(place, in_use=False))
        client.indices.create(index=place.index(None))
        try:
            client.indices.create(index=place.ingesters, body=_INGESTERS)
        except RequestError as err:
            if err.error != "resource_already_exists_exception":
                raise


_INGESTERS = {
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
class _Held:
    """A document that the cluster has: where, in which version, of which store."""

    index: str
    version: int
    store: str


@dataclass(frozen=True, slots=True)
class _Put:
    """A document to be put: where, in which version, of which store, and the document as JSON."""

    article_id: str
    index: str
    version: int
    store: str
    body: str


class OpenSearchWriter:
    """See IndexWriter.

    What does not fit into memory is sent before it is committed. Searchers see it then at the
    next commit, whoever makes it; a writer that is left without one leaves it there.
    """

    def __init__(self, place: ClusterPlace) -> None:
        self._place = place
        self._client = connect(place.settings)
        self._waiting: dict[str, _Put | None] = {}
        self._sent: dict[str, _Held | None] = {}  # where documents went since they could be seen
        self._bulk = Bulk(self._client)
        self._threads = ThreadPoolExecutor(_UNDER_WAY)
        self._under_way: deque[Future[None]] = deque()
        with telling(place.settings):
            if not self._client.indices.exists_alias(name=place.alias):
                raise IndexDamagedError(place.alias)
            self._after = followed(self._client, place)

    def put(self, document: Document) -> None:
        self.put_from(document, self._place.store, self._after)

    def put_from(self, document: Document, store: str, after: int) -> None:
        """Put a document that is some store's, which had made `after` changes before it."""
        index = self._place.index(document.numbers.get("date"))
        body = json.dumps(self._source(document, store, after), separators=(",", ":"))
        put = _Put(document.id, index, get_last_change_seconds(document.article), store, body)
        self._take(_key(document.id), put)

    def delete(self, article_id: str) -> None:
        self._take(_key(article_id), None)

    def _take(self, key: str, put: _Put | None) -> None:
        self._waiting[key] = put
        if len(self._waiting) >= _BATCH:
            self._send()

    def commit(self) -> tuple[Refusal, ...]:
        self._send()
        self._drain()
        self._refresh()
        refused, self._bulk.refused = tuple(self._bulk.refused), []
        return refused

    def _refresh(self) -> None:
        with telling(self._place.settings):
            patiently(lambda: self._client.indices.refresh(index=self._place.alias))
        self._sent.clear()

    def _send(self) -> None:
        """Send what waits, beside other batches, but never the same article twice at once."""
        batch, self._waiting = self._waiting, {}
        if not batch:
            return
        if any(key in self._sent for key in batch):
            self._drain()
        while len(self._under_way) >= _UNDER_WAY:
            self._under_way.popleft().result()
        if len(self._sent) >= _REMEMBERED:
            self._drain()
            self._refresh()
        before = {key: self._sent.get(key) for key in batch}
        self._sent.update(dict.fromkeys(batch))
        self._under_way.append(self._threads.submit(self._send_batch, batch, before))

    def _drain(self) -> None:
        while self._under_way:
            self._under_way.popleft().result()

    def _send_batch(
        self,
        batch: Mapping[str, _Put | None],
        before: Mapping[str, _Held | None],
    ) -> None:
        with telling(self._place.settings):
            held = self._held([key for key in batch if not before[key]])
            held |= {key: [there] for key, there in before.items() if there}
            actions: list[Action] = []
            size = 0
            for key, put in batch.items():
                for action in self._actions(key, put, held.get(key, [])):
                    actions.append(action)
                    size += len(action.body)
                if size >= _BYTES:
                    self._bulk.send(actions)
                    actions, size = [], 0
            self._bulk.send(actions)

    def _held(self, ids: list[str]) -> dict[str, list[_Held]]:
        """Return the documents that the cluster has of some articles, as far as searches see."""
        held: dict[str, list[_Held]] = {}
        if not ids:
            return held
        body = {
            "query": {"ids": {"values": ids}},
            "_source": False,
            "version": True,
            "docvalue_fields": [STORE],
            "size": min(len(ids) * 4, 10_000),
        }
        # A copy of a document that is not seen would be left behind in its old period.
        whole = {"allow_partial_search_results": "false"}
        found = patiently(
            lambda: self._client.search(index=self._place.alias, body=body, params=whole)
        )
        for hit in found["hits"]["hits"]:
            there = _Held(hit["_index"], hit["_version"], hit["fields"][STORE][0])
            held.setdefault(hit["_id"], []).append(there)
        return held

    def _actions(self, key: str, put: _Put | None, held: Iterable[_Held]) -> Iterator[Action]:
        """Yield the actions after which the cluster has a document once, in the right period."""
        if put is None:
            for there in held:
                if there.store == self._place.store:
                    yield _delete(key, there)
            return
        version = put.version
        for there in held:
            if there.store != put.store and there.version > version:
                return  # another store has a later version
            if there.index != put.index:
                yield _delete(key, there)
            elif there.store == put.store:
                # An article's last update may be found to be earlier than it was thought.
                version = max(version, there.version)
        self._sent[key] = _Held(put.index, version, put.store)
        head = {"_index": put.index, "_id": key, "version": version}
        yield Action(put.article_id, _head("index", head), put.body)

    def _source(self, document: Document, store: str, after: int) -> Json:
        source: Json = {VERSION: document.version_key, STORE: store, AFTER: after}
        source[ARTICLE] = packed(document.article)
        source[ALL_TEXT] = " ".join(stem_tokens(document.all_text.split()))
        for field, text in document.texts.items():
            words = text.split()
            source[get_exact_field(field)] = text
            source[field] = " ".join(stem_tokens(words))
            if field in DEFAULT_FIELDS:
                source[vocabulary(get_exact_field(field))] = list(dict.fromkeys(words))
        for field, values in document.facets.items():
            source[get_facet_field(field)] = values
        source[COMPLETIONS] = document.completions
        return source | document.names | document.keywords | document.numbers

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _delete(key: str, there: _Held) -> Action:
    where = {"_index": there.index, "_id": key, "version": there.version}
    return Action(key, _head("delete", where))


def _key(article_id: str) -> str:
    """Return the id of an article in the cluster: its own, or a digest of one that is too long."""
    name = article_id.encode("utf-8", "surrogatepass")
    return article_id if len(name) <= _LONGEST_ID else hashlib.blake2b(name).hexdigest()


def _head(operation: str, where: Json) -> str:
    return json.dumps({operation: {**where, "version_type": "external_gte"}})


# -- how far a store has come


def followed(client: OpenSearch, place: ClusterPlace) -> int:
    """Return the store's last change that a generation has."""
    return int(_ingester(client, place).get("change", 0))


def set_followed(client: OpenSearch, place: ClusterPlace, change: int) -> None:
    """Remember the store's last change that a generation has, and that there was a commit."""
    commits = int(_ingester(client, place).get("commits", 0)) + 1
    about = {
        "generation": place.number, "store": place.store, "change": change, "commits": commits,
    }  # fmt: skip
    client.index(index=place.ingesters, id=place.key, body=about, params={"refresh": "true"})


def _ingester(client: OpenSearch, place: ClusterPlace) -> Json:
    try:
        found: Json = client.get(index=place.ingesters, id=place.key)["_source"]
    except NotFoundError:
        return {}
    return found
