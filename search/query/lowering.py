"""Query → clauses of index fields: the meaning of each leaf, the same for every engine.

Words, phrases and two words near each other that name no field are searched by their stems in the
joined field of all text, whose statistics rank them. With a field they are searched there, by stem
in texts and as written in names, and the scores of several fields are added up. A word is searched
by its stem in every language of the index; these, and the variants of a word without a field, count
as one word. Exact words, prefixes and fuzzy words are searched as written in each field. A keyword
is one term of its field. A word that a query repeats n times counts as √n words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from math import sqrt

from indexer.analysis import tokenize, tokenize_word
from indexer.schema import (
    ALL_TEXT,
    DEFAULT_FIELDS,
    FIELD_GROUPS,
    FIELDS,
    TEXT_GAP,
    WRITTEN_FORMS,
    FieldKind,
    get_facet_field,
    make_keyword_term,
)
from indexer.stemming import get_stemming_language, list_stems, stem, stem_tokens
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
# What a variant weighs of the spelling that a query has: articles with that one come first. With as
# much as it, an outlet's articles are no longer found by its spelling (`tests.eval relevance`).
_VARIANT_WEIGHT = 0.3
_EXACT_FIELDS = {field.name: IndexField(field.name, field.boost) for field in FIELDS.values()}
# Texts are searched by stem; names and keywords as written.
_STEMMED_FIELDS = {
    field.name: IndexField(field.name, field.boost, by_stem=field.kind is FieldKind.TEXT)
    for field in FIELDS.values()
}


# The languages besides English in which an index has stems.
Languages = tuple[str, ...]


def lower_query(query: Query, languages: Languages = ()) -> Clause:
    """Return the clause that matches and scores a query's articles."""
    return _lower(query, _narrow_languages(query, languages))


def _narrow_languages(query: Query, languages: Languages) -> Languages:
    """Return the languages of the articles that a query can match."""
    clauses = query.clauses if languages and isinstance(query, And) else ()
    wanted = {
        get_stemming_language(clause.text)
        for clause in clauses
        if isinstance(clause, Term) and clause.field == "language"
    }
    return tuple(filter(wanted.__contains__, languages)) if wanted else languages


def _lower(query: Query, languages: Languages) -> Clause:
    match query:
        case All():
            return AllClause()
        case And(clauses):
            return _lower_all(clauses, languages)
        case Not():
            return _lower_all((query,), languages)
        case Or(clauses):
            return _match_any(_merge_repeated(_lower(clause, languages) for clause in clauses))
        case AtLeast(clauses, minimum):
            return AnyClause(tuple(_lower(clause, languages) for clause in clauses), minimum)
        case Range(field, low, high):
            return RangeClause(field, low, high)
        case Missing(field):
            return BooleanClause((), (RangeClause(field),))
        case leaf:
            return _lower_leaf(leaf, languages)


def _lower_all(clauses: Sequence[Query], languages: Languages) -> BooleanClause:
    return BooleanClause(
        _merge_repeated(
            _lower(clause, languages) for clause in clauses if not isinstance(clause, Not)
        ),
        tuple(_lower(clause.clause, languages) for clause in clauses if isinstance(clause, Not)),
    )


def list_token_terms(token: str, languages: Languages, text: str = "") -> tuple[TermClause, ...]:
    """Return the terms of a word without a field, which is written as `text`, or a written form."""
    if is_written_form(token):
        return (TermClause(_WRITTEN_FORMS, stem(token)),)
    return tuple(TermClause(_ALL_TEXT, term) for term in _list_stems(token, languages, text))


def _list_stems(token: str, languages: Languages, text: str) -> tuple[str, ...]:
    """Return the stems of a token in English first, then in other languages."""
    stems = (term for language in languages for term in list_stems(token, text or token, language))
    return tuple(dict.fromkeys((stem(token), *stems)))


