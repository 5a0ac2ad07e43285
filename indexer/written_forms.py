"""Written forms: what the tokens of a text do not show of how it is written.

An index has those of an article in a field of their own, each once: acronyms that in small letters
are another word, in capitals (`US`); compounds of two parts with their hyphen (`e-mail`); numbers
with marks between thousands (`12,500`); capitalized words with letters that are also written as two
(`schäuble`). No token of a text is like one of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

# Acronyms that in small letters are another word, of English or of another language.
AMBIGUOUS_ACRONYMS = ("AIDS", "ICE", "IS", "IT", "LA", "UN", "US", "WHO")
# So many words on either side, within so many characters, tell whether a line is in capitals.
_CONTEXT_WORDS = 3
_CONTEXT_CHARS = 60
# Of each acronym, so many places of a text are looked at.
_MAX_PLACES = 1_000

_MAX_FORM_CHARS = 40
_HYPHENS = "\u2010\u2011"
# Of a compound of several parts, each two beside each other.
_COMPOUND = re.compile(r"(?<![\w.'’])([^\W_]+)(?=-([^\W_]+)(?!\w)(?!\.\w))")
# Between thousands there is one mark throughout: a comma, an apostrophe or a space.
_THOUSANDS = re.compile(
    r"[0-9]([,'’ \u00a0\u202f\u2009])[0-9]{3}(?:\1[0-9]{3}){0,5}(?![^\W_]|[.,][0-9]{3}(?!\d))"
)
_FIRST_DIGITS = re.compile(r"(?:^|[^\w.,])([0-9]{1,3})$")
# Letters that are also written as two.
_SPLIT_LETTERS = frozenset("äöüåøÄÖÜÅØ")
_MARKS = frozenset("-,äöüåø")
_LETTERS = re.compile(r"[^\W\d_]+")


def is_written_form(token: str) -> bool:
    """Return whether a term is a written form; tokens have no capitals and none of its marks."""
    return token in AMBIGUOUS_ACRONYMS or not _MARKS.isdisjoint(token)


def find_acronym(acronym: str, text: str) -> Iterator[int]:
    """Yield where a text has an acronym in capitals, but for words in capitals."""
    starts = _find_word(acronym, text)
    for start in islice(starts, _MAX_PLACES):
        if _stands_out(text, start, start + len(acronym)):
            yield start


def _find_word(word: str, text: str) -> Iterator[int]:
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start
        start = text.find(word, end)


def _stands_out(text: str, start: int, end: int) -> bool:
    """Return whether the words beside one on its line are not all in capitals."""
    line_start = text.rfind("\n", max(start - _CONTEXT_CHARS, 0), start) + 1
    line_end = text.find("\n", end, end + _CONTEXT_CHARS)
    before = text[max(line_start, start - _CONTEXT_CHARS) : start].split()[-_CONTEXT_WORDS:]
    after = text[end : line_end if line_end >= 0 else end + _CONTEXT_CHARS].split()
    words = (*before, *after[:_CONTEXT_WORDS])
    return any(word != word.upper() for word in words) or not any(map(str.isupper, words))


def list_written_forms(text: str) -> list[str]:
    """Return the written forms of a text, each once: acronyms in capitals, others in small."""
    is_ascii = text.isascii()
    if not is_ascii:
        text = unicodedata.normalize("NFC", text)
        for hyphen in _HYPHENS:
            text = text.replace(hyphen, "-")
    forms = [name for name in AMBIGUOUS_ACRONYMS if next(find_acronym(name, text), -1) >= 0]
    forms += _list_compounds(text)
    forms += _list_numbers(text)
    if not is_ascii:
        forms += _list_split_letters(text)
    return [form for form in dict.fromkeys(forms) if len(form) <= _MAX_FORM_CHARS]


def _list_compounds(text: str) -> Iterator[str]:
    # To look for hyphens, then around them, is ten times as fast as to look at every word.
    at = text.find("-")
    while at >= 0:
        first = max(at - _MAX_FORM_CHARS, 0)
        start = max(text.rfind(" ", first, at) + 1, first)
        end = text.find(" ", at, at + _MAX_FORM_CHARS)
        end = end if end >= 0 else at + _MAX_FORM_CHARS
        for head, tail in _COMPOUND.findall(text, start, end):
            if not (head.isdigit() and tail.isdigit()):
                yield f"{head}-{tail}".lower()
        at = text.find("-", end)


def _list_numbers(text: str) -> Iterator[str]:
    for match in _THOUSANDS.finditer(text):
        if first := _FIRST_DIGITS.search(text[max(match.start() - 3, 0) : match.start() + 1]):
            yield first[1] + match[0][1:].replace(match[1], ",")


def _list_split_letters(text: str) -> Iterator[str]:
    # Faster than to look at each character of a text.
    if not any(letter in text for letter in _SPLIT_LETTERS):
        return
    for word in text.split():
        if not word.isascii() and not _SPLIT_LETTERS.isdisjoint(word):
            for name in _LETTERS.findall(word):
                if name[0].isupper() and not _SPLIT_LETTERS.isdisjoint(name):
                    yield name.lower()
