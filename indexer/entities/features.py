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
from indexer.entities.lexicon import is_word, lexicon
from indexer.entities.mentions import Mention, mentions
from indexer.entities.spans import SPAN, plain, without_possessive

_MOST_MENTIONS: Final = 8  # of one name, from which features are taken
_AROUND: Final = 28  # characters on each side of a span
_MOST_NAMES: Final = 20_000  # of one text
_MOST_KNOWN: Final = 8  # words of a known name
_SHORTEST: Final = 2  # characters of a name
_START: Final = "^"
_ENDS_SENTENCE: Final = ".!?:\n"
_ENDS: Final = 3  # letters at the end of a name


@dataclass(slots=True)
class Sightings:
    """The occurrences of a name in a text.

    `kind` is the one that its words alone show, `sentence_starts` the number of those of its
    `count` occurrences that begin a sentence, and `context_features` those of the words beside.
    """

    hint: EntityKind | None = None
    count: int = 0
    starts: int = 0
    around: list[str] = field(default_factory=list)

    def take(self, mention: Mention) -> None:
        """Update the kind: a person overrides a town, as in President Jackson."""
        is_person = mention.kind is EntityKind.PERSON and mention.name not in gazetteer.COUNTRIES
        if self.hint is None or is_person:
            self.hint = mention.kind or self.hint


def sightings(body: str, known: Mapping[str, str]) -> dict[str, Sightings]:
    """Return the names of a text, by first appearance; a `known` name is never split."""
    seen: dict[str, Sightings] = {}
    for match in SPAN.finditer(body):
        span = match[0]
        for mention in _mentions(span, known) if known else mentions(span):
            if len(mention.name) < _SHORTEST or mention.name in cues.COMPANY_TAILS:
                continue
            occurrences = seen.get(mention.name)
            if occurrences is None:
                if len(seen) == _MOST_NAMES:
                    return seen
                occurrences = seen[mention.name] = Sightings(mention.kind)
            occurrences.count += 1
            if occurrences.count <= _MOST_MENTIONS:
                occurrences.take(mention)
                _look_around(occurrences, mention, body, match.start(), match.end())
    _merge_starts(seen)
    return seen


def _look_around(one: Sightings, mention: Mention, body: str, start: int, end: int) -> None:
    before = mention.before
    if not before:
        before, bigram = _before(body, start)
        one.starts += before == _START
        if bigram:
            one.around.append(bigram)
    one.around.append(f"before:{before}")
    one.around.append(f"after:{mention.after or _after(body, end)}")


def _mentions(span: str, known: Mapping[str, str]) -> Iterator[Mention]:
    """Yield the mentions of a span, split around the known names in it."""
    parts = span.split(" ")
    start = index = 0
    while index < len(parts):
        size = longest_known(parts, index, known)
        if size:
            yield from mentions(" ".join(parts[start:index]))
            name = " ".join(parts[index : index + size])
            name = name if name in known else without_possessive(name)
            # The words of a known name may show its kind: Iwoto Island.
            kinds = (mention.kind for mention in mentions(name) if mention.name == name)
            kind = next(kinds, None)
            yield Mention(kind, name, "", "")
            start = index + size
        index += size or 1
    yield from mentions(" ".join(parts[start:]))


def longest_known(parts: list[str], index: int, known: Mapping[str, str]) -> int:
    """Return the number of words of the longest known name that starts there, or 0."""
    for size in range(min(_MOST_KNOWN, len(parts) - index) if known else 0, 0, -1):
        name = " ".join(parts[index : index + size])
        if name in known or without_possessive(name) in known:
            return size
    return 0


def _merge_starts(seen: dict[str, Sightings]) -> None:
    """Merge a name with an ordinary first word at sentence starts into the name without it.

    Enter Washington is Washington if the text has that elsewhere or it is a known place.
    """
    for name, occurrences in list(seen.items()):
        first, space, rest = name.partition(" ")
        is_name = space and (rest in seen or rest in gazetteer.PLACES)
        always_starts = occurrences.starts == occurrences.count
        if is_name and always_starts and _starts_sentences(first):
            del seen[name]
            target = seen.setdefault(rest, Sightings(EntityKind.PLACE))
            target.count += occurrences.count
            target.around += [text for text in occurrences.around if text.startswith("after:")]


