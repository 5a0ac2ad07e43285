"""Query → clauses of index fields: what each leaf means in an index, the same for every engine.

A word without a field is looked for by its stem in the joined field of all text, whose statistics
rank it. Phrases, words near each other and words of one field are looked for in each field that
they may stand in, by stems in texts and as they are in names, and the scores of the fields add
up. Exact words, prefixes and misspelt words are looked for in the unstemmed twins of texts. A
keyword is one term of its field. A word that a query repeats n times counts as √n words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import sqrt

from indexer.analysis import stem, stem_tokens, tokenize
from indexer.schema import (
    ALL_TEXT,
    DEFAULT_FIELDS,
    FIELD_GROUPS,
    FIELDS,
    Field,
    FieldKind,
    get_exact_field,
    get_facet_field,
    make_keyword_term,
)
from search.query.clauses import (
    AllClause,
    AnyClause,
    BooleanClause,
    Clause,
    FuzzyClause,
    IndexField,
    NearClause,
    NothingClause,
    PhraseClause,
    PrefixClause,
    RangeClause,
    TermClause,
    ValueClause,
)
from search.query.nodes import (
    All,
    And,
    AtLeast,
    Fuzzy,
    Missing,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Term,
    is_value,
)

_ALL_TEXT = IndexField(ALL_TEXT)
_STEMS = {field.name: IndexField(field.name, field.boost) for field in FIELDS.values()}
# The twins of texts; other fields have their words unstemmed already.
_WORDS = {
    field.name: IndexField(get_exact_field(field.name), field.boost)
    if field.kind is FieldKind.TEXT
    else _STEMS[field.name]
    for field in FIELDS.values()
}


def lower(query: Query) -> Clause:
    """Return the clause that finds and scores a query's articles."""
    match query:
        case All():
            return AllClause()
        case And(clauses):
            return _lower_all(clauses)
        case Not():
            return _lower_all((query,))
        case Or(clauses):
            return _join(_merge_repeated(map(lower, clauses)))
        case AtLeast(clauses, minimum):
            return AnyClause(tuple(map(lower, clauses)), minimum)
        case Range(field, low, high):
            return RangeClause(field, low, high)
        case Missing(field):
            return BooleanClause((), (RangeClause(field),))
        case leaf:
            return _lower_leaf(leaf)


def _lower_all(clauses: Sequence[Query]) -> BooleanClause:
    return BooleanClause(
        _merge_repeated(lower(clause) for clause in clauses if not isinstance(clause, Not)),
        tuple(lower(clause.clause) for clause in clauses if isinstance(clause, Not)),
    )


def lower_token(token: str) -> TermClause:
    """Return what a word without a field is looked for by: a term of the joined field."""
    return TermClause(_ALL_TEXT, stem(token))


def _merge_repeated(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Make one clause of those that are the same; a term of n counts √n times."""
    counts = Counter(clauses)
    return tuple(
        TermClause(replace(clause.field, boost=clause.field.boost * sqrt(count)), clause.token)
        if count > 1 and isinstance(clause, TermClause)
        else clause
        for clause, count in counts.items()
    )


# -- leaves


def _lower_leaf(leaf: Term | Phrase | Near | Prefix | Fuzzy) -> Clause:
    fields = _list_fields(leaf.field)
    match leaf:
        case Term() | Phrase():
            return _lower_text(leaf, fields)
        case Near():
            return _join(_lower_near(leaf, field) for field in fields)
        case Fuzzy(text, distance):
            return _join(FuzzyClause(_WORDS[field.name], text, distance) for field in fields)
        case Prefix(text):
            return PrefixClause(tuple(_WORDS[field.name] for field in fields), text)


def _list_fields(name: str) -> tuple[Field, ...]:
    """Return the fields that a leaf is looked for in."""
    names = FIELD_GROUPS.get(name) or ((name,) if name else DEFAULT_FIELDS)
    return tuple(FIELDS[name] for name in names)


def _lower_text(leaf: Term | Phrase, fields: Iterable[Field]) -> Clause:
    if is_value(leaf):
        return _join(ValueClause(get_facet_field(field.name), leaf.text) for field in fields)
    words = tokenize(leaf.text)
    if not leaf.field and not leaf.exact and len(words) == 1:
        return lower_token(words[0])
    return _join(
        TermClause(_STEMS[field.name], make_keyword_term(field.name, leaf.text))
        if field.kind is FieldKind.KEYWORD
        else _lower_words(words, field, leaf.exact)
        for field in fields
    )


def _lower_words(words: Sequence[str], field: Field, as_written: bool) -> Clause:
    """Return a term for one token, a phrase for several: a word may have several, as `U.S.-led`."""
    if not words:
        return NothingClause()
    if as_written:
        wanted, terms = _WORDS[field.name], words
    else:
        wanted, terms = _STEMS[field.name], _stem_in(field, words)
    return TermClause(wanted, terms[0]) if len(terms) == 1 else PhraseClause(wanted, tuple(terms))


def _lower_near(leaf: Near, field: Field) -> Clause:
    """Return a term where all words have one stem; else the distance has room for all of them."""
    terms = tuple(dict.fromkeys(_stem_in(field, leaf.words)))
    if len(terms) == 1:
        return TermClause(_STEMS[field.name], terms[0])
    return NearClause(_STEMS[field.name], terms, max(leaf.distance, len(leaf.words) - 1))


def _stem_in(field: Field, words: Sequence[str]) -> Sequence[str]:
    """Return words as they stand in a field of the index: stemmed in texts only."""
    return stem_tokens(words) if field.kind is FieldKind.TEXT else words


def _join(clauses: Iterable[Clause]) -> Clause:
    """Return what any of the clauses matches."""
    parts = tuple(clause for clause in clauses if not isinstance(clause, NothingClause))
    if not parts:
        return NothingClause()
    return parts[0] if len(parts) == 1 else AnyClause(parts)
