"""The query compiler of the tantivy engine: lowered clauses → tantivy's queries.

A stem of a field that has unstemmed tokens is searched as all tokens that have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import tantivy
from tantivy import Occur

from indexer.engines.tantivy_writer import build_schema
from indexer.schema import ALL_TEXT
from search.engines.searcher import (
    MAX_CACHED_FORMS,
    RecencyStep,
    calculate_idf,
    expand_prefix,
    list_forms,
    list_languages,
)
from search.query.clauses import (
    AllClause,
    AnyClause,
    BooleanClause,
    Clause,
    FilterClause,
    FuzzyClause,
    IndexField,
    NearClause,
    NothingClause,
    PhraseClause,
    PrefixClause,
    RangeClause,
    SynonymClause,
    TermClause,
    UnscoredClause,
    ValueClause,
)
from search.query.lowering import lower_query
from search.query.nodes import Query

_MIN_INTEGER = -(2**63)
# Tantivy makes room for as many terms as may be listed: few at first, then more until all are.
_MIN_LISTED_TERMS = 10_000


class QueryCompiler:
    """A compiler for one snapshot, whose terms prefixes expand to."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._forms: dict[tuple[str, str], list[str]] = {}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        return list_languages(lambda prefix: self._list_terms(ALL_TEXT, prefix, 1))

    def compile_query(self, query: Query) -> tantivy.Query:
        """Compile a query to tantivy's. Raises TooManyTermsError."""
        return self._compile_clause(lower_query(query, self.languages))

    def _compile_clause(self, clause: Clause) -> tantivy.Query:
        match clause:
            case TermClause(field, token):
                return self._compile_synonyms(
                    [TermClause(field, form) for form in self._list_forms(field, token)]
                )
            case SynonymClause(terms):
                return self._compile_synonyms(terms)
            case PhraseClause(field, tokens):
                return _boost_query(self._compile_phrase(field, tokens), field.boost)
            case NearClause(field):
                return _boost_query(self._compile_near(clause), field.boost)
            case BooleanClause(must, must_not):
                return _require_all(
                    [self._compile_clause(part) for part in must],
                    [self._compile_clause(part) for part in must_not],
                )
            case AnyClause(clauses, minimum):
                return _require_any([self._compile_clause(part) for part in clauses], minimum)
            case UnscoredClause(part):
                return _make_filter(self._compile_clause(part))
            case PrefixClause():
                return self._compile_prefix(clause)
            case leaf:
                return _compile_leaf(leaf)

    def _compile_synonyms(self, terms: Sequence[TermClause]) -> tantivy.Query:
        """Return a query in which each term weighs as the most frequent one does."""
        if len(terms) == 1:
            return _compile_term(terms[0].field, terms[0].token)
        counts = {term: self._searcher.doc_freq(term.field.name, term.token) for term in terms}
        present = {term: count for term, count in counts.items() if count}
        if not present:
            return tantivy.Query.empty_query()
        lowest = self._calculate_idf(max(present.values()))
        scales = {term: lowest / self._calculate_idf(count) for term, count in present.items()}
        return tantivy.Query.disjunction_max_query(
            [
                _compile_term(replace(term.field, boost=term.field.boost * scale), term.token)
                for term, scale in scales.items()
            ]
        )

    def _calculate_idf(self, frequency: int) -> float:
        return calculate_idf(frequency, self._searcher.num_docs)

    def _compile_prefix(self, clause: PrefixClause) -> tantivy.Query:
        terms_by_field = expand_prefix(clause, self._list_terms)
        return _require_any(
            [
                _compile_term(field, term)
                for field, terms in terms_by_field.items()
                for term in terms
            ]
        )

    def _compile_phrase(
        self, field: IndexField, tokens: Sequence[str], slop: int = 0
    ) -> tantivy.Query:
        if not field.by_stem:
            return tantivy.Query.phrase_query(build_schema(), field.name, list(tokens), slop)
        forms = [self._list_forms(field, token) for token in tokens]
        if not all(forms):
            return tantivy.Query.empty_query()
        patterns: list[str | tuple[int, str]] = [
            "|".join(map(re.escape, alternatives)) for alternatives in forms
        ]
        return tantivy.Query.regex_phrase_query(build_schema(), field.name, patterns, slop)

    def _compile_near(self, clause: NearClause) -> tantivy.Query:
        """Return a query for every pair, in either order.

        Tantivy's slop counts the words between two in the phrase's order; a swap costs more slop,
        so each order is a query of its own.
        """
        field, slop = clause.field, clause.distance - 1
        return _require_all(
            [
                _require_any(
                    [
                        self._compile_phrase(field, [first, second], slop),
                        self._compile_phrase(field, [second, first], slop),
                    ]
                )
                for first, second in clause.pairs
            ]
        )

    def _list_forms(self, field: IndexField, token: str) -> Sequence[str]:
        """Return the field's tokens that a clause's token stands for."""
        if not field.by_stem:
            return (token,)
        forms = self._forms.get((field.name, token))
        if forms is None:
            forms = list_forms(token, lambda prefix: self._list_all_terms(field.name, prefix))
            if len(self._forms) < MAX_CACHED_FORMS:
                self._forms[field.name, token] = forms
        return forms

    def _list_all_terms(self, field: str, prefix: str) -> list[str]:
        limit = _MIN_LISTED_TERMS
        while len(terms := self._list_terms(field, prefix, limit)) == limit:
            limit *= 8
        return terms

    def _list_terms(self, field: str, prefix: str, limit: int) -> list[str]:
        return [term for term, _ in self._searcher.terms_with_prefix(field, prefix, limit=limit)]


