"""Variants: other spellings of one word, which a query for one of them finds, too.

A word is spelled in other ways as an acronym with and without dots (`U.S.`, `US`), in British and
American English (`colour`, `color`), with and without a hyphen (`e-mail`, `email`) or marks between
thousands (`12,500`, `12500`), and with two letters for one (`Schaeuble`, `Schäuble`). A spelling is
a variant only if articles have it. An acronym that in small letters is another word is only that
where a query has it in capitals among other words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Final

import zstandard

from indexer.analysis import tokenize
from indexer.function_words import is_function_word
from indexer.schema import FIELDS, FieldKind
from indexer.stemming import stem
from indexer.written_forms import AMBIGUOUS_ACRONYMS, find_acronym, list_written_forms
from search.query.nodes import And, AtLeast, Not, Or, Phrase, Query, Term

SPELLINGS_PATH: Final = Path(__file__).with_name("spellings.zst")

_UNITED_STATES = ("US", "U.S.", "USA", "U.S.A.")
_MAX_ACRONYM_LETTERS = 5
_MAX_RIVAL_RATIO = 100
_DOTTED = re.compile(r"[a-z](?:\.[a-z]){1,4}")
# In small letters without dots they are other words than with them.
_NO_ACRONYMS = frozenset(("ad", "am", "bc", "eg", "ie", "pm"))
_SPLIT_LETTERS = {"ae": "ä", "oe": "öø", "ue": "ü", "aa": "å"}
_SPLIT_LETTER = re.compile("|".join(_SPLIT_LETTERS))
_JOINED_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
_JOINED_LETTER = re.compile("|".join(_JOINED_LETTERS))
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([,.'’ ])[0-9]{3}(?:\1[0-9]{3}){0,5})")
# As a number of four digits, a year is not written with a comma.
_YEARS = range(1900, 2100)
_MIN_COMPOUND_CHARS = 3
_MAX_WORD_CHARS = 30
# A longer query quotes an article in the article's own spelling, and so does a longer phrase: more
# spellings only raise others (`tests.eval relevance`). Function words do not count. Of a phrase, so
# many spellings are looked for.
_MAX_QUERY_WORDS = 4
_MAX_PHRASE_WORDS = 8
_MAX_PHRASES = 8
_PUNCTUATION = ",;:!?()[]{}\"'“”‘’"


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A spelling that a word may have, and the term of the joined field that shows its use.

    It is another word's if `rival`, the token of that word, is a hundred times as frequent.
    """

    text: str
    token: str
    rival: str = ""

    def is_used(self, counts: Mapping[str, int]) -> bool:
        """Return whether articles have it, by how many have each token."""
        count = counts[self.token]
        return bool(count) and counts.get(self.rival, 0) < _MAX_RIVAL_RATIO * count


# Returns how many documents have each of many tokens.
Counter = Callable[[Sequence[str]], Mapping[str, int]]


def add_variants(query: Query, text: str, count: Counter) -> tuple[Query, tuple[str, ...]]:
    """Return a query, written as `text`, with the variants of its words, and these variants."""
    if _count_words(query) > _MAX_QUERY_WORDS:
        return query, ()
    acronyms = frozenset(
        name for name in AMBIGUOUS_ACRONYMS if next(find_acronym(name, text), -1) >= 0
    )
    speller = _Speller(text, acronyms)
    spellings = {
        word: spelled
        for leaf in _iterate_leaves(query)
        for word in _split_leaf(leaf)
        if (spelled := speller.list_spellings(word))
    }
    if not spellings:
        return query, ()
    listed = [item for each in spellings.values() for item in each]
    tokens = [token for item in listed for token in (item.token, item.rival) if token]
    counts = count(list(dict.fromkeys(tokens)))
    known = {
        word: readings
        for word, each in spellings.items()
        if (readings := tuple(item.text for item in each if item.is_used(counts)))
    }
    used: dict[str, None] = {}
    widened = _map_leaves(query, lambda leaf: _add_to_leaf(leaf, known, speller, used))
    return widened, tuple(used)


def _count_words(query: Query) -> int:
    return sum(
        not is_function_word(leaf.text, among_small_letters=True) for leaf in _iterate_leaves(query)
    )


