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
from indexer.entities.lexicon import is_english_word, load_lexicon
from indexer.entities.spans import (
    CUT_TOKEN,
    LISTED_NAMES,
    LISTED_NAMES_OR_DEMONYMS,
    straighten_apostrophes,
    strip_leading_capitals,
    tokenize_span,
)

_PERSON, _ORG, _PLACE = EntityKind.PERSON, EntityKind.ORG, EntityKind.PLACE
_KindAndName = tuple[EntityKind | None, str]


class Mention(NamedTuple):
    """A name in a span, with the words of the span beside it; the kind is None if unclear."""

    kind: EntityKind | None
    name: str
    before: str
    after: str


_MAX_PERSON_TOKENS = 4  # of one person
_NON_PERSON_WORDS = (
    cues.ORG_LAST_WORDS | cues.COMMON_WORDS | gazetteer.COUNTRIES | gazetteer.DEMONYMS
    | (cues.PLACE_LAST_WORDS - cues.PLACE_WORDS_IN_SURNAMES)
)  # fmt: skip
# After a given name, these words are surnames.
_AMBIGUOUS_SURNAMES = frozenset(
    {"May", "King", "Pope", "Judge", "Prince", "Bishop", "Day", "Jordan", "Ireland", "England"}
)


@lru_cache(maxsize=1 << 15)
def find_mentions(span: str) -> tuple[Mention, ...]:
    """Return the names in a span, a run of capitalised words."""
    parts = span.split(" ")
    if _is_heading(parts):
        return ()
    tokens = list(tokenize_span(strip_leading_capitals(parts)))
    if len(tokens) > 1 and span.isupper() and not all(map(_is_listed_or_tail, tokens)):
        return ()
    return tuple(
        _build_mention(kind, name, span)
        for piece, titled in _split_pieces(tokens)
        for kind, name in _classify_tokens(_trim_piece(piece), titled)
    )


def _build_mention(kind: EntityKind | None, name: str, span: str) -> Mention:
    left, _, right = span.partition(name)
    before = left.rstrip(" ").rpartition(" ")[2]
    return Mention(kind, name, before, right.lstrip(" ").partition(" ")[0])


def _is_heading(parts: list[str]) -> bool:
    """Return whether a span is of a headline: a small word is capitalised (Ceremony At Iwojima)."""
    return any(
        part in cues.HEADLINE_SMALL_WORDS and not before.endswith(".")
        for before, part in pairwise(parts)
    )


def _is_listed_or_tail(token: str) -> bool:
    return token in LISTED_NAMES or token in cues.COMPANY_SUFFIXES or token == CUT_TOKEN


