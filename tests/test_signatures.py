"""Signatures: made, packed and compared; term statistics; the second stage of ranking alone."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.function_words import FUNCTION_WORDS, is_function_word
from indexer.signature_store import SignatureStore
from indexer.signatures import (
    GAP,
    LEAD_WORDS,
    MAX_HEADLINE_WORDS,
    MAX_OPENING_WORDS,
    MAX_TERMS,
    NO_SIGNATURE,
    Signature,
    TermIdfs,
    encode_word,
    hash_term,
    make_signature,
)
from indexer.term_statistics import TermStatistics
from search.results.rerank import QueryWords, WordGroup, _find_neighbors, rerank

WORDS = st.lists(
    st.sampled_from(["ferry", "island", "port", "whale", "sea", "ship", "fog", "pier"]), max_size=60
)


def sign(headline: str, text: str, frequencies: dict[str, int] | None = None) -> Signature:
    known = {hash_term(stem): count for stem, count in (frequencies or {}).items()}
    title, body = headline.split(), text.split()
    counts = Counter([*title, *body])
    return make_signature(title, body, counts, TermIdfs(lambda term: known.get(term, 1), 1_000))


@given(headline=WORDS, text=WORDS)
def test_a_signature_unpacks_to_what_was_packed(headline: list[str], text: list[str]) -> None:
    made = sign(" ".join(headline), " ".join(text))
    read = Signature.from_bytes(bytes(made))
    assert list(made.terms) == list(read.terms)
    assert list(made.weights) == list(read.weights)
    assert (made.opening, made.headline_words) == (read.opening, read.headline_words)
    assert NO_SIGNATURE is Signature.from_bytes(b"")


def test_the_rarest_and_most_frequent_terms_are_kept_the_heaviest_first() -> None:
    words = " ".join(f"word{number}" for number in range(MAX_TERMS + 8))
    made = sign("", f"common {words} often often often", {"common": 900})
    assert MAX_TERMS == len(made.terms)
    assert hash_term("often") == made.terms[0]
    assert hash_term("common") not in made.terms
    assert sorted(made.weights, reverse=True) == list(made.weights)
    assert 200 == pytest.approx(sqrt(sum(weight**2 for weight in made.weights)), abs=5)


def test_an_opening_has_the_first_words_and_a_gap_after_the_headline() -> None:
    made = sign("a " * 50, "b " * 150)
    assert MAX_HEADLINE_WORDS == made.headline_words
    expected = encode_word("a") * MAX_HEADLINE_WORDS + GAP + encode_word("b") * MAX_OPENING_WORDS
    assert expected == made.opening
    assert MAX_HEADLINE_WORDS + len(GAP) + LEAD_WORDS == made.lead_words


def test_a_store_keeps_signatures_and_statistics(tmp_path: Path) -> None:
    statistics = TermStatistics()
    for terms in ((1, 2), (2, 3), (2,)):
        statistics.add_article(terms)
    with SignatureStore(tmp_path / "signatures.sqlite") as store:
        assert store.load_statistics() is None
        store.put([(7, b"seven"), (9, b"nine")], statistics)
        assert [b"nine", b"", b"seven"] == store.read([9, 8, 7])
        loaded = store.load_statistics()
        store.clear()
        assert (0, [b""]) == (store.count(), store.read([7]))
    assert loaded is not None
    assert (3, [1, 3, 1, 0]) == (loaded.articles, [loaded.frequency(n) for n in (1, 2, 3, 4)])
    assert not loaded.has_grown


def test_statistics_are_kept_again_when_the_archive_has_grown_by_half() -> None:
    statistics = TermStatistics(2, b"", b"")
    grown = []
    for _ in range(2):
        statistics.add_article([1])
        grown.append(statistics.has_grown)
    assert [True, True] == grown


@pytest.mark.parametrize(
    ("word", "among_small_letters", "expected"),
    [
        ("the", True, True),
        ("The", True, True),
        ("THE", False, True),
        ("WHO", True, False),
        ("WHO", False, True),
        ("don’t", True, True),
        ("us", True, False),
        ("ferry", True, False),
        ("I", True, True),
    ],
)
def test_function_words(word: str, among_small_letters: bool, expected: bool) -> None:
    assert expected is is_function_word(word, among_small_letters=among_small_letters)
    assert {"us", "may", "will", "without"}.isdisjoint(FUNCTION_WORDS)


# -- the second stage


def words(*stems: str) -> QueryWords:
    return QueryWords.of([[WordGroup(({stem: 1.0},)) for stem in stems]])


def rows(scores: list[float], signatures: list[Signature], query: QueryWords) -> list[int]:
    return [place.row for place in rerank(scores, [bytes(one) for one in signatures], query)]


def test_words_together_in_order_and_in_the_lead_raise_a_hit() -> None:
    apart = sign("news", f"gray {'sea ' * 30} whale")
    near = sign("news", f"{'sea ' * 10} gray whale")
    assert [1, 0] == rows([1.0, 0.95], [apart, near], words("gray", "whale"))


def test_alternatives_share_the_weight_of_their_word() -> None:
    group = WordGroup(({"iwojima": 2.0}, {"iwo": 1.0, "jima": 1.0}))
    query = QueryWords.of([[group, WordGroup(({"alli": 2.0},))]])
    assert {"iwojima": 0.5, "iwo": 0.25, "jima": 0.25, "alli": 0.5} == {
        stem: query.shares[encode_word(stem)] for stem in ("iwojima", "iwo", "jima", "alli")
    }


def test_hits_without_signatures_and_without_scores_keep_their_order() -> None:
    assert [0, 1, 2] == [place.row for place in rerank([3.0, 2.0, 1.0], [b""] * 3, words("a"))]
    assert [0, 1] == [place.row for place in rerank([0.0, 0.0], [b"", b""], words("a"))]
    assert [] == rerank([], [], words("a"))


@given(texts=st.lists(WORDS, min_size=6, max_size=12))
def test_neighbors_are_the_nearest_by_cosine(texts: list[list[str]]) -> None:
    signatures = [sign("", " ".join(text)) for text in texts]
    for row, others in enumerate(_find_neighbors(signatures, len(signatures))):
        assert row not in others
        assert 5 == len(others)
        far = set(range(len(texts))) - {row, *others}
        nearest = min(_cosine(signatures[row], signatures[other]) for other in others)
        assert all(_cosine(signatures[row], signatures[other]) <= nearest for other in far)


def _cosine(first: Signature, second: Signature) -> int:
    weights = dict(zip(first.terms, first.weights, strict=True))
    pairs = zip(second.terms, second.weights, strict=True)
    return sum(weights.get(term, 0) * weight for term, weight in pairs)
