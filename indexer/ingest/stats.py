"""The figures of an ingest: how many articles, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class IngestStats:
    """The progress of an ingest. `done` and `total` are bytes of the items to be read.

    Of the records, `added` ones brought a new article, `changed` ones another text of one, and
    `duplicate` ones an article that another record has, too.
    `skipped` counts files that are not read although their names are those of articles, and
    `kept` the articles that are gone from a source but were too many to be removed.
    `notes` are for people: facts about a source that they may want to act on. `to_extract` is
    the number of older articles whose entities are to be found again, `extracted` how many of
    them are finished.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicate: int = 0
    removed: int = 0
    failed: int = 0
    skipped: int = 0
    kept: int = 0
    done: int = 0
    total: int = 0
    notes: tuple[str, ...] = ()
    extracted: int = 0
    to_extract: int = 0

    @property
    def articles(self) -> int:
        return self.added + self.changed + self.unchanged + self.duplicate

    def add(
        self,
        *,
        added: int = 0,
        changed: int = 0,
        unchanged: int = 0,
        duplicate: int = 0,
        removed: int = 0,
        failed: int = 0,
        skipped: int = 0,
        kept: int = 0,
        done: int = 0,
        total: int = 0,
    ) -> IngestStats:
        """Return the stats with each figure increased by so much."""
        return replace(
            self,
            added=self.added + added,
            changed=self.changed + changed,
            unchanged=self.unchanged + unchanged,
            duplicate=self.duplicate + duplicate,
            removed=self.removed + removed,
            failed=self.failed + failed,
            skipped=self.skipped + skipped,
            kept=self.kept + kept,
            done=self.done + done,
            total=self.total + total,
        )

    def add_notes(self, *notes: str) -> IngestStats:
        """Return the stats with more notes."""
        return replace(self, notes=(*self.notes, *notes))

    def add_extracted(self, articles: int) -> IngestStats:
        """Return the stats with so many more articles whose entities were found again."""
        return replace(self, extracted=self.extracted + articles)
