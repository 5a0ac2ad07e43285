"""Matching of a query's leaves in a text, by the analyzer's tokens.

No English text is tokenized for it: tokens of analyzed text are separated by spaces, so `str.find`
of a space and the letters that all forms of a word share finds the few candidate tokens. In other
languages forms may begin differently, and every token is a candidate.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from corpus.article import find_lead_end
from indexer.analysis import analyze_with_offsets, tokenize, tokenize_word
from indexer.schema import DEFAULT_FIELDS, FIELD_GROUPS, FIELDS, FieldKind
from indexer.stemming import find_shared_prefix, list_stems, stem, stem_accented_words, stem_tokens
from indexer.written_forms import AMBIGUOUS_ACRONYMS, find_acronym
from search.query.nodes import Fuzzy, Leaf, Near, Phrase, Prefix, Term

Span = tuple[int, int]

# The terms of a text's words with accents, by token, where they differ from the token's own.
AccentedTerms = Mapping[str, Sequence[str]]


class PaddedText(NamedTuple):
    """The tokens of a text, analyzed and between two spaces, and its words with accents."""

    padded: str
    accented: AccentedTerms


# Returns a leaf's spans in padded text, in order: a phrase is one span, near words one each.
Finder = Callable[[PaddedText], list[Span]]


@dataclass(frozen=True, slots=True)
class AnalyzedText:
    """A text with its tokens: `padded` is the analyzed text between two spaces."""

    original: str
    padded: str
    origins: Sequence[int] | None
    accented: AccentedTerms

    @classmethod
    def of(cls, text: str, language: str = "") -> AnalyzedText:
        """Analyze a text in a stemming language."""
        analyzed, origins = analyze_with_offsets(text)
        accented: dict[str, list[str]] = {}
        for token, term in stem_accented_words(text, language):
            accented.setdefault(token, []).append(term)
        return cls(text, f" {analyzed} ", origins, accented)

    def slice_lead(self) -> str:
        """Return the padded text of a body's lead."""
        end = find_lead_end(self.original)
        return self.padded[: 1 + (bisect_left(self.origins, end) if self.origins else end)] + " "

    def map_to_original(self, spans: list[Span]) -> list[Span]:
        """Map spans of padded text to the original: whole characters, combining marks included."""
        origins = self.origins
        if origins is None:
            return [(start - 1, end - 1) for start, end in spans]
        return [
            (origins[start - 1], max(origins[end - 1], origins[end - 2] + 1))
            for start, end in spans
        ]


@dataclass(frozen=True, slots=True)
class LeafMatcher:
    """A leaf of the query, compiled for matching in the `fields` that it applies to.

    Of `acronyms`, only those in capitals match.
    """

    leaf: Leaf
    fields: tuple[str, ...]
    find: Finder
    acronyms: tuple[str, ...] = ()

    def find_spans(self, field: str, text: AnalyzedText) -> list[Span]:
        """Return the leaf's spans in a field's original text, in order."""
        if field not in self.fields:
            return []
        lead_only = self.leaf.field == "lead" and field == "body"
        padded = text.slice_lead() if lead_only else text.padded
        spans = text.map_to_original(self.find(PaddedText(padded, text.accented)))
        for acronym in self.acronyms:
            spans = _keep_acronyms(acronym, spans, text.original)
        return spans


def _keep_acronyms(acronym: str, spans: list[Span], text: str) -> list[Span]:
    """Return the spans that do not contain the word that an acronym is in small letters."""
    places = set(find_acronym(acronym, text))
    word = re.compile(rf"(?<![^\W_]){acronym}(?![^\W_])", re.IGNORECASE)
    return [
        (start, end)
        for start, end in spans
        if places.issuperset(match.start() for match in word.finditer(text, start, end))
    ]


def compile_leaf(leaf: Leaf, language: str = "") -> LeafMatcher | None:
    """Compile a leaf for texts of a stemming language.

    Returns None if it matches no text, as dates and sources.
    """
    if leaf.field in {"", "lead"} or leaf.field in _ENTITY_FIELDS:
        fields = DEFAULT_FIELDS
    elif FIELDS[leaf.field].kind is FieldKind.TEXT:
        fields = (leaf.field,)
    else:
        return None
    find = _build_finder(leaf, language)
    return LeafMatcher(leaf, fields, find, _list_acronyms(leaf)) if find else None


def _list_acronyms(leaf: Leaf) -> tuple[str, ...]:
    if leaf.field or not isinstance(leaf, Term | Phrase) or not leaf.variants:
        return ()
    words = leaf.variants[0].split()
    return tuple(word for word in words if word in AMBIGUOUS_ACRONYMS)


# Fields whose values occur in the text itself.
_ENTITY_FIELDS = frozenset(("entity", *FIELD_GROUPS["entity"]))


def _build_finder(leaf: Leaf, language: str) -> Finder | None:
    match leaf:
        case Term() | Phrase() if leaf.variants:
            return _build_any_finder(
                _build_finder(replace(leaf, text=text, variants=()), language)
                for text in leaf.variants
            )
        case Term(text, field, exact) | Phrase(text, field, exact):
            if exact or field in _ENTITY_FIELDS:
                return _build_phrase_finder(list(map(_make_exact_pattern, tokenize(text))))
            tokens = tokenize(text) if isinstance(leaf, Phrase) else tokenize_word(text)
            # Accents tell a form of one word; in a phrase, forms are as without.
            written = text if len(tokens) == 1 else ""
            return _build_phrase_finder(
                [_make_stem_pattern(token, language, written) for token in tokens]
            )
        case Near(words, distance, field):
            tokens = [token for word in words for token in tokenize(word)]
            terms = tokens if field in _ENTITY_FIELDS else stem_tokens(tokens, language)
            patterns = {
                term: _make_exact_pattern(token)
                if field in _ENTITY_FIELDS
                else _make_stem_pattern(token, language)
                for term, token in zip(terms, tokens, strict=True)
            }
            return _build_near_finder(patterns, Counter(terms), distance)
        case Prefix(text):
            return _build_phrase_finder(
                [_WordPattern(f" {token}", _accept_all) for token in tokenize(text)[:1]]
            )
        case Fuzzy(text, distance):
            return _build_fuzzy_finder(tokenize(text), distance)
        case _:
            return None


