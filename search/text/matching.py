"""Matching of a query's leaves in a text, by the analyzer's tokens.

No text is tokenized for it: tokens of analyzed text are separated by spaces, so `str.find` of
a space and the letters that all forms of a word share finds the few candidate tokens.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.article import find_lead_end
from indexer.analysis import analyze_with_offsets, find_shared_prefix, stem, tokenize
from indexer.schema import DEFAULT_FIELDS, FIELD_GROUPS, FIELDS, FieldKind
from indexer.written_forms import AMBIGUOUS_ACRONYMS, find_acronym
from search.query.nodes import Fuzzy, Leaf, Near, Phrase, Prefix, Term

Span = tuple[int, int]

# Returns a leaf's spans in padded text, in order: a phrase is one span, near words one each.
Finder = Callable[[str], list[Span]]


@dataclass(frozen=True, slots=True)
class AnalyzedText:
    """A text with its tokens: `padded` is the analyzed text between two spaces."""

    original: str
    padded: str
    origins: Sequence[int] | None

    @classmethod
    def of(cls, text: str) -> AnalyzedText:
        analyzed, origins = analyze_with_offsets(text)
        return cls(text, f" {analyzed} ", origins)

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
        spans = text.map_to_original(self.find(text.slice_lead() if lead_only else text.padded))
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


def compile_leaf(leaf: Leaf) -> LeafMatcher | None:
    """Compile a leaf; None if it matches no text, as dates and sources."""
    if leaf.field in {"", "lead"} or leaf.field in _ENTITY_FIELDS:
        fields = DEFAULT_FIELDS
    elif FIELDS[leaf.field].kind is FieldKind.TEXT:
        fields = (leaf.field,)
    else:
        return None
    find = _build_finder(leaf)
    return LeafMatcher(leaf, fields, find, _list_acronyms(leaf)) if find else None


def _list_acronyms(leaf: Leaf) -> tuple[str, ...]:
    if leaf.field or not isinstance(leaf, Term | Phrase) or not leaf.variants:
        return ()
    words = leaf.variants[0].split()
    return tuple(word for word in words if word in AMBIGUOUS_ACRONYMS)


# Fields whose values occur in the text itself.
_ENTITY_FIELDS = frozenset(("entity", *FIELD_GROUPS["entity"]))


def _build_finder(leaf: Leaf) -> Finder | None:
    match leaf:
        case Term() | Phrase() if leaf.variants:
            return _build_any_finder(
                _build_finder(replace(leaf, text=text, variants=())) for text in leaf.variants
            )
        case Term(text, field, exact) | Phrase(text, field, exact):
            word = _make_exact_pattern if exact or field in _ENTITY_FIELDS else _make_stem_pattern
            return _build_phrase_finder(list(map(word, tokenize(text))))
        case Near(words, distance, field):
            return _build_near_finder(words, distance, str if field in _ENTITY_FIELDS else stem)
        case Prefix(text):
            return _build_phrase_finder(
                [_WordPattern(f" {token}", bool) for token in tokenize(text)[:1]]
            )
        case Fuzzy(text, distance):
            return _build_fuzzy_finder(tokenize(text), distance)
        case _:
            return None


@dataclass(frozen=True, slots=True)
class _WordPattern:
    """A word to find: each of its tokens, after a space, begins with `needle`, and `accepts` it."""

    needle: str
    accepts: Callable[[str], bool]

    def find_spans(self, padded: str) -> Iterator[Span]:
        needle, accepts = self.needle, self.accepts
        at = padded.find(needle)
        while at >= 0:
            end = padded.find(" ", at + 1)
            if end < 0:
                return
            if accepts(padded[at + 1 : end]):
                yield at + 1, end
            at = padded.find(needle, end)

    def match_next_token(self, padded: str, at: int) -> int:
        """Return the end (a space) of the first token from `at` on if it is this word; else -1."""
        while padded.startswith("  ", at):
            at += 1
        if not padded.startswith(self.needle, at):
            return -1
        end = padded.find(" ", at + 1)
        return end if end >= 0 and self.accepts(padded[at + 1 : end]) else -1


def _make_exact_pattern(token: str) -> _WordPattern:
    return _WordPattern(f" {token} ", bool)


def _make_stem_pattern(token: str) -> _WordPattern:
    wanted = stem(token)
    return _WordPattern(f" {find_shared_prefix(wanted)}", lambda token: stem(token) == wanted)


def _build_phrase_finder(words: list[_WordPattern]) -> Finder | None:
    if not words:
        return None
    first, *rest = words

    def find(padded: str) -> list[Span]:
        if not rest:
            return list(first.find_spans(padded))
        if any(word.needle not in padded for word in rest):
            return []
        spans = []
        for start, end in first.find_spans(padded):
            for word in rest:
                end = word.match_next_token(padded, end)
                if end < 0:
                    break
            else:
                spans.append((start, end))
        return spans

    return find


def _build_any_finder(finders: Iterable[Finder | None]) -> Finder:
    """Build a finder of what any finder finds."""
    present = [find for find in finders if find]
    return lambda padded: sorted({span for find in present for span in find(padded)})


def _build_near_finder(
    words: tuple[str, ...], distance: int, normalize_token: Callable[[str], str]
) -> Finder | None:
    """Build a finder of near words, by their forms: a form of two words must occur twice."""
    wanted = [token for word in words for token in tokenize(word)]
    needed = Counter(map(normalize_token, wanted))
    patterns = {
        normalize_token(token): _make_exact_pattern(token)
        if normalize_token is str
        else _make_stem_pattern(token)
        for token in wanted
    }
    reach = max(distance, len(wanted) - 1)

    def find(padded: str) -> list[Span]:
        places: list[tuple[int, int, str]] = []
        for name, word in patterns.items():
            spans = list(word.find_spans(padded))
            if len(spans) < needed[name]:
                return []
            places += [(start, end, name) for start, end in spans]
        places.sort()
        return _find_near_spans(places, needed, reach, padded)

    return find if wanted else None


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

    def find(padded: str) -> list[Span]:
        forms = [_make_exact_pattern(token) for token in set(padded.split()) if is_close(token)]
        return sorted(span for form in forms for span in form.find_spans(padded))

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
