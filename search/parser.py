"""Query text to a query tree.

    query   = any
    any     = all { "OR" all }
    all     = not { [ "AND" ] not }
    not     = ( "NOT" | "-" ) not | near
    near    = item { "w/" number item }
    item    = "(" query ")" | "*" | [ field ":" ] value
    value   = "(" query ")"                      text fields: the field holds for all inside
            | [ "=" ] '"' text '"' [ "~" number ]  phrase; = as written; ~ near
            | [ "=" ] word [ "*" | "~" [ number ] ]  = as written; * prefix; ~ typos
            | period | numbers                   fields of dates and numbers

AND, OR and NOT count in upper case only. A hyphen negates at the start of an item only.
Curly quotes and guillemets are quotes. A word is everything up to a space, quote or
parenthesis, without the punctuation around it; words of nothing but punctuation are left
out. Values of date fields may stand in single or double quotes or in brackets.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from difflib import get_close_matches

from corpus.article import article_id
from indexer.analysis import tokens
from indexer.schema import FIELDS, GROUPS, Kind
from search.errors import (
    BadValueError,
    EmptyQueryError,
    QueryError,
    QueryLimitError,
    SyntaxProblemError,
    UnclosedQuoteError,
    UnknownFieldError,
)
from search.periods import PeriodError, parse_period
from search.query import All, And, Fuzzy, Missing, Near, Not, Or, Phrase, Prefix, Query, Range, Term

MAX_LENGTH = 4_000
MAX_CLAUSES = 500
MAX_DEPTH = 30
MAX_DISTANCE = 1_000
MAX_TYPOS = 2

_QUOTES = {ord(char): '"' for char in "“”„‟«»＂"}
_WORD = re.compile(r"""[^\s"()]+""")
_FIELD = re.compile(r"([^\W\d][\w-]*):")
_OPERATOR = re.compile(r"(AND|OR|NOT)(?=[\s()\"]|$)")
_NEAR = re.compile(r"w/(\d+)(?=[\s()\"]|$)", re.I)
_TILDE = re.compile(r"~(\d*)")
_TYPOS = re.compile(r"(.*\w)~(\d*)\Z", re.S)
_URL = re.compile(r"https?://\S+", re.I)
_WHOLE = re.compile(r"-?\d+")
_COMPARED = re.compile(r"(>=|<=|>|<|=)?\s*(-?\d+)")
_BETWEEN = re.compile(r"(-?\d*)\.\.(-?\d*)|\[\s*(\S+)\s+TO\s+(\S+?)\s*([\]}])")

_SPELLINGS = {spelling: field.name for field in FIELDS.values() for spelling in field.spellings}
# Fields with a meaning of their own, beside the schema's.
_SINCE, _UNTIL, _LINK = "after", "before", "url"
FIELD_NAMES = (*FIELDS, *GROUPS, *_SPELLINGS, _SINCE, _UNTIL, _LINK)


def parse(text: str, *, now: datetime, zone: tzinfo) -> Query:
    """Read a query. Dates are in `zone`, and relative to `now`. Raises QueryError."""
    if len(text) > MAX_LENGTH:
        raise QueryLimitError(
            f"the query is longer than {MAX_LENGTH:,} characters", text, MAX_LENGTH, MAX_LENGTH
        )
    return _Parser(text, now, zone).parse()


@dataclass(frozen=True, slots=True)
class _Here:
    """What holds at a place in the query: the field in force and the depth of parentheses."""

    field: str = ""
    depth: int = 0


