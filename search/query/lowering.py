"""Query → clauses of index fields: the meaning of each leaf, the same for every engine.

A word without a field is searched by its stem in the joined field of all text, whose statistics
rank it. Phrases, words near each other and words of one field are searched in each field that
the leaf names, stemmed in texts and unstemmed in names, and the scores of the fields are added
up. Exact words, prefixes and fuzzy words are searched in the unstemmed twins of texts. A keyword
is one term of its field. A word that a query repeats n times counts as √n words.
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
    UnscoredClause,
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
    is_value_query,
)

_ALL_TEXT = IndexField(ALL_TEXT)
_STEMMED_FIELDS = {field.name: IndexField(field.name, field.boost) for field in FIELDS.values()}
# The twins of texts; other fields are unstemmed themselves.
_UNSTEMMED_FIELDS = {
    field.name: IndexField(get_exact_field(field.name), field.boost)
    if field.kind is FieldKind.TEXT
    else _STEMMED_FIELDS[field.name]
    for field in FIELDS.values()
}


def lower_query(query: Query) -> Clause:
    """Return the clause that matches and scores a query's articles."""
    match query:
        case All():
            return AllClause()
        case And(clauses):
            return _lower_all(clauses)
        case Not():
            return _lower_all((query,))
        case Or(clauses):
            return _match_any(_merge_repeated(map(lower_query, clauses)))
        case AtLeast(clauses, minimum):
            return AnyClause(tuple(map(lower_query, clauses)), minimum)
        case Range(field, low, high):
            return RangeClause(field, low, high)
        case Missing(field):
            return BooleanClause((), (RangeClause(field),))
        case leaf:
            return _lower_leaf(leaf)


def _lower_all(clauses: Sequence[Query]) -> BooleanClause:
    return BooleanClause(
        _merge_repeated(lower_query(clause) for clause in clauses if not isinstance(clause, Not)),
        tuple(lower_query(clause.clause) for clause in clauses if isinstance(clause, Not)),
    )


def lower_token(token: str) -> TermClause:
    """Return the clause of a word without a field: a term of the joined field."""
    return TermClause(_ALL_TEXT, stem(token))


def _merge_repeated(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Merge equal clauses into one; a term that occurs n times is boosted by √n."""
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
            return _match_any(_lower_near(leaf, field) for field in fields)
        case Fuzzy(text, distance):
            return _match_any(
                FuzzyClause(_UNSTEMMED_FIELDS[field.name], text, distance) for field in fields
            )
        case Prefix(text):
            return PrefixClause(tuple(_UNSTEMMED_FIELDS[field.name] for field in fields), text)


def _list_fields(name: str) -> tuple[Field, ...]:
    """Return the fields in which a leaf is searched."""
    names = FIELD_GROUPS.get(name) or ((name,) if name else DEFAULT_FIELDS)
    return tuple(FIELDS[name] for name in names)


def _lower_text(leaf: Term | Phrase, fields: Iterable[Field]) -> Clause:
    if is_value_query(leaf):
        return _match_any(ValueClause(get_facet_field(field.name), leaf.text) for field in fields)
    words = tokenize(leaf.text)
    if not leaf.field and not leaf.exact and len(words) == 1:
        return lower_token(words[0])
    matches = _match_any(
        TermClause(_STEMMED_FIELDS[field.name], make_keyword_term(field.name, leaf.text))
        if field.kind is FieldKind.KEYWORD
        else _lower_tokens(words, field, leaf.exact)
        for field in fields
    )
    if leaf.field or leaf.exact or isinstance(matches, NothingClause):
        return matches
    # A phrase counts like its words: how often they stand together tells nothing reliable.
    terms = _merge_repeated(map(lower_token, words))
    return BooleanClause((UnscoredClause(matches), *terms))


def _lower_tokens(tokens: Sequence[str], field: Field, as_written: bool) -> Clause:
    """Return a term for one token, a phrase for several: one word may have several (`U.S.-led`)."""
    if not tokens:
        return NothingClause()
    if as_written:
        wanted, terms = _UNSTEMMED_FIELDS[field.name], tokens
    else:
        wanted, terms = _STEMMED_FIELDS[field.name], _stem_words(field, tokens)
    return TermClause(wanted, terms[0]) if len(terms) == 1 else PhraseClause(wanted, tuple(terms))


def _lower_near(leaf: Near, field: Field) -> Clause:
    """Return a term if all words have one stem; else a distance with room for all of them."""
    terms = tuple(dict.fromkeys(_stem_words(field, leaf.words)))
    if len(terms) == 1:
        return TermClause(_STEMMED_FIELDS[field.name], terms[0])
    return NearClause(_STEMMED_FIELDS[field.name], terms, max(leaf.distance, len(leaf.words) - 1))


def _stem_words(field: Field, tokens: Sequence[str]) -> Sequence[str]:
    """Return tokens as the index has them in a field: stemmed in texts only."""
    return stem_tokens(tokens) if field.kind is FieldKind.TEXT else tokens


def _match_any(clauses: Iterable[Clause]) -> Clause:
    """Return a clause that matches what any of the clauses matches."""
    parts = tuple(clause for clause in clauses if not isinstance(clause, NothingClause))
    if not parts:
        return NothingClause()
    return parts[0] if len(parts) == 1 else AnyClause(parts)
