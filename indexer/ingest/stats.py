"""What an ingest has done so far."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """How far an ingest has come. `done` and `total` are bytes of what is to be read.

    `notes` are for people: what a source has that they may want. Of `to_extract` articles that
    were there before, entities are found anew; of `extracted` they are.
    """

    added: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: int = 0
    done: int = 0
    total: int = 0
    notes: tuple[str, ...] = ()
    extracted: int = 0
    to_extract: int = 0

    @property
    def articles(self) -> int:
        return self.added + self.unchanged
