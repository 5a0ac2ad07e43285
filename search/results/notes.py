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
class VariantNote:
    """Other spellings of a query's words that were searched for, too."""

    spellings: tuple[str, ...]

    def __str__(self) -> str:
        return f"Also searched: {', '.join(self.spellings)}"


@dataclass(frozen=True, slots=True)
class UnmatchedNote:
    """No article has all `words`.

    `without` are words with how many articles there are without each; `absent` are those that no
    article within the query's filters has.
    """

    words: int
    without: tuple[tuple[str, int], ...]
    absent: tuple[str, ...]

    def __str__(self) -> str:
        wanted = "both words" if self.words == 2 else f"all {self.words} words"
        counts = (f"Without {word}: {count:,}." for word, count in self.without)
        sentences = [f"No article has {wanted}.", *counts]
        if self.absent:
            sentences.append(f"Not found: {', '.join(self.absent)}.")
        return " ".join(sentences)


@dataclass(frozen=True, slots=True)
class CoverageNote:
    """The period that the articles of the archive or of a source are from, as text."""

    name: str
    period: str

    def __str__(self) -> str:
        return f"{self.name} covers {self.period}." if self.period else f"{self.name} has no dates."


@dataclass(frozen=True, slots=True)
class PartialNote:
    """Servers that hold a part of the index do not answer."""

    def __str__(self) -> str:
        return "A part of the index cannot be asked now; there may be more than this."


@dataclass(frozen=True, slots=True)
class DamagedNote:
    """Articles of this page that cannot be shown, by their ids."""

    article_ids: tuple[str, ...]

    def __str__(self) -> str:
        return f"Damaged in the corpus, and not shown: {', '.join(self.article_ids)}."


Note = (
    AliasNote | VariantNote | UnmatchedNote | CoverageNote | PartialNote | DamagedNote | Correction
)
