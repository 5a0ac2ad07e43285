"""Mentions: the names in a span of capitalised words, classified by their own words alone.

A span is split at titles, possessives and common words. Each piece is a person, an
organization, a place, or unclear; the word lists and the order of the rules decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from corpus.article import EntityKind
from indexer.entities import cues, gazetteer, organizations
from indexer.entities.lexicon import is_word, lexicon
from indexer.entities.spans import (
    CUT,
    LISTED,
    LISTED_OR_ADJECTIVE,
    plain,
    tokens_of,
    without_shouting,
)

_PERSON, _ORG, _PLACE = EntityKind.PERSON, EntityKind.ORG, EntityKind.PLACE
_Named = tuple[EntityKind | None, str]


class Mention(NamedTuple):
    """A name in a span, with the words of the span beside it; the kind is None if unclear."""

    kind: EntityKind | None
    name: str
    before: str
    after: str


_MOST_NAMES = 4  # of one person
_NOT_IN_PEOPLE = (
    cues.ORG_TAILS | cues.COMMON | gazetteer.COUNTRIES | gazetteer.DEMONYMS
    | (cues.PLACE_TAILS - cues.PLACES_AND_PEOPLE)
)  # fmt: skip
# After a given name, these words are surnames.
_SURNAME_TOO = frozenset(
    {"May", "King", "Pope", "Judge", "Prince", "Bishop", "Day", "Jordan", "Ireland", "England"}
)


@lru_cache(maxsize=1 << 15)
def mentions(span: str) -> tuple[Mention, ...]:
    """Return the names in a span, a run of capitalised words."""
    parts = span.split(" ")
    if _is_heading(parts):
        return ()
    tokens = list(tokens_of(without_shouting(parts)))
    if len(tokens) > 1 and span.isupper() and not all(map(_is_listed_or_tail, tokens)):
        return ()
    return tuple(
        _placed(kind, name, span)
        for piece, titled in _pieces(tokens)
        for kind, name in _classify(_trim(piece), titled)
    )


def _placed(kind: EntityKind | None, name: str, span: str) -> Mention:
    left, _, right = span.partition(name)
    before = left.rstrip(" ").rpartition(" ")[2]
    return Mention(kind, name, before, right.lstrip(" ").partition(" ")[0])


def _is_heading(parts: list[str]) -> bool:
    """Return whether a span is of a headline: a small word is capitalised (Ceremony At Iwojima)."""
    return any(part in cues.SMALL and not before.endswith(".") for before, part in pairwise(parts))


def _is_listed_or_tail(token: str) -> bool:
    return token in LISTED or token in cues.COMPANY_TAILS or token == CUT


def _pieces(tokens: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Yield the pieces that may contain a name, each with whether it follows a title."""
    piece: list[str] = []
    titled = False
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else CUT
        if token in cues.TITLES and not _within_name(piece, after):
            while piece and piece[-1] in cues.TITLE_WORDS:
                piece.pop()
            # A word between two titles is part of the title: Chief Restructuring Officer.
            if not titled or len(piece) > 1:
                yield piece, titled
            piece, titled = [], True
        elif titled and not piece and _goes_on(token, after):
            continue
        elif _cuts(token, piece, tokens[index + 1 :]):
            yield piece, titled
            piece, titled = [], False
        else:
            piece.append(token)
    yield piece, titled


def _within_name(piece: list[str], after: str) -> bool:
    """Return whether a title is part of a name: Justice Department, Larry King."""
    in_org = after in cues.ORG_TAILS and after not in cues.TITLE_WORDS
    return in_org or bool(piece and is_given(piece[-1]))


def _goes_on(word: str, after: str) -> bool:
    """Return whether a title continues with this word: Secretary of State."""
    return word in cues.TITLE_WORDS or (word == "of" and after in cues.TITLE_WORDS)


def _cuts(token: str, piece: list[str], rest: list[str]) -> bool:
    last = piece[-1] if piece else CUT
    after = rest[0] if rest else CUT
    if token in cues.COMMON:
        if token in cues.WITHIN_ORGS and not cues.ORG_TAILS.isdisjoint(rest):
            return False
        return not (token in _SURNAME_TOO and last in gazetteer.GIVEN_NAMES)
    if last in cues.COMPANY_ENDS and token.isupper() and token not in cues.COMPANY_TAILS:
        return True  # EMI Group Plc EMI.L
    match token:
        case "of":
            return last not in cues.ORG_HEADS and last not in cues.PLACE_HEADS_OF
        case "for":
            return last not in cues.ORG_HEADS
        case "on":
            return last not in cues.ORG_HEADS or after in LISTED
        case "the":
            return last not in {"of", "for", "on"}
        case "and":
            return not _joins_topics(piece, rest)
    return token == CUT


def _joins_topics(piece: list[str], rest: list[str]) -> bool:
    """Return whether a name continues after `and`: Energy and Natural Resources Committee."""
    if not piece or not rest or not (_is_topic(piece[-1]) and _is_topic(rest[0])):
        return False
    if not cues.ORG_HEADS.isdisjoint(piece):
        return True
    ends = {token for token in rest if token in cues.ORG_TAILS and token not in cues.COMPANY_TAILS}
    return bool(ends) and piece[-1] not in cues.ORG_TAILS_ONLY


def _is_topic(word: str) -> bool:
    """Return whether it is an ordinary word or a topic: Oceanic, not Apple."""
    return word in cues.TOPICS or (word not in LISTED_OR_ADJECTIVE and is_word(word.lower()))


def _trim(piece: list[str]) -> list[str]:
    """Remove the small words at the ends of a piece."""
    first, last = 0, len(piece)
    while first < last and (piece[first] in cues.INNER or _leads(piece[first], last - first)):
        first += 1
    while first < last and piece[last - 1] in cues.INNER:
        last -= 1
    return piece[first:last]


