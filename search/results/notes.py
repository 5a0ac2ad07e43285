"""Notes: what the author of a query may not expect of its answer, as values and as sentences."""

from __future__ import annotations

from dataclasses import dataclass

from search.results.corrections import Correction


@dataclass(frozen=True, slots=True)
class AliasNote:
    """Other names that were searched for, too."""

    written: str
    others: tuple[str, ...]

    def __str__(self) -> str:
        return f"Searched for {self.written} also as {', '.join(self.others)}."


@dataclass(frozen=True, slots=True)
class RelaxedNote:
    """No article has all `words`; those found have at least `matched` of them.

    `absent` are the words that no article within the query's filters has.
    """

    words: int
    matched: int
    absent: tuple[str, ...]

    def __str__(self) -> str:
        wanted = "both words" if self.words == 2 else f"all {self.words} words"
        note = f"No article has {wanted}; these have {self._matched()} of them."
        return f"{note} Not found: {', '.join(self.absent)}." if self.absent else note

    def _matched(self) -> str:
        if self.matched == 1:
            return "one"
        # With more than half of the words asked for, some articles may have more still.
        more = self.words // 2 < self.matched < self.words - 1
        return f"{self.matched} or more" if more else str(self.matched)


@dataclass(frozen=True, slots=True)
class PartialNote:
    """Servers that hold a part of the index do not answer."""

    def __str__(self) -> str:
        return "A part of the index cannot be asked now; there may be more than this."


Note = AliasNote | RelaxedNote | PartialNote | Correction
