"""Snippets: fragments of stored text, with the ranges that match a query; HTML comes last.

Matches are found in the text itself, so every engine shows the same. A fragment is a verbatim
slice of an article's dek or body: whole sentences where they fit, never across a blank line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log

from corpus.article import Article
from indexer.analysis import tokenize
from indexer.stemming import get_stemming_language
from search.query.nodes import (
    Fuzzy,
    Leaf,
    Near,
    Phrase,
    Prefix,
    Query,
    Term,
    iterate_positive_leaves,
)
from search.text.matching import AnalyzedText, LeafMatcher, Span, compile_leaf

# A phrase or near words weigh more than the same words apart.
_PROXIMITY_BOOST = 1.5
# The share of its weight that a leaf has in a fragment if another fragment shows it already.
_REPEATED_LEAF_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Snippet:
    """A fragment of a field, with the half-open character ranges of `text` that match.

    Ranges are in order, do not overlap and are not empty.
    """

    text: str
    ranges: tuple[Span, ...]
    field: str


@dataclass(frozen=True, slots=True)
class Reason:
    """The number of matches of a leaf of the query, as written, in a field of an article.

    Near words count as one match together.
    """

    leaf: str
    field: str
    times: int


# A match of a leaf in a field: start, end, and the leaf's number.
_LeafMatch = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Passage:
    """A field's text with all matches in it, in order."""

    field: str
    text: str
    matches: list[_LeafMatch]


@dataclass(frozen=True, slots=True)
class _Fragment:
    passage: _Passage
    start: int
    end: int

    def clip_matches(self) -> Iterator[_LeafMatch]:
        """Yield the matches inside, by whole words; a phrase that continues after it is cut."""
        whole = self.passage.text[self.end : self.end + 1].isspace()
        for start, end, leaf in self.passage.matches:
            if self.start <= start < self.end and (whole or end <= self.end):
                yield start, min(end, self.end), leaf

    def to_snippet(self) -> Snippet:
        ranges = [(start - self.start, end - self.start) for start, end, _ in self.clip_matches()]
        text = self.passage.text[self.start : self.end]
        return Snippet(text, _merge_ranges(ranges), self.passage.field)