class _Parser:
    def __init__(self, text: str, now: datetime, zone: tzinfo) -> None:
        self.original = text
        self.text = text.translate(_QUOTES)
        self.now = now
        self.zone = zone
        self.at = 0
        self.clauses = 0

    def parse(self) -> Query:
        query = self._any(_Here())
        self._skip_space()
        if self.at < len(self.text):
            raise self._problem("this parenthesis closes nothing", self.at, self.at + 1)
        if query is None:
            raise EmptyQueryError(
                "there is nothing to search for",
                self.original,
                0,
                len(self.original),
                "type a word, or * for all articles",
            )
        return query

    # -- operators

    def _any(self, here: _Here) -> Query | None:
        clauses = [self._all(here)]
        while (place := self._operator("OR")) is not None:
            if clauses[-1] is None:
                raise self._problem("OR stands between two things", place, place + 2)
            clauses.append(self._all(here))
            if clauses[-1] is None:
                raise self._problem("nothing follows OR", place, place + 2)
        return _joined(Or, [clause for clause in clauses if clause])

    def _all(self, here: _Here) -> Query | None:
        clauses: list[Query] = []
        empty = True
        while True:
            place = self._operator("AND")
            if place is not None and empty:
                raise self._problem("AND stands between two things", place, place + 3)
            if self._at_end_of_clause():
                if place is not None:
                    raise self._problem("nothing follows AND", place, place + 3)
                break
            empty = False
            if clause := self._not(here):
                clauses.append(clause)
        if clauses and all(isinstance(clause, Not) for clause in clauses):
            clauses.insert(0, All())
        return _joined(And, clauses)

    def _at_end_of_clause(self) -> bool:
        self._skip_space()
        if self.at >= len(self.text) or self.text[self.at] == ")":
            return True
        operator = _OPERATOR.match(self.text, self.at)
        return operator is not None and operator[1] == "OR"

    def _not(self, here: _Here) -> Query | None:
        negations = 0
        while True:
            place = self._operator("NOT")
            if place is not None:
                if self._at_end_of_clause():
                    raise self._problem("nothing follows NOT", place, place + 3)
            elif self._dash_negates():
                self.at += 1
            else:
                break
            negations += 1
        clause = self._near(here)
        return Not(clause) if clause and negations % 2 else clause

    def _dash_negates(self) -> bool:
        following = self.text[self.at + 1 : self.at + 2]
        return self.text.startswith("-", self.at) and bool(following.strip(" \t\r\n)"))

    def _near(self, here: _Here) -> Query | None:
        first_place = self.at
        words, distance = [self._item(here)], 0
        while operator := self._near_operator():
            if distance and operator[0] != distance:
                raise self._problem("use one distance in a row of w/", *operator[1])
            distance = operator[0]
            if self._at_end_of_clause():
                raise self._problem("nothing follows w/", *operator[1])
            words.append(self._item(here))
        if not distance:
            return words[0]
        return self._near_query(words, distance, first_place)

    def _near_operator(self) -> tuple[int, tuple[int, int]] | None:
        before = self.at
        self._skip_space()
        match = _NEAR.match(self.text, self.at)
        if not match:
            self.at = before
            return None
        self.at = match.end()
        return self._distance(match[1], match.span()), match.span()

    def _near_query(self, words: list[Query | None], distance: int, place: int) -> Query:
        terms = [word for word in words if isinstance(word, Term) and not word.exact]
        if len(terms) < len(words) or any(len(tokens(term.text)) != 1 for term in terms):
            raise self._problem("w/ stands between two single words", place, self.at)
        fields = {term.field for term in terms if term.field}
        if len(fields) > 1 or not all(map(_takes_near, fields)):
            raise self._problem("words near each other are in one field of text", place, self.at)
        found = tuple(token for term in terms for token in tokens(term.text))
        return _near_or_term(found, distance, fields.pop() if fields else "")

    # -- items

    def _item(self, here: _Here) -> Query | None:
        self._count_clause()
        self._skip_space()
        place = self.at
        if place < len(self.text) and self.text[place] == "(":
            return self._group(here)
        if url := _URL.match(self.text, place):
            return self._link(url)
        field = _FIELD.match(self.text, place)
        if field and self._names_a_field(field):
            self.at = field.end()
            return self._fielded(field[1], place, here)
        if not here.field and self._word_is("*"):
            self.at += 1
            return All()
        return self._text_value(here.field)

    def _names_a_field(self, match: re.Match[str]) -> bool:
        """Whether a word with a colon is meant as a field: not in `riots: woman hurt`."""
        if match[1].lower() in FIELD_NAMES:
            return True
        following = self.text[match.end() : match.end() + 1]
        return bool(following.strip()) and following not in ")/"

    def _group(self, here: _Here) -> Query | None:
        opened = self.at
        if here.depth >= MAX_DEPTH:
            raise QueryLimitError(
                f"parentheses are more than {MAX_DEPTH} deep", self.original, opened, opened + 1
            )
        self.at += 1
        query = self._any(replace(here, depth=here.depth + 1))
        self._skip_space()
        if not self.text.startswith(")", self.at):
            raise self._problem("this parenthesis is never closed", opened, opened + 1)
        self.at += 1
        return query

    def _fielded(self, written: str, place: int, here: _Here) -> Query | None:
        name = written.lower()
        if name not in FIELD_NAMES:
            near = get_close_matches(name, FIELD_NAMES, 1, 0.6)
            known = ", ".join((*FIELDS, *GROUPS, _SINCE, _UNTIL))
            raise UnknownFieldError(written, self.original, place, near[0] if near else "", known)
        if self.at >= len(self.text) or self.text[self.at] in " \t\r\n)":
            raise self._problem(
                f"nothing follows {written}:",
                place,
                self.at,
                f"write {written}:word, without a space",
            )
        if name == _LINK:
            return self._link(_WORD.match(self.text, self.at))
        field = _SPELLINGS.get(name, name)
        kind = FIELDS[field].kind if field in FIELDS else None
        if name in {_SINCE, _UNTIL} or kind is Kind.DATE:
            return self._date_value(name, field)
        if kind is Kind.NUMBER:
            return self._number_value(field)
        if self.text[self.at] == "(":
            return self._group(replace(here, field=field))
        return self._text_value(field)

    def _link(self, match: re.Match[str] | None) -> Query:
        """An article by its address: its id is the address's digest."""
        found = article_id(url=match[0], own_id="", source="", path="") if match else "/"
        if match is None or found == "/":
            raise BadValueError("this is not a web address", self.original, self.at, self.at + 1)
        self.at = match.end()
        return Term(found, "id")

    def _text_value(self, field: str) -> Query | None:
        exact = self.text.startswith("=", self.at)
        self.at += exact
        if self.text.startswith('"', self.at):
            return self._phrase(field, exact)
        return self._word(field, exact)

    def _phrase(self, field: str, exact: bool) -> Query | None:
        opened = self.at
        text = self._quoted('"')
        found = tokens(text)
        tilde = _TILDE.match(self.text, self.at)
        if tilde:
            self.at = tilde.end()
            distance = self._distance(tilde[1], tilde.span())
            if exact or (field in FIELDS and FIELDS[field].kind is Kind.KEYWORD):
                raise self._problem("~ does not go with this phrase", *tilde.span())
        if not found:
            return None
        if tilde:
            return _near_or_term(tuple(found), distance, field)
        self.clauses += len(found) - 1
        self._count_clause(opened)
        return Phrase(" ".join(text.split()), field, exact)

    def _word(self, field: str, exact: bool) -> Query | None:
        match = _WORD.match(self.text, self.at)
        if not match:
            if self.text.startswith(")", self.at):
                raise self._problem("a word is missing here", self.at, self.at + 1)
            return None
        self.at = match.end()
        written, place = match[0], match.span()
        if "*" in written:
            return self._prefix(written, place, field)
        if fuzzy := _TYPOS.match(written):
            return self._fuzzy(fuzzy[1], fuzzy[2], place, field)
        text = _without_punctuation(written)
        return _word(text, field, exact) if tokens(text) else None

    def _prefix(self, written: str, place: tuple[int, int], field: str) -> Query:
        text = written[:-1]
        if not written.endswith("*") or "*" in text:
            raise self._problem("a star stands at the end of a word", *place, "such as secur*")
        return Prefix(self._single_token(text, place, field), field)

    def _fuzzy(self, text: str, number: str, place: tuple[int, int], field: str) -> Query:
        distance = int(number) if len(number) == 1 else 1 if not number else MAX_TYPOS + 1
        if not 1 <= distance <= MAX_TYPOS:
            raise self._problem(f"a word may have 1 or {MAX_TYPOS} typos", *place, "such as word~2")
        return Fuzzy(self._single_token(text, place, field), distance, field)

    def _single_token(self, text: str, place: tuple[int, int], field: str) -> str:
        if field in FIELDS and FIELDS[field].kind is Kind.KEYWORD:
            raise self._problem(f"{field}: takes whole values", *place)
        found = tokens(text)
        if len(found) != 1:
            raise self._problem("a star or tilde follows one single word", *place)
        return found[0]

    # -- dates and numbers

    def _date_value(self, name: str, field: str) -> Query:
        text, place = self._raw_value()
        if field not in FIELDS:
            field = "date"
        elif text.lower() == "none":
            return Missing(field)
        try:
            period = parse_period(text, now=self.now, zone=self.zone)
        except PeriodError as err:
            raise self._bad_value(str(err), place, err.expected) from err
        start, end = _seconds(period.start), _seconds(period.end)
        if name == _SINCE:
            return Range(field, start, None)
        if name == _UNTIL:
            return Range(field, None, start)
        return Range(field, start, end)

    def _number_value(self, field: str) -> Query:
        text, place = self._raw_value()
        low, high = self._numbers(text, place)
        if any(bound is not None and abs(bound) >= 2**62 for bound in (low, high)):
            raise self._bad_value("this number is too large", place, "a smaller one")
        if low is not None and high is not None and low >= high:
            raise self._bad_value("this range holds no number", place, "the smaller number first")
        return Range(field, low, high)

    def _numbers(self, text: str, place: tuple[int, int]) -> tuple[int | None, int | None]:
        """Half-open bounds of `600`, `>=600`, `300..600`, `[300 TO 600]`, `[300 TO 600}`."""
        if match := _COMPARED.fullmatch(text):
            number = int(match[2])
            return {
                ">=": (number, None),
                ">": (number + 1, None),
                "<=": (None, number + 1),
                "<": (None, number),
            }.get(match[1], (number, number + 1))
        if match := _BETWEEN.fullmatch(text):
            first, last = match[1] or match[3] or "*", match[2] or match[4] or "*"
            if all(part == "*" or _WHOLE.fullmatch(part) for part in (first, last)):
                closed = 0 if match[5] == "}" else 1
                return (
                    None if first == "*" else int(first),
                    None if last == "*" else int(last) + closed,
                )
        raise self._bad_value("this is not a number", place, "600, >=600, 300..600 or [300 TO 600]")

    def _raw_value(self) -> tuple[str, tuple[int, int]]:
        """The value of a date or number field: quoted, bracketed, or up to the next space."""
        place = self.at
        opening = self.text[place]
        if opening in "\"'":
            return self._quoted(opening).strip(), (place, self.at)
        if opening in "[{":
            closing = re.compile(r"[\]}]").search(self.text, place)
            if not closing:
                raise self._problem("this bracket is never closed", place, place + 1)
            self.at = closing.end()
            return self.text[place : self.at], (place, self.at)
        match = _WORD.match(self.text, place)
        self.at = match.end() if match else place
        return self.text[place : self.at], (place, self.at)

    # -- text

    def _quoted(self, quote: str) -> str:
        opened = self.at
        closed = self.text.find(quote, opened + 1)
        if closed < 0:
            raise UnclosedQuoteError(
                "this quote is never closed",
                self.original,
                opened,
                opened + 1,
                f"close it with {quote}",
            )
        self.at = closed + 1
        return self.text[opened + 1 : closed]

    def _distance(self, digits: str, place: tuple[int, int]) -> int:
        if not digits or len(digits) > 4 or not 1 <= int(digits) <= MAX_DISTANCE:
            raise self._problem(f"a distance is a number from 1 to {MAX_DISTANCE:,}", *place)
        return int(digits)

    def _operator(self, name: str) -> int | None:
        """Step over an operator if it stands here, and give its place."""
        self._skip_space()
        match = _OPERATOR.match(self.text, self.at)
        if not match or match[1] != name:
            return None
        self.at = match.end()
        return match.start()

    def _word_is(self, word: str) -> bool:
        match = _WORD.match(self.text, self.at)
        return match is not None and match[0] == word

    def _skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _count_clause(self, place: int | None = None) -> None:
        self.clauses += 1
        if self.clauses > MAX_CLAUSES:
            at = self.at if place is None else place
            raise QueryLimitError(
                f"the query has more than {MAX_CLAUSES} words", self.original, at, at + 1
            )

    def _problem(self, message: str, start: int, end: int, hint: str = "") -> QueryError:
        return SyntaxProblemError(message, self.original, start, end, hint)

    def _bad_value(self, message: str, place: tuple[int, int], expected: str) -> QueryError:
        return BadValueError(message, self.original, *place, f"expected {expected}")


def _seconds(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp())


def _joined(kind: type[And] | type[Or], clauses: list[Query]) -> Query | None:
    """One And or Or of clauses, those of its own kind dissolved; a single one as it is."""
    flat: list[Query] = []
    for clause in clauses:
        flat += clause.clauses if isinstance(clause, kind) else (clause,)
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _takes_near(field: str) -> bool:
    return not field or (field in FIELDS and FIELDS[field].kind is Kind.TEXT)


def _near_or_term(words: tuple[str, ...], distance: int, field: str) -> Query:
    distinct = tuple(dict.fromkeys(words))
    return Near(distinct, distance, field) if len(distinct) > 1 else Term(distinct[0], field)


def _word(text: str, field: str, exact: bool) -> Term | Phrase:
    """A word as a term; one that would read as syntax if it stood alone, as a phrase."""
    if any(syntax.match(text) for syntax in (_FIELD, _OPERATOR, _NEAR, _TYPOS, _URL)):
        return Phrase(text, field, exact)
    return Term(text, field, exact)


def _without_punctuation(word: str) -> str:
    inside = [index for index, char in enumerate(word) if unicodedata.category(char)[0] in "LMN"]
    return word[inside[0] : inside[-1] + 1] if inside else ""
