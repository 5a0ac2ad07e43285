"""How the Whoosh engine finds and scores words: single, in phrases, near, begun, misspelt.

Scores are BM25 (Robertson and Zaragoza 2009) with Lucene's idf, which is never negative,
times the field's boost, added up over fields. A phrase counts as a word whose idf is the sum
of its words'; so do words near each other, once a document. The forms that a prefix or a
misspelt word stands for count as one word. Keywords add nothing: they only filter.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log

from indexer.engines.whoosh_writer import length
from indexer.schema import ALL_TEXT, FIELDS, FieldKind, get_exact_field
from search.engines.searcher import expand_prefix
from search.engines.whoosh_snapshot import Snapshot, positions
from search.query.clauses import (
    FuzzyClause,
    IndexField,
    NearClause,
    PhraseClause,
    PrefixClause,
    TermClause,
    WordClause,
)

# How fast a word's weight saturates with its count, and how much long fields lose.
_K1 = 1.2
_B = 0.75

# Columns of lengths by the index's field; keywords have none.
_LENGTHS = {
    name: length(field.name)
    for field in FIELDS.values()
    if field.kind in {FieldKind.TEXT, FieldKind.NAMES}
    for name in (field.name, get_exact_field(field.name))
} | {ALL_TEXT: length(ALL_TEXT)}

Scores = dict[int, float]


def added(parts: Iterable[Scores]) -> Scores:
    """Return the documents of any part, with the sum of their scores."""
    total: Scores = {}
    for part in parts:
        if not total:
            total = dict(part)
            continue
        for document, score in part.items():
            total[document] = total.get(document, 0.0) + score
    return total


class WordScorer:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._norms: dict[str, Sequence[float]] = {}

    def score(self, clause: WordClause) -> Scores:
        """Return the documents that a clause matches. Raises TooManyTermsError."""
        match clause:
            case TermClause(field, token):
                return self._score_counts(field, self._snapshot.counts(field.name, token))
            case PhraseClause():
                return self._score_phrase(clause)
            case NearClause():
                return self._score_near(clause)
            case PrefixClause():
                return self._score_prefix(clause)
            case FuzzyClause(field, text, distance):
                words = self._snapshot.words(field.name)
                return self._score_forms(field, misspelt(text, distance, words))

    def _score_phrase(self, clause: PhraseClause) -> Scores:
        places = self._read_places(clause.field, clause.tokens)
        counts: dict[int, int] = {}
        for document in _common(places.values()):
            starts = set(positions(places[clause.tokens[0]][document]))
            for offset, term in enumerate(clause.tokens[1:], 1):
                starts.intersection_update(
                    place - offset for place in positions(places[term][document])
                )
            if starts:
                counts[document] = len(starts)
        return self._score_counts(clause.field, counts, self._add_idfs(places, clause.tokens))

    def _score_near(self, clause: NearClause) -> Scores:
        places = self._read_places(clause.field, clause.tokens)
        counts: dict[int, int] = {}
        for document in _common(places.values()):
            found = {term: positions(places[term][document]) for term in clause.tokens}
            if all(
                _near_each_other(found[first], found[second], clause.distance)
                for first, second in clause.pairs
            ):
                counts[document] = 1
        return self._score_counts(clause.field, counts, self._add_idfs(places, clause.tokens))

    def _score_prefix(self, clause: PrefixClause) -> Scores:
        found = expand_prefix(clause, self._snapshot.beginning_with)
        return added(self._score_forms(field, terms) for field, terms in found.items())

    def _score_forms(self, field: IndexField, terms: Iterable[str]) -> Scores:
        counts: Counter[int] = Counter()
        for term in sorted(terms):
            counts.update(self._snapshot.counts(field.name, term))
        return self._score_counts(field, counts)

    def _read_places(self, field: IndexField, terms: Iterable[str]) -> dict[str, dict[int, bytes]]:
        return {term: self._snapshot.places(field.name, term) for term in terms}

    # -- scores

    def _score_counts(
        self, field: IndexField, counts: Mapping[int, int], idf: float | None = None
    ) -> Scores:
        if not counts:
            return {}
        if field.name not in _LENGTHS:  # a keyword
            return dict.fromkeys(counts, 0.0)
        weight = field.boost * (self._idf(len(counts)) if idf is None else idf) * (_K1 + 1)
        norms = self._field_norms(_LENGTHS[field.name])
        return {one: weight * count / (count + norms[one]) for one, count in counts.items()}

    def _idf(self, having: int) -> float:
        return log(1 + (self._snapshot.size - having + 0.5) / (having + 0.5))

    def _add_idfs(self, places: Mapping[str, Mapping[int, bytes]], terms: Iterable[str]) -> float:
        return sum(self._idf(len(places[term])) for term in terms)

    def _field_norms(self, column: str) -> Sequence[float]:
        """Return what each document's length adds to a word's count below the fraction."""
        if column not in self._norms:
            lengths = self._snapshot.numbers(column)
            # Where few articles have a field at all, the others say nothing of its length.
            mean = sum(lengths) / (sum(map(bool, lengths)) or 1) or 1.0
            self._norms[column] = [_K1 * (1 - _B + _B * one / mean) for one in lengths]
        return self._norms[column]


def _common(parts: Iterable[Mapping[int, object]]) -> set[int]:
    """Return the documents that all parts have; none if there are no parts."""
    smallest, *others = sorted(parts, key=len) or [{}]
    return set(smallest).intersection(*others)


def _near_each_other(first: Sequence[int], second: Sequence[int], distance: int) -> bool:
    for place in first:
        nearest = bisect_left(second, place - distance)
        if nearest < len(second) and second[nearest] <= place + distance:
            return True
    return False


def misspelt(text: str, distance: int, words: Sequence[str]) -> Iterator[str]:
    """Yield the words at most `distance` typos away, by optimal string alignment.

    Neighbours in the sorted list share their beginnings, and with them the first rows of the
    alignment's table; when all of a row is too far, so are all words that begin like it.
    """
    rows = [list(range(len(text) + 1))]
    spelt = ""
    at = 0
    while at < len(words):
        word = words[at]
        shared = _shared(word, spelt, len(rows) - 1)
        del rows[shared + 1 :]
        spelt = word
        while len(rows) <= len(word) and min(rows[-1]) <= distance:
            rows.append(_row(text, word, rows))
        if len(rows) > len(word):
            if rows[-1][-1] <= distance:
                yield word
            at += 1
        if min(rows[-1]) > distance:
            beginning = word[: len(rows) - 1]
            at = bisect_left(words, True, at, key=lambda other: not other.startswith(beginning))


def _shared(word: str, other: str, most: int) -> int:
    """How many characters both begin with, `most` at most."""
    for place, (one, two) in enumerate(zip(word[:most], other, strict=False)):
        if one != two:
            return place
    return min(len(word), len(other), most)


def _row(text: str, word: str, rows: list[list[int]]) -> list[int]:
    """Return the next row: typos between the word's beginning and each beginning of the text."""
    depth = len(rows)
    char, above = word[depth - 1], rows[-1]
    row = [depth]
    for place, wanted in enumerate(text, 1):
        best = min(above[place] + 1, row[-1] + 1, above[place - 1] + (char != wanted))
        if depth > 1 and place > 1 and char == text[place - 2] and word[depth - 2] == wanted:
            best = min(best, rows[-2][place - 2] + 1)
        row.append(best)
    return row
