"""The word scorer of the Whoosh engine: terms, phrases, words near each other, prefixes, typos.

Scores are BM25 (Robertson and Zaragoza 2009) with Lucene's idf, which is never negative,
times the field's boost, added up over fields. A phrase is scored as one term whose idf is the
sum of its terms'; so are words near each other, with a count of 1. The terms that a prefix or a
fuzzy word expands to are scored as one term. Keywords score 0: they only filter.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from sys import maxsize

from indexer.engines.whoosh_codec import pack_numbers
from indexer.engines.whoosh_writer import get_length_field
from indexer.schema import ALL_TEXT, FIELDS, FieldKind
from search.engines.searcher import MAX_CACHED_FORMS, calculate_idf, expand_prefix, list_forms
from search.engines.whoosh_snapshot import WhooshSnapshot, unpack_positions
from search.query.clauses import (
    FuzzyClause,
    IndexField,
    NearClause,
    PhraseClause,
    PrefixClause,
    SynonymClause,
    TermClause,
    WordClause,
)

# How fast a term's weight saturates with its count, and how much long fields are discounted.
_K1 = 1.2
_B = 0.75

# Columns of field lengths by the index's field; keywords have none.
_LENGTH_COLUMNS = {
    field.name: get_length_field(field.name)
    for field in FIELDS.values()
    if field.kind in {FieldKind.TEXT, FieldKind.NAMES}
} | {ALL_TEXT: get_length_field(ALL_TEXT)}

Scores = dict[int, float]


def add_scores(parts: Iterable[Scores]) -> Scores:
    """Add up the scores of each document of any part."""
    total: Scores = {}
    for part in parts:
        if not total:
            total = dict(part)
            continue
        for document, score in part.items():
            total[document] = total.get(document, 0.0) + score
    return total


class WordScorer:
    def __init__(self, snapshot: WhooshSnapshot) -> None:
        self._snapshot = snapshot
        self._norms: dict[str, Sequence[float]] = {}
        self._forms: dict[tuple[str, str], list[str]] = {}

    def score_clause(self, clause: WordClause) -> Scores:
        """Return the documents that a clause matches, with scores. Raises TooManyTermsError."""
        match clause:
            case TermClause(field, token):
                if field.by_stem:
                    return self._score_forms(field, self._list_forms(field, token))
                return self._score_counts(field, self._snapshot.read_term_counts(field.name, token))
            case SynonymClause(terms):
                return self._score_synonyms(terms)
            case PhraseClause():
                return self._score_phrase(clause)
            case NearClause():
                return self._score_near(clause)
            case PrefixClause():
                return self._score_prefix(clause)
            case FuzzyClause(field, text, distance):
                words = self._snapshot.read_terms(field.name)
                return self._score_forms(field, find_fuzzy_terms(text, distance, words))

    def _score_phrase(self, clause: PhraseClause) -> Scores:
        places = self._read_positions(clause.field, clause.tokens)
        counts: dict[int, int] = {}
        for document in _intersect_documents(places.values()):
            starts = set(unpack_positions(places[clause.tokens[0]][document]))
            for offset, term in enumerate(clause.tokens[1:], 1):
                starts.intersection_update(
                    place - offset for place in unpack_positions(places[term][document])
                )
            if starts:
                counts[document] = len(starts)
        return self._score_counts(clause.field, counts, self._add_idfs(places, clause.tokens))

    def _score_near(self, clause: NearClause) -> Scores:
        places = self._read_positions(clause.field, clause.tokens)
        counts: dict[int, int] = {}
        for document in _intersect_documents(places.values()):
            unpacked = {term: unpack_positions(places[term][document]) for term in clause.tokens}
            if all(
                _has_near_positions(unpacked[first], unpacked[second], clause.distance)
                for first, second in clause.pairs
            ):
                counts[document] = 1
        return self._score_counts(clause.field, counts, self._add_idfs(places, clause.tokens))

    def _score_prefix(self, clause: PrefixClause) -> Scores:
        terms_by_field = expand_prefix(clause, self._snapshot.find_prefix_terms)
        return add_scores(
            self._score_forms(field, terms) for field, terms in terms_by_field.items()
        )

    def _score_forms(self, field: IndexField, terms: Iterable[str]) -> Scores:
        counts: Counter[int] = Counter()
        for term in sorted(terms):
            counts.update(self._snapshot.read_term_counts(field.name, term))
        return self._score_counts(field, counts)

    def _score_synonyms(self, terms: Sequence[TermClause]) -> Scores:
        """Score each term as if it were as frequent as the most frequent; the best score counts."""
        counts = [self._snapshot.read_term_counts(term.field.name, term.token) for term in terms]
        idf = self._calculate_idf(max(map(len, counts)))
        best: Scores = {}
        for term, each in zip(terms, counts, strict=True):
            field = replace(terms[0].field, boost=term.field.boost)
            for document, score in self._score_counts(field, each, idf).items():
                best[document] = max(score, best.get(document, 0.0))
        return best

    def _read_positions(
        self, field: IndexField, terms: Iterable[str]
    ) -> dict[str, dict[int, bytes]]:
        return {term: self._merge_positions(field, term) for term in terms}

    def _merge_positions(self, field: IndexField, term: str) -> dict[int, bytes]:
        """Return the packed positions of all tokens that a clause's token stands for."""
        merged: dict[int, bytes] = {}
        for form in self._list_forms(field, term):
            packed = self._snapshot.read_packed_positions(field.name, form)
            for document in merged.keys() & packed.keys():
                places = unpack_positions(merged[document]) + unpack_positions(packed[document])
                packed[document] = pack_numbers(sorted(places))
            merged |= packed
        return merged

    def _list_forms(self, field: IndexField, token: str) -> Sequence[str]:
        if not field.by_stem:
            return (token,)
        forms = self._forms.get((field.name, token))
        if forms is None:
            forms = list_forms(
                token, lambda prefix: self._snapshot.find_prefix_terms(field.name, prefix, maxsize)
            )
            if len(self._forms) < MAX_CACHED_FORMS:
                self._forms[field.name, token] = forms
        return forms

    # -- scores

    def _score_counts(
        self, field: IndexField, counts: Mapping[int, int], idf: float | None = None
    ) -> Scores:
        if not counts:
            return {}
        if field.name not in _LENGTH_COLUMNS:  # a keyword
            return dict.fromkeys(counts, 0.0)
        weight = (
            field.boost * (self._calculate_idf(len(counts)) if idf is None else idf) * (_K1 + 1)
        )
        norms = self._calculate_norms(_LENGTH_COLUMNS[field.name])
        return {
            document: weight * count / (count + norms[document])
            for document, count in counts.items()
        }

    def _calculate_idf(self, frequency: int) -> float:
        return calculate_idf(frequency, self._snapshot.document_count)

    def _add_idfs(self, places: Mapping[str, Mapping[int, bytes]], terms: Iterable[str]) -> float:
        return sum(self._calculate_idf(len(places[term])) for term in terms)

    def _calculate_norms(self, column: str) -> Sequence[float]:
        """Return each document's length norm, which BM25 adds to the count in its denominator."""
        if column not in self._norms:
            lengths = self._snapshot.read_numbers(column)
            # Documents without the field do not count for its average length.
            mean = sum(lengths) / (sum(map(bool, lengths)) or 1) or 1.0
            self._norms[column] = [_K1 * (1 - _B + _B * length / mean) for length in lengths]
        return self._norms[column]


