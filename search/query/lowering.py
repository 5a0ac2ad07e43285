"""Query → clauses of index fields: the meaning of each leaf, the same for every engine.

Words, phrases and two words near each other that name no field are searched by their stems in the
joined field of all text, whose statistics rank them. With a field they are searched there, by stem
in texts and as written in names, and the scores of several fields are added up. Exact words,
prefixes and fuzzy words are searched as written in each field. A keyword is one term of its field.
A word that a query repeats n times counts as √n words. Variants of a word without a field count
as one word with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import sqrt

from indexer.analysis import stem, stem_tokens, tokenize
from indexer.schema import (
    ALL_TEXT,
    ALL_TEXT_GAP,
    DEFAULT_FIELDS,
    FIELD_GROUPS,
    FIELDS,
    WRITTEN_FORMS,
    FieldKind,
    get_facet_field,
    make_keyword_term,
)
from indexer.written_forms import AMBIGUOUS_ACRONYMS, is_written_form, list_written_forms
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
    SynonymClause,
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
_WRITTEN_FORMS = IndexField(WRITTEN_FORMS)
_EXACT_FIELDS = {field.name: IndexField(field.name, field.boost) for field in FIELDS.values()}
# Texts are searched by stem; names and keywords as written.
_STEMMED_FIELDS = {
    field.name: IndexField(field.name, field.boost, by_stem=field.kind is FieldKind.TEXT)
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
    """Return the clause of a word without a field, or of a written form."""
    return TermClause(_WRITTEN_FORMS if is_written_form(token) else _ALL_TEXT, stem(token))


def _merge_repeated(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Merge equal clauses into one; a term that occurs n times is boosted by √n."""
    counts = Counter(clauses)
    return tuple(
        _boost_word(clause, sqrt(count))
        if count > 1 and isinstance(clause, TermClause | SynonymClause)
        else clause
        for clause, count in counts.items()
    )


def _boost_word(clause: TermClause | SynonymClause, factor: float) -> Clause:
    if isinstance(clause, SynonymClause):
        return SynonymClause(tuple(_boost_term(term, factor) for term in clause.terms))
    return _boost_term(clause, factor)


def _boost_term(term: TermClause, factor: float) -> TermClause:
    return replace(term, field=replace(term.field, boost=term.field.boost * factor))


# -- leaves


def _lower_leaf(leaf: Term | Phrase | Near | Prefix | Fuzzy) -> Clause:
    exact_fields = tuple(_EXACT_FIELDS[name] for name in _list_fields(leaf.field))
    match leaf:
        case Term() | Phrase() if leaf.variants:
            return _lower_variants(leaf)
        case Term() | Phrase():
            return _lower_text(leaf)
        case Near(words, distance, field):
            # Of three words, each pair could be near in another part of the joined field.
            joined = not field and distance <= ALL_TEXT_GAP and len(words) == 2
            fields = (_ALL_TEXT,) if joined else _list_stemmed_fields(field)
            return _match_any(_lower_near(leaf, field) for field in fields)
        case Fuzzy(text, distance):
            return _match_any(FuzzyClause(field, text, distance) for field in exact_fields)
        case Prefix(text):
            return PrefixClause(exact_fields, text)


def _list_fields(name: str) -> tuple[str, ...]:
    """Return the fields in which a leaf is searched."""
    return FIELD_GROUPS.get(name) or ((name,) if name else DEFAULT_FIELDS)


def _list_stemmed_fields(name: str) -> tuple[IndexField, ...]:
    return tuple(_STEMMED_FIELDS[field] for field in _list_fields(name))


