"""What a run of capitalised words names, by its own words alone.

A span is cut at titles, possessives and common words. Each piece is a person, an
organization, a place, or unclear; the word lists and the order of the rules decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from corpus.article import EntityKind
from indexer import cues, gazetteer

_PERSON, _ORG, _PLACE = EntityKind.PERSON, EntityKind.ORG, EntityKind.PLACE

Mention = tuple[EntityKind | None, str]  # a name; without a kind it is unclear

_UPPER = "A-Z" + "".join(char for char in map(chr, range(0xC0, 0x250)) if char.isupper())
# After a capital: the rest of initials or U.S., of a title with its dot, or of any word.
# Repeats are bounded, so that no text makes a span that is costly to read or to remember.
_REST = (
    rf"(?:(?:\.[{_UPPER}]){{0,5}}\.(?:-[{_UPPER}][\w’'-]{{0,40}})?"
    r"|(?:r|rs|s|en|ep|ov|ol|t|gt|apt|rof|ev|dm|aj|res)\.|[\w’'&-]{0,40}(?:\.com\b)?)"
)
_INNER = "|".join(sorted(cues.INNER, key=len, reverse=True))
SPAN = re.compile(
    # The look-behind stands after the first letter so that the search can jump to capitals.
    rf"[{_UPPER}](?<!\w.){_REST}"
    rf"(?: (?:(?:{_INNER}) (?:the )?|(?:al|el|ul|d)[-'’])?[{_UPPER}]{_REST}){{0,15}}"
)
POSSESSIVE = re.compile(r"['’]s?$|[-&'’]+$")

_MOST_NAMES = 4  # of one person
_MOST_LISTED = 5  # words of a listed name
_CUT = ""  # a token across which no name goes
_LISTED = gazetteer.ORGS | gazetteer.PLACES
_LISTED_OR_ADJECTIVE = _LISTED | gazetteer.DEMONYMS
_LISTED_STARTS = frozenset(name.split(" ")[0] for name in _LISTED if " " in name)
_NOT_IN_PEOPLE = cues.ORG_TAILS | cues.COMMON | gazetteer.COUNTRIES | gazetteer.DEMONYMS
# After a given name, these are surnames and not what they are elsewhere.
_SURNAME_TOO = frozenset(
    {"May", "King", "Pope", "Judge", "Prince", "Bishop", "Day", "Jordan", "Ireland", "England"}
)


@lru_cache(maxsize=1 << 15)
def mentions(span: str) -> tuple[Mention, ...]:
    """What is named in a run of capitalised words."""
    parts = span.split(" ")
    if _is_heading(parts):
        return ()
    tokens = list(_tokens(parts))
    if len(tokens) > 1 and span.isupper() and not all(map(_is_listed_or_tail, tokens)):
        return ()
    return tuple(
        mention for piece, titled in _pieces(tokens) for mention in _classify(_trim(piece), titled)
    )


def _is_heading(parts: list[str]) -> bool:
    """Whether a small word within is in capitals: Ceremony At Iwojima."""
    return any(part in cues.SMALL and not before.endswith(".") for before, part in pairwise(parts))


def _is_listed_or_tail(token: str) -> bool:
    return token in _LISTED or token in cues.COMPANY_TAILS or token == _CUT


def _tokens(parts: list[str]) -> Iterator[str]:
    """Words, and listed names as one token each; _CUT after a possessive."""
    index = 0
    while index < len(parts):
        size = _listed_size(parts, index)
        text = " ".join(parts[index : index + size])
        bare = text if _plain(text) in _LISTED else POSSESSIVE.sub("", text)
        yield from _unhyphened(bare)
        if bare != text:
            yield _CUT
        index += size


def _unhyphened(word: str) -> tuple[str, ...]:
    """U.S.-Japan is two names, Tokyo-based has one; Asia-Pacific stays one word."""
    first, hyphen, rest = word.partition("-")
    if not hyphen or word in _LISTED or first not in _LISTED_OR_ADJECTIVE:
        return (word,)
    if rest.islower():
        return (first, _CUT)
    return (first, _CUT, rest, _CUT) if rest in _LISTED_OR_ADJECTIVE else (word,)


def _plain(text: str) -> str:
    return text.replace("’", "'")


def _listed_size(parts: list[str], index: int) -> int:
    """How many words the longest listed name has that starts there; else 1."""
    if parts[index] in _LISTED_STARTS:
        for size in range(min(_MOST_LISTED, len(parts) - index), 1, -1):
            text = _plain(" ".join(parts[index : index + size]))
            if text in _LISTED or POSSESSIVE.sub("", text) in _LISTED:
                return size
    return 1


def _pieces(tokens: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Stretches that may hold a name, each with whether a title stands before it."""
    piece: list[str] = []
    titled = False
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else _CUT
        if token in cues.TITLES and not _within_name(piece, after):
            while piece and piece[-1] in cues.TITLE_WORDS:
                piece.pop()
            # What stands between two titles is one: Chief Restructuring Officer.
            if not titled or len(piece) > 1:
                yield piece, titled
            piece, titled = [], True
        elif titled and not piece and _goes_on(token, after):
            continue
        elif _cuts(token, piece, after):
            yield piece, titled
            piece, titled = [], False
        else:
            piece.append(token)
    yield piece, titled


