"""Articles like another: by the terms that tell it most from others, its own story first.

An article's signature has these terms. A query of ours asks for the articles that have most of
them, so every engine can answer it; the first that it finds are put in order by how alike their
signatures are to its own, and by how near in time they are. Weights were chosen on four collections
of articles that are grouped by event.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.article import Article
from indexer.analysis import tokenize
from indexer.function_words import FUNCTION_WORDS
from indexer.signatures import GAP, Signature, encode_word, hash_term
from indexer.stemming import get_stemming_language, stem
from search.engines.searcher import Match, read_matched_articles
from search.query.nodes import And, Not, Or, Term
from search.results.snapshot import Snapshot

# At least so many articles are compared by their signatures.
_MIN_COMPARED = 60
# For each that is wanted so many are read, because only an article itself tells its date.
_READ_PER_WANTED = 2
_MAX_NAMES = 5
# What two leads share counts so much, and the cosine of all terms the rest.
_LEAD_WEIGHT = 0.4
# Articles that are less alike, where 1 is the same text, share no story.
_MIN_LIKENESS = 0.09
# As openings have them.
_FUNCTION_WORDS = {encode_word(stem(word)) for word in FUNCTION_WORDS}.union(GAP)
# Articles of the same moment count so much more, and half of that so many seconds apart.
_SAME_TIME_BONUS = 0.2
_HALF_LIFE_SECONDS = 7 * 86_400


@dataclass(frozen=True, slots=True)
class SimilarArticle:
    """An article like another. The score is about 1 for the same text, up to 1.2 if of the same
    time, and lower the less they share."""

    article: Article
    score: float


@dataclass(frozen=True, slots=True)
class Similar:
    """Articles like `article`, the most alike first. `words` and `names` tell most of it."""

    article: Article
    words: tuple[str, ...]
    names: tuple[str, ...]
    articles: tuple[SimilarArticle, ...]
    took_ms: float


def find_similar(article: Article, snapshot: Snapshot, *, limit: int = 10) -> Similar:
    """Find the articles that are most like one of the corpus, at most `limit`."""
    began = time.perf_counter()
    own = Term(article.id, "id")
    (signature,) = snapshot.read_signatures(snapshot.searcher.search(own, limit=1).page) or (b"",)
    signed = Signature.from_bytes(signature)
    words = _list_words(article, signed)
    matches: Sequence[Match] = ()
    if words:
        query = And((Or(tuple(map(Term, words))), Not(own)))
        matches = snapshot.searcher.search(
            query, limit=max(_MIN_COMPARED, _READ_PER_WANTED * limit)
        ).page
    return Similar(
        article=article,
        words=words,
        names=tuple(_list_names(article, words))[:_MAX_NAMES],
        articles=tuple(_rank_alike(article, signed, matches, snapshot, limit)),
        took_ms=round((time.perf_counter() - began) * 1_000, 3),
    )


def _list_words(article: Article, signature: Signature) -> tuple[str, ...]:
    """Return the terms of an article's signature, each as a word in the form that comes first."""
    forms: dict[int, str] = {}
    language = get_stemming_language(article.language)
    for token in tokenize(f"{article.title}\n{article.dek}\n{article.body}"):
        if token not in FUNCTION_WORDS:
            forms.setdefault(hash_term(stem(token, language)), token)
    return tuple(forms[term] for term in signature.terms if term in forms)


def _list_names(article: Article, words: Sequence[str]) -> Iterator[str]:
    """Yield the names of what the article is surely about, the most telling first."""
    places = {word: place for place, word in enumerate(words)}
    last = len(words)
    rated = (
        (min((places.get(token, last) for token in tokenize(name)), default=last), name)
        for entity in article.entities
        if entity.sure
        for name in entity.names[:1]
    )
    yield from (name for place, name in sorted(rated) if place < last)


def _rank_alike(
    article: Article,
    signature: Signature,
    matches: Sequence[Match],
    snapshot: Snapshot,
    limit: int,
) -> list[SimilarArticle]:
    others = map(Signature.from_bytes, snapshot.read_signatures(matches))
    likeness = _measure_likeness(signature, others)
    nearest = sorted(zip(likeness, matches, strict=True), key=lambda pair: -pair[0])
    alike = [pair for pair in nearest[: _READ_PER_WANTED * limit] if pair[0] >= _MIN_LIKENESS]
    read = read_matched_articles([match for _, match in alike], snapshot.store)
    scored = [
        SimilarArticle(other, share * (1 + _SAME_TIME_BONUS * _calculate_nearness(article, other)))
        for (share, _), other in zip(alike, read, strict=True)
        if isinstance(other, Article)
    ]
    return sorted(scored, key=lambda one: (-one.score, one.article.id))[:limit]


def _measure_likeness(one: Signature, others: Iterable[Signature]) -> Iterator[float]:
    """Yield about 1 for the same text, and 0 if nothing is shared."""
    lead = set(one.opening[: one.lead_words]) - _FUNCTION_WORDS
    for other, cosine in one.calculate_cosines(others):
        shared = lead.intersection(other.opening[: other.lead_words])
        yield cosine + _LEAD_WEIGHT * (len(shared) / (len(lead) or 1) - cosine)


def _calculate_nearness(article: Article, other: Article) -> float:
    """Return from 1 at the same moment to 0 far apart, or where a date is not known."""
    if article.published is None or other.published is None:
        return 0.0
    apart = abs(article.published.epoch_seconds - other.published.epoch_seconds)
    return float(0.5 ** (apart / _HALF_LIFE_SECONDS))