def _merge_repeated(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Merge equal clauses; words of one English stem, n together, weigh √n as a whole."""
    counts = Counter(clauses)
    repeats: Counter[TermClause] = Counter()
    for clause, count in counts.items():
        if isinstance(clause, TermClause | SynonymClause):
            repeats[_get_first_term(clause)] += count
    return tuple(
        _boost_word(clause, sqrt(count**2 / repeats[_get_first_term(clause)]))
        if isinstance(clause, TermClause | SynonymClause)
        else clause
        for clause, count in counts.items()
    )


def _get_first_term(word: TermClause | SynonymClause) -> TermClause:
    return word.terms[0] if isinstance(word, SynonymClause) else word


def _boost_word(word: TermClause | SynonymClause, factor: float) -> Clause:
    if isinstance(word, SynonymClause):
        return SynonymClause(tuple(_boost_term(term, factor) for term in word.terms))
    return _boost_term(word, factor)


def _boost_term(term: TermClause, factor: float) -> TermClause:
    if factor == 1.0:
        return term
    return replace(term, field=replace(term.field, boost=term.field.boost * factor))


# -- leaves


def _lower_leaf(leaf: Term | Phrase | Near | Prefix | Fuzzy, languages: Languages) -> Clause:
    exact_fields = tuple(_EXACT_FIELDS[name] for name in _list_fields(leaf.field))
    match leaf:
        case Term() | Phrase() if leaf.variants:
            return _lower_variants(leaf, languages)
        case Term() | Phrase():
            return _lower_text(leaf, languages)
        case Near(words, distance, field):
            # Of three words, each pair could be near in another part of the joined field.
            joined = not field and distance <= TEXT_GAP and len(words) == 2
            fields = (_ALL_TEXT,) if joined else _list_stemmed_fields(field)
            return _match_any(
                _make_near_clause(tokens, leaf, place)
                for field in fields
                for place, tokens in _list_readings(words, field, languages)
            )
        case Fuzzy(text, distance):
            return _match_any(FuzzyClause(field, text, distance) for field in exact_fields)
        case Prefix(text):
            return PrefixClause(exact_fields, text)


def _list_fields(name: str) -> tuple[str, ...]:
    """Return the fields in which a leaf is searched."""
    return FIELD_GROUPS.get(name) or ((name,) if name else DEFAULT_FIELDS)


def _list_stemmed_fields(name: str) -> tuple[IndexField, ...]:
    return tuple(_STEMMED_FIELDS[field] for field in _list_fields(name))


def _lower_text(leaf: Term | Phrase, languages: Languages) -> Clause:
    names = _list_fields(leaf.field)
    if is_value_query(leaf):
        return _match_any(ValueClause(get_facet_field(name), leaf.text) for name in names)
    if leaf.exact:
        words = tokenize(leaf.text)
        return _match_any(_make_words_clause(words, _EXACT_FIELDS[name]) for name in names)
    words = tokenize(leaf.text) if isinstance(leaf, Phrase) else tokenize_word(leaf.text)
    if leaf.field:
        return _match_any(
            TermClause(_EXACT_FIELDS[name], make_keyword_term(name, leaf.text))
            if FIELDS[name].kind is FieldKind.KEYWORD
            else _lower_words(words, leaf.text, _STEMMED_FIELDS[name], languages)
            for name in names
        )
    phrase = _lower_words(words, leaf.text, _ALL_TEXT, languages)
    if len(words) < 2:
        return phrase
    # A phrase counts like its words: how often they stand together tells nothing reliable.
    singles = (_lower_words([word], word, _ALL_TEXT, languages) for word in words)
    return BooleanClause((UnscoredClause(phrase), *_merge_repeated(singles)))


# -- variants


def _lower_variants(leaf: Term | Phrase, languages: Languages) -> Clause:
    """Return what any variant matches; those of one word in the joined field count as one."""
    phrases: list[Clause] = []
    words: dict[tuple[TermClause, ...], Clause] = {}
    for text in leaf.variants:
        token = "" if leaf.field else find_variant_token(text)
        if token and (text != leaf.text or len(tokenize(text)) == 1):
            terms = list_token_terms(token, languages, text)
            if text != leaf.variants[0]:
                terms = tuple(_boost_term(term, _VARIANT_WEIGHT) for term in terms)
            words.setdefault(terms, _require_acronyms(text, _make_synonym_clause(terms)))
        else:
            alone = _lower_text(replace(leaf, text=text, variants=()), languages)
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


def _join_synonyms(words: Mapping[tuple[TermClause, ...], Clause]) -> Clause:
    """Return a clause of words by their terms; some match only where another term is, too."""
    if len(words) < 2:
        return next(iter(words.values()), NothingClause())
    synonyms = _make_synonym_clause(tuple(dict.fromkeys(chain.from_iterable(words))))
    if all(isinstance(clause, TermClause | SynonymClause) for clause in words.values()):
        return synonyms
    return BooleanClause((synonyms, UnscoredClause(_match_any(words.values()))))


def _require_acronyms(text: str, clause: Clause) -> Clause:
    """Narrow a clause to articles that have the text's ambiguous acronyms in capitals."""
    acronyms = [word for word in text.split() if word in AMBIGUOUS_ACRONYMS]
    if not acronyms:
        return clause
    terms = (UnscoredClause(TermClause(_WRITTEN_FORMS, stem(acronym))) for acronym in acronyms)
    return BooleanClause((clause, *terms))


# -- words


def _lower_words(
    words: Sequence[str], text: str, field: IndexField, languages: Languages
) -> Clause:
    """Return what matches the words in any form, which a query writes as `text`."""
    if len(words) == 1 and _has_stems(field):
        return _lower_word(_list_stems(words[0], languages, text), field)
    return _match_any(
        _make_words_clause(tokens, place)
        for place, tokens in _list_readings(words, field, languages)
    )


def _lower_word(terms: tuple[str, ...], field: IndexField) -> Clause:
    """Return what matches any term of a word: English first, then those of other languages."""
    english, *others = terms
    place = field if field is _ALL_TEXT else replace(field, by_stem=False)
    first, rest = TermClause(field, english), tuple(TermClause(place, term) for term in others)
    if field is _ALL_TEXT or not rest:
        return _make_synonym_clause((first, *rest))
    return AnyClause((first, _make_synonym_clause(rest)))


def _has_stems(field: IndexField) -> bool:
    return field.by_stem or field is _ALL_TEXT


def _list_readings(
    words: Sequence[str], field: IndexField, languages: Languages
) -> Iterator[tuple[IndexField, tuple[str, ...]]]:
    """Yield words as each language of a field has them, with that field: as stems, or tokens."""
    if not _has_stems(field):
        yield field, tuple(words)
        return
    plain = tuple(stem_tokens(words))
    yield field, plain
    place = replace(field, by_stem=False)
    for language in languages:
        tokens = tuple(stem_tokens(words, language))
        if tokens != plain:
            yield place, tokens


def _make_words_clause(tokens: Sequence[str], field: IndexField) -> Clause:
    """Return a term for one token, a phrase for several: one word may have several (`U.S.-led`)."""
    if not tokens:
        return NothingClause()
    return TermClause(field, tokens[0]) if len(tokens) == 1 else PhraseClause(field, tuple(tokens))


def _make_synonym_clause(terms: tuple[TermClause, ...]) -> Clause:
    return terms[0] if len(terms) == 1 else SynonymClause(terms)


def _make_near_clause(tokens: Sequence[str], leaf: Near, field: IndexField) -> Clause:
    """Return a term if all words have one stem; else a distance with room for all of them."""
    different = tuple(dict.fromkeys(tokens))
    if len(different) == 1:
        return TermClause(field, different[0])
    return NearClause(field, different, max(leaf.distance, len(leaf.words) - 1))


def _match_any(clauses: Iterable[Clause]) -> Clause:
    """Return a clause that matches what any of the clauses matches."""
    parts = tuple(clause for clause in clauses if not isinstance(clause, NothingClause))
    if not parts:
        return NothingClause()
    return parts[0] if len(parts) == 1 else AnyClause(parts)
