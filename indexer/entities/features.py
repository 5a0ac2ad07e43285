"""Features of a name for its classification as a person, an organization or a place.

A feature is a short string that a reader can check against the text: `before:in`, `last:Corp`,
`after:said`, `first is given name`. `kinds.json` contains their weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from corpus.article import EntityKind
from indexer.entities import cues, gazetteer, organizations
from indexer.entities.lexicon import is_english_word, load_lexicon
from indexer.entities.mentions import Mention, find_mentions
from indexer.entities.spans import NAME_SPAN, straighten_apostrophes, strip_possessive

_MAX_MENTIONS_PER_NAME: Final = 8  # of one name, from which features are taken
_CONTEXT_CHARS: Final = 28  # characters on each side of a span
_MAX_NAMES_PER_TEXT: Final = 20_000  # of one text
_MAX_KNOWN_NAME_WORDS: Final = 8  # words of a known name
_MIN_NAME_CHARS: Final = 2  # characters of a name
_SENTENCE_START: Final = "^"
_SENTENCE_END_CHARS: Final = ".!?:\n"
_SUFFIX_LETTERS: Final = 3  # letters at the end of a name


@dataclass(slots=True)
class NameOccurrences:
    """The occurrences of a name in a text.

    `kind` is the one that its words alone show, `sentence_starts` the number of those of its
    `count` occurrences that begin a sentence, and `context_features` those of the words beside.
    """

    kind: EntityKind | None = None
    count: int = 0
    sentence_starts: int = 0
    context_features: list[str] = field(default_factory=list)

    def update_kind(self, mention: Mention) -> None:
        """Update the kind: a person overrides a town, as in President Jackson."""
        is_person = mention.kind is EntityKind.PERSON and mention.name not in gazetteer.COUNTRIES
        if self.kind is None or is_person:
            self.kind = mention.kind or self.kind


def collect_occurrences(body: str, known: Mapping[str, str]) -> dict[str, NameOccurrences]:
    """Return the names of a text, by first appearance; a `known` name is never split."""
    seen: dict[str, NameOccurrences] = {}
    for match in NAME_SPAN.finditer(body):
        span = match[0]
        for mention in _find_mentions_around_known(span, known) if known else find_mentions(span):
            if len(mention.name) < _MIN_NAME_CHARS or mention.name in cues.COMPANY_SUFFIXES:
                continue
            occurrences = seen.get(mention.name)
            if occurrences is None:
                if len(seen) == _MAX_NAMES_PER_TEXT:
                    return seen
                occurrences = seen[mention.name] = NameOccurrences(mention.kind)
            occurrences.count += 1
            if occurrences.count <= _MAX_MENTIONS_PER_NAME:
                occurrences.update_kind(mention)
                _add_context_features(occurrences, mention, body, match.start(), match.end())
    _merge_sentence_starts(seen)
    return seen


def _add_context_features(
    occurrences: NameOccurrences, mention: Mention, body: str, start: int, end: int
) -> None:
    before = mention.before
    if not before:
        before, bigram = _find_left_context(body, start)
        occurrences.sentence_starts += before == _SENTENCE_START
        if bigram:
            occurrences.context_features.append(bigram)
    occurrences.context_features.append(f"before:{before}")
    occurrences.context_features.append(f"after:{mention.after or _find_right_context(body, end)}")


def _find_mentions_around_known(span: str, known: Mapping[str, str]) -> Iterator[Mention]:
    """Yield the mentions of a span, split around the known names in it."""
    parts = span.split(" ")
    start = index = 0
    while index < len(parts):
        size = measure_known_name(parts, index, known)
        if size:
            yield from find_mentions(" ".join(parts[start:index]))
            name = " ".join(parts[index : index + size])
            name = name if name in known else strip_possessive(name)
            # The words of a known name may show its kind: Iwoto Island.
            kinds = (mention.kind for mention in find_mentions(name) if mention.name == name)
            kind = next(kinds, None)
            yield Mention(kind, name, "", "")
            start = index + size
        index += size or 1
    yield from find_mentions(" ".join(parts[start:]))


def measure_known_name(parts: list[str], index: int, known: Mapping[str, str]) -> int:
    """Return the number of words of the longest known name that starts there, or 0."""
    for size in range(min(_MAX_KNOWN_NAME_WORDS, len(parts) - index) if known else 0, 0, -1):
        name = " ".join(parts[index : index + size])
        if name in known or strip_possessive(name) in known:
            return size
    return 0


def _merge_sentence_starts(seen: dict[str, NameOccurrences]) -> None:
    """Merge a name with an ordinary first word at sentence starts into the name without it.

    Enter Washington is Washington if the text has that elsewhere or it is a known place.
    """
    for name, occurrences in list(seen.items()):
        first, space, rest = name.partition(" ")
        is_name = space and (rest in seen or rest in gazetteer.PLACES)
        always_starts = occurrences.sentence_starts == occurrences.count
        if is_name and always_starts and _can_start_sentence(first):
            del seen[name]
            target = seen.setdefault(rest, NameOccurrences(EntityKind.PLACE))
            target.count += occurrences.count
            target.context_features += [
                text for text in occurrences.context_features if text.startswith("after:")
            ]


def _can_start_sentence(word: str) -> bool:
    in_names = word in cues.ORDINARY_FIRST_WORDS or word in gazetteer.GIVEN_NAMES
    return not in_names and is_english_word(word.lower())


def _find_left_context(body: str, end: int) -> tuple[str, str]:
    """Return the word or mark before a span, and the feature of the two words before it."""
    left = body[end - _CONTEXT_CHARS if end > _CONTEXT_CHARS else 0 : end]
    if not left or left[-1] == "\n":
        return _SENTENCE_START, ""
    words = left.rpartition("\n")[2].rstrip(' "“‘(').split(" ")
    last = words[-1]
    if not last or last[-1] in _SENTENCE_END_CHARS:
        return _SENTENCE_START, ""
    if not last[-1].isalnum():
        return last[-1], ""
    word = last.lstrip('"“‘(').lower()
    # The first word may be cut.
    return word, f"before:{words[-2].lower()} {word}" if len(words) > 2 else ""


def _find_right_context(body: str, start: int) -> str:
    right = body[start : start + _CONTEXT_CHARS]
    comma = "," if right[:1] == "," else ""
    word = (right[1:] if comma else right).lstrip(" ").partition(" ")[0]
    if word[:1].isalnum():
        word = word.rstrip('.,;:)!?"”\n').lower()
        return f"{comma}{'#' if word.isdigit() else word}"
    return comma or right.strip()[:1]


def list_article_features(
    name: str, occurrences: NameOccurrences, words: set[str], parts: PartialNames
) -> Iterator[str]:
    """Yield the features that an article gives a name, without its `context_features`."""
    yield f"words say {occurrences.kind or 'nothing'}"
    if occurrences.sentence_starts == min(occurrences.count, _MAX_MENTIONS_PER_NAME):
        yield "only starts sentences"
        if " " not in name:
            yield f"only starts sentences, {_classify_rarity(name.lower())}"
    if name.lower() in words:
        yield "in lower case too"
    yield (
        "named once"
        if occurrences.count == 1
        else "named twice"
        if occurrences.count == 2
        else "named often"
    )
    yield from parts.list_features(name)


class PartialNames:
    """An index of words that are parts of longer names, with the kinds of those."""

    def __init__(self) -> None:
        self._parts: dict[str, list[str]] = {}

    def add(self, name: str, kind: EntityKind | None) -> None:
        tokens = name.split(" ")
        if len(tokens) > 1:
            label = kind or "nothing"
            self._parts.setdefault(tokens[-1], []).append(f"last word of {label}")
            self._parts.setdefault(tokens[0], []).append(f"first word of {label}")
            if kind is EntityKind.ORG:
                initials = "".join(token[0] for token in tokens if token[0].isupper())
                self._parts.setdefault(initials, []).append("initials of org")

    def list_features(self, name: str) -> Iterable[str]:
        return dict.fromkeys(self._parts.get(name, ()))


def list_name_features(name: str) -> Iterator[str]:
    """Yield the features of a name's own words."""
    tokens = name.split(" ")
    first, last = tokens[0], tokens[-1]
    yield "always"
    yield f"{min(len(tokens), 5)} words"
    yield from _list_shape_features(name)
    yield from (f"is {label}" for label in _find_list_labels(name))
    yield f"ends:{last[-_SUFFIX_LETTERS:].lower()}"
    if len(tokens) == 1:
        yield f"is {_classify_rarity(name.lower())}"
        return
    yield f"first:{first}"
    yield f"last:{last}"
    yield from (f"first is {label}" for label in _find_list_labels(first))
    yield from (f"last is {label}" for label in _find_list_labels(last))
    yield f"first is {_classify_rarity(first.lower())}"
    yield f"last is {_classify_rarity(last.lower())}"
    for token in tokens[1:-1]:
        yield "initial within" if len(token) <= 2 else f"within:{token}"


