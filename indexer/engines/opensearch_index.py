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
from indexer.engines.cluster_settings import UNDATED_PERIOD, ClusterPlace, ClusterSettings
from indexer.engines.opensearch_cluster import (
    AFTER_FIELD,
    ARTICLE_FIELD,
    SIGNATURE_FIELD,
    STORE_FIELD,
    VERSION_FIELD,
    Json,
    build_index_template,
    connect_cluster,
    remove_indices,
    translate_errors,
    unpack_article,
)
from indexer.generations import (
    Generation,
    IndexStatus,
    NoIndexError,
    OutdatedIndexError,
    ServerStatus,
)
from indexer.indexer_errors import RebuildFailedError
from indexer.schema import SCHEMA_VERSION, Document, build_document

_COPY_BATCH_DOCUMENTS = 500


class ClusterGenerations:
    """The generations whose indices' names begin with the settings' `index`."""

    is_shared = True

    def __init__(self, settings: ClusterSettings, store: str) -> None:
        self._settings = settings
        self._store = store

    @property
    def _client(self) -> OpenSearch:
        return connect_cluster(self._settings)

    def read_current(self) -> ClusterGeneration:
        with translate_errors(self._settings):
            generations = self._read_generations()
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
        return self._make_generation(max(in_use))

    def create(self, store: Store) -> ClusterGeneration:
        with translate_errors(self._settings):
            generation = self._make_generation(max(self._read_generations(), default=0) + 1)
        opensearch_documents.create_index(generation.place)
        return generation

    def carry_over(self, generation: Generation) -> None:
        with translate_errors(self._settings):
            others = [number for number, about in self._read_generations().items() if about.in_use]
            for number in others:
                if number != generation.number:
                    self._copy_documents(
                        self._make_place(number), self._make_place(generation.number)
                    )

    def _copy_documents(self, old: ClusterPlace, new: ClusterPlace) -> None:
        """Copy the documents that other stores have put into a generation since the last copy."""
        old_changes = self._read_indexed_changes(old.number)
        new_changes = self._read_indexed_changes(new.number)
        with opensearch_documents.open_writer(new) as writer:
            for store in old_changes.keys() - {self._store}:
                for document, after in self._iterate_articles(
                    old, store, new_changes.get(store, 0)
                ):
                    writer.put_from_store(document, store, after)
            writer.commit()
        for store in old_changes.keys() - new_changes.keys() - {self._store}:
            # Not its last change now: an article that it has removed since may have been copied.
            place = ClusterPlace(self._settings, new.number, store)
            opensearch_documents.set_indexed_change(self._client, place, old_changes[store])

    def _iterate_articles(
        self, place: ClusterPlace, store: str, after: int
    ) -> Iterator[tuple[Document, int]]:
        """Yield a store's documents that were put at or after a change, each with its change."""
        filters = [{"term": {STORE_FIELD: store}}, {"range": {AFTER_FIELD: {"gte": after}}}]
        query = {
            "query": {"bool": {"filter": filters}},
            "_source": [ARTICLE_FIELD, SIGNATURE_FIELD],
            "docvalue_fields": [VERSION_FIELD, AFTER_FIELD],
        }
        for hit in scan(self._client, query, index=place.alias, size=_COPY_BATCH_DOCUMENTS):
            fields = hit["fields"]
            article = unpack_article(hit["_source"][ARTICLE_FIELD])
            signature = base64.b64decode(hit["_source"].get(SIGNATURE_FIELD, ""))
            document = build_document(article, int(fields[VERSION_FIELD][0]))
            yield replace(document, signature=signature), int(fields[AFTER_FIELD][0])

    def _read_indexed_changes(self, number: int) -> dict[str, int]:
        """Return each store's last change in a generation."""
        place = self._make_place(number)
        body = {"query": {"term": {"generation": number}}, "size": 10_000}
        response = self._client.search(index=place.ingesters_index, body=body)
        sources = [hit["_source"] for hit in response["hits"]["hits"]]
        return {source["store"]: int(source["change"]) for source in sources}

    def use(self, generation: Generation) -> None:
        place = self._make_place(generation.number)
        with translate_errors(self._settings):
            self.carry_over(generation)
            in_use = [number for number, about in self._read_generations().items() if about.in_use]
            if max(in_use, default=0) > generation.number:
                raise RebuildFailedError("another rebuild has finished meanwhile; it is in use")
            name = self._settings.index
            actions: list[Json] = [
                {"remove": {"index": f"{name}-{number}-*", "alias": name}} for number in in_use
            ]
            add: Json = {"add": {"index": f"{place.alias}-*", "alias": name}}
            self._client.indices.update_aliases(body={"actions": [*actions, add]})
            body = build_index_template(place, in_use=True)
            self._client.indices.put_index_template(name=place.alias, body=body)
            # A period may have begun between the two steps.
            self._client.indices.update_aliases(body={"actions": [add]})
            for number in in_use:
                self._copy_documents(self._make_place(number), place)

    def remove(self, store: Store, generation: Generation) -> None:
        with translate_errors(self._settings):
            self._remove_generation(generation.number)

    def remove_unused(self, store: Store, current: Generation) -> None:
        """Remove older ones without open readers, and newer ones that this store began."""
        with translate_errors(self._settings):
            for number, about in self._read_generations().items():
                abandoned = number > current.number and about.store == self._store
                if abandoned or (number < current.number and not self._has_open_readers(number)):
                    self._remove_generation(number)

    def _has_open_readers(self, number: int) -> bool:
        stats = self._client.indices.stats(
            index=f"{self._make_place(number).alias}-*", metric="search"
        )
        search = stats["_all"]["total"].get("search", {})
        return bool(search.get("point_in_time_current") or search.get("open_contexts"))

    def _remove_generation(self, number: int) -> None:
        place = self._make_place(number)
        remove_indices(self._client, list(self._client.indices.get(index=f"{place.alias}-*")))
        with suppress(NotFoundError):
            self._client.indices.delete_index_template(name=place.alias)
        query = {"query": {"term": {"generation": number}}}
        response = self._client.search(index=place.ingesters_index, body={**query, "size": 10_000})
        for hit in response["hits"]["hits"]:
            self._client.delete(
                index=place.ingesters_index, id=hit["_id"], params={"refresh": "true"}, ignore=404
            )

    def measure_bytes(self) -> int:
        with translate_errors(self._settings):
            stats = self._client.indices.stats(index=f"{self._settings.index}-*", metric="store")
            return int(stats["_all"]["primaries"].get("store", {}).get("size_in_bytes", 0))

    def read_server_status(self) -> ServerStatus:
        """Return the state of the cluster and of the indices. Raises IndexUnreachableError."""
        with translate_errors(self._settings):
            health = self._client.cluster.health()
            rows = self._client.cat.indices(
                index=f"{self._settings.index}-*",
                params={"format": "json", "bytes": "b", "h": "index,health,docs.count,store.size"},
            )
        indices = (
            IndexStatus(
                row["index"],
                row["health"],
                int(row["docs.count"] or 0),
                int(row["store.size"] or 0),
            )
            for row in rows
        )
        return ServerStatus(
            name=health["cluster_name"],
            health=health["status"],
            nodes=health["number_of_nodes"],
            unassigned_shards=health["unassigned_shards"],
            indices=tuple(sorted(indices, key=lambda index: index.name)),
        )

    def _read_generations(self) -> dict[int, _GenerationInfo]:
        """Return every generation by its number."""
        name = self._settings.index
        indices = self._client.indices.get(
            index=f"{name}-*-{UNDATED_PERIOD}", params={"local": "true"}
        )
        generations = {}
        for index, about in indices.items():
            if match := re.fullmatch(rf"{name}-(\d+)-{UNDATED_PERIOD}", index):
                meta = about["mappings"].get("_meta", {})
                generations[int(match[1])] = _GenerationInfo(
                    name in about["aliases"], int(meta.get("schema", 0)), meta.get("store", "")
                )
        return generations

    def _make_generation(self, number: int) -> ClusterGeneration:
        return ClusterGeneration("opensearch", number, self._make_place(number))

    def _make_place(self, number: int) -> ClusterPlace:
        return ClusterPlace(self._settings, number, self._store)


@dataclass(frozen=True, slots=True)
class _GenerationInfo:
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

    def read_indexed_change(self, store: Store) -> int:
        with translate_errors(self.place.settings):
            change = opensearch_documents.read_indexed_change(
                connect_cluster(self.place.settings), self.place
            )
        # A store that was restored to an earlier state is indexed anew.
        return change if change <= store.read_last_change() else 0

    def set_indexed_change(self, store: Store, change: int) -> None:
        with translate_errors(self.place.settings):
            opensearch_documents.set_indexed_change(
                connect_cluster(self.place.settings), self.place, change
            )

    def announce_change(self, store: Store, change: int) -> None:
        """Do nothing: stores may be restored to an earlier state, and are indexed anew then."""

    def check_store(self, store: Store) -> None:
        """Do nothing: the index may contain articles that no store here has."""

    def read_commit_state(self, store: Store) -> Hashable:
        query: dict[str, Any] = {
            "size": 0,
            "query": {"term": {"generation": self.number}},
            "aggs": {"commits": {"sum": {"field": "commits"}}},
        }
        with translate_errors(self.place.settings):
            response = connect_cluster(self.place.settings).search(
                index=self.place.ingesters_index, body=query
            )
        return int(response["aggregations"]["commits"]["value"])
