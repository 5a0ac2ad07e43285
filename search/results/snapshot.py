"""A snapshot: a project as one commit of its index shows it. Whatever is asked of one agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from corpus.store import Store
from indexer.signature_store import SignatureStore
from search.config.config import Config
from search.engines.searcher import Match, Searcher


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One commit of the index, and the moment at which it is asked. Threads may share it.

    `state` tells snapshots apart that may answer differently: the index's generation and commit.
    """

    state: str
    searcher: Searcher
    store: Store
    config: Config
    now: datetime
    signatures: SignatureStore | None = None

    def read_signatures(self, matches: Sequence[Match]) -> list[bytes]:
        """Read the signatures of matches, in their order; empty where there is none."""
        stored = (
            self.signatures.read([match.version_key for match in matches])
            if self.signatures
            else [b""] * len(matches)
        )
        return [match.signature or content for match, content in zip(matches, stored, strict=True)]