def _list_shape_features(name: str) -> Iterator[str]:
    if name.isupper():
        yield f"{min(len(name), 7)} capitals"
    elif any(char.isupper() for char in name[1:] if " " not in name):
        yield "capital within"
    if "-" in name:
        yield "hyphen"
    if "&" in name:
        yield "ampersand"
    if any(char.isdigit() for char in name):
        yield "digit"
    if "." in name:
        yield "dot"


def _find_list_labels(name: str) -> Iterator[str]:
    plain_name = straighten_apostrophes(name)
    for lists in _load_labelled_lists():
        for label, items in lists:
            if plain_name in items:
                yield label
                break


@cache
def _load_labelled_lists() -> tuple[tuple[tuple[str, frozenset[str]], ...], ...]:
    """Return the word lists with their labels, in rows; only the first match of a row counts."""
    lists = load_lexicon()
    return (
        (("usual given name", gazetteer.GIVEN_NAMES), ("given name", lists.given)),
        (("surname", lists.surnames),),
        (("country", gazetteer.COUNTRIES), ("known place", gazetteer.PLACES)),
        (("short for a state", gazetteer.STATE_ABBREVIATIONS),),
        (("metropolis", lists.metropolises), ("city", lists.cities), ("town", lists.towns)),
        (("region", lists.regions),),
        (("known org", frozenset(organizations.KNOWN_ORGS)),),
        (("demonym", gazetteer.DEMONYMS),),
        (("org word", cues.ORG_LAST_WORDS),),
        (("place word", cues.PLACE_LAST_WORDS),),
        (("title word", cues.TITLES | cues.TITLE_WORDS),),
    )


def _classify_rarity(word: str) -> str:
    lists = load_lexicon()
    if word in lists.frequent_words:
        return "frequent word"
    return "word" if word in lists.words else "no word"