def _iterate_leaves(query: Query) -> Iterator[Term | Phrase]:
    match query:
        case And(clauses) | Or(clauses) | AtLeast(clauses):
            for clause in clauses:
                yield from _iterate_leaves(clause)
        case Not(clause):
            yield from _iterate_leaves(clause)
        case Term() | Phrase() if _has_variants(query):
            yield query


def _map_leaves(query: Query, change: Callable[[Term | Phrase], Query]) -> Query:
    match query:
        case And(clauses) | Or(clauses) | AtLeast(clauses):
            return replace(query, clauses=tuple(_map_leaves(part, change) for part in clauses))
        case Not(clause):
            return Not(_map_leaves(clause, change))
        case Term() | Phrase() if _has_variants(query):
            return change(query)
        case _:
            return query


def _has_variants(leaf: Term | Phrase) -> bool:
    field = FIELDS.get(leaf.field)
    return not leaf.exact and (field is None or field.kind in {FieldKind.TEXT, FieldKind.NAMES})


def _split_leaf(leaf: Term | Phrase) -> list[str]:
    """Return the words of a leaf that may have variants, without marks around them."""
    if isinstance(leaf, Term):
        return [leaf.text]
    words = [word.strip(_PUNCTUATION) for word in leaf.text.split()]
    return words if len(words) <= _MAX_PHRASE_WORDS else []


def _add_to_leaf(
    leaf: Term | Phrase,
    known: Mapping[str, tuple[str, ...]],
    speller: _Speller,
    used: dict[str, None],
) -> Term | Phrase:
    words = _split_leaf(leaf)
    if not any(word in known for word in words):
        return leaf
    choices = [(speller.read(word), *known.get(word, ())) for word in words]
    if isinstance(leaf, Phrase):
        # The tokens of a phrase have no capitals.
        choices = [tuple(_remove_repeats(names)) for names in choices]
    others = (name for word in words for name in known.get(word, ()) if name != word)
    used.update(dict.fromkeys(others))
    texts = islice(map(" ".join, product(*choices)), _MAX_PHRASES)
    return replace(leaf, variants=tuple(dict.fromkeys(texts)))


def _remove_repeats(names: Sequence[str]) -> Iterator[str]:
    """Yield names without those that differ from an earlier one in capitals only."""
    seen: set[str] = set()
    for name in names:
        if name.lower() not in seen:
            seen.add(name.lower())
            yield name


@dataclass(frozen=True, slots=True)
class _Speller:
    """Lists the spellings of a query's words; `acronyms` are those that its text has as such."""

    text: str
    acronyms: frozenset[str]

    def read(self, word: str) -> str:
        """Return a word as it is meant: an acronym, or else in small letters if it may be one."""
        is_other = word in AMBIGUOUS_ACRONYMS and not self._is_acronym(word)
        return word.lower() if is_other else word

    def _is_acronym(self, word: str) -> bool:
        # What the text does not have is a name of the settings.
        return word in AMBIGUOUS_ACRONYMS and (word in self.acronyms or word not in self.text)

    def list_spellings(self, word: str) -> tuple[_Spelling, ...]:
        """List the spellings that a word may have beside its own; each token once."""
        tokens = tokenize(word)
        is_acronym = self._is_acronym(word)
        # Words that count for nothing need no variants.
        counts = is_acronym or not is_function_word(word, among_small_letters=True)
        if not tokens or len(word) > _MAX_WORD_CHARS or not counts:
            return ()
        listed = _list_of_token(tokens[0], word) if len(tokens) == 1 else _list_of_compound(word)
        own = stem(tokens[0]) if len(tokens) == 1 else ""
        stems = {stem(item.token): item for item in listed if stem(item.token) != own}
        if is_acronym:
            # Without its token, articles that have it in small letters only are not meant.
            stems = {word: _Spelling(word, word), **stems}
        return tuple(stems.values())


def _list_of_token(token: str, word: str) -> Iterator[_Spelling]:
    """List spellings of a word that is one token."""
    # Few words in small letters are acronyms.
    rival = token if word.islower() and token.upper() not in AMBIGUOUS_ACRONYMS else ""
    yield from (replace(item, rival=rival) for item in _list_acronyms(token))
    yield from (_Spelling(other, other) for other in _list_spellings_of(token))
    yield from _list_compounds_of(token, word if len(word) == len(token) else token)
    yield from _list_numbers(token)
    yield from _list_letters(word.lower(), token)