class Highlighter:
    """Highlights a query's matches: made once a query, used for each hit."""

    def __init__(
        self, query: Query, *, doc_frequency: Callable[[str], int], doc_count: int
    ) -> None:
        """`doc_frequency` estimates how many of `doc_count` articles have a form of a token."""
        self._leaves = tuple(dict.fromkeys(iterate_positive_leaves(query)))
        self._matchers_by_language: dict[str, list[LeafMatcher]] = {}
        self._weights = [
            _weigh_leaf(matcher.leaf, doc_frequency, doc_count)
            for matcher in self._compile_matchers("")
        ]

    def _compile_matchers(self, language: str) -> list[LeafMatcher]:
        """Return the matchers of the leaves in texts of a stemming language."""
        matchers = self._matchers_by_language.get(language)
        if matchers is None:
            compiled = (compile_leaf(leaf, language) for leaf in self._leaves)
            matchers = [matcher for matcher in compiled if matcher]
            self._matchers_by_language[language] = matchers
        return matchers

    def highlight_title(self, article: Article) -> Snippet:
        return self.highlight_field("title", article.title, article.language)

    def highlight_field(self, field: str, text: str, language: str) -> Snippet:
        """Highlight the whole text of a field of an article in a language."""
        return _Fragment(self._analyze_field(field, text, language), 0, len(text)).to_snippet()

    def select_snippets(
        self, article: Article, *, max_snippets: int = 2, max_chars: int = 200
    ) -> tuple[Snippet, ...]:
        """Select at most `max_snippets` fragments of `max_chars` characters, in reading order.

        Returns the body's beginning if nothing matches; nothing if there is no text.
        """
        passages = [
            self._analyze_field(field, text, article.language)
            for field, text in (("dek", article.dek), ("body", article.body))
            if text and not text.isspace()
        ]
        chosen: list[_Fragment] = []
        while len(chosen) < max_snippets and (
            best := self._find_best_fragment(passages, chosen, max_chars)
        ):
            chosen.append(best)
        if not chosen and passages:
            chosen = [_build_leading_fragment(passages[-1], max_chars)]
        chosen.sort(key=lambda fragment: (fragment.passage.field == "body", fragment.start))
        return tuple(fragment.to_snippet() for fragment in chosen)

    def explain_matches(self, article: Article) -> tuple[Reason, ...]:
        """Count the matches of each leaf, as written, in each of the article's fields."""
        fields = {"title": article.title, "dek": article.dek, "body": article.body}
        language = get_stemming_language(article.language)
        texts = {field: AnalyzedText.of(text, language) for field, text in fields.items()}
        return tuple(
            Reason(
                str(matcher.leaf), field, max(1, len(spans) // _count_spans_per_match(matcher.leaf))
            )
            for matcher in self._compile_matchers(language)
            for field, text in texts.items()
            if (spans := matcher.find_spans(field, text))
        )

    def _analyze_field(self, field: str, text: str, language: str) -> _Passage:
        stemming_language = get_stemming_language(language)
        analyzed = AnalyzedText.of(text, stemming_language)
        hits = [
            (start, end, leaf)
            for leaf, matcher in enumerate(self._compile_matchers(stemming_language))
            for start, end in matcher.find_spans(field, analyzed)
        ]
        hits.sort()
        return _Passage(field, text, hits)

    def _find_best_fragment(
        self, passages: list[_Passage], chosen: list[_Fragment], max_chars: int
    ) -> _Fragment | None:
        """Find the fragment that adds most weight to those chosen; the first of equals."""
        shown = {leaf for fragment in chosen for _, _, leaf in fragment.clip_matches()}
        weights = [
            weight * _REPEATED_LEAF_SHARE if leaf in shown else weight
            for leaf, weight in enumerate(self._weights)
        ]
        worth: dict[int, float] = {}
        best, most = None, 0.0
        for passage in passages:
            taken = [(old.start, old.end) for old in chosen if old.passage is passage]
            everything = sum({1 << leaf for _, _, leaf in passage.matches})
            for leaves, first, last in _find_clusters(
                passage, len(weights), taken, max_chars * 3 // 4
            ):
                if leaves not in worth:
                    worth[leaves] = sum(
                        weight for leaf, weight in enumerate(weights) if leaves >> leaf & 1
                    )
                if worth[leaves] > most:
                    best, most = (passage, taken, passage.matches[first : last + 1]), worth[leaves]
                if leaves == everything:
                    break
        return _build_fragment(*best, max_chars) if best else None


def _weigh_leaf(leaf: Leaf, doc_frequency: Callable[[str], int], doc_count: int) -> float:
    """Sum the rarities (idf) of a leaf's words, all positive; more for a phrase or near words."""
    match leaf:
        case Near(words):
            text = " ".join(words)
        case Term(text) | Phrase(text) | Prefix(text) | Fuzzy(text):
            pass
        case _:
            return 0.0
    rarities = [log(2 + doc_count / (1 + doc_frequency(token))) for token in tokenize(text)]
    return sum(rarities) * (_PROXIMITY_BOOST if len(rarities) > 1 else 1.0)


def _count_spans_per_match(leaf: Leaf) -> int:
    return len(leaf.words) if isinstance(leaf, Near) else 1


def _find_clusters(
    passage: _Passage, leaf_count: int, taken: list[Span], max_chars: int
) -> Iterator[tuple[int, int, int]]:
    """Yield runs of hits close enough for one fragment: their leaves as bits, first, last.

    `number` is how many leaves there are. Each hit ends one run, which omits hits at its start
    that it repeats. No run crosses a blank line or overlaps a span of `taken`.
    """
    hits, counts = passage.matches, [0] * leaf_count
    low = leaves = stop = 0
    for high, (start, end, leaf) in enumerate(hits):
        skipped = any(first < end and start < last for first, last in taken)
        if skipped or start >= stop:
            low, leaves = high + skipped, 0
            counts = [0] * leaf_count
            stop = _find_bounds(passage.text, taken, start)[1]
        if skipped:
            continue
        counts[leaf] += 1
        leaves |= 1 << leaf
        while low < high and (end - hits[low][0] > max_chars or counts[hits[low][2]] > 1):
            dropped = hits[low][2]
            low += 1
            counts[dropped] -= 1
            if not counts[dropped]:
                leaves ^= 1 << dropped
        yield leaves, low, high


def _find_bounds(text: str, taken: list[Span], at: int) -> Span:
    """Return how far a fragment around `at` may reach: to blank lines and to spans of `taken`."""
    low = text.rfind("\n\n", 0, at) + 2
    low = low if low > 1 else 0
    high = text.find("\n\n", at)
    high = high if high >= 0 else len(text)
    for start, end in taken:
        if end <= at:
            low = max(low, end)
        elif start > at:
            high = min(high, start)
    return low, high


def _build_fragment(
    passage: _Passage, taken: list[Span], hits: list[_LeafMatch], max_chars: int
) -> _Fragment:
    """Build the fragment that shows `hits`: whole sentences where they fit, else whole words."""
    text = passage.text
    start, end = hits[0][0], max(hit[1] for hit in hits)
    low, high = _find_bounds(text, taken, start)
    end = min(end, high, start + max_chars)
    first = _find_fragment_start(text, max(low, end - max_chars), start, low, max_chars)
    last = _find_fragment_end(text, end, min(high, first + max_chars), high, first + max_chars // 2)
    if first > low and last - first < max_chars:
        first = _find_sentence_start(text, max(low, last - max_chars), first, low)
    while text[first].isspace():
        first += 1
    while text[last - 1].isspace():
        last -= 1
    return _Fragment(passage, first, last)


def _find_fragment_start(text: str, floor: int, start: int, low: int, max_chars: int) -> int:
    """Return where a fragment begins that shows text from `start` on: not before `floor`."""
    if sentences := [match.end() for match in _SENTENCE_END.finditer(text, floor, start)]:
        return sentences[-1]
    if floor == low:
        return low
    space = _SPACE.search(text, max(floor, start - max_chars // 3), start)
    return space.end() if space else start


def _find_sentence_start(text: str, floor: int, start: int, low: int) -> int:
    """Return where the first sentence after `floor` and before `start` begins; else `start`."""
    if floor == low:
        return low
    match = _SENTENCE_END.search(text, floor, start)
    return match.end() if match else start


def _find_fragment_end(text: str, end: int, limit: int, high: int, min_end: int) -> int:
    """Return where a fragment ends that shows text up to `end`: not after `limit`.

    It ends with a sentence, if that is not before `enough`, so that no fragment is too short.
    """
    if limit == high:
        return high
    sentences = _SENTENCE_END.finditer(text, max(end, min_end), limit + 1)
    if ends := [match.end() for match in sentences]:
        return min(ends[-1], limit)
    space = max(text.rfind(" ", end, limit + 1), text.rfind("\n", end, limit + 1))
    return space if space >= 0 else limit


def _build_leading_fragment(passage: _Passage, max_chars: int) -> _Fragment:
    start = len(passage.text) - len(passage.text.lstrip())
    return _build_fragment(
        _Passage(passage.field, passage.text, []), [], [(start, start + 1, 0)], max_chars
    )


def _merge_ranges(ranges: list[Span]) -> tuple[Span, ...]:
    """Merge ranges that overlap; they are in order."""
    merged: list[Span] = []
    for start, end in ranges:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


_SPACE = re.compile(r"\s+")
# A full stop after a single letter (U.S., J. Smith) or a common abbreviation ends no sentence.
# The pattern begins with a set of characters, which `re` skips to at once.
_SENTENCE_END = re.compile(
    r"""
    [.!?…。] (?:
        (?<=。) ["”」』)]* \s*
        | (?<!。) (?<!\b[A-Za-z]\.) (?<!\b(?:Mr|Ms|Dr|St|Lt|Jr|Sr|Co|No|vs)\.)
          (?<!\b(?:Mrs|Gen|Gov|Sen|Rep|Col|Sgt|Adm|Rev|Hon|Maj|Inc|Ltd)\.)
          (?<!\b(?:Jan|Feb|Mar|Apr|Aug|Oct|Nov|Dec)\.)
          (?<!\b(?:Prof|Capt|Corp|Cmdr|Sept|Bros)\.)
          ["'”’»)\]]* \s++ (?![a-z])
    )
    """,
    re.VERBOSE,
)


def detect_truncation(snippet: Snippet, article: Article) -> tuple[bool, bool]:
    """Return whether text precedes a snippet, and whether it ends in the middle of a sentence."""
    whole = article.dek if snippet.field == "dek" else article.body
    ended = whole.endswith(snippet.text) or re.search(r"[.!?。]\W*$", snippet.text)
    return not whole.startswith(snippet.text), not ended