def _split_pieces(tokens: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Yield the pieces that may contain a name, each with whether it follows a title."""
    piece: list[str] = []
    titled = False
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else CUT_TOKEN
        if token in cues.TITLES and not _is_within_name(piece, after):
            while piece and piece[-1] in cues.TITLE_WORDS:
                piece.pop()
            # A word between two titles is part of the title: Chief Restructuring Officer.
            if not titled or len(piece) > 1:
                yield piece, titled
            piece, titled = [], True
        elif titled and not piece and _is_title_continued(token, after):
            continue
        elif _is_cut(token, piece, tokens[index + 1 :]):
            yield piece, titled
            piece, titled = [], False
        else:
            piece.append(token)
    yield piece, titled


def _is_within_name(piece: list[str], after: str) -> bool:
    """Return whether a title is part of a name: Justice Department, Larry King."""
    in_org = after in cues.ORG_LAST_WORDS and after not in cues.TITLE_WORDS
    return in_org or bool(piece and is_given_name(piece[-1]))


def _is_title_continued(word: str, after: str) -> bool:
    """Return whether a title continues with this word: Secretary of State."""
    return word in cues.TITLE_WORDS or (word == "of" and after in cues.TITLE_WORDS)


def _is_cut(token: str, piece: list[str], rest: list[str]) -> bool:
    last = piece[-1] if piece else CUT_TOKEN
    after = rest[0] if rest else CUT_TOKEN
    if token in cues.COMMON_WORDS:
        if token in cues.COMMON_WORDS_WITHIN_ORGS and not cues.ORG_LAST_WORDS.isdisjoint(rest):
            return False
        return not (token in _AMBIGUOUS_SURNAMES and last in gazetteer.GIVEN_NAMES)
    if (
        last in cues.FINAL_COMPANY_SUFFIXES
        and token.isupper()
        and token not in cues.COMPANY_SUFFIXES
    ):
        return True  # EMI Group Plc EMI.L
    match token:
        case "of":
            return last not in cues.ORG_FIRST_WORDS and last not in cues.PLACE_FIRST_WORDS_BEFORE_OF
        case "for":
            return last not in cues.ORG_FIRST_WORDS
        case "on":
            return last not in cues.ORG_FIRST_WORDS or after in LISTED_NAMES
        case "the":
            return last not in {"of", "for", "on"}
        case "and":
            return not _is_continued_after_and(piece, rest)
    return token == CUT_TOKEN


def _is_continued_after_and(piece: list[str], rest: list[str]) -> bool:
    """Return whether a name continues after `and`: Energy and Natural Resources Committee."""
    if not piece or not rest or not (_is_topic(piece[-1]) and _is_topic(rest[0])):
        return False
    if not cues.ORG_FIRST_WORDS.isdisjoint(piece):
        return True
    ends = {
        token
        for token in rest
        if token in cues.ORG_LAST_WORDS and token not in cues.COMPANY_SUFFIXES
    }
    return bool(ends) and piece[-1] not in cues.ORG_LAST_WORDS_NOT_TOPICS


def _is_topic(word: str) -> bool:
    """Return whether it is an ordinary word or a topic: Oceanic, not Apple."""
    return word in cues.TOPIC_WORDS or (
        word not in LISTED_NAMES_OR_DEMONYMS and is_english_word(word.lower())
    )


def _trim_piece(piece: list[str]) -> list[str]:
    """Remove the small words at the ends of a piece."""
    first, last = 0, len(piece)
    while first < last and (
        piece[first] in cues.INNER_WORDS or _is_leading_word(piece[first], last - first)
    ):
        first += 1
    while first < last and piece[last - 1] in cues.INNER_WORDS:
        last -= 1
    return piece[first:last]


def _is_leading_word(word: str, size: int) -> bool:
    return size > 1 and word in cues.LEADING_WORDS


def _classify_tokens(tokens: list[str], titled: bool) -> Iterator[_KindAndName]:
    if not tokens:
        return
    text = " ".join(tokens)
    size = _count_person_tokens(tokens, titled)
    if _is_org_name(tokens) and not (titled and size):
        if _has_separate_prefix(tokens):
            yield _ORG, text
            yield _PLACE, tokens.pop(0)
        yield _ORG, " ".join(tokens)
    elif size:
        yield _PERSON, " ".join(tokens[:size])
        yield from _classify_tokens(_trim_piece(tokens[size:]), False)
    elif _has_word_before_person(tokens):
        yield _PERSON, " ".join(tokens[1:])
    elif kind := find_listed_kind(text) or (_PLACE if _is_place_name(tokens) else None):
        yield kind, text
    else:
        yield from _split_first_token(tokens, titled)


def _has_word_before_person(tokens: list[str]) -> bool:
    """Return whether an ordinary word precedes a person: Take Paul Ryan; not Air Force John."""
    return (
        len(tokens) > 2
        and _is_only_ordinary_word(tokens[0])
        and tokens[0] not in cues.ORDINARY_FIRST_WORDS
        and tokens[0] not in LISTED_NAMES_OR_DEMONYMS
        and tokens[0] not in cues.PLACE_FIRST_WORDS
        and _count_person_tokens(tokens[1:], titled=False) == len(tokens) - 1
    )


def find_listed_kind(text: str) -> EntityKind | None:
    """Return the kind of a name by the lists alone, or None."""
    text = straighten_apostrophes(text)
    if text in organizations.KNOWN_ORGS:
        return _ORG
    return _PLACE if text in gazetteer.PLACES else None


def _split_first_token(tokens: list[str], titled: bool) -> Iterator[_KindAndName]:
    """Classify the tokens after a place, a listed organization or an adjective.

    The first token is split off only if a name of a clear kind follows it.
    """
    kind = find_listed_kind(tokens[0])
    if len(tokens) == 1 or not (kind or tokens[0] in gazetteer.DEMONYMS):
        yield None, " ".join(tokens)
        return
    if kind and all(token in gazetteer.DEMONYMS for token in tokens[1:]):
        yield kind, tokens[0]  # California Democrat
        return
    rest = list(_classify_tokens(_trim_piece(tokens[1:]), titled))
    if any(kind for kind, _ in rest):
        if kind:
            yield kind, tokens[0]
        if tokens[0] in gazetteer.ADJECTIVAL_PLACES and rest[0] == (_ORG, " ".join(tokens[1:])):
            yield _ORG, " ".join(tokens)
        yield from rest
    elif tokens[0] in gazetteer.ADJECTIVAL_PLACES:
        yield _PLACE, tokens[0]


def _has_separate_prefix(tokens: list[str]) -> bool:
    """Return whether U.S. is not a part of the name after it: U.S. Justice Department."""
    return (
        tokens[0] in gazetteer.ADJECTIVAL_PLACES
        and tokens[-1] not in cues.COMPANY_SUFFIXES
        and _is_org_name(tokens[1:])
    )


def _is_org_name(tokens: list[str]) -> bool:
    """Return whether a name ends with an organization word, or has one before `of`.

    Places may follow the organization word.
    """
    for index in range(len(tokens) - 1, 0, -1):
        if tokens[index] in cues.ORG_LAST_WORDS and tokens[0] not in cues.COMPANY_SUFFIXES:
            return tokens[index - 1] not in cues.INNER_WORDS or tokens[index - 1] in {"&", "and"}
        if tokens[index] not in gazetteer.PLACES:
            break
    return any(
        token in cues.ORG_FIRST_WORDS and after in {"of", "for", "on"}
        for token, after in pairwise(tokens)
    )


def _is_place_name(tokens: list[str]) -> bool:
    first, last = tokens[0], tokens[-1]
    match len(tokens):
        case 1:
            return False
        case 2 if first in cues.DIRECTIONS:
            return last in gazetteer.PLACES
        case 2 | 3 if first in cues.PLACE_FIRST_WORDS or first in cues.PLACE_FIRST_WORDS_BEFORE_OF:
            return first in cues.PLACE_FIRST_WORDS or tokens[1] == "of"
        case 2 | 3 | 4:
            return last in cues.PLACE_LAST_WORDS and cues.INNER_WORDS.isdisjoint(tokens)
    return False


def _count_person_tokens(tokens: list[str], titled: bool) -> int:
    """Count the leading tokens that are the name of a person, or 0.

    It begins with a given name and has at least two words, or follows a title.
    """
    if not titled and not is_given_name(tokens[0]):
        return 0
    size = names = 0
    for index, token in enumerate(tokens):
        if token in cues.PARTICLES:
            continue
        if not (_can_name_person(token) or (names and token in _AMBIGUOUS_SURNAMES)):
            break
        if names and _is_only_ordinary_word(token):
            break
        size, names = index + 1, names + 1
    return size if (1 if titled else 2) <= names <= _MAX_PERSON_TOKENS else 0


@lru_cache(maxsize=1 << 14)
def is_given_name(word: str) -> bool:
    """Return whether it is a given name and on no other list."""
    if word in gazetteer.GIVEN_NAMES:
        return True
    lists = load_lexicon()
    return (
        word in lists.given
        and word not in gazetteer.PLACES
        and word not in organizations.KNOWN_ORGS
        and word not in cues.PLACE_FIRST_WORDS
        and not is_english_word(word.lower())
        and word not in lists.metropolises
        and word not in lists.cities
    )


@lru_cache(maxsize=1 << 14)
def _is_only_ordinary_word(token: str) -> bool:
    """Return whether it is an ordinary word and not a name: Live, after Jimmy Kimmel."""
    lists = load_lexicon()
    return (
        is_english_word(token.lower()) and token not in lists.surnames and token not in lists.given
    )


def _can_name_person(token: str) -> bool:
    if token in _NON_PERSON_WORDS or token in organizations.KNOWN_ORGS or " " in token:
        return False
    return not token.isupper() or len(token) == 1 or "." in token