def _intersect_documents(parts: Iterable[Mapping[int, object]]) -> set[int]:
    """Return the documents that all parts have; none if there are no parts."""
    smallest, *others = sorted(parts, key=len) or [{}]
    return set(smallest).intersection(*others)


def _has_near_positions(first: Sequence[int], second: Sequence[int], distance: int) -> bool:
    for place in first:
        nearest = bisect_left(second, place - distance)
        if nearest < len(second) and second[nearest] <= place + distance:
            return True
    return False


def find_fuzzy_terms(text: str, distance: int, terms: Sequence[str]) -> Iterator[str]:
    """Yield the terms at most `distance` typos away, by optimal string alignment.

    Neighbours in the sorted list share a prefix, and with it the first rows of the alignment's
    table; when a whole row exceeds the distance, so do all terms with that prefix.
    """
    rows = [list(range(len(text) + 1))]
    spelt = ""
    at = 0
    while at < len(terms):
        word = terms[at]
        shared = _count_shared_chars(word, spelt, len(rows) - 1)
        del rows[shared + 1 :]
        spelt = word
        while len(rows) <= len(word) and min(rows[-1]) <= distance:
            rows.append(_calculate_row(text, word, rows))
        if len(rows) > len(word):
            if rows[-1][-1] <= distance:
                yield word
            at += 1
        if min(rows[-1]) > distance:
            beginning = word[: len(rows) - 1]
            at = bisect_left(terms, True, at, key=lambda other: not other.startswith(beginning))


def _count_shared_chars(word: str, other: str, max_chars: int) -> int:
    """Return the length of the common prefix, `most` characters at most."""
    for offset, (left, right) in enumerate(zip(word[:max_chars], other, strict=False)):
        if left != right:
            return offset
    return min(len(word), len(other), max_chars)


def _calculate_row(text: str, word: str, rows: list[list[int]]) -> list[int]:
    """Return the next row: the typos between the word's prefix and each prefix of the text."""
    depth = len(rows)
    char, above = word[depth - 1], rows[-1]
    row = [depth]
    for place, wanted in enumerate(text, 1):
        best = min(above[place] + 1, row[-1] + 1, above[place - 1] + (char != wanted))
        if depth > 1 and place > 1 and char == text[place - 2] and word[depth - 2] == wanted:
            best = min(best, rows[-2][place - 2] + 1)
        row.append(best)
    return row
