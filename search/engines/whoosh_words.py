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
from itertools import combinations
from math import log

from indexer.analysis import stem, tokens
from indexer.engines.whoosh_writer import length
from indexer.schema import DEFAULT_FIELDS, FIELDS, GROUPS, Kind, exact, facet, keyword_term
from search.engines.searcher import MAX_PREFIX_TERMS, TooManyTermsError
from search.engines.whoosh_snapshot import Snapshot, positions
from search.query.nodes import Fuzzy, Near, Phrase, Prefix, Term, is_value

# How fast a word's weight saturates with its count, and how much long fields lose.
_K1 = 1.2
_B = 0.75

Scores = dict[int, float]


def added(parts: Iterable[Scores]) -> Scores:
    """The documents of any part, with the sum of their scores."""
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

    def scores(self, leaf: Term | Phrase | Near | Prefix | Fuzzy) -> Scores:
        """A leaf's matches in all fields that it is looked for in. Raises TooManyTermsError."""
        fields = GROUPS.get(leaf.field) or ((leaf.field,) if leaf.field else DEFAULT_FIELDS)
        match leaf:
            case Term(text) | Phrase(text) if is_value(leaf):
                return added(self._value(text, field) for field in fields)
            case Term(text, _, as_written) | Phrase(text, _, as_written):
                return added(self._text(text, field, as_written) for field in fields)
            case Near(words, distance):
                return added(self._near(words, distance, field) for field in fields)
            case Prefix(text):
                return self._prefix(text, fields)
            case Fuzzy(text, distance):
                return added(self._fuzzy(text, distance, field) for field in fields)

    def _value(self, value: str, field: str) -> Scores:
        return dict.fromkeys(self._snapshot.having(facet(field), value), 0.0)

    def _text(self, text: str, field: str, as_written: bool) -> Scores:
        if FIELDS[field].kind is Kind.KEYWORD:
            return dict.fromkeys(self._snapshot.counts(field, keyword_term(field, text)), 0.0)
        found = tokens(text)
        name = _unstemmed(field) if as_written else field
        terms = _stemmed(found, field) if name == field else found
        if len(terms) == 1:
            return self._bm25(field, self._snapshot.counts(name, terms[0]))
        return self._phrase(field, name, terms)

    def _phrase(self, field: str, name: str, terms: list[str]) -> Scores:
        places = {term: self._snapshot.places(name, term) for term in terms}
        counts: dict[int, int] = {}
        for document in _common(places.values()):
            starts = set(positions(places[terms[0]][document]))
            for offset, term in enumerate(terms[1:], 1):
                starts.intersection_update(
                    place - offset for place in positions(places[term][document])
                )
            if starts:
                counts[document] = len(starts)
        return self._bm25(field, counts, idf=sum(self._idf(len(places[term])) for term in terms))

    def _near(self, words: tuple[str, ...], distance: int, field: str) -> Scores:
        terms = list(dict.fromkeys(_stemmed(words, field)))
        if len(terms) == 1:
            return self._bm25(field, self._snapshot.counts(field, terms[0]))
        reach = max(distance, len(words) - 1)
        places = {term: self._snapshot.places(field, term) for term in terms}
        counts: dict[int, int] = {}
        for document in _common(places.values()):
            found = [positions(places[term][document]) for term in terms]
            if all(_near_each_other(*pair, reach) for pair in combinations(found, 2)):
                counts[document] = 1
        return self._bm25(field, counts, idf=sum(self._idf(len(places[term])) for term in terms))

    def _prefix(self, text: str, fields: Sequence[str]) -> Scores:
        most = MAX_PREFIX_TERMS + 1
        found = {
            field: self._snapshot.beginning_with(_unstemmed(field), text, most) for field in fields
        }
        if len(set().union(*found.values())) > MAX_PREFIX_TERMS:
            raise TooManyTermsError(text, MAX_PREFIX_TERMS)
        return added(self._forms(field, terms) for field, terms in found.items())

    def _fuzzy(self, text: str, distance: int, field: str) -> Scores:
        return self._forms(field, misspelt(text, distance, self._snapshot.words(_unstemmed(field))))

    def _forms(self, field: str, terms: Iterable[str]) -> Scores:
        counts: Counter[int] = Counter()
        for term in sorted(terms):
            counts.update(self._snapshot.counts(_unstemmed(field), term))
        if FIELDS[field].kind is Kind.KEYWORD:
            return dict.fromkeys(counts, 0.0)
        return self._bm25(field, counts)

    # -- scores

    def _bm25(self, field: str, counts: Mapping[int, int], idf: float | None = None) -> Scores:
        if not counts:
            return {}
        weight = FIELDS[field].boost * (self._idf(len(counts)) if idf is None else idf) * (_K1 + 1)
        norms = self._field_norms(field)
        return {one: weight * count / (count + norms[one]) for one, count in counts.items()}

    def _idf(self, having: int) -> float:
        return log(1 + (self._snapshot.size - having + 0.5) / (having + 0.5))

    def _field_norms(self, field: str) -> Sequence[float]:
        """What a document's length adds to a word's count below the fraction."""
        if field not in self._norms:
            lengths = self._snapshot.numbers(length(field))
            # Where few articles have a field at all, the others say nothing of its length.
            mean = sum(lengths) / (sum(map(bool, lengths)) or 1) or 1.0
            self._norms[field] = [_K1 * (1 - _B + _B * one / mean) for one in lengths]
        return self._norms[field]


def _unstemmed(field: str) -> str:
    return exact(field) if FIELDS[field].kind is Kind.TEXT else field


def _stemmed(found: Iterable[str], field: str) -> list[str]:
    return list(map(stem, found) if FIELDS[field].kind is Kind.TEXT else found)


def _common(parts: Iterable[Mapping[int, object]]) -> set[int]:
    """The documents that all parts have; none if there are no parts."""
    smallest, *others = sorted(parts, key=len) or [{}]
    return set(smallest).intersection(*others)


def _near_each_other(first: Sequence[int], second: Sequence[int], distance: int) -> bool:
    for place in first:
        nearest = bisect_left(second, place - distance)
        if nearest < len(second) and second[nearest] <= place + distance:
            return True
    return False


def misspelt(text: str, distance: int, words: Sequence[str]) -> Iterator[str]:
    """The words at most `distance` typos away, by optimal string alignment.

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
    """The next row: typos between the word's beginning and each beginning of the text."""
    depth = len(rows)
    char, above = word[depth - 1], rows[-1]
    row = [depth]
    for place, wanted in enumerate(text, 1):
        best = min(above[place] + 1, row[-1] + 1, above[place - 1] + (char != wanted))
        if depth > 1 and place > 1 and char == text[place - 2] and word[depth - 2] == wanted:
            best = min(best, rows[-2][place - 2] + 1)
        row.append(best)
    return row
