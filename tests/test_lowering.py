"""A query's leaves as clauses of index fields, the same for every engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from math import sqrt

import pytest

from indexer.schema import ALL_TEXT, DEFAULT_FIELDS, TEXT_GAP, WRITTEN_FORMS
from search.query.clauses import (
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
from search.query.lowering import list_token_terms, lower_query
from search.query.nodes import And, Missing, Near, Not, Or, Phrase, Query, Term
from search.query.parser import parse_query

TITLE = IndexField("title", 2.0, by_stem=True)
TITLE_WORDS = IndexField("title", 2.0)
ALL_FIELD = IndexField(ALL_TEXT)
BODY, BODY_WORDS = IndexField("body", by_stem=True), IndexField("body")
AUTHOR, PERSON = IndexField("author"), IndexField("person")
SECTION = IndexField("section")

# Query text, and its clause.
LOWERED: tuple[tuple[str, Clause], ...] = (
    # words: stems in texts, as they are in names; exact ones, prefixes and misspelt ones unstemmed
    ("title:Alliances", TermClause(TITLE, "allianc")),
    ("body:=Alliances", TermClause(BODY_WORDS, "alliances")),
    ("author:Waters", TermClause(AUTHOR, "waters")),
    ("title:well-known", PhraseClause(TITLE, ("well", "known"))),
    ('body:"the alliances"', PhraseClause(BODY, ("the", "allianc"))),
    ('body:="the alliances"', PhraseClause(BODY_WORDS, ("the", "alliances"))),
    ("title:allia*", PrefixClause((TITLE_WORDS,), "allia")),
    ("body:aliances~", FuzzyClause(BODY_WORDS, "aliances", 1)),
    ("person:ishi*", PrefixClause((PERSON,), "ishi")),
    # words near each other: distinct stems, and room for all of them
    ('body:"ships sailing"~5', NearClause(BODY, ("ship", "sail"), 5)),
    ('body:"ships sailing home"~1', NearClause(BODY, ("ship", "sail", "home"), 2)),
    ('body:"ship ships"~3', TermClause(BODY, "ship")),
    # keywords and values
    ('section:"World News"', TermClause(SECTION, "world news")),
    ("id:A41", TermClause(IndexField("id"), "A41")),
    ('section:="World News"', ValueClause("section_facet", "World News")),
    # several fields
    (
        "entity:Ishiba",
        AnyClause(tuple(TermClause(IndexField(f), "ishiba") for f in ("person", "org", "place"))),
    ),
    # numbers and operators
    ("words:>=600", RangeClause("words", 600, None)),
    (
        "title:a -title:b -title:c",
        BooleanClause((TermClause(TITLE, "a"),), (TermClause(TITLE, "b"), TermClause(TITLE, "c"))),
    ),
    ("title:a OR body:b", AnyClause((TermClause(TITLE, "a"), TermClause(BODY, "b")))),
)

# Trees that no query text makes.
TREES: tuple[tuple[Query, Clause], ...] = (
    (Term("..."), NothingClause()),
    (Missing("date"), BooleanClause((), (RangeClause("date"),))),
    (Not(Term("a", "title")), BooleanClause((), (TermClause(TITLE, "a"),))),
    (Near(("ship", "ships", "sail"), 1, "body"), NearClause(BODY, ("ship", "sail"), 2)),
)


@pytest.mark.parametrize(("text", "clause"), LOWERED)
def test_a_query_is_lowered(text: str, clause: Clause) -> None:
    assert clause == lower_query(parse_query(text, now=datetime(2025, 4, 10, tzinfo=UTC), zone=UTC))


@pytest.mark.parametrize(("query", "clause"), TREES)
def test_a_tree_is_lowered(query: Query, clause: Clause) -> None:
    assert clause == lower_query(query)


def test_a_word_without_a_field_is_looked_for_in_the_joined_field() -> None:
    assert TermClause(IndexField(ALL_TEXT), "allianc") == lower_query(Term("alliances"))
    assert (TermClause(ALL_FIELD, "allianc"),) == list_token_terms("alliances", ())


def test_a_phrase_without_a_field_is_in_one_field_and_scores_like_its_words() -> None:
    phrase = UnscoredClause(PhraseClause(ALL_FIELD, ("the", "allianc")))
    words = TermClause(ALL_FIELD, "the"), TermClause(ALL_FIELD, "allianc")
    assert BooleanClause((phrase, *words)) == lower_query(Phrase("the alliances"))


def test_variants_of_a_word_count_as_one_word() -> None:
    forms, other = IndexField(WRITTEN_FORMS), replace(ALL_FIELD, boost=0.3)
    email = TermClause(ALL_FIELD, "email"), TermClause(replace(forms, boost=0.3), "e-mail")
    assert SynonymClause(email) == lower_query(Term("email", variants=("email", "e-mail")))
    bare, dotted = TermClause(ALL_FIELD, "us"), TermClause(other, "u.")
    capitals = BooleanClause((bare, UnscoredClause(TermClause(forms, "US"))))
    assert BooleanClause(
        (SynonymClause((bare, dotted)), UnscoredClause(AnyClause((capitals, dotted))))
    ) == lower_query(Term("US", variants=("US", "U.S.")))
    assert AnyClause((TermClause(TITLE, "color"), TermClause(TITLE, "colour"))) == lower_query(
        Term("color", "title", variants=("color", "colour"))
    )


def test_words_far_apart_are_searched_in_each_field_because_none_spans_two() -> None:
    near = lower_query(Near(("the", "alliances"), TEXT_GAP))
    far = lower_query(Near(("the", "alliances"), TEXT_GAP + 1))
    assert NearClause(ALL_FIELD, ("the", "allianc"), TEXT_GAP) == near
    assert isinstance(far, AnyClause)
    fields = [part.field.name for part in far.clauses if isinstance(part, NearClause)]
    assert list(DEFAULT_FIELDS) == fields


def test_a_repeated_word_counts_by_the_root_of_how_often_it_stands() -> None:
    word, other = Term("ferry"), Term("port")
    assert BooleanClause((TermClause(IndexField(ALL_TEXT, 2.0), "ferri"),)) == lower_query(
        And((word, word, word, word))
    )
    assert AnyClause(
        (TermClause(IndexField(ALL_TEXT, sqrt(2)), "ferri"), TermClause(ALL_FIELD, "port"))
    ) == lower_query(Or((word, other, word)))
