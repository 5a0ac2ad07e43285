"""The generations of an index in a cluster, which several stores may put their articles into.

Which one is in use stands in the cluster, so that a swap is one for all. How far each store
has come in each generation stands there, too: a new one is given the others' documents and
how far they had come, and each goes on from there by itself.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError
from opensearchpy.helpers import scan

from corpus.article import Article
from corpus.store import Store
from indexer.engines import IndexUnreachableError, opensearch_documents
from indexer.engines.cluster_settings import UNDATED, ClusterPlace, ClusterSettings
from indexer.engines.opensearch_cluster import (
    AFTER,
    ARTICLE,
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
from indexer.schema import SCHEMA_VERSION, build_document

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
            found = self._all()
        in_use = [number for number, about in found.items() if about.in_use]
        if not in_use:
            raise NoIndexError
        about = found[max(in_use)]
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
        """Copy what other stores have put into one generation since the last time."""
        had = self._ingesters(old.number)
        has = self._ingesters(new.number)
        with opensearch_documents.open_writer(new) as writer:
            for store in had.keys() - {self._store}:
                for found, version, after in self._documents(old, store, has.get(store, 0)):
                    writer.put_from(build_document(found, version), store, after)
            writer.commit()
        for store in had.keys() - has.keys() - {self._store}:
            # Not what it has come to since: what it has removed may have been copied before.
            opensearch_documents.set_followed(
                self._client, ClusterPlace(self._settings, new.number, store), had[store]
            )

    def _documents(
        self, place: ClusterPlace, store: str, after: int
    ) -> Iterator[tuple[Article, int, int]]:
        """Yield a store's articles that came when it had made so many changes, or later."""
        theirs = [{"term": {STORE: store}}, {"range": {AFTER: {"gte": after}}}]
        query = {
            "query": {"bool": {"filter": theirs}},
            "_source": [ARTICLE],
            "docvalue_fields": [VERSION, AFTER],
        }
        for hit in scan(self._client, query, index=place.alias, size=_COPIED_AT_ONCE):
            fields = hit["fields"]
            article = unpacked(hit["_source"][ARTICLE])
            yield article, int(fields[VERSION][0]), int(fields[AFTER][0])

    def _ingesters(self, number: int) -> dict[str, int]:
        """How far each store has come in a generation."""
        place = self._place(number)
        body = {"query": {"term": {"generation": number}}, "size": 10_000}
        found = self._client.search(index=place.ingesters, body=body)
        about = [hit["_source"] for hit in found["hits"]["hits"]]
        return {each["store"]: int(each["change"]) for each in about}

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
            made_by = template(place, in_use=True)
            self._client.indices.put_index_template(name=place.alias, body=made_by)
            # A period may have begun between the two steps.
            self._client.indices.update_aliases(body={"actions": [add]})
            for number in in_use:
                self._copy(self._place(number), place)

    def remove(self, store: Store, generation: Generation) -> None:
        with telling(self._settings):
            self._remove(generation.number)

    def remove_unused(self, store: Store, current: Generation) -> None:
        """Remove those that nobody reads any more, and those that this store began later."""
        with telling(self._settings):
            for number, about in self._all().items():
                left = number > current.number and about.store == self._store
                if left or (number < current.number and not self._is_read(number)):
                    self._remove(number)

    def _is_read(self, number: int) -> bool:
        found = self._client.indices.stats(index=f"{self._place(number).alias}-*", metric="search")
        search = found["_all"]["total"].get("search", {})
        return bool(search.get("point_in_time_current") or search.get("open_contexts"))

    def _remove(self, number: int) -> None:
        place = self._place(number)
        remove_indices(self._client, list(self._client.indices.get(index=f"{place.alias}-*")))
        with suppress(NotFoundError):
            self._client.indices.delete_index_template(name=place.alias)
        query = {"query": {"term": {"generation": number}}}
        found = self._client.search(index=place.ingesters, body={**query, "size": 10_000})
        for hit in found["hits"]["hits"]:
            self._client.delete(
                index=place.ingesters, id=hit["_id"], params={"refresh": "true"}, ignore=404
            )

    def size(self) -> int:
        with telling(self._settings):
            found = self._client.indices.stats(index=f"{self._settings.index}-*", metric="store")
            return int(found["_all"]["primaries"].get("store", {}).get("size_in_bytes", 0))

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
            indices=tuple(sorted(indices, key=lambda each: each.name)),
        )

    def _all(self) -> dict[int, _About]:
        """Every generation there is, by its number."""
        name = self._settings.index
        found = self._client.indices.get(index=f"{name}-*-{UNDATED}", params={"local": "true"})
        known = {}
        for index, about in found.items():
            if match := re.fullmatch(rf"{name}-(\d+)-{UNDATED}", index):
                meta = about["mappings"].get("_meta", {})
                known[int(match[1])] = _About(
                    name in about["aliases"], int(meta.get("schema", 0)), meta.get("store", "")
                )
        return known

    def _generation(self, number: int) -> ClusterGeneration:
        return ClusterGeneration("opensearch", number, self._place(number))

    def _place(self, number: int) -> ClusterPlace:
        return ClusterPlace(self._settings, number, self._store)


@dataclass(frozen=True, slots=True)
class _About:
    """A generation's own description: if it is in use, for which schema, made by which store."""

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
        # A store that was put back to an earlier state gives all that it has once more.
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
            found = connect(self.place.settings).search(index=self.place.ingesters, body=query)
        return int(found["aggregations"]["commits"]["value"])