def _compile_leaf(clause: FuzzyClause | FilterClause) -> tantivy.Query:
    match clause:
        case FuzzyClause(field, text, distance):
            fuzzy = tantivy.Query.fuzzy_term_query(build_schema(), field.name, text, distance)
            return _boost_query(fuzzy, field.boost)
        case ValueClause(name, value):
            return _make_filter(tantivy.Query.term_query(build_schema(), name, value))
        case RangeClause():
            return _compile_range(clause)
        case AllClause():
            return tantivy.Query.all_query()
        case NothingClause():
            return tantivy.Query.empty_query()


def _compile_term(field: IndexField, token: str) -> tantivy.Query:
    return _boost_query(tantivy.Query.term_query(build_schema(), field.name, token), field.boost)


def _compile_range(clause: RangeClause) -> tantivy.Query:
    if clause.low is None and clause.high is None:
        return _make_filter(tantivy.Query.exists_query(clause.field))
    return _make_filter(
        tantivy.Query.range_query(
            build_schema(),
            clause.field,
            tantivy.FieldType.Integer,
            lower_bound=_MIN_INTEGER if clause.low is None else clause.low,
            upper_bound=clause.high,
            include_upper=clause.high is None,
        )
    )


def _make_filter(query: tantivy.Query, score: float = 0.0) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, score)


def _require_all(
    must: Sequence[tantivy.Query], must_not: Iterable[tantivy.Query] = ()
) -> tantivy.Query:
    wanted = must or [_make_filter(tantivy.Query.all_query())]
    return tantivy.Query.boolean_query(
        [
            *((Occur.Must, query) for query in wanted),
            *((Occur.MustNot, query) for query in must_not),
        ]
    )


def _require_any(queries: Sequence[tantivy.Query], minimum: int = 1) -> tantivy.Query:
    if len(queries) == minimum == 1:
        return queries[0]
    if not queries:
        return tantivy.Query.empty_query()
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries], minimum)


def _boost_query(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)


def add_recency(query: tantivy.Query, steps: Sequence[RecencyStep]) -> tantivy.Query:
    if not steps:
        return query
    bonuses = [
        (
            Occur.Should,
            _make_filter(_compile_range(RangeClause("date", step.since_seconds)), step.bonus),
        )
        for step in steps
    ]
    return tantivy.Query.boolean_query([(Occur.Must, query), *bonuses])