def _list_compounds_of(token: str, written: str) -> Iterator[_Spelling]:
    if token.isalnum() and not token.isdigit():
        for at in range(1, len(token)):
            head, tail = token[:at], token[at:]
            if len(token) >= _MIN_COMPOUND_CHARS and _may_be_joined(head, tail):
                yield _Spelling(f"{written[:at]}-{written[at:]}", f"{head}-{tail}")


def _may_be_joined(head: str, tail: str) -> bool:
    """Return whether a compound is written in one word, too: F-16, 3-D, e-mail, not 3-year."""
    return len(tail) <= 2 if head.isdigit() else len(tail) > 1 or tail.isdigit()


def _list_acronyms(token: str) -> Iterator[_Spelling]:
    bare = token.replace(".", "")
    is_dotted = bool(_DOTTED.fullmatch(token))
    if not is_dotted and not (
        token.isascii() and token.isalpha() and 1 < len(token) <= _MAX_ACRONYM_LETTERS
    ):
        return
    name = bare.upper()
    if name in {"US", "USA"}:
        names: tuple[str, ...] = _UNITED_STATES
    elif bare in _NO_ACRONYMS or (
        is_dotted
        and name not in AMBIGUOUS_ACRONYMS
        and is_function_word(bare, among_small_letters=True)
    ):
        return
    else:
        names = (name, f"{'.'.join(name)}.")
    for other in names:
        yield _Spelling(other, other if other in AMBIGUOUS_ACRONYMS else tokenize(other)[0])


def _list_of_compound(word: str) -> Iterator[_Spelling]:
    """List spellings of a word of several tokens: a compound, or a number with marks."""
    if _THOUSANDS.fullmatch(word):
        yield from _list_numbers(word)
        return
    forms = list_written_forms(word)
    if len(forms) == 1 and "-" in forms[0] and tokenize(forms[0]) == tokenize(word):
        head, _, tail = forms[0].partition("-")
        if _may_be_joined(head, tail):
            joined = "".join(tokenize(word))
            yield _Spelling(joined, joined)


def _list_numbers(word: str) -> Iterator[_Spelling]:
    digits = re.sub(r"[^0-9]", "", word)
    has_marks = _THOUSANDS.fullmatch(word)
    is_number = has_marks or (word.isdigit() and 3 < len(word) <= 18 and word[0] != "0")
    if not is_number or (len(digits) == 4 and int(digits) in _YEARS):
        return
    with_commas = f"{int(digits):,}"
    yield _Spelling(digits, digits)
    yield _Spelling(with_commas, with_commas)
    with_dots = with_commas.replace(",", ".")
    yield _Spelling(with_dots, with_dots)


def _list_letters(written: str, token: str) -> Iterator[_Spelling]:
    """List spellings with one letter for two, and with two for one."""
    if _JOINED_LETTER.search(written):
        apart = _JOINED_LETTER.sub(lambda match: _JOINED_LETTERS[match[0]], written)
        yield _Spelling(apart.capitalize(), apart)
    parts = _SPLIT_LETTER.split(token)
    if len(parts) - 1 not in {1, 2}:
        return
    pairs = _SPLIT_LETTER.findall(token)
    for letters in product(*((pair, *_SPLIT_LETTERS[pair]) for pair in pairs)):
        other = parts[0] + "".join(map("".join, zip(letters, parts[1:], strict=True)))
        if other != token:
            yield _Spelling(other.capitalize(), other)


def _list_spellings_of(token: str) -> list[str]:
    """Return the other spellings of a word that the list has."""
    lines = _load_spellings()
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        start, end = lines.rfind("\n", 0, middle) + 1, lines.index("\n", middle)
        if lines[start:end].partition(" ")[0] < token:
            low = end + 1
        else:
            high = start
    word, *others = lines[low : max(lines.find("\n", low), low)].split() or [""]
    return others if word == token else []


@cache
def _load_spellings() -> str:
    """Load the list: on each line a word and its other spellings, in the order of the words.

    To find a line by halves takes microseconds; to parse all of them would take milliseconds.
    """
    return zstandard.decompress(SPELLINGS_PATH.read_bytes()).decode()
