"""Signing: each document gets its article's signature on its way into an index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from indexer.schema import Document
from indexer.signature_store import SignatureStore
from indexer.signatures import MAX_OPENING_WORDS, TermIdfs, hash_term, make_signature
from indexer.term_statistics import TermStatistics

# Documents are counted before any of so many is signed, so that the first of a new archive know
# what is common in it.
_BATCH_DOCUMENTS = 1_000


class Signer:
    """Signs documents in batches, and keeps their signatures and the term statistics."""

    def __init__(self, store: SignatureStore, *, recount: bool = False) -> None:
        """`recount` counts anew, and weighs by what was counted before if there is enough of it."""
        known = store.load_statistics() or TermStatistics()
        self._store = store
        self._counted = TermStatistics() if recount else known
        self._known = known if known.articles else self._counted
        self._batch: list[Document] = []

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever signed in this version."""
        return not self._known.articles

    def add(self, document: Document) -> Iterator[Document]:
        """Take a document; yield those that are signed."""
        self._batch.append(document)
        if len(self._batch) >= _BATCH_DOCUMENTS:
            yield from self.flush()

    def flush(self) -> Iterator[Document]:
        """Sign and yield the documents that wait."""
        batch, self._batch = self._batch, []
        if not batch:
            return
        stems = [_split_stems(document) for document in batch]
        counts = [Counter([*headline, *text]) for headline, text in stems]
        for count in counts:
            self._counted.add_article(map(hash_term, count))
        idfs = TermIdfs(self._known.frequency, self._known.articles)
        signatures = [
            bytes(make_signature(headline, text[:MAX_OPENING_WORDS], count, idfs))
            for (headline, text), count in zip(stems, counts, strict=True)
        ]
        keys = (document.version_key for document in batch)
        self._store.put(zip(keys, signatures, strict=True), self._counted)
        for document, signature in zip(batch, signatures, strict=True):
            yield replace(document, signature=signature)


def _split_stems(document: Document) -> tuple[list[str], list[str]]:
    """Return the stems of a document's headline, and of its dek and text."""
    stems = document.stems
    return stems["title"].split(), f"{stems['dek']} {stems['body']}".split()