@dataclass(frozen=True, slots=True)
class _WordPattern:
    """A word to find: each of its tokens, after a space, begins with `needle`, and `accepts` it."""

    needle: str
    accepts: Callable[[str, AccentedTerms], bool]

    def find_spans(self, text: PaddedText) -> Iterator[Span]:
        needle, accepts = self.needle, self.accepts
        padded, accented = text
        at = padded.find(needle)
        while at >= 0:
            end = padded.find(" ", at + 1)
            if end < 0:
                return
            if end > at + 1 and accepts(padded[at + 1 : end], accented):
                yield at + 1, end
            at = padded.find(needle, end)

    def match_next_token(self, text: PaddedText, at: int) -> int:
        """Return the end (a space) of the first token from `at` on if it is this word; else -1."""
        padded, accented = text
        while padded.startswith("  ", at):
            at += 1
        if not padded.startswith(self.needle, at):
            return -1
        end = padded.find(" ", at + 1)
        return end if end >= 0 and self.accepts(padded[at + 1 : end], accented) else -1


def _accept_all(token: str, accented: AccentedTerms) -> bool:
    return True


def _make_exact_pattern(token: str) -> _WordPattern:
    return _WordPattern(f" {token} ", _accept_all)


def _make_stem_pattern(token: str, language: str, text: str = "") -> _WordPattern:
    """Return the pattern of a token's forms in a language; the query writes it as `text`."""
    if not language:
        wanted = stem(token)
        return _WordPattern(
            f" {find_shared_prefix(wanted)}", lambda token, accented: stem(token) == wanted
        )
    terms = frozenset(list_stems(token, text or token, language))
    return _WordPattern(
        " ",
        lambda token, accented: (
            stem(token, language) in terms or not terms.isdisjoint(accented.get(token, ()))
        ),
    )


def _build_phrase_finder(words: list[_WordPattern]) -> Finder | None:
    if not words:
        return None
    first, *rest = words

    def find(text: PaddedText) -> list[Span]:
        if not rest:
            return list(first.find_spans(text))
        if any(word.needle not in text.padded for word in rest):
            return []
        spans = []
        for start, end in first.find_spans(text):
            for word in rest:
                end = word.match_next_token(text, end)
                if end < 0:
                    break
            else:
                spans.append((start, end))
        return spans

    return find


def _build_any_finder(finders: Iterable[Finder | None]) -> Finder:
    """Build a finder of what any finder finds."""
    present = [find for find in finders if find]
    return lambda text: sorted({span for find in present for span in find(text)})


def _build_near_finder(
    patterns: Mapping[str, _WordPattern], needed: Counter[str], distance: int
) -> Finder | None:
    """Build a finder of near words, by their forms: a form of two words must occur twice."""
    reach = max(distance, needed.total() - 1)

    def find(text: PaddedText) -> list[Span]:
        places: list[tuple[int, int, str]] = []
        for name, word in patterns.items():
            spans = list(word.find_spans(text))
            if len(spans) < needed[name]:
                return []
            places += [(start, end, name) for start, end in spans]
        places.sort()
        return _find_near_spans(places, needed, reach, text.padded)

    return find if patterns else None


def _find_near_spans(
    places: list[tuple[int, int, str]], needed: Counter[str], reach: int, padded: str
) -> list[Span]:
    """Return the spans of places that are within `reach` words of all needed forms."""
    marked: list[Span] = []
    positions: list[int] = []
    lacking = needed.copy()
    low = done = 0
    for high, (start, end, name) in enumerate(places):
        between = padded[places[high - 1][0] : start] if high else ""
        positions.append(len(between.split()) + (positions[-1] if high else 0))
        lacking[name] -= 1
        while positions[high] - positions[low] > reach:
            lacking[places[low][2]] += 1
            low += 1
        if max(lacking.values()) <= 0:
            marked += [place[:2] for place in places[max(low, done) : high]]
            marked.append((start, end))
            done = high + 1
    return marked


def _build_fuzzy_finder(wanted: list[str], distance: int) -> Finder | None:
    if len(wanted) != 1:
        return None
    letters, known = set(wanted[0]), dict[str, bool]()

    def is_close(token: str) -> bool:
        # An edit adds or removes at most one letter each; most tokens fail this at once.
        if abs(len(token) - len(wanted[0])) > distance or len(letters ^ set(token)) > 2 * distance:
            return False
        if token not in known:
            known[token] = calculate_edit_distance(wanted[0], token) <= distance
        return known[token]

    def find(text: PaddedText) -> list[Span]:
        tokens = set(text.padded.split())
        forms = [_make_exact_pattern(token) for token in tokens if is_close(token)]
        return sorted(span for form in forms for span in form.find_spans(text))

    return find


def calculate_edit_distance(first: str, second: str) -> int:
    """Calculate the optimal string alignment distance: insert, delete, replace and swap letters."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, char in enumerate(first):
        above, row = row, [i + 1]
        for j, other in enumerate(second):
            best = min(above[j] + (char != other), above[j + 1] + 1, row[j] + 1)
            if i and j and char == second[j - 1] and other == first[i - 1]:
                best = min(best, before[j - 1] + 1)
            row.append(best)
        before = above
    return row[-1]