def _leads(word: str, size: int) -> bool:
    return size > 1 and word in cues.LEADING


def _classify(tokens: list[str], titled: bool) -> Iterator[_Named]:
    if not tokens:
        return
    text = " ".join(tokens)
    size = _person_size(tokens, titled)
    if _is_org(tokens) and not (titled and size):
        if _stands_apart(tokens):
            yield _ORG, text
            yield _PLACE, tokens.pop(0)
        yield _ORG, " ".join(tokens)
    elif size:
        yield _PERSON, " ".join(tokens[:size])
        yield from _classify(_trim(tokens[size:]), False)
    elif _is_word_before_person(tokens):
        yield _PERSON, " ".join(tokens[1:])
    elif kind := listed_kind(text) or (_PLACE if _is_place(tokens) else None):
        yield kind, text
    else:
        yield from _peel(tokens, titled)


def _is_word_before_person(tokens: list[str]) -> bool:
    """Return whether an ordinary word precedes a person: Take Paul Ryan; not Air Force John."""
    return (
        len(tokens) > 2
        and _is_only_a_word(tokens[0])
        and tokens[0] not in cues.STARTS_OF_NAMES
        and tokens[0] not in LISTED_OR_ADJECTIVE
        and tokens[0] not in cues.PLACE_HEADS
        and _person_size(tokens[1:], titled=False) == len(tokens) - 1
    )


def listed_kind(text: str) -> EntityKind | None:
    """Return the kind of a name by the lists alone, or None."""
    text = plain(text)
    if text in organizations.ORGS:
        return _ORG
    return _PLACE if text in gazetteer.PLACES else None


def _peel(tokens: list[str], titled: bool) -> Iterator[_Named]:
    """Classify the tokens after a place, a listed organization or an adjective.

    The first token is split off only if a name of a clear kind follows it.
    """
    kind = listed_kind(tokens[0])
    if len(tokens) == 1 or not (kind or tokens[0] in gazetteer.DEMONYMS):
        yield None, " ".join(tokens)
        return
    if kind and all(token in gazetteer.DEMONYMS for token in tokens[1:]):
        yield kind, tokens[0]  # California Democrat
        return
    rest = list(_classify(_trim(tokens[1:]), titled))
    if any(kind for kind, _ in rest):
        if kind:
            yield kind, tokens[0]
        if tokens[0] in gazetteer.ADJECTIVAL and rest[0] == (_ORG, " ".join(tokens[1:])):
            yield _ORG, " ".join(tokens)
        yield from rest
    elif tokens[0] in gazetteer.ADJECTIVAL:
        yield _PLACE, tokens[0]


def _stands_apart(tokens: list[str]) -> bool:
    """Return whether U.S. is not a part of the name after it: U.S. Justice Department."""
    return (
        tokens[0] in gazetteer.ADJECTIVAL
        and tokens[-1] not in cues.COMPANY_TAILS
        and _is_org(tokens[1:])
    )


def _is_org(tokens: list[str]) -> bool:
    """Return whether a name ends with an organization word, or has one before `of`.

    Places may follow the organization word.
    """
    for index in range(len(tokens) - 1, 0, -1):
        if tokens[index] in cues.ORG_TAILS and tokens[0] not in cues.COMPANY_TAILS:
            return tokens[index - 1] not in cues.INNER or tokens[index - 1] in {"&", "and"}
        if tokens[index] not in gazetteer.PLACES:
            break
    return any(
        token in cues.ORG_HEADS and after in {"of", "for", "on"}
        for token, after in pairwise(tokens)
    )


def _is_place(tokens: list[str]) -> bool:
    first, last = tokens[0], tokens[-1]
    match len(tokens):
        case 1:
            return False
        case 2 if first in cues.DIRECTIONS:
            return last in gazetteer.PLACES
        case 2 | 3 if first in cues.PLACE_HEADS or first in cues.PLACE_HEADS_OF:
            return first in cues.PLACE_HEADS or tokens[1] == "of"
        case 2 | 3 | 4:
            return last in cues.PLACE_TAILS and cues.INNER.isdisjoint(tokens)
    return False


def _person_size(tokens: list[str], titled: bool) -> int:
    """Count the leading tokens that are the name of a person, or 0.

    It begins with a given name and has at least two words, or follows a title.
    """
    if not titled and not is_given(tokens[0]):
        return 0
    size = names = 0
    for index, token in enumerate(tokens):
        if token in cues.PARTICLES:
            continue
        if not (_may_name_a_person(token) or (names and token in _SURNAME_TOO)):
            break
        if names and _is_only_a_word(token):
            break
        size, names = index + 1, names + 1
    return size if (1 if titled else 2) <= names <= _MOST_NAMES else 0


@lru_cache(maxsize=1 << 14)
def is_given(word: str) -> bool:
    """Return whether it is a given name and on no other list."""
    if word in gazetteer.GIVEN_NAMES:
        return True
    lists = lexicon()
    return (
        word in lists.given
        and word not in gazetteer.PLACES
        and word not in organizations.ORGS
        and word not in cues.PLACE_HEADS
        and not is_word(word.lower())
        and word not in lists.metropolises
        and word not in lists.cities
    )


@lru_cache(maxsize=1 << 14)
def _is_only_a_word(token: str) -> bool:
    """Return whether it is an ordinary word and not a name: Live, after Jimmy Kimmel."""
    lists = lexicon()
    return is_word(token.lower()) and token not in lists.surnames and token not in lists.given


def _may_name_a_person(token: str) -> bool:
    if token in _NOT_IN_PEOPLE or token in organizations.ORGS or " " in token:
        return False
    return not token.isupper() or len(token) == 1 or "." in token