def _lower_text(leaf: Term | Phrase) -> Clause:
    names = _list_fields(leaf.field)
    if is_value_query(leaf):
        return _match_any(ValueClause(get_facet_field(name), leaf.text) for name in names)
    words = tokenize(leaf.text)
    if leaf.exact:
        return _match_any(_lower_words(words, _EXACT_FIELDS[name]) for name in names)
    if leaf.field:
        return _match_any(
            TermClause(_EXACT_FIELDS[name], make_keyword_term(name, leaf.text))
            if FIELDS[name].kind is FieldKind.KEYWORD
            else _lower_words(words, _STEMMED_FIELDS[name])
            for name in names
        )
    phrase = _lower_words(words, _ALL_TEXT)
    if not isinstance(phrase, PhraseClause):
        return phrase
    # A phrase counts like its words: how often they stand together tells nothing reliable.
    return BooleanClause((UnscoredClause(phrase), *_merge_repeated(map(lower_token, words))))


# -- variants


def _lower_variants(leaf: Term | Phrase) -> Clause:
    """Return what any variant matches; those of one word in the joined field count as one."""
    phrases: list[Clause] = []
    words: dict[str, Clause] = {}
    for text in leaf.variants:
        token = "" if leaf.field else find_variant_token(text)
        if token and (text != leaf.text or len(tokenize(text)) == 1):
            words.setdefault(token, _require_acronyms(text, lower_token(token)))
        else:
            alone = _lower_text(replace(leaf, text=text, variants=()))
            phrases.append(alone if leaf.field else _require_acronyms(text, alone))
    return _match_any((*phrases, _join_synonyms(words)))


def find_variant_token(text: str) -> str:
    """Return the one token that a word is, or the written form; or ""."""
    tokens = tokenize(text)
    if len(tokens) < 2:
        return "".join(tokens)
    forms = list_written_forms(text)
    whole = len(forms) == 1 and tokens == tokenize(forms[0])
    return forms[0] if whole else ""


def _join_synonyms(words: dict[str, Clause]) -> Clause:
    """Return a clause of words by their tokens; some match only where another term is, too."""
    terms = tuple(dict.fromkeys(map(lower_token, words)))
    if len(terms) < 2:
        return next(iter(words.values()), NothingClause())
    synonyms = SynonymClause(terms)
    if all(isinstance(clause, TermClause) for clause in words.values()):
        return synonyms
    return BooleanClause((synonyms, UnscoredClause(_match_any(words.values()))))


def _require_acronyms(text: str, clause: Clause) -> Clause:
    """Narrow a clause to articles that have the text's ambiguous acronyms in capitals."""
    acronyms = [word for word in text.split() if word in AMBIGUOUS_ACRONYMS]
    if not acronyms:
        return clause
    terms = (UnscoredClause(lower_token(acronym)) for acronym in acronyms)
    return BooleanClause((clause, *terms))


def _lower_words(words: Sequence[str], field: IndexField) -> Clause:
    """Return a term for one token, a phrase for several: one word may have several (`U.S.-led`)."""
    tokens = _convert_words(words, field)
    if not tokens:
        return NothingClause()
    return TermClause(field, tokens[0]) if len(tokens) == 1 else PhraseClause(field, tokens)


def _lower_near(leaf: Near, field: IndexField) -> Clause:
    """Return a term if all words have one stem; else a distance with room for all of them."""
    tokens = tuple(dict.fromkeys(_convert_words(leaf.words, field)))
    if len(tokens) == 1:
        return TermClause(field, tokens[0])
    return NearClause(field, tokens, max(leaf.distance, len(leaf.words) - 1))


def _convert_words(words: Sequence[str], field: IndexField) -> tuple[str, ...]:
    """Return words as the clauses of a field have them: stems, or tokens as written."""
    return tuple(stem_tokens(words) if field.by_stem or field is _ALL_TEXT else words)


def _match_any(clauses: Iterable[Clause]) -> Clause:
    """Return a clause that matches what any of the clauses matches."""
    parts = tuple(clause for clause in clauses if not isinstance(clause, NothingClause))
    if not parts:
        return NothingClause()
    return parts[0] if len(parts) == 1 else AnyClause(parts)
