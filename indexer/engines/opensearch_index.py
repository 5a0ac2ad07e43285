"""The generations of an index in a cluster, which several stores may put their articles into.

The cluster records the generation in use, so that a swap is one for all stores. It also records
each store's last change in each generation: the documents and last changes of other stores are
copied into a new generation, and each store continues from there.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError
from opensearchpy.helpers import scan

from corpus.store import Store
from indexer.engines import IndexUnreachableError, opensearch_documents
from indexer.engines.cluster_settings import UNDATED, ClusterPlace, ClusterSettings
from indexer.engines.opensearch_cluster import (
    AFTER,
    ARTICLE,
    SIGNATURE,
    STORE,
    VERSION,
    Json,
    connect,
    remove_indices,
    telling,
    template,
    unpacked,
)
from indexer.generations import (
    Generation,
    NoIndexError,
    OutdatedIndexError,
    ServerIndex,
    Servers,
)
from indexer.indexer_errors import RebuildFailedError
from indexer.schema import SCHEMA_VERSION, Document, build_document

_COPIED_AT_ONCE = 500


class Clustered:
    """The generations whose indices' names begin with the settings' `index`."""

    shared = True

    def __init__(self, settings: ClusterSettings, store: str) -> None:
        self._settings = settings
        self._store = store

    @property
    def _client(self) -> OpenSearch:
        return connect(self._settings)

    def current(self) -> ClusterGeneration:
        with telling(self._settings):
            generations = self._all()
        in_use = [number for number, about in generations.items() if about.in_use]
        if not in_use:
            raise NoIndexError
        about = generations[max(in_use)]
        if about.schema > SCHEMA_VERSION:
            raise IndexUnreachableError(
                "the index in the cluster was made by a newer dateline; upgrade this one"
            )
        if about.schema < SCHEMA_VERSION:
            raise OutdatedIndexError
        return self._generation(max(in_use))

    def create(self, store: Store) -> ClusterGeneration:
        with telling(self._settings):
            generation = self._generation(max(self._all(), default=0) + 1)
        opensearch_documents.create(generation.place)
        return generation

    def carry_over(self, generation: Generation) -> None:
        with telling(self._settings):
            others = [number for number, about in self._all().items() if about.in_use]
            for number in others:
                if number != generation.number:
                    self._copy(self._place(number), self._place(generation.number))

    def _copy(self, old: ClusterPlace, new: ClusterPlace) -> None:
        """Copy the documents that other stores have put into a generation since the last copy."""
        old_changes = self._ingesters(old.number)
        new_changes = self._ingesters(new.number)
        with opensearch_documents.open_writer(new) as writer:
            for store in old_changes.keys() - {self._store}:
                for document, after in self._documents(old, store, new_changes.get(store, 0)):
                    writer.put_from(document, store, after)
            writer.commit()
        for store in old_changes.keys() - new_changes.keys() - {self._store}:
            # Not its last change now: an article that it has removed since may have been copied.
            place = ClusterPlace(self._settings, new.number, store)
            opensearch_documents.set_followed(self._client, place, old_changes[store])

    def _documents(
        self, place: ClusterPlace, store: str, after: int
    ) -> Iterator[tuple[Document, int]]:
        """Yield a store's documents that were put at or after a change, each with its change."""
        filters = [{"term": {STORE: store}}, {"range": {AFTER: {"gte": after}}}]
        query = {
            "query": {"bool": {"filter": filters}},
            "_source": [ARTICLE, SIGNATURE],
            "docvalue_fields": [VERSION, AFTER],
        }
        for hit in scan(self._client, query, index=place.alias, size=_COPIED_AT_ONCE):
            fields = hit["fields"]
            article = unpacked(hit["_source"][ARTICLE])
            signature = base64.b64decode(hit["_source"].get(SIGNATURE, ""))
            document = build_document(article, int(fields[VERSION][0]))
            yield replace(document, signature=signature), int(fields[AFTER][0])

    def _ingesters(self, number: int) -> dict[str, int]:
        """Return each store's last change in a generation."""
        place = self._place(number)
        body = {"query": {"term": {"generation": number}}, "size": 10_000}
        response = self._client.search(index=place.ingesters, body=body)
        sources = [hit["_source"] for hit in response["hits"]["hits"]]
        return {source["store"]: int(source["change"]) for source in sources}

    def use(self, generation: Generation) -> None:
        place = self._place(generation.number)
        with telling(self._settings):
            self.carry_over(generation)
            in_use = [number for number, about in self._all().items() if about.in_use]
            if max(in_use, default=0) > generation.number:
                raise RebuildFailedError("another rebuild has finished meanwhile; it is in use")
            name = self._settings.index
            actions: list[Json] = [
                {"remove": {"index": f"{name}-{number}-*", "alias": name}} for number in in_use
            ]
            add: Json = {"add": {"index": f"{place.alias}-*", "alias": name}}
            self._client.indices.update_aliases(body={"actions": [*actions, add]})
            body = template(place, in_use=True)
            self._client.indices.put_index_template(name=place.alias, body=body)
            # A period may have begun between the two steps.
            self._client.indices.update_aliases(body={"actions": [add]})
            for number in in_use:
                self._copy(self._place(number), place)

    def remove(self, store: Store, generation: Generation) -> None:
        with telling(self._settings):
            self._remove(generation.number)

    def remove_unused(self, store: Store, current: Generation) -> None:
        """Remove older ones without open readers, and newer ones that this store began."""
        with telling(self._settings):
            for number, about in self._all().items():
                abandoned = number > current.number and about.store == self._store
                if abandoned or (number < current.number and not self._is_read(number)):
                    self._remove(number)

    def _is_read(self, number: int) -> bool:
        stats = self._client.indices.stats(index=f"{self._place(number).alias}-*", metric="search")
        search = stats["_all"]["total"].get("search", {})
        return bool(search.get("point_in_time_current") or search.get("open_contexts"))

    def _remove(self, number: int) -> None:
        place = self._place(number)
        remove_indices(self._client, list(self._client.indices.get(index=f"{place.alias}-*")))
        with suppress(NotFoundError):
            self._client.indices.delete_index_template(name=place.alias)
        query = {"query": {"term": {"generation": number}}}
        response = self._client.search(index=place.ingesters, body={**query, "size": 10_000})
        for hit in response["hits"]["hits"]:
            self._client.delete(
                index=place.ingesters, id=hit["_id"], params={"refresh": "true"}, ignore=404
            )

    def size(self) -> int:
        with telling(self._settings):
            stats = self._client.indices.stats(index=f"{self._settings.index}-*", metric="store")
            return int(stats["_all"]["primaries"].get("store", {}).get("size_in_bytes", 0))

    def servers(self) -> Servers:
        """Return the state of the cluster and of the indices. Raises IndexUnreachableError."""
        with telling(self._settings):
            health = self._client.cluster.health()
            rows = self._client.cat.indices(
                index=f"{self._settings.index}-*",
                params={"format": "json", "bytes": "b", "h": "index,health,docs.count,store.size"},
            )
        indices = (
            ServerIndex(
                row["index"],
                row["health"],
                int(row["docs.count"] or 0),
                int(row["store.size"] or 0),
            )
            for row in rows
        )
        return Servers(
            name=health["cluster_name"],
            health=health["status"],
            nodes=health["number_of_nodes"],
            unassigned=health["unassigned_shards"],
            indices=tuple(sorted(indices, key=lambda index: index.name)),
        )

    def _all(self) -> dict[int, _About]:
        """Return every generation by its number."""
        name = self._settings.index
        indices = self._client.indices.get(index=f"{name}-*-{UNDATED}", params={"local": "true"})
        generations = {}
        for index, about in indices.items():
            if match := re.fullmatch(rf"{name}-(\d+)-{UNDATED}", index):
                meta = about["mappings"].get("_meta", {})
                generations[int(match[1])] = _About(
                    name in about["aliases"], int(meta.get("schema", 0)), meta.get("store", "")
                )
        return generations

    def _generation(self, number: int) -> ClusterGeneration:
        return ClusterGeneration("opensearch", number, self._place(number))

    def _place(self, number: int) -> ClusterPlace:
        return ClusterPlace(self._settings, number, self._store)


@dataclass(frozen=True, slots=True)
class _About:
    """A generation's description: whether it is in use, its schema, and the store that made it."""

    in_use: bool
    schema: int
    store: str


@dataclass(frozen=True, slots=True)
class ClusterGeneration:
    """One generation in a cluster."""

    engine: str
    number: int
    place: ClusterPlace

    @property
    def name(self) -> str:
        return f"{self.engine}/{self.place.alias}"

    def followed(self, store: Store) -> int:
        with telling(self.place.settings):
            change = opensearch_documents.followed(connect(self.place.settings), self.place)
        # A store that was restored to an earlier state is indexed anew.
        return change if change <= store.read_last_change() else 0

    def set_followed(self, store: Store, change: int) -> None:
        with telling(self.place.settings):
            opensearch_documents.set_followed(connect(self.place.settings), self.place, change)

    def commits(self, store: Store) -> Hashable:
        query: dict[str, Any] = {
            "size": 0,
            "query": {"term": {"generation": self.number}},
            "aggs": {"commits": {"sum": {"field": "commits"}}},
        }
        with telling(self.place.settings):
            response = connect(self.place.settings).search(index=self.place.ingesters, body=query)
        return int(response["aggregations"]["commits"]["value"])
