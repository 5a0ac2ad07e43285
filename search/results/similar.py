"""Articles like another: by its telling words and names, its own story first.

The words that tell most of an article are those that stand in it often and in few others
(tf · idf). A query of ours asks for the best of them, so every engine can answer it; the first
that it finds are put in order by how many of these words they share, for their length, and by
how near in time they are.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from corpus.article import Article
from indexer.analysis import analyze, stem, stem_tokens
from indexer.function_words import FUNCTION_WORDS
from indexer.schema import COMPLETION_SEPARATOR, COMPLETIONS
from search.engines.searcher import Searcher, read_matched_articles
from search.query.nodes import And, Not, Or, Phrase, Query, Term
from search.results.snapshot import Snapshot

# How many words and names the query asks for, and how many words are compared afterwards.
_MAX_QUERY_WORDS = 25
_MAX_QUERY_NAMES = 5
_MAX_COMPARED_WORDS = 50
# So many articles are compared for each that is wanted, but no more than so many beside them.
_COMPARED_PER_WANTED = 5
_MAX_COMPARED_BESIDE = 50
# Words after the first so many characters add little.
_MAX_BODY_CHARS = 2_500
# How often a word in the headline counts. One in the lead counts twice.
_TITLE_COUNT = 3
# Articles that share less, where 1 is the same text, are not alike.
_MIN_SHARED = 0.12
# What more than this share of all articles have tells nothing, but for a few articles.
_MAX_FREQUENCY_SHARE = 0.3
_MIN_MAX_FREQUENCY = 5
# Articles of the same moment count so much more, and half of that so many seconds apart.
_SAME_TIME_BONUS = 0.2
_HALF_LIFE_SECONDS = 7 * 86_400


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, its stem, and how much it tells."""

    text: str
    root: str
    weight: float


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
    searcher = snapshot.searcher
    words = tuple(_pick_words(article, searcher))
    asked = tuple(word.text for word in words[:_MAX_QUERY_WORDS])
    names = tuple(_pick_names(article, searcher))[:_MAX_QUERY_NAMES]
    clauses: tuple[Query, ...] = (*map(Term, asked), *(Phrase(name, kind) for kind, name in names))
    found: list[Article] = []
    if clauses:
        compared = min(limit * _COMPARED_PER_WANTED, limit + _MAX_COMPARED_BESIDE)
        query = And((Or(clauses), Not(Term(article.id, "id"))))
        page = searcher.search(query, limit=compared).page
        found = read_matched_articles(page, snapshot.store)
    return Similar(
        article=article,
        words=asked,
        names=tuple(name for _, name in names),
        articles=_rank_alike(article, words, found)[:limit],
        took_ms=round((time.perf_counter() - began) * 1_000, 3),
    )


def _pick_words(article: Article, searcher: Searcher) -> Iterator[_Word]:
    """Yield words that other articles have too, as written in this one, most telling first."""
    counts: Counter[str] = Counter()
    forms: dict[str, str] = {}
    for token, count in _count_tokens(article).items():
        root = stem(token)
        counts[root] += count
        forms.setdefault(root, token)
    weighed = [
        _Word(
            forms[root], root, (1 + log(count)) * _calculate_idf(frequency, searcher.document_count)
        )
        for root, count in counts.items()
        if len(root) > 1
        and forms[root] not in FUNCTION_WORDS
        and 1 < (frequency := searcher.count_documents(forms[root])) <= _max_frequency(searcher)
    ]
    weighed.sort(key=lambda word: (-word.weight, word.text))
    yield from weighed[:_MAX_COMPARED_WORDS]


def _count_tokens(article: Article) -> Counter[str]:
    """Count the tokens of an article, those of its headline and lead counted more than once."""
    parts = (
        *[article.title] * _TITLE_COUNT,
        article.dek,
        article.lead,
        article.body[:_MAX_BODY_CHARS],
    )
    return Counter(analyze("\n".join(parts)).split())


def _pick_names(article: Article, searcher: Searcher) -> Iterator[tuple[str, str]]:
    """Yield kind and name of what others are surely about too, the rarest first."""
    rated = []
    for entity in filter(lambda entity: entity.sure, article.entities):
        kind, name = entity.kind.value, entity.names[0]
        term = COMPLETION_SEPARATOR.join((" ".join(analyze(name).split()), kind, name))
        having = searcher.list_terms(COMPLETIONS, term, 1)
        if having and 1 < having[0].count <= _max_frequency(searcher):
            rated.append((having[0].count, kind, name))
    yield from ((kind, name) for _, kind, name in sorted(rated))


def _max_frequency(searcher: Searcher) -> float:
    return max(_MAX_FREQUENCY_SHARE * searcher.document_count, _MIN_MAX_FREQUENCY)


def _calculate_idf(frequency: int, count: int) -> float:
    # Deleted articles may still count, so a word can be in more articles than there are.
    return log(1 + max(count - frequency, 0) / frequency)


def _rank_alike(
    article: Article, words: Sequence[_Word], others: Sequence[Article]
) -> tuple[SimilarArticle, ...]:
    weights = {word.root: word.weight for word in words}
    most = _sum_shared(weights, article) or 1.0
    scored = [
        SimilarArticle(
            other, shared / most * (1 + _SAME_TIME_BONUS * _calculate_nearness(article, other))
        )
        for other in others
        if (shared := _sum_shared(weights, other)) >= _MIN_SHARED * most
    ]
    return tuple(sorted(scored, key=lambda one: (-one.score, one.article.id)))


def _sum_shared(weights: Mapping[str, float], article: Article) -> float:
    """Sum what the words say of an article, for its length."""
    tokens = _count_tokens(article)
    counts: Counter[str] = Counter()
    for root, count in zip(stem_tokens(tokens), tokens.values(), strict=True):
        if root in weights:
            counts[root] += count
    said = sum(weights[root] * (1 + log(count)) for root, count in counts.items())
    return said / sqrt(len(tokens) or 1)


def _calculate_nearness(article: Article, other: Article) -> float:
    """Return from 1 at the same moment to 0 far apart, or where a date is not known."""
    if article.published is None or other.published is None:
        return 0.0
    apart = abs(article.published.epoch_seconds - other.published.epoch_seconds)
    return float(0.5 ** (apart / _HALF_LIFE_SECONDS))
