"""What speaks for a name being a person, an organization or a place: named features.

A feature is a short string that a reader can check against the text: `before:in`, `last:Corp`,
`after:said`, `first is given name`. How much each weighs stands in `kinds.json`.
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

_MOST_MENTIONS: Final = 8  # of one name are looked at
_AROUND: Final = 28  # characters beside a span
_MOST_NAMES: Final = 20_000  # of one text
_MOST_KNOWN: Final = 8  # words of a known name
_SHORTEST: Final = 2  # characters of a name
_START: Final = "^"
_ENDS_SENTENCE: Final = ".!?:\n"
_ENDS: Final = 3  # last letters of a name


@dataclass(slots=True)
class Sightings:
    """Where a name stands in a text. `kinds` is what its words alone say."""

    hint: EntityKind | None = None
    count: int = 0
    starts: int = 0
    around: list[str] = field(default_factory=list)

    def take(self, mention: Mention) -> None:
        """President Jackson makes a person of a town."""
        person = mention.kind is EntityKind.PERSON and mention.name not in gazetteer.COUNTRIES
        if self.hint is None or person:
            self.hint = mention.kind or self.hint


def sightings(body: str, known: Mapping[str, str]) -> dict[str, Sightings]:
    """Every name in a text, by first appearance. What is `known` is one name wherever it stands."""
    seen: dict[str, Sightings] = {}
    for match in SPAN.finditer(body):
        span = match[0]
        for mention in _mentions(span, known) if known else mentions(span):
            if len(mention.name) < _SHORTEST or mention.name in cues.COMPANY_TAILS:
                continue
            one = seen.get(mention.name)
            if one is None:
                if len(seen) == _MOST_NAMES:
                    return seen
                one = seen[mention.name] = Sightings(mention.kind)
            one.count += 1
            if one.count <= _MOST_MENTIONS:
                one.take(mention)
                _look_around(one, mention, body, match.start(), match.end())
    _merge_starts(seen)
    return seen


def _look_around(one: Sightings, mention: Mention, body: str, start: int, end: int) -> None:
    before = mention.before
    if not before:
        before, two = _before(body, start)
        one.starts += before == _START
        if two:
            one.around.append(two)
    one.around.append(f"before:{before}")
    one.around.append(f"after:{mention.after or _after(body, end)}")


def _mentions(span: str, known: Mapping[str, str]) -> Iterator[Mention]:
    """The mentions of a span that is cut around the names that are known."""
    parts = span.split(" ")
    start = index = 0
    while index < len(parts):
        size = longest_known(parts, index, known)
        if size:
            yield from mentions(" ".join(parts[start:index]))
            name = " ".join(parts[index : index + size])
            name = name if name in known else without_possessive(name)
            # Its own words tell the kind of Iwoto Island, known or not.
            kind = next((each.kind for each in mentions(name) if each.name == name), None)
            yield Mention(kind, name, "", "")
            start = index + size
        index += size or 1
    yield from mentions(" ".join(parts[start:]))


def longest_known(parts: list[str], index: int, known: Mapping[str, str]) -> int:
    """How many words the longest known name has that starts there, or 0."""
    for size in range(min(_MOST_KNOWN, len(parts) - index) if known else 0, 0, -1):
        name = " ".join(parts[index : index + size])
        if name in known or without_possessive(name) in known:
            return size
    return 0


def _merge_starts(seen: dict[str, Sightings]) -> None:
    """Enter Washington, at a sentence's start, is Washington if the text has it elsewhere."""
    for name, one in list(seen.items()):
        first, space, rest = name.partition(" ")
        elsewhere = space and (rest in seen or rest in gazetteer.PLACES)
        if elsewhere and one.starts == one.count and _starts_sentences(first):
            del seen[name]
            other = seen.setdefault(rest, Sightings(EntityKind.PLACE))
            other.count += one.count
            other.around += [text for text in one.around if text.startswith("after:")]


def _starts_sentences(word: str) -> bool:
    in_names = word in cues.STARTS_OF_NAMES or word in gazetteer.GIVEN_NAMES
    return not in_names and is_word(word.lower())


def _before(body: str, at: int) -> tuple[str, str]:
    """The word or mark before a span, and the two words as a feature."""
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
    # The first of the words may be cut.
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
    """What an article says of a name; what stands around it is in `one.around`."""
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
    """Names that are parts of longer ones whose kind is known."""

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
    """What a name's own words say."""
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
    """Lists with what it means to be on one; of those in a row, the first counts."""
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