def _starts_sentences(word: str) -> bool:
    in_names = word in cues.STARTS_OF_NAMES or word in gazetteer.GIVEN_NAMES
    return not in_names and is_word(word.lower())


def _before(body: str, at: int) -> tuple[str, str]:
    """Return the word or mark before a span, and the feature of the two words before it."""
    left = body[at - _AROUND if at > _AROUND else 0 : at]
    if not left or left[-1] == "\n":
        return _START, ""
    words = left.rpartition("\n")[2].rstrip(' "“‘(').split(" ")
    last = words[-1]
    if not last or last[-1] in _ENDS_SENTENCE:
        return _START, ""
    if not last[-1].isalnum():
        return last[-1], ""
    word = last.lstrip('"“‘(').lower()
    # The first word may be cut.
    return word, f"before:{words[-2].lower()} {word}" if len(words) > 2 else ""


def _after(body: str, at: int) -> str:
    right = body[at : at + _AROUND]
    comma = "," if right[:1] == "," else ""
    word = (right[1:] if comma else right).lstrip(" ").partition(" ")[0]
    if word[:1].isalnum():
        word = word.rstrip('.,;:)!?"”\n').lower()
        return f"{comma}{'#' if word.isdigit() else word}"
    return comma or right.strip()[:1]


def context(name: str, one: Sightings, words: set[str], parts: Relations) -> Iterator[str]:
    """Yield the features that an article gives a name, without its `context_features`."""
    yield f"words say {one.hint or 'nothing'}"
    if one.starts == min(one.count, _MOST_MENTIONS):
        yield "only starts sentences"
        if " " not in name:
            yield f"only starts sentences, {_rarity(name.lower())}"
    if name.lower() in words:
        yield "in lower case too"
    yield "named once" if one.count == 1 else "named twice" if one.count == 2 else "named often"
    yield from parts.of(name)


class Relations:
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

    def of(self, name: str) -> Iterable[str]:
        return dict.fromkeys(self._parts.get(name, ()))


def own(name: str) -> Iterator[str]:
    """Yield the features of a name's own words."""
    tokens = name.split(" ")
    first, last = tokens[0], tokens[-1]
    yield "always"
    yield f"{min(len(tokens), 5)} words"
    yield from _shape(name)
    yield from (f"is {label}" for label in _lists(name))
    yield f"ends:{last[-_ENDS:].lower()}"
    if len(tokens) == 1:
        yield f"is {_rarity(name.lower())}"
        return
    yield f"first:{first}"
    yield f"last:{last}"
    yield from (f"first is {label}" for label in _lists(first))
    yield from (f"last is {label}" for label in _lists(last))
    yield f"first is {_rarity(first.lower())}"
    yield f"last is {_rarity(last.lower())}"
    for token in tokens[1:-1]:
        yield "initial within" if len(token) <= 2 else f"within:{token}"


def _shape(name: str) -> Iterator[str]:
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


def _lists(name: str) -> Iterator[str]:
    plain_name = plain(name)
    for lists in _labelled():
        for label, items in lists:
            if plain_name in items:
                yield label
                break


@cache
def _labelled() -> tuple[tuple[tuple[str, frozenset[str]], ...], ...]:
    """Return the word lists with their labels, in rows; only the first match of a row counts."""
    lists = lexicon()
    return (
        (("usual given name", gazetteer.GIVEN_NAMES), ("given name", lists.given)),
        (("surname", lists.surnames),),
        (("country", gazetteer.COUNTRIES), ("known place", gazetteer.PLACES)),
        (("short for a state", gazetteer.STATES_SHORT),),
        (("metropolis", lists.metropolises), ("city", lists.cities), ("town", lists.towns)),
        (("region", lists.regions),),
        (("known org", frozenset(organizations.ORGS)),),
        (("demonym", gazetteer.DEMONYMS),),
        (("org word", cues.ORG_TAILS),),
        (("place word", cues.PLACE_TAILS),),
        (("title word", cues.TITLES | cues.TITLE_WORDS),),
    )


def _rarity(word: str) -> str:
    lists = lexicon()
    if word in lists.frequent_words:
        return "frequent word"
    return "word" if word in lists.words else "no word"