def _within_name(piece: list[str], after: str) -> bool:
    """Whether a title is none where it stands: Justice Department, Larry King."""
    organ = after in cues.ORG_TAILS and after not in cues.TITLE_WORDS
    return organ or bool(piece and piece[-1] in gazetteer.GIVEN_NAMES)


def _goes_on(word: str, after: str) -> bool:
    """Whether a title has more words: Secretary of State."""
    return word in cues.TITLE_WORDS or (word == "of" and after in cues.TITLE_WORDS)


def _cuts(token: str, piece: list[str], after: str) -> bool:
    last = piece[-1] if piece else _CUT
    if token in cues.COMMON:
        return not (token in _SURNAME_TOO and last in gazetteer.GIVEN_NAMES)
    match token:
        case "of":
            return last not in cues.ORG_HEADS and last not in cues.PLACE_HEADS_OF
        case "for" | "on":
            return last not in cues.ORG_HEADS
        case "the":
            return last not in {"of", "for", "on"}
        case "and":
            return after not in cues.TOPICS or cues.ORG_HEADS.isdisjoint(piece)
    return token == _CUT


def _trim(piece: list[str]) -> list[str]:
    """A piece without the small words at its ends."""
    first, last = 0, len(piece)
    while first < last and piece[first] in cues.INNER:
        first += 1
    while first < last and piece[last - 1] in cues.INNER:
        last -= 1
    return piece[first:last]


def _classify(tokens: list[str], titled: bool) -> Iterator[Mention]:
    if not tokens:
        return
    text = " ".join(tokens)
    size = _person_size(tokens, titled)
    if _is_org(tokens) and not (titled and size):
        if _stands_apart(tokens):
            yield _PLACE, tokens.pop(0)
        yield _ORG, " ".join(tokens)
    elif size:
        yield _PERSON, " ".join(tokens[:size])
        yield from _classify(_trim(tokens[size:]), False)
    elif kind := _listed_kind(text) or (_PLACE if _is_place(tokens) else None):
        yield kind, text
    else:
        yield from _peel(tokens, titled)


def _listed_kind(text: str) -> EntityKind | None:
    text = _plain(text)
    if text in gazetteer.ORGS:
        return _ORG
    return _PLACE if text in gazetteer.PLACES else None


def _peel(tokens: list[str], titled: bool) -> Iterator[Mention]:
    """Read on behind a place, a listed organization or an adjective, if it leads anywhere."""
    kind = _listed_kind(tokens[0])
    if len(tokens) == 1 or not (kind or tokens[0] in gazetteer.DEMONYMS):
        yield None, " ".join(tokens)
        return
    rest = list(_classify(_trim(tokens[1:]), titled))
    if any(kind for kind, _ in rest):
        if kind:
            yield kind, tokens[0]
        yield from rest
    elif tokens[0] in gazetteer.ADJECTIVAL:
        yield _PLACE, tokens[0]


def _stands_apart(tokens: list[str]) -> bool:
    """Whether U.S. is no part of the name behind it: U.S. Justice Department."""
    return (
        tokens[0] in gazetteer.ADJECTIVAL
        and tokens[-1] not in cues.COMPANY_TAILS
        and _is_org(tokens[1:])
    )


def _is_org(tokens: list[str]) -> bool:
    """Ends with an organization's word, or has one with `of` after it. Places may follow."""
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
    """How many of the tokens are a person's name: a given name and more, or behind a title."""
    if not titled and tokens[0] not in gazetteer.GIVEN_NAMES:
        return 0
    size = names = 0
    for index, token in enumerate(tokens):
        if token in cues.PARTICLES:
            continue
        if not (_may_name_a_person(token) or (names and token in _SURNAME_TOO)):
            break
        size, names = index + 1, names + 1
    return size if (1 if titled else 2) <= names <= _MOST_NAMES else 0


def _may_name_a_person(token: str) -> bool:
    if token in _NOT_IN_PEOPLE or token in gazetteer.ORGS or " " in token:
        return False
    return not token.isupper() or len(token) == 1 or "." in token
